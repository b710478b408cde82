"""What the engine does with one command at a time, on a real PostgreSQL and the real rooms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from gongji.kernel import layout
from gongji.settlement import selectors
from gongji.settlement.engine import Engine
from gongji.settlement.previews import previews
from tests.pg import world


@pytest.fixture
async def engine(built: str) -> AsyncIterator[Engine]:
    engine = await world.open_engine(built)
    yield engine
    await engine.close()


async def count(conn: Any, table: str, psn_no: str) -> int:
    return int(await conn.fetchval(f"SELECT count(*) FROM {table} WHERE psn_no = $1", psn_no))


async def balance(conn: Any, psn_no: str) -> int:
    return int(await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = $1", psn_no))


async def test_a_settlement_is_written_with_its_lines_funds_account_entry_journal_and_year(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["A1"], own_fen=2_000)
    visit_id = await world.visit(conn, "A1", [world.fee(1, 10_000), world.fee(2, 5_000, world.DRUG_B)])
    done = world.done(await engine.settle(world.settle_command("A1", visit_id, stated_total_fen=15_000)))

    settled = await conn.fetchrow("SELECT * FROM settlement_v_settlement WHERE psn_no = 'A1'")
    # 乙类 5 % of 50.00 = 2.50; (147.50 - 30.00) x 65 % = 76.375 -> 76.38 (decision A03)
    assert (settled["prepay_fen"], settled["deductible_fen"], settled["pool_fen"]) == (250, 3_000, 7_638)
    assert (settled["account_fen"], settled["cash_fen"]) == (2_000, 5_362)
    lines = await conn.fetch(
        "SELECT prepay_fen, in_scope_fen FROM settlement_v_line WHERE psn_no = 'A1' ORDER BY position"
    )
    assert [tuple(line) for line in lines] == [(0, 10_000), (250, 4_750)]
    funds = await conn.fetch(
        "SELECT source, amount_fen FROM settlement_v_fund WHERE psn_no = 'A1' ORDER BY source"
    )
    assert [tuple(fund) for fund in funds] == [("account", 2_000), ("cash", 5_362), ("pool", 7_638)]
    entry = await conn.fetchrow(
        "SELECT * FROM accounts_entry WHERE psn_no = 'A1' AND settlement_id IS NOT NULL"
    )
    assert (entry["amount_fen"], entry["balance_after_fen"], entry["settlement_id"]) == (
        -2_000,
        0,
        done.settlement_id,
    )
    legs = await conn.fetch(
        "SELECT account, party, amount_fen FROM ledger_v_leg WHERE psn_no = 'A1' AND source = 'settlement' ORDER BY position"
    )
    assert [tuple(leg) for leg in legs] == [
        (5101, "", 7_638), (5201, "A1", 2_000), (1101, "A1", 5_362), (2101, world.HOSPITAL, -15_000),
    ]  # fmt: skip
    assert (await selectors.year(conn, "A1", 2024)).sums("ordinary") == (3_000, 14_750, 7_638)


async def test_a_preview_equals_the_settlement_that_follows_and_writes_nothing(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["A2"], own_fen=2_000)
    visit_id = await world.visit(conn, "A2", [world.fee(1, 12_345), world.fee(2, 777, world.SELF_PAID)])
    command = world.settle_command("A2", visit_id)
    seen = world.seen(await engine.preview(command))
    before = {"settlement_fact": 0, "settlement_message": 0, "settlement_person_year": 1, "ledger_journal": 1}
    written = {table: await count(conn, table, "A2") for table in before}
    assert written == before, "only the upload's touch and the opening of the account are there"
    done = world.done(await engine.settle(command))
    stored = await selectors.settlement(conn, "A2", done.settlement_id, {engine.law.digest: engine.law})
    assert stored is not None
    assert stored.settled.outcome == seen.outcome
    assert stored.settled.own_after_fen == seen.own_after_fen


async def test_a_stated_total_that_is_not_the_sum_of_the_lines_is_refused(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A3"])
    visit_id = await world.visit(conn, "A3", [world.fee(1, 10_000)])
    refused = await engine.settle(world.settle_command("A3", visit_id, stated_total_fen=10_001))
    assert world.refused(refused) == "TOTAL_MISMATCH"
    assert await count(conn, "settlement_message", "A3") == 0


async def test_a_refused_command_may_be_sent_again_under_its_number(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A4"])
    visit_id = await world.visit(conn, "A4", [world.fee(1, 10_000)])
    wrong = world.settle_command("A4", visit_id, stated_total_fen=1)
    assert world.refused(await engine.settle(wrong)) == "TOTAL_MISMATCH"
    right = world.settle_command(
        "A4", visit_id, stated_total_fen=10_000, msgid=wrong.msgid, request_hash=b"right"
    )
    world.done(await engine.settle(right))


async def test_a_batch_that_is_settled_is_refused_under_another_number(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A5"])
    visit_id = await world.visit(conn, "A5", [world.fee(1, 10_000)])
    world.done(await engine.settle(world.settle_command("A5", visit_id)))
    assert world.refused(await engine.settle(world.settle_command("A5", visit_id))) == "BATCH_SETTLED"
    assert world.refused(await engine.preview(world.settle_command("A5", visit_id))) == "BATCH_SETTLED"


async def test_after_a_reversal_the_batch_may_be_settled_again(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A6"])
    visit_id = await world.visit(conn, "A6", [world.fee(1, 10_000)])
    first = world.done(await engine.settle(world.settle_command("A6", visit_id)))
    world.done(await engine.reverse(world.reverse_command("A6", first.settlement_id)))
    world.done(await engine.settle(world.settle_command("A6", visit_id)))
    assert world.refused(await engine.settle(world.settle_command("A6", visit_id))) == "BATCH_SETTLED"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visit_id": 1}, "UNKNOWN_VISIT"),
        ({"batch_no": "B9"}, "FEE_BATCH_UNKNOWN"),
        ({"caller": world.LARGE_HOSPITAL}, "VISIT_OF_ANOTHER_INSTITUTION"),
    ],
)
async def test_what_is_not_there_or_not_the_callers_is_refused(
    engine: Engine, conn: Any, changes: dict[str, Any], code: str
) -> None:
    psn_no = f"A7{code}"
    await world.add_persons(conn, [psn_no])
    visit_id = await world.visit(conn, psn_no, [world.fee(1, 10_000)])
    values: dict[str, Any] = {"visit_id": visit_id} | changes
    assert (
        world.refused(await engine.settle(world.settle_command(psn_no, values.pop("visit_id"), **values)))
        == code
    )


async def test_a_second_batch_of_a_visit_pays_no_second_deductible(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A8"])
    visit_id = await world.visit(conn, "A8", [world.fee(1, 10_000)])
    await world.upload(conn, "A8", visit_id, [world.fee(2, 10_000)], batch_no="B2")
    world.done(await engine.settle(world.settle_command("A8", visit_id)))
    world.done(await engine.settle(world.settle_command("A8", visit_id, batch_no="B2")))
    paid = await conn.fetch(
        "SELECT deductible_fen FROM settlement_v_settlement WHERE psn_no = 'A8' ORDER BY seq"
    )
    assert [row["deductible_fen"] for row in paid] == [3_000, 0]


@pytest.mark.clause("SX2022-27.art22")
async def test_a_purchase_on_the_visits_prescription_shares_its_deductible(engine: Engine, conn: Any) -> None:
    """G055: class 3 charged 30.00, the pharmacy charges nothing more; the sale's visit and fees are stored with it."""
    await world.add_persons(conn, ["A9"])
    visit_id = await world.visit(conn, "A9", [world.fee(1, 10_000)])
    await world.prescribe(conn, "A9", "RX-A9", visit_id, [world.DRUG_A])
    world.done(await engine.settle(world.settle_command("A9", visit_id)))
    bought = world.done(await engine.settle(world.purchase_command("A9", [world.fee(1, 10_000)], "RX-A9")))
    sale = await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", bought.settlement_id
    )
    assert (sale["deductible_fen"], sale["pool_fen"], sale["group_id"]) == (0, 6_500, visit_id)
    assert (
        await conn.fetchval("SELECT group_id FROM encounters_visit WHERE visit_id = $1", sale["visit_id"])
        == visit_id
    )
    assert (
        await conn.fetchval(
            "SELECT total_fen FROM encounters_fee_batch WHERE visit_id = $1", sale["visit_id"]
        )
        == 10_000
    )


