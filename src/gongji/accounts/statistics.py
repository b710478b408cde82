"""Income and expense of personal accounts by type, region and period (收支信息统计, 晋政办发〔2021〕103号 二（四）).

Opening and all flows of a period give its closing, in every region and in all; what the entries say is compared with the
books of the ledger room, so that a difference shows. Clauses SX2021-103.s2.4.f, SX2021-103.s2.5.g.
"""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from gongji.accounts.statement import KINDS
from gongji.base.regions import NATION, normalise_region
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA

__all__ = ["Flow", "Reconciled", "RegionFlows", "Report", "income_and_expense"]

REPORT = sql("gongji.accounts", "report")
RECONCILIATION = sql("gongji.accounts", "reconciliation")

NAMES: Final = {
    "income": "期初、划入、利息和追回",
    "transfer_in": "转入",
    "own": "本人门诊和购药",
    "mutual": "家庭共济",
    "premium": "代缴保费",
    "withdrawal": "支取",
    "transfer_out": "转出",
}
OPENING: Final = ""
ORDER: Final = {kind: position for position, kind in enumerate(KINDS)}


class Flow(msgspec.Struct, frozen=True):
    """Movements of one kind; income is positive."""

    kind: str
    count: int
    amount_fen: int


class RegionFlows(msgspec.Struct, frozen=True):
    """One region: opening + Σ flows = closing."""

    region: str
    opening_fen: int
    flows: tuple[Flow, ...]
    closing_fen: int


class Reconciled(msgspec.Struct, frozen=True):
    """What entries and journal say about one type, over all regions."""

    name: str
    entries_fen: int
    ledger_fen: int

    @property
    def difference_fen(self) -> int:
        return self.entries_fen - self.ledger_fen


class Report(msgspec.Struct, frozen=True):
    """A period, first and last day included; ``reconciliation`` is of all regions whatever was asked for."""

    from_on: date
    until_on: date
    regions: tuple[RegionFlows, ...]
    reconciliation: tuple[Reconciled, ...]

    @property
    def opening_fen(self) -> int:
        return sum(region.opening_fen for region in self.regions)

    @property
    def closing_fen(self) -> int:
        return sum(region.closing_fen for region in self.regions)


async def income_and_expense(conn: Connection, from_on: date, until_on: date, region: str = NATION) -> Report:
    """What came into the accounts of ``region`` (and those below it) and what went out, days in China's time.

    Members count where their relation is on the last day. Raises ValueError for what is no region.
    """
    code = normalise_region(region)
    prefix = "" if code == NATION else code
    start, end = _instant(from_on), _instant(until_on + timedelta(days=1))
    opening: dict[str, int] = {}
    flows: dict[str, list[Flow]] = {}
    for place, kind, count, fen in await conn.fetch(REPORT, start, end, until_on, prefix):
        flows.setdefault(place, [])
        if kind == OPENING:
            opening[place] = fen
        else:
            flows[place].append(Flow(kind, count, fen))
    regions = tuple(_region(place, opening.get(place, 0), found) for place, found in flows.items())
    checks = tuple(
        Reconciled(NAMES[name], entries_fen, ledger_fen)
        for name, entries_fen, ledger_fen in await conn.fetch(RECONCILIATION, start, end)
    )
    return Report(from_on, until_on, regions, checks)


def _region(place: str, opening_fen: int, found: list[Flow]) -> RegionFlows:
    ordered = tuple(sorted(found, key=lambda flow: ORDER.get(flow.kind, len(ORDER))))
    return RegionFlows(place, opening_fen, ordered, opening_fen + sum(flow.amount_fen for flow in ordered))


def _instant(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=CHINA)
