"""Reads of the room: accounts by name, number and person, the list for officers, events for the auditor."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gongji.access.records import AccountRecord, Event
from gongji.access.sessions import account_of
from gongji.base.sqlfiles import Connection, sql

__all__ = [
    "AccountFilter",
    "EventFilter",
    "accounts",
    "by_name",
    "by_number",
    "created_by",
    "creator",
    "events",
    "normal_name",
    "of_person",
]

BY_NAME = sql("gongji.access", "account_by_name")
BY_NUMBER = sql("gongji.access", "account")
OF_PERSON = sql("gongji.access", "account_of_person")
CREATORS = sql("gongji.access", "creators")
CREATED_BY = sql("gongji.access", "created_by")
ACCOUNTS = sql("gongji.access", "accounts")
EVENTS = sql("gongji.access", "events")
LARGEST = 2**63 - 1


class AccountFilter(msgspec.Struct, frozen=True):
    """Which accounts: words in name, user name or institution; a role; how they stand; members left out unless asked for."""

    words: str = ""
    role: str = ""
    state: str = ""
    after: str = ""
    most: int = 100


class EventFilter(msgspec.Struct, frozen=True):
    """Which events: from one instant until another, of one account, of kinds, before an event's number (newest first)."""

    since: datetime
    until: datetime
    account: int | None = None
    kinds: Sequence[str] = ()
    address: str = ""
    before: int = LARGEST
    most: int = 200


def normal_name(username: str) -> str:
    """A user name as it is compared and stored: without blanks, small letters."""
    return "".join(username.split()).casefold()


async def by_name(conn: Connection, username: str) -> AccountRecord | None:
    row = await conn.fetchrow(BY_NAME, normal_name(username).replace("\0", ""))
    return account_of(row) if row else None


async def by_number(conn: Connection, number: int) -> AccountRecord | None:
    if not 0 < number <= LARGEST:
        return None
    row = await conn.fetchrow(BY_NUMBER, number)
    return account_of(row) if row else None


async def of_person(conn: Connection, psn_no: str) -> AccountRecord | None:
    """The account of a member."""
    row = await conn.fetchrow(OF_PERSON, psn_no) if psn_no else None
    return account_of(row) if row else None


async def creator(conn: Connection, number: int) -> str:
    """Who made the account, as events keep actors; "" when nobody wrote it down."""
    made: str | None = await conn.fetchval(CREATORS, number)
    return made or ""


async def created_by(conn: Connection, actor: str) -> list[AccountRecord]:
    """The accounts that ``actor`` made, in that order."""
    return [account_of(row) for row in await conn.fetch(CREATED_BY, actor)]


async def accounts(conn: Connection, wanted: AccountFilter) -> list[AccountRecord]:
    """Accounts of staff and officers, by user name; members' accounts are nobody's list."""
    rows = await conn.fetch(ACCOUNTS, wanted.words, wanted.role, wanted.state, wanted.after, wanted.most)
    return [account_of(row) for row in rows]


async def events(conn: Connection, wanted: EventFilter) -> list[Event]:
    """Events, newest first."""
    rows = await conn.fetch(
        EVENTS, wanted.since, wanted.until, wanted.account, list(wanted.kinds), wanted.address,
        wanted.before, wanted.most,
    )  # fmt: skip
    return [Event(*tuple(row)) for row in rows]
