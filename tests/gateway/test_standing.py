"""What a cashier reads when an institution has lost its agreement: the law's refusal, and which decision it was (decision A36)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.explain.words import refusal_sentence
from gongji.providers.rules import said_exactly
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import yuan

AUGUST = date(2024, 8, 1)
NUMBERS = {"suspended": 31, "ended": 32, "lapsed": 33, "before": 34, "pool_suspended": 35, "pool_ended": 36}
LOST = [
    ("suspended", "NOT_DESIGNATED", "PROVIDER_SUSPENDED"),
    ("ended", "NOT_DESIGNATED", "PROVIDER_TERMINATED"),
    ("lapsed", "NOT_DESIGNATED", "PROVIDER_TERMINATED"),
    ("before", "NOT_DESIGNATED", "PROVIDER_BEFORE_AGREEMENT"),
    ("pool_suspended", "NOT_POOLED_PROVIDER", "PROVIDER_SUSPENDED"),
    ("pool_ended", "NOT_POOLED_PROVIDER", "PROVIDER_TERMINATED"),
]
UNTIL = "UPDATE providers_state SET until_on = '2024-07-31' WHERE code = $1"
AFTER = (
    "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level,"
    " direct_settlement, suspended, ended) VALUES ($1, 2, $2, $3, false, '3', '', true, $4, $5)"
)


def hospital(state: str) -> str:
    return f"H140830000{NUMBERS[state]}"


def pharmacy(state: str) -> str:
    return f"P140830000{NUMBERS[state]}"


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The small world with a hospital and a pharmacy for every way of having no agreement in the middle of August 2024."""

    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        await world.build(conn)
        for state in NUMBERS:
            for code, kind in ((hospital(state), "hospital"), (pharmacy(state), "pharmacy")):
                await world.add_institution(
                    conn, code, f"测试{state}", kind, "3" if kind == "hospital" else ""
                )
                if state == "before":
                    await conn.execute(
                        "UPDATE providers_state SET from_on = '2024-09-01' WHERE code = $1", code
                    )
                    continue
                await conn.execute(UNTIL, code)
                if state != "lapsed":
                    paused = state.endswith("suspended")
                    await conn.execute(AFTER, code, AUGUST, state.startswith("pool"), paused, not paused)
        await conn.close()

    asyncio.run(fill())
    return pg_url


async def treated(caller: Caller, psn_no: str, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What 2206 says of 100.00, and 2207 does."""
    given = messages.voucher(psn_no)
    registered = await caller.output("2201", messages.registration(psn_no, **given), caller=code)
    mdtrt_id, batch = registered["data"]["mdtrt_id"], fresh("B")
    await caller.output("2203", messages.visit_info(psn_no, mdtrt_id), caller=code)
    await caller.output("2204", {"feedetail": [messages.line(psn_no, mdtrt_id, batch)]}, caller=code)
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00", **given)
    told = await caller.output("2206", asked, caller=code)
    return told, await caller.output("2207", asked, caller=code)


async def sold(caller: Caller, psn_no: str, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What 2101 says of 50.00, and 2102 does."""
    asked = messages.purchase(psn_no, "50.00", [messages.drug()], **messages.voucher(psn_no))
    return await caller.output("2101", asked, caller=code), await caller.output("2102", asked, caller=code)


def process(answer: dict[str, Any]) -> str:
    return str(answer["setldetail"][0]["setl_proc_info"])


@pytest.mark.clause("SX2022-27.art26.1a", "SX2022-27.art4.c")
@pytest.mark.parametrize(("state", "reason", "because"), LOST)
async def test_a_hospitals_cashier_reads_why_it_has_no_agreement(
    caller: Caller, state: str, reason: str, because: str
) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    for answer in await treated(caller, psn_no, hospital(state)):
        assert f"〔{reason}〕" in process(answer)
        assert f"：〔{because}〕" in process(answer)
        assert "第二十六条（一）" in process(answer)
        assert (yuan(answer["setlinfo"]["hifp_pay"]), yuan(answer["setlinfo"]["acct_pay"])) == (0, 60)


@pytest.mark.parametrize(("state", "reason", "because"), LOST)
async def test_a_pharmacys_cashier_reads_it_too(
    caller: Caller, state: str, reason: str, because: str
) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    for answer in await sold(caller, psn_no, pharmacy(state)):
        assert f"〔{reason}〕" in process(answer)
        assert f"：〔{because}〕" in process(answer)


async def test_what_is_said_again_later_is_the_same(caller: Caller) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    code = hospital("suspended")
    _, settled = await treated(caller, psn_no, code)
    setl = settled["setlinfo"]
    key = {name: setl[name] for name in ("psn_no", "mdtrt_id", "setl_id")}
    again = await caller.output("5203", {"data": key}, caller=code)
    assert process(again) == process(settled)


def test_the_member_reads_it_in_words_without_codes() -> None:
    law = Refusal("NOT_DESIGNATED", "", "SX2022-27.art26.1a", "晋医保办发〔2022〕27号 第二十六条（一）")
    said = said_exactly(law, {"standing": "PROVIDER_SUSPENDED"})
    assert said is not None
    assert refusal_sentence(said) == (
        "不是医保定点医药机构：医保协议处于中止状态（依据 晋医保办发〔2022〕27号 第二十六条（一））"
    )


async def test_a_check_beforehand_says_it_too(caller: Caller) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    data = {"psn_no": psn_no, "insutype": "310", "med_type": "11", "begntime": "2024-08-15"}
    rows = (await caller.output("2001", {"data": data}, caller=hospital("ended")))["trtinfo"]
    assert any("〔PROVIDER_TERMINATED〕" in (row["trt_chk_rslt"] or "") for row in rows)
