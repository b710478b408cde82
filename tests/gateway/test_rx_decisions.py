"""Decisions on prescriptions over the interface: a restricted drug at the pharmacy (A37), an issuer that stops (A36), a hospital
whose class changes during a visit (A30), who stands at the counter.
"""

from __future__ import annotations

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller
from tests.gateway.rx_regions import amounts, bought, changed, stopped, taken

PHARMACY = world.PHARMACY
CHANGING = "H14083000077"
"""Of the second class to 15 August 2024, of the third from the day after."""


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


@pytest.mark.clause("SX2022-27.art17.c")
@pytest.mark.parametrize(
    ("approval", "words", "expected"),
    [
        ("1", {"extras": {"lmtCnfmDscr": "已确诊"}}, (30, "42.25")),
        ("0", {}, (0, "0")),
        ("2", {"selfPayRea": "自费"}, (0, "0")),
    ],
    ids=["confirmed", "nobody confirmed", "self-paid"],
)
async def test_the_pharmacy_pays_a_restricted_drug_as_the_doctor_has_confirmed_it(
    caller: Caller, approval: str, words: dict[str, object], expected: tuple[int, str]
) -> None:
    """乙类 100.00, 5 % paid first: (95.00 - 30.00) x 65 %; not confirmed it is full self-pay (decision A37)."""
    drugs = [rx.drug(world.RESTRICTED, hospApprFlag=approval, **words)]
    one = await taken(await rx.circulating(caller, drugs=drugs))
    info = (await caller.output("2102", bought(one, "100.00", world.RESTRICTED), caller=PHARMACY))["setlinfo"]
    deductible, pool = amounts(info)
    assert (int(deductible), float(pool)) == (expected[0], float(expected[1]))


@pytest.mark.clause("SX2022-27.art10.b")
async def test_a_prescription_outlives_the_agreement_of_its_issuer(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    """Issued the day before the hospital's agreement ends, bought the day after (decision A36): (50.00 - 30.00) x 65 %."""
    one = await rx.circulating(caller)
    async with stopped(platform, world.HOSPITAL):
        clock.wait(days=1)
        await taken(one)
        info = (await caller.output("2102", bought(one, "50.00"), caller=PHARMACY))["setlinfo"]
        assert amounts(info) == (30, 13)
        late = await rx.visited(caller)
        assert "NOT_" in await caller.refused("7101", rx.sheet(late.psn_no, late.mdtrt_id, late.at))


@pytest.mark.parametrize(("begun", "expected"), [("2024-08-15", (50, 30)), ("2024-08-16", (30, 45.5))])
async def test_a_visit_keeps_the_class_of_its_first_day(
    caller: Caller, platform: Platform, clock: rx_world.Clock, begun: str, expected: tuple[float, float]
) -> None:
    """A fee of 16 August of a visit that began the day before: (100.00 - 50.00) x 60 %; of one of that day
    (100.00 - 30.00) x 65 % (decision A30)."""
    code = f"{CHANGING[:-2]}{begun[-2:]}"
    async with platform.pool.acquire() as conn:
        await world.add_institution(conn, code, "测试变类医院", "hospital", "2")
    await changed(platform, code, pooled=True)
    clock.wait(days=1, hours=2)
    psn_no = await messages.somebody(caller)
    mdtrt_id = await messages.visit(caller, psn_no, code=code, begntime=f"{begun} 09:00:00")
    row = messages.line(
        psn_no, mdtrt_id, "B1", fee_ocur_time="2024-08-16 10:00:00", med_list_codg=world.SERVICE,
        det_item_fee_sumamt="100.00", pric="100.00", cnt=1,
    )  # fmt: skip
    await caller.output("2204", {"feedetail": [row]}, caller=code)
    asked = messages.settlement(psn_no, mdtrt_id, "B1", "100.00", acct_used_flag="0")
    deductible, pool = amounts((await caller.output("2207", asked, caller=code))["setlinfo"])
    assert (float(deductible), float(pool)) == expected


@pytest.mark.clause("SX2022-27.art12.c")
async def test_the_pharmacy_settles_nothing_on_another_persons_voucher(caller: Caller) -> None:
    one = await taken(await rx.circulating(caller))
    nodes = bought(one, "50.00", **messages.voucher(world.RETIRED))
    assert "VOUCHER_MISMATCH" in await caller.refused("2102", nodes, caller=PHARMACY)


@pytest.mark.clause("SX2022-27.art7", "SX2022-27.art12.a")
async def test_an_identity_card_identifies_and_opens_no_pooled_fund_at_the_pharmacy(caller: Caller) -> None:
    one = await taken(await rx.circulating(caller))
    shown = {"mdtrt_cert_type": "02", "mdtrt_cert_no": world.certno_of(one.psn_no)}
    answer = (await caller.output("2102", bought(one, "50.00", **shown), caller=PHARMACY))["setlinfo"]
    assert amounts(answer) == (0, 0)