async def test_a_purchase_without_a_prescription_may_still_use_the_account(engine: Engine, conn: Any) -> None:
    """G064, decision A35."""
    await world.add_persons(conn, ["A10"], own_fen=2_000)
    bought = world.done(await engine.settle(world.purchase_command("A10", [world.fee(1, 5_000)])))
    sale = await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", bought.settlement_id
    )
    assert (sale["refusal"], sale["pool_fen"], sale["account_fen"], sale["cash_fen"]) == (
        "NO_PRESCRIPTION",
        0,
        2_000,
        3_000,
    )
    assert (await selectors.year(conn, "A10", 2024)).sums("ordinary") == (0, 0, 0)


async def test_an_expired_prescription_pays_nothing_from_the_pool(engine: Engine, conn: Any) -> None:
    """G062: issued 1 August, refused 4 August."""
    await world.add_persons(conn, ["A11"])
    visit_id = await world.visit(conn, "A11", [world.fee(1, 10_000)], on=date(2024, 8, 1))
    await world.prescribe(conn, "A11", "RX-A11", visit_id, [world.DRUG_A], on=date(2024, 8, 1))
    seen = world.seen(
        await engine.preview(
            world.purchase_command("A11", [world.fee(1, 10_000)], "RX-A11", on=date(2024, 8, 4))
        )
    )
    assert seen.outcome.refusal is not None
    assert seen.outcome.refusal.code == "RX_EXPIRED"
    seen = world.seen(
        await engine.preview(
            world.purchase_command("A11", [world.fee(1, 10_000)], "RX-A11", on=date(2024, 8, 3))
        )
    )
    assert seen.outcome.refusal is None


