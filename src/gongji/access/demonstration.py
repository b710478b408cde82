"""What anybody may know about a demonstration's accounts: one password for all, fixed second factors, a few vouchers.

None of it opens anything in service: accounts like these are only made by ``gongji serve --demo``, and codes are only told when
the platform says that it is a demonstration.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from gongji.access import factor, passwords
from gongji.access.events import record
from gongji.access.records import AccountRecord
from gongji.access.roles import ROLES
from gongji.access.selectors import by_name
from gongji.base.actors import SYSTEM
from gongji.base.sealing import SealBroken, Vault
from gongji.base.sqlfiles import Connection, sql

__all__ = ["PASSWORD", "VOUCHERS", "DemoAccount", "make", "told_secret"]

ADD = sql("gongji.access", "account_add")
GRANT = sql("gongji.access", "grant_add")
FACTOR = sql("gongji.access", "account_factor")

PASSWORD: Final = "gongji-demo"  # noqa: S105 - everybody may know it
VOUCHERS: Final = (
    ("demo-voucher-000001", "在职职工"),
    ("demo-voucher-000002", "退休人员"),
    ("demo-voucher-000012", "可用家人账户的职工"),
)
"""E-vouchers of the demonstration's members, with who they are."""


class DemoAccount(msgspec.Struct, frozen=True):
    """An account of the demonstration with one role."""

    username: str
    name: str
    role: str
    institution: str = ""
    staff_code: str = ""
    area: str = ""


async def make(conn: Connection, vault: Vault, wanted: Sequence[DemoAccount], at: datetime) -> int:
    """Make those of them that are not there; answers how many. Where a role asks for a second factor, it is the fixed one."""
    missing = [account for account in wanted if await by_name(conn, account.username) is None]
    if not missing:
        return 0
    stored = await passwords.hashed(PASSWORD)
    async with conn.transaction():
        for account in missing:
            await _add(conn, vault, account, stored, at)
    return len(missing)


async def _add(conn: Connection, vault: Vault, account: DemoAccount, stored: str, at: datetime) -> None:
    number = await conn.fetchval(
        ADD,
        account.username,
        account.name,
        "",
        account.institution,
        account.staff_code,
        account.area,
        at,
        stored,
        False,
    )
    if number is None:
        return
    await conn.fetchval(GRANT, number, account.role)
    if ROLES[account.role].second_factor:
        secret = factor.demonstration_secret(account.username)
        await conn.execute(FACTOR, number, factor.sealed(vault, number, secret), 0)
    await record(conn, "created", at, account=number, actor=str(SYSTEM))
    await record(conn, "granted", at, account=number, actor=str(SYSTEM), detail=account.role)


def told_secret(vault: Vault, account: AccountRecord) -> str:
    """The secret of the account's second factor if it is the fixed one of a demonstration; "" for any other."""
    if account.totp_sealed is None:
        return ""
    known = factor.demonstration_secret(account.username)
    try:
        return known if factor.opened(vault, account.number, account.totp_sealed) == known else ""
    except SealBroken:
        return ""
