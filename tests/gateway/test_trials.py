"""An estimate of care that has not happened is, to the fen, what pre-settlement says of the same care when it has."""

from datetime import date
from typing import Any

import pytest

from gongji.base.money import format_yuan, line_fen
from gongji.base.reasons import Refusal
from gongji.catalog.values import Item
from gongji.gateway.platform import Platform
from gongji.kernel import layout
from gongji.settlement.commands import Settled
from gongji.settlement.trials import Trial, TrialLine, trials
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family, row_counts, yuan

ON = date(2024, 8, 15)
SHOWN = {
    "fulamt_ownpay_amt": layout.W_FULL_SELFPAY_FEN,
    "overlmt_selfpay": layout.W_OVER_LIMIT_FEN,
    "preselfpay_amt": layout.W_PREPAY_FEN,
    "act_pay_dedc": layout.W_DEDUCTIBLE_FEN,
    "hifp_pay": layout.W_POOL_PAY_FEN,
    "acct_mulaid_pay": layout.W_MUTUAL_FEN,
    "psn_cash_pay": layout.W_CASH_FEN,
}
GOODS = {
    "in scope": [(world.DRUG_A, "100.00", 1)],
    "mixed": [(world.DRUG_A, "40.00", 1), (world.DRUG_B, "12.50", 2), (world.SELF_PAY, "7.77", 1)],
    "restricted": [(world.RESTRICTED, "30.00", 1), (world.SERVICE, "20.00", 1)],
    "unknown": [(world.UNKNOWN_ITEM, "30.00", 1), (world.DRUG_A, "80.00", 2)],
    "dear": [(world.DRUG_A, "9000.00", 1)],
}


