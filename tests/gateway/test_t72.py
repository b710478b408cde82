"""7201-7206 and 7291: a member's prescription at the pharmacies, over HTTP on the real platform."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from gongji.gateway.calls import Call
from gongji.gateway.centre import office_of
from gongji.gateway.envelope import Envelope, Head
from gongji.gateway.platform import Platform
from gongji.providers.selectors import refresh
from tests.gateway import rx, rx_world, world
from tests.gateway.client import Caller, envelope

PHARMACY = world.PHARMACY
SECOND = rx_world.SECOND_PHARMACY


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


async def looks(platform: Platform, psn_no: str) -> list[tuple[str, str]]:
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT actor, purpose FROM members_access WHERE psn_no = $1 ORDER BY access_id", psn_no
        )
    return [tuple(row) for row in rows]


@pytest.mark.clause("SX2022-27.art12.b")
async def test_a_prescription_is_authorised_held_verified_and_reviewed(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    await one.authorise()
    assert one.grant["fixmedinsCode"] == world.HOSPITAL
    assert (one.grant["deptName"], one.grant["rxExraAttrName"]) == ("内科", "门诊统筹处方")
    assert one.grant["valiEndTime"] == "2024-08-17 23:59:59"
    await one.accept()
    data = one.taken["data"]
    assert (data["hiRxno"], data["rxTraceCode"]) == (one.no, one.checked["rxTraceCode"])
    assert (base64.b64decode(data["rxFile"]), data["fileSuffix"]) == (rx.DOCUMENT, "pdf")
    assert one.taken["rxOtpinfo"]["patnName"] == world.name_of(one.psn_no)
    assert [row["diagCode"] for row in one.taken["rxDiseList"]] == ["I10.x00"]
    (drug,) = one.taken["rxDetlList"]
    assert (drug["medListCodg"], drug["drugCnt"], drug["takeDrugFlag"]) == (world.DRUG_A, 1, "0")
    verified = (await caller.output("7205", one.verification(), caller=PHARMACY))["data"]
    assert verified["flag"] is True
    assert verified["signCertSn"] == f"SN{world.HOSPITAL}"
    one.verify_sn = verified["rxSignVerifySn"]
    await one.review()
    found = (await caller.output("7106", one.query()))["data"]
    assert (found["rxChkStasCodg"], found["pharCode"], found["rxChkOpnn"]) == (
        "1",
        rx_world.PHARMACIST,
        "合理",
    )
    assert await looks(platform, one.psn_no) == [
        (f"institution:{PHARMACY}", "7201"),
        (f"institution:{PHARMACY}", "7204"),
        (f"institution:{world.HOSPITAL}", "7106"),
    ]


async def test_the_member_may_come_with_a_certificate_that_was_looked_at(caller: Caller) -> None:
    one = await rx.circulating(caller)
    asked = one.authorisation(ecToken="", regSn="REG1")
    assert len((await caller.output("7201", asked, caller=PHARMACY))["data"]) == 1


async def test_whoever_has_nothing_to_fetch_gets_an_empty_list(caller: Caller) -> None:
    one = await rx.visited(caller)
    assert await caller.output("7201", one.authorisation(), caller=PHARMACY) == {"data": []}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"regSn": "REG1"}, "只填写其中一项"),
        ({"ecToken": ""}, "只填写其中一项"),
        ({"ecToken": "NOBODY"}, "UNKNOWN_MEMBER"),
        ({"ecToken": world.token_of(world.RETIRED)}, "VOUCHER_MISMATCH"),
        ({"certno": world.certno_of(world.RETIRED)}, "VOUCHER_MISMATCH"),
        ({"psnName": "别人"}, "VOUCHER_MISMATCH"),
        ({"psnCertType": "04"}, "VOUCHER_MISMATCH"),
        ({"fixmedinsCode": SECOND}, "FORBIDDEN"),
        ({"outFlag": "1"}, "outPoolareaNo"),
        ({"outFlag": "1", "outPoolareaNo": "350000"}, "FORBIDDEN"),
        ({"opter": ""}, "opter"),
    ],
)
async def test_nobody_is_shown_prescriptions_without_the_member(
    caller: Caller, platform: Platform, spoil: dict[str, str], reason: str
) -> None:
    one = await rx.circulating(caller)
    text = await rx_world.refused(caller, platform, "7201", one.authorisation(**spoil))
    assert reason in text
    for secret in (one.psn_no, world.certno_of(one.psn_no), world.token_of(one.psn_no), "别人"):
        assert secret not in text


@pytest.mark.clause("SX2022-27.art10.a")
async def test_only_a_pooled_institution_of_today_fills_prescriptions(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.circulating(caller)
    code = rx_world.UNPOOLED_PHARMACY
    assert "NOT_POOLED_PROVIDER" in await rx_world.refused(
        caller, platform, "7201", one.authorisation(code), code
    )
    other = await rx.approved(caller, SECOND)
    async with platform.pool.acquire() as connection:
        await connection.execute("UPDATE providers_state SET until_on = '2024-08-15' WHERE code = $1", SECOND)
        await refresh(connection, platform.providers, platform.vault)
    clock.wait(days=1)
    try:
        text = await rx_world.refused(caller, platform, "7207", other.sale(SECOND), SECOND)
        assert "PROVIDER_TERMINATED" in text
    finally:
        async with platform.pool.acquire() as connection:
            await connection.execute("UPDATE providers_state SET until_on = NULL WHERE code = $1", SECOND)


async def test_the_code_that_the_member_shows_opens_one_prescription_once(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    text = await rx.shown_code(caller, one)
    asked = {"data": {"epcQrcd": text, "devInfo": "D", **rx.operator(PHARMACY)}}
    one.grant = (await caller.output("7203", asked, caller=PHARMACY))["data"]
    assert set(one.grant) == {"authRxno", "epcToken", "expiresIn"}
    await one.accept()
    asked["data"] |= rx.operator(SECOND)
    assert "RX_CODE_USED" in await rx_world.refused(caller, platform, "7203", asked, SECOND)


@pytest.mark.parametrize("text", ["forged", "x" * 32, "' OR 1=1 --"])
async def test_a_forged_code_opens_nothing(caller: Caller, platform: Platform, text: str) -> None:
    await rx_world.ready(caller)
    asked = {"data": {"epcQrcd": text, "devInfo": "D", **rx.operator(PHARMACY)}}
    refusal = await rx_world.refused(caller, platform, "7203", asked)
    assert "RX_CODE_UNKNOWN" in refusal
    assert text not in refusal


async def test_a_code_that_is_too_old_opens_nothing(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.circulating(caller)
    text = await rx.shown_code(caller, one)
    clock.wait(hours=3)
    asked = {"data": {"epcQrcd": text, "devInfo": "D", **rx.operator(PHARMACY)}}
    assert "RX_CODE_EXPIRED" in await rx_world.refused(caller, platform, "7203", asked)


async def test_an_online_authorisation_is_for_one_pharmacy(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    number = await rx.shown_code(caller, one, PHARMACY)

    def asked(pharmacy: str) -> dict[str, Any]:
        return {
            "data": {
                "hiRxno": one.no,
                "authCircBizSn": number,
                "epcChnlId": "CHANNEL",
                **rx.operator(pharmacy),
            }
        }

    assert "RX_CODE" in await rx_world.refused(caller, platform, "7202", asked(SECOND), SECOND)
    one.grant = (await caller.output("7202", asked(PHARMACY), caller=PHARMACY))["data"]
    await one.accept()
    assert one.taken["data"]["hiRxno"] == one.no


async def test_downloading_one_ends_the_authorisation_for_the_others(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    other = await rx.circulating(caller, one.psn_no)
    rows = (await caller.output("7201", one.authorisation(), caller=PHARMACY))["data"]
    assert len(rows) == 2
    one.grant, other.grant = rows
    await one.accept()
    assert "RX_CODE_USED" in await rx_world.refused(caller, platform, "7204", other.download())


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"epcToken": "forged"}, "RX_CODE_UNKNOWN"),
        ({"authRxno": "1"}, "RX_CODE_UNKNOWN"),
        ({"agnterName": "代购人"}, "agnterCertType"),
        ({"agnterName": "代购人", "agnterCertType": "01"}, "agnterCertno"),
        ({"agnterName": "代购人", "agnterCertType": "7x", "agnterCertno": "1"}, "UNKNOWN_CODE"),
        (
            {"agnterName": "代购人", "agnterCertType": "01", "agnterCertno": "110101199001011238"},
            "CERT_INVALID",
        ),
    ],
)
async def test_a_download_with_something_wrong_holds_nothing(
    caller: Caller, platform: Platform, spoil: dict[str, str], reason: str
) -> None:
    one = await rx.circulating(caller)
    await one.authorise()
    text = await rx_world.refused(caller, platform, "7204", one.download(**spoil))
    assert reason in text
    assert "代购人" not in text.replace("委托他人代购药品的，须登记代购人身份", "").replace(
        "代购人证件号码", ""
    )
    await one.accept()


async def test_anothers_token_is_of_no_use(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    await one.authorise()
    asked = one.download(SECOND)
    assert "RX_CODE" in await rx_world.refused(caller, platform, "7204", asked, SECOND)


async def test_who_is_too_late_learns_who_holds_it_and_since_when(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    await one.authorise(SECOND)
    late = one.download(SECOND)
    await one.authorise()
    await one.accept()
    text = await rx_world.refused(caller, platform, "7204", late, SECOND)
    assert "RX_HELD" in text
    assert "测试大药房" in text
    assert "2024-08-15 10:00:00" in text


async def test_of_two_pharmacies_at_once_one_wins(caller: Caller) -> None:
    for _ in range(10):
        one = await rx.circulating(caller)
        await one.authorise()
        first = envelope("7204", one.download(), caller=PHARMACY)
        await one.authorise(SECOND)
        second = envelope("7204", one.download(SECOND), caller=SECOND)
        answers = await asyncio.gather(caller.send(first), Caller(caller.app).send(second))
        assert sorted(answer["infcode"] for answer in answers) == [-1, 0]
        assert any("RX_HELD" in str(answer["err_msg"]) for answer in answers)


async def test_the_answer_with_the_patient_is_kept_sealed(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    await one.authorise()
    message = envelope("7204", one.download(), caller=PHARMACY)
    first = await caller.send(message)
    async with platform.pool.acquire() as connection:
        kept = await connection.fetchval(
            "SELECT output FROM gateway_message WHERE infno = '7204' AND msgid = $1", message["msgid"]
        )
    assert kept is not None
    assert world.name_of(one.psn_no).encode() not in bytes(kept)
    assert b"rxDetlList" not in bytes(kept)
    again = await caller.send(message)
    assert again["output"] == first["output"]


async def test_withdrawn_by_the_doctor_the_pharmacy_is_told(caller: Caller, platform: Platform) -> None:
    one = await rx.held(caller)
    await caller.output("7104", one.undo())
    assert "RX_REVOKED" in await rx_world.refused(caller, platform, "7205", one.verification())


@pytest.mark.clause("SX2022-27.art11")
async def test_after_the_third_day_nothing_is_fetched(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.circulating(caller)
    clock.at = clock.at.replace(day=17, hour=23, minute=59)
    await one.authorise()
    clock.wait(minutes=2)
    assert "RX_EXPIRED" in await rx_world.refused(caller, platform, "7204", one.download())


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"rxFile": base64.b64encode(b"%PDF changed").decode()}, "RX_DOCUMENT_CHANGED"),
        ({"rxTraceCode": "0" * 20}, "RX_TRACE_CODE"),
        ({"epcToken": "forged"}, "RX_CODE_UNKNOWN"),
        ({"hiRxno": "1"}, "RX_NOT_FOUND"),
        ({"rxFile": "!"}, "base64"),
    ],
)
async def test_what_is_not_the_hospitals_does_not_verify(
    caller: Caller, platform: Platform, spoil: dict[str, str], reason: str
) -> None:
    one = await rx.held(caller)
    assert reason in await rx_world.refused(caller, platform, "7205", one.verification(**spoil))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"pharCode": rx_world.TECHNICIAN, "pharName": "测试调剂员"}, "PHARMACIST_NOT_REGISTERED"),
        ({"pharCode": "HY9"}, "PHARMACIST_NOT_REGISTERED"),
        ({"pharName": "别人"}, "pharName"),
        ({"rxSignVerifySn": "1"}, "RX_NOT_VERIFIED"),
        ({"rxSignVerifySn": "x"}, "RX_NOT_VERIFIED"),
        ({"epcToken": "forged"}, "RX_CODE_UNKNOWN"),
        ({"rxChkStasCodg": "2"}, "UNKNOWN_CODE"),
        ({"rxChkOpnn": ""}, "rxChkOpnn"),
    ],
)
async def test_only_a_registered_pharmacist_reviews_what_was_verified(
    caller: Caller, platform: Platform, spoil: dict[str, str], reason: str
) -> None:
    one = await rx.held(caller)
    await one.verify()
    assert reason in await rx_world.refused(caller, platform, "7206", one.reviewing(**spoil))


async def test_a_review_needs_the_verification_first(caller: Caller, platform: Platform) -> None:
    one = await rx.held(caller)
    one.verify_sn = "1"
    assert "RX_NOT_VERIFIED" in await rx_world.refused(caller, platform, "7206", one.reviewing())


async def test_sent_back_by_the_pharmacist_it_waits_for_the_doctor(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.held(caller)
    await one.verify()
    sent_back = one.reviewing(rxChkStasCodg="0", rxChkOpnn="剂量请核实")
    await caller.output("7206", sent_back, caller=PHARMACY)
    found = (await caller.output("7106", one.query()))["data"]
    assert (found["rxChkStasCodg"], found["rxChkStasName"]) == ("0", "审核不通过")
    assert found["rxChkOpnn"] == "剂量请核实"
    assert await caller.output("7201", one.authorisation(), caller=PHARMACY) == {"data": []}
    confirmation = {
        "data": {
            "hiRxno": one.no,
            "fixmedinsCode": world.HOSPITAL,
            "drCode": rx_world.DOCTOR,
            "prscDrName": rx_world.DOCTOR_NAME,
        }
    }
    wrong = {
        "data": {**confirmation["data"], "drCode": rx_world.SUSPENDED_DOCTOR, "prscDrName": "测试停牌医师"}
    }
    assert "DOCTOR_SUSPENDED" in await caller.refused("7191", wrong)
    await caller.output("7191", confirmation)
    await one.authorise(SECOND)
    await one.accept(SECOND)
    assert "RX_NOT_FOUND" in await rx_world.refused(
        caller, platform, "7191", {"data": {**confirmation["data"], "hiRxno": "1"}}
    )


async def test_a_hold_is_given_up_and_another_pharmacy_takes_it(caller: Caller, platform: Platform) -> None:
    one = await rx.held(caller)
    assert "RX_NOT_FOUND" in await rx_world.refused(caller, platform, "7291", one.release(SECOND), SECOND)
    assert await caller.output("7291", one.release(), caller=PHARMACY) == {"data": {"flag": True}}
    assert "RX_" in await rx_world.refused(caller, platform, "7291", one.release())
    await one.authorise(SECOND)
    await one.accept(SECOND)
    assert one.taken["data"]["hiRxno"] == one.no


async def test_a_reason_for_splitting_is_registered(caller: Caller, platform: Platform) -> None:
    one = await rx.held(caller, drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    for spoil, reason in (
        ({"splitRea": "", "releaFlag": "0"}, "splitRea"),
        ({"medListCodgs": [rx_world.CONTROLLED]}, "RX_ITEM_NOT_ON_PRESCRIPTION"),
        ({"medListCodgs": [5]}, "medListCodgs"),
    ):
        assert reason in await rx_world.refused(caller, platform, "7291", one.release(**spoil))
    asked = one.release(releaFlag="0", medListCodgs=[rx_world.SECOND_DRUG])
    await caller.output("7291", asked, caller=PHARMACY)
    await one.verify()


async def test_an_office_is_made_from_the_message(platform: Platform) -> None:
    """The actor of what a message does is the institution that sent it."""
    provider = platform.provider(PHARMACY)
    assert provider is not None
    head = Head(infno="7204", msgid="1", fixmedins_code=PHARMACY)
    office = office_of(Call(platform, provider, Envelope(head, {}, b""), platform.now()))
    assert str(office.actor) == f"institution:{PHARMACY}"
    assert office.at == platform.now()
