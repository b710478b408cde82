"""From an application to its acceptance: taken in at once, what is missing said once, accepted when nothing is missing.

Not taken in: what cannot be true, an institution that has not run long enough or is barred, a supplementary agreement without
what it stands on. Source: 国家医疗保障局令第2号、第3号, 晋医保办发〔2022〕27号 第四条、第五条, 医保办发〔2023〕4号 二
(SX2022-27.art4.a, SX2022-27.art4.b, SX2022-27.art5.b, NHSA2023-4.s2.a, NHSA2023-4.s2.b).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.regions import pooling_area
from gongji.base.sqlfiles import Connection
from gongji.base.times import add_months
from gongji.providers import files, rules, services
from gongji.providers.dossier import Application, Content, Dossier, Evidence, Head, Personal
from gongji.providers.fitness import application_refusal
from gongji.providers.office import Office, Taker, representative_index, seal_personal
from gongji.providers.spells import state_on
from gongji.providers.states import OPEN
from gongji.providers.taking import begin, found, take

__all__ = ["accept", "apply", "foundation_refusal", "give_back", "refuse", "supplement", "withdraw"]

FOUNDATION: Final = {
    "pooled": "晋医保办发〔2022〕27号 第四条",
    "internet": "晋医保办发〔2022〕27号 第五条",
}


async def apply(
    conn: Connection, office: Office, application: Application, personal: Personal, taker: Taker
) -> Dossier | Refusal:
    """Take an application in; an institution applies for itself, or the agency records what it handed in."""
    profile = application.profile
    if taker.actor.kind == "institution" and taker.actor.id != profile.code:
        return Refusal("FORBIDDEN", "由本机构申请")
    refusal = application_refusal(office.law, application, personal, taker.on) or _too_young(
        office, application
    )
    if refusal is not None:
        return refusal
    representative = representative_index(office.vault, personal)
    async with conn.transaction():
        await services.lock(conn)
        await services.adopt(conn, office.ids, taker.at, profile.code)
        refusal = await _not_open_to(conn, application, representative)
        if refusal is not None:
            return refusal
        dossier_id = office.ids.next()
        dossier = Dossier(
            code=profile.code,
            dossier_id=dossier_id,
            layer=application.layer,
            kind=profile.kind,
            region=profile.region,
            uscc=profile.uscc,
            received_on=application.received_on,
            head=Head(application=application),
            steps=(),
            sealed=seal_personal(office.vault, profile.code, dossier_id, 1, personal),
        )
        return await begin(conn, office, dossier, "apply", taker, Content(), representative)


def _too_young(office: Office, application: Application) -> Refusal | None:
    """Base designation asks for months of regular operation (正式运营)."""
    if application.layer != "base":
        return None
    one, on = application.profile, application.received_on
    months = rules.count(office.law, "provider.operating_months", one.kind, one.region, on)
    if isinstance(months, Refusal):
        return months
    earliest = add_months(one.opened_on, months)
    return Refusal("OPERATING_TOO_SHORT", f"最早 {earliest}") if on < earliest else None


async def _not_open_to(
    conn: Connection, application: Application, representative: bytes | None
) -> Refusal | None:
    """Why the institution may not apply now: barred, applied already, nothing to stand on, another than the register knows."""
    one, on = application.profile, application.received_on
    until = await files.barred_until(conn, one.code, one.uscc, representative, on)
    if until is not None:
        return Refusal("APPLICATION_BARRED", f"至 {until}")
    known = await files.registered(conn, one.code)
    if known is not None and (known.uscc not in ("", one.uscc) or known.kind != one.kind):
        return Refusal("BAD_FIELD", "统一社会信用代码或机构类型与登记不符")
    for dossier in await files.dossiers(conn, [one.code]):
        running_out = dossier.term_until_on is not None and dossier.term_until_on < on
        if dossier.layer == application.layer and dossier.state in OPEN and not running_out:
            return Refusal("APPLICATION_EXISTS", str(dossier.dossier_id))
    return await foundation_refusal(conn, application, on)


async def foundation_refusal(conn: Connection, application: Application, on: date) -> Refusal | None:
    """A supplementary agreement stands on another: 门诊统筹 on the designation, an internet hospital on its host, which must be
    a pooled institution of the same area on the day."""
    one, article = application.profile, FOUNDATION.get(application.layer)
    if application.layer == "pooled":
        state = state_on(await files.states(conn, one.code), on)
        if state is None or not state.designated:
            return Refusal("BASE_NOT_IN_FORCE", "医保定点协议", "SX2022-27.art4.a", article)
    if application.layer == "internet":
        host = await files.registered(conn, application.host)
        state = state_on(await files.states(conn, application.host), on)
        if host is None or state is None or not state.pooled_agreement:
            return Refusal("HOST_NOT_POOLED", application.host, "SX2022-27.art5.b", article)
        if pooling_area(host.region) != pooling_area(one.region):
            return Refusal("HOST_NOT_POOLED", "不在同一统筹地区", "SX2022-27.art5.b", article)
    return None


async def give_back(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str = ""
) -> Dossier | Refusal:
    """Return an application, once, with everything that is missing in one go (一次性告知)."""
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    lacking = rules.missing(office.law, dossier) if dossier.application else ()
    if isinstance(lacking, Refusal):
        return lacking
    if not lacking and not note.strip():
        return Refusal("MISSING_FIELD", "材料齐全，退回须说明理由")
    content = Content(note=note, missing=tuple(one.code for one in lacking))
    return await take(conn, office, dossier_id, "return", taker, content)


async def supplement(
    conn: Connection,
    office: Office,
    dossier_id: int,
    taker: Taker,
    conditions: tuple[Evidence, ...] = (),
    documents: tuple[Evidence, ...] = (),
    note: str = "",
) -> Dossier | Refusal:
    """What was missing is handed in."""
    content = Content(note=note, conditions=conditions, documents=documents)
    return await take(conn, office, dossier_id, "supplement", taker, content)


async def accept(conn: Connection, office: Office, dossier_id: int, taker: Taker) -> Dossier | Refusal:
    """The application is complete: the evaluation's term begins."""
    return await take(conn, office, dossier_id, "accept", taker)


async def refuse(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str
) -> Dossier | Refusal:
    """Not accepted (不予受理), with the reason."""
    return await take(conn, office, dossier_id, "refuse", taker, Content(note=note))


async def withdraw(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str = ""
) -> Dossier | Refusal:
    return await take(conn, office, dossier_id, "withdraw", taker, Content(note=note))
