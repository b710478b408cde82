"""Identities that hold for every law, visit and person within the bounds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.base.money import MAX_FEN
from gongji.kernel import layout as k
from gongji.kernel import settle_visit, within_bounds

fen = st.one_of(st.integers(0, 20_000), st.integers(0, MAX_FEN))
limit = st.one_of(st.just(k.NONE), fen)
bp = st.one_of(st.integers(0, 10_000), st.sampled_from([0, 1, 5000, 6500, 9999, 10_000]))
lines_of_visit = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 20_000), st.integers(0, MAX_FEN // 12)),
        limit,
        st.integers(0, 7),
        st.integers(0, 3),
    ),
    max_size=12,
)
accumulators = st.lists(fen, min_size=k.ACC_SIZE, max_size=k.ACC_SIZE)
wallets = st.tuples(limit, fen, fen)


@st.composite
def rows(draw: st.DrawFn) -> list[int]:
    """Any law the layout can say."""
    basis = draw(st.integers(k.BASIS_SINGLE, k.BASIS_VISIT))
    edges = [] if basis == k.BASIS_SINGLE else sorted(draw(st.lists(fen, max_size=k.MAX_BANDS - 1)))
    bands = len(edges) + 1
    row = [k.NONE] * k.ROW_SIZE
    row[k.ROW_DEDUCTIBLE_KIND] = draw(st.integers(k.DEDUCTIBLE_NONE, k.DEDUCTIBLE_YEAR))
    row[k.ROW_DEDUCTIBLE_FEN] = draw(fen)
    row[k.ROW_DEDUCTIBLE_STOP_FEN] = draw(limit)
    row[k.ROW_CEILING_VISIT_FEN : k.ROW_CEILING_YEAR_FEN + 1] = draw(st.lists(limit, min_size=5, max_size=5))
    row[k.ROW_BAND_BASIS], row[k.ROW_BAND_COUNT] = basis, bands
    row[k.ROW_BAND_UP_TO_FEN : k.ROW_BAND_UP_TO_FEN + bands] = [*edges, k.NONE]
    row[k.ROW_BAND_BP : k.ROW_BAND_BP + bands] = draw(st.lists(bp, min_size=bands, max_size=bands))
    row[k.ROW_PREPAY_BP : k.ROW_PREPAY_BP + 8] = draw(st.lists(bp, min_size=8, max_size=8))
    row[k.ROW_ACCOUNT_PAYS_FULL_SELFPAY] = draw(st.integers(0, 1))
    row[k.ROW_CARVE_OUT_BP] = draw(st.one_of(st.just(k.UNSET), st.integers(1, 10_000)))
    row[k.ROW_CHRONIC_OVERFLOW] = draw(st.integers(k.OVERFLOW_POOLED, k.OVERFLOW_NEXT_VISIT))
    return row


@st.composite
def settled_visits(
    draw: st.DrawFn,
) -> tuple[list[int], list[int], list[int], tuple[int, int, int], list[int], list[int]]:
    """(row, lines, acc, wallet, waterfall, splits) of one visit."""
    row, acc, wallet = draw(rows()), draw(accumulators), draw(wallets)
    lines = [number for line in draw(lines_of_visit) for number in line]
    waterfall, splits = [0] * k.W_SIZE, [0] * (len(lines) // k.LINE_SIZE * k.SPLIT_SIZE)
    settle_visit(row, lines, acc, wallet, waterfall, splits)
    return row, lines, acc, wallet, waterfall, splits


visits = settings(max_examples=300, deadline=None)


@visits
@given(settled_visits())
def test_every_fen_of_the_total_has_one_place(visit: tuple[list[int], ...]) -> None:
    _, lines, _, _, w, splits = visit
    parts = w[k.W_FULL_SELFPAY_FEN] + w[k.W_OVER_LIMIT_FEN] + w[k.W_PREPAY_FEN] + w[k.W_CHRONIC_FEE_FEN]
    assert w[k.W_TOTAL_FEN] == sum(lines[:: k.LINE_SIZE]) == sum(splits) == parts + w[k.W_IN_SCOPE_FEN]
    assert w[k.W_IN_SCOPE_FEN] == w[k.W_DEDUCTIBLE_FEN] + w[k.W_BASE_FEN]
    assert w[k.W_POOL_BEFORE_CAP_FEN] == w[k.W_POOL_PAY_FEN] + w[k.W_CAP_SHORTFALL_FEN]


@visits
@given(settled_visits())
def test_every_fen_of_the_total_has_one_payer(visit: tuple[list[int], ...]) -> None:
    _, _, _, _, w, _ = visit
    assert w[k.W_TOTAL_FEN] == w[k.W_POOL_PAY_FEN] + w[k.W_CHRONIC_PAY_FEN] + w[k.W_PERSONAL_FEN]
    assert w[k.W_PERSONAL_FEN] == w[k.W_ACCOUNT_FEN] + w[k.W_MUTUAL_FEN] + w[k.W_CASH_FEN]


@visits
@given(settled_visits())
def test_no_amount_is_negative_and_no_line_is_split_beyond_itself(visit: tuple[list[int], ...]) -> None:
    _, lines, _, _, w, splits = visit
    amounts = [w[at] for at in range(k.W_RULE_DEDUCTIBLE) if at != k.W_CAP_ROOM_FEN]
    assert min(amounts + splits) >= 0
    for at in range(0, len(lines), k.LINE_SIZE):
        assert sum(splits[at : at + k.SPLIT_SIZE]) == lines[at + k.LINE_AMOUNT_FEN]


@visits
@given(settled_visits())
def test_nobody_pays_more_than_they_may(visit: tuple[list[int], ...]) -> None:
    row, _, acc, wallet, w, _ = visit
    assert w[k.W_POOL_BEFORE_CAP_FEN] <= w[k.W_BASE_FEN]
    assert w[k.W_CHRONIC_PAY_FEN] <= min(w[k.W_CHRONIC_FEE_FEN], max(wallet[0], 0))
    assert w[k.W_ACCOUNT_FEN] <= wallet[1]
    assert w[k.W_MUTUAL_FEN] <= wallet[2]
    assert w[k.W_ACCOUNT_FEN] + w[k.W_MUTUAL_FEN] <= w[k.W_ACCOUNT_PAYABLE_FEN] <= w[k.W_PERSONAL_FEN]
    for period in range(5):
        ceiling = row[k.ROW_CEILING_VISIT_FEN + period]
        if ceiling != k.NONE:
            assert w[k.W_POOL_PAY_FEN] <= max(0, ceiling - acc[k.ACC_FUND_VISIT_FEN + period])


@visits
@given(settled_visits())
def test_the_named_rules_are_the_ones_that_bound(visit: tuple[list[int], ...]) -> None:
    row, _, acc, _, w, _ = visit
    rule = w[k.W_RULE_DEDUCTIBLE]
    if rule == k.ROW_DEDUCTIBLE_FEN:
        assert w[k.W_DEDUCTIBLE_FEN] == w[k.W_DEDUCTIBLE_DUE_FEN]
    elif rule == k.ROW_DEDUCTIBLE_STOP_FEN:
        room = row[k.ROW_DEDUCTIBLE_STOP_FEN] - acc[k.ACC_DEDUCTIBLE_YEAR_FEN]
        assert w[k.W_DEDUCTIBLE_FEN] == max(0, room) < w[k.W_DEDUCTIBLE_DUE_FEN]
    else:
        assert rule == k.NONE
        assert w[k.W_BASE_FEN] == 0 or row[k.ROW_DEDUCTIBLE_KIND] == k.DEDUCTIBLE_NONE
    if w[k.W_RULE_CAP] == k.NONE:
        assert w[k.W_CAP_SHORTFALL_FEN] == 0
    else:
        room = row[w[k.W_RULE_CAP]] - acc[w[k.W_RULE_CAP] - k.ROW_CEILING_VISIT_FEN + k.ACC_FUND_VISIT_FEN]
        assert w[k.W_POOL_PAY_FEN] == w[k.W_CAP_ROOM_FEN] == max(0, room)
        assert w[k.W_CAP_SHORTFALL_FEN] > 0


@visits
@given(settled_visits())
def test_generated_visits_stay_in_bounds_and_every_number_in_int64(visit: tuple[list[int], ...]) -> None:
    _, lines, _, _, w, splits = visit
    assert within_bounds(lines)
    assert all(-(2**63) <= number < 2**63 for number in w + splits)
