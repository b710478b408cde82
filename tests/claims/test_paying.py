"""Money goes out once, by a third person, with a journal entry; what comes back is booked too. Real PostgreSQL."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from gongji.claims import Office, Payee, Verdict, paying, selectors, services, settling
from gongji.settlement.engine import Engine
from tests.claims.office import (
    LI,
    PERSONAL,
    RECEIVED_ON,
    SUN,
    WANG,
    ZHAO,
    application,
    approved,
    done,
    persons,
    refused,
    state,
    taker,
    visit,
)

Conn = asyncpg.Connection


async def settled(conn: Conn, desk: Office, engine: Engine, psn_no: str, fen: int = 60_000) -> int:
    """A claim of Qingyang at level 3: of 600.00 the fund owes 150.00."""
    await persons(conn, psn_no)
    claim_id = await approved(conn, desk, application(psn_no, visit(fen)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    return claim_id


async def owed(conn: Conn, psn_no: str) -> int:
    """What the books owe the person for claims, in fen."""
    answer = await conn.fetchval(
        "SELECT -coalesce(sum(amount_fen), 0)::bigint FROM ledger_v_leg WHERE account = 2301 AND party = $1",
        psn_no,
    )
    return int(answer)


async def test_a_payment_settles_the_debt_and_the_claim_is_closed(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    claim_id = await settled(conn, desk, engine, "P1")
    assert await owed(conn, "P1") == 15_000
    case = done(await paying.pay(conn, desk, claim_id, SUN, "B20240805-1", RECEIVED_ON))
    assert (case.state, case.open_fen, await owed(conn, "P1")) == ("paid", 0, 0)
    assert state(await paying.close(conn, desk, claim_id, SUN)) == "closed"
    rows = await conn.fetch(
        "SELECT account, amount_fen, posted_on FROM ledger_v_leg WHERE psn_no = 'P1' AND source = 'claim_payment' "
        "ORDER BY position"
    )
    assert [tuple(row) for row in rows] == [(2301, 15_000, RECEIVED_ON), (1002, -15_000, RECEIVED_ON)]
    assert await selectors.verify_differences(conn) == ()


async def test_neither_reviewer_may_pay(conn: Conn, desk: Office, engine: Engine) -> None:
    claim_id = await settled(conn, desk, engine, "P2")
    for reviewer in (LI, ZHAO):
        assert (
            refused(await paying.pay(conn, desk, claim_id, reviewer, "B2", RECEIVED_ON)) == "CLAIM_FOUR_EYES"
        )
    assert await owed(conn, "P2") == 15_000


async def test_a_payment_is_made_once(conn: Conn, desk: Office, engine: Engine) -> None:
    claim_id = await settled(conn, desk, engine, "P3")
    done(await paying.pay(conn, desk, claim_id, SUN, "B3", RECEIVED_ON))
    assert refused(await paying.pay(conn, desk, claim_id, SUN, "B3", RECEIVED_ON)) == "CLAIM_STATE"
    assert await owed(conn, "P3") == 0


@pytest.mark.parametrize(("reference", "on"), [(" ", RECEIVED_ON), ("B4", date(2024, 8, 6))])
async def test_a_payment_has_a_slip_of_the_bank(
    conn: Conn, desk: Office, engine: Engine, reference: str, on: date
) -> None:
    claim_id = await settled(conn, desk, engine, f"P4{reference.strip()}")
    assert refused(await paying.pay(conn, desk, claim_id, SUN, reference, on)) in (
        "MISSING_FIELD",
        "BAD_FIELD",
    )


async def test_a_claim_of_which_the_fund_pays_nothing_is_closed_without_payment(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    claim_id = await settled(conn, desk, engine, "P5", 30_000)
    assert refused(await paying.pay(conn, desk, claim_id, SUN, "B5", RECEIVED_ON)) == "CLAIM_NOTHING_DUE"
    assert state(await paying.close(conn, desk, claim_id, SUN)) == "closed"
    assert await selectors.verify_differences(conn) == ()


async def test_what_the_bank_returns_is_owed_again_and_paid_to_another_account(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    claim_id = await settled(conn, desk, engine, "P6")
    done(await paying.pay(conn, desk, claim_id, SUN, "B6", RECEIVED_ON))
    assert state(await paying.bounce(conn, desk, claim_id, SUN, "T6", RECEIVED_ON, "户名不符")) == "bounced"
    assert await owed(conn, "P6") == 15_000
    assert refused(await services.supplement(conn, desk, claim_id, WANG)) == "MISSING_FIELD"
    account = Payee("张三", "另一银行", "6217000000007654321")
    assert state(await services.supplement(conn, desk, claim_id, WANG, payee=account)) == "bounced"
    assert await paying.payee(conn, desk, claim_id, SUN) == account
    case = done(await paying.pay(conn, desk, claim_id, SUN, "B6-2", RECEIVED_ON))
    assert (case.state, case.paid_fen, await owed(conn, "P6")) == ("paid", 15_000, 0)
    assert await selectors.verify_differences(conn) == ()


async def test_who_gives_another_account_does_not_pay_to_it(conn: Conn, desk: Office, engine: Engine) -> None:
    claim_id = await settled(conn, desk, engine, "P6B")
    done(await paying.pay(conn, desk, claim_id, SUN, "B6B", RECEIVED_ON))
    done(await paying.bounce(conn, desk, claim_id, SUN, "T6B", RECEIVED_ON))
    account = Payee("孙七", "另一银行", "6217000000007654322")
    done(await services.supplement(conn, desk, claim_id, SUN, payee=account))
    assert refused(await paying.pay(conn, desk, claim_id, SUN, "B6B-2", RECEIVED_ON)) == "CLAIM_FOUR_EYES"
    assert state(await paying.pay(conn, desk, claim_id, WANG, "B6B-2", RECEIVED_ON)) == "paid"


async def correct(conn: Conn, desk: Office, engine: Engine, claim_id: int, *verdicts: Verdict) -> None:
    done(await services.correct(conn, desk, claim_id, LI, verdicts, "复核更正"))
    done(await services.approve(conn, desk, claim_id, ZHAO))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))


async def test_too_much_paid_is_taken_back_after_a_correction(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    claim_id = await settled(conn, desk, engine, "P7")
    done(await paying.pay(conn, desk, claim_id, SUN, "B7", RECEIVED_ON))
    done(await paying.close(conn, desk, claim_id, SUN))
    await correct(conn, desk, engine, claim_id, Verdict("1-1", 20_000, "OUT_OF_CATALOGUE"))
    assert await owed(conn, "P7") == -10_000
    assert refused(await paying.close(conn, desk, claim_id, SUN)) == "CLAIM_STATE"
    case = done(await paying.recover(conn, desk, claim_id, SUN, "R7", RECEIVED_ON))
    assert (case.state, case.paid_fen, await owed(conn, "P7")) == ("paid", 5_000, 0)
    assert await selectors.verify_differences(conn) == ()


async def test_too_little_paid_is_paid_after_a_correction(conn: Conn, desk: Office, engine: Engine) -> None:
    await persons(conn, "P8")
    out = Verdict("1-1", 20_000, "OUT_OF_CATALOGUE")
    claim_id = await approved(conn, desk, application("P8", visit(60_000)), [out])
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    done(await paying.pay(conn, desk, claim_id, SUN, "B8", RECEIVED_ON))
    await correct(conn, desk, engine, claim_id)
    case = done(await paying.pay(conn, desk, claim_id, SUN, "B8-2", RECEIVED_ON))
    assert [s.content.payment.amount_fen for s in case.steps if s.content.payment] == [5_000, 10_000]
    assert await selectors.verify_differences(conn) == ()


async def test_a_dropped_correction_leaves_everything_as_it_was(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    claim_id = await settled(conn, desk, engine, "P9")
    done(await paying.pay(conn, desk, claim_id, SUN, "B9", RECEIVED_ON))
    done(await services.correct(conn, desk, claim_id, LI, (Verdict("1-1", 1, "OUT_OF_CATALOGUE"),), "疑有误"))
    assert refused(await services.drop(conn, desk, claim_id, LI, "无误")) == "CLAIM_FOUR_EYES"
    case = done(await services.drop(conn, desk, claim_id, ZHAO, "无误"))
    assert (case.state, case.open_fen, case.verdicts) == ("settled", 0, ())
    assert state(await paying.close(conn, desk, claim_id, SUN)) == "closed"


async def test_seeing_the_account_in_clear_is_recorded(conn: Conn, desk: Office, engine: Engine) -> None:
    claim_id = await settled(conn, desk, engine, "P10")
    assert await paying.payee(conn, desk, claim_id, SUN) == PERSONAL.payee
    assert refused(await paying.payee(conn, desk, claim_id, taker("P10", kind="member"))) == "FORBIDDEN"
    rows = await conn.fetch("SELECT actor, purpose, fields FROM members_access WHERE psn_no = 'P10'")
    assert [tuple(row) for row in rows] == [("agency:sun", "零星报销支付", "payee")]
