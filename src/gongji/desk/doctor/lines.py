"""An order of the house as a fee line (2204); a fee line, and a drug of a sheet, as the order that it was."""

from __future__ import annotations

import re
from typing import Any, Final

from gongji.base.codes import values
from gongji.base.money import format_scaled, format_yuan, parse_decimal
from gongji.catalog.values import Item
from gongji.desk.doctor.orders import AWAY, HERE, Order, kind_of_item
from gongji.encounters.values import FeeLine, Visit
from gongji.prescriptions.values import Drug

__all__ = ["fee_row", "ordered_again", "prescribed_again"]

DOSE: Final = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)(.*)")


def fee_row(
    visit: Visit, order: Order, batch: str, at: str, department: tuple[str, str], doctor: tuple[str, str]
) -> dict[str, Any]:
    """A row of feedetail. ``department`` and ``doctor``: code and name."""
    row = {
        "feedetl_sn": order.key,
        "mdtrt_id": str(visit.visit_id),
        "psn_no": visit.psn_no,
        "chrg_bchno": batch,
        "fee_ocur_time": at,
        "med_list_codg": order.item,
        "medins_list_codg": order.item,
        "det_item_fee_sumamt": format_yuan(order.amount_fen),
        "cnt": order.quantity,
        "pric": format_scaled(order.price_micro, 6),
        "bilg_dept_codg": department[0],
        "bilg_dept_name": department[1],
        "bilg_dr_codg": doctor[0],
        "bilg_dr_name": doctor[1],
        "hosp_appr_flag": order.approval,
        "memo": order.confirmation,
    }
    if not order.is_drug:
        return row
    return {
        **row,
        "sin_dos_dscr": f"{order.dose}{order.dose_unit}",
        "used_frqu_dscr": order.frequency_word,
        "prd_days": str(order.days),
        "medc_way_dscr": order.way_word,
    }


def ordered_again(item: Item, line: FeeLine) -> Order:
    """A fee line of ``item`` as the order that it was."""
    dose = DOSE.match(line.dose)
    return Order(
        no=0,
        item=item.code,
        name=item.name,
        item_type=kind_of_item(item.code, item.kind),
        spec=item.spec,
        dosform=item.dosform,
        unit=item.pack_unit or item.unit,
        place=HERE,
        quantity_e4=line.quantity_e4,
        price_micro=line.price_micro,
        days=int(line.days) if line.days.isdigit() else 0,
        dose_e4=parse_decimal(dose[1], 4) if dose else 0,
        dose_unit=dose[2] if dose else "",
        frequency=_code("used_frqu", line.frequency),
        way=_code("drug_medc_way_code", line.way),
        approval=line.approval,
        confirmation=line.memo,
    )


def prescribed_again(item: Item | None, drug: Drug) -> Order:
    """A drug of a sheet as the order that it was; ``item`` None: the catalogue has it no more, and 7101 will say so."""
    more = dict(drug.more)
    return Order(
        no=0,
        item=drug.item,
        name=drug.name,
        item_type=drug.item_type,
        spec=drug.spec,
        dosform=drug.dosform,
        unit=drug.unit,
        place=AWAY,
        quantity_e4=drug.quantity_e4,
        price_micro=(item.standard_micro or 0) if item else 0,
        days=drug.days_e2 // 100,
        dose_e4=parse_decimal(drug.dose, 4) if drug.dose else 0,
        dose_unit=drug.dose_unit,
        frequency=more.get("usedFrquCodg", ""),
        way=more.get("medcWayCodg", ""),
        approval=drug.approval,
        confirmation=drug.confirmation,
        note=drug.herb_note,
    )


def _code(field: str, text: str) -> str:
    """The code of a dictionary's word."""
    return next((one.value for one in values(field) if one.label.partition("（")[0] == text), "")
