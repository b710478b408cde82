"""A prescription from the doctor to the till and back, in both envelopes: issued, fetched, settled by insurance, refunded."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from gongji.gateway.epc.envelope import Opened, open_answer, seal_request
from gongji.gateway.platform import Platform
from gongji.prescriptions import verify
from gongji.providers.selectors import refresh
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, fresh
from tests.gateway.epc.keys import CENTRE, add_certificate, add_channel, channel_of, pair_of
from tests.gateway.test_outpatient import yuan

PHARMACY = world.PHARMACY


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


def purchase(one: rx.Rx, items: tuple[str, ...] = (world.DRUG_A,), **fields: Any) -> dict[str, Any]:
    """Nodes of 2102 for what a pharmacy has handed out."""
    lines = [
        messages.drug(
            rxno=one.no,
            med_list_codg=item,
            medins_list_codg=rx_world.local_of(item),
            fee_ocur_time=rx_world.text(one.now),
        )
        for item in items
    ]
    return messages.purchase(
        one.psn_no,
        f"{50 * len(items)}.00",
        lines,
        begntime=rx_world.text(one.now),
        acct_used_flag="0",
        **fields,
    )


async def took(caller: Caller, one: rx.Rx) -> tuple[str, str | None, str]:
    """(used, settled at, flag of the first drug) as the hospital sees it."""
    found = await caller.output("7107", one.query())
    return found["data"]["rxUsedStasCodg"], found["data"]["setlTime"], found["seltdelts"][0]["takeDrugFlag"]


async def test_from_the_doctor_to_the_till_and_back(caller: Caller, platform: Platform) -> None:
    one = await rx.approved(caller)
    await rx_world.stocked(caller, PHARMACY, 5)
    await one.dispense()
    assert await took(caller, one) == ("2", None, "0")
    sold = (await caller.output("2102", purchase(one), caller=PHARMACY))["setlinfo"]
    assert yuan(sold["hifp_pay"]) == Decimal("13.00")
    assert await took(caller, one) == ("2", "2024-08-15 10:00:00", "1")
    details = await caller.output("7105", one.query())
    assert details["rxDetlList"][0]["takeDrugFlag"] == "1"
    assert "RX_SETTLED" in await caller.refused("7208", one.taking_back(), caller=PHARMACY)
    undo = {"data": {"psn_no": one.psn_no, "setl_id": sold["setl_id"], "mdtrt_id": sold["mdtrt_id"]}}
    await caller.output("2103", undo, caller=PHARMACY)
    assert await took(caller, one) == ("1", None, "0")
    async with platform.pool.acquire() as connection:
        assert await verify.differences(connection) == ()


async def test_settled_without_having_been_reported_as_sold(caller: Caller) -> None:
    one = await rx.approved(caller)
    await caller.output("2102", purchase(one), caller=PHARMACY)
    assert await took(caller, one) == ("2", "2024-08-15 10:00:00", "1")


async def test_what_was_not_reviewed_is_not_settled_on_the_prescription(caller: Caller) -> None:
    one = await rx.held(caller)
    before = await caller.call("2102", purchase(one), caller=PHARMACY)
    assert before["infcode"] == -1 or yuan(before["output"]["setlinfo"]["hifp_pay"]) == 0
    assert (await took(caller, one))[0] == "1"


@pytest.mark.clause("NHSA2023-4.s4.2.c")
async def test_a_long_prescription_is_fetched_in_parts(caller: Caller, clock: rx_world.Clock) -> None:
    one = await rx.circulating(
        caller,
        drugs=[rx.drug(medcDays="84", drugCnt="6")],
        longRxFlag="1",
        reptFlag="1",
        maxReptCnt="3",
        minInrvDays="28",
        extras={"longRxRea": "病情稳定", "longRxAsesFlag": "1"},
    )
    await rx_world.stocked(caller, PHARMACY, 10)

    async def fetch() -> None:
        await one.authorise()
        await one.accept()
        assert one.taken["rxDetlList"][0]["drugCnt"] == 2
        await one.verify()
        await one.review()
        await one.dispense(rows=[{"drugTotlcnt": "2"}], hiFeesetlFlag="0", psnCashPay="100.00")

    await fetch()
    assert await caller.output("7201", one.authorisation(), caller=PHARMACY) == {"data": []}
    clock.wait(days=28)
    await fetch()
    found = (await caller.output("7105", one.query()))["data"]
    assert (found["reptdCnt"], found["rxUsedStasCodg"]) == (2, "1")
    clock.wait(days=28)
    await fetch()
    assert (await took(caller, one))[0] == "2"


class Sealed:
    """An institution's software that speaks the appId envelope."""

    def __init__(self, caller: Caller, code: str) -> None:
        self.caller = caller
        self.channel = channel_of(code)
        self.private = pair_of(code).private

    async def raw(self, service: str, body: bytes) -> dict[str, Any]:
        answered = await self.caller.raw(body, path=f"/epc/api/fixmedins/{service}")
        opened = await asyncio.to_thread(open_answer, self.channel, CENTRE.public, answered)
        assert isinstance(opened, Opened)
        return {**opened.fields, "data": opened.data}

    def body(self, data: Any) -> bytes:
        return seal_request(self.channel, self.private, data, rx_world.now_of(self.caller))

    async def output(self, service: str, data: Any) -> dict[str, Any]:
        answer = await self.raw(service, self.body(data))
        assert answer["code"] == 0, answer["message"]
        found: dict[str, Any] = answer["data"]
        return found

    async def refused(self, service: str, data: Any) -> str:
        answer = await self.raw(service, self.body(data))
        assert answer["code"] == -1
        return str(answer["message"])


