"""From the acceptance to the signed agreement: a panel scores, the parties negotiate, both sign, a second officer confirms.

Not passed: put right for some months and evaluated again; not passed twice: no application for some time. Source:
国家医疗保障局令第2号、第3号; 晋医保办发〔2022〕27号 第六条 (criteria, weights and pass marks are data of the province).
Agreements have versions, terms and indicators (SX2022-27.art4.c, SX2022-27.art6, SX2022-27.art16.a, NHSA2023-4.s3.3.a,
SX2021-103.s2.5.e, SX2024-11.s2.c, YC2024-16.s2.a, QY.art25.a).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import add_months
from gongji.providers import files, rules
from gongji.providers.applying import foundation_refusal
from gongji.providers.dossier import Content, Decision, Dossier, Evidence, Panelist, Score, Term
from gongji.providers.guards import panel_of
from gongji.providers.office import Office, Taker
from gongji.providers.taking import found, take, too_far

__all__ = [
    "Signature",
    "agree",
    "base_exceeded",
    "base_until",
    "break_off",
    "convene",
    "evaluate",
    "last_day",
    "negotiate",
    "rectify",
    "sign",
]

YEAR_MONTHS: Final = 12
DAY: Final = timedelta(days=1)


class Signature(msgspec.Struct, frozen=True):
    """What both parties sign: the version of the agreement's text, its term (last day None: as long as the law says), who signs."""

    from_on: date
    version: str
    signer: str
    agency_signer: str
    until_on: date | None = None
    retroactive: str = ""
    terms: tuple[Term, ...] = ()

    def decision(self, kind: str, until_on: date | None) -> Decision:
        """The signature as a decision that another officer confirms."""
        return Decision(
            kind=kind,
            from_on=self.from_on,
            until_on=until_on,
            version=self.version,
            signer=self.signer,
            agency_signer=self.agency_signer,
            retroactive=self.retroactive,
            terms=self.terms,
        )


async def convene(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, panel: tuple[Panelist, ...]
) -> Dossier | Refusal:
    """Name the panel (评估小组); a new one replaces it while nothing is scored."""
    return await take(conn, office, dossier_id, "convene", taker, Content(panel=panel))


async def evaluate(
    conn: Connection,
    office: Office,
    dossier_id: int,
    taker: Taker,
    scores: tuple[Score, ...],
    unmet: tuple[str, ...] = (),
    note: str = "",
) -> Dossier | Refusal:
    """The panel's result: qualified with the pass mark and every condition met; else it may be put right, once.

    ``unmet`` are conditions that the panel did not find fulfilled.
    """
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    mark = rules.mark_of(office.law, dossier, panel_of(dossier), scores, taker.on)
    least = rules.count(office.law, "provider.evaluation_pass_mark", dossier.kind, dossier.region, taker.on)
    if isinstance(mark, Refusal):
        return mark if dossier.state == "evaluating" else Refusal("AGREEMENT_STATE", "没有在评估")
    if isinstance(least, Refusal):
        return least
    strange = [code for code in unmet if code not in dossier.conditions]
    if strange:
        return Refusal("UNKNOWN_CODE", f"申请条件 {strange[0]}")
    content = Content(note=note, scores=scores, unmet=unmet, mark_e2=mark)
    if mark >= 100 * least and not unmet:
        return await take(conn, office, dossier_id, "qualify", taker, content)
    if not dossier.steps_of("fail"):
        return await take(conn, office, dossier_id, "fail", taker, content)
    years = rules.count(office.law, "provider.failed_years", dossier.kind, dossier.region, taker.on)
    if isinstance(years, Refusal):
        return years
    until = add_months(taker.on, YEAR_MONTHS * years) - DAY
    bar = Decision(kind="bar", from_on=taker.on, barred_until=until, note="再次评估不合格")
    content = msgspec.structs.replace(content, decision=bar)
    return await take(conn, office, dossier_id, "reject_application", taker, content)


async def rectify(
    conn: Connection,
    office: Office,
    dossier_id: int,
    taker: Taker,
    conditions: tuple[Evidence, ...] = (),
    note: str = "",
) -> Dossier | Refusal:
    """What the panel found is put right; evaluated again by a panel named anew."""
    return await take(conn, office, dossier_id, "rectify", taker, Content(note=note, conditions=conditions))


async def negotiate(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str
) -> Dossier | Refusal:
    """One round of negotiation and what came of it."""
    return await take(conn, office, dossier_id, "negotiate", taker, Content(note=note))


async def agree(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str = ""
) -> Dossier | Refusal:
    return await take(conn, office, dossier_id, "agree", taker, Content(note=note))


async def break_off(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str
) -> Dossier | Refusal:
    """The parties do not agree: the application is over, and may be made again."""
    return await take(conn, office, dossier_id, "break_off", taker, Content(note=note))


async def sign(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, signature: Signature
) -> Dossier | Refusal:
    """Both have signed; it holds when another officer has confirmed it. What it stands on must be in force on its first day."""
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    far = too_far(taker.on, signature.from_on, signature.until_on)
    if far is not None:
        return far
    if dossier.application is not None:
        refusal = await foundation_refusal(conn, dossier.application, signature.from_on)
        if refusal is not None:
            return refusal
    until = await last_day(conn, office, dossier, signature)
    if isinstance(until, Refusal):
        return until
    decision = signature.decision("sign", until)
    return await take(conn, office, dossier_id, "sign", taker, Content(decision=decision))


async def last_day(
    conn: Connection, office: Office, dossier: Dossier, signature: Signature
) -> date | Refusal | None:
    """The last day of the term: as signed, else as long as the law says; never after that of the designation."""
    base = await base_until(conn, dossier)
    if signature.until_on is not None:
        return base_exceeded(base, signature.until_on) or signature.until_on
    years = rules.count(
        office.law, "provider.agreement_years", dossier.kind, dossier.region, signature.from_on
    )
    if isinstance(years, Refusal):
        return years
    until = add_months(signature.from_on, YEAR_MONTHS * years) - DAY
    return until if base is None else min(until, base)


async def base_until(conn: Connection, dossier: Dossier) -> date | None:
    """The last day of the designation that a pooled agreement stands on; None: open, or it stands on none."""
    if dossier.layer != "pooled":
        return None
    terms = [
        one.term_until_on
        for one in await files.dossiers(conn, [dossier.code])
        if one.layer == "base"
        and one.state not in ("terminated", "expired")
        and (one.effective or one.head.rows)
    ]
    return terms[-1] if terms else None


def base_exceeded(base: date | None, until_on: date) -> Refusal | None:
    """A supplementary agreement does not outlive the designation: a later designation would revive it unseen."""
    over = base is not None and until_on > base
    return Refusal("DATES_CONTRADICT", f"不得晚于医保定点协议的最后一天 {base}") if over else None
