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

from gongji.base.money import BP_ONE, MAX_FEN, apportion, div_round, mul_bp
from gongji.kernel.layout import (
    ACC_DEDUCTIBLE_WINDOW_FEN,
    ACC_DEDUCTIBLE_YEAR_FEN,
    ACC_FUND_VISIT_FEN,
    ACC_FUND_YEAR_FEN,
    ACC_IN_SCOPE_YEAR_FEN,
    BASIS_SINGLE,
    BASIS_YEAR_FUND,
    BASIS_YEAR_IN_SCOPE,
    DEDUCTIBLE_NONE,
    DEDUCTIBLE_SETTLEMENT,
    DEDUCTIBLE_YEAR,
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
    ROW_BAND_BASIS,
    ROW_BAND_BP,
    ROW_BAND_COUNT,
    ROW_BAND_UP_TO_FEN,
    ROW_CARVE_OUT_BP,
    ROW_CEILING_VISIT_FEN,
    ROW_CEILING_YEAR_FEN,
    ROW_DEDUCTIBLE_FEN,
    ROW_DEDUCTIBLE_KIND,
    ROW_DEDUCTIBLE_STOP_FEN,
    ROW_PREPAY_BP,
    SPLIT_FULL_SELFPAY_FEN,
    SPLIT_IN_SCOPE_FEN,
    SPLIT_OVER_LIMIT_FEN,
    SPLIT_PREPAY_FEN,
    SPLIT_SIZE,
    TREAT_FULL_SELFPAY,
    W_ACCOUNT_FEN,
    W_ACCOUNT_PAYABLE_FEN,
    W_BAND_FIRST,
    W_BAND_LAST,
    W_BASE_FEN,
    W_CAP_ROOM_FEN,
    W_CAP_SHORTFALL_FEN,
    W_CASH_FEN,
    W_CHRONIC_FEE_FEN,
    W_CHRONIC_PAY_FEN,
    W_DEDUCTIBLE_DUE_FEN,
    W_DEDUCTIBLE_FEN,
    W_FULL_SELFPAY_FEN,
    W_IN_SCOPE_FEN,
    W_MUTUAL_FEN,
    W_OVER_LIMIT_FEN,
    W_PERSONAL_FEN,
    W_POOL_BEFORE_CAP_FEN,
    W_POOL_PAY_FEN,
    W_PREPAY_FEN,
    W_RULE_CAP,
    W_RULE_DEDUCTIBLE,
    W_TOTAL_FEN,
    WALLET_CARVE_OUT_QUOTA_FEN,
    WALLET_FAMILY_FEN,
    WALLET_OWN_FEN,
)

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


def carve_out(
    row: Sequence[int], related: int, wallet: Sequence[int], waterfall: MutableSequence[int]
) -> None:
    """Pay the chronic disease's in-scope cost from its quota first (decisions A17, A38).

    A quota that ends inside the visit consumes quota / ratio of the cost; the rest is an ordinary pooled settlement.
    Source: 晋医保办发〔2022〕27号 第二十五条 (SX2022-27.art25.b).
    """
    quota, bp = wallet[WALLET_CARVE_OUT_QUOTA_FEN], row[ROW_CARVE_OUT_BP]
    fee = pay = 0
    if quota != NONE and bp > 0 and related > 0:
        fee_cap = div_round(quota * BP_ONE, bp)
        if related <= fee_cap:
            fee = related
            pay = min(quota, mul_bp(related, bp))
        else:
            fee = fee_cap
            pay = quota
    waterfall[W_CHRONIC_FEE_FEN] = fee
    waterfall[W_CHRONIC_PAY_FEN] = pay
    waterfall[W_IN_SCOPE_FEN] -= fee


