"""Manual claims (零星报销) in the engine: calculated and summed up as at the counter, but the member is owed the fund's part."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.encounters.values import FeeLine, Registration
from gongji.policy import overridden
from gongji.project.statement import statement
from gongji.providers.values import ProviderDay
from gongji.settlement import selectors
from gongji.settlement.commands import Claim, SettleCommand
from gongji.settlement.verify import verify
from tests.pg import places, world

AGENCY = "agency"
STRANGER = "H62010000009"


def place(region: str = places.LANZHOU, level: str = "3", **changes: Any) -> ProviderDay:
    values: dict[str, Any] = {
        "code": STRANGER, "name": "某医院", "region": region, "kind": "hospital", "hosp_lv": "", "designated": True,
        "pooled_agreement": True, "fee_class": "", "level": level, "direct_settlement": False,
    }  # fmt: skip
    return ProviderDay(**(values | changes))


def claim_command(
    psn_no: str, *lines: FeeLine, at: ProviderDay | None = None, on: date = places.MAY, **attributes: str
) -> SettleCommand:
    claim_id, msgid = world.new_id(), world.number()
    registration = Registration(
        psn_no=psn_no, caller=AGENCY, ipt_otp_no=msgid, insutype="310", voucher_type="01", begun_at=world.AT,
        service_on=on,
    )  # fmt: skip
    return world.settle_command(
        psn_no,
        0,
        caller=AGENCY,
        infno="claim",
        msgid=msgid,
        batch_no="",
        claim=Claim(claim_id, registration, lines, at or place(), "", attributes),
    )


async def stored(conn: Any, answer: Any) -> Any:
    return await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", world.done(answer).settlement_id
    )


async def open_engine(dsn: str, **options: Any) -> Any:
    return await world.open_engine(dsn, allow_draft=True, **options)


@pytest.mark.clause("QY.art22.2a")
async def test_a_claim_owes_the_member_the_funds_part_and_the_institution_nothing(
    built: str, conn: Any
) -> None:
    """G104: (600.00 - 300.00) x 50 %; accounts are left alone."""
    await world.add_persons(conn, ["CL1"], region=places.QINGYANG, own_fen=50_000)
    engine = await open_engine(built)
    row = await stored(conn, await engine.settle(claim_command("CL1", world.fee(1, 60_000))))
    assert (row["deductible_fen"], row["pool_fen"], row["account_fen"]) == (30_000, 15_000, 0)
    assert (row["claim"], row["provider"], row["caller"], row["cash_fen"]) == (True, STRANGER, AGENCY, 45_000)
    assert await places.legs(conn, row["settlement_id"]) == [(5101, "", 15_000), (2301, "CL1", -15_000)]
    assert (await selectors.year(conn, "CL1", 2023)).sums("ordinary") == (30_000, 60_000, 15_000)
    await engine.close()


async def test_a_claim_is_settled_once_and_can_be_reversed_by_the_agency_alone(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CL2"], region=places.QINGYANG)
    engine = await open_engine(built)
    command = claim_command("CL2", world.fee(1, 60_000))
    done = world.done(await engine.settle(command))
    assert world.done(await engine.settle(command)).repeated
    again = world.settle_command(
        "CL2", 0, caller=AGENCY, infno="claim", msgid=world.number(), claim=command.claim, batch_no=""
    )
    assert world.refused(await engine.settle(again)) == "BATCH_SETTLED"
    reverse = world.reverse_command("CL2", done.settlement_id, caller=STRANGER)
    assert world.refused(await engine.reverse(reverse)) == "SETTLEMENT_NOT_FOUND"
    back = world.done(
        await engine.reverse(
            world.reverse_command("CL2", done.settlement_id, caller=AGENCY, infno="claim-back")
        )
    )
    assert await places.legs(conn, back.settlement_id) == [(5101, "", -15_000), (2301, "CL2", 15_000)]
    assert (await selectors.year(conn, "CL2", 2023)).sums("ordinary") == (0, 0, 0)
    assert world.done(await engine.settle(again)).settlement_id > back.settlement_id
    await engine.close()


async def test_an_institution_does_not_see_claims_for_care_that_it_gave(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CL3"], region=places.QINGYANG)
    engine = await open_engine(built)
    world.done(await engine.settle(claim_command("CL3", world.fee(1, 60_000))))
    laws = {world.law().digest: world.law()}
    assert await selectors.settlements(conn, "CL3", laws, provider=STRANGER) == []
    assert [entry.settled.claim for entry in await selectors.settlements(conn, "CL3", laws)] == [True]
    await engine.close()


async def test_a_claim_is_explained_as_one_and_no_account_stands_in_its_formulas(
    built: str, conn: Any
) -> None:
    await world.add_persons(conn, ["CL3B"], region=places.QINGYANG, own_fen=10_000)
    engine = await open_engine(built)
    settled = world.done(await engine.settle(claim_command("CL3B", world.fee(1, 60_000)))).settlement_id
    await engine.close()
    laws = {world.law().digest: world.law()}
    member = await statement(conn, laws, "CL3B", settled, "member") or ""
    assert "医保基金支付 150.00 元（零星报销，付给您本人），个人负担 450.00 元" in member
    agency = await statement(conn, laws, "CL3B", settled, "agency") or ""
    assert "结算方式：零星报销" in agency
    assert "min(450.00, 0.00) = 0.00" in agency


@pytest.mark.clause("QY.art23.2")
async def test_a_work_injury_is_not_the_funds_to_pay(built: str, conn: Any) -> None:
    """G105: everything is the member's, nothing accumulates, nothing is owed."""
    await world.add_persons(conn, ["CL4"], region=places.QINGYANG)
    engine = await open_engine(built)
    command = claim_command("CL4", world.fee(1, 40_000), at=place(level="2"), excluded="WORK_INJURY")
    row = await stored(conn, await engine.settle(command))
    assert (row["refusal"], row["full_selfpay_fen"], row["pool_fen"]) == ("WORK_INJURY", 40_000, 0)
    assert await places.legs(conn, row["settlement_id"]) == []
    assert (await selectors.year(conn, "CL4", 2023)).sums("ordinary") == (0, 0, 0)
    await engine.close()


