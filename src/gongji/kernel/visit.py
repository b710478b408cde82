"""One visit: from fee lines to what the pool, the accounts and the member pay (decision A01).

``settle_visit`` takes flat int sequences (plain lists or int64 arrays, positions in ``kernel.layout``) and fills the
waterfall and the lines' splits in place. Its steps talk to each other only through the waterfall, so every intermediate
amount that an explanation shows is the amount the next step used. All functions here are plain integer code: Numba
compiles them unchanged (``kernel.batch``), hence no objects, strings, closures or exceptions.

Bounds: at most ``MAX_LINES`` lines, each amount and their total at most MAX_FEN (10¹¹ fen), a quota, balance, ceiling or
band edge at most MAX_FEN, basis points at most 10⁴. Then amount x basis points stays under 10¹⁵, the doubled numerator
of the rounding under 3·10¹⁵ and the proportional shares under 2⁶⁰: int64 cannot overflow. ``within_bounds`` tells it of
lines; the row and the person's numbers are checked where they are made.
"""

from collections.abc import MutableSequence, Sequence

from gongji.base.money import MAX_FEN, mul_bp
from gongji.kernel.layout import (
    FLAG_ACCOUNT,
    FLAG_CARVE_OUT,
    LINE_AMOUNT_FEN,
    LINE_FLAGS,
    LINE_SIZE,
    LINE_STANDARD_FEN,
    LINE_TREAT,
    MAX_TREATS,
    NONE,
    ROW_ACCOUNT_PAYS_FULL_SELFPAY,
    ROW_PREPAY_BP,
    SPLIT_FULL_SELFPAY_FEN,
    SPLIT_IN_SCOPE_FEN,
    SPLIT_OVER_LIMIT_FEN,
    SPLIT_PREPAY_FEN,
    SPLIT_SIZE,
    TREAT_FULL_SELFPAY,
    W_CHRONIC_FEE_FEN,
    W_CHRONIC_PAY_FEN,
    W_FULL_SELFPAY_FEN,
    W_IN_SCOPE_FEN,
    W_OVER_LIMIT_FEN,
    W_POOL_PAY_FEN,
    W_PREPAY_FEN,
    W_TOTAL_FEN,
)
from gongji.kernel.payers import covered_on_barred, pay_personal
from gongji.kernel.pool import apply_ceilings, apply_rate, carve_out, charge_deductible

MAX_LINES = 1_000


def within_bounds(lines: Sequence[int]) -> bool:
    """Whether fee lines are such that the kernel's int64 arithmetic is exact and its table look-ups stay in place."""
    if len(lines) % LINE_SIZE or len(lines) > MAX_LINES * LINE_SIZE:
        return False
    total = 0
    for at in range(0, len(lines), LINE_SIZE):
        amount = lines[at + LINE_AMOUNT_FEN]
        known = (
            0 <= lines[at + LINE_TREAT] < MAX_TREATS
            and 0 <= lines[at + LINE_FLAGS] <= FLAG_ACCOUNT + FLAG_CARVE_OUT
        )
        if not (0 <= amount <= MAX_FEN and NONE <= lines[at + LINE_STANDARD_FEN] <= MAX_FEN and known):
            return False
        total += amount
    return total <= MAX_FEN


