"""Cases in the database: read with their steps, written step by step; personal data goes through the vault here only.

Which step may follow is said by ``cases``, what is done by ``casework``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.accounts.cases import Transition
from gongji.accounts.values import Case, Office, Payee, Step
from gongji.base.sqlfiles import Connection, sql
from gongji.members import access

__all__ = ["Content", "add_case", "add_step", "cases_of", "payees_of", "payments", "steps_to_do"]

ADD_CASE = sql("gongji.accounts", "add_case")
ADD_STEP = sql("gongji.accounts", "add_step")
CASES = sql("gongji.accounts", "cases")
STEPS = sql("gongji.accounts", "case_steps")
SEALS = sql("gongji.accounts", "case_seals")
PAYMENTS = sql("gongji.accounts", "case_payments")
DUE = sql("gongji.accounts", "due_cases")

OPENED_FIELDS: Final = ("heirs.name", "heirs.cert_no", "heirs.bank_account")


class Content(msgspec.Struct, frozen=True):
    """What an application says in clear."""

    documents: tuple[str, ...] = ()
    account_before: str = ""
    shares: tuple[tuple[int, int], ...] = ()
    by_agent: bool = False
    other_region: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """A case that somebody has to go on with."""

    psn_no: str
    case_id: int
    kind: str
    state: str
    region: str
    due_on: date | None


def _place(psn_no: str, case_id: int, step_no: int) -> str:
    """Where something is sealed; the application is step 0."""
    table = f"accounts_case_step.sealed:{psn_no}:{case_id}:{step_no}" if step_no else ""
    return table or f"accounts_case.sealed:{psn_no}:{case_id}"


def _sealed(office: Office, payees: Sequence[Payee], psn_no: str, case_id: int, step_no: int) -> bytes | None:
    if not payees:
        return None
    return office.vault.seal_bytes(msgspec.json.encode(payees), _place(psn_no, case_id, step_no))


async def add_case(
    conn: Connection, office: Office, case: Case, content: Content, payees: Sequence[Payee], clause: str
) -> None:
    """Record an application; its first step is recorded by ``add_step``."""
    await conn.execute(
        ADD_CASE, case.psn_no, case.case_id, case.kind, case.region, case.event_on, case.counterpart,
        case.reference, case.due_on, msgspec.json.encode(content).decode(),
        _sealed(office, payees, case.psn_no, case.case_id, 0), clause, office.digest, case.opened_by,
        case.opened_at,
    )  # fmt: skip


async def add_step(
    conn: Connection,
    office: Office,
    case: Case,
    move: Transition,
    *,
    account_state: str = "",
    content: Mapping[str, int | str] | None = None,
    payees: Sequence[Payee] = (),
    note: str = "",
) -> Case:
    """Record the step ``move`` and answer the case with it."""
    step = Step(
        len(case.steps) + 1,
        move.action,
        move.after,
        account_state,
        dict(content or {}),
        note,
        str(office.actor),
        office.at,
    )
    await conn.execute(
        ADD_STEP, case.psn_no, case.case_id, step.step_no, step.action, step.state, step.account_state,
        msgspec.json.encode(step.content).decode(),
        _sealed(office, payees, case.psn_no, case.case_id, step.step_no), step.note, step.actor, step.at,
    )  # fmt: skip
    return msgspec.structs.replace(case, steps=(*case.steps, step))


async def cases_of(conn: Connection, psn_no: str, case_id: int | None = None) -> tuple[Case, ...]:
    """The person's cases with their steps, the oldest first; nothing sealed is opened."""
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for number, step_no, action, state, account, content, note, actor, at in await conn.fetch(
        STEPS, psn_no, case_id
    ):
        kept = msgspec.json.decode(content, type=dict[str, int | str])
        steps[number].append(Step(step_no, action, state, account, kept, note, actor, at))
    found: list[Case] = []
    for row in await conn.fetch(CASES, psn_no, case_id):
        owner, number, kind, region, event_on, counterpart, reference, due_on, text, opened_by, opened_at = (
            row
        )
        content = msgspec.json.decode(text, type=Content)
        found.append(
            Case(
                owner, number, kind, region, event_on, counterpart, reference, due_on, content.documents,
                content.account_before, content.shares, opened_by, opened_at, tuple(steps[number]),
            )
        )  # fmt: skip
    return tuple(found)


async def payees_of(conn: Connection, office: Office, case: Case, purpose: str) -> tuple[Payee, ...]:
    """Who receives the money, in clear, as last stated (a new bank account after a return); the access is recorded."""
    payees: dict[int, Payee] = {}
    for step_no, sealed in await conn.fetch(SEALS, case.psn_no, case.case_id):
        opened = office.vault.open_bytes(sealed, _place(case.psn_no, case.case_id, step_no))
        if step_no == 0:
            payees = dict(enumerate(msgspec.json.decode(opened, type=list[Payee]), start=1))
        else:
            changed = {payee.cert_no: payee for payee in msgspec.json.decode(opened, type=list[Payee])}
            payees = {number: changed.get(payee.cert_no, payee) for number, payee in payees.items()}
    if payees:
        await access.record(
            conn,
            case.psn_no,
            access_id=office.ids.next(),
            at=office.at,
            actor=office.actor,
            purpose=purpose,
            fields=OPENED_FIELDS,
        )
    return tuple(payees.values())


async def payments(conn: Connection, case: Case) -> dict[str, int]:
    """Fen that each counterpart (payee or agency) has and did not send back."""
    rows = await conn.fetch(PAYMENTS, case.psn_no, case.case_id)
    return {row["counterpart"]: row["paid_fen"] for row in rows}


async def steps_to_do(conn: Connection, overdue_on: date | None = None) -> tuple[Waiting, ...]:
    """Cases that wait for a step, all of them or those overdue on a day."""
    return tuple(Waiting(*tuple(row)[:6]) for row in await conn.fetch(DUE, overdue_on))
