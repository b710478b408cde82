"""What is done with a manual claim up to the settlement: one function a verb, one durable transaction each.

Every verb names who acts and when; what it answers is the claim after it, or a Refusal. Four eyes and the order of the steps are
the table's affair (``claims.states``). Source: 社会保险经办条例 第二十条, 庆阳 第二十二条第二款.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.claims import rules, selectors
from gongji.claims.office import Judged, Office, judge, seal_personal
from gongji.claims.steps import CHINA, Taker, found, release_invoices, take, write_step
from gongji.claims.values import (
    Application,
    Case,
    Personal,
    Received,
    Step,
    StepContent,
    Verdict,
    normal_text,
)

__all__ = [
    "approve",
    "complete_deadlines",
    "correct",
    "drop",
    "give_back",
    "receive",
    "refuse",
    "review",
    "send_back",
    "supplement",
    "withdraw",
]

_ROOM: Final = "gongji.claims"
WRITE_CLAIM = sql(_ROOM, "write_claim")
WRITE_DUE = sql(_ROOM, "write_due")
HOLD = sql(_ROOM, "hold_invoices")
_encode: Final = msgspec.json.Encoder().encode


async def receive(
    conn: Connection, office: Office, application: Application, personal: Personal, taker: Taker
) -> Received | Refusal:
    """Take an application in: its invoices are held from now on, its term runs.

    Not taken in: fields that cannot be true, an unknown or never insured member, an invoice that is claimed or settled already
    (INVOICE_CLAIMED). Taken in and refused at once, with the articles: one whose every visit the pool does not pay.
    """
    if taker.actor.kind != "agency" and str(taker.actor) != f"member:{application.psn_no}":
        return Refusal("FORBIDDEN", "受理")
    today = taker.at.astimezone(CHINA).date()
    refusal = rules.refuse_application(application, today)
    if refusal is not None:
        return refusal
    judged = await judge(conn, office, application, today)
    if isinstance(judged, Refusal):
        return judged
    claim_id = office.ids.next()
    application = _numbered(office, application)
    invoices = sorted({normal_text(visit.invoice_no) for visit in application.visits})
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
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "claims_invoice_pkey":
            raise
        return await _held(conn, application, invoices)
    missing = rules.missing_documents(judged.required, application.documents)
    return Received(claim_id, steps[-1].state, missing, tuple(judged.refused.items()), due_on)


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


async def give_back(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str = ""
) -> Case | Refusal:
    """Return the claim to the member, once, with everything that is missing in one go (一次性告知).

    ``note`` says what else is to be put right; without it there must be a document missing.
    """
    case = await found(conn, claim_id, taker)
    judged = await _judged(conn, office, case, taker)
    if isinstance(case, Refusal) or isinstance(judged, Refusal):
        return case if isinstance(case, Refusal) else judged  # type: ignore[return-value]
    missing = rules.missing_documents(judged.required, case.documents)
    if not missing and not note:
        return Refusal("MISSING_FIELD", "材料齐全，退回须说明理由")
    return await take(conn, office, case, "return", taker, StepContent(note=note, documents=missing))


async def supplement(
    conn: Connection,
    office: Office,
    claim_id: int,
    taker: Taker,
    documents: Sequence[str] = (),
    personal: Personal | None = None,
    note: str = "",
) -> Case | Refusal:
    """Documents handed in later, or another bank account after the bank has returned a payment."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    if case.state == "bounced" and personal is None:
        return Refusal("MISSING_FIELD", "银行退回后须提供新的收款账户")
    number = case.steps[-1].step_no + 1
    sealed = seal_personal(office.vault, case.psn_no, claim_id, number, personal) if personal else None
    content = StepContent(note=note, documents=tuple(documents))
    return await take(conn, office, case, "supplement", taker, content, sealed=sealed)


async def review(
    conn: Connection,
    office: Office,
    claim_id: int,
    taker: Taker,
    verdicts: Sequence[Verdict] = (),
    note: str = "",
) -> Case | Refusal:
    """First review (初审): what is taken out of which line and why; the rest is left to the law.

    CLAIM_DOCUMENTS_MISSING names every document; a claim of which the pool pays no visit is answered with the law's reason: it
    is to be refused.
    """
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    judged = await judge(conn, office, case.application, taker.at.astimezone(CHINA).date())
    if isinstance(judged, Refusal):
        return judged
    missing = rules.missing_documents(judged.required, case.documents)
    if missing:
        return Refusal("CLAIM_DOCUMENTS_MISSING", "、".join(rules.document_titles(office.law, missing)))
    return await _reviewed(conn, office, case, judged, "review", taker, verdicts, note)


