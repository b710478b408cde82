"""A manual claim is settled by the same engine, kernel and accumulators as a visit at the counter. Real PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.claims import Office, Place, Verdict, paying, receiving, selectors, services, settling
from gongji.policy import DEMO_OVERLAY, compile_law, load_library
from gongji.settlement import selectors as settlements
from gongji.settlement.commands import Answer, ReverseCommand, SettleCommand
from gongji.settlement.engine import Engine
from gongji.settlement.verify import verify
from tests.claims.office import (
    DOCUMENTS,
    ELSEWHERE,
    LI,
    PERSONAL,
    QINGYANG,
    RECEIVED_ON,
    SERVICE_ON,
    SHANXI,
    SUN,
    ZHAO,
    application,
    approved,
    done,
    office,
    persons,
    refused,
    state,
    taker,
    visit,
)
from tests.pg import places, world

Conn = asyncpg.Connection


async def sums(conn: Conn, psn_no: str, year: int = 2024) -> tuple[int, int, int]:
    """Deductible, in-scope and fund of the person's year, in fen."""
    found = (await settlements.year(conn, psn_no, year)).sums("ordinary")
    return found[0], found[1], found[2]


async def legs(conn: Conn, psn_no: str) -> dict[int, int]:
    """What the journal says of the person, by account."""
    rows = await conn.fetch(
        "SELECT account, sum(amount_fen)::bigint AS fen FROM ledger_v_leg WHERE psn_no = $1 GROUP BY account",
        psn_no,
    )
    return {row["account"]: row["fen"] for row in rows if row["fen"]}


@pytest.mark.clause("QY.art22.2a")
async def test_an_invoice_of_600_first_in_the_year_at_level_3_pays_150(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """(600.00 − 300.00) × 50 % = 150.00."""
    await persons(conn, "S1")
    claim_id = await approved(conn, desk, application("S1", visit(60_000)))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.state, case.fund_fen, case.open_fen) == ("settled", 15_000, 15_000)
    assert await sums(conn, "S1") == (30_000, 60_000, 15_000)
    assert await legs(conn, "S1") == {5101: 15_000, 2301: -15_000}
    assert await selectors.verify_differences(conn) == ()


@pytest.mark.clause("QY.art23.6")
@pytest.mark.parametrize("level", ["2", ""])
async def test_an_emergency_of_500_at_a_place_that_is_not_designated_pays_120(
    conn: Conn, desk: Office, engine: Engine, level: str
) -> None:
    """(500.00 − 300.00) × 60 % = 120.00 at level 2, and where nobody knows the level (decision A26)."""
    name = f"S2{level}"
    await persons(conn, name)
    strange = Place(name=f"西安某门诊部{level}", region=ELSEWHERE, level=level)
    given = application(
        name,
        visit(50_000, emergency=True),
        place=strange,
        documents=("invoice", "fee_list", "diagnosis", "medical_record", "emergency_certificate"),
    )
    claim_id = await approved(conn, desk, given)
    assert done(await settling.settle(conn, desk, engine, claim_id, SUN)).fund_fen == 12_000


