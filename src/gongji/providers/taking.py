"""Taking one step with an agreement: the table says whether it may be taken, what follows from it is written in the same
transaction, and of two who try it the database lets one win."""

from __future__ import annotations

from datetime import date
from typing import Final

import asyncpg
import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.providers import files, services
from gongji.providers.dossier import TAKING_EFFECT, Content, Decision, Dossier, Profile, Step
from gongji.providers.guards import Asked
from gongji.providers.office import Office, Taker
from gongji.providers.states import PENDING, Transition, transition

__all__ = ["begin", "found", "may", "stored", "take", "too_far"]

_ROOM: Final = "gongji.providers"
WRITE_DOSSIER = sql(_ROOM, "write_dossier")
WRITE_STEP = sql(_ROOM, "write_dossier_step")
WRITE_INSTITUTION = sql(_ROOM, "write_institution")
YEARS: Final = 100
LONGEST: Final = 50_000
"""Characters that one step or application may have."""
_encode: Final = msgspec.json.Encoder().encode


async def found(conn: Connection, dossier_id: int, taker: Taker) -> Dossier | Refusal:
    """The dossier; an institution finds none but its own."""
    dossier = await files.dossier(conn, dossier_id)
    actor = taker.actor
    if dossier is None or (actor.kind == "institution" and actor.id != dossier.code):
        return Refusal("AGREEMENT_NOT_FOUND", str(dossier_id))
    return dossier


def may(
    office: Office, dossier: Dossier, action: str, taker: Taker, content: Content
) -> Transition | Refusal:
    """Whether ``action`` may be taken with the dossier as it was read."""
    if isinstance(text := stored(content), Refusal):
        return text
    if (one := content.decision) is not None:
        far = too_far(
            taker.on, one.from_on, one.until_on, one.requested_on, one.approved_on, one.barred_until
        )
        if far is not None:
            return far
    return transition(Asked(dossier, taker.actor, taker.on, office.law, office.calendar, content), action)


def too_far(on: date, *days: date | None) -> Refusal | None:
    """A day that nobody can mean: further away than the calendar and the terms of the law can be counted to."""
    far = next((day for day in days if day is not None and abs(day.year - on.year) > YEARS), None)
    return None if far is None else Refusal("BAD_FIELD", f"日期 {far}")


def stored(value: msgspec.Struct) -> str | Refusal:
    """``value`` as the JSON that is kept, or why it cannot be kept."""
    try:
        text = _encode(value).decode()
    except UnicodeEncodeError:
        return Refusal("TEXT_INVALID", "文字中有不能保存的字符")
    if "\\u0000" in text:
        return Refusal("TEXT_INVALID", "文字中有不能保存的字符")
    return Refusal("TEXT_INVALID", f"内容超过 {LONGEST} 字") if len(text) > LONGEST else text


async def begin(
    conn: Connection,
    office: Office,
    dossier: Dossier,
    action: str,
    taker: Taker,
    content: Content,
    representative: bytes | None = None,
) -> Dossier | Refusal:
    """Open a dossier with its first step, in the caller's transaction."""
    row, head = may(office, dossier, action, taker, content), stored(dossier.head)
    if isinstance(row, Refusal):
        return row
    if isinstance(head, Refusal):
        return head
    await conn.execute(
        WRITE_DOSSIER, dossier.code, dossier.dossier_id, dossier.layer, dossier.kind, dossier.region, dossier.uscc,
        dossier.host, dossier.received_on, head, dossier.sealed, representative,
    )  # fmt: skip
    return await _write(conn, dossier, Step(1, action, row.next, str(taker.actor), taker.at, content))


async def take(
    conn: Connection,
    office: Office,
    dossier_id: int,
    action: str,
    taker: Taker,
    content: Content | None = None,
) -> Dossier | Refusal:
    """Take ``action`` durably and answer the dossier after it.

    A confirmation makes the decision that waited hold, and rebuilds what settlements read. AGREEMENT_NOT_FOUND, AGREEMENT_STATE,
    FORBIDDEN, what the guards say; AGREEMENT_MOVED_ON when somebody was faster.
    """
    content = content or Content()
    try:
        async with conn.transaction():
            await services.lock(conn)
            dossier = await found(conn, dossier_id, taker)
            if isinstance(dossier, Refusal):
                return dossier
            row = may(office, dossier, action, taker, content)
            if isinstance(row, Refusal):
                return row
            if action in TAKING_EFFECT and content.decision is None:
                content = msgspec.structs.replace(content, decision=dossier.pending)
            step = Step(dossier.last.step_no + 1, action, row.next, str(taker.actor), taker.at, content)
            after = await _write(conn, dossier, step)
            if action in TAKING_EFFECT:
                await _follow(conn, office, after, taker)
            return after
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "providers_step_pkey":
            raise
        return Refusal("AGREEMENT_MOVED_ON", str(dossier_id))


async def _write(conn: Connection, dossier: Dossier, step: Step) -> Dossier:
    await conn.execute(
        WRITE_STEP, dossier.code, dossier.dossier_id, step.step_no, step.action, step.state, step.actor, step.at,
        _encode(step.content).decode(), step.sealed,
    )  # fmt: skip
    return msgspec.structs.replace(dossier, steps=(*dossier.steps, step))


async def _follow(conn: Connection, office: Office, dossier: Dossier, taker: Taker) -> None:
    """What follows from a decision that holds now: the register, the supplementary agreements, what settlements read."""
    decision = dossier.last.content.decision
    assert decision is not None
    application = dossier.application
    if decision.kind == "sign" and application is not None and dossier.layer != "pooled":
        await _register(conn, application.profile)
    if decision.kind == "change":
        await _change(conn, dossier.code, decision)
    if decision.kind == "terminate" and dossier.layer == "base":
        await _end_supplements(conn, dossier, decision, taker)
    await services.rebuild(conn, dossier.code)


async def _register(conn: Connection, profile: Profile) -> None:
    await conn.execute(
        WRITE_INSTITUTION, profile.code, profile.name, profile.uscc, profile.kind, profile.hosp_lv, profile.region,
        profile.address,
    )  # fmt: skip


async def _change(conn: Connection, code: str, decision: Decision) -> None:
    """Name, address and national grade are shown as they are now; class and level are dated and come from the dossiers."""
    if decision.field not in ("name", "address", "hosp_lv"):
        return
    known = await files.registered(conn, code)
    assert known is not None
    one = msgspec.structs.replace(known, **{decision.field: decision.value})
    await conn.execute(
        WRITE_INSTITUTION, one.code, one.name, one.uscc, one.kind, one.hosp_lv, one.region, one.address
    )


async def _end_supplements(conn: Connection, base: Dossier, decision: Decision, taker: Taker) -> None:
    """A supplementary agreement ends with the designation that it stands on; what waits for confirmation there falls away."""
    for one in await files.dossiers(conn, [base.code]):
        if one.layer != "pooled" or one.state not in (*PENDING, "active", "suspended"):
            continue
        ended = Decision(
            kind="terminate", from_on=decision.from_on, ground=decision.ground, note="随医保定点协议终止"
        )
        content = Content(decision=ended)
        await _write(
            conn, one, Step(one.last.step_no + 1, "end", "terminated", str(SYSTEM), taker.at, content)
        )