async def _reviewed(
    conn: Connection,
    office: Office,
    case: Case,
    judged: Judged,
    action: str,
    taker: Taker,
    verdicts: Sequence[Verdict],
    note: str,
) -> Case | Refusal:
    refusal = rules.refuse_verdicts(case.application, verdicts)
    if refusal is not None:
        return refusal
    refused = tuple(judged.refused.items())
    if action == "review" and len(refused) == len(case.application.visits):
        return refused[0][1]
    content = StepContent(note=note, verdicts=tuple(verdicts), refused_visits=refused)
    return await take(conn, office, case, action, taker, content)


async def approve(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str = ""
) -> Case | Refusal:
    """Second review (复审), by another person than the first."""
    return await _simple(conn, office, claim_id, "approve", taker, note)


async def send_back(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str
) -> Case | Refusal:
    """The second reviewer wants another first review."""
    return await _simple(conn, office, claim_id, "send_back", taker, note)


async def drop(conn: Connection, office: Office, claim_id: int, taker: Taker, note: str) -> Case | Refusal:
    """The second reviewer does not agree with a correction: the settlement stays as it is."""
    return await _simple(conn, office, claim_id, "drop", taker, note)


async def refuse(
    conn: Connection,
    office: Office,
    claim_id: int,
    taker: Taker,
    refusal: Refusal | None = None,
) -> Case | Refusal:
    """Refuse the claim with a reason and its article; None: with what the law says of its first visit.

    Its invoices may be claimed again (the reason may have been wrong), unless they are false (INVOICE_FALSE).
    """
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    if refusal is None:
        judged = await judge(conn, office, case.application, taker.at.astimezone(CHINA).date())
        if isinstance(judged, Refusal):
            return judged
        refusal = next(iter(judged.refused.values()), None)
    if refusal is None:
        return Refusal("MISSING_FIELD", "不予支付的原因")
    if refusal.clause in office.law.library.provisions and not refusal.article:
        citation = office.law.provision(str(refusal.clause)).citation
        refusal = msgspec.structs.replace(refusal, article=citation)
    if not (refusal.article or refusal.reason.article):
        return Refusal("MISSING_FIELD", "不予支付所依据的条文")

    async def release(conn: Connection) -> None:
        if refusal.code != "INVOICE_FALSE":
            await release_invoices(conn, claim_id)

    return await take(conn, office, case, "refuse", taker, StepContent(refusal=refusal), beside=release)


async def withdraw(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str = ""
) -> Case | Refusal:
    """The member takes the claim back before it is settled."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case

    async def release(conn: Connection) -> None:
        await release_invoices(conn, claim_id)

    return await take(conn, office, case, "withdraw", taker, StepContent(note=note), beside=release)


async def correct(
    conn: Connection,
    office: Office,
    claim_id: int,
    taker: Taker,
    verdicts: Sequence[Verdict],
    note: str,
) -> Case | Refusal:
    """Begin to correct a settled claim: new verdicts on its lines, for another person to approve; then it is settled again and
    the difference is paid or taken back."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    if not note:
        return Refusal("MISSING_FIELD", "更正的理由")
    judged = await judge(conn, office, case.application, taker.at.astimezone(CHINA).date())
    if isinstance(judged, Refusal):
        return judged
    return await _reviewed(conn, office, case, judged, "correct", taker, verdicts, note)


async def complete_deadlines(conn: Connection, office: Office, taker: Taker) -> int:
    """Give claims their term whose year was not in the calendar at receipt; answers how many have one now."""
    done = 0
    for claim in await selectors.undated(conn):
        due_on = rules.deadline(office.law, office.calendar, claim.region, claim.received_on)
        if not isinstance(due_on, Refusal):
            await conn.execute(WRITE_DUE, claim.psn_no, claim.claim_id, due_on, taker.at)
            done += 1
    return done


async def _simple(
    conn: Connection, office: Office, claim_id: int, action: str, taker: Taker, note: str
) -> Case | Refusal:
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    return await take(conn, office, case, action, taker, StepContent(note=note))


async def _judged(conn: Connection, office: Office, case: Case | Refusal, taker: Taker) -> Judged | Refusal:
    if isinstance(case, Refusal):
        return case
    return await judge(conn, office, case.application, taker.at.astimezone(CHINA).date())
