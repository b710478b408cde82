"""A member's settlements as rows: when, where, what it cost and who paid, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.claims.selectors import ClaimedVisit, claimed_visits
from gongji.kernel import layout
from gongji.lawbook import selectors as lawbook
from gongji.policy import Law
from gongji.settlement import selectors as settlement
from gongji.settlement.selectors import StoredSettlement
from gongji.web.pages import Page

__all__ = ["KINDS", "Month", "Settlement", "Sums", "law_of", "months", "of_member", "row", "sums_of"]

REVERSAL: Final = -1
KINDS: Final = {"hospital": "医院", "pharmacy": "药店", "claim": "零星报销"}
"""Where a settlement was made, as the list can be cut."""


class Sums(msgspec.Struct, frozen=True):
    """Who paid how much of what: ``total = fund + account + mutual + cash``."""

    total_fen: int = 0
    fund_fen: int = 0
    account_fen: int = 0
    mutual_fen: int = 0
    cash_fen: int = 0

    def __add__(self, other: Sums) -> Sums:
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Sums(*(one + two for one, two in pairs))

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """For the stacked bar: name, fen, class."""
        return [
            ("医保基金", self.fund_fen, "fund"),
            ("个人账户", self.account_fen, "account"),
            ("家庭共济", self.mutual_fen, "mutual"),
            ("现金", self.cash_fen, "cash"),
        ]


class Settlement(msgspec.Struct, frozen=True):
    """One settlement or refund. ``kind`` is a key of ``KINDS``; ``original_id``: it is a refund of that one; ``reversed_by``: that
    refund has undone it; ``refused``: the pool paid nothing, for a reason; ``claim_id``: the manual claim behind it.
    """

    number: int
    on: date
    at: datetime
    place: str
    kind: str
    sums: Sums
    original_id: int | None
    reversed_by: int | None
    refused: bool
    claim_id: int | None = None

    @property
    def is_refund(self) -> bool:
        return self.original_id is not None

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def state(self) -> tuple[str, str] | None:
        """The state in words with its kind of badge; None for what is as it should be."""
        if self.is_refund:
            return ("退费", "info")
        if self.reversed_by is not None:
            return ("已退费", "wait")
        return ("基金未支付", "wait") if self.refused else None


class Month(msgspec.Struct, frozen=True):
    """The settlements of a calendar month of service, newest first, with their sums."""

    first: date
    rows: tuple[Settlement, ...]
    sums: Sums


async def of_member(page: Page, conn: Connection, psn_no: str) -> list[Settlement]:
    """Everything that was settled for the member, newest first."""
    found = await settlement.settlements(conn, psn_no, {})
    claimed = await claimed_visits(conn, psn_no) if any(one.settled.claim for one in found) else {}
    return sorted(
        (row(page, one, claimed) for one in found), key=lambda one: (one.at, one.number), reverse=True
    )


def row(page: Page, stored: StoredSettlement, claimed: Mapping[int, ClaimedVisit]) -> Settlement:
    """A stored settlement as a row; ``claimed`` tells of the visits of manual claims."""
    settled = stored.settled
    place = page.platform.provider(settled.provider)
    by = claimed.get(settled.visit_id) if settled.claim else None
    kind = "claim" if settled.claim else "pharmacy" if settled.place_kind == "pharmacy" else "hospital"
    said = by.place.name if by is not None else ""
    return Settlement(
        number=settled.settlement_id,
        on=settled.service_on,
        at=settled.settled_at,
        place=place.name if place is not None else said or settled.provider or KINDS[kind],
        kind=kind,
        sums=sums_of(settled.outcome.waterfall),
        original_id=settled.original_id,
        reversed_by=stored.reversed_by,
        refused=settled.outcome.refusal is not None,
        claim_id=by.claim_id if by is not None else None,
    )


def sums_of(waterfall: Sequence[int]) -> Sums:
    """Who pays what, of a waterfall."""
    return Sums(
        waterfall[layout.W_TOTAL_FEN],
        waterfall[layout.W_POOL_PAY_FEN] + waterfall[layout.W_CHRONIC_PAY_FEN],
        waterfall[layout.W_ACCOUNT_FEN],
        waterfall[layout.W_MUTUAL_FEN],
        waterfall[layout.W_CASH_FEN],
    )


def months(rows: Iterable[Settlement]) -> list[Month]:
    """Rows by the month of service, newest month first; the rows keep their order."""
    by_month: dict[date, list[Settlement]] = {}
    for one in rows:
        by_month.setdefault(one.on.replace(day=1), []).append(one)
    return [
        Month(first, tuple(found), sum((one.sums for one in found), Sums()))
        for first, found in sorted(by_month.items(), reverse=True)
    ]


async def law_of(page: Page, conn: Connection, digest: str) -> Law | None:
    """The version of the law under this digest: the one in use, or one that the database keeps."""
    return page.platform.laws.get(digest) or await lawbook.law(conn, digest)
