"""The verbs of insurance: each one act about one person, in one transaction, with its line of history.

Every verb takes the connection, the ``Act`` (who, when, why) and the person, asks a pure decision (``verbs_*``) what changes, and
answers ``Written`` or a ``Refusal`` after which nothing was written. UNKNOWN_MEMBER and MEMBER_MOVED_ON may come from any of them. What a member is
given (vouchers, filings, entitlements) has its verbs in ``members.entitlements``.
"""

from datetime import date

import asyncpg
import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.members import validation, verbs_benefit, verbs_person, verbs_relation
from gongji.members.dossier import Change, Dossier
from gongji.members.personal import cert_index, normal_cert_no, phone_index, seal_cert_no, seal_phone
from gongji.members.rows import PersonRow, sealed_text
from gongji.members.verbs_person import Particulars
from gongji.members.verbs_relation import EMPLOYEE_SCHEME, Alteration
from gongji.members.writing import Act, Outcome, Plan, change, write
from gongji.policy import Law
from gongji.policy.calendar import Calendar

__all__ = [
    "begin_relation",
    "change_relation",
    "correct_person",
    "end_relation",
    "lift_nonbenefit",
    "record_death",
    "register_person",
    "resume_relation",
    "retire",
    "revoke_death",
    "set_nonbenefit",
    "set_phone",
    "suspend_relation",
    "take_back",
]

LOCK_NUMBER = sql("gongji.members", "lock_number")
CERT_HOLDER = sql("gongji.members", "cert_holder")
PSN_NO_MAX = 30


async def register_person(
    conn: Connection, act: Act, vault: Vault, given: Particulars, *, psn_no: str = "", phone: str = ""
) -> Outcome:
    """Register somebody (参保人登记); without ``psn_no`` the person gets the next identifier as the number.

    MEMBER_EXISTS for a number that is taken, CERT_REGISTERED for a document that somebody is registered with.
    """
    given = msgspec.structs.replace(given, cert_no=normal_cert_no(given.cert_no))
    psn_no = psn_no or str(act.ids.next())
    refusal = validation.first(
        validation.number("人员编号", psn_no, PSN_NO_MAX),
        verbs_person.particulars_refusal(given, act.today),
        validation.phone(phone) if phone else None,
    )
    if refusal is not None:
        return refusal
    row = _sealed(vault, psn_no, given, _phone(vault, psn_no, phone), None)
    try:
        async with conn.transaction():
            taken = await _cert_taken(conn, vault, given.cert_no, psn_no)
            if taken is not None:
                return taken
            return await write(conn, act, psn_no, Plan((Change("person", 0, 0, row),)))
    except asyncpg.UniqueViolationError:
        return Refusal("MEMBER_EXISTS", psn_no)


def _sealed(
    vault: Vault,
    psn_no: str,
    given: Particulars,
    phone: tuple[str | None, str | None],
    died_on: date | None,
) -> PersonRow:
    return PersonRow(
        given.name,
        given.cert_type,
        sealed_text(seal_cert_no(vault, psn_no, given.cert_no)),
        sealed_text(cert_index(vault, given.cert_no)),
        *phone,
        given.gender,
        given.ethnicity,
        given.born_on,
        died_on,
    )


def _phone(vault: Vault, psn_no: str, phone: str) -> tuple[str | None, str | None]:
    if not phone:
        return None, None
    return sealed_text(seal_phone(vault, psn_no, phone)), sealed_text(phone_index(vault, phone))


async def _cert_taken(conn: Connection, vault: Vault, cert_no: str, psn_no: str) -> Refusal | None:
    """Whether another person is registered with the document; of two registrations at once the second sees the first."""
    index = cert_index(vault, cert_no)
    await conn.execute(LOCK_NUMBER, f"cert:{index.hex()}")
    holder = await conn.fetchval(CERT_HOLDER, index, psn_no)
    return Refusal("CERT_REGISTERED", f"人员编号 {holder}") if holder is not None else None


async def correct_person(
    conn: Connection, act: Act, vault: Vault, psn_no: str, given: Particulars
) -> Outcome:
    """Other particulars of a person; what is the same stays sealed as it is."""
    given = msgspec.structs.replace(given, cert_no=normal_cert_no(given.cert_no))
    refusal = verbs_person.particulars_refusal(given, act.today)
    if refusal is not None:
        return refusal

    def decide(dossier: Dossier) -> Plan | Refusal:
        old = dossier.person.row
        row = _sealed(vault, psn_no, given, (old.phone_sealed, old.phone_index), old.died_on)
        if row.cert_index == old.cert_index:
            row = msgspec.structs.replace(row, cert_sealed=old.cert_sealed)
        return verbs_person.corrected(dossier, row)

    async with conn.transaction():
        taken = await _cert_taken(conn, vault, given.cert_no, psn_no)
        return taken or await change(conn, act, psn_no, decide)


