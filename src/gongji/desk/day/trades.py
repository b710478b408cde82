"""The day at the counter: what was settled and refunded, by whom, with its sums; its closing (日结); its comparison (对账).

The national trades 3201 and 3202 are not offered yet: the comparison puts the workstations' own record of what they sent beside the
platform's facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from gongji.desk.day.sent import Amounts, Sender, Sent
from gongji.members.identity import mask_name
from gongji.settlement.listing import Taken
from gongji.web.charts import Part, who_pays

__all__ = ["Compared", "Hands", "Row", "Sums", "by_hands", "compared", "fitting", "rows_of", "sums_of"]

NOTHING: Final = Amounts(0, 0, 0, 0)


class Row(msgspec.Struct, frozen=True):
    """A settlement or refund with who made it; ``operator`` "" for what did not come from a workstation of the web."""

    taken: Taken
    account: int
    operator: str
    name: str

    @property
    def number(self) -> tuple[str, str]:
        """Trade and the institution's own number."""
        return self.taken.infno, self.taken.msgid

    @property
    def kind(self) -> str:
        return "退费" if self.taken.kind == -1 else "结算"

    @property
    def amounts(self) -> Amounts:
        """What the platform has, in the shape of the own record."""
        one = self.taken
        return Amounts(one.total_fen, one.fund_fen, one.account_fen + one.mutual_fen, one.cash_fen)


class Sums(msgspec.Struct, frozen=True):
    """Totals of rows; refunds count with their negative amounts."""

    settled: int = 0
    refunded: int = 0
    total_fen: int = 0
    fund_fen: int = 0
    own_fen: int = 0
    mutual_fen: int = 0
    cash_fen: int = 0
    cash_in_fen: int = 0
    cash_out_fen: int = 0

    @property
    def account_fen(self) -> int:
        """From all accounts."""
        return self.own_fen + self.mutual_fen

    @property
    def parts(self) -> list[Part]:
        """For the stacked bar."""
        return who_pays(self.fund_fen, self.own_fen, self.mutual_fen, self.cash_fen)


class Pair(msgspec.Struct, frozen=True):
    """A settlement that both sides have, as the workstation showed it and as the platform has it."""

    row: Row
    own: Amounts

    @property
    def off(self) -> Amounts:
        """Platform less own record: nothing where the two agree."""
        return self.row.amounts - self.own


class Compared(msgspec.Struct, frozen=True):
    """Own record against the platform: what both have, what only the platform has (other software of the institution, or the
    interface), what only was sent (refused, void or still without an answer)."""

    both: tuple[Pair, ...]
    elsewhere: tuple[Row, ...]
    without_effect: tuple[Sender, ...]
    silent: tuple[Sent, ...]

    @property
    def differing(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.both if pair.off != NOTHING)

    @property
    def own(self) -> Amounts:
        """The own record of what took effect."""
        return sum((pair.own for pair in self.both), NOTHING)

    @property
    def platform(self) -> Amounts:
        return sum((pair.row.amounts for pair in self.both), NOTHING)

    @property
    def off(self) -> Amounts:
        return self.platform - self.own

    @property
    def fits(self) -> bool:
        return not self.silent and not self.differing


class Hands(msgspec.Struct, frozen=True):
    """What went through one person's hands on a day; ``open``: of it, how many no closing covers."""

    operator: str
    sums: Sums
    open: int


def rows_of(taken: Sequence[Taken], senders: Iterable[Sender], names: dict[str, str]) -> list[Row]:
    """The day's settlements with who sent them; names are masked."""
    by_number = {one.number: one for one in senders}
    found = []
    for one in taken:
        sender = by_number.get((one.infno, one.msgid))
        name = mask_name(names.get(one.psn_no, ""))
        found.append(Row(one, sender.account if sender else 0, sender.operator if sender else "", name))
    return found


def fitting(rows: Sequence[Row], *, account: int | None = None, kind: str = "", text: str = "") -> list[Row]:
    """Rows of one account, of one kind ("settled", "refunded"), or with this number."""
    wanted = {"settled": 1, "refunded": -1}.get(kind)
    return [
        row
        for row in rows
        if account in (None, row.account)
        and wanted in (None, row.taken.kind)
        and text
        in ("", str(row.taken.settlement_id), row.taken.msgid, row.taken.psn_no, str(row.taken.visit_id))
    ]


def sums_of(rows: Iterable[Row]) -> Sums:
    """Counts and amounts by payer."""
    kept = [row.taken for row in rows]
    return Sums(
        settled=sum(one.kind == 1 for one in kept),
        refunded=sum(one.kind == -1 for one in kept),
        total_fen=sum(one.total_fen for one in kept),
        fund_fen=sum(one.fund_fen for one in kept),
        own_fen=sum(one.account_fen for one in kept),
        mutual_fen=sum(one.mutual_fen for one in kept),
        cash_fen=sum(one.cash_fen for one in kept),
        cash_in_fen=sum(one.cash_fen for one in kept if one.cash_fen > 0),
        cash_out_fen=-sum(one.cash_fen for one in kept if one.cash_fen < 0),
    )


def compared(rows: Sequence[Row], senders: Sequence[Sender], silent: Sequence[Sent]) -> Compared:
    """The own record of the day beside the platform's facts, number by number."""
    own = {one.number: one.shown for one in senders}
    effective = {row.number for row in rows}
    open_numbers = {sent.msgid for sent in silent}
    return Compared(
        both=tuple(Pair(row, own[row.number]) for row in rows if row.number in own),
        elsewhere=tuple(row for row in rows if row.number not in own),
        without_effect=tuple(
            one for one in senders if one.number not in effective and one.msgid not in open_numbers
        ),
        silent=tuple(silent),
    )


def by_hands(rows: Sequence[Row], covered: frozenset[int]) -> tuple[Hands, ...]:
    """The day by who stood at the counter; ``covered``: settlements that closings have."""
    accounts = sorted({row.account for row in rows if row.account})
    return tuple(_hands([row for row in rows if row.account == account], covered) for account in accounts)


def _hands(rows: Sequence[Row], covered: frozenset[int]) -> Hands:
    return Hands(rows[0].operator, sums_of(rows), sum(row.taken.settlement_id not in covered for row in rows))
