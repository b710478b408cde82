"""7101-7107: a hospital's prescription from check to withdrawal, over HTTP on the real platform."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, envelope, fresh
from tests.gateway.test_outpatient import looked_at, row_counts


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


@pytest.mark.clause("SX2022-27.art8.a")
async def test_a_sheet_is_checked_signed_and_circulated(caller: Caller) -> None:
    one = await rx.visited(caller)
    await one.check()
    assert one.no.isdigit()
    assert len(one.checked["rxTraceCode"]) == 20
    await one.sign()
    assert base64.b64decode(one.file["rxFile"]) == rx.DOCUMENT
    assert one.file["signCertSn"] == f"SN{world.HOSPITAL}"
    assert len(base64.b64decode(one.file["signDigest"])) == 64
    done = (await caller.output("7103", one.upload()))["data"]
    assert done == {"hiRxno": one.no, "rxStasCodg": "1", "rxStasName": "有效"}


async def test_the_sheet_is_answered_as_it_was_written(caller: Caller, platform: Platform) -> None:
    drugs = [rx.drug(drugProdname="商品名", prdrName="厂家甲"), rx.drug(rx_world.SECOND_DRUG, drugCnt="2.5")]
    one = await rx.circulating(caller, drugs=drugs)
    before = await row_counts(platform)
    found = await caller.output("7105", one.query())
    assert await row_counts(platform) == looked_at(before)
    sheet = found["data"]
    assert (sheet["rxStasCodg"], sheet["rxUsedStasCodg"], sheet["rxTypeName"]) == ("1", "1", "门诊西药")
    assert (sheet["valiDays"], sheet["valiEndTime"]) == (3, "2024-08-17 23:59:59")
    assert sheet["rxExraAttrName"] == "门诊统筹处方"
    assert sheet["fixmedinsName"] == "测试县医院"
    assert (sheet["rxDrugCnt"], sheet["reptFlag"], sheet["maxReptCnt"]) == (2, "0", None)
    first, second = found["rxDetlList"]
    assert (first["drugCnt"], second["drugCnt"], second["drugTotlcnt"]) == (1, 2.5, "3")
    assert (first["drugProdname"], first["prdrName"], first["takeDrugFlag"]) == ("商品名", "厂家甲", "0")
    assert (first["medcWayDscr"], first["usedFrquName"], first["sinDoscnt"]) == (
        "口服",
        "每天二次（bid）",
        10,
    )
    patient = found["rxOtpinfo"]
    assert patient["patnName"] == world.name_of(one.psn_no)
    assert (patient["algsHis"], patient["patnWt"], patient["insutype"]) == ("青霉素", 60.5, "310")
    assert (patient["pharName"], patient["maindiagCode"]) == ("测试院内药师", "I10.x00")
    assert [row["diagName"] for row in found["rxDiseList"]] == ["特发性高血压"]
    assert found["rxDiseList"][0]["diagDrName"] == rx_world.DOCTOR_NAME


async def test_a_look_is_recorded(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    for infno in ("7105", "7106", "7107"):
        await caller.output(infno, one.query())
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT actor, purpose FROM members_access WHERE psn_no = $1 ORDER BY access_id", one.psn_no
        )
    assert [tuple(row) for row in rows] == [
        (f"institution:{world.HOSPITAL}", infno) for infno in ("7105", "7106", "7107")
    ]


async def test_snake_case_means_the_same(caller: Caller) -> None:
    def snake(value: Any) -> Any:
        if isinstance(value, list):
            return [snake(part) for part in value]
        if isinstance(value, dict):
            return {
                "".join(f"_{char.lower()}" if char.isupper() else char for char in name): snake(part)
                for name, part in value.items()
            }
        return value

    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at)
    one.checked = (await caller.output("7101", snake(nodes)))["data"]
    one.signed = rx.signed_fields(one.psn_no, one.mdtrt_id, one.at, one.checked)
    await one.sign()
    await caller.output("7103", snake(one.upload()))
    assert (await caller.output("7105", snake(one.query())))["data"]["hiRxno"] == one.no


@pytest.mark.parametrize("infno", ["D001", "A0001"])
async def test_the_older_numbers_name_the_same_trade(caller: Caller, infno: str) -> None:
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at)
    assert (await caller.output(infno, nodes))["data"]["hiRxno"].isdigit()


SPOILED: list[tuple[str, dict[str, Any], str]] = [
    ("another certificate", {"visit": {"certno": world.certno_of(world.RETIRED)}}, "VOUCHER_MISMATCH"),
    ("another name", {"visit": {"patnName": "别人"}}, "VOUCHER_MISMATCH"),
    ("another kind of certificate", {"visit": {"psnCertType": "04"}}, "VOUCHER_MISMATCH"),
    ("another person", {"visit": {"psnNo": world.RETIRED}}, "VOUCHER_MISMATCH"),
    ("another's voucher", {"ecToken": world.token_of(world.RETIRED)}, "VOUCHER_MISMATCH"),
    ("an unknown voucher", {"ecToken": "NOBODY"}, "UNKNOWN_MEMBER"),
    ("an expired card", {"mdtrtCertType": "03", "mdtrtCertNo": world.card_of(world.EXPIRED)}, "CARD_EXPIRED"),
    ("no voucher", {"ecToken": "", "mdtrtCertNo": ""}, "MISSING_FIELD"),
    ("no card", {"mdtrtCertType": "03", "mdtrtCertNo": ""}, "MISSING_FIELD"),
    ("no such visit", {"visit": {"mdtrtId": "900000000000000001"}}, "UNKNOWN_VISIT"),
    ("a visit that is no number", {"visit": {"mdtrtId": "x"}}, "UNKNOWN_VISIT"),
    ("another institution", {"code": world.OTHER_HOSPITAL}, "FORBIDDEN"),
    ("a suspended doctor", {"visit": {"drCode": rx_world.SUSPENDED_DOCTOR}}, "DOCTOR_SUSPENDED"),
    ("a doctor without the right", {"visit": {"drCode": rx_world.UNLICENSED_DOCTOR}}, "DOCTOR_NO_RIGHT"),
    ("an unknown doctor", {"visit": {"drCode": "D9"}}, "DOCTOR_NOT_REGISTERED"),
    ("an unknown item", {"drugs": [rx.drug(world.UNKNOWN_ITEM)]}, "OUT_OF_CATALOGUE"),
    ("a service", {"drugs": [rx.drug(world.SERVICE)]}, "RX_NOT_A_DRUG"),
    ("a narcotic", {"drugs": [rx.drug(rx_world.CONTROLLED)]}, "RX_EXCLUDED_DRUG"),
    ("one drug twice", {"drugs": [rx.drug(), rx.drug()]}, "RX_DRUG_TWICE"),
    ("eight days without a reason", {"drugs": [rx.drug(medcDays="8")]}, "RX_QUANTITY_REASON_MISSING"),
    ("four days of validity", {"valiDays": 4}, "RX_VALIDITY_TOO_LONG"),
    ("a miscounted sheet", {"rxDrugCnt": 2}, "rxDrugCnt"),
    ("no quantity", {"drugs": [rx.drug(drugCnt="0")]}, "QUANTITY_INVALID"),
    ("a negative quantity", {"drugs": [rx.drug(drugCnt="-1")]}, "QUANTITY_INVALID"),
    ("self-paid without a reason", {"drugs": [rx.drug(hospApprFlag="2")]}, "selfPayRea"),
    ("no way of use", {"drugs": [rx.drug(medcWayCodg="", medcWayDscr="")]}, "medcWayCodg"),
    ("no dose", {"drugs": [rx.drug(sinDoscnt="")]}, "sinDoscnt"),
    ("an ordered test", {"drugs": [rx.drug(rxItemTypeCode="22")]}, "rxItemTypeCode"),
    ("no drugs", {"drugs": [], "rxDrugCnt": 1}, "rxdrugdetail"),
    ("an unknown kind of sheet", {"rxTypeCode": "77"}, "rxTypeCode"),
    ("an end before the beginning", {"valiEndTime": "2024-08-01 00:00:00"}, "valiEndTime"),
    ("fills without a number", {"reptFlag": "1", "longRxFlag": "1"}, "maxReptCnt"),
    ("a sheet from the future", {"prscTime": "2024-08-15 23:00:00"}, "RX_ISSUED_IN_FUTURE"),
]


@pytest.mark.clause("SX2022-27.art19")
@pytest.mark.parametrize(("spoil", "reason"), [row[1:] for row in SPOILED], ids=[row[0] for row in SPOILED])
async def test_a_sheet_that_may_not_be_issued_is_refused_with_its_reason(
    caller: Caller, platform: Platform, spoil: dict[str, Any], reason: str
) -> None:
    one = await rx.visited(caller)
    text = await rx_world.refused(
        caller, platform, "7101", rx.sheet(one.psn_no, one.mdtrt_id, one.at, **spoil)
    )
    assert reason in text
    for secret in (one.psn_no, world.certno_of(one.psn_no), world.token_of(one.psn_no), "别人"):
        assert secret not in text


@pytest.mark.parametrize("missing", ["rxdrugdetail", "mdtrtinfo", "diseinfo"])
async def test_a_node_that_is_missing_is_named(caller: Caller, platform: Platform, missing: str) -> None:
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at)
    del nodes[missing]
    text = await rx_world.refused(caller, platform, "7101", nodes)
    assert "MISSING_NODE" in text
    assert missing in text


async def test_all_problems_are_told_at_once(caller: Caller) -> None:
    one = await rx.visited(caller)
    drugs = [rx.drug(rx_world.CONTROLLED), rx.drug(world.SERVICE)]
    nodes = rx.sheet(
        one.psn_no, one.mdtrt_id, one.at, drugs=drugs, visit={"drCode": rx_world.SUSPENDED_DOCTOR}
    )
    text = await caller.refused("7101", nodes)
    for reason in ("DOCTOR_SUSPENDED", "RX_EXCLUDED_DRUG", "RX_NOT_A_DRUG"):
        assert reason in text


async def test_an_institution_whose_agreement_has_ended_issues_nothing(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    await rx_world.ready(caller)
    code = world.SUSPENDED_HOSPITAL
    person = await messages.somebody(caller)
    clock.wait(days=2)
    at = rx_world.text(clock())
    mdtrt_id = await messages.visit(caller, person, code=code, begntime=at)
    nodes = rx.sheet(person, mdtrt_id, clock(), code=code)
    assert "NOT_POOLED_PROVIDER" in await rx_world.refused(caller, platform, "7101", nodes, code=code)


async def test_a_pharmacy_does_not_prescribe(caller: Caller) -> None:
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at, code=world.PHARMACY)
    assert "FORBIDDEN" in await caller.refused("7101", nodes, caller=world.PHARMACY)


async def test_the_hospitals_number_names_one_sheet(caller: Caller, platform: Platform) -> None:
    one, other = await rx.visited(caller), await rx.visited(caller)
    number = fresh("HRX")
    await one.check(hospRxno=number)
    nodes = rx.sheet(other.psn_no, other.mdtrt_id, other.at, hospRxno=number)
    assert "RX_NUMBER_USED" in await rx_world.refused(caller, platform, "7101", nodes)


@pytest.mark.clause("SX2022-27.art17.c")
async def test_a_restriction_needs_the_doctors_confirmation_or_is_self_paid(caller: Caller) -> None:
    confirmed = rx.drug(world.RESTRICTED, hospApprFlag="1", extras={"lmtCnfmDscr": "已确诊"})
    one = await rx.circulating(caller, drugs=[confirmed])
    row = (await caller.output("7105", one.query()))["rxDetlList"][0]
    assert row["hospApprFlag"] == "1"
    paid = rx.drug(world.RESTRICTED, hospApprFlag="2", selfPayRea="6", realDscr="本人要求")
    other = await rx.circulating(caller, drugs=[paid])
    row = (await caller.output("7105", other.query()))["rxDetlList"][0]
    assert (row["selfPayRea"], row["realDscr"]) == ("6", "本人要求")


@pytest.mark.clause("NHSA2023-4.s4.2.c")
async def test_a_long_prescription_says_its_fills(caller: Caller) -> None:
    one = await rx.circulating(
        caller,
        drugs=[rx.drug(medcDays="84", drugCnt="6")],
        longRxFlag="1",
        reptFlag="1",
        maxReptCnt="3",
        minInrvDays="28",
        extras={"longRxRea": "病情稳定", "longRxAsesFlag": "1"},
    )
    found = (await caller.output("7105", one.query()))["data"]
    assert (found["longRxFlag"], found["reptFlag"]) == ("1", "1")
    assert (found["maxReptCnt"], found["reptdCnt"], found["minInrvDays"]) == (3, 0, 28)


async def test_herbs_carry_the_use_of_the_whole_sheet(caller: Caller) -> None:
    herb = rx.drug(
        rxItemTypeCode="13",
        tcmdrugTypeCode="3",
        tcmherbFoote="先煎",
        medcWayCodg="",
        medcWayDscr="",
        sinDoscnt="",
        sinDosunt="",
        usedFrquCodg="",
        usedFrquName="",
    )
    use = {"rxUsedWayCodg": "1", "rxUsedWayName": "口服", "rxFrquCodg": "12", "rxFrquName": "每天二次（bid）"}
    one = await rx.circulating(
        caller, drugs=[herb], rxTypeCode="2", rxDrugCnt="7", rxDosunt="ml", rxDoscnt="150.5", **use
    )
    found = await caller.output("7105", one.query())
    assert (found["data"]["rxDrugCnt"], found["data"]["rxDoscnt"]) == (7, 150.5)
    row = found["rxDetlList"][0]
    assert (row["tcmherbFoote"], row["medcWayDscr"], row["usedFrquName"]) == (
        "先煎",
        "口服",
        "每天二次（bid）",
    )
    assert (row["sinDoscnt"], row["sinDosunt"]) == (150.5, "ml")


async def test_online_the_certificate_identifies(caller: Caller) -> None:
    one = await rx.visited(caller)
    await one.check(bizTypeCode="02", mdtrtCertNo="", ecToken="", authNo="AUTH1")
    assert one.no


async def test_signing_needs_the_words_of_the_checked_sheet(caller: Caller, platform: Platform) -> None:
    one = await rx.visited(caller)
    await one.check()
    for spoil, reason in (
        ({"hiRxno": "1"}, "RX_NOT_FOUND"),
        ({"rxTraceCode": "0" * 20}, "RX_TRACE_CODE"),
        ({"mdtrtId": "1"}, "RX_SIGNED_CONTENT"),
    ):
        text = await rx_world.refused(caller, platform, "7102", rx.signature({**one.signed, **spoil}))
        assert reason in text
    for field, value in (("originalValue", "!"), ("originalValue", "e30="), ("originalRxFile", "中")):
        nodes = rx.signature(one.signed)
        nodes["data"][field] = value
        await rx_world.refused(caller, platform, "7102", nodes)


@pytest.mark.parametrize(
    "named", [{"patnName": "别人"}, {"certno": "999999198001010019"}, {"prscDrName": "别的医师"}]
)
async def test_nobody_elses_name_is_signed(caller: Caller, platform: Platform, named: dict[str, str]) -> None:
    one = await (await rx.visited(caller)).check()
    told = await rx_world.refused(caller, platform, "7102", rx.signature({**one.signed, **named}))
    assert "RX_SIGNED_CONTENT" in told
    assert not any(value in told for value in named.values())


async def test_a_hospitals_clock_may_be_ahead_and_its_own_pharmacy_needs_not_wait(
    caller: Caller, clock: rx_world.Clock
) -> None:
    one = await rx.visited(caller)
    one.at = clock.at + timedelta(minutes=4)
    await one.check()
    await one.sign()
    await one.circulate()
    await one.authorise()
    await one.accept()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("rxFile", base64.b64encode(b"%PDF-1.4 changed").decode(), "RX_DOCUMENT_CHANGED"),
        ("signDigest", base64.b64encode(b"0" * 64).decode(), "RX_SIGNATURE_INVALID"),
        ("pharChkTime", "2024-08-15 00:00:00", "RX_SIGNED_CONTENT"),
        ("rxTraceCode", "F" * 20, "RX_TRACE_CODE"),
        ("pharName", "别人", "pharName"),
    ],
)
async def test_what_was_not_signed_does_not_circulate(
    caller: Caller, platform: Platform, field: str, value: str, reason: str
) -> None:
    one = await rx.visited(caller)
    await one.check()
    await one.sign()
    assert reason in await rx_world.refused(caller, platform, "7103", one.upload(**{field: value}))


async def test_the_doctor_takes_it_back(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    text = await rx_world.refused(caller, platform, "7104", one.undo(undoDrName="别人"))
    assert "undoDrName" in text
    assert "别人" not in text
    done = (await caller.output("7104", one.undo()))["data"]
    assert done == {"hiRxno": one.no, "rxStasCodg": "3", "rxStasName": "已撤销"}
    assert (await caller.output("7105", one.query()))["data"]["rxStasCodg"] == "3"
    assert "RX_REVOKED" in await rx_world.refused(caller, platform, "7104", one.undo())


async def test_after_its_time_it_has_lapsed_whether_swept_or_not(
    caller: Caller, clock: rx_world.Clock
) -> None:
    one = await rx.circulating(caller)
    clock.wait(days=3)
    assert (await caller.output("7105", one.query()))["data"]["rxStasCodg"] == "2"


async def test_a_review_that_has_not_been_made_is_null(caller: Caller) -> None:
    one = await rx.circulating(caller)
    found = (await caller.output("7106", one.query()))["data"]
    assert (found["rxChkStasCodg"], found["pharName"], found["rxStasCodg"]) == (None, None, "1")


@pytest.mark.parametrize("infno", ["7105", "7106", "7107"])
async def test_another_hospitals_prescription_does_not_exist(
    caller: Caller, platform: Platform, infno: str
) -> None:
    one = await rx.circulating(caller)
    asked = one.query(fixmedinsCode=world.OTHER_HOSPITAL)
    for number in (one.no, "1", "x", "9" * 30):
        nodes = {"data": {**asked["data"], "hiRxno": number}}
        text = await rx_world.refused(caller, platform, infno, nodes, code=world.OTHER_HOSPITAL)
        assert "RX_NOT_FOUND" in text


@pytest.mark.parametrize("infno", ["7105", "7106", "7107"])
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"certno": world.certno_of(world.RETIRED)}, "VOUCHER_MISMATCH"),
        ({"psnName": "别人"}, "VOUCHER_MISMATCH"),
        ({"psnCertType": "04"}, "VOUCHER_MISMATCH"),
        ({"mdtrtId": "1"}, "UNKNOWN_VISIT"),
    ],
)
async def test_a_query_names_its_patient_rightly(
    caller: Caller, platform: Platform, infno: str, spoil: dict[str, str], reason: str
) -> None:
    one = await rx.circulating(caller)
    assert reason in await rx_world.refused(caller, platform, infno, one.query(**spoil))


async def test_a_repeated_check_is_answered_alike_and_another_content_refused(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.visited(caller)
    message = envelope("7101", rx.sheet(one.psn_no, one.mdtrt_id, one.at))
    first = await caller.send(message)
    assert first["infcode"] == 0
    before = await row_counts(platform)
    assert (await caller.send(message))["output"] == first["output"]
    assert await row_counts(platform) == before
    changed = {**message, "input": rx.sheet(one.psn_no, one.mdtrt_id, one.at, hospRxno="other")}
    assert "MESSAGE_REUSED" in (await caller.send(changed))["err_msg"]


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("rx_type_code", "1", "门诊西药"),
        ("rx_stas_codg", "2", "已失效"),
        ("bizTypeCode", "02", "互联网医院问诊"),
        ("rxExraAttrCode", "01", "双通道处方"),
        ("rx_cotn_flag", "1", "是"),
        ("chkWayCodg", "2", "电子凭证二维码"),
    ],
)
async def test_the_code_lists_of_prescriptions_are_served(
    caller: Caller, field: str, value: str, label: str
) -> None:
    rows = (await caller.output("1901", {"data": {"type": field}}))["list"]
    assert {row["value"]: row["label"] for row in rows}[value] == label
