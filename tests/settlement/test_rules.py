"""The one decision: what comes first, what is refused, who pays."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.kernel.visit import MAX_LINES
from gongji.policy import overridden
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide, family_draws
from tests.settlement.visits import ACCOUNT, demo_law, law, line, state_acc, visit


def settled(asked: VisitInput, state: PersonState | None = None) -> Outcome:
    outcome = decide(law(), asked, state or PersonState(charged=(0, 0, 0)))
    assert isinstance(outcome, Outcome), outcome
    return outcome


def refused(asked: VisitInput, state: PersonState | None = None) -> Refusal:
    refusal = decide(law(), asked, state or PersonState(charged=(0, 0, 0)))
    assert isinstance(refusal, Refusal), refusal
    return refusal


@pytest.mark.clause("SX2022-27.art20.c", "SX2024-11.s1.e3")
def test_the_pool_pays_its_rate_of_what_is_above_the_deductible() -> None:
    outcome = settled(visit(line(10_000)))
    assert outcome.waterfall[layout.W_POOL_PAY_FEN] == 4_550
    assert outcome.ratio_bp == 6_500


def test_the_accumulators_after_a_visit_hold_its_deductible_and_fund() -> None:
    outcome = settled(visit(line(10_000)), PersonState(state_acc(deductible_year=6_000), charged=(0, 0, 0)))
    assert outcome.acc_after == (3_000, 9_000, 10_000, 4_550, 4_550, 4_550, 4_550, 4_550)


@pytest.mark.clause("SX2022-27.art26.1b", "SX2022-27.art26.0")
def test_a_refused_visit_is_all_full_selfpay_and_accumulates_nothing() -> None:
    before = state_acc(deductible_year=6_000, fund_year=10_000)
    outcome = settled(visit(line(10_000), line(500, layout.TREAT_B_DRUG), voucher="no"), PersonState(before))
    assert outcome.refusal is not None
    assert outcome.refusal.code == "NO_VALID_VOUCHER"
    assert outcome.waterfall[layout.W_FULL_SELFPAY_FEN] == 10_500
    assert outcome.acc_after == before
    assert outcome.ratio_bp is None


@pytest.mark.clause("SX2022-27.art26.5a")
def test_accounts_may_still_pay_when_the_pool_refuses() -> None:
    outcome = settled(visit(line(10_000), arrears="yes"), PersonState(own_fen=4_000, family=(("F", 2_000),)))
    assert outcome.waterfall[layout.W_ACCOUNT_FEN] == 4_000
    assert outcome.family_draws == (("F", 2_000),)
    assert outcome.waterfall[layout.W_CASH_FEN] == 4_000


def test_a_region_may_forbid_accounts_where_the_pool_refuses() -> None:
    by = overridden(law(), "14", {"account.when_pool_refuses": "no"})
    outcome = decide(
        by, visit(line(10_000), arrears="yes"), PersonState(own_fen=4_000, family=(("F", 2_000),))
    )
    assert isinstance(outcome, Outcome)
    assert outcome.waterfall[layout.W_CASH_FEN] == 10_000
    paid = decide(by, visit(line(10_000)), PersonState(own_fen=4_000))
    assert isinstance(paid, Outcome)
    assert paid.waterfall[layout.W_ACCOUNT_FEN] == 4_000


@pytest.mark.clause("SX2022-27.art26.4")
def test_a_temporary_visit_outside_is_paid_at_the_reduced_rate_once_the_law_opens_it() -> None:
    opened = {"offsite.temporary.pool_payable": "yes", "offsite.temporary.ratio_delta": "10%"}
    by = overridden(law(), "14", opened)
    away = decide(by, visit(line(10_000), offsite="TEMPORARY"), PersonState())
    home = decide(by, visit(line(10_000)), PersonState())
    assert isinstance(away, Outcome)
    assert isinstance(home, Outcome)
    assert (away.ratio_bp, away.waterfall[layout.W_POOL_PAY_FEN]) == (5_500, 3_850)
    assert home.ratio_bp == 6_500
    assert {"OVERRIDE.1", "SX2024-11.s1.e3"} <= set(away.row.sources)


def test_a_balance_that_may_not_be_used_stays_untouched() -> None:
    outcome = settled(
        visit(line(10_000), own_allowed=False, family_allowed=False),
        PersonState(own_fen=4_000, family=(("F", 2_000),)),
    )
    assert outcome.waterfall[layout.W_ACCOUNT_FEN] == 0
    assert outcome.family_draws == ()


def test_a_refused_line_keeps_its_own_reason_and_its_ban_on_accounts() -> None:
    lines = (line(800, layout.TREAT_FULL_SELFPAY, flags=0, reason="DELIVERY_FEE"), line(1_000))
    outcome = settled(visit(*lines, arrears="yes"), PersonState(own_fen=9_000))
    assert [item.reason for item in outcome.lines] == ["DELIVERY_FEE", "ARREARS"]
    assert outcome.waterfall[layout.W_ACCOUNT_FEN] == 1_000


@pytest.mark.clause("QY.art12.a")
def test_a_place_without_a_row_can_still_be_refused_by_the_pool() -> None:
    outcome = settled(
        visit(line(50_000), region="6210", place="clinic", on=date(2023, 5, 10), allow_draft=True)
    )
    assert outcome.refusal is not None
    assert outcome.refusal.code == "CLINIC_EXCLUDED"
    assert outcome.waterfall[layout.W_POOL_PAY_FEN] == 0


def test_a_refusal_of_the_pool_comes_before_a_missing_version_of_the_law() -> None:
    outcome = settled(visit(line(10_000), on=date(2029, 7, 1), voucher="no"))
    assert outcome.refusal is not None
    assert outcome.refusal.code == "NO_VALID_VOUCHER"


@pytest.mark.clause("SX2024-11.eff.b")
def test_without_a_version_in_force_nothing_is_settled() -> None:
    assert refused(visit(line(10_000), on=date(2029, 7, 1))).code == "NO_ACTIVE_PARAMETER_VERSION"


def test_a_draft_is_refused_unless_it_is_asked_for() -> None:
    asked = {"region": "6210", "place": "level2", "on": date(2023, 5, 10)}
    assert refused(visit(line(10_000), **asked)).code == "LAW_DRAFT"  # type: ignore[arg-type]
    assert settled(visit(line(10_000), allow_draft=True, **asked)).row.draft  # type: ignore[arg-type]


def test_a_draft_s_refusal_is_not_applied_either() -> None:
    asked = visit(line(10_000), region="6210", place="clinic", on=date(2023, 5, 10))
    assert refused(asked).code == "LAW_DRAFT"


def test_an_unknown_region_is_refused() -> None:
    assert refused(visit(line(10_000), region="9999")).code == "REGION_UNKNOWN"


def test_a_fact_that_is_needed_and_missing_is_never_guessed() -> None:
    asked = visit(line(10_000), place="pharmacy")
    assert refused(asked).code == "ATTRIBUTE_MISSING"


def test_an_unknown_benefit_is_refused() -> None:
    assert refused(visit(line(10_000), benefit="dental")).code == "BENEFIT_UNKNOWN"


@pytest.mark.clause("SX2022-27.art20.b")
def test_an_unset_prepay_is_refused_with_its_article_when_a_line_uses_it() -> None:
    refusal = refused(visit(line(10_000), line(200, layout.TREAT_B_SERVICE)))
    assert refusal.code == "PARAMETER_UNSPECIFIED"
    assert refusal.clause == "SX2022-27.art20.b"
    assert "第 2 条" in refusal.text
    assert "晋医保办发〔2022〕27号 第二十条" in refusal.text


def test_an_unset_prepay_that_no_line_uses_does_no_harm() -> None:
    assert settled(visit(line(10_000), line(200, layout.TREAT_B_DRUG))).waterfall[layout.W_PREPAY_FEN] == 10


def test_an_unset_prepay_does_no_harm_when_the_pool_refuses() -> None:
    assert settled(visit(line(200, layout.TREAT_B_SERVICE), arrears="yes")).refusal is not None


def test_a_chronic_line_without_a_fixed_ratio_is_refused() -> None:
    chronic = line(10_000, flags=layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT)
    refusal = refused(visit(chronic), PersonState(quota_fen=5_000))
    assert refusal.code == "PARAMETER_UNSPECIFIED"


def test_a_used_up_quota_needs_no_ratio() -> None:
    chronic = line(10_000, flags=layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT)
    assert settled(visit(chronic), PersonState(quota_fen=0)).waterfall[layout.W_POOL_PAY_FEN] == 4_550


def test_a_refused_visit_does_not_draw_on_the_chronic_quota() -> None:
    chronic = line(10_000, flags=layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT)
    outcome = decide(demo_law(), visit(chronic, arrears="yes"), PersonState(quota_fen=5_000))
    assert isinstance(outcome, Outcome)
    assert outcome.waterfall[layout.W_CHRONIC_PAY_FEN] == 0


def test_a_visit_without_lines_is_refused() -> None:
    assert refused(visit()).code == "NO_FEE_LINES"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line(1)] * (MAX_LINES + 1), "TOO_MANY_LINES"),
        ([line(-1)], "AMOUNT_OUT_OF_RANGE"),
        ([line(MAX_FEN + 1)], "AMOUNT_OUT_OF_RANGE"),
        ([line(MAX_FEN), line(1)], "AMOUNT_OUT_OF_RANGE"),
        ([line(1, standard_fen=-5)], "AMOUNT_OUT_OF_RANGE"),
    ],
    ids=[
        "1001 lines",
        "negative",
        "beyond a line's bound",
        "beyond the visit's bound",
        "impossible standard",
    ],
)
def test_what_cannot_be_computed_exactly_is_refused(lines: list, code: str) -> None:  # type: ignore[type-arg]
    assert refused(visit(*lines)).code == code


def test_the_largest_amount_is_computed_exactly() -> None:
    outcome = settled(visit(line(MAX_FEN)))
    assert outcome.waterfall[layout.W_POOL_BEFORE_CAP_FEN] == (MAX_FEN - 3_000) * 65 // 100


@pytest.mark.clause("SX2022-27.art22", "SX2023-2.s2.b")
def test_the_law_s_own_kind_of_deductible_picks_its_window() -> None:
    charged = PersonState(state_acc(deductible_year=3_000), charged=(2_000, 2_500, 3_000))
    assert settled(visit(line(10_000)), charged).waterfall[layout.W_DEDUCTIBLE_FEN] == 1_000


@pytest.mark.clause("QY.art15.b")
def test_a_yearly_deductible_reads_the_year_whatever_the_visit_was_charged() -> None:
    asked = visit(line(50_000), region="6210", place="level2", on=date(2023, 5, 10), allow_draft=True)
    charged = PersonState(state_acc(deductible_year=20_000), charged=(0, 0, 0))
    assert settled(asked, charged).waterfall[layout.W_DEDUCTIBLE_FEN] == 10_000


def test_accumulators_without_windows_are_taken_as_they_are() -> None:
    outcome = settled(visit(line(10_000)), PersonState(state_acc(deductible_window=2_000)))
    assert outcome.waterfall[layout.W_DEDUCTIBLE_FEN] == 1_000


@pytest.mark.clause("SX2021-103.s2.4.b")
def test_relatives_pay_in_binding_order_and_who_pays_nothing_is_left_out() -> None:
    family = (("spouse", 500), ("mother", 0), ("son", 2_000), ("father", 900))
    assert family_draws(family, 1_200) == (("spouse", 500), ("son", 700))


def test_unconfirmed_values_are_named_only_when_the_visit_uses_them() -> None:
    assert settled(visit(line(10_000), place="class1")).unconfirmed == ("deductible.per_visit",)
    assert settled(visit(line(10_000), place="class1", arrears="yes")).unconfirmed == ()


def test_city_and_county_codes_use_the_law_of_their_province() -> None:
    amounts = {
        settled(visit(line(10_000), region=code)).waterfall for code in ("14", "1408", "140830", "140800")
    }
    assert len(amounts) == 1


def test_the_persons_own_ratio_replaces_the_laws_and_asks_for_no_confirmation_of_it() -> None:
    chronic = msgspec.structs.replace(
        visit(line(10_000, flags=ACCOUNT | layout.FLAG_CARVE_OUT)), chronic_bp=7_000
    )
    outcome = settled(chronic, PersonState(quota_fen=100_000))
    assert outcome.waterfall[layout.W_CHRONIC_PAY_FEN] == 7_000
    assert outcome.row.sources[layout.ROW_CARVE_OUT_BP] is None
    assert "chronic.rate" not in outcome.unconfirmed


def test_an_overflow_that_a_document_leaves_open_is_refused_when_a_quota_is_used() -> None:
    by = overridden(demo_law(), "14", {"chronic.overflow": "unspecified"})
    chronic = visit(line(10_000, flags=ACCOUNT | layout.FLAG_CARVE_OUT))
    refused_ = decide(by, chronic, PersonState(quota_fen=100_000))
    assert isinstance(refused_, Refusal)
    assert (refused_.code, refused_.clause is not None) == ("PARAMETER_UNSPECIFIED", True)
    assert not isinstance(decide(by, visit(line(10_000)), PersonState()), Refusal)
