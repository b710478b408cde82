"""Nodes of 3501-3513 as our own test institutions send them."""

from __future__ import annotations

from typing import Any

from tests.gateway import world
from tests.gateway.client import fresh

LOCAL = "YP001"
DAY = "2024-08-15"
TIME = f"{DAY} 10:00:00"
PLAIN = ("3501", "3502", "3503", "3504", "3505", "3506")
NODES = {
    "3501": "invinfo",
    "3502": "invinfo",
    "3503": "purcinfo",
    "3504": "purcinfo",
    "3505": "selinfo",
    "3506": "selinfo",
}
QUERIES = ("3508", "3509", "3510", "3511", "3512", "3513")
UPLOADS = tuple(f"{infno}{form}" for infno in (*PLAIN, "3507") for form in ("", "A"))
WRITING = (*UPLOADS, "3592B")


def trace() -> str:
    """A trace code that no other pack has."""
    return "84" + fresh("")[-18:].zfill(18)


def item(**changes: Any) -> dict[str, Any]:
    """What every row says."""
    return {
        "med_list_codg": world.DRUG_A,
        "fixmedins_hilist_id": LOCAL,
        "fixmedins_hilist_name": "测试甲类片",
        "fixmedins_bchno": "PC1",
        "rx_flag": "1",
        **changes,
    }


def row(infno: str, /, **changes: Any) -> dict[str, Any]:
    """A row of the plain trade ``infno``."""
    dates = {"manu_lotnum": "S20240101", "manu_date": "2024-01-01", "expy_end": "2026-01-01"}
    bought = {
        "spler_name": "测试医药公司",
        "finl_trns_pric": "12.500000",
        "purc_invo_no": "FP1",
        "purc_retn_stoin_time": f"{DAY} 08:00:00",
        "purc_retn_opter_name": "测试库管",
    }
    sold = {
        "mdtrt_sn": fresh("JZ"),
        "trdn_flag": "0",
        "finl_trns_pric": "15",
        "sel_retn_cnt": "1",
        "sel_retn_time": TIME,
        "sel_retn_opter_name": "测试收银",
    }
    own: dict[str, Any] = {
        "3501": {"invdate": DAY, "inv_cnt": "10", **dates},
        "3502": {"inv_chg_type": "103", "pric": "12.5", "cnt": "1", "inv_chg_time": TIME},
        "3503": {
            **bought,
            **dates,
            "prodentp_name": "测试药厂",
            "aprvno": "国药准字H00000000",
            "purc_retn_cnt": "50",
        },
        "3504": {**bought, "purc_retn_cnt": "1", "purc_retn_stoin_time": f"{DAY} 09:00:00"},
        "3505": {
            **sold,
            **dates,
            "rtal_docno": fresh("LS"),
            "prsc_dr_name": "测试医师",
            "phar_name": "测试药师",
        },
        "3506": {**sold, **dates},
    }[infno]
    return item(**(own | changes))


def nodes(infno: str, /, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The nodes of an upload, plain or A form: ``rows``, or one good row with ``changes``."""
    if infno.startswith("3507"):
        content = {"fixmedins_bchno": "PC1", "inv_data_type": "3", **changes}
        return {"goodDetail": [content]} if infno == "3507A" else {"data": content}
    plain = infno.removesuffix("A")
    sent = list(rows) or [row(plain, **changes)]
    if infno != plain:
        return {f"{NODES[plain]}Detail": sent}
    return {NODES[plain]: sent[0] if len(sent) == 1 else sent}


def query(code: str, /, **changes: Any) -> dict[str, Any]:
    """The node of 3508-3513."""
    return {
        "data": {
            "fixmedins_code": code,
            "fixmedins_bchno": "PC1",
            "begndate": "2024-01-01",
            "enddate": "2024-12-31",
            **changes,
        }
    }


def virtual(**changes: Any) -> dict[str, Any]:
    """The node of 3592B."""
    return {"data": {**item(), "memo": "", **changes}}
