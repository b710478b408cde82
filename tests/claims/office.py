"""An agency for the tests: its law, calendar, keys and numbers, applications for persons of Qingyang and Shanxi.

Qingyang's text is a draft: the engine of these tests may apply it, a production engine may not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.claims import (
    Application,
    Case,
    ClaimVisit,
    Office,
    Payee,
    Personal,
    Place,
    Taker,
    receiving,
    services,
)
from gongji.claims.receiving import Received
from gongji.encounters.values import FeeLine
from gongji.policy.calendar import working_calendar
from gongji.providers import selectors as providers
from gongji.providers.values import ProviderBook
from tests.pg import world
from tests.vaults import VAULT

QINGYANG, SHANXI, ELSEWHERE = "621000", "140800", "610100"
RECEIVED_ON = date(2024, 8, 5)
DUE_ON = date(2024, 9, 14)
SERVICE_ON = date(2024, 7, 22)
AT = datetime(2024, 8, 5, 2, 0, tzinfo=UTC)
DOCUMENTS = ("invoice", "fee_list", "diagnosis", "medical_record")
PERSONAL = Personal(Payee("张三", "某银行庆阳分行", "6222020000001234567"), "13900000000")
FAR = Place(name="西安某医院", region=ELSEWHERE, level="3", designated=True)
"""Designated, of level 3, without direct settlement: where a member of Qingyang who lives there pays and claims."""

_invoices = itertools.count(1)


def taker(name: str, at: datetime = AT, kind: str = "agency") -> Taker:
    return Taker(Actor(kind, name), at)  # type: ignore[arg-type]


WANG, LI, ZHAO, SUN = taker("wang"), taker("li"), taker("zhao"), taker("sun")
"""At the counter, first review, second review, cashier."""


def new_invoice() -> str:
    return f"0061{next(_invoices):08d}"


async def office(conn: asyncpg.Connection) -> Office:
    return Office(world.law(), working_calendar(), await providers.load(conn, VAULT), VAULT, world._ids)


def bare_office() -> Office:
    """An office without institutions, for what needs no database."""
    return Office(world.law(), working_calendar(), ProviderBook(), VAULT, world._ids)


def visit(*amounts_fen: int, number: int = 1, **changes: Any) -> ClaimVisit:
    """A visit with a line of 甲类 for each amount."""
    lines: Sequence[FeeLine] = [
        FeeLine(
            key=f"{number}-{position}",
            item=world.DRUG_A,
            amount_fen=amount,
            price_micro=amount * 10_000,
            quantity_e4=10_000,
            occurred_at=AT - timedelta(days=14),
        )
        for position, amount in enumerate(amounts_fen, start=1)
    ]
    values: dict[str, Any] = {
        "visit_no": number,
        "service_on": SERVICE_ON,
        "invoice_no": new_invoice(),
        "lines": tuple(lines),
        "voucher_type": "03",
    }
    return ClaimVisit(**(values | changes))


def application(psn_no: str, *visits: ClaimVisit, **changes: Any) -> Application:
    values: dict[str, Any] = {
        "psn_no": psn_no,
        "received_on": RECEIVED_ON,
        "place": FAR,
        "visits": visits,
        "total_fen": sum(one.total_fen for one in visits),
        "documents": DOCUMENTS,
    }
    return Application(**(values | changes))


async def persons(conn: asyncpg.Connection, *names: str, region: str = QINGYANG, **more: Any) -> None:
    await world.add_persons(conn, names, region=region, **more)


async def received(conn: asyncpg.Connection, desk: Office, given: Application) -> int:
    """The number of a claim that was taken in."""
    answer = await receiving.receive(conn, desk, given, PERSONAL, WANG)
    assert isinstance(answer, Received), answer
    return answer.claim_id


async def approved(
    conn: asyncpg.Connection, desk: Office, given: Application, verdicts: Iterable[Any] = ()
) -> int:
    """The number of a claim that two persons have reviewed."""
    claim_id = await received(conn, desk, given)
    done(await services.review(conn, desk, claim_id, LI, tuple(verdicts)))
    done(await services.approve(conn, desk, claim_id, ZHAO))
    return claim_id


def done(answer: Any) -> Any:
    """The answer, which must not be a refusal."""
    assert not isinstance(answer, Refusal), answer
    return answer


def state(answer: Case | Refusal) -> str:
    return str(done(answer).state)


def refused(answer: object) -> str:
    """The reason code of an answer, which must be a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer.code