@pytest.mark.clause("SX2022-27.art24.c")
async def test_a_long_term_resident_of_shanxi_is_paid_by_the_law_of_shanxi(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """Level 3 elsewhere is price class 1 (A21): (280.00 − 80.00) × 55 % = 110.00, by law in force, no draft."""
    await persons(conn, "S3", region=SHANXI)
    await conn.execute(
        "INSERT INTO members_filing (psn_no, spell_no, from_on, kind, subtype, region, filed_on) "
        "VALUES ('S3', $1, '2024-01-01', 'LONG_TERM_OUT_OF_PROVINCE', 'long_term_resident', '610100', '2024-01-01')",
        world.new_id(),
    )
    claim_id = await approved(conn, desk, application("S3", visit(28_000)))
    assert done(await settling.settle(conn, desk, engine, claim_id, SUN)).fund_fen == 11_000


async def test_each_visit_is_settled_by_itself_on_its_own_day(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """Qingyang's deductible of 300.00 is the year's: each year has its own, two visits of a year share one."""
    await persons(conn, "S4")
    visits = (
        visit(40_000, service_on=date(2023, 12, 28)),
        visit(40_000, number=2, service_on=date(2024, 1, 8)),
        visit(10_000, number=3, service_on=date(2024, 1, 9)),
    )
    claim_id = await approved(conn, desk, application("S4", *visits))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert [payout.fund_fen for payout in case.payouts] == [5_000, 5_000, 5_000]
    assert await sums(conn, "S4", 2023) == (30_000, 40_000, 5_000)
    assert await sums(conn, "S4", 2024) == (30_000, 50_000, 10_000)
    assert await selectors.verify_differences(conn) == ()


@pytest.mark.clause("QY.art15.c")
async def test_claims_share_the_yearly_ceiling_with_everything_else(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S5")
    first = await approved(conn, desk, application("S5", visit(400_000)))
    second = await approved(conn, desk, application("S5", visit(400_000)))
    assert done(await settling.settle(conn, desk, engine, first, SUN)).fund_fen == 185_000
    assert done(await settling.settle(conn, desk, engine, second, SUN)).fund_fen == 15_000
    assert (await sums(conn, "S5"))[2] == 200_000


@pytest.mark.clause("QY.art23.1")
async def test_a_line_outside_the_catalogue_leaves_the_rest_payable(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """QY.art23.0: 300.00 + 300.00 with 100.00 outside the catalogue: (500.00 − 300.00) × 50 %."""
    await persons(conn, "S6")
    one = visit(50_000, 10_000)
    lines = (
        one.lines[0],
        one.lines[1].__class__(**{**fields(one.lines[1]), "item": "", "local_item": "营养品"}),
    )
    claim_id = await approved(conn, desk, application("S6", visit(50_000, 10_000, lines=lines)))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.payouts[0].total_fen, case.payouts[0].in_scope_fen, case.fund_fen) == (
        60_000,
        50_000,
        10_000,
    )


def fields(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}


@pytest.mark.clause("QY.art23.7")
async def test_what_the_review_takes_out_is_borne_by_the_member_and_said_why(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S7")
    out = Verdict("1-1", 20_000, "NOT_PAYABLE_BY_RULES", "美容项目")
    claim_id = await approved(conn, desk, application("S7", visit(60_000)), [out])
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.payouts[0].total_fen, case.payouts[0].in_scope_fen, case.fund_fen) == (60_000, 40_000, 5_000)
    names = await conn.fetch("SELECT name FROM settlement_v_line WHERE psn_no = 'S7' ORDER BY position")
    assert "审核剔除：美容项目" in names[1]["name"]


async def test_no_account_pays_a_manual_claim(conn: Conn, desk: Office, engine: Engine) -> None:
    await persons(conn, "S8", own_fen=100_000)
    claim_id = await approved(conn, desk, application("S8", visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = 'S8'") == 100_000


async def test_a_visit_that_was_refused_is_not_settled(conn: Conn, desk: Office, engine: Engine) -> None:
    await persons(conn, "S9")
    given = application("S9", visit(40_000, excluded="WORK_INJURY"), visit(60_000, number=2))
    claim_id = await approved(conn, desk, given)
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert [(payout.visit_no, payout.fund_fen) for payout in case.payouts] == [(2, 15_000)]


async def test_a_settled_claim_is_not_settled_again(conn: Conn, desk: Office, engine: Engine) -> None:
    await persons(conn, "S10")
    claim_id = await approved(conn, desk, application("S10", visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert refused(await settling.settle(conn, desk, engine, claim_id, SUN)) == "CLAIM_STATE"
    assert (await sums(conn, "S10"))[2] == 15_000


@pytest.mark.clause("SX2021-103.s2.5.i")
async def test_an_invoice_that_was_settled_at_the_counter_is_not_claimed_again(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S11", region=SHANXI)
    visit_id = await world.visit(conn, "S11", [world.fee(1, 10_000)])
    done(await engine.settle(world.settle_command("S11", visit_id, invoice_no="INV-S11")))
    later = taker("wang", world.AT)
    given = application("S11", visit(10_000, invoice_no="INV-S11"), place=Place(code=world.HOSPITAL))
    answer = await receiving.receive(conn, desk, given, PERSONAL, later)
    assert refused(answer) == "INVOICE_CLAIMED"


async def test_a_draft_settles_nothing_in_production(conn: Conn, desk: Office, filled: str) -> None:
    await persons(conn, "S12")
    claim_id = await approved(conn, desk, application("S12", visit(60_000)))
    strict = await world.open_engine(filled, worker=2)
    try:
        assert refused(await settling.settle(conn, desk, strict, claim_id, SUN)) == "LAW_DRAFT"
    finally:
        await strict.close()
    case = await selectors.case(conn, claim_id)
    assert case is not None
    assert (case.state, case.payouts, case.fund_fen) == ("approved", (), 0)
    assert case.steps[-1].content.refusal.code == "LAW_DRAFT"  # type: ignore[union-attr]
    assert await selectors.verify_differences(conn) == ()


class Interrupted(Exception):
    """What cut the program off."""


class Faulty:
    """An engine that fails at the visit with this number: raising, or answering ``refusal``."""

    def __init__(self, engine: Engine, visit_no: int, refusal: Refusal | None = None) -> None:
        self.reverse = engine.reverse
        self._engine, self._visit_no, self._refusal = engine, visit_no, refusal

    async def settle(self, command: SettleCommand) -> Answer:
        if command.msgid.endswith(f"-{self._visit_no}"):
            if self._refusal is None:
                raise Interrupted
            return self._refusal
        return await self._engine.settle(command)


async def test_an_interrupted_settlement_is_continued_and_nothing_is_paid_twice(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S13")
    claim_id = await approved(conn, desk, application("S13", visit(60_000), visit(10_000, number=2)))
    with pytest.raises(Interrupted):
        await settling.settle(conn, desk, Faulty(engine, 2), claim_id, SUN)  # type: ignore[arg-type]
    own = taker("S13", kind="member")
    assert refused(await services.withdraw(conn, desk, claim_id, own)) == "CLAIM_STATE"
    assert refused(await settling.settle(conn, desk, engine, claim_id, own)) == "FORBIDDEN"
    assert await conn.fetchval("SELECT count(*) FROM settlement_v_settlement WHERE psn_no = 'S13'") == 1
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert [payout.fund_fen for payout in case.payouts] == [15_000, 5_000]
    assert (await sums(conn, "S13"))[2] == 20_000
    assert await selectors.verify_differences(conn) == ()


async def test_a_visit_that_cannot_be_settled_undoes_the_others_of_its_claim(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S14")
    claim_id = await approved(conn, desk, application("S14", visit(60_000), visit(10_000, number=2)))
    faulty = Faulty(engine, 2, Refusal("PARAMETER_UNSPECIFIED"))
    assert refused(await settling.settle(conn, desk, faulty, claim_id, SUN)) == "PARAMETER_UNSPECIFIED"  # type: ignore[arg-type]
    assert await sums(conn, "S14") == (0, 0, 0)
    assert await selectors.verify_differences(conn) == ()
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert case.fund_fen == 20_000
    assert await selectors.verify_differences(conn) == ()


class Dying(Faulty):
    """An engine whose program dies right after it has reversed something."""

    def __init__(self, engine: Engine, visit_no: int, refusal: Refusal) -> None:
        super().__init__(engine, visit_no, refusal)
        self.reverse = self._reverse_and_die  # type: ignore[assignment]

    async def _reverse_and_die(self, command: ReverseCommand) -> Answer:
        await self._engine.reverse(command)
        raise Interrupted


async def test_what_was_undone_before_an_interruption_is_not_taken_for_settled(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S20")
    claim_id = await approved(conn, desk, application("S20", visit(60_000), visit(10_000, number=2)))
    with pytest.raises(Interrupted):
        await settling.settle(conn, desk, Dying(engine, 2, Refusal("PARAMETER_UNSPECIFIED")), claim_id, SUN)  # type: ignore[arg-type]
    assert refused(await settling.settle(conn, desk, engine, claim_id, SUN)) == "ALREADY_REVERSED"
    assert await sums(conn, "S20") == (0, 0, 0)
    assert await selectors.verify_differences(conn) == ()
    assert done(await settling.settle(conn, desk, engine, claim_id, SUN)).fund_fen == 20_000
    assert await selectors.verify_differences(conn) == ()


async def test_a_wrong_settlement_is_reversed_and_settled_again(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S15")
    claim_id = await approved(conn, desk, application("S15", visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    wrong = Verdict("1-1", 20_000, "OUT_OF_CATALOGUE", "保健品")
    assert refused(await services.correct(conn, desk, claim_id, LI, (wrong,), "")) == "MISSING_FIELD"
    assert state(await services.correct(conn, desk, claim_id, LI, (wrong,), "漏剔保健品")) == "reviewed"
    assert refused(await services.approve(conn, desk, claim_id, LI)) == "CLAIM_FOUR_EYES"
    done(await services.approve(conn, desk, claim_id, ZHAO))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.state, case.fund_fen, case.open_fen) == ("settled", 5_000, 5_000)
    assert len(case.steps[-1].content.reversals) == 1
    assert await sums(conn, "S15") == (30_000, 40_000, 5_000)
    assert await legs(conn, "S15") == {5101: 5_000, 2301: -5_000}
    assert await selectors.verify_differences(conn) == ()


async def test_what_could_not_be_settled_may_be_reviewed_again(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S16")
    claim_id = await approved(conn, desk, application("S16", visit(60_000)))
    faulty = Faulty(engine, 1, Refusal("PARAMETER_UNSPECIFIED"))
    assert refused(await settling.settle(conn, desk, faulty, claim_id, SUN)) == "PARAMETER_UNSPECIFIED"  # type: ignore[arg-type]
    assert state(await services.send_back(conn, desk, claim_id, ZHAO, "须补参数")) == "received"
    why = Refusal("NOT_PAYABLE_BY_RULES", "", "QY.art23.7")
    assert state(await services.refuse(conn, desk, claim_id, LI, why)) == "refused"
    assert await selectors.verify_differences(conn) == ()


async def test_a_correction_that_cannot_be_settled_leaves_the_money_to_be_cleared_up(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """The old settlement is undone, the payment stands: the claim can be neither refused nor withdrawn, only settled anew."""
    await persons(conn, "S17")
    claim_id = await approved(conn, desk, application("S17", visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    done(await paying.pay(conn, desk, claim_id, SUN, "B17", RECEIVED_ON))
    done(await services.correct(conn, desk, claim_id, LI, (), "复核"))
    done(await services.approve(conn, desk, claim_id, ZHAO))
    faulty = Faulty(engine, 1, Refusal("PARAMETER_UNSPECIFIED"))
    assert refused(await settling.settle(conn, desk, faulty, claim_id, SUN)) == "PARAMETER_UNSPECIFIED"  # type: ignore[arg-type]
    assert refused(await services.withdraw(conn, desk, claim_id, SUN)) == "CLAIM_STATE"
    case = await selectors.case(conn, claim_id)
    assert case is not None
    assert (case.state, case.fund_fen, case.open_fen) == ("approved", 0, -15_000)
    assert state(await services.send_back(conn, desk, claim_id, ZHAO, "须补参数")) == "received"
    assert refused(
        await services.refuse(conn, desk, claim_id, LI, Refusal("INVOICE_FALSE", "", "QY.art23.7"))
    ) == ("CLAIM_STATE")
    done(await services.review(conn, desk, claim_id, LI))
    done(await services.approve(conn, desk, claim_id, ZHAO))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.fund_fen, case.open_fen) == (15_000, 0)
    assert state(await paying.close(conn, desk, claim_id, SUN)) == "closed"
    assert await selectors.verify_differences(conn) == ()


@pytest.mark.clause("SX2021-103.s2.5.i")
async def test_an_invoice_that_is_settled_at_the_counter_meanwhile_is_not_paid_twice(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S18", region=SHANXI)
    near = Place(code=world.HOSPITAL)
    given = application("S18", visit(10_000, invoice_no="INV-S18"), place=near)
    claim_id = await approved(conn, desk, given)
    visit_id = await world.visit(conn, "S18", [world.fee(1, 10_000)])
    done(await engine.settle(world.settle_command("S18", visit_id, invoice_no="INV-S18")))
    assert refused(await settling.settle(conn, desk, engine, claim_id, SUN)) == "INVOICE_CLAIMED"


@pytest.mark.clause("SX2021-103.s2.5.i")
async def test_an_invoice_that_a_claim_has_paid_is_not_settled_at_the_counter_afterwards(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S18C", region=SHANXI)
    given = application("S18C", visit(10_000, invoice_no="INV-S18C"), place=Place(code=world.HOSPITAL))
    claim_id = await approved(conn, desk, given)
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    visit_id = await world.visit(conn, "S18C", [world.fee(1, 10_000)])
    again = await engine.settle(world.settle_command("S18C", visit_id, invoice_no="ｉｎｖ-S18C "))
    assert refused(again) == "INVOICE_CLAIMED"
    other = await engine.settle(world.settle_command("S18C", visit_id, invoice_no="INV-S18D"))
    assert not isinstance(other, Refusal)


@pytest.mark.clause("QY.art23.6")
async def test_an_emergency_that_the_counter_refused_may_still_be_claimed(conn: Conn, filled: str) -> None:
    """Decision A26: 500.00 at a place of level 2 that is not designated; the counter let the member pay, the claim pays 120.00."""
    await persons(conn, "S18E")
    code = await places.add_hospital(
        conn, "H62100099901", QINGYANG, level="2", designated=False, direct_settlement=False
    )
    desk = await office(conn)
    visit_id = await world.visit(conn, "S18E", [world.fee(1, 50_000)], caller=code, on=SERVICE_ON)
    command = world.settle_command(
        "S18E", visit_id, caller=code, invoice_no="INV-S18E", extra={"emergency": "yes"}
    )
    fresh = await world.open_engine(filled, worker=3, allow_draft=True)
    done(await fresh.settle(command))
    given = application(
        "S18E",
        visit(50_000, invoice_no="INV-S18E", emergency=True),
        place=Place(code=code),
        documents=(*DOCUMENTS, "emergency_certificate"),
    )
    claim_id = await approved(conn, desk, given)
    assert done(await settling.settle(conn, desk, fresh, claim_id, SUN)).fund_fen == 12_000
    await fresh.close()


async def test_a_claim_is_replayed_like_any_other_settlement(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "S19")
    claim_id = await approved(
        conn, desk, application("S19", visit(60_000, 12_345)), [Verdict("1-2", 345, "RESTRICTED")]
    )
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    report = await verify(conn, {desk.law.digest: desk.law})
    assert [difference for difference in report.differences if difference.psn_no == "S19"] == []
    assert [row.name for row in report.trial if not row.balanced] == []


async def test_a_chronic_disease_is_paid_from_its_quota_first(conn: Conn, desk: Office, filled: str) -> None:
    """Quota 40.00 at 80 % takes 50.00 of 150.00; the rest is pooled: (100.00 − 30.00) × 65 % = 45.50 (G083)."""
    await persons(conn, "S21", region=SHANXI)
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, quota_fen) "
        "VALUES ('S21', $1, '2020-01-01', 'M03900', '高血压', 4000)",
        world.new_id(),
    )
    law = compile_law(load_library(overlay=DEMO_OVERLAY))
    chronic = visit(15_000, med_type="14", disease_code="M03900")
    given = application("S21", chronic, place=Place(code=world.HOSPITAL))
    demo = msgspec.structs.replace(desk, law=law)
    claim_id = await approved(conn, demo, given)
    engine = await world.open_engine(filled, worker=3, law=law)
    try:
        case = done(await settling.settle(conn, demo, engine, claim_id, SUN))
    finally:
        await engine.close()
    assert case.fund_fen == 4_000 + 4_550
    assert await legs(conn, "S21") == {5101: 4_550, 5102: 4_000, 2301: -8_550}
    assert await selectors.verify_differences(conn) == ()
