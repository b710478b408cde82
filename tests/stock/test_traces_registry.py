"""The registry of settled trace codes in the database: uses, refunds, and many at once."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import asyncpg
import pytest

from gongji.base.sqlfiles import Connection
from gongji.stock.selectors import trace_uses
from gongji.stock.values import Wanted

HERE, THERE = "P14080200001", "P14080200002"
_numbers = itertools.count(1)


def code() -> str:
    return f"{81000000000000000000 + next(_numbers)}"


def want(trace: str, /, **changes: Any) -> Wanted:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": trace,
        "split": False,
        "quantity_e4": 10_000,
        "capacity_e4": 0,
        "item": "XA01",
        "institution": HERE,
        "psn_no": f"PSN{number}",
        "settlement_id": number,
        "line_key": "1",
    }
    return Wanted(**(values | changes))


async def use(conn: Connection, *wanted: Wanted) -> str:
    """ "" when the codes were used, else the persons who are to read again."""
    try:
        await conn.execute("SELECT stock_use_traces($1)", json.dumps([one.row() for one in wanted]))
    except asyncpg.SerializationError as error:
        return str(error.detail)
    return ""


async def free(conn: Connection, settled: Wanted, freed_by: int | None = None) -> str:
    row = {
        "psn_no": settled.psn_no,
        "settlement_id": settled.settlement_id,
        "freed_by": freed_by or next(_numbers),
    }
    try:
        await conn.execute("SELECT stock_free_traces($1)", json.dumps([row]))
    except asyncpg.SerializationError as error:
        return str(error.detail)
    return ""


async def in_force(conn: Connection, trace: str) -> list[int]:
    return [one.settlement_id for one in await trace_uses(conn, [trace]) if not one.freed]


@pytest.mark.clause("SX2021-103.s2.2.g")
async def test_a_whole_pack_settles_once(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first, second = want(trace), want(trace, institution=THERE)
    assert await use(conn, first) == ""
    assert await use(conn, second) == second.psn_no
    assert await in_force(conn, trace) == [first.settlement_id]


async def test_nothing_of_a_call_is_written_when_one_code_is_taken(conn: asyncpg.Connection[Any]) -> None:
    taken, new = code(), code()
    await use(conn, want(taken))
    late, fresh = want(taken), want(new)
    assert await use(conn, fresh, late) == late.psn_no
    assert await in_force(conn, new) == []


async def test_of_two_in_one_call_the_second_reads_again(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first, second = want(trace), want(trace)
    assert await use(conn, first, second) == second.psn_no
    assert await use(conn, first) == ""


async def test_a_refund_frees_the_code_for_another_settlement(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first, second = want(trace), want(trace)
    await use(conn, first)
    assert await free(conn, first) == ""
    assert await use(conn, second) == ""
    assert await in_force(conn, trace) == [second.settlement_id]
    assert [one.freed for one in await trace_uses(conn, [trace])] == [True, False]


async def test_a_second_refund_frees_nothing_more(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first, second = want(trace), want(trace)
    await use(conn, first)
    await free(conn, first)
    await use(conn, second)
    assert await free(conn, first) == ""
    assert await in_force(conn, trace) == [second.settlement_id]


async def test_a_refund_names_person_and_settlement(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first = want(trace)
    await use(conn, first)
    await free(conn, want(trace, settlement_id=first.settlement_id))
    assert await in_force(conn, trace) == [first.settlement_id]


async def test_refund_and_new_settlement_in_one_transaction(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    first, second = want(trace), want(trace)
    await use(conn, first)
    async with conn.transaction():
        assert await free(conn, first) == ""
        assert await use(conn, second) == ""
    assert await in_force(conn, trace) == [second.settlement_id]


async def test_a_split_pack_is_used_up_to_its_content(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    part = {"split": True, "quantity_e4": 50_000, "capacity_e4": 120_000}
    assert await use(conn, want(trace, **part)) == ""
    assert await use(conn, want(trace, **part)) == ""
    third = want(trace, **part)
    assert await use(conn, third) == third.psn_no
    assert await use(conn, want(trace, split=True, quantity_e4=20_000, capacity_e4=120_000)) == ""


async def test_a_split_pack_of_unknown_content_is_counted_within_one_institution(
    conn: asyncpg.Connection[Any],
) -> None:
    trace = code()
    for _ in range(5):
        assert await use(conn, want(trace, split=True, quantity_e4=1_000_000)) == ""
    elsewhere = want(trace, split=True, institution=THERE)
    assert await use(conn, elsewhere) == elsewhere.psn_no
    assert len(await in_force(conn, trace)) == 5


async def test_a_split_pack_is_one_drug(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    await use(conn, want(trace, split=True))
    other = want(trace, split=True, item="XB01")
    assert await use(conn, other) == other.psn_no


@pytest.mark.parametrize("first", [True, False])
async def test_a_pack_is_either_split_or_whole(conn: asyncpg.Connection[Any], first: bool) -> None:
    trace = code()
    await use(conn, want(trace, split=first))
    second = want(trace, split=not first)
    assert await use(conn, second) == second.psn_no


async def test_uses_are_facts(conn: asyncpg.Connection[Any]) -> None:
    trace = code()
    await use(conn, want(trace))
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute("UPDATE stock_trace_use SET psn_no = 'x' WHERE code = $1", trace)
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute("DELETE FROM stock_trace_use WHERE code = $1", trace)


async def test_the_same_code_at_two_pharmacies_at_once_settles_exactly_once(pg_url: str) -> None:
    """200 tries; each pharmacy sells two packs, named in opposite order, so that a wrong order of locks would deadlock."""
    left, right = await asyncpg.connect(pg_url), await asyncpg.connect(pg_url)
    try:
        for _ in range(200):
            one, two = code(), code()
            here = [
                want(one, settlement_id=(a := next(_numbers)), psn_no="A"),
                want(two, settlement_id=a, psn_no="A"),
            ]
            there = [
                want(two, institution=THERE, settlement_id=(b := next(_numbers)), psn_no="B"),
                want(one, institution=THERE, settlement_id=b, psn_no="B"),
            ]
            answers = await asyncio.gather(use(left, *here), use(right, *there))
            assert sorted(answers) in (["", "A"], ["", "B"])
            assert await in_force(left, one) == await in_force(left, two) == [a if answers[0] == "" else b]
    finally:
        await left.close()
        await right.close()
