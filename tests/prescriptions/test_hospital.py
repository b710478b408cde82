"""The hospital's side on a real database: check, sign, circulate, withdraw, confirm."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from gongji.prescriptions import selectors, services
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_private
from gongji.providers.register import Suspension
from tests.prescriptions import centre
from tests.prescriptions.centre import (
    AT,
    CHECKER,
    DOCTOR,
    HOSPITAL,
    NURSE,
    OTHER_DOCTOR,
    OTHER_HOSPITAL,
    PHARMACY,
    SUSPENDED_DOCTOR,
    code_of,
    content_of,
    done,
    office,
)  # fmt: skip
from tests.vaults import VAULT

Conn = asyncpg.Connection


async def test_a_checked_sheet_has_number_trace_code_and_last_instant(conn: Conn) -> None:
    case = await centre.checked(conn, "HA1")
    sheet = case.prescription
    assert (case.state, len(sheet.trace_code), sheet.rx_no) == ("checked", 20, str(sheet.rx_id))
    assert sheet.valid_until.strftime("%m-%d %H:%M:%S") == "08-17 23:59:59"
    assert sheet.law == centre.law().digest
    assert await selectors.case(conn, case.rx_no) == case


async def test_what_is_personal_is_stored_sealed(conn: Conn) -> None:
    case = await centre.checked(conn, "HA2")
    row = await conn.fetchrow(
        "SELECT content::text, sealed FROM prescriptions_prescription WHERE psn_no = 'HA2'"
    )
    assert "张三" not in row["content"]
    assert "感染" not in row["content"]
    assert open_private(VAULT, case).patient == "张三"


async def test_a_hospitals_number_is_used_once(conn: Conn) -> None:
    case = await centre.checked(conn, "HA3")
    visit_id = await centre.visit(conn, "HA3")
    again = centre.issue("HA3", visit_id, hosp_rx_no=case.prescription.hosp_rx_no)
    assert code_of(await services.check(conn, office(), again)) == "RX_NUMBER_USED"


async def test_another_hospital_may_use_the_same_number(conn: Conn) -> None:
    case = await centre.checked(conn, "HA4")
    visit_id = await centre.visit(conn, "HA4", caller=OTHER_HOSPITAL)
    other = centre.issue(
        "HA4",
        visit_id,
        hosp_rx_no=case.prescription.hosp_rx_no,
        issuer=OTHER_HOSPITAL,
        doctor_code=OTHER_DOCTOR,
    )
    assert isinstance(await services.check(conn, office(who=OTHER_HOSPITAL), other), Case)


async def test_a_visit_of_another_person_is_none(conn: Conn) -> None:
    await centre.person(conn, "HA5")
    await centre.person(conn, "HA6")
    visit_id = await centre.visit(conn, "HA5")
    assert code_of(await services.check(conn, office(), centre.issue("HA6", visit_id))) == "UNKNOWN_VISIT"


async def test_an_unknown_member_gets_no_prescription(conn: Conn) -> None:
    assert code_of(await services.check(conn, office(), centre.issue("NOBODY", 1))) == "UNKNOWN_MEMBER"


async def test_a_text_that_cannot_be_stored_is_refused(conn: Conn) -> None:
    await centre.person(conn, "HA7")
    asked = centre.issue("HA7", await centre.visit(conn, "HA7"), quantity_reason="a\0b")
    assert code_of(await services.check(conn, office(), asked)) == "BAD_FIELD"


async def test_the_interval_of_a_long_prescription_is_found_when_the_doctor_sets_none(conn: Conn) -> None:
    await centre.person(conn, "HA8")
    visit_id = await centre.visit(conn, "HA8")
    case = done(await services.check(conn, office(), centre.long_issue("HA8", visit_id, interval_days=0)))
    assert case.prescription.interval_days == 28
    assert case.prescription.ends_at.strftime("%m-%d") == "11-07"


# Signing


async def test_the_institutions_certificate_signs_and_the_file_comes_back(conn: Conn) -> None:
    made = await centre.signed(conn, await centre.checked(conn, "HS1"))
    assert (made.serial, made.document, made.case.state) == (f"SN{HOSPITAL}", centre.DOCUMENT, "signed")


async def test_information_and_file_are_kept_sealed(conn: Conn) -> None:
    await centre.signed(conn, await centre.checked(conn, "HS2"))
    row = await conn.fetchrow("SELECT content, document FROM prescriptions_document WHERE psn_no = 'HS2'")
    assert "张三".encode() not in row["content"]
    assert centre.DOCUMENT not in row["document"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rxTraceCode": "F" * 20}, "RX_TRACE_CODE"),
        ({"mdtrtId": "1"}, "RX_SIGNED_CONTENT"),
        ({"drCode": "D9"}, "RX_SIGNED_CONTENT"),
        ({"hiRxno": "999"}, "RX_NOT_FOUND"),
        ({"hiRxno": "abc"}, "RX_NOT_FOUND"),
        ({"fixmedinsCode": OTHER_HOSPITAL}, "RX_SIGNED_CONTENT"),
        ({"prscDrName": "别的医师"}, "RX_SIGNED_CONTENT"),
        ({"patnName": "李四"}, "RX_SIGNED_CONTENT"),
        ({"patnName": ""}, "RX_SIGNED_CONTENT"),
        ({"certno": "999999199001010011"}, "RX_SIGNED_CONTENT"),
        ({"psnCertType": "02"}, "RX_SIGNED_CONTENT"),
    ],
)
async def test_only_what_was_checked_is_signed(conn: Conn, changes: dict[str, str], code: str) -> None:
    case = await centre.checked(conn, centre.name())
    content = content_of(case, **changes)
    assert code_of(await services.sign(conn, office(), HOSPITAL, content, centre.DOCUMENT)) == code


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff\xfe", b'"x"', b"[" * 5_000, b"{" + b" " * 20_000 + b"}"]
)
async def test_what_is_no_information_is_not_signed(conn: Conn, content: bytes) -> None:
    assert code_of(await services.sign(conn, office(), HOSPITAL, content, b"x")) == "RX_SIGNED_CONTENT"


async def test_another_hospital_finds_no_prescription_to_sign(conn: Conn) -> None:
    case = await centre.checked(conn, "HS4")
    desk = office(who=OTHER_HOSPITAL)
    answer = await services.sign(conn, desk, OTHER_HOSPITAL, content_of(case), b"x")
    assert code_of(answer) == "RX_NOT_FOUND"


async def test_a_file_must_be_there_and_not_too_large(conn: Conn) -> None:
    content = content_of(await centre.checked(conn, "HS5"))
    assert code_of(await services.sign(conn, office(), HOSPITAL, content, b"")) == "MISSING_FIELD"
    large = b"x" * (2 * 1024 * 1024 + 1)
    assert code_of(await services.sign(conn, office(), HOSPITAL, content, large)) == "RX_DOCUMENT_TOO_LARGE"


async def test_without_a_certificate_of_the_day_nothing_is_signed(conn: Conn) -> None:
    case = await centre.checked(conn, "HS6")
    bare = centre.book(certified=False)
    answer = await services.sign(conn, office(book=bare), HOSPITAL, content_of(case), centre.DOCUMENT)
    assert code_of(answer) == "CERTIFICATE_MISSING"


async def test_a_doctor_who_is_suspended_meanwhile_has_nothing_signed(conn: Conn) -> None:
    case = await centre.checked(conn, "HS7")
    now = office(book=centre.book(Suspension(DOCTOR, HOSPITAL, centre.DAY, None)))
    answer = await services.sign(conn, now, HOSPITAL, content_of(case), centre.DOCUMENT)
    assert code_of(answer) == "DOCTOR_SUSPENDED"


# Circulation


async def upload(conn: Conn, case: Case, **changes: Any) -> services.Upload:
    """The upload that follows the signature, with changes."""
    made = await centre.signed(conn, case)
    fields = services.fields_of(json.loads(content_of(case, **changes.pop("fields", {}))))
    values = {"fields": fields, "document": made.document, "signature": made.signature}
    return services.Upload(**(values | changes))


@pytest.mark.clause("SX2022-27.art9.a")
@pytest.mark.clause("SX2022-27.art10.a")
async def test_a_signed_prescription_circulates(conn: Conn) -> None:
    case = await centre.checked(conn, "HC1")
    after = done(await services.circulate(conn, office(), await upload(conn, case)))
    assert after.state == "circulating"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document": b"another"}, "RX_DOCUMENT_CHANGED"),
        ({"signature": "A" * 86 + "=="}, "RX_SIGNATURE_INVALID"),
        ({"signature": ""}, "RX_SIGNATURE_INVALID"),
        ({"fields": {"patnName": "李四"}}, "RX_SIGNED_CONTENT"),
        ({"fields": {"rxTraceCode": "0" * 20}}, "RX_TRACE_CODE"),
        ({"fields": {"pharCode": "HY9"}}, "PHARMACIST_NOT_REGISTERED"),
        ({"fields": {"pharCode": DOCTOR}}, "PHARMACIST_NOT_REGISTERED"),
    ],
)
async def test_what_was_not_signed_does_not_circulate(conn: Conn, changes: dict[str, Any], code: str) -> None:
    case = await centre.checked(conn, centre.name())
    assert code_of(await services.circulate(conn, office(), await upload(conn, case, **changes))) == code


async def test_an_unsigned_prescription_does_not_circulate(conn: Conn) -> None:
    case = await centre.checked(conn, "HC3")
    fields = services.fields_of(json.loads(content_of(case)))
    given = services.Upload(fields=fields, document=b"x", signature="")
    assert code_of(await services.circulate(conn, office(), given)) == "RX_STATE"


async def test_a_prescription_circulates_once(conn: Conn) -> None:
    case = await centre.checked(conn, "HC4")
    given = await upload(conn, case)
    done(await services.circulate(conn, office(), given))
    assert code_of(await services.circulate(conn, office(), given)) == "RX_STATE"


async def test_snake_case_and_numbers_are_the_same_information(conn: Conn) -> None:
    case = await centre.checked(conn, "HC5")
    fields = services.fields_of(
        {"hi_rxno": int(case.rx_no), "mdtrt_id": case.prescription.visit_id, "certno": None}
    )
    assert (fields.rx_no, fields.visit_no, fields.cert_no) == (
        case.rx_no,
        str(case.prescription.visit_id),
        "",
    )


async def test_a_signature_by_another_key_is_refused(conn: Conn) -> None:
    """The register says another certificate meanwhile: what was signed does not verify under it."""
    case = await centre.checked(conn, "HC6")
    given = await upload(conn, case)

    class Forged:
        def sign(self, serial: str, data: bytes, user_id: bytes = b"") -> bytes:
            raise AssertionError

        def verify(self, serial: str, data: bytes, signature: bytes, user_id: bytes = b"") -> bool:
            return False

    assert code_of(await services.circulate(conn, office(signer=Forged()), given)) == "RX_SIGNATURE_INVALID"


# Withdrawal and confirmation


async def test_a_doctor_withdraws_and_the_reason_stays(conn: Conn) -> None:
    case = await centre.circulating(conn, "HW1")
    after = done(await services.withdraw(conn, office(), HOSPITAL, case.rx_no, DOCTOR, "剂量写错"))
    assert (after.state, after.events[-1].reason) == ("withdrawn", "剂量写错")


@pytest.mark.parametrize(
    ("doctor", "code"),
    [
        (SUSPENDED_DOCTOR, "DOCTOR_SUSPENDED"),
        (NURSE, "DOCTOR_NO_RIGHT"),
        (CHECKER, "DOCTOR_NO_RIGHT"),
        ("D9", "DOCTOR_NOT_REGISTERED"),
    ],
)
async def test_only_a_doctor_withdraws(conn: Conn, doctor: str, code: str) -> None:
    case = await centre.circulating(conn, centre.name())
    assert code_of(await services.withdraw(conn, office(), HOSPITAL, case.rx_no, doctor, "x")) == code


async def test_a_withdrawal_says_why(conn: Conn) -> None:
    assert code_of(await services.withdraw(conn, office(), HOSPITAL, "1", DOCTOR, "")) == "MISSING_FIELD"


async def test_another_hospital_withdraws_nothing(conn: Conn) -> None:
    case = await centre.circulating(conn, "HW3")
    answer = await services.withdraw(conn, office(), OTHER_HOSPITAL, case.rx_no, OTHER_DOCTOR, "x")
    assert code_of(answer) == "RX_NOT_FOUND"


async def test_a_withdrawal_breaks_the_hold_and_the_pharmacys_next_step_is_told(conn: Conn) -> None:
    held = await centre.approved(conn, await centre.circulating(conn, "HW4"))
    rx_no = held.case.rx_no
    done(await services.withdraw(conn, office(), HOSPITAL, rx_no, DOCTOR, "开错"))
    answer = await services.dispense(
        conn, office(who=PHARMACY), PHARMACY, rx_no, held.review_sn, centre.sale(centre.A)
    )
    assert code_of(answer) == "RX_REVOKED"


async def test_a_withdrawn_prescription_gives_its_number_to_no_other(conn: Conn) -> None:
    case = await centre.checked(conn, "HW5")
    done(await services.withdraw(conn, office(), HOSPITAL, case.rx_no, DOCTOR, "x"))
    again = centre.issue("HW5", case.prescription.visit_id, hosp_rx_no=case.prescription.hosp_rx_no)
    assert code_of(await services.check(conn, office(), again)) == "RX_NUMBER_USED"


async def test_what_a_pharmacy_sends_back_the_doctor_confirms(conn: Conn) -> None:
    case = await centre.circulating(conn, "HK1")
    held = await centre.accept(conn, case)
    desk = office(who=PHARMACY)
    proof = done(
        await services.verify(
            conn, desk, PHARMACY, case.rx_no, case.prescription.trace_code, held.token, centre.DOCUMENT
        )
    )
    sent_back = done(
        await services.review(
            conn, desk, PHARMACY, case.rx_no, held.token, reviewer_code=centre.reviewer_of(PHARMACY), passed=False,
            opinion="剂量偏大", verify_sn=proof.sn, reviewed_at=AT,
        )
    )  # fmt: skip
    assert (sent_back.case.state, sent_back.case.holder) == ("returned", "")
    assert (
        code_of(await services.authorise_online(conn, desk, PHARMACY, case.rx_no, "x")) == "RX_CODE_UNKNOWN"
    )
    after = done(await services.confirm(conn, office(), HOSPITAL, case.rx_no, DOCTOR))
    assert after.state == "circulating"
    assert (await centre.accept(conn, after)).case.holder == PHARMACY


async def test_nothing_is_confirmed_after_the_last_instant(conn: Conn) -> None:
    case = await centre.circulating(conn, "HK2")
    answer = await services.confirm(conn, office(AT + timedelta(days=3)), HOSPITAL, case.rx_no, DOCTOR)
    assert code_of(answer) == "RX_STATE"
