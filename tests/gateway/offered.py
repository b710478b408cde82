"""One good message of every offered trade, for tests that spoil them one way or another."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from gongji.base.times import CHINA
from tests.gateway import messages, rx_offered, stock_messages, world
from tests.gateway.client import Caller, fresh

VISIT = "900000000000000001"
"""A visit number that no visit has."""
DOWNLOADS = (
    "1301", "1302", "1303", "1305", "1306", "1307", "1308", "1309", "1310", "1311", "1313", "1314", "1315", "1320",
)  # fmt: skip
PAGE = {"updt_time": "2020-01-01", "page_num": "1", "page_size": "10"}


def templates() -> dict[str, tuple[str, dict[str, Any]]]:
    """Caller and nodes by trade. Those that need a visit name one that does not exist: they must fail, and say so."""
    person = world.ACTIVE
    key = {"psn_no": person, "mdtrt_id": VISIT}
    period = {"begntime": "2024-01-01 00:00:00", "endtime": "2024-12-31 00:00:00"}
    sale = messages.purchase(person, "50.00", [messages.drug()])
    settlement = messages.settlement(person, VISIT, "B", "100.00")
    return {
        **rx_offered.templates(datetime(2024, 8, 15, 10, 0, tzinfo=CHINA)),
        "9001": (world.HOSPITAL, {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}),
        "9002": (world.HOSPITAL, {"signOut": {"opter_no": "1", "sign_no": "X"}}),
        "1101": (world.HOSPITAL, {"data": {**messages.voucher(person), "psn_name": world.name_of(person)}}),
        "1201": (world.HOSPITAL, {"medinsinfo": {"fixmedins_type": "1", "fixmedins_name": "医院"}}),
        **{infno: (world.HOSPITAL, {"data": {"ver": "v0000"}}) for infno in DOWNLOADS},
        **{infno: (world.HOSPITAL, {"data": dict(PAGE)}) for infno in ("1304", "1316", "1318", "1319")},
        "1312": (world.HOSPITAL, {"data": {"hilist_name": "测试", "list_type": "101", **PAGE}}),
        "1317": (world.HOSPITAL, {"data": {"medins_list_name": "测试", **PAGE}}),
        "1901": (
            world.HOSPITAL,
            {"data": {"type": "gend", "parent_value": "", "admdvs": "140830", "date": "2024-01-01"}},
        ),
        "2001": (
            world.HOSPITAL,
            {"data": {"psn_no": person, "insutype": "310", "med_type": "11", "begntime": "2024-08-15"}},
        ),
        "2101": (world.PHARMACY, copy.deepcopy(sale)),
        "2102": (world.PHARMACY, sale),
        "2103": (world.PHARMACY, {"data": {**key, "setl_id": "1"}}),
        "2201": (world.HOSPITAL, messages.registration()),
        "2202": (world.HOSPITAL, {"data": {**key, "ipt_otp_no": "V"}}),
        "2203": (world.HOSPITAL, messages.visit_info(person, VISIT)),
        "2203A": (world.HOSPITAL, messages.visit_info(person, VISIT)),
        "2204": (world.HOSPITAL, {"feedetail": [messages.line(person, VISIT, "B")]}),
        "2205": (world.HOSPITAL, {"data": {**key, "chrg_bchno": "B"}}),
        "2206": (world.HOSPITAL, settlement),
        "2206A": (world.HOSPITAL, copy.deepcopy(settlement)),
        "2207": (world.HOSPITAL, copy.deepcopy(settlement)),
        "2207A": (world.HOSPITAL, copy.deepcopy(settlement)),
        "2208": (world.HOSPITAL, {"data": {**key, "setl_id": "1"}}),
        "2501": (world.HOSPITAL, messages.referral(person)),
        "2502": (world.HOSPITAL, {"data": {"psn_no": person, "trt_dcla_detl_sn": VISIT, "memo": "填错"}}),
        "2503": (world.HOSPITAL, messages.chronic(person)),
        "2504": (world.HOSPITAL, {"data": {"psn_no": person, "trt_dcla_detl_sn": VISIT, "memo": "填错"}}),
        "2505": (world.HOSPITAL, messages.chosen(person)),
        "2506": (world.HOSPITAL, {"data": {"psn_no": person, "trt_dcla_detl_sn": VISIT, "memo": "填错"}}),
        "2601": (world.HOSPITAL, {"data": {"psn_no": person, "omsgid": fresh("O"), "oinfno": "2201"}}),
        "3401": (world.HOSPITAL, {"deptinfo": messages.department()}),
        "3401A": (world.HOSPITAL, {"deptinfo": [messages.department(), messages.department()]}),
        "3402": (world.HOSPITAL, {"deptinfo": messages.department()}),
        "3403": (world.HOSPITAL, {"data": messages.department_key()}),
        **{infno: (world.PHARMACY, stock_messages.nodes(infno)) for infno in stock_messages.UPLOADS},
        "3592B": (world.PHARMACY, stock_messages.virtual()),
        **{infno: (world.HOSPITAL, stock_messages.query(world.HOSPITAL)) for infno in stock_messages.QUERIES},
        "5101": (world.HOSPITAL, {"data": {"fixmedins_code": world.HOSPITAL}}),
        "5102": (world.HOSPITAL, {"data": {"prac_psn_type": "1", "prac_psn_name": "张"}}),
        "3301": (world.HOSPITAL, messages.item_mapping()),
        "3302": (world.HOSPITAL, messages.mapping_withdrawal("没有对照过的项目")),
        "5201": (world.HOSPITAL, {"data": {"psn_no": person, "med_type": "11", **period}}),
        "5202": (world.HOSPITAL, {"data": key}),
        "5203": (world.HOSPITAL, {"data": {**key, "setl_id": "1"}}),
        "5204": (world.HOSPITAL, {"data": {**key, "setl_id": "1"}}),
        "5205": (world.HOSPITAL, {"data": {"psn_no": person, **period}}),
        "5206": (world.HOSPITAL, {"data": {"psn_no": person}}),
        "5301": (world.HOSPITAL, {"data": {"psn_no": person}}),
        "5302": (world.HOSPITAL, {"data": {"psn_no": person, "biz_appy_type": "03"}}),
        "5304": (world.HOSPITAL, {"data": {"psn_no": person, **period}}),
        "9101": (world.HOSPITAL, messages.file_upload()),
        "9102": (
            world.HOSPITAL,
            {"fsDownloadIn": {"file_qury_no": "C1", "filename": "1301.txt.zip", "fixmedins_code": "plc"}},
        ),
    }


TRADES = tuple(templates())
WITHDRAWN = {"2502": "2501", "2504": "2503", "2506": "2505"}
"""Which trade's filing each of these takes back."""