def lines_of(goods: list[tuple[str, str, int]]) -> tuple[TrialLine, ...]:
    return tuple(
        TrialLine(code, micro(price) * count // 10_000, micro(price), count * 10_000)
        for code, price, count in goods
    )


def micro(price: str) -> int:
    whole, cents = price.split(".")
    return (int(whole) * 100 + int(cents)) * 10_000


async def tried(platform: Platform, psn_no: str, code: str, **given: Any) -> Settled | Refusal:
    provider = platform.provider(code)
    assert provider is not None
    given = {"on": ON, "med_type": "11", **given}
    asked = Trial(psn_no=psn_no, place=provider.on(given["on"]), **given)
    async with platform.pool.acquire() as connection:
        (found,) = await trials(connection, platform.inputs, platform.law, [asked], platform.now())
    return found


def agree(found: Settled | Refusal, info: dict[str, Any]) -> None:
    assert isinstance(found, Settled)
    water = found.outcome.waterfall
    assert {name: format_yuan(water[at]) for name, at in SHOWN.items()} == {
        name: f"{yuan(info[name] or 0):.2f}" for name in SHOWN
    }
    assert (
        format_yuan(water[layout.W_ACCOUNT_FEN] + water[layout.W_MUTUAL_FEN])
        == f"{yuan(info['acct_pay']):.2f}"
    )


@pytest.mark.parametrize("goods", GOODS.values(), ids=GOODS)
@pytest.mark.parametrize("code", [world.HOSPITAL, world.OTHER_HOSPITAL, world.UNPOOLED_HOSPITAL])
async def test_an_estimate_at_a_hospital_equals_its_presettlement(
    caller: Caller, platform: Platform, code: str, goods: list[tuple[str, str, int]]
) -> None:
    psn_no = await family(platform)
    lines = lines_of(goods)
    rows = [
        {"med_list_codg": item, "pric": price, "cnt": count, "det_item_fee_sumamt": format_yuan(line.amount_fen)}
        for (item, price, count), line in zip(goods, lines, strict=True)
    ]  # fmt: skip
    total = format_yuan(sum(line.amount_fen for line in lines))
    mdtrt_id, batch = await messages.charged(caller, psn_no, code=code, lines=rows)
    answer = await caller.output("2206", messages.settlement(psn_no, mdtrt_id, batch, total), caller=code)
    agree(await tried(platform, psn_no, code, lines=lines), answer["setlinfo"])


async def test_an_estimate_stands_on_what_the_year_has_used(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller, status="retired", own_fen=1_000_00)
    for _ in range(12):
        mdtrt_id, batch = await messages.charged(caller, psn_no)
        await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"))
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    answer = await caller.output("2206", messages.settlement(psn_no, mdtrt_id, batch, "100.00"))
    found = await tried(platform, psn_no, world.HOSPITAL, lines=lines_of(GOODS["in scope"]))
    agree(found, answer["setlinfo"])
    assert yuan(answer["setlinfo"]["act_pay_dedc"]) == 0


@pytest.mark.parametrize("goods", [GOODS["in scope"], GOODS["mixed"]])
async def test_an_estimate_at_a_pharmacy_without_prescription_equals_its_presettlement(
    caller: Caller, platform: Platform, goods: list[tuple[str, str, int]]
) -> None:
    psn_no = await family(platform)
    lines = lines_of(goods)
    rows = [
        messages.drug(
            med_list_codg=item, pric=price, cnt=count, det_item_fee_sumamt=format_yuan(line.amount_fen)
        )
        for (item, price, count), line in zip(goods, lines, strict=True)
    ]
    total = format_yuan(sum(line.amount_fen for line in lines))
    answer = await caller.output("2101", messages.purchase(psn_no, total, rows), caller=world.PHARMACY)
    agree(await tried(platform, psn_no, world.PHARMACY, lines=lines, med_type="41"), answer["setlinfo"])


async def test_a_prescription_still_to_be_written_is_paid_like_one_of_a_visit_without_fees(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    mdtrt_id, rx_no = await messages.visit(caller, psn_no), fresh("RX")
    row = messages.line(
        psn_no, mdtrt_id, fresh("B"), rxno=rx_no, rx_circ_flag="1", det_item_fee_sumamt="0", pric="0"
    )
    await caller.output("2204", {"feedetail": [row]})
    asked = messages.purchase(psn_no, "50.00", [messages.drug(rxno=rx_no)])
    answer = await caller.output("2101", asked, caller=world.PHARMACY)
    lines = lines_of([(world.DRUG_A, "50.00", 1)])
    found = await tried(platform, psn_no, world.PHARMACY, lines=lines, med_type="41", prescribed=True)
    agree(found, answer["setlinfo"])
    assert yuan(answer["setlinfo"]["hifp_pay"]) == 13


async def test_a_prescription_that_a_hospital_uploaded_is_estimated_like_its_sale(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    mdtrt_id, rx_no = await messages.visit(caller, psn_no), fresh("RX")
    row = messages.line(
        psn_no, mdtrt_id, fresh("B"), rxno=rx_no, rx_circ_flag="1", det_item_fee_sumamt="0", pric="0"
    )
    await caller.output("2204", {"feedetail": [row]})
    asked = messages.purchase(psn_no, "50.00", [messages.drug(rxno=rx_no)])
    answer = await caller.output("2101", asked, caller=world.PHARMACY)
    lines = lines_of([(world.DRUG_A, "50.00", 1)])
    given = {"lines": lines, "med_type": "41", "rx_no": rx_no, "prescribed": True}
    agree(await tried(platform, psn_no, world.PHARMACY, **given), answer["setlinfo"])
    nobody = await tried(platform, await family(platform), world.PHARMACY, **given)
    assert isinstance(nobody, Settled)
    assert nobody.outcome.waterfall[layout.W_POOL_PAY_FEN] == 0, "another member's number is no prescription"


async def test_an_amount_of_a_category_is_treated_like_an_item_of_it(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    item = platform.catalogue.get(world.DRUG_B, ON, world.REGION)
    assert item is not None
    plain = Item(
        "",
        "乙类药品",
        "drug",
        "",
        "02",
        "",
        "",
        "",
        "",
        "",
        None,
        False,
        "",
        True,
        False,
        False,
        False,
        False,
    )
    rows = [{"med_list_codg": world.DRUG_B, "pric": "9.99", "cnt": 1, "det_item_fee_sumamt": "9.99"}]
    mdtrt_id, batch = await messages.charged(caller, psn_no, lines=rows)
    answer = await caller.output("2206", messages.settlement(psn_no, mdtrt_id, batch, "9.99"))
    line = TrialLine("", line_fen(9_990_000, 10_000), 9_990_000, 10_000, plain)
    agree(await tried(platform, psn_no, world.HOSPITAL, lines=(line,)), answer["setlinfo"])


async def test_an_estimate_writes_nothing(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    before = await row_counts(platform)
    assert isinstance(await tried(platform, psn_no, world.HOSPITAL, lines=lines_of(GOODS["mixed"])), Settled)
    assert await row_counts(platform) == before


async def test_a_day_without_law_is_refused_and_not_guessed(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    lines = lines_of(GOODS["in scope"])
    found = await tried(platform, psn_no, world.HOSPITAL, lines=lines, on=date(2039, 1, 1))
    assert isinstance(found, Refusal)
    assert found.code == "NO_ACTIVE_PARAMETER_VERSION"


class TestOnAPrescriptionOfTheCentre:
    """What the member has in hand already: the visit that prescribed has had its deductible."""

    @pytest.fixture
    def now(self) -> rx_world.Clock:
        return rx_world.Clock()

    async def test_the_estimate_is_the_presettlement_of_the_pharmacy_that_will_hold_it(
        self, caller: Caller, platform: Platform
    ) -> None:
        one = await rx.approved(caller)
        at = rx_world.text(one.now)
        row = messages.drug(rxno=one.no, fee_ocur_time=at)
        asked = messages.purchase(one.psn_no, "50.00", [row], begntime=at)
        answer = await caller.output("2101", asked, caller=world.PHARMACY)
        found = await tried(
            platform, one.psn_no, world.PHARMACY, lines=lines_of([(world.DRUG_A, "50.00", 1)]),
            med_type="41", rx_no=one.no, on=one.now.date(),
        )  # fmt: skip
        agree(found, answer["setlinfo"])

    async def test_it_may_be_asked_before_any_pharmacy_holds_it(
        self, caller: Caller, platform: Platform
    ) -> None:
        one = await rx.circulating(caller)
        found = await tried(
            platform, one.psn_no, world.PHARMACY, lines=lines_of([(world.DRUG_A, "50.00", 1)]),
            med_type="41", rx_no=one.no, on=one.now.date(),
        )  # fmt: skip
        assert isinstance(found, Settled)
        assert found.outcome.waterfall[layout.W_POOL_PAY_FEN] == 13_00

    async def test_a_drug_that_has_been_taken_is_on_it_no_more(
        self, caller: Caller, platform: Platform
    ) -> None:
        one = await rx.approved(caller)
        at = rx_world.text(one.now)
        sold = messages.purchase(
            one.psn_no, "50.00", [messages.drug(rxno=one.no, fee_ocur_time=at)], begntime=at
        )
        await caller.output("2102", sold, caller=world.PHARMACY)
        found = await tried(
            platform, one.psn_no, world.PHARMACY, lines=lines_of([(world.DRUG_A, "50.00", 1)]),
            med_type="41", rx_no=one.no, on=one.now.date(),
        )  # fmt: skip
        assert isinstance(found, Settled)
        assert found.outcome.waterfall[layout.W_POOL_PAY_FEN] == 0