async def test_the_same_drug_is_not_sold_at_two_places(engine: Engine, conn: Any) -> None:
    """G082, decision A16."""
    await world.add_persons(conn, ["A12"])
    visit_id = await world.visit(conn, "A12", [world.fee(1, 3_000, rx_no="RX-A12")])
    await world.prescribe(conn, "A12", "RX-A12", visit_id, [world.DRUG_A])
    world.done(await engine.settle(world.settle_command("A12", visit_id)))
    refused = await engine.settle(world.purchase_command("A12", [world.fee(1, 3_000)], "RX-A12"))
    assert world.refused(refused) == "SAME_DRUG_DIFFERENT_INSTITUTION"


async def test_own_account_then_relatives_then_cash(engine: Engine, conn: Any) -> None:
    """G068, decision A18: 54.50 = 20 + 30 + 4.50; the owner's account carries the owner's part."""
    await world.add_persons(conn, ["A13"], own_fen=2_000)
    await world.add_persons(conn, ["A13W"], own_fen=3_000)
    await world.bind_family(conn, "A13", "A13W")
    visit_id = await world.visit(conn, "A13", [world.fee(1, 10_000)])
    done = world.done(await engine.settle(world.settle_command("A13", visit_id)))
    settled = await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", done.settlement_id
    )
    assert (settled["account_fen"], settled["mutual_fen"], settled["cash_fen"]) == (2_000, 3_000, 450)
    assert (await balance(conn, "A13"), await balance(conn, "A13W")) == (0, 0)
    world.done(await engine.reverse(world.reverse_command("A13", done.settlement_id)))
    assert (await balance(conn, "A13"), await balance(conn, "A13W")) == (2_000, 3_000)


