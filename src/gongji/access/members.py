"""A member's account: made at the first sign-in that an identity vouched for, one a person, never with a password."""

from datetime import datetime

from gongji.access.events import record
from gongji.access.records import AccountRecord
from gongji.access.roles import MEMBER
from gongji.access.selectors import of_person
from gongji.base.actors import Actor
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members import selectors as members
from gongji.members.values import Person

__all__ = ["account_of_member", "by_certificate", "by_voucher"]

ADD = sql("gongji.access", "account_add")
GRANT = sql("gongji.access", "grant_add")
VOUCHER, VALID = "01", "valid"
"""National code of the e-voucher, and the state in which it is good."""


async def by_voucher(conn: Connection, vault: Vault, token: str, at: datetime) -> Person | None:
    """Who holds this e-voucher, if it is good today and the person lives."""
    today = day_in_china(at)
    identity = await members.identify(conn, vault, VOUCHER, token, today)
    if identity is None or identity.voucher_state != VALID:
        return None
    return _living(identity.person, at)


async def by_certificate(conn: Connection, vault: Vault, cert_no: str, at: datetime) -> Person | None:
    """The one living person with this identity number."""
    return _living(await members.find(conn, vault, cert_no=cert_no), at)


async def account_of_member(conn: Connection, person: Person, at: datetime) -> AccountRecord:
    """The person's account, made now if there is none; two first sign-ins at once make one."""
    async with conn.transaction():
        number = await conn.fetchval(
            ADD, f"member:{person.psn_no}", person.name, person.psn_no, "", "", "", at, "", False
        )
        if number is not None:
            await conn.fetchval(GRANT, number, MEMBER)
            actor = str(Actor("member", person.psn_no))
            await record(conn, "created", at, account=number, actor=actor)
    account = await of_person(conn, person.psn_no)
    if account is None:
        raise RuntimeError("a member's account was made and is not there")
    return account


def _living(person: Person | None, at: datetime) -> Person | None:
    """A dead member signs in no more, from the day after."""
    if person is None or (person.died_on is not None and person.died_on < day_in_china(at)):
        return None
    return person
