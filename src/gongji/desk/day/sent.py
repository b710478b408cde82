"""Messages whose answer may be lost: each settlement is written down before it is sent, and forgotten when its answer is here.

What is left after a lost answer is enough to ask, by the institution's own number, what became of it: to send the same message
again (the platform answers what it answered, or settles now) or to undo it (2601). Who sent which number stays for the closing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import sql
from gongji.base.times import CHINA
from gongji.desk import drafts
from gongji.desk.cashier.split import Split
from gongji.gateway.inside import Done, Refused
from gongji.web.pages import Page

__all__ = [
    "Amounts",
    "Sender",
    "Sent",
    "forget",
    "lost",
    "lost_one",
    "record",
    "resend",
    "send",
    "senders_of",
    "sent_as",
    "sent_on",
    "shown_by",
]

WRITE = sql("gongji.desk", "sent_write")
OF_DAY = sql("gongji.desk", "sent_of_day")
BY_NUMBER = sql("gongji.desk", "sent_by_number")
BY_NUMBERS = sql("gongji.desk", "sent_by_numbers")
KIND: Final = "sent"
LAST: Final = "last"
SILENT: Final = frozenset({"DATABASE_UNAVAILABLE", "INTERNAL"})
"""After one of these nobody knows whether the message took effect."""


class Amounts(msgspec.Struct, frozen=True):
    """Who pays what, as the screen showed it before it was sent; of a refund negative. ``account_fen``: own and family's."""

    total_fen: int
    fund_fen: int
    account_fen: int
    cash_fen: int

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.total_fen + other.total_fen,
            self.fund_fen + other.fund_fen,
            self.account_fen + other.account_fen,
            self.cash_fen + other.cash_fen,
        )

    def __neg__(self) -> Amounts:
        return Amounts(-self.total_fen, -self.fund_fen, -self.account_fen, -self.cash_fen)

    def __sub__(self, other: Amounts) -> Amounts:
        return self + -other


def shown_by(split: Split) -> Amounts:
    """What a pre-settlement promised."""
    return Amounts(split.total_fen, split.fund_fen, split.account_fen, split.cash_fen)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way, with what a person needs to know it again. ``place`` is the draft of the sale or visit it settles."""

    infno: str
    msgid: str
    psn_no: str
    region: str
    nodes: dict[str, Any]
    name: str
    shown: Amounts
    at: datetime
    place: str = ""
    kept: str = ""
    """The sale as it was when it was sent, as JSON: what has to be handed out when the answer comes after all."""
    received_fen: int | None = None

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Sent({self.infno!r}, {self.msgid!r})"


class Last(msgspec.Struct, frozen=True):
    """The last settlement or refund that came back."""

    number: str
    total_fen: int
    at: datetime


class Sender(msgspec.Struct, frozen=True):
    """Who sent a number at a workstation."""

    infno: str
    msgid: str
    account: int
    operator: str
    psn_no: str
    sent_at: datetime
    shown: Amounts

    @property
    def number(self) -> tuple[str, str]:
        """Trade and the institution's own number."""
        return self.infno, self.msgid


async def send(page: Page, sent: Sent) -> Done | Refused:
    """Send it, having written it down. A refusal of ``SILENT`` leaves it among the lost ones."""
    await drafts.keep(page, KIND, sent.msgid, sent)
    await record(page, sent.infno, sent.msgid, sent.psn_no, sent.shown)
    return await resend(page, sent)


async def record(page: Page, infno: str, msgid: str, psn_no: str, shown: Amounts) -> None:
    """Write down, before it is sent, through whose hands a message goes that moves money."""
    who = page.visitor
    amounts = (shown.total_fen, shown.fund_fen, shown.account_fen, shown.cash_fen)
    async with page.connection() as conn:
        await conn.execute(
            WRITE, who.institution, infno, msgid, who.account, who.name, psn_no, page.at, *amounts
        )


async def resend(page: Page, sent: Sent) -> Done | Refused:
    """The same message once more: the platform answers what it answered, or does it now. Refused, it is no longer lost."""
    answer = await page.trade(sent.infno, sent.nodes, sent.msgid, insured_region=sent.region)
    if isinstance(answer, Refused) and answer.code not in SILENT:
        await forget(page, sent.msgid)
    return answer


async def finished(page: Page, sent: Sent, number: str) -> None:
    """Its answer has been taken up: it made the settlement or refund ``number``, which the empty screen still names."""
    await drafts.keep(page, LAST, "", Last(number, sent.shown.total_fen, sent.at))
    await forget(page, sent.msgid)


async def last(page: Page) -> Last | None:
    """What the visitor settled or refunded last: a closed window, or an answer that did not reach the screen, hides nothing."""
    return await drafts.draft(page, LAST, "", Last)


async def forget(page: Page, msgid: str) -> None:
    """Nobody asks for its answer any more."""
    await drafts.drop(page, KIND, msgid)


async def lost(page: Page) -> list[Sent]:
    """The visitor's own messages whose answer never came, the newest first."""
    return [sent for _, sent, _ in await drafts.drafts(page, KIND, Sent)]


async def lost_one(page: Page, msgid: str) -> Sent | None:
    """The visitor's own message with this number, while its answer is missing."""
    return await drafts.draft(page, KIND, msgid, Sent)


async def sent_on(page: Page, on: date) -> list[Sender]:
    """Everything that was sent from this institution's workstations on the day."""
    first = datetime.combine(on, time(), CHINA)
    async with page.connection() as conn:
        rows = await conn.fetch(OF_DAY, page.visitor.institution, first, first + timedelta(days=1))
    return [_sender(row) for row in rows]


async def sent_as(page: Page, numbers: Sequence[tuple[str, str]]) -> list[Sender]:
    """Who at this institution sent these numbers (trade, msgid), whenever: what is sent before midnight, or taken up the day
    after, is settled on another day.
    """
    trades, own = [infno for infno, _ in numbers], [msgid for _, msgid in numbers]
    async with page.connection() as conn:
        return [_sender(row) for row in await conn.fetch(BY_NUMBERS, page.visitor.institution, trades, own)]


async def senders_of(page: Page, msgid: str) -> list[Sender]:
    """Who at this institution sent this number, by trade."""
    async with page.connection() as conn:
        return [_sender(row) for row in await conn.fetch(BY_NUMBER, page.visitor.institution, msgid)]


def _sender(row: Any) -> Sender:
    infno, msgid, account, operator, psn_no, sent_at, *shown = row.values()
    return Sender(infno, msgid, account, operator, psn_no, sent_at, Amounts(*shown))
