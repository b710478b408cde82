"""The verbs of what a member is given: vouchers (凭证), filings (异地备案), chronic diseases (慢特病), 人员定点.

Each one act about one person in one transaction, as in ``members.services``: the decision is pure (``verbs_*``), the answer
``Written`` or a ``Refusal`` after which nothing was written.
"""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.members import verbs_benefit, verbs_credential, verbs_filing
from gongji.members.rows import ChronicRow, CredentialRow, FilingRow, FixedRow
from gongji.members.writing import Act, Outcome, change
from gongji.policy import Law

__all__ = [
    "block",
    "cancel_filing",
    "change_filing",
    "end_chronic",
    "entitle_chronic",
    "file_offsite",
    "fix_institution",
    "issue_credential",
    "release",
    "replace_credential",
    "report_loss",
    "unblock",
    "unfix_institution",
]

LOCK_NUMBER = sql("gongji.members", "lock_number")
CREDENTIALS = sql("gongji.members", "credentials")


async def issue_credential(
    conn: Connection, act: Act, psn_no: str, kind: str, number: str, from_on: date, card_sn: str = ""
) -> Outcome:
    """A card or e-voucher is issued (发卡、激活); its number is nobody else's (CREDENTIAL_EXISTS)."""
    row = CredentialRow(kind, number, card_sn, from_on)
    async with conn.transaction():
        return await _number_taken(conn, row) or await change(
            conn, act, psn_no, lambda dossier: verbs_credential.issued(dossier, row)
        )


async def replace_credential(
    conn: Connection,
    act: Act,
    psn_no: str,
    kind: str,
    old_number: str,
    number: str,
    on: date,
    card_sn: str = "",
) -> Outcome:
    """A new card or e-voucher for an old one, which ends (补换)."""
    row = CredentialRow(kind, number, card_sn, on)
    async with conn.transaction():
        return await _number_taken(conn, row) or await change(
            conn, act, psn_no, lambda dossier: verbs_credential.replaced(dossier, old_number, row)
        )


async def _number_taken(conn: Connection, row: CredentialRow) -> Refusal | None:
    """Whether the number was ever issued; of two issues at once the second sees the first."""
    await conn.execute(LOCK_NUMBER, f"{row.kind}:{row.number}")
    return Refusal("CREDENTIAL_EXISTS") if await conn.fetch(CREDENTIALS, row.kind, row.number) else None


async def report_loss(conn: Connection, act: Act, psn_no: str, kind: str, number: str, on: date) -> Outcome:
    """挂失: from ``on`` on the voucher opens nothing."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_credential.blocked(dossier, kind, number, on, "lost"),
        by_member=True,
    )


async def release(conn: Connection, act: Act, psn_no: str, kind: str, number: str, on: date) -> Outcome:
    """解挂: a voucher that was found again is good from ``on`` on."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_credential.released(dossier, kind, number, on, "lost"),
        by_member=True,
    )


async def block(conn: Connection, act: Act, psn_no: str, kind: str, number: str, on: date) -> Outcome:
    """The agency blocks a voucher (冻结); why is the act's reason, which must be stated."""
    if not act.reason.strip():
        return Refusal("TEXT_INVALID", "冻结须说明原因")
    return await change(
        conn, act, psn_no, lambda dossier: verbs_credential.blocked(dossier, kind, number, on, "agency")
    )


async def unblock(conn: Connection, act: Act, psn_no: str, kind: str, number: str, on: date) -> Outcome:
    """The agency lifts its own block (解冻)."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_credential.released(dossier, kind, number, on, "agency")
    )


async def file_offsite(conn: Connection, act: Act, law: Law, psn_no: str, row: FilingRow) -> Outcome:
    """异地就医备案; ``row`` without a last day lasts until it is cancelled, a temporary one for the months of the law."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_filing.filed(dossier, law, row, act.today), by_member=True
    )


async def change_filing(
    conn: Connection, act: Act, law: Law, psn_no: str, spell_no: int, row: FilingRow
) -> Outcome:
    """备案变更: ``row`` holds from its first day on instead of the filing ``spell_no``."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_filing.refiled(dossier, law, spell_no, row, act.today),
        by_member=True,
    )


async def cancel_filing(
    conn: Connection, act: Act, law: Law, psn_no: str, spell_no: int, on: date
) -> Outcome:
    """取消备案: from ``on`` on the filing does not hold."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_filing.cancelled(dossier, law, spell_no, on), by_member=True
    )


async def entitle_chronic(conn: Connection, act: Act, psn_no: str, row: ChronicRow) -> Outcome:
    """门诊慢特病准入."""
    return await change(conn, act, psn_no, lambda dossier: verbs_benefit.entitled(dossier, row))


async def end_chronic(conn: Connection, act: Act, psn_no: str, disease_code: str, last_on: date) -> Outcome:
    """门诊慢特病退出: ``last_on`` is the last day."""
    return await change(
        conn, act, psn_no, lambda dossier: verbs_benefit.chronic_ended(dossier, disease_code, last_on)
    )


async def fix_institution(conn: Connection, act: Act, psn_no: str, row: FixedRow) -> Outcome:
    """人员定点."""
    return await change(conn, act, psn_no, lambda dossier: verbs_benefit.fixed(dossier, row))


async def unfix_institution(
    conn: Connection, act: Act, psn_no: str, biz_type: str, institution: str, last_on: date
) -> Outcome:
    """取消定点: ``last_on`` is the last day."""
    return await change(
        conn,
        act,
        psn_no,
        lambda dossier: verbs_benefit.unfixed(dossier, biz_type, institution, last_on),
        by_member=True,
    )
