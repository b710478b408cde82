"""Roughly where members live: a cell of 0.001°, nothing finer, with its history; counted by cell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.members.residences import CellCount, cells, resides
from gongji.members.writing import Act, Written, read
from tests.pg import world

DAY = date(2024, 8, 15)
LAT, LNG = 34_694_777, 110_694_123


def act(name: str = "张经办", kind: Any = "agency") -> Act:
    return Act(Actor(kind, name), world.AT, "测试", world._ids)


async def person(conn: Any, name: str, **more: Any) -> str:
    await world.add_persons(conn, [name], **more)
    return name


async def test_only_the_cell_of_the_point_is_kept(conn: Any) -> None:
    psn_no = await person(conn, "RS1")
    await resides(conn, act(), psn_no, LAT, LNG, DAY)
    (entry,) = (await read(conn, psn_no)).residences
    assert (entry.row.lat_e3, entry.row.lng_e3) == (34_694, 110_694)
    rows = await conn.fetch("SELECT content::text FROM members_change WHERE psn_no = $1", psn_no)
    assert not any("694777" in row[0] for row in rows)
    assert "34694" not in repr(entry)


async def test_a_move_ends_the_residence_before(conn: Any) -> None:
    psn_no = await person(conn, "RS2")
    await resides(conn, act(), psn_no, LAT, LNG, DAY)
    await resides(conn, act(), psn_no, LAT + 5_000, LNG, DAY + timedelta(days=10))
    spells = [(e.row.lat_e3, e.row.from_on, e.row.until_on) for e in (await read(conn, psn_no)).residences]
    assert spells == [
        (34_694, DAY, DAY + timedelta(days=9)),
        (34_699, DAY + timedelta(days=10), None),
    ]


async def test_the_same_cell_again_changes_nothing_and_an_earlier_day_replaces(conn: Any) -> None:
    psn_no = await person(conn, "RS3")
    await resides(conn, act(), psn_no, LAT, LNG, DAY)
    again = await resides(conn, act(), psn_no, LAT + 1, LNG, DAY + timedelta(days=3))
    assert isinstance(again, Refusal)
    assert again.code == "NOTHING_CHANGED"
    await resides(conn, act(), psn_no, LAT + 9_000, LNG, DAY - timedelta(days=3))
    (entry,) = (await read(conn, psn_no)).residences
    assert (entry.row.lat_e3, entry.row.from_on, entry.row.until_on) == (
        34_703,
        DAY - timedelta(days=3),
        None,
    )


@pytest.mark.parametrize(("lat", "lng"), [(LNG, LAT), (0, 0), (54_000_000, LNG), (LAT, 136_000_000)])
async def test_a_point_outside_china_is_refused(conn: Any, lat: int, lng: int) -> None:
    answer = await resides(conn, act(), "RS1", lat, lng, DAY)
    assert isinstance(answer, Refusal)
    assert answer.code == "PLACE_INVALID"


async def test_a_member_says_where_he_lives_and_nobody_says_it_for_another(conn: Any) -> None:
    psn_no = await person(conn, "RS4")
    assert isinstance(await resides(conn, act("RS4", "member"), psn_no, LAT, LNG, DAY), Written)
    answer = await resides(conn, act("RS1", "member"), psn_no, LAT + 9_000, LNG, DAY)
    assert isinstance(answer, Refusal)
    assert answer.code == "FORBIDDEN"


async def test_members_are_counted_by_area_and_cell_and_unknown_ones_apart(conn: Any) -> None:
    area = "140999"
    for name in ("RC1", "RC2", "RC3"):
        await person(conn, name, region=area)
    for name in ("RC1", "RC2"):
        await resides(conn, act(), name, LAT, LNG, DAY)
    found = await cells(conn, DAY, "1409")
    assert sorted(found, key=lambda cell: cell.members) == [
        CellCount(area, None, None, 1),
        CellCount(area, 34_694, 110_694, 2),
    ]
    assert await cells(conn, DAY - timedelta(days=1), "1409") == [CellCount(area, None, None, 3)]