@pytest.mark.clause("QY.art22.2b")
async def test_a_bill_that_could_have_been_settled_directly_is_not_taken(built: str, conn: Any) -> None:
    """Decision A33: the place's own record tells it; a documented failure of the system is what the claim states."""
    await world.add_persons(conn, ["CL5"], region=places.QINGYANG)
    engine = await open_engine(built)
    direct = place(direct_settlement=True)
    refused = world.seen(await engine.preview(claim_command("CL5", world.fee(1, 60_000), at=direct)))
    assert refused.outcome.refusal is not None
    assert refused.outcome.refusal.code == "DIRECT_SETTLEMENT_AVAILABLE"
    failed = claim_command("CL5", world.fee(1, 60_000), at=direct, direct_settlement="no")
    assert world.seen(await engine.preview(failed)).outcome.refusal is None
    await engine.close()


@pytest.mark.clause("QY.art23.6")
@pytest.mark.parametrize("level", ["2", ""])
async def test_an_emergency_anywhere_is_paid_in_qingyang_by_the_level_known_or_as_level_two(
    built: str, conn: Any, level: str
) -> None:
    """G102: (500.00 - 300.00) x 60 % at an institution that is not designated (A26)."""
    psn_no = f"CL6{level}"
    await world.add_persons(conn, [psn_no], region=places.QINGYANG)
    engine = await open_engine(built)
    at = place(designated=False, pooled_agreement=False, level=level)
    command = claim_command(psn_no, world.fee(1, 50_000), at=at, emergency="yes")
    assert (await stored(conn, await engine.settle(command)))["pool_fen"] == 12_000
    await engine.close()


@pytest.mark.clause("SX2022-27.art26.1a")
async def test_shanxi_knows_no_exception_for_emergencies(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CL7"])
    engine = await world.open_engine(built)
    at = place(region=world.REGION, designated=False, pooled_agreement=False, fee_class="3")
    command = claim_command("CL7", world.fee(1, 50_000), at=at, on=world.DAY, emergency="yes")
    row = await stored(conn, await engine.settle(command))
    assert (row["refusal"], row["pool_fen"]) == ("NOT_DESIGNATED", 0)
    await engine.close()


@pytest.mark.clause("SX2022-27.art26.5a")
async def test_back_payment_reopens_a_month_only_for_claims_and_only_where_the_region_says_so(
    built: str, conn: Any
) -> None:
    """Decision A22: July was paid in August. Zero months in Shanxi; where it were two, only by a manual claim."""
    await world.add_persons(conn, ["CL8"])
    await conn.execute(
        "INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, "
        "paid_on, kind, import_id, line_no, recorded_at, actor) VALUES ('CL8', '2024-07-01', '某厂', 1, 500000, 10000, 30000, "
        "'2024-07-15', '2024-08-10', 'back_payment', $1, 1, $2, 'agency:x')",
        world.new_id(),
        world.AT,
    )
    july = date(2024, 7, 20)
    home = place(region=world.REGION, fee_class="3", level="1")
    strict = await world.open_engine(built)
    command = claim_command("CL8", world.fee(1, 10_000), at=home, on=july)
    assert world.seen(await strict.preview(command)).outcome.refusal is not None
    await strict.close()
    law = overridden(world.law(), "14", {"arrears.retroactive_months": 2})
    engine = await world.open_engine(built, law=law)
    assert (await stored(conn, await engine.settle(command)))["pool_fen"] == 4_550
    visit_id = await world.visit(conn, "CL8", [world.fee(2, 10_000)], on=july)
    row = await stored(conn, await engine.settle(world.settle_command("CL8", visit_id)))
    assert (row["refusal"], row["pool_fen"]) == ("ARREARS", 0)
    await engine.close()
    report = await verify(conn, {by.digest: by for by in (law, world.law())})
    assert report.clean, report
    claim = next(row for row in report.trial if row.name == "claim")
    assert claim.settlements_fen == claim.journal_fen > 0
