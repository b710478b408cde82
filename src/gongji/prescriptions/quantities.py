"""A sale is counted in packages, a sheet perhaps in tablets: the one in terms of the other. Pure but for the catalogue.

Source: 国家医保接口 7101 drugDosunt (最小制剂单位或最小包装单位), 7207 drugTotlcntEmp (最小包装单位).
"""

from __future__ import annotations

from gongji.prescriptions.case import Case
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.values import SaleLine

__all__ = ["converted", "in_sheet_units"]


def in_sheet_units(office: RxOffice, case: Case, line: SaleLine) -> int:
    """How much of the prescribed unit the line is, in ten-thousandths; as stated where the units agree or nobody knows better."""
    drug = case.prescription.drug(line.item)
    item = office.catalogue.get(line.item, office.on)
    if drug is None or item is None or not line.unit or line.unit == drug.unit or not item.pack_units:
        return line.quantity_e4
    share_e4 = case.prescription.share_e4(line.item, case.hold.fill if case.hold else case.fill_at(office.at))
    if (drug.unit, line.unit) == (item.min_unit, item.pack_unit):
        return converted(line.quantity_e4, item.pack_units, share_e4)
    if (drug.unit, line.unit) == (item.pack_unit, item.min_unit):
        return line.quantity_e4 // item.pack_units
    return line.quantity_e4


def converted(packs_e4: int, pack_units: int, share_e4: int) -> int:
    """Packages as smallest units; what only fills the last package up is not more than prescribed."""
    units_e4 = packs_e4 * pack_units
    return share_e4 if 0 < units_e4 - share_e4 < pack_units * 10_000 else units_e4
