"""Signing in: name and password, the one-time code, a voucher or an identity vouched for elsewhere. Every try is counted first.

What a wrong name, a wrong password, a locked account and an account without a password have in common is the answer: no.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import msgspec

from gongji.access import factor, passwords
from gongji.access.events import guess_of, record
from gongji.access.limits import KNOWN_WITHIN, TRIES, TRIES_AT_ADDRESS, TRIES_WITHIN
from gongji.access.records import AccountRecord
from gongji.access.selectors import by_name
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql

__all__ = ["LIMITED", "WRONG", "Failed", "check_code", "check_password", "counted", "repeated_password"]

TRY = sql("gongji.access", "try")
STEP = sql("gongji.access", "account_step")
Acquire = Callable[[], AbstractAsyncContextManager[Any]]


class Failed(msgspec.Struct, frozen=True):
    """Why somebody is not let in, in words that say nothing about whether the account exists."""

    text: str
    limited: bool = False


MINUTES = int(TRIES_WITHIN.total_seconds()) // 60
WRONG = Failed("登录名或密码不正确，或者账号不能登录。")
WRONG_CODE = Failed("验证码不正确，或者已经用过。请输入认证器现在显示的 6 位数字。")
LIMITED = Failed(f"尝试次数过多。请在 {MINUTES} 分钟后再试，或者请系统管理员解锁。", limited=True)
BUSY_ADDRESS = Failed(f"这个网络地址的尝试次数过多。请在 {MINUTES} 分钟后再试。", limited=True)


async def check_password(
    acquire: Acquire, vault: Vault, username: str, password: str, at: datetime, address: str
) -> AccountRecord | Failed:
    """The account of that name if the password is right and it may sign in. Holds no connection while it hashes."""
    guess = guess_of(vault, username)
    async with acquire() as conn:
        account = await by_name(conn, username)
        limited = await counted(conn, "tried", guess, at, address, account.number if account else None)
    if limited is not None:
        return limited
    right = await passwords.matches(password, account.password if account else None)
    if right and account is not None and account.active:
        return account
    async with acquire() as conn:
        number = account.number if account else None
        await record(conn, "failed", at, account=number, guess=guess, address=address, detail="password")
    return WRONG


async def repeated_password(
    acquire: Acquire, vault: Vault, account: AccountRecord, password: str, at: datetime, address: str
) -> Failed | None:
    """Whether somebody who is signed in knows the account's password; counted like a sign-in. None: yes."""
    found = await check_password(acquire, vault, account.username, password, at, address)
    if isinstance(found, Failed):
        return found if found.limited else Failed("现在的密码不正确。")
    return None


async def counted(
    conn: Connection, kind: str, guess: bytes, at: datetime, address: str, account: int | None = None
) -> Failed | None:
    """Count one more try of ``kind`` before it is looked at; None when it may go on."""
    verdict = await conn.fetchval(
        TRY, kind, at, account, guess, address, TRIES, TRIES_AT_ADDRESS, TRIES_WITHIN, KNOWN_WITHIN
    )
    return {"": None, "guess": LIMITED, "address": BUSY_ADDRESS}[verdict]


async def check_code(
    conn: Connection, vault: Vault, account: AccountRecord, secret: str, code: str, at: datetime, address: str
) -> Failed | None:
    """Whether ``code`` is one of the secret's, now and for the first time; None: yes."""
    limited = await counted(
        conn, "code_tried", guess_of(vault, account.username), at, address, account.number
    )
    if limited is not None:
        return limited
    step = factor.step_of(secret, code, at)
    if step is not None and await conn.fetchval(STEP, account.number, step) is not None:
        return None
    await record(conn, "failed", at, account=account.number, address=address, detail="code")
    return WRONG_CODE
