"""Situations of a life, as the portal tells them: a frozen account, another scheme, a region without law here, a move,
retirement. What is written into the register directly stands for years of the agency's work."""

from __future__ import annotations

import asyncio
import re
from datetime import date

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.demo_data import generate
from gongji.portal.ways import told
from tests.portal.test_other_regions import plain
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
FROZEN, RESIDENT, MOVED, RETIRED, CHANGED = map(
    WORLD.member, ("family_owner", "civil_servant", "blocked_card", "family_user", "expired_card")
)
NOWHERE = "110101"
"""An area whose documents this library does not hold."""
BEGIN = (
    "INSERT INTO members_relation (psn_no, spell_no, from_on, insutype, status, category, psn_type, region, employer, payer,"
    " civil_servant, has_account, end_reason)"
    " SELECT psn_no, 2, $2, insutype, $3, category, psn_type, $4, employer, payer, civil_servant, has_account, ''"
    " FROM members_relation WHERE psn_no = $1"
)


async def _again(conn: Connection, psn_no: str, from_on: date, *, status: str, region: str) -> None:
    """The relation ends and begins anew."""
    await conn.execute(BEGIN, psn_no, from_on, status, region)
    await conn.execute(
        "UPDATE members_relation SET until_on = $2::date - 1 WHERE psn_no = $1 AND spell_no = 1",
        psn_no,
        from_on,
    )


@pytest.fixture(scope="module", autouse=True)
def lives(world_url: str) -> None:
    async def write() -> None:
        conn = await asyncpg.connect(world_url)
        await conn.execute("SET session_replication_role = replica")
        await conn.execute("UPDATE accounts_balance SET state = 'frozen' WHERE psn_no = $1", FROZEN)
        await conn.execute(
            "UPDATE members_relation SET insutype = '390', has_account = false WHERE psn_no = $1", RESIDENT
        )
        await conn.execute("DELETE FROM accounts_balance WHERE psn_no = $1", RESIDENT)
        await _again(conn, MOVED, date(2026, 7, 1), status="active", region=NOWHERE)
        await _again(conn, RETIRED, date(2026, 11, 1), status="retired", region="140100")
        await _again(conn, CHANGED, date(2026, 7, 1), status="active", region="621000")
        await conn.close()

    asyncio.run(write())


async def read(browser: Browser, psn_no: str, address: str = "/portal/") -> str:
    await sign_in_as(browser, "member", psn_no=psn_no)
    answer = await browser.get(address)
    assert answer.status_code == 200
    return plain(answer.text)


async def test_a_frozen_account_still_shows_what_it_holds(browser: Browser) -> None:
    text = await read(browser, FROZEN)
    assert "钱还在，账户已冻结，暂时不能使用" in text
    assert "明细 0.00 元" not in text
    assert "12393" in text


async def test_who_is_insured_as_a_resident_sees_no_limits_of_employees(browser: Browser) -> None:
    text = await read(browser, RESIDENT)
    assert "参加的不是职工医保" in text
    assert "恢复待遇以后" not in text
    assert "2500.00" not in text
    assert "单建统筹" not in text, "only those who are insured flexibly chose that"


async def test_who_moved_to_a_region_without_law_here_is_told_so_everywhere(browser: Browser) -> None:
    assert "本平台没有您参保地区的待遇规定" in await read(browser, MOVED)
    for address in (
        "/portal/estimate",
        "/portal/questions/rate",
        "/portal/questions/ceiling",
        "/portal/questions/claim",
    ):
        text = await read(browser, MOVED, address)
        assert "本平台没有您参保地区的待遇规定" in text
        assert "未规定" not in text
        assert "12393" in text
    assert "步行 分钟" not in await read(browser, MOVED, "/portal/collect")


async def test_who_moved_within_the_year_reads_the_new_regions_law(browser: Browser) -> None:
    text = await read(browser, CHANGED)
    assert "参保地 庆阳市" in text
    assert "征求意见稿" in text
    assert "今年起付标准" in text
    assert "今年累计起付" not in text


async def test_who_retired_this_month_has_the_limits_of_the_retired(browser: Browser) -> None:
    text = await read(browser, RETIRED)
    assert "正常参保 退休" in text
    assert "共 3000.00 元" in text
    assert "70%" in await read(browser, RETIRED, "/portal/questions/rate")


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal("FAMILY_NOT_BOUND", "14019900000000009 自 2026-11-22 起没有绑定"),
        Refusal("FAMILY_ORDER_INVALID", "14019900000000009、14019900000000008"),
        Refusal("UNKNOWN_MEMBER", "14019900000000009"),
        Refusal("NO_PERSONAL_ACCOUNT", "14019900000000009"),
        Refusal("FAMILY_TWO_SPOUSES", "自 2026-11-22 起"),
        Refusal("MEMBER_DECEASED", "使用人"),
        Refusal("REGION_UNKNOWN", "110101"),
        Refusal("DECLARATION_DECIDED", "已通过"),
    ],
)
def test_a_refusal_says_what_to_do_and_names_nobodys_number(refusal: Refusal) -> None:
    text = told(refusal)
    assert re.search("请|可以|不用", text)
    assert not re.search(r"\d{6}", text)
    assert text.endswith("。")


@pytest.mark.parametrize(
    ("archetype", "said"), [("deceased", "参保人已登记死亡"), ("paused", "参保关系已暂停")]
)
async def test_an_estimate_for_who_is_not_insured_says_why_as_the_first_page_does(
    browser: Browser, archetype: str, said: str
) -> None:
    text = await read(
        browser, WORLD.member(archetype), "/portal/estimate/result?where=pharmacy&drug_a=100.00"
    )
    assert f"统筹基金不付：{said}" in text
    assert "换了单位的" not in text
