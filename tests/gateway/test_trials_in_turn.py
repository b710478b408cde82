"""What a visit would charge and what a pharmacy would charge on its prescription, estimated together before either exists, is
to the fen what is settled in that order."""

from typing import Any

from gongji.gateway.platform import Platform
from gongji.kernel import layout
from gongji.settlement.commands import Settled
from gongji.settlement.trials import Trial, TrialLine, Within, trials_in_turn
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family
from tests.gateway.test_trials import GOODS, ON, agree, lines_of


async def in_turn(platform: Platform, *asked: Trial) -> list[Any]:
    async with platform.pool.acquire() as connection:
        return await trials_in_turn(connection, platform.inputs, platform.law, asked, platform.now())


def trial(platform: Platform, psn_no: str, code: str, lines: tuple[TrialLine, ...], **more: Any) -> Trial:
    provider = platform.provider(code)
    assert provider is not None
    given = {"med_type": "41" if code == world.PHARMACY else "11", **more}
    return Trial(psn_no=psn_no, on=ON, place=provider.on(ON), lines=lines, **given)


async def test_hospital_first_and_pharmacy_after_are_estimated_as_they_are_settled(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    mdtrt_id, rx_no, batch = await messages.visit(caller, psn_no), fresh("RX"), fresh("B")
    within = Within(world.HOSPITAL, int(mdtrt_id), int(mdtrt_id), ON)
    here = trial(platform, psn_no, world.HOSPITAL, lines_of(GOODS["mixed"]), within=within)
    away = trial(
        platform,
        psn_no,
        world.PHARMACY,
        lines_of([(world.DRUG_A, "50.00", 1)]),
        within=within,
        prescribed=True,
    )
    first, second = await in_turn(platform, here, away)
    rows = [
        messages.line(
            psn_no, mdtrt_id, batch, med_list_codg=item, pric=price, cnt=count,
            det_item_fee_sumamt=str(float(price) * count),
        )
        for item, price, count in GOODS["mixed"]
    ]  # fmt: skip
    prescribed = messages.line(
        psn_no, mdtrt_id, fresh("B"), rxno=rx_no, rx_circ_flag="1", det_item_fee_sumamt="0", pric="0"
    )
    await caller.output("2204", {"feedetail": [*rows, prescribed]})
    answer = await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "72.77"))
    agree(first, answer["setlinfo"])
    asked = messages.purchase(psn_no, "50.00", [messages.drug(rxno=rx_no)])
    agree(second, (await caller.output("2101", asked, caller=world.PHARMACY))["setlinfo"])
    assert second.outcome.waterfall[layout.W_DEDUCTIBLE_FEN] < second.outcome.waterfall[layout.W_TOTAL_FEN]


async def test_the_account_is_spent_once(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller, own_fen=10_00)
    one = trial(platform, psn_no, world.HOSPITAL, lines_of(GOODS["in scope"]))
    first, second = await in_turn(platform, one, one)
    assert isinstance(first, Settled)
    assert isinstance(second, Settled)
    assert first.outcome.waterfall[layout.W_ACCOUNT_FEN] == 10_00
    assert second.outcome.waterfall[layout.W_ACCOUNT_FEN] == 0
