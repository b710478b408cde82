"""The prescription centre in regions that are only files: their world, institutions that change, what a visit and a sale pay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from gongji.gateway.platform import Platform
from gongji.providers import selectors as providers
from tests.gateway import messages, rx, world
from tests.gateway.client import Caller
from tests.gateway.rx import Rx
from tests.gateway.test_outpatient import yuan


def build_in(url: str, region: str) -> str:
    """The small world in ``region``."""

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "REGION", region)
            await world.build(connection)
        await connection.close()

    asyncio.run(fill())
    return url


async def changed(platform: Platform, code: str, *, pooled: bool) -> None:
    """From 16 August 2024 on an institution is of the third class, with the pooled agreement or without any."""
    async with platform.pool.acquire() as conn:
        await conn.execute("UPDATE providers_state SET until_on = '2024-08-15' WHERE code = $1", code)
        await conn.execute(
            "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level,"
            " direct_settlement) VALUES ($1, 2, $2, $3, $3, '3', '', true)",
            code, date(2024, 8, 16), pooled,
        )  # fmt: skip
        await providers.refresh(conn, platform.providers, platform.vault)


@asynccontextmanager
async def stopped(platform: Platform, code: str) -> AsyncIterator[None]:
    """The institution's agreement ends with 15 August 2024."""
    await changed(platform, code, pooled=False)
    try:
        yield
    finally:
        async with platform.pool.acquire() as conn:
            await conn.execute("DELETE FROM providers_state WHERE code = $1 AND state_no = 2", code)
            await conn.execute("UPDATE providers_state SET until_on = NULL WHERE code = $1", code)


def amounts(info: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """(deductible, pool) of an answer."""
    return yuan(info["act_pay_dedc"]), yuan(info["hifp_pay"])


async def at_hospital(caller: Caller, one: Rx, total: str = "100.00") -> tuple[Decimal, Decimal]:
    """Settle a fee of the prescription's visit."""
    batch = f"B{one.mdtrt_id}"
    row = messages.line(
        one.psn_no, one.mdtrt_id, batch, fee_ocur_time=rx.text(one.at), med_list_codg=world.SERVICE,
        det_item_fee_sumamt=total, pric=total, cnt=1,
    )  # fmt: skip
    await caller.output("2204", {"feedetail": [row]})
    asked = messages.settlement(one.psn_no, one.mdtrt_id, batch, total, acct_used_flag="0")
    return amounts((await caller.output("2207", asked))["setlinfo"])


def bought(one: Rx, total: str, item: str = world.DRUG_A, **fields: Any) -> dict[str, Any]:
    """Nodes of 2102: one pack of an item of the prescription."""
    row = messages.drug(
        rxno=one.no,
        med_list_codg=item,
        cnt=1,
        pric=total,
        det_item_fee_sumamt=total,
        fee_ocur_time=rx.text(one.now),
    )
    return messages.purchase(
        one.psn_no, total, [row], begntime=rx.text(one.now), acct_used_flag="0", **fields
    )


async def taken(one: Rx, pharmacy: str = world.PHARMACY) -> Rx:
    """Held, verified and reviewed by the pharmacy."""
    await one.authorise(pharmacy)
    await one.accept(pharmacy)
    await one.verify(pharmacy)
    return await one.review(pharmacy)
