"""What holds for every visit, whoever comes with whatever: identities, bounds, order, and refunds that
leave no trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.kernel import layout
from gongji.policy import Law, overridden
from gongji.settlement.book import Book, Purchase, Refunded, Settled
from gongji.settlement.rules import LineInput, Outcome, PersonState, VisitInput, decide
from tests.settlement.visits import demo_law, visit

_BANDS = [{"up_to": "500.00", "rate": "50%"}, {"up_to": "2000.00", "rate": "70%"}, {"rate": "80%"}]


def laws() -> list[Law]:
    """Shanxi's law, and laws of Shanxi's form that a document could state."""
    base = demo_law()
    banded = {"rate.pool": {"active": {"class3": _BANDS}}}
    return [
        base,
        overridden(base, "14", {**banded, "rate.band_basis": "year_in_scope"}),
        overridden(base, "14", {**banded, "rate.band_basis": "year_fund"}),
        overridden(base, "14", {**banded, "rate.band_basis": "visit"}),
        overridden(base, "14", {"ceiling.per_month": "80.00", "deductible.per_month": "40.00"}),
        overridden(base, "14", {"account.scope.full_selfpay": "no", "ceiling.per_year": "none"}),
    ]


LAWS = laws()
amounts = st.one_of(st.integers(0, 2_000), st.integers(0, 300_000), st.sampled_from([2_999, 3_000, 3_001]))
lines = st.builds(
    LineInput,
    key=st.just("1"),
    item=st.just("X"),
    name=st.just("药"),
    amount_fen=amounts,
    standard_fen=st.one_of(st.just(layout.NONE), amounts),
    treat=st.integers(0, 4),
    flags=st.integers(0, 3),
)
facts = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(["yes", "no"]) for name in ("arrears", "voucher", "waiting", "has_account")
    },
)


@st.composite
def visits(draw: Any) -> VisitInput:
    on = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    return visit(
        *draw(st.lists(lines, min_size=1, max_size=6)),
        on=on,
        place=draw(st.sampled_from(["class1", "class2", "class3"])),
        status=draw(st.sampled_from(["active", "retired"])),
        own_allowed=draw(st.booleans()),
        family_allowed=draw(st.booleans()),
        **draw(facts),
    )


states = st.builds(
    PersonState,
    acc=st.tuples(*[st.integers(0, 300_000)] * layout.ACC_SIZE),
    own_fen=st.integers(0, 50_000),
    family=st.lists(st.integers(0, 20_000), max_size=3).map(
        lambda balances: tuple((f"F{number}", fen) for number, fen in enumerate(balances))
    ),
    quota_fen=st.one_of(st.just(layout.NONE), st.integers(0, 50_000)),
    charged=st.tuples(*[st.integers(0, 9_000)] * 3),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(LAWS), visits(), states)
def test_every_fen_of_a_visit_is_accounted_for(law: Law, asked: VisitInput, state: PersonState) -> None:
    outcome = decide(law, asked, state)
    assert isinstance(outcome, Outcome), outcome
    w = outcome.waterfall
    parts = (
        layout.W_FULL_SELFPAY_FEN,
        layout.W_OVER_LIMIT_FEN,
        layout.W_PREPAY_FEN,
        layout.W_CHRONIC_FEE_FEN,
    )
    assert w[layout.W_TOTAL_FEN] == sum(line.amount_fen for line in asked.lines)
    assert w[layout.W_TOTAL_FEN] == sum(w[part] for part in parts) + w[layout.W_IN_SCOPE_FEN]
    assert w[layout.W_IN_SCOPE_FEN] == w[layout.W_DEDUCTIBLE_FEN] + w[layout.W_BASE_FEN]
    paid = (
        layout.W_POOL_PAY_FEN,
        layout.W_CHRONIC_PAY_FEN,
        layout.W_ACCOUNT_FEN,
        layout.W_MUTUAL_FEN,
        layout.W_CASH_FEN,
    )
    assert w[layout.W_TOTAL_FEN] == sum(w[source] for source in paid)
    assert all(w[source] >= 0 for source in (*parts, *paid))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LAWS), visits(), states)
def test_nobody_pays_more_than_he_has_or_may(law: Law, asked: VisitInput, state: PersonState) -> None:
    outcome = decide(law, asked, state)
    assert isinstance(outcome, Outcome)
    w = outcome.waterfall
    offered = dict(state.family) if asked.family_allowed else {}
    assert w[layout.W_ACCOUNT_FEN] <= (state.own_fen if asked.own_allowed else 0)
    assert sum(fen for _, fen in outcome.family_draws) == w[layout.W_MUTUAL_FEN]
    assert all(0 < fen <= offered[owner] for owner, fen in outcome.family_draws)
    assert w[layout.W_CHRONIC_PAY_FEN] <= max(0, state.quota_fen)
    barred = sum(line.amount_fen for line in asked.lines if not line.flags & layout.FLAG_ACCOUNT)
    covered = w[layout.W_POOL_PAY_FEN] + w[layout.W_CHRONIC_PAY_FEN]
    assert w[layout.W_CASH_FEN] >= barred - covered


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LAWS), visits(), states)
def test_the_pool_never_passes_a_ceiling_or_its_highest_rate(
    law: Law, asked: VisitInput, state: PersonState
) -> None:
    outcome = decide(law, asked, state)
    assert isinstance(outcome, Outcome)
    w, cells = outcome.waterfall, outcome.row.cells
    for period in range(5):
        ceiling = cells[layout.ROW_CEILING_VISIT_FEN + period]
        before = outcome.acc_before[layout.ACC_FUND_VISIT_FEN + period]
        assert ceiling < 0 or w[layout.W_POOL_PAY_FEN] <= max(0, ceiling - before)
    highest = max(cells[layout.ROW_BAND_BP : layout.ROW_BAND_BP + cells[layout.ROW_BAND_COUNT]])
    assert w[layout.W_POOL_PAY_FEN] * 10_000 <= w[layout.W_BASE_FEN] * highest + 5_000


@settings(max_examples=200, deadline=None)
@given(visits(), states)
def test_a_refused_visit_leaves_the_accumulators_as_they_were(asked: VisitInput, state: PersonState) -> None:
    outcome = decide(demo_law(), asked, state)
    assert isinstance(outcome, Outcome)
    unpaid = any(asked.attributes[name] == bad for name, bad in (("arrears", "yes"), ("voucher", "no")))
    if unpaid:
        assert outcome.refusal is not None
    if outcome.refusal is not None:
        assert outcome.acc_after == outcome.acc_before
        assert outcome.waterfall[layout.W_FULL_SELFPAY_FEN] == outcome.waterfall[layout.W_TOTAL_FEN]


@settings(max_examples=200, deadline=None)
@given(visits(), states, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_amount_of_the_visit(
    asked: VisitInput, state: PersonState, random: Any
) -> None:
    shuffled = list(asked.lines)
    random.shuffle(shuffled)
    first = decide(demo_law(), asked, state)
    second = decide(
        demo_law(),
        visit(
            *shuffled,
            on=asked.service_on,
            place=asked.attributes["place"],
            status=asked.attributes["status"],
            own_allowed=asked.own_allowed,
            family_allowed=asked.family_allowed,
            **{name: asked.attributes[name] for name in ("arrears", "voucher", "waiting", "has_account")},
        ),
        state,
    )
    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    money = (
        layout.W_ACCOUNT_PAYABLE_FEN
    )  # the pool's part on lines barred from accounts is apportioned, hence may move by a fen
    assert first.waterfall[:money] == second.waterfall[:money]


def snapshot(book: Book) -> object:
    years = [(book.year(year), book.year(year, "as_inpatient")) for year in (2024, 2025)]
    return years, book.own_fen, dict(book.family), dict(book.quotas)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(LAWS), st.lists(visits(), min_size=1, max_size=5), visits())
def test_a_refund_right_after_a_settlement_restores_the_book_exactly(
    law: Law, earlier: list[VisitInput], asked: VisitInput
) -> None:
    book = Book(law, own_fen=20_000, family=(("F0", 3_000), ("F1", 8_000)), quotas={"M": 12_000})
    for key, before in enumerate(earlier):
        book.settle(Purchase(before, f"E{key % 3}", quota_key="M"), key)
    kept = snapshot(book)
    probe = Purchase(asked, "E0", quota_key="M")
    state = book.state_for(probe)
    settled = book.settle(probe, 100)
    assert isinstance(settled, Settled)
    refunded = book.refund(100, 101)
    assert isinstance(refunded, Refunded)
    assert snapshot(book) == kept
    assert book.state_for(probe) == state
    assert refunded.proposals == ()


@settings(max_examples=120, deadline=None)
@given(st.lists(visits(), min_size=1, max_size=8))
def test_a_year_never_charges_more_deductible_than_its_stop(asked: list[VisitInput]) -> None:
    book = Book(demo_law())
    for key, one in enumerate(sorted(asked, key=lambda item: item.service_on)):
        book.settle(Purchase(one, f"E{key}"), key)
    assert book.year(2025).deductible_fen <= 30_000
    assert book.year(2025).fund_fen <= 300_000
