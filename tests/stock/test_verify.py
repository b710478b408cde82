"""What `gongji verify` finds when something derived was changed behind the services' back."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from gongji.base.sqlfiles import Connection
from gongji.encounters.values import FeeLine
from gongji.stock.verify import Difference, differences
from tests.pg import world
from tests.stock.rows import entry, institution, number, posted, trace


async def found(conn: Connection, subject: str) -> list[Difference]:
    return [one for one in await differences(conn) if one.subject == subject]


async def test_running_stock_that_is_not_its_movements_is_found(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5, traces=(trace(),)))
    assert await found(conn, code) == []
    await conn.execute("UPDATE stock_on_hand SET quantity_e4 = 7 WHERE institution = $1", code)
    (wrong,) = await found(conn, code)
    assert (wrong.field, wrong.stored, wrong.recomputed) == ("stock_on_hand L1 B1", "0.0007", "5")


async def test_a_batch_that_lost_its_mark_of_codes_is_found(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5, traces=(trace(),)))
    await conn.execute("UPDATE stock_on_hand SET coded = false WHERE institution = $1", code)
    assert "追溯码" in (await found(conn, code))[0].recomputed


async def test_running_stock_without_a_row_is_found(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    await conn.execute("DELETE FROM stock_on_hand WHERE institution = $1", code)
    assert [one.stored for one in await found(conn, code)] == ["—"]


async def test_a_code_register_that_lacks_a_code_is_found(conn: asyncpg.Connection[Any]) -> None:
    code, pack = institution(), trace()
    await posted(conn, code, entry("purchase", 5, traces=(pack,)))
    await conn.execute("ALTER TABLE stock_movement_code DISABLE TRIGGER ALL")
    await conn.execute("DELETE FROM stock_movement_code WHERE code = $1", pack)
    await conn.execute("ALTER TABLE stock_movement_code ENABLE TRIGGER ALL")
    assert [one.recomputed for one in await found(conn, code)] == [pack]


async def test_uses_of_codes_are_those_of_settlements_in_force(
    conn: asyncpg.Connection[Any], pg_url: str
) -> None:
    psn_no, pack = "PSNTRACE1", trace()
    await world.build(conn, [psn_no])
    engine = await world.open_engine(pg_url)
    line = world.fee(1, 50_00)
    coded = FeeLine(
        **{name: getattr(line, name) for name in line.__struct_fields__} | {"traces": ((pack, "0"),)}
    )
    try:
        visit_id = await world.visit(conn, psn_no, [coded])
        settled = world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
        assert await found(conn, psn_no) == []
        row = await conn.fetchrow("SELECT * FROM stock_trace_use WHERE code = $1", pack)
        await conn.execute("ALTER TABLE stock_trace_use DISABLE TRIGGER ALL")
        await conn.execute("DELETE FROM stock_trace_use WHERE code = $1", pack)
        assert [one.recomputed for one in await found(conn, psn_no)] == [pack]
        await conn.execute("INSERT INTO stock_trace_use SELECT ($1::stock_trace_use).*", row)
        await conn.execute("ALTER TABLE stock_trace_use ENABLE TRIGGER ALL")
        await engine.reverse(world.reverse_command(psn_no, settled.settlement_id))
        assert await found(conn, psn_no) == []
    finally:
        await engine.close()
    stray = {
        "code": trace(), "split": False, "quantity_e4": 10_000, "capacity_e4": 0, "item": "XA01",
        "institution": "P1", "psn_no": psn_no, "settlement_id": number(), "line_key": "1",
    }  # fmt: skip
    await conn.execute("SELECT stock_use_traces($1)", json.dumps([stray]))
    assert [one.stored for one in await found(conn, psn_no)] == [stray["code"]]


async def test_a_code_used_twice_behind_the_functions_back_is_found(conn: asyncpg.Connection[Any]) -> None:
    pack = trace()
    for use_no in (1, 2):
        await conn.execute(
            "INSERT INTO stock_trace_use VALUES ($1, $2, 1, NULL, 'P1', 'XA01', false, 10000, 0, 'PSNTWICE', $3, '1')",
            pack, use_no, number(),
        )  # fmt: skip
    assert f"{pack} 重复" in [one.stored for one in await found(conn, "PSNTWICE")]
