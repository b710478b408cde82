"""Taking one step with a claim: the table says whether it may be taken, the database lets one of two who try it win."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

import asyncpg
import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.claims import selectors
from gongji.claims.case import Case
from gongji.claims.office import Office
from gongji.claims.states import Asked, Transition, transition
from gongji.claims.values import Step, StepContent, encoded

__all__ = ["Taker", "found", "may", "release_invoices", "take", "write_step"]

WRITE_STEP = sql("gongji.claims", "write_step")
RELEASE = sql("gongji.claims", "release_invoices")

Beside = Callable[[Connection], Awaitable[object]]


class Taker(msgspec.Struct, frozen=True):
    """Who takes a step, and when."""

    actor: Actor
    at: datetime

    @property
    def on(self) -> date:
        return day_in_china(self.at)


async def found(conn: Connection, claim_id: int, taker: Taker) -> Case | Refusal:
    """The claim; a member finds none but his own."""
    own = taker.actor.id if taker.actor.kind == "member" else None
    case = await selectors.case(conn, claim_id, own)
    return case if case is not None else Refusal("CLAIM_NOT_FOUND", str(claim_id))


def may(office: Office, case: Case, action: str, taker: Taker) -> Transition | Refusal:
    """Whether ``action`` may be taken with the claim as it was read."""
    return transition(Asked(case, taker.actor, taker.on, office.law, office.calendar), action)


async def take(
    conn: Connection,
    office: Office,
    case: Case,
    action: str,
    taker: Taker,
    content: StepContent,
    *,
    fund_fen: int = 0,
    paid_fen: int = 0,
    sealed: bytes | None = None,
    beside: Beside | None = None,
) -> Case | Refusal:
    """Take ``action`` with the claim as it was read, durably, and answer the claim after it.

    ``beside`` writes in the same transaction. CLAIM_MOVED_ON: somebody has taken a step since the claim was read.
    """
    row = may(office, case, action, taker)
    if isinstance(row, Refusal):
        return row
    if isinstance(text := encoded(content), Refusal):
        return text
    number = case.steps[-1].step_no + 1
    step = Step(number, action, row.next, str(taker.actor), taker.at, fund_fen, paid_fen, content, sealed)
    try:
        async with conn.transaction():
            await write_step(conn, case.psn_no, case.claim_id, step)
            if beside is not None:
                await beside(conn)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "claims_step_pkey":
            raise
        return Refusal("CLAIM_MOVED_ON", str(case.claim_id))
    return msgspec.structs.replace(case, steps=(*case.steps, step))


async def write_step(conn: Connection, psn_no: str, claim_id: int, step: Step) -> None:
    """One step as a fact; raises asyncpg.UniqueViolationError when its number is taken."""
    await conn.execute(
        WRITE_STEP, psn_no, claim_id, step.step_no, step.action, step.state, step.actor, step.at,
        step.fund_fen, step.paid_fen, msgspec.json.encode(step.content).decode(), step.sealed,
    )  # fmt: skip


async def release_invoices(conn: Connection, claim_id: int) -> None:
    """Let the invoices of a claim that is over be claimed again."""
    await conn.execute(RELEASE, claim_id)
