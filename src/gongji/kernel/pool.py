"""What funds pay of a visit's in-scope cost: chronic quota, deductible, rate by bands, ceilings (decision A01, steps 5-7).

Each step reads the amounts of the steps before from the waterfall and adds its own; plain integer code for Numba.
"""

from collections.abc import MutableSequence, Sequence

from gongji.base.money import BP_ONE, div_round, mul_bp
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
    NONE,
    OVERFLOW_KEPT,
    OVERFLOW_NEXT_VISIT,
    ROW_BAND_BASIS,
    ROW_BAND_BP,
    ROW_BAND_COUNT,
    ROW_BAND_UP_TO_FEN,
    ROW_CARVE_OUT_BP,
    ROW_CEILING_VISIT_FEN,
    ROW_CEILING_YEAR_FEN,
    ROW_CHRONIC_OVERFLOW,
    ROW_DEDUCTIBLE_FEN,
    ROW_DEDUCTIBLE_KIND,
    ROW_DEDUCTIBLE_STOP_FEN,
    W_BAND_FIRST,
    W_BAND_LAST,
    W_BASE_FEN,
    W_CAP_ROOM_FEN,
    W_CAP_SHORTFALL_FEN,
    W_CHRONIC_FEE_FEN,
    W_CHRONIC_PAY_FEN,
    W_DEDUCTIBLE_DUE_FEN,
    W_DEDUCTIBLE_FEN,
    W_IN_SCOPE_FEN,
    W_POOL_BEFORE_CAP_FEN,
    W_POOL_PAY_FEN,
    W_RULE_CAP,
    W_RULE_DEDUCTIBLE,
    WALLET_CARVE_OUT_QUOTA_FEN,
)


def carve_out(
    row: Sequence[int], related: int, wallet: Sequence[int], waterfall: MutableSequence[int]
) -> None:
    """Pay the chronic disease's in-scope cost from its quota first (decisions A17, A38).

    A quota that ends inside the visit consumes quota / ratio of the cost; the rest is an ordinary pooled settlement, or by
    the row's other choices (ROW_CHRONIC_OVERFLOW) stays with the disease's cost: then the member bears it and nothing of it
    enters deductible, pool or accumulators. Source: 晋医保办发〔2022〕27号 第二十五条 (SX2022-27.art25.b).
    """
    quota, bp, overflow = wallet[WALLET_CARVE_OUT_QUOTA_FEN], row[ROW_CARVE_OUT_BP], row[ROW_CHRONIC_OVERFLOW]
    fee = pay = 0
    if quota != NONE and bp > 0 and related > 0:
        fee_cap = div_round(quota * BP_ONE, bp)
        if related <= fee_cap:
            fee = related
            pay = min(quota, mul_bp(related, bp))
        else:
            fee = fee_cap
            pay = quota
        if overflow == OVERFLOW_KEPT or (overflow == OVERFLOW_NEXT_VISIT and quota > 0):
            fee = related
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