def charge_deductible(row: Sequence[int], acc: Sequence[int], waterfall: MutableSequence[int]) -> None:
    """Deductible of the visit: standard less what its window has charged, the yearly stop, the cost itself.

    Decisions A02, A04, A05, A09, A10, A25. It is charged whether or not a ceiling has room left (A07). Source:
    晋医保办发〔2022〕27号 第二十二条 (SX2022-27.art22), 晋医保发〔2024〕11号 一 (SX2024-11.s1.c, SX2024-11.s1.d);
    per year: QY.art15.b.
    """
    kind, in_scope = row[ROW_DEDUCTIBLE_KIND], waterfall[W_IN_SCOPE_FEN]
    charged = 0
    if kind == DEDUCTIBLE_YEAR:
        charged = acc[ACC_DEDUCTIBLE_YEAR_FEN]
    elif kind != DEDUCTIBLE_SETTLEMENT:
        charged = acc[ACC_DEDUCTIBLE_WINDOW_FEN]
    due = 0
    if kind != DEDUCTIBLE_NONE:
        due = max(0, row[ROW_DEDUCTIBLE_FEN] - charged)
    limit, rule = due, ROW_DEDUCTIBLE_FEN
    stop = row[ROW_DEDUCTIBLE_STOP_FEN]
    if stop >= 0:
        room = max(0, stop - acc[ACC_DEDUCTIBLE_YEAR_FEN])
        if room < due:
            limit, rule = room, ROW_DEDUCTIBLE_STOP_FEN
    if kind == DEDUCTIBLE_NONE or in_scope == 0 or in_scope < limit:
        rule = NONE
    deductible = min(in_scope, limit)
    waterfall[W_DEDUCTIBLE_DUE_FEN] = due
    waterfall[W_DEDUCTIBLE_FEN] = deductible
    waterfall[W_RULE_DEDUCTIBLE] = rule
    waterfall[W_BASE_FEN] = in_scope - deductible


def apply_rate(row: Sequence[int], acc: Sequence[int], waterfall: MutableSequence[int]) -> None:
    """Pool's share of the base: one rate, or bands; rounded once for the visit (decision A03, R4; SX2022-27.art20.c)."""
    base, basis = waterfall[W_BASE_FEN], row[ROW_BAND_BASIS]
    weighted, band_first, band_last = base * row[ROW_BAND_BP], 0, 0
    if basis != BASIS_SINGLE:
        position = 0
        if basis == BASIS_YEAR_IN_SCOPE:
            position = acc[ACC_IN_SCOPE_YEAR_FEN] + waterfall[W_DEDUCTIBLE_FEN]
        elif basis == BASIS_YEAR_FUND:
            position = acc[ACC_FUND_YEAR_FEN]
        weighted, band_first, band_last = fill_bands(row, base, position, basis == BASIS_YEAR_FUND)
    waterfall[W_POOL_BEFORE_CAP_FEN] = div_round(weighted, BP_ONE)
    waterfall[W_BAND_FIRST] = band_first
    waterfall[W_BAND_LAST] = band_last