@pytest.fixture
async def sealed(caller: Caller, platform: Platform) -> tuple[Sealed, Sealed]:
    """The hospital's and the pharmacy's channel."""
    await rx_world.ready(caller)
    async with platform.pool.acquire() as connection:
        if platform.providers.channel_of(PHARMACY) is None:
            for code in (world.HOSPITAL, PHARMACY):
                await add_channel(connection, channel_of(code))
            await add_certificate(connection)
            await refresh(connection, platform.providers, platform.vault)
    return Sealed(caller, world.HOSPITAL), Sealed(caller, PHARMACY)


def top(nodes: dict[str, Any]) -> dict[str, Any]:
    """The message as the appId envelope carries it: no ``data``, its fields on top."""
    return {**nodes["data"], **{name: part for name, part in nodes.items() if name != "data"}}


async def test_the_same_life_in_the_sealed_envelope(
    caller: Caller, clock: rx_world.Clock, sealed: tuple[Sealed, Sealed]
) -> None:
    hospital, pharmacy = sealed
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at, hospRxno=fresh("SEALED"))
    one.checked = await hospital.output("uploadChk", top(nodes))
    one.signed = rx.signed_fields(one.psn_no, one.mdtrt_id, one.at, one.checked)
    one.file = await hospital.output("rxFixmedinsSign", top(rx.signature(one.signed)))
    assert (await hospital.output("rxFileUpld", top(one.upload())))["rxStasName"] == "有效"
    found = await hospital.output("hospRxDetlQuery", top(one.query()))
    assert (found["hiRxno"], found["rxDetlList"][0]["medListCodg"]) == (one.no, world.DRUG_A)
    answer = await pharmacy.output("rxOfflineAuth", top(one.authorisation()))
    one.grant = answer["data"][0]
    one.taken = {"data": await pharmacy.output("rxDetlDownload", top(one.download()))}
    one.verify_sn = (await pharmacy.output("rxFileVerify", top(one.verification())))["rxSignVerifySn"]
    one.review_sn = (await pharmacy.output("rxChkUpld", top(one.reviewing())))["rxChkBizSn"]
    await rx_world.stocked(caller, PHARMACY, 5)
    one.sale_sn = (await pharmacy.output("rxSaleDetlUpld", top(one.sale())))["selStooutSn"]
    clock.wait(seconds=1)
    assert (await hospital.output("rxChkInfoQuery", top(one.query())))["rxChkStasCodg"] == "1"
    assert (await pharmacy.output("circDrugQuery", top(rx.drug_query())))["total"] == 1
    assert (await pharmacy.output("rxSaleDetlUndo", top(one.taking_back())))["flag"] is True


async def test_a_sealed_message_again_has_one_effect(caller: Caller, sealed: tuple[Sealed, Sealed]) -> None:
    hospital, _ = sealed
    one = await rx.visited(caller)
    body = hospital.body(top(rx.sheet(one.psn_no, one.mdtrt_id, one.at)))
    first = await hospital.raw("uploadChk", body)
    assert first["code"] == 0
    assert (await hospital.raw("uploadChk", body))["data"] == first["data"]


async def test_a_refusal_is_told_in_the_sealed_envelope(
    caller: Caller, sealed: tuple[Sealed, Sealed]
) -> None:
    hospital, pharmacy = sealed
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at, visit={"drCode": rx_world.SUSPENDED_DOCTOR})
    assert "DOCTOR_SUSPENDED" in await hospital.refused("uploadChk", top(nodes))
    assert "FORBIDDEN" in await pharmacy.refused("uploadChk", top(nodes))
    assert "RX_CODE_UNKNOWN" in await pharmacy.refused("rxQrCodeDecode", top(rx.showing("forged")))
    assert "MISSING" in await hospital.refused("uploadChk", {})
