"""What is applied for: a withdrawal, a transfer to another city or from one, the reopening of an account. One transaction a verb.

What an application must have is said by ``cases_rules``; a withdrawal or transfer freezes the account until it is decided.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.accounts.casefile import Content, add_case, add_step, cases_of
from gongji.accounts.cases import FINAL_STATES, next_step
from gongji.accounts.cases_rules import GROUNDS, check_ground, check_payees, check_transfer, missing_documents
from gongji.accounts.casework import change_state
from gongji.accounts.movements import Movement, hold, open_empty, post
from gongji.accounts.recovery import over_credited
from gongji.accounts.values import Case, Office, Payee
from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import transfer_in_entry
from gongji.members.selectors import standing
from gongji.members.values import Standing
from gongji.policy.calendar import working_calendar

__all__ = ["open_reopening", "open_transfer_out", "open_withdrawal", "receive_transfer"]

TRANSFERS = sql("gongji.accounts", "transfers_by_reference")
LOCK_REFERENCE = "SELECT pg_advisory_xact_lock(hashtextextended('transfer:' || $1 || ':' || $2, 0))"

DOCUMENTS: Final = {
    "transfer_out": ("account.transfer.documents",),
    "death": ("account.withdrawal.death_documents",),
    "leaving": ("account.withdrawal.leaving_documents",),
    "agent": ("account.withdrawal.agent_documents",),
}


async def open_withdrawal(
    conn: Connection,
    office: Office,
    psn_no: str,
    ground: str,
    event_on: date,
    payees: Sequence[Payee],
    documents: Sequence[str],
    *,
    by_agent: bool = False,
) -> Case | Refusal:
    """Take an application for the balance of who died (``death``, paid to heirs) or left the scheme (``leaving``).

    ``event_on`` is the day of death or the last day of the relation, ``documents`` what was handed in. The account is frozen.
    """
    if ground in GROUNDS and isinstance(move := next_step(ground, (), "open", office.actor, psn_no), Refusal):
        return move
    async with conn.transaction():
        standing = await _standing(conn, psn_no, office.on)
        if isinstance(standing, Refusal):
            return standing
        law = check_ground(office, ground, standing, event_on)
        if isinstance(law, Refusal):
            return law
        asked = (*DOCUMENTS[ground], *(DOCUMENTS["agent"] if by_agent else ()))
        lacking = missing_documents(office, asked, standing.region, documents)
        refusal = lacking or check_payees(payees)
        if refusal is not None:
            return refusal
        content = Content(tuple(documents), shares=tuple(payee.share for payee in payees), by_agent=by_agent)
        case = _case(office, psn_no, ground, standing.region, event_on)
        return await _open(conn, office, case, content, payees, law.clause, ("open", "frozen"))


async def open_transfer_out(
    conn: Connection,
    office: Office,
    psn_no: str,
    to_region: str,
    agency: str,
    reference: str,
    documents: Sequence[str],
    *,
    left_on: date | None = None,
) -> Case | Refusal:
    """Take an application to send the balance after the member to ``agency`` in ``to_region``. The account is frozen.

    ``left_on``: last day of the relation here, today when it is not given. ``reference`` is the other agency's number.
    Inside the city nothing moves (TRANSFER_WITHIN_CITY). The term is law (``account.transfer.working_days``).
    """
    if isinstance(move := next_step("transfer_out", (), "open", office.actor, psn_no), Refusal):
        return move
    event_on = left_on or office.on
    agency, reference = agency.strip(), reference.strip()
    async with conn.transaction():
        standing = await _standing(conn, psn_no, event_on)
        if isinstance(standing, Refusal):
            return standing
        if left_on is not None and (fault := await _refuse_left(conn, office, standing, left_on)) is not None:
            return fault
        law = check_transfer(office, standing.region, to_region)
        if isinstance(law, Refusal):
            return law
        lacking = missing_documents(office, DOCUMENTS["transfer_out"], standing.region, documents)
        due_on = _due_on(office, standing.region)
        refusal = _refuse_agency(agency, reference) or lacking
        if refusal is not None:
            return refusal
        if isinstance(due_on, Refusal):
            return due_on
        case = _case(office, psn_no, "transfer_out", standing.region, event_on, agency, reference, due_on)
        content = Content(tuple(documents), other_region=to_region)
        return await _open(conn, office, case, content, (), law.clause, ("open",))


async def open_reopening(conn: Connection, office: Office, psn_no: str) -> Case | Refusal:
    """Apply for the closed account of who is insured again; a second person reopens it."""
    if isinstance(move := next_step("reopening", (), "open", office.actor, psn_no), Refusal):
        return move
    async with conn.transaction():
        standing = await _standing(conn, psn_no, office.on)
        if isinstance(standing, Refusal):
            return standing
        if not standing.insured or not standing.has_account:
            return Refusal("NOT_INSURED" if not standing.insured else "NO_PERSONAL_ACCOUNT", psn_no)
        case = _case(office, psn_no, "reopening", standing.region, office.on)
        return await _open(conn, office, case, Content(), (), "", ("closed",))


async def receive_transfer(
    conn: Connection,
    office: Office,
    psn_no: str,
    from_region: str,
    agency: str,
    reference: str,
    amount_fen: int,
) -> Case | Refusal:
    """Credit what another city's agency sent with a member under its number ``reference``, once.

    The same again is answered with the case that exists; the number with another amount or person is
    TRANSFER_REFERENCE_USED. A closed account is open again, but
    not while a case of it waits for a step.
    """
    move = next_step("transfer_in", (), "open", office.actor, psn_no)
    if isinstance(move, Refusal):
        return move
    agency, reference = agency.strip(), reference.strip()  # a number is not another one by a space
    async with conn.transaction():
        await conn.execute(LOCK_REFERENCE, agency, reference)
        standing = await _standing(conn, psn_no, office.on)
        if isinstance(standing, Refusal):
            return standing
        earlier = await conn.fetch(TRANSFERS, agency, reference)
        if earlier:
            return await _received(conn, psn_no, earlier[0]["psn_no"], earlier[0]["case_id"], amount_fen)
        law = check_transfer(office, standing.region, from_region)
        if isinstance(law, Refusal):
            return law
        refusal = _refuse_agency(agency, reference)
        if refusal is None and not standing.insured:
            refusal = Refusal("NOT_INSURED", psn_no)
        if refusal is None and not 0 < amount_fen <= MAX_FEN:
            refusal = Refusal("AMOUNT_OUT_OF_RANGE")
        if refusal is not None:
            return refusal
        await open_empty(conn, psn_no)
        account = await hold(conn, psn_no)
        assert account is not None
        case = _case(office, psn_no, "transfer_in", standing.region, office.on, agency, reference)
        content = Content(account_before=account.state, other_region=from_region)
        await add_case(conn, office, case, content, (), law.clause)
        entry = transfer_in_entry(psn_no, agency, amount_fen)
        moved = Movement(psn_no, office.ids.next(), "transfer_in", amount_fen, entry, case.case_id, agency)
        await post(conn, office, [moved])
        waiting = any(
            other.state not in FINAL_STATES for other in await cases_of(conn, psn_no) if other.steps
        )
        state = "" if waiting else await change_state(conn, account, move, "")
        return await add_step(
            conn, office, case, move, account_state=state, content={"amount_fen": amount_fen}
        )


async def _received(
    conn: Connection, psn_no: str, owner: str, case_id: int, amount_fen: int
) -> Case | Refusal:
    if owner == psn_no:
        case = (await cases_of(conn, psn_no, case_id))[0]
        if case.steps[0].content.get("amount_fen") == amount_fen:
            return case
    return Refusal("TRANSFER_REFERENCE_USED")


async def _open(
    conn: Connection,
    office: Office,
    case: Case,
    content: Content,
    payees: Sequence[Payee],
    clause: str,
    states: Sequence[str],
) -> Case | Refusal:
    """Record the application of a person whose account is in one of ``states`` and who has no other case open."""
    account = await hold(conn, case.psn_no)
    if account is None:
        return Refusal("NO_PERSONAL_ACCOUNT", case.psn_no)
    for other in await cases_of(conn, case.psn_no):
        if other.state not in FINAL_STATES:
            return Refusal("CASE_IN_PROGRESS", str(other.case_id))
    if account.state not in states:
        return Refusal(
            "ACCOUNT_NOT_OPEN" if account.state != "open" else "CASE_STEP_NOT_ALLOWED", case.psn_no
        )
    move = next_step(case.kind, (), "open", office.actor, case.psn_no)
    if isinstance(move, Refusal):
        return move
    content = msgspec.structs.replace(content, account_before=account.state)
    case = msgspec.structs.replace(
        case, documents=content.documents, account_before=account.state, shares=content.shares
    )
    await add_case(conn, office, case, content, payees, clause)
    state = await change_state(conn, account, move, account.state)
    return await add_step(conn, office, case, move, account_state=state)


def _case(
    office: Office,
    psn_no: str,
    kind: str,
    region: str,
    event_on: date,
    counterpart: str = "",
    reference: str = "",
    due_on: date | None = None,
) -> Case:
    return Case(
        psn_no, office.ids.next(), kind, region, event_on, counterpart, reference, due_on, (), "", (),
        str(office.actor), office.at,
    )  # fmt: skip


async def _refuse_left(conn: Connection, office: Office, standing: Standing, left_on: date) -> Refusal | None:
    """Why ``left_on`` is not the last day here: credits after it would be taken back from somebody who is still insured."""
    psn_no = standing.person.psn_no
    if left_on > office.on:
        return Refusal("BAD_FIELD", f"参保关系终止日 {left_on} 晚于 {office.on}")
    after = await _standing(conn, psn_no, left_on + timedelta(days=1))
    stayed = isinstance(after, Standing) and after.insured and after.region == standing.region
    if stayed and await over_credited(conn, psn_no, left_on):
        return Refusal("BAD_FIELD", f"参保关系在 {left_on} 以后仍然有效")
    return None


def _refuse_agency(agency: str, reference: str) -> Refusal | None:
    return None if agency.strip() and reference.strip() else Refusal("MISSING_FIELD", "对方经办机构和业务号")


def _due_on(office: Office, region: str) -> date | Refusal:
    term = office.value("account.transfer.working_days", region)
    if isinstance(term, Refusal):
        return term
    assert isinstance(term.raw, int)
    return working_calendar().add_working_days(office.on, term.raw)


async def _standing(conn: Connection, psn_no: str, on: date) -> Standing | Refusal:
    found = await standing(conn, psn_no, on)
    return found if found is not None else Refusal("UNKNOWN_MEMBER", psn_no)
