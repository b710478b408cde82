"""One message, one effect, however often, from wherever and at whatever moment it comes."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from gongji.settlement.verify import verify
from tests.pg import world
from tests.pg.processes import Worker


async def test_a_message_sent_a_thousand_times_over_two_workers_settles_once(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["M1"], own_fen=5_000)
    visit_id = await world.visit(conn, "M1", [world.fee(1, 20_000)])
    message = {"kind": "settle", "psn_no": "M1", "visit_id": visit_id, "msgid": "ONCE", "request": "same"}
    workers = [await Worker.start(built, number) for number in (1, 2)]
    await asyncio.gather(*(worker.send([message] * 500) for worker in workers))
    answers = [answer for worker in workers for answer in await worker.finish()]

    assert len(answers) == 1_000
    assert len({(answer["id"], answer["output"]) for answer in answers}) == 1
    assert sum(not answer["repeated"] for answer in answers) == 1
    assert await conn.fetchval("SELECT count(*) FROM settlement_fact WHERE psn_no = 'M1'") == 1
    assert await conn.fetchval("SELECT count(*) FROM settlement_message WHERE psn_no = 'M1'") == 1
    assert await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = 'M1'") == 0


async def test_the_same_number_with_another_content_is_refused(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["M2"])
    visit_id = await world.visit(conn, "M2", [world.fee(1, 20_000)])
    engine = await world.open_engine(built)
    command = world.settle_command("M2", visit_id)
    world.done(await engine.settle(command))
    changed = world.settle_command("M2", visit_id, msgid=command.msgid, request_hash=b"other")
    assert world.refused(await engine.settle(changed)) == "MESSAGE_REUSED"
    await engine.close()


async def test_the_same_number_for_another_person_is_refused_and_harms_nobody_else(
    built: str, conn: Any
) -> None:
    await world.add_persons(conn, ["M3", "M4", "M5"])
    visits = {
        psn_no: await world.visit(conn, psn_no, [world.fee(1, 20_000)]) for psn_no in ("M3", "M4", "M5")
    }
    engine = await world.open_engine(built)
    first = world.settle_command("M3", visits["M3"])
    world.done(await engine.settle(first))
    stolen = world.settle_command("M4", visits["M4"], msgid=first.msgid)
    answers = await asyncio.gather(
        engine.settle(stolen), engine.settle(world.settle_command("M5", visits["M5"]))
    )
    assert world.refused(answers[0]) == "MESSAGE_REUSED"
    world.done(answers[1])
    assert await conn.fetchval("SELECT count(*) FROM settlement_fact WHERE psn_no = 'M4'") == 0
    await engine.close()


async def test_two_institutions_may_use_the_same_number(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["M6"])
    first = await world.visit(conn, "M6", [world.fee(1, 20_000)])
    second = await world.visit(conn, "M6", [world.fee(1, 20_000)], caller=world.LARGE_HOSPITAL)
    engine = await world.open_engine(built)
    one = world.done(await engine.settle(world.settle_command("M6", first, msgid="7")))
    other = world.done(
        await engine.settle(world.settle_command("M6", second, msgid="7", caller=world.LARGE_HOSPITAL))
    )
    assert one.settlement_id != other.settlement_id
    await engine.close()


async def test_a_lost_answer_is_found_by_the_callers_own_number(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["M7"])
    visit_id = await world.visit(conn, "M7", [world.fee(1, 20_000)])
    engine = await world.open_engine(built)
    command = world.settle_command("M7", visit_id)
    waiting = asyncio.create_task(engine.settle(command))
    await asyncio.sleep(0)
    waiting.cancel()  # the caller goes away; the settlement does not
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await engine.close()
    engine = await world.open_engine(built)
    stored = await engine.lookup(command.caller, command.infno, command.msgid)
    assert stored is not None
    assert stored.answer == world.done(await engine.settle(command)).output
    assert await engine.lookup(command.caller, command.infno, "NEVER SENT") is None
    await engine.close()


class Overtaken:
    """The rooms as an engine sees them that another engine overtakes: between looking up the number and reading the state."""

    def __init__(self, rooms: Any, other: Any) -> None:
        self.rooms = rooms
        self.other = other
        self.theirs: Any = None

    async def situations(self, conn: Any, law: Any, commands: Any) -> Any:
        if self.theirs is None:
            self.theirs = world.done(await self.other.settle(commands[0]))
        return await self.rooms.situations(conn, law, commands)


async def test_a_copy_that_was_overtaken_between_two_readings_gets_the_same_answer(
    built: str, conn: Any
) -> None:
    await world.add_persons(conn, ["M9"])
    visit_id = await world.visit(conn, "M9", [world.fee(1, 20_000)])
    command = world.settle_command("M9", visit_id)
    faster, rooms = await world.open_engine(built, 1), await world.open_engine(built, 2)
    overtaken = Overtaken(rooms.inputs, faster)
    slower = await world.open_engine(built, 3, inputs=overtaken)
    answer = world.done(await slower.settle(command))
    assert answer.repeated
    assert (answer.settlement_id, answer.output) == (overtaken.theirs.settlement_id, overtaken.theirs.output)
    another = world.settle_command("M9", visit_id)
    assert world.refused(await slower.settle(another)) == "BATCH_SETTLED"
    for engine in (faster, rooms, slower):
        await engine.close()


async def test_everything_that_this_module_settled_is_verified(conn: asyncpg.Connection[Any]) -> None:
    report = await verify(conn, {world.law().digest: world.law()})
    assert report.settlements > 0
    assert report.clean, report
