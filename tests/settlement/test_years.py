"""Where a person's year stands, and what a fact does to it."""

from gongji.kernel import layout
from gongji.settlement.years import EMPTY, YearState, chronic, sums_of


def test_an_empty_year_has_used_nothing_of_any_benefit() -> None:
    assert EMPTY.sums("ordinary") == (0, 0, 0)


def test_sums_are_kept_by_benefit() -> None:
    year = EMPTY.adding("ordinary", (3_000, 10_000, 4_550)).adding("as_inpatient", (80_000, 500_000, 357_000))
    assert year.adding("ordinary", (0, 10_000, 6_500)).sums("ordinary") == (3_000, 20_000, 11_050)
    assert year.sums("as_inpatient") == (80_000, 500_000, 357_000)


def test_adding_nothing_adds_no_benefit() -> None:
    assert EMPTY.adding(chronic("M03900"), (0, 0, 0)) is EMPTY


def test_a_ceiling_below_what_was_paid_keeps_what_was_paid() -> None:
    """Decision A08: who has used 2,500 and falls under 1,800 has no room, but nothing wrong in the past."""
    year = EMPTY.adding("ordinary", (0, 0, 250_000))
    assert year.under_ceiling("ordinary", 180_000).ceilings == (250_000,)
    assert year.under_ceiling("ordinary", 300_000).ceilings == (300_000,)


def test_no_ceiling_is_kept_as_none() -> None:
    assert EMPTY.under_ceiling("ordinary", layout.NONE).ceilings == (None,)


def test_a_fact_advances_version_and_chain_and_a_touch_only_the_version() -> None:
    year = YearState(version=4, seq=2, head=b"old")
    after = year.with_fact(b"new")
    assert (after.version, after.seq, after.head) == (5, 3, b"new")
    touched = year.touched()
    assert (touched.version, touched.seq, touched.head) == (5, 2, b"old")


def test_a_waterfall_counts_for_its_benefit_and_for_the_chronic_quota() -> None:
    waterfall = [0] * layout.W_SIZE
    waterfall[layout.W_DEDUCTIBLE_FEN] = 3_000
    waterfall[layout.W_IN_SCOPE_FEN] = 10_000
    waterfall[layout.W_POOL_PAY_FEN] = 4_550
    waterfall[layout.W_CHRONIC_FEE_FEN] = 5_000
    waterfall[layout.W_CHRONIC_PAY_FEN] = 4_000
    assert sums_of(waterfall) == ((3_000, 10_000, 4_550), (0, 5_000, 4_000))
