"""An agreement suspended or ended while people are at work: what was shown before is not paid, and the fund pays nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gongji.base.times import day_in_china
from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.cashier.test_visit import CLINIC, CONSULTATION, ECG, at_counter, treated
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import prices, ready
from tests.web.asgi import Browser

UNTIL = "UPDATE providers_state SET until_on = $2 WHERE code = $1"
AFTER = (
    "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, direct_settlement,"
    " suspended, ended, host) SELECT code, 99, $2, false, false, fee_class, level, true, $3, NOT $3, '' FROM providers_state"
    " WHERE code = $1 AND state_no <> 99 LIMIT 1"
)
AGAIN = "DELETE FROM providers_state WHERE code = $1 AND state_no = 99"
SETTLED = "SELECT count(*) FROM settlement_fact WHERE psn_no = $1"


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


@asynccontextmanager
async def without_agreement(counter: Counter, code: str, *, suspended: bool) -> AsyncIterator[None]:
    """From today on the institution has no agreement, and this worker knows it; afterwards all is as it was."""
    conn, platform = counter.hands.conn, counter.hands.platform
    today = day_in_china(platform.now())

    async def known(designated: bool) -> None:
        provider = platform.provider(code)
        while provider is None or provider.on(today).designated is not designated:
            await asyncio.sleep(0.05)
            provider = platform.provider(code)

    await conn.execute(UNTIL, code, today.replace(year=today.year - 1))
    await conn.execute(AFTER, code, today, suspended)
    await known(False)
    yield
    await conn.execute(AGAIN, code)
    await conn.execute(UNTIL, code, None)
    await known(True)


WAYS = pytest.mark.parametrize("suspended", [True, False], ids=["suspended", "terminated"])


@WAYS
async def test_a_visit_that_was_pre_settled_before_has_to_be_shown_again_and_the_fund_pays_nothing(
    browser: Browser, counter: Counter, suspended: bool
) -> None:
    desk, member = await at_counter(browser, counter), counter.member()
    await treated(counter, member, CONSULTATION, *[ECG] * 4)  # more than one deductible: the fund pays of it
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    async with without_agreement(counter, counter.place(CLINIC).code, suspended=suspended):
        refused = await desk.settle(page, cash="1000")
        assert "PRESETTLE_CHANGED" in c.told(refused.text)
        assert await counter.hands.conn.fetchval(SETTLED, member.psn_no) == 0
        page = await desk.do("preview")
        assert ("PROVIDER_SUSPENDED" if suspended else "PROVIDER_TERMINATED") in page
        number = c.settlement_of(await desk.settle(page, cash="1000"))
        assert (await c.row_of(counter.hands.conn, number))["pool_fen"] == 0


@WAYS
async def test_a_sale_that_was_pre_settled_before_has_to_be_shown_again_and_the_fund_pays_nothing(
    browser: Browser, counter: Counter, suspended: bool
) -> None:
    shop = counter.place(c.PHARMACY)
    till = await c.at_till(browser, shop)
    await till.do("drop")
    page, rx_no = await ready(till, counter, c.AMLODIPINE, packs=3)
    page = await till.lines("preview", page, **prices(page, "100"))
    psn_no = await counter.hands.conn.fetchval(
        "SELECT psn_no FROM prescriptions_v_prescription WHERE rx_no = $1", rx_no
    )
    async with without_agreement(counter, shop.code, suspended=suspended):
        refused = await till.settle(page, cash="1000")
        assert "PRESETTLE_CHANGED" in c.told(refused.text)
        assert "政策范围内金额原为" in c.told(refused.text)
        assert await counter.hands.conn.fetchval(SETTLED, psn_no) == 0
        page = await till.lines("preview", refused.text, **prices(refused.text, "100"))
        number = c.settlement_of(await till.settle(page, cash="1000"))
        assert (await c.row_of(counter.hands.conn, number))["pool_fen"] == 0
