"""The verbs of who a person is: registration, correction, telephone; personal data are sealed before anything is decided.

Of two registrations with one identity document at the same moment, the second one sees the first.
"""

from datetime import date

import asyncpg
import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.members import validation, verbs_person
from gongji.members.dossier import Change, Dossier
from gongji.members.personal import cert_index, normal_cert_no, phone_index, seal_cert_no, seal_phone
from gongji.members.rows import PersonRow, sealed_text
from gongji.members.verbs_person import Particulars
from gongji.members.writing import Act, Outcome, Plan, change, may_act, reason_refusal, write

__all__ = ["correct_person", "register_person", "set_phone"]

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
    if not may_act(act.actor, psn_no):
        return Refusal("FORBIDDEN", "由经办机构登记")
    refusal = validation.first(
        reason_refusal(act),
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
    if not may_act(act.actor, psn_no):
        return Refusal("FORBIDDEN", "由经办机构办理")  # before it is said whether a document is registered
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

    return await change(conn, act, psn_no, decide, by_member=True)
