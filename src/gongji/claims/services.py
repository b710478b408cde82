"""What is done with a manual claim between receipt and settlement: one function a verb, one durable transaction each.

Every verb names who acts and when; what it answers is the claim after it, or a Refusal. Four eyes and the order of the steps are
the table's affair (``claims.states``). Source: 社会保险经办条例 第二十条, 庆阳 第二十二条第二款.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.claims import files, rules
from gongji.claims.case import Case
from gongji.claims.office import Judged, Office, judge, open_personal, seal_personal
from gongji.claims.steps import Taker, found, release_invoices, take
from gongji.claims.values import Payee, StepContent, Verdict

__all__ = [
    "approve",
    "correct",
    "drop",
    "give_back",
    "refuse",
    "review",
    "send_back",
    "supplement",
    "withdraw",
]


async def give_back(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str = ""
) -> Case | Refusal:
    """Return the claim to the member, once, with everything that is missing in one go (一次性告知).

    ``note`` says what else is to be put right; without it there must be a document missing.
    """
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    judged = await judge(conn, office, case.application, taker.on)
    if isinstance(judged, Refusal):
        return judged
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
    payee: Payee | None = None,
    note: str = "",
) -> Case | Refusal:
    """Documents handed in later, with the files that wait for them, or another bank account (after the bank has returned a payment
    there must be one)."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    known = rules.documents(office.law)
    strange = [code for code in documents if code not in known]
    if strange:
        return Refusal("UNKNOWN_CODE", f"材料 {strange[0]}，可用 {'、'.join(known)}")
    if case.state == "bounced" and payee is None:
        return Refusal("MISSING_FIELD", "银行退回后须提供新的收款账户")
    sealed = None
    if payee is not None:
        personal = msgspec.structs.replace(open_personal(office.vault, case), payee=payee)
        number = case.steps[-1].step_no + 1
        sealed = seal_personal(office.vault, case.psn_no, claim_id, number, personal)
    content = StepContent(note=note, documents=tuple(documents))

    async def adopt(conn: Connection) -> None:
        await files.adopt(conn, case.psn_no, claim_id, taker)

    return await take(conn, office, case, "supplement", taker, content, sealed=sealed, beside=adopt)


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
    judged = await judge(conn, office, case.application, taker.on)
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
    money_out = case.payouts or case.paid_fen
    if len(refused) == len(case.application.visits) and not money_out:
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
    """Another first review is wanted: by the second reviewer, or because what was approved could not be settled."""
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
        judged = await judge(conn, office, case.application, taker.on)
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
    judged = await judge(conn, office, case.application, taker.on)
    if isinstance(judged, Refusal):
        return judged
    return await _reviewed(conn, office, case, judged, "correct", taker, verdicts, note)


async def _simple(
    conn: Connection, office: Office, claim_id: int, action: str, taker: Taker, note: str
) -> Case | Refusal:
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    return await take(conn, office, case, action, taker, StepContent(note=note))
