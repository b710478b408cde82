"""What hospitals are told unasked: 7108 a pharmacy has reviewed the prescription, 7109 something was settled, sold or refunded.

A notice is derived from the prescription's own event, whose key is its key: no room that writes events knows of notices, and an
event has one, however often it is looked for. It is sent at least once, with the prescription as it stood after that event, until
the hospital says ``success``; tries grow rarer and end after a day, and what was given up is listed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA
from gongji.gateway.epc.envelope import Signing, seal_message
from gongji.gateway.epc.names import REVIEW_NOTICE, SETTLEMENT_NOTICE, Function
from gongji.gateway.epc.shape import flat
from gongji.gateway.rxtaken import collection, review
from gongji.prescriptions.case import Case, fold
from gongji.providers.register import Channel

__all__ = [
    "Notice",
    "Waiting",
    "again",
    "content",
    "derive",
    "failed",
    "function_of",
    "next_try",
    "sealed",
    "sent",
    "take",
    "waiting",
]

ROOM = "gongji.gateway"
DERIVE = sql(ROOM, "notice_derive")
TAKE = sql(ROOM, "notice_take")
SENT = sql(ROOM, "notice_sent")
FAILED = sql(ROOM, "notice_failed")
WAITING = sql(ROOM, "notice_waiting")
AGAIN = sql(ROOM, "notice_again")

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=2)
GIVE_UP = timedelta(days=1)
LEASE = timedelta(minutes=3)
"""How long a sender may keep a notice before another one takes it up."""

_encode = msgspec.json.Encoder().encode


class Notice(msgspec.Struct, frozen=True):
    """A notice that this sender is to send now; ``tries`` counts this one."""

    psn_no: str
    rx_id: int
    event_no: int
    infno: str
    institution: str
    event_at: datetime
    made_at: datetime
    tries: int

    def __repr__(self) -> str:
        return f"Notice({self.rx_id}, {self.event_no}, {self.infno!r})"

    @property
    def key(self) -> tuple[str, int, int]:
        return self.psn_no, self.rx_id, self.event_no


class Waiting(msgspec.Struct, frozen=True):
    """A notice that was not taken yet, for people; whose prescription it is stays out of lists."""

    rx_id: int
    event_no: int
    infno: str
    institution: str
    event_at: datetime
    due_at: datetime | None
    tries: int
    given_up_at: datetime | None
    remark: str


async def derive(conn: Connection, channels: Iterable[Channel], since: datetime, at: datetime) -> int:
    """Make the notices of events since ``since`` for hospitals that have an address; how many are new."""
    told = [channel for channel in channels if channel.callback_url]
    if not told:
        return 0
    from_at = [datetime.combine(channel.from_on, datetime.min.time(), CHINA) for channel in told]
    status = await conn.execute(DERIVE, since, [channel.code for channel in told], from_at, at)
    return int(status.rpartition(" ")[2])


async def take(conn: Connection, at: datetime, limit: int, without: Iterable[str] = ()) -> tuple[Notice, ...]:
    """Notices that are due, lent to the caller for ``LEASE``; none for the institutions ``without``."""
    rows = await conn.fetch(TAKE, at, limit, list(without), at + LEASE)
    notices = (Notice(*row.values()) for row in rows)
    return tuple(sorted(notices, key=lambda notice: (notice.event_at, notice.rx_id, notice.event_no)))


async def sent(conn: Connection, notice: Notice, at: datetime) -> None:
    """The hospital has it."""
    await conn.execute(SENT, *notice.key, at)


async def failed(conn: Connection, notice: Notice, at: datetime, remark: str) -> None:
    """The hospital has it not: it is due again later, or given up."""
    await conn.execute(FAILED, *notice.key, next_try(notice, at), at, remark[:200])


async def waiting(conn: Connection, limit: int = 100) -> tuple[Waiting, ...]:
    """Notices that are not sent, those given up first."""
    return tuple(Waiting(*row.values()) for row in await conn.fetch(WAITING, limit))


async def again(conn: Connection, at: datetime, institution: str = "") -> int:
    """What was given up (of one institution, or all) is due again."""
    return int((await conn.execute(AGAIN, at, institution)).rpartition(" ")[2])


def next_try(notice: Notice, at: datetime) -> datetime | None:
    """When to try again after a failure at ``at``: 1, 2, 4 … minutes, at most two hours later; None a day after it was made."""
    if at - notice.made_at >= GIVE_UP:
        return None
    doublings = min(max(notice.tries - 1, 0), 10)
    return at + min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


def function_of(notice: Notice) -> Function:
    return REVIEW_NOTICE if notice.infno == REVIEW_NOTICE.infno else SETTLEMENT_NOTICE


def content(notice: Notice, case: Case) -> dict[str, msgspec.Raw]:
    """The data of the notice: the prescription as it stood after the event, not as it stands now."""
    events = tuple(event for event in case.events if event.event_no <= notice.event_no)
    then = fold(case.prescription, case.sealed, events)
    if notice.infno == REVIEW_NOTICE.infno:
        return flat(b'{"data":%b}' % _encode(review(then, notice.event_at)))
    return flat(_encode(collection(then, notice.event_at)))


def sealed(notice: Notice, case: Case, channel: Channel, signing: Signing, at: datetime) -> bytes:
    """The message as it goes out."""
    return seal_message(channel, signing, content(notice, case), at, trans_type=function_of(notice).path)