async def filled(caller: Caller, infno: str) -> tuple[str, dict[str, Any]]:
    """The template with a real visit where the trade needs one, so that what is spoiled is the only thing wrong."""
    if infno in rx_offered.TRADES:
        return await rx_offered.filled(caller, infno)
    code, nodes = templates()[infno]
    if infno in (
        "2202",
        "2203",
        "2203A",
        "2204",
        "2205",
        "2206",
        "2206A",
        "2207",
        "2207A",
        "5202",
        "5203",
        "5204",
    ):
        mdtrt_id, batch = await messages.charged(caller)
        for node in nodes.values():
            for row in node if isinstance(node, list) else [node]:
                if "mdtrt_id" in row:
                    row["mdtrt_id"] = mdtrt_id
                if "chrg_bchno" in row and infno != "2204":
                    row["chrg_bchno"] = batch
    if infno in WITHDRAWN:
        psn_no = await messages.somebody(caller)
        filing = {name: {**row, "psn_no": psn_no} for name, row in templates()[WITHDRAWN[infno]][1].items()}
        done = await caller.output(WITHDRAWN[infno], filing, caller=code)
        nodes["data"] |= {"psn_no": psn_no, "trt_dcla_detl_sn": done["result"]["trt_dcla_detl_sn"]}
    return code, nodes


def rows_of(nodes: dict[str, Any]) -> list[dict[str, Any]]:
    """Every row of every node."""
    return [row for node in nodes.values() for row in (node if isinstance(node, list) else [node])]
