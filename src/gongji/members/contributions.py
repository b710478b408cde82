"""Contribution months (缴费月) one by one: recorded, paid (到账), corrected by an officer, and read.

A month of a person by an employer is a series of revisions; the latest one stands. Writers of an employer's months, imports
among them, take turns, so that no revision is built upon one that is no longer the latest.
"""

from datetime import date, datetime
from typing import Any, Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.import_rules import Figures, change_of, figures_faults, standing_faults
from gongji.members.imports import LOCK, known_of

__all__ = [
    "Contribution",
    "arrears_months",
    "correct_contribution",
    "months_of",
    "pay_contribution",
    "record_contribution",
]

FACTS: Final = sql("gongji.members", "contribution_facts")
ADD: Final = sql("gongji.members", "contribution_add")
MONTHS: Final = sql("gongji.members", "contribution_months")


class Contribution(msgspec.Struct, frozen=True):
    """One month as it stands; ``import_id`` and ``line_no`` say from which file, None when an officer recorded it."""

    psn_no: str
    month: date
    employer: str
    revision: int
    figures: Figures
    import_id: int | None
    line_no: int | None
    recorded_at: datetime
    actor: str


async def record_contribution(
    conn: Connection, psn_no: str, month: date, employer: str, figures: Figures, *, at: datetime, actor: Actor
) -> Contribution | Refusal:
    """Record ``figures`` for the month (its first day), by the same rules as a row of a file.

    Figures that stand already change nothing and are answered as they were recorded.
    """
    async with conn.transaction():
        await conn.execute(LOCK, employer)
        found = await conn.fetchrow(FACTS, psn_no, month, employer)
        if found is None:
            return Refusal("UNKNOWN_MEMBER")
        known = known_of(found)
        faults = (
            *figures_faults(figures, month, day_in_china(at)),
            *standing_faults(month, employer, known),
        )
        if faults:
            return faults[0]
        change = change_of(figures, known.latest)
        if isinstance(change, Refusal):
            return change
        if change == "unchanged":
            return await _standing(conn, psn_no, month, employer)
        return await _add(conn, psn_no, month, employer, found["revision"] or 0, figures, at, actor)


async def pay_contribution(
    conn: Connection, psn_no: str, month: date, employer: str, paid_on: date, *, at: datetime, actor: Actor
) -> Contribution | Refusal:
    """The month's contribution was received on ``paid_on``.

    The same day said twice is said once; another day for a month that is paid is a correction and refused here. Whoever died
    or retired meanwhile may still be paid for: what was owed is owed.
    """
    async with conn.transaction():
        await conn.execute(LOCK, employer)
        found = await conn.fetchrow(FACTS, psn_no, month, employer)
        latest = known_of(found).latest if found is not None else None
        if latest is None:
            return Refusal("CONTRIBUTION_UNKNOWN", f"{month:%Y-%m}")
        if latest.paid_on is not None:
            same = latest.paid_on == paid_on
            return (
                await _standing(conn, psn_no, month, employer)
                if same
                else Refusal("CONTRIBUTION_PAID", f"{latest.paid_on}")
            )
        paid = msgspec.structs.replace(latest, paid_on=paid_on)
        faults = figures_faults(paid, month, day_in_china(at))
        if faults:
            return faults[0]
        return await _add(conn, psn_no, month, employer, found["revision"], paid, at, actor)


async def correct_contribution(
    conn: Connection,
    psn_no: str,
    month: date,
    employer: str,
    *,
    at: datetime,
    actor: Actor,
    base_fen: int | None = None,
    personal_fen: int | None = None,
    employer_fen: int | None = None,
    due_on: date | None = None,
    paid_on: date | None = None,
) -> Contribution | Refusal:
    """Correct what is given and leave the rest as it stands; a correction that changes nothing is none."""
    given = {
        "base_fen": base_fen,
        "personal_fen": personal_fen,
        "employer_fen": employer_fen,
        "due_on": due_on,
        "paid_on": paid_on,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    async with conn.transaction():
        await conn.execute(LOCK, employer)
        found = await conn.fetchrow(FACTS, psn_no, month, employer)
        latest = known_of(found).latest if found is not None else None
        if latest is None:
            return Refusal("CONTRIBUTION_UNKNOWN", f"{month:%Y-%m}")
        corrected = msgspec.structs.replace(latest, **changes)
        if corrected == latest:
            return await _standing(conn, psn_no, month, employer)
        corrected = msgspec.structs.replace(corrected, kind="correction")
        faults = figures_faults(corrected, month, day_in_china(at))
        if faults:
            return faults[0]
        return await _add(conn, psn_no, month, employer, found["revision"], corrected, at, actor)


async def _add(
    conn: Connection,
    psn_no: str,
    month: date,
    employer: str,
    revision: int,
    figures: Figures,
    at: datetime,
    actor: Actor,
) -> Contribution:
    """The next revision; the caller has the employer's lock."""
    added = Contribution(psn_no, month, employer, revision + 1, figures, None, None, at, str(actor))
    values = msgspec.structs.astuple(figures)
    await conn.execute(ADD, psn_no, month, employer, revision + 1, *values, at, str(actor))
    return added


async def _standing(conn: Connection, psn_no: str, month: date, employer: str) -> Contribution:
    months = await months_of(conn, psn_no)
    return next(m for m in months if (m.month, m.employer) == (month, employer))


async def months_of(conn: Connection, psn_no: str) -> tuple[Contribution, ...]:
    """All months of the person as they stand, in order; of several employers by name."""
    return tuple(
        Contribution(
            row["psn_no"],
            row["month"],
            row["employer"],
            row["revision"],
            Figures(
                row["base_fen"],
                row["personal_fen"],
                row["employer_fen"],
                row["due_on"],
                row["paid_on"],
                row["kind"],
            ),
            row["import_id"],
            row["line_no"],
            row["recorded_at"],
            row["actor"],
        )
        for row in await conn.fetch(MONTHS, psn_no)
    )


async def arrears_months(conn: Connection, psn_no: str, known_on: date) -> tuple[Contribution, ...]:
    """The months of which every day is in arrears as seen from ``known_on``: due before it and unpaid, or paid late (A22)."""
    return tuple(m for m in await months_of(conn, psn_no) if _late(m.figures, known_on))


def _late(figures: Figures, known_on: date) -> bool:
    """Decision A22, as ``rules.standing_on`` applies it; a month of which nothing is declared is never late."""
    if figures.due_on >= known_on or not figures.declares:
        return False
    return figures.paid_on is None or figures.paid_on > figures.due_on
