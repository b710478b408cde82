"""The public list, the pace of opening, what is overdue."""

from __future__ import annotations

from datetime import date

import asyncpg
import msgspec
import pytest

from gongji.providers import applying, listing, standing
from gongji.providers.standing import Proposal
from tests.providers import agency
from tests.providers.agency import OFFICE, START, done, refused, taker

LI, ZHAO = taker("li"), taker("zhao")


async def test_the_public_list_shows_who_is_designated_and_nothing_personal(conn: asyncpg.Connection) -> None:
    region = "141081"
    hospital = agency.new_profile("hospital", region=region, name="某某公示医院")
    pharmacy = agency.new_profile("pharmacy", region=region, name="某某公示药房")
    await agency.designated(conn, hospital)
    await agency.designated(conn, pharmacy)
    await agency.designated(conn, pharmacy, "pooled", until_on=date(2024, 12, 31))
    await agency.applied(conn, agency.new_profile("pharmacy", region=region))
    page = done(await listing.public_list(conn, START, area=region))
    assert [row.code for row in page.rows] == sorted((hospital.code, pharmacy.code))
    found = next(row for row in page.rows if row.code == pharmacy.code)
    assert (found.designated_from, found.designated_until) == (START, date(2025, 3, 3))
    assert (found.pooled_from, found.pooled_until) == (START, date(2024, 12, 31))
    text = msgspec.json.encode(page).decode()
    assert "李四" not in text
    assert "6222" not in text


async def test_the_public_list_is_filtered_and_paged(conn: asyncpg.Connection) -> None:
    area = "141082"
    for number in range(5):
        kind = "hospital" if number < 2 else "pharmacy"
        profile = agency.new_profile(kind, region=area, name=f"分页机构{number}")
        await agency.designated(conn, profile)
        if number == 4:
            await agency.designated(conn, profile, "pooled")

    async def names(**given) -> list[str]:
        return [row.name for row in done(await listing.public_list(conn, START, area=area, **given)).rows]

    assert len(await names(kind="pharmacy")) == 3
    assert await names(service="pooled") == ["分页机构4"]
    assert await names(name="机构1") == ["分页机构1"]
    assert await names(service="express") == []
    assert await names(limit=2, offset=4) == (await names())[4:]
    assert done(await listing.public_list(conn, START, area=area, limit=1)).total == 5
    assert done(await listing.public_list(conn, agency.later(-1), area=area)).rows == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"limit": 0}, "BAD_FIELD"),
        ({"limit": 501}, "BAD_FIELD"),
        ({"offset": -1}, "BAD_FIELD"),
        ({"service": "spa"}, "UNKNOWN_CODE"),
        ({"name": "a\0b"}, "BAD_FIELD"),
        ({"area": "一二"}, "REGION_UNKNOWN"),
    ],
)
async def test_a_page_that_is_none_is_refused(conn: asyncpg.Connection, given, code: str) -> None:
    assert refused(await listing.public_list(conn, START, **given)) == code


@pytest.mark.clause("SX2023-2.s1.a", "SX2024-11.s2.a", "YC2024-16.s1.a", "SX2024-11.s2.b")
async def test_the_gap_of_an_area_names_who_is_designated_and_not_opened(conn: asyncpg.Connection) -> None:
    profiles = [agency.new_profile("pharmacy", region="140881") for _ in range(4)]
    for profile in profiles:
        await agency.designated(conn, profile)
    await agency.designated(conn, profiles[0], "pooled")
    await agency.negotiated(conn, profiles[1], "pooled")
    await agency.applied(conn, profiles[2], "pooled")
    found = {(one.area, one.kind): one for one in await listing.openings(conn, START)}
    one = found["1408", "pharmacy"]
    own = {profile.code for profile in profiles}
    assert own & set(one.not_opened) == own - {profiles[0].code}
    assert (one.qualified, one.under_way) >= (1, 1)
    assert one.designated == one.opened + len(one.not_opened)


@pytest.mark.clause("NHSA2023-4.s2.e")
async def test_what_waits_too_long_is_overdue(conn: asyncpg.Connection) -> None:
    waiting = await agency.applied(conn, agency.new_profile())
    evaluated = await agency.applied(conn, agency.new_profile())
    done(await applying.accept(conn, OFFICE, evaluated.dossier_id, taker("wang")))
    ending = await agency.designated(conn, agency.new_profile(), until_on=date(2024, 6, 30))
    paused = await agency.designated(conn, agency.new_profile())
    pause = Proposal(from_on=START, until_on=agency.later(20), ground="risk", note="风险")
    done(await standing.suspend(conn, OFFICE, paused.dossier_id, LI, pause))
    done(await standing.confirm(conn, OFFICE, paused.dossier_id, ZHAO))

    async def due(on: date) -> dict[int, tuple[str, bool]]:
        found = await listing.overdue(conn, OFFICE, on)
        own = {one.dossier_id for one in (waiting, evaluated, ending, paused)}
        return {one.dossier_id: (one.what, one.overdue) for one in found if one.dossier_id in own}

    assert await due(date(2024, 3, 11)) == {
        waiting.dossier_id: ("accept", False),
        evaluated.dossier_id: ("evaluate", False),
    }
    assert await due(date(2024, 3, 30)) == {
        waiting.dossier_id: ("accept", True),
        evaluated.dossier_id: ("evaluate", False),
        ending.dossier_id: ("renew", False),
        paused.dossier_id: ("resume", True),
    }
    assert await due(date(2024, 7, 1)) == {
        waiting.dossier_id: ("accept", True),
        evaluated.dossier_id: ("evaluate", True),
        ending.dossier_id: ("expire", True),
        paused.dossier_id: ("resume", True),
    }
