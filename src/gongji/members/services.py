"""The verbs of the members room: each one act about one person, in one transaction, with its line of history.

Every verb takes the connection, the ``Act`` (who, when, why) and the person, asks a pure decision (``verbs_*``) what changes,
and answers ``Written`` or a ``Refusal`` after which nothing was written. UNKNOWN_MEMBER and MEMBER_MOVED_ON may come from any
of them. Here are those about insurance; who a person is has its verbs in ``registration``, what a person is given in
``entitlements``.
"""

from datetime import date

from gongji.base.sqlfiles import Connection
from gongji.members import verbs_benefit, verbs_person, verbs_relation
from gongji.members.entitlements import (
    block,
    cancel_filing,
    change_filing,
    end_chronic,
    entitle_chronic,
    file_offsite,
    fix_institution,
    issue_credential,
    release,
    replace_credential,
    report_loss,
    unblock,
    unfix_institution,
)
from gongji.members.history import before_death, changes_of
from gongji.members.registration import correct_person, register_person, set_phone
from gongji.members.verbs_relation import EMPLOYEE_SCHEME, Alteration
from gongji.members.writing import Act, Outcome, change, locked
from gongji.policy import Law
from gongji.policy.calendar import Calendar

__all__ = [
    "begin_relation",
    "block",
    "cancel_filing",
    "change_filing",
    "change_relation",
    "correct_person",
    "end_chronic",
    "end_relation",
    "entitle_chronic",
    "file_offsite",
    "fix_institution",
    "issue_credential",
    "lift_nonbenefit",
    "record_death",
    "register_person",
    "release",
    "replace_credential",
    "report_loss",
    "resume_relation",
    "retire",
    "revoke_death",
    "set_nonbenefit",
    "set_phone",
    "suspend_relation",
    "take_back",
    "unblock",
    "unfix_institution",
]


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
    async with conn.transaction():
        await locked(conn, psn_no)
        before = before_death(await changes_of(conn, psn_no))
        return await change(conn, act, psn_no, lambda dossier: verbs_person.death_revoked(dossier, before))


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
