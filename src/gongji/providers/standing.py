"""What gives or takes standing after the signature: renewal, suspension, resumption, termination, barring, expiry.

Each is proposed by one officer and confirmed by another; until then nothing changes. Source: 国家医疗保障局令第2号 第四十一条至
第四十四条, 令第3号, 医保办发〔2023〕4号 三（三）(健全退出机制，有进有出, NHSA2023-4.s3.3.d).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.providers import files, rules, services
from gongji.providers.dossier import Content, Decision, Dossier
from gongji.providers.evaluating import Signature, last_day
from gongji.providers.office import Office, Taker
from gongji.providers.taking import found, take, too_far

__all__ = [
    "Proposal",
    "adopted",
    "bar",
    "confirm",
    "expire",
    "reject",
    "renew",
    "resume",
    "suspend",
    "terminate",
]

DAY = timedelta(days=1)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer proposes: from which day, on which ground of the law, at whose request, why it reaches back if it does."""

    from_on: date
    until_on: date | None = None
    ground: str = ""
    note: str = ""
    requested_on: date | None = None
    retroactive: str = ""

    def decision(self, kind: str) -> Decision:
        return Decision(kind=kind, **msgspec.structs.asdict(self))


async def adopted(conn: Connection, office: Office, taker: Taker, code: str, layer: str) -> int | Refusal:
    """The number of the agreement of the layer that stands now; rows of another system are adopted on the way."""
    async with conn.transaction():
        await services.lock(conn)
        await services.adopt(conn, office.ids, taker.at, code)
        of_layer = [one for one in await files.dossiers(conn, [code]) if one.layer == layer]
    standing = [one for one in of_layer if one.effective or one.head.rows]
    chosen = (standing or of_layer)[-1:]
    return chosen[0].dossier_id if chosen else Refusal("AGREEMENT_NOT_FOUND", code)


async def suspend(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, proposal: Proposal
) -> Dossier | Refusal:
    """Propose a suspension from a day to its last day; it lasts until it is resumed, and is listed when that day has come."""
    return await _propose(conn, office, dossier_id, taker, proposal.decision("suspend"))


async def resume(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, proposal: Proposal
) -> Dossier | Refusal:
    return await _propose(conn, office, dossier_id, taker, proposal.decision("resume"))


async def terminate(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, proposal: Proposal
) -> Dossier | Refusal:
    """Propose the end of the agreement; how long nobody may apply again follows from the ground."""
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    far = too_far(taker.on, proposal.from_on)
    if far is not None:
        return far
    one = rules.bar_of(office.law, dossier.kind, dossier.region, proposal.ground, proposal.from_on)
    if isinstance(one, Refusal):
        return one
    decision = msgspec.structs.replace(
        proposal.decision("terminate"),
        barred_until=one.until_on,
        representative_barred_until=one.representative_until_on,
    )
    return await _propose(conn, office, dossier_id, taker, decision)


async def renew(
    conn: Connection,
    office: Office,
    dossier_id: int,
    taker: Taker,
    signature: Signature,
    requested_on: date | None = None,
    note: str = "",
) -> Dossier | Refusal:
    """Both have signed for another term; ``requested_on`` when the institution asked (None: organised by the agency)."""
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    far = too_far(taker.on, signature.from_on, signature.until_on)
    if far is not None:
        return far
    until = await last_day(conn, office, dossier, signature)
    if isinstance(until, Refusal):
        return until
    signed = signature.decision("renew", until)
    decision = msgspec.structs.replace(signed, requested_on=requested_on, note=note)
    return await _propose(conn, office, dossier_id, taker, decision)


async def bar(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, until_on: date, note: str
) -> Dossier | Refusal:
    """Set another last day before which the institution may not apply again, with the reason."""
    dossier = await found(conn, dossier_id, taker)
    if isinstance(dossier, Refusal):
        return dossier
    earlier = [one.representative_barred_until for one in dossier.effective]
    decision = Decision(
        kind="bar",
        from_on=taker.on,
        barred_until=until_on,
        representative_barred_until=earlier[-1] if earlier else None,
        note=note,
    )
    return await _propose(conn, office, dossier_id, taker, decision)


async def _propose(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, decision: Decision
) -> Dossier | Refusal:
    return await take(conn, office, dossier_id, decision.kind, taker, Content(decision=decision))


async def confirm(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str = ""
) -> Dossier | Refusal:
    """The second officer agrees: what was proposed holds."""
    return await take(conn, office, dossier_id, "confirm", taker, Content(note=note))


async def reject(
    conn: Connection, office: Office, dossier_id: int, taker: Taker, note: str = ""
) -> Dossier | Refusal:
    """The second officer does not agree: everything stays as it was."""
    return await take(conn, office, dossier_id, "reject", taker, Content(note=note))


async def expire(conn: Connection, office: Office, taker: Taker) -> tuple[Dossier, ...]:
    """Close the agreements whose last day is past. Settlements know it without this: the end is part of the term."""
    closed = []
    for dossier in await files.dossiers(conn):
        term = dossier.term_until_on
        if dossier.state not in ("active", "suspended") or term is None or term >= taker.on:
            continue
        done = await take(conn, office, dossier.dossier_id, "expire", Taker(SYSTEM, taker.at))
        if not isinstance(done, Refusal):
            closed.append(done)
    return tuple(closed)
