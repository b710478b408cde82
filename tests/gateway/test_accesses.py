"""Every look at personal data leaves a record before it is answered; a trade that writes has its message for that."""

import asyncio
from typing import Any

import asyncpg
import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, offered, stock_messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import row_counts

READING = (
    "1101",
    "2001",
    "5201",
    "5202",
    "5203",
    "5204",
    "5205",
    "5206",
    "5301",
    "5302",
    "5304",
    "3511",
    "3513",
)
CENTRE = ("7105", "7106", "7107")
"""The prescription centre's, whose looks ``test_t71`` follows."""
NOBODY = (
    "7211",
    "1201", "1901", "5101", "5102", "1301", "1302", "1303", "1304", "1305", "1306", "1307", "1308", "1309", "1310", "1311", "1312",
    "1313", "1314", "1315", "1316", "1317", "1318", "1319", "1320", "9102",
    "3508", "3509", "3510", "3512",
)  # fmt: skip
"""Trades that read nothing about a person."""


async def records(platform: Platform, psn_no: str) -> list[tuple[str, str, str]]:
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT actor, purpose, fields FROM members_access WHERE psn_no = $1 ORDER BY access_id", psn_no
        )
    return [tuple(row) for row in rows]


async def something(caller: Caller) -> tuple[str, dict[str, Any]]:
    """Somebody with a settled chronic visit and a referral from the hospital, and the nodes' fields that name them."""
    psn_no = await messages.somebody(caller)
    pool = caller.app.platform.pool  # type: ignore[union-attr]
    async with pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, treatment)"
            " VALUES ($1, 1, '2024-01-01', 'M03900', '高血压', '')",
            psn_no,
        )
    visit = await caller.output("2201", messages.registration(psn_no))
    mdtrt_id = visit["data"]["mdtrt_id"]
    info = messages.visit_info(psn_no, mdtrt_id, med_type="14", dise_codg="M03900", dise_name="高血压")
    await caller.output("2203", info)
    await caller.output("2204", {"feedetail": [messages.line(psn_no, mdtrt_id, "B")]})
    asked = messages.settlement(psn_no, mdtrt_id, "B", "100.00", med_type="14")
    done = await caller.output("2207", asked)
    await caller.output("2501", messages.referral(psn_no))
    batch = fresh("PC")
    await caller.output(
        "3505",
        stock_messages.nodes(
            "3505", fixmedins_bchno=batch, psn_no=psn_no, drug_trac_codg=stock_messages.trace()
        ),
    )
    return psn_no, {
        "fixmedins_bchno": batch,
        **messages.voucher(psn_no),
        "psn_name": "",
        "psn_no": psn_no,
        "mdtrt_id": mdtrt_id,
        "setl_id": done["setlinfo"]["setl_id"],
        "begntime": "2024-01-01 00:00:00",
        "endtime": "2024-12-31 00:00:00",
        "med_type": "14",
        "biz_appy_type": "03",
    }


def test_every_trade_reads_something_or_nothing_or_writes() -> None:
    from gongji.gateway.trades import TRADES

    previews = {"2101", "2206", "2206A"}
    writing = {trade.infno for trade in TRADES.values() if trade.writes}
    assert set(TRADES) == {*READING, *CENTRE, *NOBODY, *previews} | writing


@pytest.mark.parametrize("infno", READING)
async def test_a_look_is_recorded_with_who_what_and_what_for(
    caller: Caller, platform: Platform, infno: str
) -> None:
    psn_no, known = await something(caller)
    before = await records(platform, psn_no)
    code, nodes = offered.templates()[infno]
    row = nodes["data"]
    row |= {name: value for name, value in known.items() if name in row}
    await caller.output(infno, nodes, caller=code)
    (new,) = (await records(platform, psn_no))[len(before) :]
    assert new[:2] == (f"institution:{world.HOSPITAL}", infno)
    assert new[2]


async def test_a_pre_settlement_shows_the_member_and_is_recorded(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    visit = await caller.output("2201", messages.registration(psn_no))
    mdtrt_id = visit["data"]["mdtrt_id"]
    await caller.output("2203", messages.visit_info(psn_no, mdtrt_id))
    await caller.output("2204", {"feedetail": [messages.line(psn_no, mdtrt_id, "B")]})
    before = await records(platform, psn_no)
    asked = messages.settlement(psn_no, mdtrt_id, "B", "100.00")
    told = await caller.output("2206", asked)
    sold = messages.purchase(
        psn_no, "10.00", [messages.drug(det_item_fee_sumamt="10.00", pric="10.00", cnt="1")]
    )
    bought = await caller.output("2101", sold, caller=world.PHARMACY)
    assert told["setlinfo"]["psn_name"] == bought["setlinfo"]["psn_name"] == world.name_of(psn_no)
    new = (await records(platform, psn_no))[len(before) :]
    assert [one[:2] for one in new] == [
        (f"institution:{world.HOSPITAL}", "2206"),
        (f"institution:{world.PHARMACY}", "2101"),
    ]


@pytest.mark.parametrize("infno", READING)
async def test_a_look_that_shows_nobody_leaves_no_record(
    caller: Caller, platform: Platform, infno: str
) -> None:
    code, nodes = offered.templates()[infno]
    for row in nodes.values():
        row |= {name: "NOBODY" for name in ("psn_no", "mdtrt_cert_no") if name in row}
    before = await row_counts(platform)
    await caller.call(infno, nodes, caller=code)
    assert await row_counts(platform) == before


async def test_a_look_that_cannot_be_recorded_is_not_answered(
    caller: Caller, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: Any) -> None:
        raise asyncpg.ConnectionDoesNotExistError("gone")

    monkeypatch.setattr("gongji.gateway.accesses.record_all", lost)
    asked = {"data": messages.voucher(world.ACTIVE)}
    refused = await caller.refused("1101", asked)
    assert "DATABASE_UNAVAILABLE" in refused
    assert world.name_of(world.ACTIVE) not in refused


async def test_many_looks_at_once_are_all_recorded(caller: Caller, platform: Platform) -> None:
    psn_no = await messages.somebody(caller)
    asked = {"data": {"psn_no": psn_no, "med_type": "11", "begntime": "2024-08-15"}}
    await asyncio.gather(*(caller_of(caller).output("2001", asked) for _ in range(50)))
    assert len(await records(platform, psn_no)) == 50


def caller_of(caller: Caller) -> Caller:
    """Another client of the same application."""
    return Caller(caller.app)
