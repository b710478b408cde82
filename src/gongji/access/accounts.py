"""Changes of accounts: made by one officer and given roles by another, locked, unlocked, reset. Each is an event in the same
transaction and ends the account's sessions by moving its generation on.
"""

import re
from datetime import datetime
from typing import Final

import msgspec

from gongji.access import factor
from gongji.access.events import guess_of, record
from gongji.access.records import AccountRecord
from gongji.access.roles import ROLES, SEPARATE, may_combine
from gongji.access.selectors import by_number, creator
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.providers.values import ProviderBook

__all__ = [
    "NewAccount",
    "Officer",
    "create",
    "grant",
    "own_factor",
    "own_password",
    "reset_factor",
    "reset_password",
    "set_active",
    "withdraw",
]

ADD = sql("gongji.access", "account_add")
ACTIVE = sql("gongji.access", "account_active")
PASSWORD = sql("gongji.access", "account_password")
FACTOR = sql("gongji.access", "account_factor")
MOVED = sql("gongji.access", "account_moved")
LOCK = sql("gongji.access", "account_lock")
GRANT = sql("gongji.access", "grant_add")
DROP = sql("gongji.access", "grant_drop")
OTHERS = sql("gongji.access", "others_with_role")
LAST_OFFICER = "SELECT pg_advisory_xact_lock(hashtextextended('access:last-officer', 0))"

USERNAME: Final = re.compile(r"[a-z][a-z0-9.-]{1,39}")
AREA: Final = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")
NAME_LENGTH: Final = 50


class Officer(msgspec.Struct, frozen=True):
    """Who changes an account, when, from where and why."""

    actor: Actor
    at: datetime
    address: str = ""
    reason: str = ""


class NewAccount(msgspec.Struct, frozen=True):
    """What the system officer says about a new account: it is bound to an institution, an area, or (neither) the platform."""

    username: str
    name: str
    institution: str = ""
    staff_code: str = ""
    area: str = ""


async def create(
    conn: Connection, vault: Vault, officer: Officer, book: ProviderBook, new: NewAccount, password: str
) -> int | Refusal:
    """Make an account without roles; ``password`` is the hash of an initial one, to be changed at the first sign-in."""
    refusal = _fault(new, book, officer.at)
    if refusal is not None:
        return refusal
    async with conn.transaction():
        number: int | None = await conn.fetchval(
            ADD,
            new.username,
            new.name,
            "",
            new.institution,
            new.staff_code,
            new.area,
            officer.at,
            password,
            True,
        )
        if number is None:
            return Refusal("ACCOUNT_NAME_TAKEN", new.username)
        await _told(conn, vault, officer, "created", number, new.username)
    return number


async def set_active(
    conn: Connection, vault: Vault, officer: Officer, number: int, active: bool
) -> int | Refusal:
    """Lock or unlock an account. Unlocking also forgets its wrong tries. The last of the three officers of a kind stays."""
    async with conn.transaction():
        account = await _locked(conn, officer, number)
        if isinstance(account, Refusal):
            return account
        if not active and (last := await _last(conn, account, account.roles)) is not None:
            return last
        if await conn.fetchval(ACTIVE, number, active) is None and not active:
            return Refusal("ACCOUNT_AS_IT_WAS")
        return await _told(conn, vault, officer, "unlocked" if active else "locked", number, account.username)


async def grant(conn: Connection, vault: Vault, officer: Officer, number: int, role: str) -> int | Refusal:
    """Give an account a role: by somebody else than who made it, never by itself, and only one that fits what it is bound to."""
    async with conn.transaction():
        account = await _locked(conn, officer, number)
        if isinstance(account, Refusal):
            return account
        if str(officer.actor) == await creator(conn, number):
            return Refusal("ACCOUNT_FOUR_EYES")
        if (unfit := _unfit(account, role)) is not None:
            return unfit
        if await conn.fetchval(GRANT, number, role) is None:
            return Refusal("ACCOUNT_AS_IT_WAS")
        await conn.execute(MOVED, number)
        return await _told(conn, vault, officer, "granted", number, account.username, role)


async def withdraw(conn: Connection, vault: Vault, officer: Officer, number: int, role: str) -> int | Refusal:
    """Take a role away: effective with the account's next request."""
    async with conn.transaction():
        account = await _locked(conn, officer, number)
        if isinstance(account, Refusal):
            return account
        if (last := await _last(conn, account, (role,))) is not None:
            return last
        if await conn.fetchval(DROP, number, role) is None:
            return Refusal("ACCOUNT_AS_IT_WAS")
        await conn.execute(MOVED, number)
        return await _told(conn, vault, officer, "withdrawn", number, account.username, role)


