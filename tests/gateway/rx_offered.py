"""Messages of the prescription centre's trades: of a prescription that does not exist, and such as will succeed."""

from __future__ import annotations

import base64
import copy
from datetime import datetime
from typing import Any

from gongji.gateway.app import Gateway
from tests.gateway import world
from tests.gateway.client import Caller
from tests.gateway.rx import (
    DOCUMENT,
    Rx,
    circulating,
    confirmation,
    drug_query,
    online,
    sheet,
    showing,
    shown_code,
    signature,
    signed_fields,
    visited,
)
from tests.gateway.rx_world import ready, stocked

HOSPITAL_WRITES = ("7101", "7102", "7103", "7104", "7191")
PHARMACY_WRITES = (
    "7201", "7202", "7203", "7204", "7205", "7206", "7207", "7208", "7209", "7210", "7291",
)  # fmt: skip
READS = ("7105", "7106", "7107")
TRADES = (*HOSPITAL_WRITES, *READS, *PHARMACY_WRITES, "7211")


def sender(infno: str) -> str:
    return world.PHARMACY if infno.startswith("72") else world.HOSPITAL


def templates(at: datetime) -> dict[str, tuple[str, dict[str, Any]]]:
    """Sender and nodes by trade, of a prescription that does not exist."""
    one = Rx(Caller(Gateway(lambda _: b"")), world.ACTIVE, "900000000000000001", at)
    one.checked = {"hiRxno": "900000000000000001", "rxTraceCode": "0" * 20}
    one.signed = signed_fields(one.psn_no, one.mdtrt_id, at, one.checked)
    one.file = {
        "rxFile": base64.b64encode(DOCUMENT).decode(),
        "signDigest": base64.b64encode(b"0" * 64).decode(),
    }
    one.grant = {"epcToken": "TOKEN", "authRxno": "900000000000000001"}
    one.taken = {"data": one.file}
    one.verify_sn = one.review_sn = one.sale_sn = "900000000000000001"
    nodes = {
        "7101": sheet(one.psn_no, one.mdtrt_id, at),
        "7102": signature(one.signed),
        "7103": one.upload(),
        "7104": one.undo(),
        "7191": confirmation(one),
        **dict.fromkeys(READS, one.query()),
        "7201": one.authorisation(),
        "7202": online(one, "NUMBER"),
        "7203": showing("CODE"),
        "7204": one.download(),
        "7205": one.verification(),
        "7206": one.reviewing(),
        "7207": one.sale(),
        "7208": one.taking_back(),
        "7209": one.delivery(),
        "7210": one.receipt(),
        "7211": drug_query(),
        "7291": one.release(),
    }
    return {infno: (sender(infno), copy.deepcopy(row)) for infno, row in nodes.items()}


async def filled(caller: Caller, infno: str, psn_no: str | None = None) -> tuple[str, dict[str, Any]]:
    """Sender and nodes that will succeed, after everything that goes before."""
    return sender(infno), await _before(caller, infno, psn_no)


async def _before(caller: Caller, infno: str, psn_no: str | None) -> dict[str, Any]:
    if infno == "7211":
        await ready(caller)
        return drug_query()
    if infno in ("7101", "7102", "7103"):
        return await _issuing(caller, infno, psn_no)
    one = await circulating(caller, psn_no)
    if infno == "7104":
        return one.undo()
    return one.query() if infno in READS else await _fetching(one, infno)


async def _issuing(caller: Caller, infno: str, psn_no: str | None) -> dict[str, Any]:
    one = await visited(caller, psn_no)
    if infno == "7101":
        return sheet(one.psn_no, one.mdtrt_id, one.at)
    await one.check()
    return signature(one.signed) if infno == "7102" else (await one.sign()).upload()


async def _fetching(one: Rx, infno: str) -> dict[str, Any]:
    if infno == "7201":
        return one.authorisation()
    if infno == "7202":
        return online(one, await shown_code(one.caller, one, world.PHARMACY))
    if infno == "7203":
        return showing(await shown_code(one.caller, one))
    await one.authorise()
    if infno == "7204":
        return one.download()
    await one.accept()
    if infno == "7205":
        return one.verification()
    return one.release() if infno == "7291" else await _after_verification(await one.verify(), infno)


async def _after_verification(one: Rx, infno: str) -> dict[str, Any]:
    if infno == "7191":
        refusing = one.reviewing(rxChkStasCodg="0", rxChkOpnn="请核实")
        await one.caller.output("7206", refusing, caller=world.PHARMACY)
        return confirmation(one)
    if infno == "7206":
        return one.reviewing()
    await one.review()
    await stocked(one.caller, world.PHARMACY, 2)
    if infno == "7207":
        return one.sale()
    await one.dispense()
    if infno == "7208":
        return one.taking_back()
    if infno == "7209":
        return one.delivery()
    await one.caller.output("7209", one.delivery(), caller=world.PHARMACY)
    return one.receipt()
