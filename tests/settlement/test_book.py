"""One person's book: windows, quotas, refunds and what they would change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, overridden
from gongji.settlement.book import Book, Purchase, Refunded, Settled
from gongji.settlement.replay import Opening, Proposal
from tests.settlement.visits import AUGUST, demo_law, law, line, visit

CHRONIC = layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT


def bought(
    amount_fen: int,
    on: date = AUGUST,
    group: str = "E1",
    place: str = "class3",
    flags: int = layout.FLAG_ACCOUNT,
    **more: str,
) -> Purchase:
    facts = {"prescription": "valid"} if place == "pharmacy" else {}
    return Purchase(visit(line(amount_fen, flags=flags), on=on, place=place, **facts), group, place, **more)  # type: ignore[arg-type]


def settle(book: Book, purchase: Purchase, key: int) -> Settled:
    settled = book.settle(purchase, key)
    assert isinstance(settled, Settled), settled
    return settled


def refund(book: Book, of_key: int, key: int) -> Refunded:
    refunded = book.refund(of_key, key)
    assert isinstance(refunded, Refunded), refunded
    return refunded


def deductible(settled: Settled) -> int:
    return settled.outcome.waterfall[layout.W_DEDUCTIBLE_FEN]


def pool(settled: Settled) -> int:
    return settled.outcome.waterfall[layout.W_POOL_PAY_FEN]


@pytest.mark.clause("SX2022-27.art22", "SX2023-2.s2.b")
def test_a_visit_group_is_charged_the_highest_deductible_once() -> None:
    book = Book(law())
    assert deductible(settle(book, bought(10_000, place="pharmacy"), 0)) == 3_000
    assert deductible(settle(book, bought(12_000, place="class1"), 1)) == 5_000
    assert deductible(settle(book, bought(12_000, place="class2"), 2)) == 0


def test_a_visit_group_outlives_the_year() -> None:
    book = Book(law())
    settle(book, bought(10_000, on=date(2024, 12, 31)), 0)
    assert deductible(settle(book, bought(5_000, on=date(2025, 1, 2), place="pharmacy"), 1)) == 0


def test_a_new_year_starts_from_zero() -> None:
    book = Book(law(), openings=(Opening(2024, "ordinary", 30_000, 250_000),))
    settled = settle(book, bought(10_000, on=date(2025, 1, 1), group="E2"), 0)
    assert (deductible(settled), pool(settled)) == (3_000, 4_550)


def monthly() -> Law:
    cells = {"ceiling.per_month": "100.00", "ceiling.per_quarter": "250.00", "ceiling.per_day": "60.00"}
    return overridden(law(), "14", cells)


@pytest.mark.parametrize(
    ("on", "paid"),
    [
        (AUGUST, 0),
        (AUGUST + timedelta(days=1), 4_000),
        (date(2024, 9, 1), 6_000),
        (date(2024, 10, 1), 6_000),
    ],
    ids=["same day", "same month", "next month", "next quarter"],
)
def test_a_ceiling_counts_its_own_period_only(on: date, paid: int) -> None:
    book = Book(monthly())
    settle(book, bought(100_000), 0)
    assert pool(settle(book, bought(100_000, on=on, group="E2"), 1)) == paid


def test_a_quarter_s_ceiling_stops_the_third_month() -> None:
    book = Book(monthly())
    days = [date(2024, month, day) for month in (7, 8, 9) for day in (1, 2)]
    paid = [pool(settle(book, bought(100_000, on=on, group=f"E{on}"), key)) for key, on in enumerate(days)]
    assert paid == [6_000, 4_000, 6_000, 4_000, 5_000, 0]


@pytest.mark.parametrize(
    ("kind", "charged"),
    [
        ("per_settlement", [3_000] * 4),
        ("per_day", [3_000, 0, 3_000, 3_000]),
        ("per_month", [3_000, 0, 0, 3_000]),
    ],
)
def test_a_deductible_counts_its_own_window_only(kind: str, charged: list[int]) -> None:
    book = Book(overridden(law(), "14", {f"deductible.{kind}": "30.00"}))
    days = [AUGUST, AUGUST, AUGUST + timedelta(days=1), date(2024, 9, 1)]
    found = [
        deductible(settle(book, bought(10_000, on=on, group=f"E{key}"), key)) for key, on in enumerate(days)
    ]
    assert found == charged


@pytest.mark.clause("SX2022-27.art25.b")
def test_a_quota_is_used_up_before_the_pool_and_comes_back_with_a_refund() -> None:
    book = Book(demo_law(), quotas={"M": 4_000})
    settled = settle(book, bought(15_000, flags=CHRONIC, quota_key="M"), 0)
    assert settled.outcome.waterfall[layout.W_CHRONIC_PAY_FEN] == 4_000
    assert settled.quota_after_fen == 0
    refund(book, 0, 1)
    assert book.quotas == {"M": 4_000}


@pytest.mark.clause("SX2022-27.art25.b")
def test_with_pooling_from_the_next_visit_on_a_second_batch_of_the_visit_is_not_pooled_either() -> None:
    book = Book(overridden(demo_law(), "14", {"chronic.overflow": "next_visit"}), quotas={"M": 4_000})
    groups = ("E1", "E1", "E2")
    paid = [
        pool(settle(book, bought(15_000, group=group, flags=CHRONIC, quota_key="M"), key))
        for key, group in enumerate(groups)
    ]
    assert paid == [0, 0, 7_800]


@pytest.mark.clause("QY.art20.c", "QY.art21")
def test_benefits_keep_separate_accumulators() -> None:
    book = Book(demo_law())
    inpatient = visit(line(500_000), region="6210", place="level3", benefit="as_inpatient", allow_draft=True)
    settle(book, Purchase(inpatient, "I1"), 0)
    assert book.year(2024).fund_fen == 0
    assert book.year(2024, "as_inpatient").deductible_fen == 80_000


@pytest.mark.clause("SX2022-27.art14.c")
def test_one_prescription_item_is_dispensed_by_one_institution() -> None:
    book = Book(law())
    settle(book, bought(3_000, drugs=("D1",)), 0)  # type: ignore[arg-type]
    refusal = book.settle(bought(3_000, place="pharmacy", drugs=("D1", "D2")), 1)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal)
    assert refusal.code == "SAME_DRUG_DIFFERENT_INSTITUTION"
    assert book.year(2024).deductible_fen == 3_000


def test_the_rest_of_an_item_may_be_bought_where_it_was_begun() -> None:
    book = Book(law())
    settle(book, bought(3_000, drugs=("D1",)), 0)  # type: ignore[arg-type]
    assert isinstance(book.settle(bought(3_000, drugs=("D1",)), 1), Settled)  # type: ignore[arg-type]


def test_the_same_drug_of_another_prescription_is_no_matter_of_this_rule() -> None:
    book = Book(law())
    settle(book, bought(3_000, drugs=("D1",)), 0)  # type: ignore[arg-type]
    other = bought(3_000, group="E2", place="pharmacy", drugs=("D1",))  # type: ignore[arg-type]
    assert isinstance(book.settle(other, 1), Settled)


def test_an_item_that_was_taken_back_may_be_bought_elsewhere() -> None:
    book = Book(law())
    settle(book, bought(3_000, drugs=("D1",)), 0)  # type: ignore[arg-type]
    refund(book, 0, 1)
    assert isinstance(book.settle(bought(3_000, place="pharmacy", drugs=("D1",)), 2), Settled)  # type: ignore[arg-type]


@pytest.mark.clause("SX2024-11.s3.e")
def test_each_source_gets_its_own_money_back() -> None:
    book = Book(law(), own_fen=1_000, family=(("spouse", 700), ("son", 9_000)))
    settle(book, bought(10_000), 0)
    assert (book.own_fen, book.family) == (0, {"spouse": 0, "son": 5_250})
    refunded = refund(book, 0, 1)
    assert (book.own_fen, book.family) == (1_000, {"spouse": 700, "son": 9_000})
    assert refunded.mirror.family_draws == (("spouse", -700), ("son", -3_750))


def test_a_reversal_mirrors_amounts_and_keeps_what_describes_the_calculation() -> None:
    book = Book(law())
    water = settle(book, bought(10_000), 0).outcome.waterfall
    mirror = refund(book, 0, 1).mirror.waterfall
    assert mirror[layout.W_POOL_PAY_FEN] == -water[layout.W_POOL_PAY_FEN]
    assert mirror[layout.W_CAP_ROOM_FEN] == water[layout.W_CAP_ROOM_FEN]
    assert mirror[layout.W_RULE_DEDUCTIBLE] == water[layout.W_RULE_DEDUCTIBLE]


def test_a_settlement_is_reversed_once() -> None:
    book = Book(law())
    settle(book, bought(10_000), 0)
    refund(book, 0, 1)
    again = book.refund(0, 2)
    assert isinstance(again, Refusal)
    assert again.code == "ALREADY_REVERSED"


def test_what_was_never_settled_cannot_be_reversed() -> None:
    refusal = Book(law()).refund(7, 8)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "SETTLEMENT_NOT_FOUND"


def test_room_that_a_refund_frees_is_proposed_to_one_later_visit_only() -> None:
    book = Book(law(), openings=(Opening(2024, "ordinary", 27_000),))
    for key in range(3):
        settle(book, bought(10_000, on=AUGUST + timedelta(days=key), group=f"E{key}"), key)
    assert refund(book, 0, 3).proposals == (Proposal(1, 3_000, -1_950),)


def test_what_was_settled_before_the_refunded_visit_is_not_reconsidered() -> None:
    book = Book(law(), openings=(Opening(2024, "ordinary", 30_000),))
    settle(book, bought(10_000), 0)
    settle(book, bought(10_000, group="E2"), 1)
    assert refund(book, 1, 2).proposals == ()


def test_a_refund_proposes_nothing_in_another_year() -> None:
    book = Book(law(), openings=(Opening(2024, "ordinary", 27_000),))
    settle(book, bought(10_000, on=date(2024, 12, 30)), 0)
    settle(book, bought(10_000, on=date(2025, 1, 3), group="E2"), 1)
    assert refund(book, 0, 2).proposals == ()


def test_a_quota_that_a_refund_frees_is_replayed_for_later_visits() -> None:
    book = Book(demo_law(), quotas={"M": 4_000})
    settle(book, bought(5_000, flags=CHRONIC, quota_key="M"), 0)
    settle(book, bought(15_000, group="E2", flags=CHRONIC, quota_key="M"), 1)
    # without the first visit the quota pays 50.00 of the second: (100 − 30) × 65% = 45.50 instead of (150 − 30) × 65% = 78.00
    assert refund(book, 0, 2).proposals == (Proposal(1, 0, -3_250),)


def test_a_reversed_later_visit_is_not_proposed() -> None:
    book = Book(law(), openings=(Opening(2024, "ordinary", 27_000),))
    settle(book, bought(10_000), 0)
    settle(book, bought(10_000, group="E2"), 1)
    refund(book, 1, 2)
    assert refund(book, 0, 3).proposals == ()


def test_a_refusal_books_nothing() -> None:
    book = Book(law(), own_fen=5_000)
    assert isinstance(book.settle(bought(10_000, on=date(2029, 7, 1)), 0), Refusal)
    assert (book.own_fen, book.settled) == (5_000, {})
