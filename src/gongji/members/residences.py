"""Roughly where members live (常住地): recorded as a cell of 0.001°, counted by cell for the service circle.

The exact point that is given is not kept: only the cell that it lies in, some hundred metres wide.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.members.dossier import Change, Dossier, Entry, changed, new, withdrawn
from gongji.members.rows import ResidenceRow
from gongji.members.writing import Act, Outcome, Plan, change

__all__ = ["CellCount", "cells", "home_of", "resides"]

CELLS = sql("gongji.members", "residence_cells")
RESIDENCE = sql("gongji.members", "residence")
EMPLOYEE_SCHEME: Final = "310"
CELL_E6: Final = 1_000
"""Millionths of a degree that a cell measures."""
LATITUDES, LONGITUDES = (3_000_000, 54_000_000), (73_000_000, 136_000_000)


class CellCount(msgspec.Struct, frozen=True):
    """Members of an insured area in a cell, given by its south-west corner; None where they live is not known."""

    region: str
    lat_e3: int | None
    lng_e3: int | None
    members: int


async def resides(
    conn: Connection, act: Act, psn_no: str, lat_e6: int, lng_e6: int, from_on: date
) -> Outcome:
    """The member lives there from ``from_on`` on; said by the member or the agency. PLACE_INVALID, NOTHING_CHANGED."""
    if not (LATITUDES[0] <= lat_e6 < LATITUDES[1] and LONGITUDES[0] <= lng_e6 < LONGITUDES[1]):
        return Refusal("PLACE_INVALID", "须为中国境内的纬度、经度（先纬度后经度，单位为度）")
    row = ResidenceRow(from_on, None, lat_e6 // CELL_E6, lng_e6 // CELL_E6)
    return await change(conn, act, psn_no, lambda dossier: moved(dossier, row), by_member=True)


def moved(dossier: Dossier, row: ResidenceRow) -> Plan | Refusal:
    """What changes when a member lives in another cell from a day on: what was said for later days is taken back. Pure."""
    held = next((e for e in dossier.residences if _holds(e.row, row.from_on)), None)
    later = [e for e in dossier.residences if e.row.from_on >= row.from_on]
    if (
        held is not None
        and not [e for e in later if e is not held]
        and _cell(held) == (row.lat_e3, row.lng_e3)
    ):
        return Refusal("NOTHING_CHANGED")
    changes: list[Change] = [withdrawn(entry) for entry in later]
    if held is not None and held.row.from_on < row.from_on:
        changes.append(changed(held, until_on=row.from_on - timedelta(days=1)))
    return Plan((*changes, new(dossier, row)))


def _holds(row: ResidenceRow, on: date) -> bool:
    return row.from_on <= on and (row.until_on is None or on <= row.until_on)


def _cell(entry: Entry[ResidenceRow]) -> tuple[int, int]:
    return entry.row.lat_e3, entry.row.lng_e3


async def cells(conn: Connection, on: date, region_prefix: str = "") -> list[CellCount]:
    """Members insured on the day by area and cell; ``region_prefix`` as the digits that an area's code begins with."""
    rows = await conn.fetch(CELLS, on, region_prefix, EMPLOYEE_SCHEME)
    return [CellCount(*row.values()) for row in rows]


async def home_of(conn: Connection, psn_no: str, on: date) -> tuple[int, int] | None:
    """The middle of the cell in which the member lives on the day, in millionths of a degree north and east; None: not recorded."""
    row = await conn.fetchrow(RESIDENCE, psn_no, on)
    if row is None:
        return None
    return row["lat_e3"] * CELL_E6 + CELL_E6 // 2, row["lng_e3"] * CELL_E6 + CELL_E6 // 2
