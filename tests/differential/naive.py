"""A person's visits settled from the words of the documents, in fractions of a yuan; shares nothing with the kernel.

No accumulators: every visit adds up what the person's earlier visits of the same encounter, day, month, quarter or year
were charged and paid, from the whole history. No integers, no basis points, no rounding but the two that decision A03
names (each line's 先行自付, the pool's payment) and that of the cost a chronic quota covers. Written for reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

ZERO = Fraction(0)
FEN = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a rate: up to which position in yuan (None: no end), and the pool's share."""

    up_to: Fraction | None
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Law:
    """What the documents fix for one visit."""

    deductible_over: str  # none, settlement, encounter, day, month, year
    deductible: Fraction
    deductible_stop_of_year: Fraction | None
    ceilings: dict[str, Fraction]  # encounter, day, month, quarter, year
    bands_over: str  # single, year_cost, year_fund, visit_cost
    bands: tuple[Band, ...]
    prepay: dict[int, Fraction]  # by category; category 0 is 全自费
    account_pays_everything: bool
    chronic_rate: Fraction | None
    above_quota: str = "pooled"  # never pooled, pooled from the next visit


@dataclass(frozen=True, slots=True)
class Line:
    amount: Fraction
    standard: Fraction | None
    category: int
    account_may_pay: bool
    chronic: bool


@dataclass(frozen=True, slots=True)
class Visit:
    on: date
    encounter: int
    law: Law
    lines: tuple[Line, ...]
    credit: Fraction = ZERO


@dataclass(slots=True)
class Purse:
    """Chronic quota (None: no such benefit), own account, family accounts."""

    quota: Fraction | None
    own: Fraction
    family: Fraction


@dataclass(frozen=True, slots=True)
class Settled:
    """Amounts of one settlement; the splits are (full self-pay, over the standard, prepay, in scope) a line."""

    visit: Visit
    splits: tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...]
    chronic_fee: Fraction
    chronic_pay: Fraction
    in_scope: Fraction
    due: Fraction
    deductible: Fraction
    before_cap: Fraction
    room: Fraction | None
    pool: Fraction
    payable: Fraction
    own: Fraction
    mutual: Fraction
    first_band: int
    last_band: int


def half_up(yuan: Fraction) -> Fraction:
    """四舍五入 to the fen (amounts here are never negative)."""
    return floor(yuan / FEN + Fraction(1, 2)) * FEN


def settle_person(visits: Sequence[Visit], purse: Purse) -> list[Settled]:
    """All visits of one person in order; empties the purse as it goes."""
    history: list[Settled] = []
    for visit in visits:
        purse.own += visit.credit
        settled = settle(visit, history, purse)
        if purse.quota is not None:
            purse.quota -= settled.chronic_pay
        purse.own -= settled.own
        purse.family -= settled.mutual
        history.append(settled)
    return history


