"""What is decided about a claim before anybody works on it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.reasons import Refusal
from gongji.claims import Place, Verdict, rules
from gongji.claims.values import Application, Payee, normal_text
from gongji.policy.calendar import working_calendar
from tests.claims.office import (
    DOCUMENTS,
    DUE_ON,
    FAR,
    QINGYANG,
    RECEIVED_ON,
    SERVICE_ON,
    application,
    refused,
    visit,
)
from tests.pg import world


def taken(given: Application) -> str:
    """The reason for which an application is not taken in; empty: it is."""
    refusal = rules.refuse_application(given, RECEIVED_ON)
    return refusal.code if refusal else ""


def test_a_sound_application_is_taken_in() -> None:
    assert taken(application("P1", visit(60_000), visit(1, number=2))) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visits": ()}, "NO_FEE_LINES"),
        ({"total_fen": 59_999}, "TOTAL_MISMATCH"),
        ({"received_on": RECEIVED_ON.replace(day=6)}, "BAD_FIELD"),
        ({"received_on": SERVICE_ON.replace(day=21)}, "SERVICE_IN_FUTURE"),
        ({"place": Place(region=QINGYANG)}, "MISSING_FIELD"),
        ({"place": Place(name="某院")}, "BAD_FIELD"),
        ({"place": Place(name="某院", region="61010")}, "BAD_FIELD"),
        ({"place": Place(name="某院", region="610100", kind="spa")}, "BAD_FIELD"),
        ({"place": Place(name="某院", region="610100", level="9")}, "BAD_FIELD"),
    ],
)
def test_an_application_that_cannot_be_true_is_not_taken_in(changes: dict[str, object], code: str) -> None:
    assert taken(msgspec.structs.replace(application("P1", visit(60_000)), **changes)) == code


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (visit(60_000, invoice_no=" "), "MISSING_FIELD"),
        (visit(60_000, excluded="WAR"), "BAD_FIELD"),
        (visit(60_000, med_type="x"), "UNKNOWN_CODE"),
        (visit(60_000, voucher_type="x"), "UNKNOWN_CODE"),
        (visit(60_000, diagnosis="\x00"), "BAD_FIELD"),
        (visit(60_000, lines=()), "NO_FEE_LINES"),
        (visit(10**12), "AMOUNT_OUT_OF_RANGE"),
    ],
)
def test_a_visit_that_cannot_be_true_is_not_taken_in(wrong: object, code: str) -> None:
    assert taken(application("P1", wrong)) == code  # type: ignore[arg-type]


def test_each_visit_has_a_line() -> None:
    assert taken(application("P1", visit(60_000), visit(number=2))) == "NO_FEE_LINES"


def test_two_visits_of_one_number_are_not_taken_in() -> None:
    twice = visit(60_000), visit(1, number=2, visit_no=1)
    assert taken(application("P1", *twice)) == "BAD_FIELD"


def test_a_line_that_appears_in_two_visits_is_not_taken_in() -> None:
    assert taken(application("P1", visit(60_000), visit(60_000, visit_no=2))) == "FEE_DUPLICATE"


def test_the_place_of_care_abroad_needs_no_region() -> None:
    abroad = application("P1", visit(60_000, excluded="ABROAD"), place=Place(name="某院"))
    assert taken(abroad) == ""


def test_the_term_is_the_laws_in_working_days() -> None:
    law, calendar = world.law(), working_calendar()
    assert rules.deadline(law, calendar, QINGYANG, RECEIVED_ON) == DUE_ON
    early = rules.deadline(law, calendar, QINGYANG, RECEIVED_ON.replace(year=2023))
    assert refused(early) == "NO_ACTIVE_PARAMETER_VERSION"
    assert refused(rules.deadline(law, calendar, QINGYANG, RECEIVED_ON.replace(year=2027))) == (
        "CALENDAR_YEAR_MISSING"
    )


def required(given: Application, *, designated: bool = True, region: str = QINGYANG) -> tuple[str, ...]:
    by_visit = {visit.visit_no: designated for visit in given.visits}
    answer = rules.required_documents(world.law(), region, given, by_visit)
    assert not isinstance(answer, Refusal), answer
    return answer


def test_the_law_lists_the_documents_that_are_asked_for() -> None:
    plain, emergency = application("P1", visit(1)), application("P1", visit(1, emergency=True))
    assert required(plain) == DOCUMENTS
    assert required(emergency) == DOCUMENTS
    assert required(emergency, designated=False) == (*DOCUMENTS, "emergency_certificate")
    failed = application("P1", visit(1), system_failure=True, by_agent=True)
    assert required(failed) == (*DOCUMENTS, "failure_certificate", "power_of_attorney", "agent_identity")


def test_everything_missing_is_named_in_one_go() -> None:
    missing = rules.missing_documents((*DOCUMENTS, "emergency_certificate"), ("fee_list", "identity"))
    assert missing == ("invoice", "diagnosis", "medical_record", "emergency_certificate")
    titles = rules.document_titles(world.law(), missing)
    assert titles == ("收费票据", "诊断证明", "病历资料", "急诊抢救证明")


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict("1-9", 1, "OUT_OF_CATALOGUE"), "BAD_FIELD"),
        (Verdict("1-1", 60_001, "OUT_OF_CATALOGUE"), "AMOUNT_OUT_OF_RANGE"),
        (Verdict("1-1", 0, "OUT_OF_CATALOGUE"), "AMOUNT_OUT_OF_RANGE"),
        (Verdict("1-1", 1, "BAD_MOOD"), "UNKNOWN_CODE"),
    ],
)
def test_a_verdict_that_fits_no_line_cannot_stand(verdict: Verdict, code: str) -> None:
    refusal = rules.refuse_verdicts(application("P1", visit(60_000)), (verdict,))
    assert refusal is not None
    assert refusal.code == code


def test_a_line_is_judged_once() -> None:
    twice = (Verdict("1-1", 1, "OUT_OF_CATALOGUE"), Verdict("1-1", 2, "OUT_OF_CATALOGUE"))
    assert refused(rules.refuse_verdicts(application("P1", visit(60_000)), twice)) == "FEE_DUPLICATE"


@given(
    amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    shares=st.lists(st.integers(0, 100), min_size=8, max_size=8),
)
def test_what_is_taken_out_leaves_the_invoice_whole(amounts: list[int], shares: list[int]) -> None:
    one = visit(*amounts)
    verdicts = [
        Verdict(line.key, line.amount_fen * share // 100, "OUT_OF_CATALOGUE", "保健品")
        for line, share in zip(one.lines, shares, strict=False)
        if line.amount_fen * share // 100
    ]
    lines = rules.accepted_lines(one, verdicts)
    assert sum(line.amount_fen for line in lines) == one.total_fen
    out = [line for line in lines if not line.item]
    assert sum(line.amount_fen for line in out) == sum(verdict.out_fen for verdict in verdicts)
    assert all("审核剔除：保健品" in line.local_item for line in out)
    assert len({line.key for line in lines}) == len(lines)


@pytest.mark.parametrize(
    ("first", "second"), [("００６１ 0001a", "00610001A"), ("0061 0001", "00610001"), ("ab1", "AB1")]
)
def test_an_invoice_number_is_the_same_however_it_is_typed(first: str, second: str) -> None:
    assert normal_text(first) == normal_text(second)


def test_a_place_is_known_by_its_code_or_its_name() -> None:
    assert Place(code="h1", name="甲").key == "H1"
    assert FAR.key == "西安某医院"


def test_a_bank_account_shows_its_last_four_digits_only() -> None:
    payee = Payee("张三", "某银行", "6222020000001234567")
    assert payee.masked.endswith("*4567")
    assert "张三" not in repr(payee)
    assert "622202" not in repr(payee)
