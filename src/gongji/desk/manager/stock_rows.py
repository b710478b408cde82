"""A stated movement of stock as its trade takes it (3501–3506): the same rows from a form and from a file.

What a row means and whether it can be is decided by the trade; here only words become the fields of its message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from gongji.base.times import CHINA
from gongji.desk.manager.common import OwnItem
from gongji.stock.rules import CHANGES

__all__ = ["KINDS", "Kind", "Stated", "change_code", "codes_of", "find_item", "message_row", "written"]

STAMP: Final = "%Y-%m-%d %H:%M:%S"
SEPARATORS: Final = re.compile(r"[\s,;，；、]+")


class Kind(msgspec.Struct, frozen=True):
    """A trade of stock: its number, the node and the node of its A form, which says row by row what was taken; what it asks for."""

    infno: str
    name: str
    node: str
    node_a: str
    fields: tuple[str, ...]


KINDS: Final[dict[str, Kind]] = {
    "purchase": Kind(
        "3503", "采购入库", "purcinfo", "purcinfoDetail",
        ("supplier", "lot", "made_on", "expires_on", "price", "invoice"),
    ),
    "purchase_return": Kind("3504", "采购退货", "purcinfo", "purcinfoDetail", ("supplier", "lot", "price")),
    "inventory": Kind("3501", "盘存", "invinfo", "invinfoDetail", ("lot", "made_on", "expires_on", "price")),
    "adjust": Kind("3502", "库存变更", "invinfo", "invinfoDetail", ("change_type", "price")),
    "sale": Kind("3505", "销售出库", "selinfo", "selinfoDetail", ("document", "settlement", "lot", "price")),
    "sale_return": Kind("3506", "销售退回", "selinfo", "selinfoDetail", ("settlement", "lot", "price")),
}  # fmt: skip


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What was written of one movement, as texts; ``at`` is when it happened."""

    item: str
    batch: str
    quantity: str
    at: str
    supplier: str = ""
    lot: str = ""
    made_on: str = ""
    expires_on: str = ""
    price: str = ""
    invoice: str = ""
    change_type: str = ""
    document: str = ""
    settlement: str = ""
    codes: str = ""
    memo: str = ""


def codes_of(text: str) -> list[str]:
    """Trace codes as a scanner leaves them: one a line, or with signs between."""
    return [code for code in SEPARATORS.split(text) if code]


def change_code(text: str) -> str:
    """The code of a change of stock, which may be written in words."""
    return next((code for code, (name, _) in CHANGES.items() if name == text), text)


def find_item(items: Mapping[str, OwnItem], text: str) -> OwnItem | None:
    """The institution's item that is meant: by own code, by name, or by a national code that only one item stands for."""
    text = text.partition(" ")[0].strip() or text.strip()
    if text in items:
        return items[text]
    fitting = [one for one in items.values() if text and text in (one.code, one.name)]
    return fitting[0] if len(fitting) == 1 else None


def message_row(kind: str, said: Stated, item: OwnItem) -> dict[str, Any]:
    """The row of the trade's message."""
    row: dict[str, Any] = {
        "med_list_codg": item.code,
        "fixmedins_hilist_id": item.local,
        "fixmedins_hilist_name": item.name,
        "fixmedins_bchno": said.batch,
        "memo": said.memo,
        "manu_lotnum": said.lot,
        "manu_date": said.made_on,
        "expy_end": said.expires_on,
        "drugtracinfo": [{"drug_trac_codg": code} for code in codes_of(said.codes)],
    }
    match kind:
        case "purchase" | "purchase_return":
            row |= {
                "spler_name": said.supplier,
                "purc_retn_cnt": said.quantity,
                "purc_retn_stoin_time": said.at,
                "finl_trns_pric": said.price,
                "purc_invo_no": said.invoice,
            }
        case "inventory":
            row |= {"invdate": said.at[: len("2026-11-21")], "inv_cnt": said.quantity, "pric": said.price}
        case "adjust":
            row |= {
                "inv_chg_type": change_code(said.change_type),
                "cnt": said.quantity,
                "inv_chg_time": said.at,
                "pric": said.price,
            }
        case _:
            row |= {
                "rtal_docno": said.document,
                "setl_id": said.settlement,
                "sel_retn_cnt": said.quantity,
                "sel_retn_time": said.at,
                "finl_trns_pric": said.price,
            }
    return {name: value for name, value in row.items() if value not in ("", [])}


def written(value: date | datetime | object | None) -> str:
    """A form's value as a message writes it; an instant without a zone is China's."""
    if isinstance(value, datetime):
        return (value.astimezone(CHINA) if value.tzinfo else value).strftime(STAMP)
    return "" if value is None else str(value)
