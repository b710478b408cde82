"""Changes of an institution's particulars: reported, confirmed by a second officer, dated.

Name, address, scope, representative and bank account hold as reported; class and level hold from their day and are never derived
from each other (decision A30). A report after the working days of the law is taken and marked late. Source: 令第2号 第四十条.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.providers import files, fitness, rules, services
from gongji.providers.dossier import SEALED, Content, Decision, Dossier, Head, Personal
from gongji.providers.office import Office, Taker, seal_personal
from gongji.providers.taking import begin

__all__ = ["Change", "report"]

LONGEST: Final = 200


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changed: ``approved_on`` is the day of the authority's approval, ``from_on`` since when it holds."""

    field: str
    from_on: date
    document: str
    approved_on: date
    value: str = ""
    note: str = ""
    retroactive: str = ""


async def report(
    conn: Connection,
    office: Office,
    code: str,
    change: Change,
    taker: Taker,
    personal: Personal | None = None,
) -> Dossier | Refusal:
    """Record a reported change; it holds when another officer has confirmed it."""
    if taker.actor.kind == "institution" and taker.actor.id != code:
        return Refusal("FORBIDDEN", "由本机构报告")
    known = await files.registered(conn, code)
    if known is None:
        return Refusal("UNKNOWN_INSTITUTION", code)
    refusal = _unfit(change, personal, taker.on)
    if refusal is not None:
        return refusal
    days = rules.count(office.law, "provider.change_working_days", known.kind, known.region, taker.on)
    if isinstance(days, Refusal):
        return days
    last = office.calendar.add_working_days(change.approved_on, days)
    late = not isinstance(last, Refusal) and taker.on > last
    dossier_id = office.ids.next()
    decision = Decision(kind="change", late=late, **msgspec.structs.asdict(change))
    dossier = Dossier(
        code=code,
        dossier_id=dossier_id,
        layer="change",
        kind=known.kind,
        region=known.region,
        uscc=known.uscc,
        received_on=taker.on,
        head=Head(),
        steps=(),
        sealed=seal_personal(office.vault, code, dossier_id, 1, personal) if personal else None,
    )
    async with conn.transaction():
        await services.lock(conn)
        await services.adopt(conn, office.ids, taker.at, code)
        return await begin(conn, office, dossier, "report", taker, Content(decision=decision))


def _unfit(change: Change, personal: Personal | None, today: date) -> Refusal | None:
    if change.approved_on > today:
        return Refusal("SERVICE_IN_FUTURE", f"批准日期 {change.approved_on}")
    if change.field not in SEALED:
        value = change.value
        fit = value.strip() and len(value) <= LONGEST and value.isprintable() and personal is None
        return None if fit else Refusal("TEXT_INVALID", "变更后的内容")
    if change.value or personal is None:
        return Refusal("MISSING_FIELD", "变更后的法定代表人或银行账户")
    if change.field == "bank":
        return fitness.bank_refusal(personal.bank)
    person = personal.representative
    named = person is not None and person.name.strip() and person.cert_no.strip()
    return None if named else Refusal("MISSING_FIELD", "法定代表人姓名和证件号码")
