"""Sessions: opened with a new token at every step of signing in, known by digest only, over when a limit or a change says so."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gongji.access.events import record
from gongji.access.limits import LONGEST, SEEN_EVERY, SESSIONS, UNFINISHED, idle
from gongji.access.records import AccountRecord, OwnSession, Session
from gongji.base.sqlfiles import Connection, sql

__all__ = [
    "account_of",
    "complete_or_not",
    "end",
    "end_own",
    "find",
    "keep_pending",
    "own",
    "seen",
    "start",
    "sweep",
]

SESSION = sql("gongji.access", "session")
OPEN = sql("gongji.access", "session_open")
PENDING = sql("gongji.access", "session_pending")
SEEN = sql("gongji.access", "session_seen")
END = sql("gongji.access", "session_end")
CROWDED = sql("gongji.access", "sessions_crowded")
OWN = sql("gongji.access", "sessions_own")
SWEEP = sql("gongji.access", "sweep")
LOCK = sql("gongji.access", "account_lock")
SESSION_COLUMNS = 8
HANDLE = 16
AGENT = 120


def digest_of(token: str) -> str:
    """What is stored of a token: who reads the table cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(row: Any) -> AccountRecord:
    """A row of ``sql/account.sql``."""
    *columns, roles = tuple(row)
    given: tuple[Any, ...] = (*columns, tuple(roles))
    return AccountRecord(*given)


async def find(conn: Connection, token: str, at: datetime) -> Session | None:
    """The session of ``token`` if it holds at ``at``; what was taken away from its account is gone with it."""
    row = await conn.fetchrow(SESSION, digest_of(token))
    if row is None:
        return None
    columns = tuple(row)
    given: tuple[Any, ...] = (*columns[:SESSION_COLUMNS], account_of(columns[SESSION_COLUMNS:]))
    found = Session(*given)
    return found if found.alive(at) else None


def stale(session: Session, at: datetime) -> bool:
    """Whether the session is to be told that it is used."""
    return at - session.seen_at >= SEEN_EVERY


async def seen(conn: Connection, session: Session, at: datetime) -> None:
    """The session is used at ``at``."""
    await conn.execute(SEEN, session.digest, at)


async def start(
    conn: Connection,
    account: AccountRecord,
    token: str,
    at: datetime,
    *,
    address: str,
    agent: str = "",
    factor: bool = False,
    guess: bytes | None = None,
    way: str = "",
) -> Session:
    """Open a session under ``token``: complete when nothing is missing, which is the sign-in; the oldest beyond the limit end."""
    opened = Session(
        digest_of(token), account.generation, False, factor, at, at, _idle_s(account), None, account
    )
    complete = opened.need == ""
    async with conn.transaction():
        await conn.fetchval(LOCK, account.number)
        await conn.execute(
            OPEN, opened.digest, account.number, account.generation, complete, factor, at,
            opened.idle_s, address, agent[:AGENT],
        )  # fmt: skip
        if complete:
            await record(
                conn, "signed_in", at,
                account=account.number, actor=str(account.visitor.actor), guess=guess, address=address, detail=way,
            )  # fmt: skip
            for row in await conn.fetch(CROWDED, account.number, SESSIONS):
                await _ended(conn, account, at, row["address"], "crowded")
    return complete_or_not(opened, complete)


def complete_or_not(session: Session, complete: bool) -> Session:
    """The session with its state."""
    return msgspec.structs.replace(session, complete=complete)


async def keep_pending(conn: Connection, session: Session, sealed: bytes) -> None:
    """Remember the secret (sealed) of the second factor that this session is setting up."""
    await conn.execute(PENDING, session.digest, sealed)


async def end(
    conn: Connection, session: Session, at: datetime, kind: str = "signed_out", why: str = ""
) -> None:
    """The session is over; a second time nothing happens."""
    async with conn.transaction():
        row = await conn.fetchrow(END, session.digest)
        if row is not None and row["complete"]:
            account = session.account
            await record(
                conn, kind, at,
                account=account.number, actor=str(account.visitor.actor), address=row["address"], detail=why,
            )  # fmt: skip


async def own(conn: Connection, account: int) -> list[OwnSession]:
    """The complete sessions of an account, newest first."""
    return [
        OwnSession(row["digest"][:HANDLE], row["started_at"], row["seen_at"], row["address"], row["agent"])
        for row in await conn.fetch(OWN, account)
    ]


async def end_own(conn: Connection, account: AccountRecord, handle: str, at: datetime) -> bool:
    """End that session of the account; False when the account has none of this handle."""
    for row in await conn.fetch(OWN, account.number):
        if row["digest"][:HANDLE] == handle:
            async with conn.transaction():
                if await conn.fetchrow(END, row["digest"]) is not None:
                    await _ended(conn, account, at, row["address"], "owner")
            return True
    return False


async def sweep(conn: Connection, at: datetime) -> int:
    """End what is over by ``at`` in the table as well; answers how many sessions that were. None of them would have held."""
    ended: int = await conn.fetchval(SWEEP, at, LONGEST, UNFINISHED)
    return ended


def _idle_s(account: AccountRecord) -> int:
    return idle(account.roles) // timedelta(seconds=1)


async def _ended(conn: Connection, account: AccountRecord, at: datetime, address: str, why: str) -> None:
    await record(
        conn, "session_ended", at, account=account.number, actor=str(account.visitor.actor), address=address, detail=why
    )  # fmt: skip
