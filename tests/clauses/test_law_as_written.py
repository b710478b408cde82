"""Clauses that a row, a refusal or one decided visit of the built-in library proves by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import product

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, Row, compile_law, load_library
from gongji.settlement.lines import line_treatment
from gongji.settlement.rules import LineInput, Outcome, PersonState, VisitInput, decide

SHANXI, QINGYANG = "14", "6210"
BEFORE, AFTER = date(2024, 6, 30), date(2024, 7, 1)
PLACES = ("class1", "class2", "class3", "pharmacy")
FACTS = {
    "status": "active",
    "place": "class3",
    "kind": "hospital",
    "designated": "yes",
    "pooled_agreement": "yes",
    "voucher": "yes",
    "arrears": "no",
    "waiting": "no",
    "has_account": "yes",
    "insured": "yes",
    "prescription": "not_needed",
}


@cache
def law() -> Law:
    return compile_law(load_library())


def row(region: str, on: date, **facts: str) -> Row:
    found = law().row(region, on, FACTS | facts)
    assert isinstance(found, Row), found
    return found


def rate(region: str, on: date, **facts: str) -> int:
    return row(region, on, **facts).cells[layout.ROW_BAND_BP]


def settle(
    region: str, on: date, *lines: LineInput, state: PersonState | None = None, **facts: str
) -> Outcome:
    visit = VisitInput(region, on, "ordinary", FACTS | facts, lines, allow_draft=True)
    outcome = decide(law(), visit, state or PersonState())
    assert isinstance(outcome, Outcome), outcome
    return outcome


def line(fen: int, standard_fen: int = layout.NONE, treat: int = layout.TREAT_A) -> LineInput:
    return LineInput("1", "X", "某药", fen, standard_fen, treat)


def refusal_of(region: str, facts: Mapping[str, str], on: date = AFTER) -> Refusal | None:
    return law().pool_refusal(region, on, FACTS | facts)


@pytest.mark.parametrize(
    "region",
    [
        pytest.param(SHANXI, marks=pytest.mark.clause("SX2022-27.art29.b", "SX2021-103.s2.1.a")),
        pytest.param(QINGYANG, marks=pytest.mark.clause("QY.art29.b")),
    ],
)
def test_the_scheme_begins_with_2023(region: str) -> None:
    facts = FACTS | {"place": "class3" if region == SHANXI else "level2"}
    assert isinstance(law().row(region, date(2022, 12, 31), facts), Refusal)
    assert isinstance(law().row(region, date(2023, 1, 1), facts), Row)


@pytest.mark.clause("SX2021-103.s2.1.a")
@pytest.mark.parametrize("area", ["140000", "140100", "140800", "140830", "141000"])
def test_every_area_of_shanxi_has_the_same_row(area: str) -> None:
    assert row(area, AFTER).cells == row(SHANXI, AFTER).cells


@pytest.mark.clause("QY.art14.a")
@pytest.mark.parametrize("county", ["621002", "621021", "621027"])
def test_every_county_of_qingyang_has_the_same_row(county: str) -> None:
    assert row(county, AFTER, place="level2").cells == row(QINGYANG, AFTER, place="level2").cells


@pytest.mark.clause("SX2021-103.s2.1.d")
@pytest.mark.parametrize(
    ("on", "status", "place"), [*product((BEFORE, AFTER), ("active", "retired"), PLACES)]
)
def test_no_rate_of_shanxi_is_below_one_half(on: date, status: str, place: str) -> None:
    assert rate(SHANXI, on, status=status, place=place) >= 5000


@pytest.mark.clause("SX2021-103.s2.1.e")
@pytest.mark.parametrize(("on", "place"), [*product((BEFORE, AFTER), PLACES)])
def test_retired_members_are_better_off(on: date, place: str) -> None:
    active, retired = (row(SHANXI, on, status=status, place=place).cells for status in ("active", "retired"))
    assert retired[layout.ROW_BAND_BP] > active[layout.ROW_BAND_BP]
    assert retired[layout.ROW_CEILING_YEAR_FEN] > active[layout.ROW_CEILING_YEAR_FEN]


@pytest.mark.clause("SX2021-103.s2.1.g")
@pytest.mark.parametrize(("on", "status"), [*product((BEFORE, AFTER), ("active", "retired"))])
def test_the_lower_class_pays_the_higher_rate(on: date, status: str) -> None:
    first, second, third = (rate(SHANXI, on, status=status, place=place) for place in PLACES[:3])
    assert first < second < third


@pytest.mark.clause("NHSA2023-4.s3.1.b")
@pytest.mark.parametrize(("on", "status"), [*product((BEFORE, AFTER), ("active", "retired"))])
def test_a_pharmacy_has_the_row_of_the_primary_level(on: date, status: str) -> None:
    pharmacy = row(SHANXI, on, status=status, place="pharmacy").cells
    assert pharmacy == row(SHANXI, on, status=status, place="class3").cells


@pytest.mark.clause("QY.art4")
def test_qingyang_asks_for_no_personal_account() -> None:
    assert refusal_of(QINGYANG, {"place": "level2", "has_account": "no"}) is None


@pytest.mark.clause("SX2022-27.art26.0", "QY.art23.0")
@pytest.mark.parametrize("region", [SHANXI, QINGYANG])
def test_a_refused_visit_is_borne_by_the_member_and_counts_toward_nothing(region: str) -> None:
    place = "class3" if region == SHANXI else "level2"
    outcome = settle(
        region, AFTER, line(50_000), place=place, excluded="WORK_INJURY", arrears="yes", voucher="no"
    )
    assert outcome.refusal is not None
    assert outcome.waterfall[layout.W_POOL_PAY_FEN] == 0
    assert outcome.waterfall[layout.W_FULL_SELFPAY_FEN] == 50_000
    assert outcome.acc_after == outcome.acc_before


@pytest.mark.parametrize(
    ("excluded", "clause"),
    [
        pytest.param("WORK_INJURY", "QY.art23.2", marks=pytest.mark.clause("QY.art23.2")),
        pytest.param("THIRD_PARTY", "QY.art23.3", marks=pytest.mark.clause("QY.art23.3")),
        pytest.param("PUBLIC_HEALTH", "QY.art23.4", marks=pytest.mark.clause("QY.art23.4")),
        pytest.param("ABROAD", "QY.art23.5", marks=pytest.mark.clause("QY.art23.5")),
    ],
)
def test_what_somebody_else_pays_is_refused_with_its_article(excluded: str, clause: str) -> None:
    refusal = refusal_of(QINGYANG, {"place": "level2", "excluded": excluded})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == (excluded, clause)


@pytest.mark.parametrize(
    ("region", "place", "clause"),
    [
        pytest.param(SHANXI, "class3", "SX2022-27.art5.a", marks=pytest.mark.clause("SX2022-27.art5.a")),
        pytest.param(QINGYANG, "level2", "QY.art12.d", marks=pytest.mark.clause("QY.art12.d")),
    ],
)
def test_internet_visits_are_closed_until_the_area_opens_them(region: str, place: str, clause: str) -> None:
    refusal = refusal_of(region, {"place": place, "kind": "internet"})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("INTERNET_NOT_OPEN", clause)


@pytest.mark.clause("QY.art22.2b")
def test_a_manual_claim_is_refused_where_direct_settlement_exists() -> None:
    refusal = refusal_of(QINGYANG, {"place": "level2", "manual": "yes", "direct_settlement": "yes"})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("DIRECT_SETTLEMENT_AVAILABLE", "QY.art22.2b")


@pytest.mark.clause("QY.art15.a", "QY.art16.a")
def test_qingyang_takes_the_deductible_then_the_rate() -> None:
    waterfall = settle(QINGYANG, AFTER, line(50_000), place="level2").waterfall
    assert waterfall[layout.W_DEDUCTIBLE_FEN] == 30_000
    assert waterfall[layout.W_POOL_PAY_FEN] == 12_000


@pytest.mark.clause("QY.art14.b")
def test_qingyang_sets_aside_what_is_outside_catalogue_and_standard() -> None:
    outside = line(10_000, treat=layout.TREAT_FULL_SELFPAY)
    waterfall = settle(QINGYANG, AFTER, line(50_000, 40_000), outside, place="level2").waterfall
    assert waterfall[layout.W_FULL_SELFPAY_FEN] == 10_000
    assert waterfall[layout.W_OVER_LIMIT_FEN] == 10_000
    assert waterfall[layout.W_IN_SCOPE_FEN] == 40_000


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        pytest.param(
            "consumable",
            {"at_pharmacy": True},
            "PHARMACY_DRUGS_ONLY",
            marks=pytest.mark.clause("SX2022-27.art9.c", "NHSA2023-4.s3.1.a"),
        ),
        pytest.param(
            "drug",
            {"at_pharmacy": True, "on_prescription": False},
            "NO_PRESCRIPTION",
            marks=pytest.mark.clause("NHSA2023-4.s3.1.a"),
        ),
        pytest.param(
            "service",
            {"in_house": False},
            "SERVICE_NOT_IN_HOUSE",
            marks=pytest.mark.clause("SX2022-27.art9.b"),
        ),
        pytest.param("delivery", {}, "DELIVERY_FEE", marks=pytest.mark.clause("NHSA2023-4.s3.1.d")),
    ],
)
def test_the_pool_does_not_pay_such_a_line(kind: str, facts: dict[str, bool], reason: str) -> None:
    treatment = line_treatment("A", kind, **facts)
    assert (treatment.treat, treatment.reason) == (layout.TREAT_FULL_SELFPAY, reason)
