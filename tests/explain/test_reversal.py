"""A refund is explained by who gets what back, and by what an official may want to review."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.explain import reversal_for_agency, reversal_for_member
from gongji.settlement.book import Book, Purchase, Refunded
from gongji.settlement.replay import Opening
from tests.settlement.visits import AUGUST, law, line, visit

pytestmark = pytest.mark.clause("SX2024-11.s3.e")


def refunded(book: Book, *purchases: Purchase) -> Refunded:
    """The refund of the first of ``purchases`` after all of them were settled."""
    for key, purchase in enumerate(purchases):
        book.settle(purchase, key)
    found = book.refund(0, len(purchases))
    assert isinstance(found, Refunded)
    return found


def test_the_member_reads_where_the_money_goes_back_to() -> None:
    book = Book(law(), own_fen=2_000, family=(("配偶", 3_000),))
    assert reversal_for_member(refunded(book, Purchase(visit(line(10_000)), "E1")).mirror) == (
        "整笔退费：费用 100.00 元，医保基金收回 45.50 元。",
        "退还您：本人账户 20.00 元，家庭共济账户 30.00 元，现金 4.50 元，从哪里付的退回哪里。",
        "当年起付累计退回 30.00 元，统筹额度退回 45.50 元，供以后就诊使用。",
    )


def test_a_refund_of_a_refused_visit_gives_the_year_nothing_back() -> None:
    book = Book(law(), own_fen=50_000)
    lines = reversal_for_member(refunded(book, Purchase(visit(line(10_000), arrears="yes"), "E1")).mirror)
    assert lines[1:] == ("退还您：本人账户 100.00 元，从哪里付的退回哪里。",)


def test_the_agency_also_reads_each_relative_and_what_to_review() -> None:
    book = Book(
        law(), family=(("配偶", 3_000), ("儿子", 9_000)), openings=(Opening(2024, "ordinary", 27_000),)
    )
    later = AUGUST + timedelta(days=1)
    found = refunded(book, Purchase(visit(line(10_000)), "E1"), Purchase(visit(line(10_000), on=later), "E2"))
    assert reversal_for_agency(found.mirror, found.proposals)[3:] == (
        "退回家庭共济账户 配偶：30.00 元",
        "退回家庭共济账户 儿子：24.50 元",
        "结算 1 如重新计算：起付 +30.00 元，统筹 -19.50 元（建议，不自动入账）",
    )