async def set_phone(conn: Connection, act: Act, vault: Vault, psn_no: str, phone: str) -> Outcome:
    """The person's telephone; an empty one removes it."""
    refusal = validation.phone(phone) if phone else None
    if refusal is not None:
        return refusal
    sealed, index = _phone(vault, psn_no, phone)

    def decide(dossier: Dossier) -> Plan | Refusal:
        old = dossier.person.row
        if old.phone_index == index:
            return Refusal("NOTHING_CHANGED")
        row = msgspec.structs.replace(old, phone_sealed=sealed, phone_index=index)
        return verbs_person.corrected(dossier, row)

    return await change(conn, act, psn_no, decide)


async def begin_relation(
    conn: Connection,
    act: Act,
    law: Law,
    psn_no: str,
    *,
    from_on: date,
    category: str,
    region: str,
    employer: str = "",
    until_on: date | None = None,
    payer: str | None = None,
    psn_type: str | None = None,
    civil_servant: bool = False,
    has_account: bool = True,
    insutype: str = EMPLOYEE_SCHEME,
) -> Outcome:
    """A relation begins (参保); status, payer and type of person follow from the category where they are not given."""
    row = verbs_relation.new_relation(
        from_on=from_on,
        until_on=until_on,
        category=category,
        region=region,
        employer=employer,
        payer=payer,
        psn_type=psn_type,
        civil_servant=civil_servant,
        has_account=has_account,
        insutype=insutype,
    )
    return await change(conn, act, psn_no, lambda dossier: verbs_relation.begun(dossier, law, row))


async def change_relation(
    conn: Connection,
    act: Act,
    law: Law,
    psn_no: str,
    on: date,
    alteration: Alteration,
    insutype: str = EMPLOYEE_SCHEME,
) -> Outcome:
    """Employer, region, category … become different from ``on`` on (变更); a move to another city is said in the notes."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_relation.altered(dossier, law, on, alteration, insutype)
    )


async def retire(
    conn: Connection,
    act: Act,
    law: Law,
    psn_no: str,
    approved_on: date,
    *,
    from_on: date | None = None,
    category: str = "retired",
    psn_type: str = "12",
    insutype: str = EMPLOYEE_SCHEME,
) -> Outcome:
    """在职转退休: from the day that the law counts from the approval, or ``from_on`` where the insurance system gives it."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_relation.retired(
            dossier,
            law,
            approved_on,
            act.today,
            from_on=from_on,
            category=category,
            psn_type=psn_type,
            insutype=insutype,
        ),
    )


async def end_relation(
    conn: Connection,
    act: Act,
    law: Law,
    calendar: Calendar,
    psn_no: str,
    last_on: date,
    reason: str,
    *,
    reported_by: str = "employer",
    reported_on: date | None = None,
    insutype: str = EMPLOYEE_SCHEME,
) -> Outcome:
    """Insurance ends with ``last_on`` (终止参保、转出); a death has its own verb."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_relation.ended(
            dossier,
            law,
            calendar,
            last_on,
            reason,
            act.today,
            reported_on=reported_on or act.today,
            reported_by=reported_by,
            insutype=insutype,
        ),
    )


async def suspend_relation(
    conn: Connection,
    act: Act,
    law: Law,
    calendar: Calendar,
    psn_no: str,
    last_on: date,
    insutype: str = EMPLOYEE_SCHEME,
) -> Outcome:
    """Insurance pauses after ``last_on`` (暂停参保)."""
    return await end_relation(
        conn, act, law, calendar, psn_no, last_on, "suspended", reported_by="agency", insutype=insutype
    )


async def resume_relation(
    conn: Connection, act: Act, psn_no: str, on: date, insutype: str = EMPLOYEE_SCHEME
) -> Outcome:
    """A suspended relation goes on from ``on`` (恢复参保)."""
    return await change(conn, act, psn_no, lambda dossier: verbs_relation.resumed(dossier, on, insutype))


async def record_death(
    conn: Connection,
    act: Act,
    law: Law,
    calendar: Calendar,
    psn_no: str,
    died_on: date,
    *,
    reported_by: str,
    reported_on: date | None = None,
) -> Outcome:
    """死亡登记: relations and bindings end, vouchers are blocked; a report after the law's term is said in the notes."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_person.died(
            dossier, law, calendar, died_on, reported_on or act.today, reported_by, act.today
        ),
    )


async def revoke_death(conn: Connection, act: Act, psn_no: str) -> Outcome:
    """A death recorded by mistake had never been true."""
    return await change(conn, act, psn_no, verbs_person.death_revoked)


async def set_nonbenefit(
    conn: Connection, act: Act, psn_no: str, kind: str, from_on: date, until_on: date | None = None
) -> Outcome:
    """Days of arrears (欠费) or of a waiting period (等待期)."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_benefit.set_nonbenefit(dossier, kind, from_on, until_on)
    )


async def lift_nonbenefit(conn: Connection, act: Act, psn_no: str, kind: str, last_on: date) -> Outcome:
    """``last_on`` is the last day of arrears or waiting."""
    return await change(conn, act, psn_no, lambda dossier: verbs_benefit.lifted(dossier, kind, last_on))


async def take_back(conn: Connection, act: Act, psn_no: str, part: str, spell_no: int) -> Outcome:
    """A relation, spell, filing, entitlement or choice recorded by mistake had never been true (更正)."""
    return await change(conn, act, psn_no, lambda dossier: verbs_benefit.taken_back(dossier, part, spell_no))
