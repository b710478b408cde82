"""Interest of personal accounts (个人账户计息): by day, on the balance at its end, at the yearly rate dated on that day.

Σ balance × rate over the days, divided by the days of the year, rounded once to the fen (decision A03). A year is posted after its
last day; an account that is closed gets its interest until the day before. Balances go over into the next year as they are: no
movement is made of it (庆阳 第八条).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from gongji.accounts.runs import Progress, RunReport, Tally, not_of_agency, run_through
from gongji.accounts.values import Office
from gongji.base.money import BP_ONE, div_round
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within, normalise_region
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import chart
from gongji.policy import Law, Value

__all__ = ["PORTION", "close_interest", "credit_interest", "daily_rates", "interest_fen", "sums_from"]

_ROOM: Final = "gongji.accounts"
BOUNDS = sql(_ROOM, "interest_bounds")
REGIONS = sql(_ROOM, "interest_regions")
FACTS = sql(_ROOM, "interest_facts")
WRITE = sql(_ROOM, "interest_write")

PORTION: Final = 5_000
LONGEST_YEAR: Final = 366
ONE_DAY: Final = timedelta(days=1)


def interest_fen(fen_bp_days: int, year: int) -> int:
    """Interest of Σ fen × basis points of the yearly rate × days, rounded once."""
    return div_round(fen_bp_days, BP_ONE * _days(year))


def daily_rates(
    law: Law, region: str, year: int, *, allow_draft: bool = False
) -> tuple[list[int], str] | Refusal:
    """The yearly rate in basis points on each day of a year, and the clause of the last one.

    The Refusal of the first day for which no law says a rate.
    """
    rates: list[int] = []
    clause = ""
    for number in range(_days(year)):
        value = law.value("account.interest_rate", region, date(year, 1, 1) + number * ONE_DAY)
        if isinstance(value, Refusal):
            return value
        if value.draft and not allow_draft:
            return Refusal("LAW_DRAFT", region, value.clause, value.citation)
        rates.append(_rate(value))
        clause = value.clause
    return rates, clause


def _rate(value: Value) -> int:
    if not isinstance(value.raw, int):
        raise TypeError(f"account.interest_rate is not a rate: {value.raw!r}")
    return value.raw


def _days(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


class _Rates:
    """The rates of a year until a day, by region, as the statement takes them."""

    def __init__(self, office: Office, regions: Sequence[str], through_on: date) -> None:
        self.clauses: dict[str, str] = {}
        self.refused: dict[str | None, Refusal] = {None: Refusal("REGION_UNKNOWN")}
        self.sums: list[int] = []
        self.regions: list[str] = []
        for region in regions:
            found = daily_rates(office.law, region, through_on.year, allow_draft=office.allow_draft)
            if isinstance(found, Refusal):
                self.refused[region] = found
                continue
            rates, self.clauses[region] = found
            self.regions.append(region)
            self.sums += sums_from(rates, through_on)


def sums_from(rates: Sequence[int], through_on: date) -> list[int]:
    """For each day of the year, the sum of the rates from it until ``through_on``; filled up to the longest year."""
    sums, total = [], 0
    for rate in reversed(rates[: (through_on - date(through_on.year, 1, 1)).days + 1]):
        total += rate
        sums.append(total)
    return [*reversed(sums), *[0] * (LONGEST_YEAR - len(sums))]


class _Days:
    """Portions of an interest run: the days of a year until ``through_on``."""

    kind = "interest"
    bounds = BOUNDS

    def __init__(self, office: Office, rates: _Rates, through_on: date, region: str) -> None:
        self.period = date(through_on.year, 1, 1)
        self.region = region
        self._office = office
        self._rates = rates
        self._through_on = through_on

    async def read(self, conn: Connection, low: str, high: str) -> list[Any]:
        rates = self._rates
        return await conn.fetch(
            FACTS, low, high, self.period, self._through_on, rates.regions, rates.sums, LONGEST_YEAR
        )

    async def write(self, conn: Connection, read: list[Any], run_id: int) -> Tally:
        return await _write(conn, self._office, self._rates, self._through_on, run_id, self._own(read))

    def _own(self, rows: list[Any]) -> list[Any]:
        if self.region == NATION:
            return rows
        return [row for row in rows if row["region"] is not None and is_within(row["region"], self.region)]


async def _write(
    conn: Connection, office: Office, rates: _Rates, through_on: date, cause_id: int, rows: Sequence[Any]
) -> Tally:
    reasons: dict[str, int] = {}
    due = []
    for row in rows:
        refusal = rates.refused.get(row["region"])
        if refusal is not None:
            reasons[refusal.text] = reasons.get(refusal.text, 0) + 1
        elif row["fen_bp_days"] > 0:
            due.append(row)
    fen = [interest_fen(row["fen_bp_days"], through_on.year) for row in due]
    if due:
        await conn.execute(
            WRITE, through_on, cause_id, office.digest, office.at, chart.MEMBER_ACCOUNT, chart.INTEREST,
            [row["psn_no"] for row in due], [row["from_on"] for row in due], [row["region"] for row in due],
            [row["fen_bp_days"] for row in due], fen, [rates.clauses[row["region"]] for row in due],
            [office.ids.next() if one else None for one in fen],
        )  # fmt: skip
    return Tally(credited=len(due), given_fen=sum(fen), reasons=reasons)


async def credit_interest(
    conn: Connection,
    office: Office,
    year: int,
    *,
    region: str = NATION,
    portion: int = PORTION,
    progress: Progress | None = None,
    reader: Connection | None = None,
) -> RunReport | Refusal:
    """Post the interest of a year to all accounts of ``region`` that have not had it.

    FORBIDDEN for who is not of the agency, PERIOD_NOT_DUE before the year is over.
    """
    forbidden = not_of_agency(office)
    if forbidden is not None:
        return forbidden
    if office.on.year <= year:
        return Refusal("PERIOD_NOT_DUE", str(year))
    through_on = date(year, 12, 31)
    regions = [row["region"] for row in await conn.fetch(REGIONS)]
    work = _Days(office, _Rates(office, regions, through_on), through_on, normalise_region(region))
    return await run_through(conn, office, work, portion, progress, reader)


async def close_interest(
    conn: Connection, office: Office, psn_no: str, closing_on: date, cause_id: int
) -> int | Refusal:
    """Post what an account still has to get until the day before ``closing_on``, in the caller's transaction; answers the fen.

    The year before too, when its run has not come yet. The refusal when no law says the rate: nothing is posted then.
    """
    total = 0
    last = closing_on - ONE_DAY
    regions = [row["region"] for row in await conn.fetch(REGIONS)]
    for through_on in (date(last.year - 1, 12, 31), last):
        rates = _Rates(office, regions, through_on)
        rows = await _Days(office, rates, through_on, NATION).read(conn, psn_no, psn_no)
        refused = rates.refused.get(rows[0]["region"]) if rows else None
        if refused is not None:
            return refused
        total += (await _write(conn, office, rates, through_on, cause_id, rows)).given_fen
    return total
