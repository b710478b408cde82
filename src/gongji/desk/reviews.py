"""Reviews of the house (院内审方): what a hospital's pharmacist returned, and what the doctor answered. Facts of the institution.

Acceptance is no row here: it is 7103, with the pharmacist's name, and the prescription circulates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from gongji.base.sqlfiles import Connection, sql

__all__ = ["Remark", "remarks", "returned", "write_remark"]

REVIEWS: Final = sql("gongji.desk", "reviews")
WRITE: Final = sql("gongji.desk", "review_write")
Verdict = Literal["return", "answer"]


class Remark(msgspec.Struct, frozen=True):
    """Something said of a prescription of the house: ``return`` by a pharmacist, ``answer`` by its doctor, with the reason."""

    rx_id: int
    review_no: int
    verdict: str
    staff_code: str
    name: str
    reason: str
    at: datetime


async def remarks(conn: Connection, institution: str, rx_ids: Sequence[int]) -> dict[int, tuple[Remark, ...]]:
    """What was said of these prescriptions here, in order; one of which nothing was said has an empty row."""
    found: dict[int, tuple[Remark, ...]] = dict.fromkeys(rx_ids, ())
    for row in await conn.fetch(REVIEWS, institution, list(rx_ids)):
        found[row["rx_id"]] = (*found[row["rx_id"]], Remark(*row.values()))
    return found


def returned(said: Sequence[Remark]) -> Remark | None:
    """The return that nobody has answered yet."""
    return said[-1] if said and said[-1].verdict == "return" else None


async def write_remark(
    conn: Connection,
    institution: str,
    rx_id: int,
    said: Sequence[Remark],
    verdict: Verdict,
    by: tuple[str, str],
    reason: str,
    at: datetime,
) -> bool:
    """Say something after ``said``; False when somebody has said something meanwhile. ``by``: staff code and name."""
    number = said[-1].review_no + 1 if said else 1
    return await conn.fetchval(WRITE, institution, rx_id, number, verdict, *by, reason, at) is not None
