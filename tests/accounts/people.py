"""Members with accounts for the tests of this room, and the office that acts on them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from time import time_ns
from typing import Any

import asyncpg
import msgspec

from gongji.accounts.services import open_balance
from gongji.accounts.values import Office, Payee
from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.times import day_in_china
from gongji.ledger import Entry, settlement_entry
from gongji.policy import Law, compile_law, load_library
from tests.members.people import add_person, add_relation, cert_no
from tests.vaults import VAULT

SHANXI, QINGYANG = "140800", "621000"
AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
ON = date(2024, 8, 15)
HOSPITAL, PHARMACY = "H14080299001", "P14080299002"
ZHANG, LI, WANG = Actor("agency", "zhang"), Actor("agency", "li"), Actor("agency", "wang")

_ids = IdSource(1022, lambda: time_ns() // 1_000_000)
_numbers = count(1)


@cache
def law() -> Law:
    return compile_law(load_library())


def office(actor: Actor = ZHANG, at: datetime = AT, *, allow_draft: bool = True) -> Office:
    return Office(law(), _ids, VAULT, actor, at, allow_draft)


def member(psn_no: str, at: datetime = AT) -> Office:
    """The member at home, not at the counter."""
    return office(Actor("member", psn_no), at)


def by(actor: Actor, at: datetime = AT) -> Office:
    return office(actor, at)


def new_person() -> str:
    """A number that no other test uses."""
    return f"14{next(_numbers):08d}"


async def add_member(
    conn: asyncpg.Connection[Any],
    fen: int | None = None,
    *,
    region: str = SHANXI,
    died_on: date | None = None,
    until_on: date | None = None,
    name: str = "张三丰",
) -> str:
    """Somebody insured since 2023 in ``region``; with ``fen`` an account that was opened then."""
    psn_no = new_person()
    await add_person(conn, psn_no, died_on=died_on, name=name, number=cert_no(int(psn_no) % 1000))
    await add_relation(conn, psn_no, region=region, until_on=until_on)
    if fen is not None:
        opened_at = datetime(2023, 1, 1, 2, 0, tzinfo=UTC)
        await open_balance(conn, psn_no, fen, "opening", opened_at, entry_id=_ids.next())
    return psn_no


async def balance(conn: asyncpg.Connection[Any], psn_no: str) -> int:
    fen: int = await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = $1", psn_no)
    return fen


async def state(conn: asyncpg.Connection[Any], psn_no: str) -> str:
    word: str = await conn.fetchval("SELECT state FROM accounts_balance WHERE psn_no = $1", psn_no)
    return word


async def pay(
    conn: asyncpg.Connection[Any],
    user: str,
    fen: int,
    *,
    owner: str | None = None,
    at: datetime = AT,
    provider: str = HOSPITAL,
) -> None:
    """A settlement of ``user`` that an account pays whole: the owner's, or the user's own; negative gives back."""
    settlement_id, payer = _ids.next(), owner or user
    kind = ("mutual" if owner else "pay") if fen > 0 else ("mutual_refund" if owner else "refund")
    posted = await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        [payer], [None], [-fen], [kind], [settlement_id], [user if owner else None], [_ids.next()], at,
    )  # fmt: skip
    assert posted == 1
    legs = settlement_entry(
        psn_no=user,
        provider=provider,
        place_kind="pharmacy" if provider.startswith("P") else "hospital",
        pool_fen=0,
        chronic_fen=0,
        account_fen=0 if owner else fen,
        family_draws=[(owner, fen)] if owner else [],
        cash_fen=0,
    )
    await journal(conn, user, settlement_id, "settlement", legs, at)


async def journal(
    conn: asyncpg.Connection[Any], psn_no: str, journal_id: int, source: str, legs: Entry, at: datetime
) -> None:
    await conn.execute(
        "INSERT INTO ledger_journal VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        psn_no, journal_id, source, day_in_china(at), at, legs.accounts, legs.parties, legs.amounts,
    )  # fmt: skip


async def add_places(conn: asyncpg.Connection[Any]) -> None:
    await conn.executemany(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
        " VALUES ($1, $2, '', $3, '', '140800', '') ON CONFLICT DO NOTHING",
        [(HOSPITAL, "某社区卫生服务中心", "hospital"), (PHARMACY, "某大药房", "pharmacy")],
    )


async def assert_books(conn: asyncpg.Connection[Any], psn_no: str) -> None:
    """What must hold of every account: the balance is Σ movements, and what the journal put in less what it spent."""
    sums = await conn.fetchrow(
        "SELECT (SELECT balance_fen FROM accounts_balance WHERE psn_no = $1) AS balance,"
        " (SELECT coalesce(sum(amount_fen), 0) FROM accounts_entry WHERE psn_no = $1) AS moved,"
        " (SELECT -coalesce(sum(amount), 0) FROM ledger_journal j, unnest(j.accounts, j.parties, j.amounts)"
        "   AS leg(account, party, amount) WHERE leg.party = $1 AND (account = 2201 OR account BETWEEN 5200 AND 5299)) AS booked",
        psn_no,
    )
    assert sums["balance"] == sums["moved"] == sums["booked"]


HEIR = Payee("李四", cert_no(7, "19850607"), "子女", "某银行", "6222020200112233445")
SECOND_HEIR = Payee("王五", cert_no(8, "19550607"), "配偶", "某银行", "6222020200112233446")


def heirs(*shares: tuple[int, int]) -> list[Payee]:
    people = [HEIR, SECOND_HEIR]
    people += [
        Payee(f"继承人{number}", cert_no(number, "19900101"), "子女", "某银行", f"62220202001122{number:05d}")
        for number in range(100, 100 + len(shares))
    ]
    return [msgspec.structs.replace(heir, share=share) for heir, share in zip(people, shares, strict=False)]
