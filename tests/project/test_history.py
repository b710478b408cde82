"""The demonstration's past: told once, true to the books, in every state that a page has to show."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest

from gongji.base.ids import issued_at_ms
from gongji.base.times import CHINA
from gongji.demo_data import generate
from gongji.members.family_reading import applications
from gongji.policy import Law
from gongji.project.history import HistoryBroken, live
from gongji.project.laws import known_laws
from gongji.project.verification import verify
from gongji.providers.files import dossiers
from gongji.settlement.engine import connect
from tests.databases import create_database
from tests.vaults import VAULT
from tests.web.fixtures import law, world_url

__all__ = ["law", "world_url"]

WORLD = generate()
SHOP, DENTIST = (WORLD.institution(name).code for name in ("演示大药房总店", "演示口腔诊所"))


async def test_the_books_agree_after_the_history_was_told(lived_url: str) -> None:
    conn = await connect(lived_url)
    report = await verify(conn, await known_laws(conn))
    await conn.close()
    assert report.clean, report
    assert report.settlements > 250
    assert report.reversals > 5


async def test_it_is_told_once(lived_url: str, law: Law) -> None:
    conn = await asyncpg.connect(lived_url)
    count = "SELECT (SELECT count(*) FROM settlement_fact) + (SELECT count(*) FROM stock_movement)"
    before = await conn.fetchval(count)
    assert await live(lived_url, law, VAULT, WORLD) == "before"
    assert await conn.fetchval(count) == before
    await conn.close()


async def test_nothing_happens_after_the_day_of_the_first_start(lived_url: str) -> None:
    conn = await asyncpg.connect(lived_url)
    latest = await conn.fetchval("SELECT max(occurred_at) FROM stock_movement")
    settled = await conn.fetchval("SELECT max(settled_at) FROM settlement_fact")
    await conn.close()
    now = datetime.now(UTC)
    assert now - timedelta(hours=3) < max(latest, settled) < now


async def test_the_number_of_a_settlement_says_when_it_was_made(lived_url: str) -> None:
    conn = await asyncpg.connect(lived_url)
    rows = await conn.fetch("SELECT settlement_id, settled_at FROM settlement_fact")
    await conn.close()
    apart = [abs(issued_at_ms(row["settlement_id"]) / 1000 - row["settled_at"].timestamp()) for row in rows]
    assert max(apart) < 60


async def test_prescriptions_and_claims_stand_in_every_state(lived_url: str) -> None:
    conn = await asyncpg.connect(lived_url)
    states = {row["state"] for row in await conn.fetch("SELECT DISTINCT state FROM prescriptions_current")}
    latest = "SELECT DISTINCT ON (claim_id) state FROM claims_step ORDER BY claim_id, step_no DESC"
    claims = {row["state"] for row in await conn.fetch(latest)}
    await conn.close()
    assert states >= {"checked", "signed", "circulating", "held", "filled", "expired", "withdrawn"}
    assert claims >= {"received", "returned", "reviewed", "settled", "paid", "refused"}


async def test_something_waits_for_each_who_decides(lived_url: str) -> None:
    conn = await asyncpg.connect(lived_url)
    owner = WORLD.member("active")
    family = [one.state for one in await applications(conn, owner)]
    shelved = await conn.fetchval(
        "SELECT count(*) FROM desk_draft WHERE institution = $1 AND kind = 'held'", SHOP
    )
    applied = [one.state for one in await dossiers(conn, [DENTIST]) if one.layer == "pooled"]
    await conn.close()
    assert family.count("submitted") == 1
    assert shelved == 1, "a prescription at the till, with the token by which its pharmacist answers"
    assert set(applied) <= {"received", "returned"}
    assert len(applied) == 1


async def test_a_family_account_has_paid_and_accounts_were_credited(lived_url: str) -> None:
    conn = await asyncpg.connect(lived_url)
    owner, user = WORLD.member("active"), WORLD.member("empty_account")
    entries = "SELECT kind, count(*) AS n FROM accounts_entry WHERE psn_no = $1 GROUP BY kind"
    kinds = {row["kind"]: row["n"] for row in await conn.fetch(entries, owner)}
    visits = await conn.fetchval("SELECT count(*) FROM settlement_fact WHERE psn_no = $1", user)
    paid = await conn.fetchval("SELECT sum(mutual_fen) FROM settlement_v_settlement WHERE psn_no = $1", user)
    await conn.close()
    assert visits >= 3
    assert paid > 0
    assert kinds["credit"] >= 12
    assert kinds["interest"] == 1


async def test_a_history_that_was_cut_off_says_so_and_one_can_be_told_on_a_leap_day_after_midnight(
    world_url: str, pg_server: str, law: Law
) -> None:
    early, leap = datetime(2023, 6, 1, tzinfo=CHINA), datetime(2028, 2, 29, 0, 10, tzinfo=CHINA)
    url = create_database(pg_server, "cut_off", urlsplit(world_url).path.removeprefix("/"))
    with pytest.raises(HistoryBroken, match="2022"):
        await live(url, law, VAULT, WORLD, now=lambda: early)
    assert await live(url, law, VAULT, WORLD) == "in part"
    assert await live(world_url, law, VAULT, WORLD, now=lambda: leap) == "now"
    conn = await asyncpg.connect(world_url)
    latest = await conn.fetchval("SELECT max(settled_at) FROM settlement_fact")
    states = {row["state"] for row in await conn.fetch("SELECT DISTINCT state FROM prescriptions_current")}
    await conn.close()
    assert leap - timedelta(hours=3) < latest < leap
    assert states >= {"checked", "circulating", "held", "filled", "expired", "withdrawn"}
