"""`gongji verify` sees what does not follow from the agreements."""

from __future__ import annotations

import asyncpg
import pytest

from gongji.demo_data.load import load
from gongji.demo_data.world import generate
from gongji.providers.verify import differences
from tests.providers import agency
from tests.vaults import VAULT


async def found(conn: asyncpg.Connection, code: str) -> list[str]:
    return [one.field for one in await differences(conn) if one.code == code]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE providers_state SET pooled_agreement = true WHERE code = $1",
        "UPDATE providers_state SET until_on = until_on - 1 WHERE code = $1 AND state_no = 1",
        "DELETE FROM providers_state WHERE code = $1",
        "UPDATE providers_state SET level = '3' WHERE code = $1",
    ],
)
async def test_a_row_that_was_changed_past_the_agreements_is_found(
    conn: asyncpg.Connection, damage: str
) -> None:
    one = await agency.designated(conn, agency.new_profile("hospital"))
    assert await found(conn, one.code) == []
    await conn.execute(damage, one.code)
    assert await found(conn, one.code) == ["providers_state"]


async def test_a_step_that_the_table_does_not_have_is_found(conn: asyncpg.Connection) -> None:
    one = await agency.applied(conn, agency.new_profile())
    await conn.execute(
        "INSERT INTO providers_step (code, dossier_id, step_no, action, state, actor, at, content) "
        "VALUES ($1, $2, 2, 'confirm', 'active', 'agency:x', now(), '{}')",
        one.code,
        one.dossier_id,
    )
    assert await found(conn, one.code) == ["providers_step"]


async def test_the_demonstrations_institutions_are_adopted(conn: asyncpg.Connection) -> None:
    world = generate(members=20)
    await load(conn, world, VAULT)
    codes = [str(row["code"]) for row in world.tables["providers_state"]]
    assert codes
    assert [one for code in codes for one in await found(conn, code)] == []
    adopted = await conn.fetchval("SELECT count(*) FROM providers_dossier WHERE code = ANY ($1)", codes)
    assert adopted >= len(codes)
