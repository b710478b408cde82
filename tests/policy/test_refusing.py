"""When the pool does not pay in Shanxi: each refusal with its article, switches, and facts that nobody gave."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.policy import Law, compile_law, overridden
from tests.policy.help import FACTS, SUMMER, document, law_of


@pytest.mark.parametrize(
    ("facts", "code", "clause"),
    [
        pytest.param(
            {"insured": "no"}, "NOT_INSURED", "SX2022-27.art2.a", marks=pytest.mark.clause("SX2022-27.art2.a")
        ),
        pytest.param(
            {"has_account": "no"},
            "NO_PERSONAL_ACCOUNT",
            "SX2022-27.art2.a",
            marks=pytest.mark.clause("SX2022-27.art2.a"),
        ),
        pytest.param(
            {"arrears": "yes"},
            "ARREARS",
            "SX2022-27.art26.5a",
            marks=pytest.mark.clause("SX2022-27.art26.5a"),
        ),
        pytest.param(
            {"waiting": "yes"},
            "WAITING_PERIOD",
            "SX2022-27.art26.5b",
            marks=pytest.mark.clause("SX2022-27.art26.5b"),
        ),
        pytest.param(
            {"internet": "yes"},
            "INTERNET_NOT_OPEN",
            "SX2022-27.art5.a",
            marks=pytest.mark.clause("SX2022-27.art5.a"),
        ),
        pytest.param(
            {"offsite": "TEMPORARY"},
            "OFFSITE_TEMPORARY",
            "SX2022-27.art26.4",
            marks=pytest.mark.clause("SX2022-27.art26.4"),
        ),
        pytest.param(
            {"designated": "no", "pooled_agreement": "no"},
            "NOT_DESIGNATED",
            "SX2022-27.art26.1a",
            marks=pytest.mark.clause("SX2022-27.art26.1a"),
        ),
        pytest.param(
            {"designated": "no", "emergency": "yes"},
            "NOT_DESIGNATED",
            "SX2022-27.art26.1a",
            marks=pytest.mark.clause("SX2022-27.art26.1a"),
        ),
        pytest.param(
            {"pooled_agreement": "no"},
            "NOT_POOLED_PROVIDER",
            "SX2022-27.art26.1a",
            marks=pytest.mark.clause("SX2022-27.art26.1a"),
        ),
        pytest.param(
            {"voucher": "no"},
            "NO_VALID_VOUCHER",
            "SX2022-27.art26.1b",
            marks=pytest.mark.clause("SX2022-27.art26.1b"),
        ),
        pytest.param(
            {"prescription": "none"},
            "NO_PRESCRIPTION",
            "SX2022-27.art26.2",
            marks=pytest.mark.clause("SX2022-27.art26.2"),
        ),
        pytest.param(
            {"prescription": "expired"},
            "RX_EXPIRED",
            "SX2022-27.art11",
            marks=pytest.mark.clause("SX2022-27.art11"),
        ),
        pytest.param(
            {"offsite": "LONG_TERM_IN_PROVINCE", "designated": "no"},
            "NOT_DESIGNATED",
            "SX2022-27.art26.3",
            marks=pytest.mark.clause("SX2022-27.art26.3"),
        ),
        pytest.param(
            {"offsite": "LONG_TERM_OUT_OF_PROVINCE", "designated": "no"},
            "NOT_DESIGNATED",
            "SX2022-27.art26.3",
            marks=pytest.mark.clause("SX2022-27.art26.3"),
        ),
        pytest.param(
            {"offsite": "LONG_TERM_IN_PROVINCE", "pooled_agreement": "no"},
            "OFFSITE_NOT_OPEN",
            "SX2022-27.art24.a",
            marks=pytest.mark.clause("SX2022-27.art24.a"),
        ),
        ({"excluded": "WORK_INJURY"}, "WORK_INJURY", "CN-SBX.art30.1"),
        ({"excluded": "ABROAD"}, "ABROAD", "CN-SBX.art30.4"),
    ],
)
def test_a_refusal_names_reason_and_article(law: Law, facts: dict[str, str], code: str, clause: str) -> None:
    refusal = law.pool_refusal("14", SUMMER, {**FACTS, **facts})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == (code, clause)
    assert refusal.article == law.provision(clause).citation


def test_nothing_speaks_against_an_ordinary_visit(law: Law) -> None:
    assert law.pool_refusal("14", SUMMER, FACTS) is None


@pytest.mark.clause("SX2022-27.art24.a", "SX2022-27.art24.c")
@pytest.mark.parametrize("offsite", ["LONG_TERM_IN_PROVINCE", "LONG_TERM_OUT_OF_PROVINCE"])
def test_a_long_term_resident_elsewhere_is_paid(law: Law, offsite: str) -> None:
    assert law.pool_refusal("14", SUMMER, {**FACTS, "offsite": offsite}) is None


def test_a_hospital_visit_needs_no_prescription(law: Law) -> None:
    assert law.pool_refusal("14", SUMMER, {**FACTS, "place": "class3", "prescription": "none"}) is None


def test_a_pharmacy_is_known_by_its_kind_too(law: Law) -> None:
    facts = {key: value for key, value in FACTS.items() if key != "place"}
    refusal = law.pool_refusal("14", SUMMER, {**facts, "kind": "pharmacy", "prescription": "none"})
    assert refusal is not None
    assert refusal.code == "NO_PRESCRIPTION"


def test_an_internet_hospital_is_known_by_its_kind(law: Law) -> None:
    facts = {**FACTS, "place": "class3", "kind": "internet"}
    refusal = law.pool_refusal("14", SUMMER, facts)
    assert refusal is not None
    assert refusal.code == "INTERNET_NOT_OPEN"


@pytest.mark.parametrize("fact", ["arrears", "designated", "voucher", "has_account", "waiting", "insured"])
def test_a_fact_that_nobody_gave_is_refused_and_not_guessed(law: Law, fact: str) -> None:
    facts = {key: value for key, value in FACTS.items() if key != fact}
    refusal = law.pool_refusal("14", SUMMER, facts)
    assert refusal is not None
    assert refusal.code == "ATTRIBUTE_MISSING"
    assert fact in refusal.text


@pytest.mark.clause("SX2024-11.s1.h")
def test_the_switch_for_temporary_stays_opens_them(law: Law) -> None:
    opened = overridden(law, "14", {"offsite.temporary.pool_payable": "yes"}, since=date(2024, 8, 1))
    facts = {**FACTS, "offsite": "TEMPORARY"}
    assert opened.pool_refusal("14", SUMMER, facts) is None
    before = opened.pool_refusal("14", date(2024, 7, 31), facts)
    assert before is not None
    assert before.code == "OFFSITE_TEMPORARY"


def test_a_rule_holds_only_on_the_days_of_its_document() -> None:
    rule = "provisions:\n  - {clause: T.1, text: 测试, refuses: [{reason: RESTRICTED, when: {status: retired}}]}\n"
    law = law_of(document(rule, since="2024-03-01", until="2024-03-31"))
    facts = {**FACTS, "status": "retired"}
    answers = [law.pool_refusal("9901", date(2024, 3, day), facts) for day in (1, 31)]
    assert [answer.code if answer else None for answer in answers] == ["RESTRICTED", "RESTRICTED"]
    assert law.pool_refusal("9901", date(2024, 4, 1), facts) is None
    assert law.pool_refusal("9901", date(2024, 2, 29), facts) is None


def test_rules_are_tried_by_rank_and_then_from_the_nearest_region() -> None:
    rules = (
        "provisions:\n  - clause: T.1\n    text: 测试\n    refuses:\n"
        "      - {reason: RESTRICTED, when: {status: active}, rank: 90}\n"
        "      - {reason: OUT_OF_CATALOGUE, when: {status: active}, rank: 5}\n"
        "      - {reason: ABROAD, when: {excluded: ABROAD}, rank: 1}\n"
    )
    law = law_of(document(rules))
    first = law.pool_refusal("9901", SUMMER, {**FACTS, "excluded": "ABROAD"})
    second = law.pool_refusal("9901", SUMMER, FACTS)
    assert first is not None
    assert second is not None
    assert first.clause == "T.1"
    assert second.code == "OUT_OF_CATALOGUE"


def test_a_region_without_documents_is_refused(law: Law) -> None:
    refusal = law.pool_refusal("77", SUMMER, FACTS)
    assert refusal is not None
    assert refusal.code == "REGION_UNKNOWN"


def test_asking_twice_gives_the_same_answer(law: Law) -> None:
    fresh = compile_law(law.library)
    facts = {**FACTS, "arrears": "yes"}
    assert fresh.pool_refusal("14", SUMMER, facts) == fresh.pool_refusal("14", SUMMER, dict(facts))
