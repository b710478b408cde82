"""Who is signed in on a request: the session behind the cookie with its account as it is now, in one read."""

from datetime import datetime

from gongji.access import sessions
from gongji.access.records import Session
from gongji.access.signing import Acquire

__all__ = ["signed_in"]


async def signed_in(acquire: Acquire, token: str, at: datetime, *, use: bool) -> Session | None:
    """The session of ``token``, complete or on its way; None for nobody. ``use``: this request counts as being active (a page that
    asks by itself every few seconds does not, nor does anything on a server that only reads).
    """
    if not token:
        return None
    async with acquire() as conn:
        session = await sessions.find(conn, token, at)
        if session is not None and use and sessions.stale(session, at):
            await sessions.seen(conn, session, at)
    return session