def same_period(period: str, earlier: Visit, visit: Visit) -> bool:
    """Whether two visits fall in one encounter, day, month, quarter or year."""
    one, other = earlier.on, visit.on
    return {
        "encounter": earlier.encounter == visit.encounter,
        "day": one == other,
        "month": (one.year, one.month) == (other.year, other.month),
        "quarter": (one.year, (one.month + 2) // 3) == (other.year, (other.month + 2) // 3),
        "year": one.year == other.year,
        "settlement": False,
        "none": False,
    }[period]


def settle(visit: Visit, history: Sequence[Settled], purse: Purse) -> Settled:
    """One visit in the order of decision A01."""
    law, lines = visit.law, visit.lines
    splits = tuple(split(line, law) for line in lines)
    scope = [parts[3] for parts in splits]
    fees, pays, chronic_fee, chronic_pay = chronic(law, lines, scope, purse.quota)
    in_scope = sum(scope, ZERO) - chronic_fee
    due, deductible = charged_deductible(visit, history, in_scope)
    shares = band_shares(visit, history, deductible, in_scope - deductible)
    before_cap = half_up(sum((cost * law.bands[band].rate for band, cost in shares), ZERO))
    room = cap_room(visit, history)
    pool = before_cap if room is None else min(before_cap, room)
    pooled = in_proportion(pool, [cost - fee for cost, fee in zip(scope, fees, strict=True)])
    payable = ZERO
    for line, cost, paid, pay in zip(lines, scope, pooled, pays, strict=True):
        if line.account_may_pay:
            payable += (line.amount if law.account_pays_everything else cost) - paid - pay
    own = min(purse.own, payable)
    mutual = min(purse.family, payable - own)
    touched = [band for band, _ in shares]
    return Settled(
        visit, splits, chronic_fee, chronic_pay, in_scope, due, deductible, before_cap, room, pool, payable, own, mutual,
        touched[0], touched[-1],
    )  # fmt: skip


def split(line: Line, law: Law) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """第二十条、第二十一条: 目录外 wholly the member's; above the standard the member's; then 乙类 first self-pay."""
    if line.category == 0:
        return line.amount, ZERO, ZERO, ZERO
    covered = line.amount if line.standard is None else min(line.amount, line.standard)
    prepay = half_up(covered * law.prepay[line.category])
    return ZERO, line.amount - covered, prepay, covered - prepay


def chronic(
    law: Law, lines: Sequence[Line], scope: Sequence[Fraction], quota: Fraction | None
) -> tuple[list[Fraction], list[Fraction], Fraction, Fraction]:
    """第二十五条: the quota pays related cost first; cost and payment a line, and their sums."""
    nothing = [ZERO for _ in lines]
    related = [cost if line.chronic else ZERO for line, cost in zip(lines, scope, strict=True)]
    if quota is None or law.chronic_rate is None or sum(related) == 0:
        return nothing, nothing, ZERO, ZERO
    lasts_for = half_up(quota / law.chronic_rate)
    fee = min(sum(related, ZERO), lasts_for)
    pay = quota if fee < sum(related) else min(quota, half_up(fee * law.chronic_rate))
    ends_here = quota > 0
    if law.above_quota == "never pooled" or (law.above_quota == "pooled from the next visit" and ends_here):
        fee = sum(related, ZERO)
    fees = in_proportion(fee, related)
    return fees, in_proportion(pay, fees), fee, pay


def charged_deductible(
    visit: Visit, history: Sequence[Settled], in_scope: Fraction
) -> tuple[Fraction, Fraction]:
    """第二十二条: due is the standard less what its period was charged; a year's stop and the cost limit what is charged."""
    law = visit.law
    if law.deductible_over == "none":
        return ZERO, ZERO
    earlier = sum(
        (one.deductible for one in history if same_period(law.deductible_over, one.visit, visit)), ZERO
    )
    due = max(ZERO, law.deductible - earlier)
    limits = [due, in_scope]
    if law.deductible_stop_of_year is not None:
        in_year = sum((one.deductible for one in history if same_period("year", one.visit, visit)), ZERO)
        limits.append(max(ZERO, law.deductible_stop_of_year - in_year))
    return due, min(limits)


def band_shares(
    visit: Visit, history: Sequence[Settled], deductible: Fraction, base: Fraction
) -> list[tuple[int, Fraction]]:
    """How much of the base each band takes; at least the band in which it begins."""
    law = visit.law
    this_year = [one for one in history if same_period("year", one.visit, visit)]
    if law.bands_over == "year_fund":
        return fund_band_shares(law, sum((one.pool for one in this_year), ZERO), base)
    start = ZERO
    if law.bands_over == "year_cost":
        start = sum((one.in_scope for one in this_year), ZERO) + deductible
    shares: list[tuple[int, Fraction]] = []
    lower = ZERO
    for number, band in enumerate(law.bands):
        upper = start + base + 1 if band.up_to is None else band.up_to
        overlap = min(upper, start + base) - max(lower, start)
        begins_here = not shares and start < upper
        if overlap > 0 or begins_here:
            shares.append((number, max(overlap, ZERO)))
        lower = upper
    return shares


def fund_band_shares(law: Law, paid: Fraction, base: Fraction) -> list[tuple[int, Fraction]]:
    """A band lasts while the fund paid is below its end: whole fen of cost until it is reached."""
    shares: list[tuple[int, Fraction]] = []
    for number, band in enumerate(law.bands):
        if band.up_to is not None and paid >= band.up_to:
            continue
        taken = base
        if band.up_to is not None and band.rate > 0:
            taken = min(base, ceil((band.up_to - paid) / band.rate / FEN) * FEN)
        shares.append((number, taken))
        paid, base = paid + taken * band.rate, base - taken
        if base == 0:
            break
    return shares


def cap_room(visit: Visit, history: Sequence[Settled]) -> Fraction | None:
    """Smallest room that the ceilings leave; None without a ceiling."""
    rooms = []
    for period, ceiling in visit.law.ceilings.items():
        paid = sum((one.pool for one in history if same_period(period, one.visit, visit)), ZERO)
        rooms.append(max(ZERO, ceiling - paid))
    return min(rooms) if rooms else None


def in_proportion(total: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """``total`` over ``weights`` in whole fen, 最大余数法; of equal remainders the earlier line is served."""
    whole = sum(weights, ZERO)
    if whole == 0:
        return [ZERO for _ in weights]
    exact = [total * weight / whole for weight in weights]
    parts = [floor(part / FEN) * FEN for part in exact]
    hungry = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in hungry[: int((total - sum(parts, ZERO)) / FEN)]:
        parts[index] += FEN
    return parts