async def test_a_member_may_keep_accounts_out(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A14"], own_fen=2_000)
    visit_id = await world.visit(conn, "A14", [world.fee(1, 10_000)])
    world.done(
        await engine.settle(world.settle_command("A14", visit_id, own_allowed=False, family_allowed=False))
    )
    assert await balance(conn, "A14") == 2_000
    assert await conn.fetchval("SELECT cash_fen FROM settlement_v_settlement WHERE psn_no = 'A14'") == 5_450


async def test_a_reversal_mirrors_every_amount_and_restores_year_and_account(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["A15"], own_fen=2_000)
    visit_id = await world.visit(conn, "A15", [world.fee(1, 10_000)])
    first = world.done(await engine.settle(world.settle_command("A15", visit_id)))
    back = world.done(await engine.reverse(world.reverse_command("A15", first.settlement_id)))
    original, mirror = await selectors.settlements(conn, "A15", {})
    assert original.reversed_by == back.settlement_id
    assert mirror.settled.original_id == first.settlement_id
    for position in (layout.W_TOTAL_FEN, layout.W_POOL_PAY_FEN, layout.W_ACCOUNT_FEN, layout.W_CASH_FEN):
        assert mirror.settled.outcome.waterfall[position] == -original.settled.outcome.waterfall[position]
    assert await balance(conn, "A15") == 2_000
    assert (await selectors.year(conn, "A15", 2024)).sums("ordinary") == (0, 0, 0)
    assert (
        await conn.fetchval(
            "SELECT sum(amount_fen) FROM ledger_v_leg WHERE psn_no = 'A15' AND account = 5101"
        )
        == 0
    )


async def test_a_settlement_is_reversed_by_the_callers_number_of_the_original(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["A16"])
    visit_id = await world.visit(conn, "A16", [world.fee(1, 10_000)])
    command = world.settle_command("A16", visit_id)
    world.done(await engine.settle(command))
    undo = world.reverse_command("A16", None, infno="2601", original=("2207", command.msgid))
    world.done(await engine.reverse(undo))
    again = world.reverse_command("A16", None, infno="2601", original=("2207", command.msgid))
    assert world.refused(await engine.reverse(again)) == "ALREADY_REVERSED"
    unknown = world.reverse_command("A16", None, infno="2601", original=("2207", "NEVER"))
    assert world.refused(await engine.reverse(unknown)) == "MESSAGE_NOT_FOUND"


async def test_another_institutions_settlement_is_invisible_to_a_reversal(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A17"])
    visit_id = await world.visit(conn, "A17", [world.fee(1, 10_000)])
    done = world.done(await engine.settle(world.settle_command("A17", visit_id)))
    foreign = world.reverse_command("A17", done.settlement_id, caller=world.LARGE_HOSPITAL)
    absent = world.reverse_command("A17", 4711)
    assert await engine.reverse(foreign) == await engine.reverse(absent)
    mistaken = world.reverse_command("A17", done.settlement_id, visit_id=4711)
    assert world.refused(await engine.reverse(mistaken)) == "SETTLEMENT_NOT_FOUND"


async def test_a_reversal_cannot_be_reversed(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A18"])
    visit_id = await world.visit(conn, "A18", [world.fee(1, 10_000)])
    done = world.done(await engine.settle(world.settle_command("A18", visit_id)))
    back = world.done(await engine.reverse(world.reverse_command("A18", done.settlement_id)))
    again = await engine.reverse(world.reverse_command("A18", back.settlement_id))
    assert world.refused(again) == "REVERSAL_NOT_ALLOWED"


async def test_a_refund_leads_to_proposals_for_later_settlements(engine: Engine, conn: Any) -> None:
    """Decision A15: the refunded visit's deductible would have been charged later (yearly stop 300.00)."""
    await world.add_persons(conn, ["A19"])
    settled = []
    for _ in range(11):
        visit_id = await world.visit(conn, "A19", [world.fee(1, 10_000)])
        settled.append(world.done(await engine.settle(world.settle_command("A19", visit_id))))
    world.done(await engine.reverse(world.reverse_command("A19", settled[0].settlement_id)))
    (found,) = await selectors.replay_proposals(conn, engine.law, "A19", 2024)
    assert found.original_id == settled[0].settlement_id
    (proposal,) = found.proposals
    assert (proposal.key, proposal.deductible_delta_fen, proposal.pool_delta_fen) == (
        settled[10].settlement_id, 3_000, -1_950,
    )  # fmt: skip


async def test_an_answer_that_cannot_be_rendered_fails_alone(engine: Engine, conn: Any) -> None:
    def broken(_: Any) -> bytes:
        raise RuntimeError("no template")

    people = [f"A20-{n}" for n in range(5)]
    await world.add_persons(conn, people)
    visits = {p: await world.visit(conn, p, [world.fee(1, 10_000)]) for p in people}
    commands = [world.settle_command(p, visits[p]) for p in people]
    commands[2] = world.settle_command(people[2], visits[people[2]], render=broken)
    answers = await asyncio.gather(*(engine.settle(c) for c in commands), return_exceptions=True)
    assert isinstance(answers[2], RuntimeError)
    for answer in (*answers[:2], *answers[3:]):
        world.done(answer)
    assert await count(conn, "settlement_fact", people[2]) == 0


async def test_a_command_that_the_database_refuses_fails_alone(engine: Engine, conn: Any) -> None:
    """A check of the table stands for any bug that the program did not see: an invoice number with a NUL byte."""
    people = [f"A21-{n}" for n in range(9)]
    await world.add_persons(conn, people)
    visits = {p: await world.visit(conn, p, [world.fee(1, 10_000)]) for p in people}
    commands = [world.settle_command(p, visits[p]) for p in people]
    commands[4] = world.settle_command(people[4], visits[people[4]], invoice_no="\0")
    answers = await asyncio.gather(*(engine.settle(c) for c in commands), return_exceptions=True)
    assert isinstance(answers[4], Exception)
    for answer in (*answers[:4], *answers[5:]):
        world.done(answer)


async def test_a_command_that_cannot_even_be_read_fails_alone(engine: Engine, conn: Any) -> None:
    people = [f"A24-{n}" for n in range(5)]
    await world.add_persons(conn, people)
    visits = {p: await world.visit(conn, p, [world.fee(1, 10_000)]) for p in people}
    visits[people[1]] = 2**70  # no database has such an id
    answers = await asyncio.gather(
        *(engine.settle(world.settle_command(p, visits[p])) for p in people), return_exceptions=True
    )
    assert isinstance(answers[1], Exception)
    for answer in (answers[0], *answers[2:]):
        world.done(answer)


async def test_a_sale_under_a_number_that_stands_for_another_sale_is_refused(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["A25"])
    sale = world.purchase_command("A25", [world.fee(1, 5_000)])
    world.done(await engine.settle(sale))
    again = world.purchase_command("A25", [world.fee(1, 5_000)], purchase=sale.purchase)
    assert world.refused(await engine.settle(again)) == "VISIT_DUPLICATE"


async def test_fees_uploaded_while_a_settlement_is_on_its_way_are_settled_or_make_it_read_again(
    engine: Engine, conn: Any, built: str
) -> None:
    """The upload advances the year's version: what is settled is never an old state of the batch."""
    import asyncpg

    await world.add_persons(conn, ["A22"])
    other = await asyncpg.connect(built)
    for _ in range(20):
        visit_id = await world.visit(conn, "A22", [world.fee(1, 1_000)])

        async def more(at: int = visit_id) -> str:
            try:
                await world.upload(other, "A22", at, [world.fee(2, 1_000)])
            except AssertionError as refused:
                return str(refused)
            return "uploaded"

        settled, said = await asyncio.gather(engine.settle(world.settle_command("A22", visit_id)), more())
        total = await conn.fetchval(
            "SELECT total_fen FROM settlement_v_settlement WHERE settlement_id = $1",
            world.done(settled).settlement_id,
        )
        assert total == (2_000 if said == "uploaded" else 1_000), said
    await other.close()


async def test_a_service_day_that_has_not_come_is_refused(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["A26"])
    visit_id = await world.visit(conn, "A26", [world.fee(1, 10_000)], on=date(2024, 8, 16))
    assert world.refused(await engine.settle(world.settle_command("A26", visit_id))) == "SERVICE_IN_FUTURE"


async def test_a_closed_engine_answers_what_it_accepted_and_refuses_the_rest(built: str, conn: Any) -> None:
    engine = await world.open_engine(built)
    people = [f"A23-{n}" for n in range(10)]
    await world.add_persons(conn, people)
    visits = {p: await world.visit(conn, p, [world.fee(1, 10_000)]) for p in people}
    accepted = [asyncio.create_task(engine.settle(world.settle_command(p, visits[p]))) for p in people]
    await asyncio.sleep(0)
    await engine.close()
    for task in accepted:
        world.done(await task)
    assert world.refused(await engine.settle(world.settle_command(people[0], 1))) == "SHUTTING_DOWN"


async def test_an_ordinary_settlement_asks_neither_for_quotas_nor_for_owners_limits(
    engine: Engine, conn: Any
) -> None:
    """What only some need is read only for them: the counter's path stays as short as it was."""
    await world.add_persons(conn, ["READS"], own_fen=2_000)
    visit_id = await world.visit(conn, "READS", [world.fee(1, 10_000)])
    asked: list[str] = []
    with conn.query_logger(lambda record: asked.append(record.query)):
        answers = await previews(conn, [world.settle_command("READS", visit_id)], engine._settings)
    world.seen(answers[0])
    assert not [query for query in asked if "accounts_limit" in query or "quota_key, service_on" in query]
    assert len(asked) <= 8