def fill_bands(row: Sequence[int], base: int, position: int, by_fund: bool) -> tuple[int, int, int]:
    """Fill the rate's bands upward from ``position`` fen: (Σ cost x bp, first band, last band).

    Bands over cost advance by the cost itself, bands over the fund paid (``by_fund``) by cost x rate, counted exactly in
    10⁻⁴ fen. The fen of cost with which the fund reaches an edge still belongs to the lower band: below it the edge was
    not reached. A band of rate 0 over the fund never ends. A base of 0 touches the band in which the next fen would fall.
    """
    last, band = row[ROW_BAND_COUNT] - 1, 0
    at = position * BP_ONE
    while band < last and 0 <= row[ROW_BAND_UP_TO_FEN + band] <= position:
        band += 1
    band_first, left, weighted = band, base, 0
    while True:
        bp, edge = row[ROW_BAND_BP + band], row[ROW_BAND_UP_TO_FEN + band]
        step = bp if by_fund else BP_ONE
        taken = left
        if band < last and edge >= 0 and step > 0:
            taken = min(left, max(0, -((at - edge * BP_ONE) // step)))
        weighted += taken * bp
        at += taken * step
        left -= taken
        if left == 0:
            return weighted, band_first, band
        band += 1


def apply_ceilings(row: Sequence[int], acc: Sequence[int], waterfall: MutableSequence[int]) -> None:
    """Pool payment within the smallest room of visit, day, month, quarter and year (decisions A06-A08).

    Of equal rooms the shorter period is named. Source: SX2024-11.s1.a, SX2024-11.s1.b, QY.art15.a, QY.art16.a, QY.art16.f.
    """
    before_cap = waterfall[W_POOL_BEFORE_CAP_FEN]
    room, rule = NONE, NONE
    for period in range(ROW_CEILING_YEAR_FEN - ROW_CEILING_VISIT_FEN + 1):
        ceiling = row[ROW_CEILING_VISIT_FEN + period]
        if ceiling >= 0:
            left = max(0, ceiling - acc[ACC_FUND_VISIT_FEN + period])
            if room == NONE or left < room:
                room, rule = left, ROW_CEILING_VISIT_FEN + period
    pool_pay = before_cap
    if room == NONE or before_cap <= room:
        rule = NONE
    else:
        pool_pay = room
    waterfall[W_CAP_ROOM_FEN] = room
    waterfall[W_RULE_CAP] = rule
    waterfall[W_POOL_PAY_FEN] = pool_pay
    waterfall[W_CAP_SHORTFALL_FEN] = before_cap - pool_pay


def pay_personal(payable: int, wallet: Sequence[int], waterfall: MutableSequence[int]) -> None:
    """Personal part from own account, family accounts, cash (decision A18; 晋医保办发〔2022〕27号 SX2022-27.art23.b)."""
    personal = waterfall[W_TOTAL_FEN] - waterfall[W_POOL_PAY_FEN] - waterfall[W_CHRONIC_PAY_FEN]
    own = min(wallet[WALLET_OWN_FEN], payable)
    mutual = min(wallet[WALLET_FAMILY_FEN], payable - own)
    waterfall[W_PERSONAL_FEN] = personal
    waterfall[W_ACCOUNT_PAYABLE_FEN] = payable
    waterfall[W_ACCOUNT_FEN] = own
    waterfall[W_MUTUAL_FEN] = mutual
    waterfall[W_CASH_FEN] = personal - own - mutual


def covered_on_barred(
    lines: Sequence[int], first: int, count: int, waterfall: Sequence[int], splits: Sequence[int]
) -> int:
    """What chronic quota and pool pay on the lines that accounts may not pay (decision A19; SX2021-103.s2.4.e).

    The chronic fee is apportioned over the disease's lines, its payment over those fees, the pool over what is left in
    scope; each by largest remainder, so no line is covered beyond its in-scope cost.
    """
    related, in_scope = [0] * count, [0] * count
    for index in range(count):
        in_scope[index] = splits[(first + index) * SPLIT_SIZE + SPLIT_IN_SCOPE_FEN]
        if lines[(first + index) * LINE_SIZE + LINE_FLAGS] & FLAG_CARVE_OUT:
            related[index] = in_scope[index]
    fees = related
    chronic = [0] * count
    if waterfall[W_CHRONIC_FEE_FEN] > 0:
        fees = apportion(waterfall[W_CHRONIC_FEE_FEN], related)
        chronic = apportion(waterfall[W_CHRONIC_PAY_FEN], fees)
        for index in range(count):
            in_scope[index] -= fees[index]
    pooled = [0] * count
    if waterfall[W_POOL_PAY_FEN] > 0:
        pooled = apportion(waterfall[W_POOL_PAY_FEN], in_scope)
    covered = 0
    for index in range(count):
        if not lines[(first + index) * LINE_SIZE + LINE_FLAGS] & FLAG_ACCOUNT:
            covered += chronic[index] + pooled[index]
    return covered
