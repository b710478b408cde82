"""The verbs of the supervision room: to complain or report, and every step after it, one durable transaction each.

Words are sealed; of an unnamed report's code only a keyed digest is kept. The order of steps is the table's affair
(``supervision.states``).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Final

import asyncpg
import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.regions import normalise_region
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.supervision import selectors
from gongji.supervision.selectors import code_index
from gongji.supervision.states import WORDS_NEEDED, transition
from gongji.supervision.values import ANONYMOUS, TOPICS, Case, Complaint, Personal, Step

__all__ = ["Received", "Taker", "new_code", "personal_of", "receive", "take", "words_of"]

_ROOM: Final = "gongji.supervision"
WRITE_COMPLAINT = sql(_ROOM, "write_complaint")
WRITE_STEP = sql(_ROOM, "write_step")
CODE_BYTES: Final = 10
"""80 bits, 16 characters of base32."""
TEXT_MAX: Final = 2_000
SHORT_MAX: Final = 100
_personal: Final = msgspec.json.Decoder(Personal).decode


class Taker(msgspec.Struct, frozen=True):
    """Who takes a step, when, and with which keys words are sealed."""

    actor: Actor
    at: datetime
    vault: Vault


class Received(msgspec.Struct, frozen=True):
    """The complaint was received; ``first`` is false when the same form had arrived before."""

    complaint_id: int
    first: bool


def new_code(random: Callable[[int], bytes]) -> str:
    """A code for an unnamed report, in groups that can be written down."""
    text = base64.b32encode(random(CODE_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


async def receive(
    conn: Connection,
    taker: Taker,
    complaint_id: int,
    complaint: Complaint,
    personal: Personal,
    code: str = "",
) -> Received | Refusal:
    """Keep a complaint or report under a number that the form carries: sent twice, it is one.

    Without a person it must be a report and have a ``code``; with one it must be the person's own.
    """
    refusal = _refuse(taker.actor, complaint, personal, code)
    if refusal is not None:
        return refusal
    index = code_index(taker.vault, code) if code else None
    sealed = taker.vault.seal_bytes(msgspec.json.encode(personal), _context(complaint_id, 0))
    async with conn.transaction():
        written = await conn.fetchval(
            WRITE_COMPLAINT, complaint_id, complaint.kind, complaint.topic, normalise_region(complaint.region),
            complaint.psn_no, complaint.institution, complaint.happened_on, taker.at, index, sealed,
        )  # fmt: skip
        if written is not None:
            first = Step(1, "receive", "received", str(taker.actor), taker.at)
            await _write(conn, complaint_id, first)
    if written is not None:
        return Received(complaint_id, True)
    known = await selectors.case(conn, complaint_id)
    own = known is not None and known.complaint.psn_no == complaint.psn_no != ""
    return Received(complaint_id, False) if own else Refusal("COMPLAINT_NOT_FOUND")


def _refuse(actor: Actor, complaint: Complaint, personal: Personal, code: str) -> Refusal | None:
    if complaint.topic not in TOPICS.get(complaint.kind, {}):
        return Refusal("BAD_FIELD", "事项")
    own = actor.kind == "member" and actor.id == complaint.psn_no
    unnamed = actor == ANONYMOUS and not complaint.psn_no and complaint.kind == "report" and bool(code)
    if not (own or unnamed):
        return Refusal("FORBIDDEN", "投诉由本人提出；匿名只能举报欺诈骗保")
    try:
        normalise_region(complaint.region)
    except ValueError as error:
        return Refusal("BAD_FIELD", f"地区：{error}")
    for name, text, most in (
        ("情况说明", personal.text, TEXT_MAX),
        ("被投诉举报人", personal.subject, SHORT_MAX),
        ("联系电话", personal.phone, SHORT_MAX),
    ):
        if len(text) > most or "\x00" in text:
            return Refusal("BAD_FIELD", f"{name}不能超过 {most} 个字")
    return None if personal.text.strip() else Refusal("MISSING_FIELD", "情况说明")


async def take(conn: Connection, taker: Taker, case: Case, action: str, words: str = "") -> Case | Refusal:
    """Take ``action`` with the complaint as it was read, and answer it as it is after that.

    COMPLAINT_MOVED_ON: somebody has taken a step since.
    """
    words = words.strip()
    row = transition(case, taker.actor, action)
    if isinstance(row, Refusal):
        return row
    if action in WORDS_NEEDED and not words:
        return Refusal("MISSING_FIELD", "说明")
    if len(words) > TEXT_MAX or "\x00" in words:
        return Refusal("BAD_FIELD", f"说明不能超过 {TEXT_MAX} 个字")
    number = case.steps[-1].step_no + 1
    sealed = taker.vault.seal(words, _context(case.complaint_id, number)) if words else None
    step = Step(number, action, row.next, str(taker.actor), taker.at, sealed)
    try:
        await _write(conn, case.complaint_id, step)
    except asyncpg.UniqueViolationError:
        return Refusal("COMPLAINT_MOVED_ON", str(case.complaint_id))
    return msgspec.structs.replace(case, steps=(*case.steps, step))


async def _write(conn: Connection, complaint_id: int, step: Step) -> None:
    await conn.execute(
        WRITE_STEP, complaint_id, step.step_no, step.action, step.state, step.actor, step.at, step.sealed
    )


def _context(complaint_id: int, step_no: int) -> str:
    """What authenticates a sealed value; 0 is the complaint itself."""
    return f"supervision:{complaint_id}:{step_no}"


def personal_of(vault: Vault, case: Case) -> Personal:
    """What was said, in clear: an officer who is shown it leaves a record, where a person is known."""
    return _personal(vault.open_bytes(case.sealed, _context(case.complaint_id, 0)))


def words_of(vault: Vault, case: Case, step: Step) -> str:
    """The words of a step, in clear; empty when there are none."""
    return vault.open(step.sealed, _context(case.complaint_id, step.step_no)) if step.sealed else ""