def settle_visit(
    row: Sequence[int],
    lines: Sequence[int],
    acc: Sequence[int],
    wallet: Sequence[int],
    waterfall: MutableSequence[int],
    splits: MutableSequence[int],
) -> None:
    """Settle one visit under the compiled law ``row``; fills ``waterfall`` (W_SIZE) and ``splits`` (SPLIT_SIZE a line).

    ``acc`` are the person's accumulators before the visit, ``wallet`` the chronic quota and the balances offered.
    Always: total = full_selfpay + over_limit + prepay + chronic_fee + in_scope, in_scope = deductible + base,
    pool_before_cap = pool_pay + cap_shortfall, total = pool_pay + chronic_pay + account + mutual + cash.
    A refused visit is the same call with every line TREAT_FULL_SELFPAY (decision A35).
    Source: 晋医保办发〔2022〕27号 第二十至二十三条, order by decision A01.
    """
    settle_span(row, lines, 0, len(lines) // LINE_SIZE, acc, wallet, waterfall, splits)


def settle_span(
    row: Sequence[int],
    lines: Sequence[int],
    first: int,
    count: int,
    acc: Sequence[int],
    wallet: Sequence[int],
    waterfall: MutableSequence[int],
    splits: MutableSequence[int],
) -> None:
    """``settle_visit`` of the ``count`` lines from line ``first`` on, in flat arrays that hold many visits."""
    related, barred, barred_in_scope = split_lines(row, lines, first, count, waterfall, splits)
    carve_out(row, related, wallet, waterfall)
    charge_deductible(row, acc, waterfall)
    apply_rate(row, acc, waterfall)
    apply_ceilings(row, acc, waterfall)
    covered = waterfall[W_POOL_PAY_FEN] + waterfall[W_CHRONIC_PAY_FEN]
    barred_covered = 0
    if barred_in_scope > 0 and covered > 0:
        barred_covered = covered_on_barred(lines, first, count, waterfall, splits)
    payable = (
        waterfall[W_CHRONIC_FEE_FEN]
        + waterfall[W_IN_SCOPE_FEN]
        - covered
        - (barred_in_scope - barred_covered)
    )
    if row[ROW_ACCOUNT_PAYS_FULL_SELFPAY] != 0:
        payable = waterfall[W_TOTAL_FEN] - covered - (barred - barred_covered)
    pay_personal(payable, wallet, waterfall)


def split_lines(
    row: Sequence[int],
    lines: Sequence[int],
    first: int,
    count: int,
    waterfall: MutableSequence[int],
    splits: MutableSequence[int],
) -> tuple[int, int, int]:
    """Full self-pay, excess over the payment standard, prepay and in-scope part of each line (decisions A01, A03).

    Returns three fen amounts: in-scope cost of the chronic disease's lines, and cost and in-scope cost of the lines that
    accounts may not pay. Source: 晋医保办发〔2022〕27号
    第二十、二十一条 (SX2022-27.art20.b, SX2022-27.art20.c, SX2022-27.art21.b, SX2022-27.art21.c, SX2022-27.art21.d).
    """
    total = full_selfpay = over_limit = prepay = in_scope = 0
    related = barred = barred_in_scope = 0
    for index in range(first, first + count):
        line, split = index * LINE_SIZE, index * SPLIT_SIZE
        amount, standard = lines[line + LINE_AMOUNT_FEN], lines[line + LINE_STANDARD_FEN]
        treat, flags = lines[line + LINE_TREAT], lines[line + LINE_FLAGS]
        whole = over = own_part = rest = 0
        if treat == TREAT_FULL_SELFPAY:
            whole = amount
        else:
            if standard >= 0:
                over = max(0, amount - standard)
            own_part = mul_bp(amount - over, row[ROW_PREPAY_BP + treat])
            rest = amount - over - own_part
        splits[split + SPLIT_FULL_SELFPAY_FEN] = whole
        splits[split + SPLIT_OVER_LIMIT_FEN] = over
        splits[split + SPLIT_PREPAY_FEN] = own_part
        splits[split + SPLIT_IN_SCOPE_FEN] = rest
        total += amount
        full_selfpay += whole
        over_limit += over
        prepay += own_part
        in_scope += rest
        if flags & FLAG_CARVE_OUT:
            related += rest
        if not flags & FLAG_ACCOUNT:
            barred += amount
            barred_in_scope += rest
    waterfall[W_TOTAL_FEN] = total
    waterfall[W_FULL_SELFPAY_FEN] = full_selfpay
    waterfall[W_OVER_LIMIT_FEN] = over_limit
    waterfall[W_PREPAY_FEN] = prepay
    waterfall[W_IN_SCOPE_FEN] = in_scope
    return related, barred, barred_in_scope