async def reset_password(
    conn: Connection, vault: Vault, officer: Officer, number: int, password: str
) -> int | Refusal:
    """A new initial password (as a hash), to be changed at the next sign-in."""
    async with conn.transaction():
        account = await _locked(conn, officer, number)
        if isinstance(account, Refusal):
            return account
        await conn.execute(PASSWORD, number, password, True)
        return await _told(conn, vault, officer, "password_reset", number, account.username)


async def reset_factor(conn: Connection, vault: Vault, officer: Officer, number: int) -> int | Refusal:
    """Forget the second factor: the next sign-in sets a new one up."""
    async with conn.transaction():
        account = await _locked(conn, officer, number)
        if isinstance(account, Refusal):
            return account
        await conn.execute(FACTOR, number, None, 0)
        return await _told(conn, vault, officer, "factor_reset", number, account.username)


async def own_password(
    conn: Connection, vault: Vault, account: AccountRecord, password: str, at: datetime, address: str
) -> None:
    """The owner's own new password (as a hash); every session of before is over."""
    async with conn.transaction():
        await conn.execute(PASSWORD, account.number, password, False)
        own = Officer(account.visitor.actor, at, address)
        await _told(conn, vault, own, "password_changed", account.number, account.username)


async def own_factor(
    conn: Connection, vault: Vault, account: AccountRecord, secret: str, step: int, at: datetime, address: str
) -> None:
    """The owner's second factor, whose code of ``step`` was shown; every session of before is over."""
    async with conn.transaction():
        await conn.execute(FACTOR, account.number, factor.sealed(vault, account.number, secret), step)
        own = Officer(account.visitor.actor, at, address)
        await _told(conn, vault, own, "factor_set", account.number, account.username)


def _fault(new: NewAccount, book: ProviderBook, at: datetime) -> Refusal | None:
    """What is wrong with a new account."""
    if not USERNAME.fullmatch(new.username):
        return Refusal("ACCOUNT_NAME_WRONG")
    if not new.name.strip() or len(new.name) > NAME_LENGTH or not new.name.isprintable():
        return Refusal("ACCOUNT_NAME_WRONG", f"姓名须填写，不超过 {NAME_LENGTH} 个字")
    if new.institution and new.area:
        return Refusal("ACCOUNT_BINDING")
    if new.area and not AREA.fullmatch(new.area):
        return Refusal("ACCOUNT_BINDING", "统筹区为 2、4 或 6 位区划代码")
    if new.institution and book.get(new.institution) is None:
        return Refusal("ACCOUNT_BINDING", f"没有机构 {new.institution}")
    if new.staff_code and book.staff(new.institution, new.staff_code, day_in_china(at)) is None:
        return Refusal("ACCOUNT_BINDING", f"该机构今日没有编码为 {new.staff_code} 的人员")
    return None


def _unfit(account: AccountRecord, role: str) -> Refusal | None:
    """Why the account cannot hold the role."""
    if role not in ROLES:
        return Refusal("ACCOUNT_ROLE_UNFIT", "没有这个角色")
    bound = {
        "person": bool(account.psn_no),
        "institution": bool(account.institution),
        "area": bool(account.area),
        "platform": not (account.psn_no or account.institution or account.area),
    }
    if not bound[ROLES[role].binding]:
        return Refusal("ACCOUNT_ROLE_UNFIT", "账号绑定的不是这个角色的范围")
    if not may_combine(frozenset(account.roles) | {role}):
        return Refusal("ACCOUNT_ROLE_UNFIT", f"与已有角色（{account.role_names}）不能由同一账号担任")
    return None


async def _locked(conn: Connection, officer: Officer, number: int) -> AccountRecord | Refusal:
    """The account, held for this change; nobody changes the own one as an officer, and members' accounts are not managed here."""
    account = await by_number(conn, number)
    if account is None or account.is_member:
        return Refusal("ACCOUNT_UNKNOWN")
    if str(account.visitor.actor) == str(officer.actor):
        return Refusal("ACCOUNT_SELF")
    await conn.fetchval(LOCK, number)
    return await by_number(conn, number) or Refusal("ACCOUNT_UNKNOWN")


async def _last(conn: Connection, account: AccountRecord, roles: tuple[str, ...]) -> Refusal | None:
    """Whether nobody else could act as one of the three officers afterwards; two changes of them never run at once."""
    for role in SEPARATE & set(roles) & set(account.roles):
        await conn.execute(LAST_OFFICER)
        if account.active and not await conn.fetchval(OTHERS, role, account.number):
            return Refusal("ACCOUNT_LAST_OFFICER", ROLES[role].name)
    return None


async def _told(
    conn: Connection, vault: Vault, officer: Officer, kind: str, number: int, username: str, detail: str = ""
) -> int:
    return await record(
        conn, kind, officer.at,
        account=number, actor=str(officer.actor), guess=guess_of(vault, username), address=officer.address,
        detail=detail, reason=officer.reason,
    )  # fmt: skip
