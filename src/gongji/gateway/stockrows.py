"""Rows of 3501-3506 as the stock room takes them: signs, papers, what makes a row known again, what of it is personal."""

import re
from datetime import date, datetime, time
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.gateway import visits
from gongji.gateway.filing import plain
from gongji.gateway.messages import t35
from gongji.gateway.nodes import MAX_LINES, Node, read
from gongji.stock.rules import CHANGES
from gongji.stock.values import Entry

__all__ = ["entry_of"]

PERSONAL = (
    "psn_name",
    "psn_cert_type",
    "prsc_dr_cert_type",
    "prsc_dr_certno",
    "phar_cert_type",
    "phar_certno",
)
KEPT = (
    "rx_flag", "memo", "inv_chg_opter_name", "trac_codg_pac_hery", "dynt_no", "spler_pmtno", "prodentp_name", "aprvno",
    "purc_invo_codg", "purc_invo_no", "purc_retn_opter_name", "prod_geay_flag", "prsc_dr_name", "prsc_dr_no", "phar_name",
    "phar_no", "phar_prac_cert_no", "hi_feesetl_type", "rx_circ_flag", "stoout_no", "bchno", "drug_prod_barc", "shelf_posi",
    "sel_retn_opter_name", "MDTRT_SETL_TYPE",
)  # fmt: skip
"""Fields that are kept as they came, for queries and supervision."""
SEPARATORS = re.compile(r"[\s,;，；、]+")


def entry_of(row: t35.Row, beside: list[Any]) -> Entry | Refusal:
    """The row as an entry; ``beside``: trace nodes that stood beside the only row of a message."""
    traces = _traces(row, beside)
    if isinstance(traces, Refusal):
        return traces
    said = _said(row)
    if isinstance(said, Refusal):
        return said
    return Entry(
        item=row.med_list_codg,
        local_item=row.fixmedins_hilist_id,
        local_name=plain(row.fixmedins_hilist_name),
        batch=row.fixmedins_bchno,
        lot_no=getattr(row, "manu_lotnum", ""),
        made_on=getattr(row, "manu_date", None),
        expires_on=getattr(row, "expy_end", None),
        split=row.trdn_flag == "1",
        traces=traces,
        detail={name: plain(text) for name in KEPT if (text := getattr(row, name, ""))},
        **said | {"key": _key(row, said["kind"], traces)},
    )


def _said(row: t35.Row) -> dict[str, Any] | Refusal:
    """What the row of each trade says in its own fields."""
    match row:
        case t35.Count():
            return {
                "kind": "inventory",
                "quantity_e4": 0,
                "counted_e4": row.inv_cnt,
                "price_micro": row.pric,
                "occurred_at": _midday(row.invdate),
            }
        case t35.Change():
            return {
                "kind": "adjust",
                "change_type": row.inv_chg_type,
                "quantity_e4": CHANGES[row.inv_chg_type][1] * row.cnt,
                "price_micro": row.pric,
                "occurred_at": row.inv_chg_time,
            }
        case t35.Purchase():
            return _bought(row) | {"kind": "purchase", "quantity_e4": row.purc_retn_cnt}
        case t35.PurchaseReturn():
            stated = number_of(row.medins_prod_purc_no)
            if stated is None:
                return Refusal("STOCK_DOCUMENT_UNKNOWN", "medins_prod_purc_no")
            return _bought(row) | {
                "kind": "purchase_return",
                "quantity_e4": -row.purc_retn_cnt,
                "stated": stated,
            }
        case t35.Sale():
            sale = {
                "kind": "sale",
                "quantity_e4": -row.sel_retn_cnt,
                "document": row.rtal_docno,
                "rx_no": row.rxno,
            }
            return _sold(row) | sale
        case t35.SaleReturn():
            stated = number_of(row.medins_prod_sel_no)
            if stated is None:
                return Refusal("STOCK_DOCUMENT_UNKNOWN", "medins_prod_sel_no")
            return _sold(row) | {"kind": "sale_return", "quantity_e4": row.sel_retn_cnt, "stated": stated}
        case _:
            raise TypeError(type(row).__name__)


def _bought(row: t35.Purchase | t35.PurchaseReturn) -> dict[str, Any]:
    return {
        "counterpart": plain(row.spler_name),
        "document": row.purc_invo_no or getattr(row, "dynt_no", ""),
        "price_micro": row.finl_trns_pric,
        "occurred_at": row.purc_retn_stoin_time,
    }


def _sold(row: t35.Buyer) -> dict[str, Any]:
    return {
        "psn_no": row.psn_no,
        "visit_no": row.mdtrt_sn,
        "settlement_no": row.setl_id,
        "price_micro": row.finl_trns_pric,
        "occurred_at": row.sel_retn_time,
        "personal": {name: text for name in PERSONAL if (text := getattr(row, name, ""))},
        "certno": row.certno,
    }


def _midday(day: date) -> datetime:
    """An instant of the day; the stock room takes the day of an inventory from it."""
    return datetime.combine(day, time(12), CHINA)


def number_of(text: str) -> int | None:
    """A number that this system gave to a movement: 0 when none is stated, None when it cannot be one."""
    return visits.number_of(text) if text else 0


def _key(row: t35.Row, kind: str, traces: tuple[str, ...]) -> str:
    """Everything by which the same paper is known again under another message number; names and remarks may change."""
    fields = {
        "inventory": ("invdate", "inv_cnt"),
        "adjust": ("inv_chg_type", "inv_chg_time", "cnt"),
        "purchase": (
            "spler_name",
            "dynt_no",
            "purc_invo_no",
            "purc_retn_stoin_time",
            "purc_retn_cnt",
            "prod_geay_flag",
        ),
        "purchase_return": (
            "spler_name",
            "purc_invo_no",
            "medins_prod_purc_no",
            "purc_retn_stoin_time",
            "purc_retn_cnt",
        ),
        "sale": (
            "rtal_docno",
            "stoout_no",
            "mdtrt_sn",
            "sel_retn_time",
            "sel_retn_cnt",
            "trdn_flag",
            "finl_trns_pric",
        ),
        "sale_return": (
            "medins_prod_sel_no",
            "mdtrt_sn",
            "setl_id",
            "sel_retn_time",
            "sel_retn_cnt",
            "trdn_flag",
        ),
    }[kind]
    said = [getattr(row, name) for name in fields]
    parts = [kind, row.fixmedins_hilist_id, row.fixmedins_bchno, *said, *sorted(traces)]
    return msgspec.json.encode(parts).decode()


def _traces(row: t35.Row, beside: list[Any]) -> tuple[str, ...] | Refusal:
    """The row's trace codes, wherever they stand."""
    codes = [code for code in SEPARATORS.split(row.drug_trac_codg) if code]
    if len(codes) + len(t35.as_nodes(row.drugtracinfo)) + len(beside) > MAX_LINES:
        return Refusal("TOO_MANY_LINES", f"drugtracinfo 最多 {MAX_LINES:,} 个追溯码")
    for number, node in enumerate((*t35.as_nodes(row.drugtracinfo), *beside), start=1):
        where = f"drugtracinfo[{number}]"
        if isinstance(node, str):
            codes.append(node.strip())
            continue
        if not isinstance(node, dict):
            return Refusal("BAD_FIELD", f"{where} 须为 JSON 对象")
        found: Node = node
        if not any(found.values()):
            continue
        trace = read(t35.TraceNode, found, where)
        if isinstance(trace, Refusal):
            return trace
        codes.append(trace.drug_trac_codg)
    return tuple(dict.fromkeys(codes))
