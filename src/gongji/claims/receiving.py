"""Taking an application in: one durable transaction holds its invoices, keeps it with its personal data sealed, and sets its
term. Source: 社会保险经办条例 第二十条, 庆阳 第二十二条第二款 (QY.art22.2a, QY.art22.2b), 晋政办发〔2021〕103号 二(五) (假票据,
SX2021-103.s2.5.i: an invoice is held by one claim, whoever brings it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import asyncpg
import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within
from gongji.base.sqlfiles import Connection, sql
from gongji.claims import files, rules, selectors
from gongji.claims.office import Judged, Office, judge, seal_personal
from gongji.claims.steps import Taker, write_step
from gongji.claims.values import Application, Personal, Place, Step, StepContent, invoices_of, normal_text

__all__ = ["Received", "complete_deadlines", "receive"]

_ROOM: Final = "gongji.claims"
WRITE_CLAIM = sql(_ROOM, "write_claim")
WRITE_DUE = sql(_ROOM, "write_due")
HOLD = sql(_ROOM, "hold_invoices")
_encode: Final = msgspec.json.Encoder().encode


class Received(msgspec.Struct, frozen=True):
    """An application as it was taken in: what is still missing, what the pool will not pay, when it is due.

    ``deadline`` is a Refusal where the term cannot be counted yet (the holidays of a year are not published)."""

    claim_id: int
    state: str
    missing: tuple[str, ...]
    refused_visits: tuple[tuple[int, Refusal], ...]
    deadline: date | Refusal


async def receive(
    conn: Connection,
    office: Office,
    application: Application,
    personal: Personal,
    taker: Taker,
    claim_id: int | None = None,
) -> Received | Refusal:
    """Take an application in: its invoices are held from now on, its term runs.

    ``claim_id``: the number under which it was drafted; the draft's files become the claim's, and sent twice it is one
    (CLAIM_MOVED_ON).

    Not taken in: fields that cannot be true, an unknown or never insured member, an invoice that is claimed or settled already
    (INVOICE_CLAIMED). Taken in and refused at once, with the articles: one whose every visit the pool does not pay.
    """
    if taker.actor.kind != "agency" and str(taker.actor) != f"member:{application.psn_no}":
        return Refusal("FORBIDDEN", "受理")
    refusal = rules.refuse_application(application, taker.on)
    if refusal is not None:
        return refusal
    refusal = _refuse_nameless(office, application.place)
    if refusal is not None:
        return refusal
    judged = await judge(conn, office, application, taker.on)
    if isinstance(judged, Refusal):
        return judged
    drafted, claim_id = claim_id is not None, claim_id or office.ids.next()
    application = _numbered(office, application)
    invoices = invoices_of(application)
    spent = await selectors.settled_directly(conn, application.psn_no, application.place.code, invoices)
    if spent:
        return Refusal("INVOICE_CLAIMED", f"{'、'.join(spent)} 已在就诊机构直接结算")
    steps = _first_steps(application, judged, taker)
    try:
        async with conn.transaction():
            await _write(conn, office, claim_id, application, personal, judged, steps)
            if steps[-1].state != "refused":
                await conn.execute(HOLD, application.place.key, invoices, application.psn_no, claim_id)
            due_on = rules.deadline(office.law, office.calendar, judged.region, application.received_on)
            if not isinstance(due_on, Refusal):
                await conn.execute(WRITE_DUE, application.psn_no, claim_id, due_on, taker.at)
            if drafted:
                await files.adopt(conn, application.psn_no, claim_id, taker)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "claims_claim_pkey":
            return Refusal("CLAIM_MOVED_ON", str(claim_id))
        if error.constraint_name != "claims_invoice_pkey":
            raise
        return await _held(conn, application, invoices)
    missing = rules.missing_documents(judged.required, application.documents)
    return Received(claim_id, steps[-1].state, missing, tuple(judged.refused.items()), due_on)


def _refuse_nameless(office: Office, place: Place) -> Refusal | None:
    """An institution of the register is named by its code: under its name alone neither its own record (定点、直接结算) nor its
    invoices would be found."""
    if place.code:
        return None
    region = place.region or NATION
    for known in office.book:
        near = is_within(known.region, region) or is_within(region, known.region)
        if near and normal_text(known.name) == place.key:
            return Refusal("BAD_FIELD", f"{known.name} 在机构名册中，请写编号 {known.code}")
    return None


def _numbered(office: Office, application: Application) -> Application:
    """The application with the numbers that its visits have in the settlements."""
    visits = tuple(msgspec.structs.replace(visit, visit_id=office.ids.next()) for visit in application.visits)
    return msgspec.structs.replace(application, visits=visits)


def _first_steps(application: Application, judged: Judged, taker: Taker) -> tuple[Step, ...]:
    """The receipt; and the refusal, where no visit is left that the pool might pay."""
    refused = tuple(judged.refused.items())
    received = Step(
        1, "receive", "received", str(taker.actor), taker.at, 0, 0, StepContent(refused_visits=refused)
    )
    if len(refused) < len(application.visits):
        return (received,)
    content = StepContent(refusal=refused[0][1], refused_visits=refused)
    return received, Step(2, "refuse", "refused", str(SYSTEM), taker.at, 0, 0, content)


async def _write(
    conn: Connection,
    office: Office,
    claim_id: int,
    application: Application,
    personal: Personal,
    judged: Judged,
    steps: Sequence[Step],
) -> None:
    psn_no, first = application.psn_no, steps[0]
    await conn.execute(
        WRITE_CLAIM, psn_no, claim_id, judged.region, application.received_on, first.at, first.actor,
        application.total_fen, _encode(application).decode(), seal_personal(office.vault, psn_no, claim_id, 1, personal),
    )  # fmt: skip
    for step in steps:
        await write_step(conn, psn_no, claim_id, step)


async def _held(conn: Connection, application: Application, invoices: Sequence[str]) -> Refusal:
    """Which claim has the invoice: named to its own member only."""
    held = [h for h in await selectors.holders(conn, invoices) if h.institution == application.place.key]
    own = [str(h.claim_id) for h in held if h.holder == application.psn_no]
    numbers = "、".join(sorted({h.invoice_no for h in held}))
    return Refusal("INVOICE_CLAIMED", f"{numbers}（报销编号 {'、'.join(own)}）" if own else numbers)


async def complete_deadlines(conn: Connection, office: Office, taker: Taker) -> int:
    """Give claims their term whose year was not in the calendar at receipt; answers how many have one now."""
    done = 0
    for claim in await selectors.undated(conn):
        due_on = rules.deadline(office.law, office.calendar, claim.region, claim.received_on)
        if not isinstance(due_on, Refusal):
            await conn.execute(WRITE_DUE, claim.psn_no, claim.claim_id, due_on, taker.at)
            done += 1
    return done
