"""The member's account: what is shown adds up, the chart and the bars follow it, the export is just what is seen."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import pairwise

import pytest

from gongji.accounts.selectors import balances
from gongji.base.money import format_yuan
from gongji.demo_data import generate
from gongji.gateway.platform import Platform
from tests.portal.test_settlements import shown
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
ME = WORLD.member("active")


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    """The demonstration with its past."""
    return lived_url


async def rows_of(browser: Browser, query: str) -> list[dict[str, str]]:
    answer = await browser.get(f"/portal/account/statement.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_year_ends_with_the_balance_that_can_be_spent(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/account")).text
    async with platform.pool.acquire() as conn:
        fen, _ = (await balances(conn, [ME]))[ME]
    assert f"{shown(fen)} 元" in text
    assert text.count("<svg") > 3
    assert "余额变化" in text
    assert "每月支出" in text


async def test_the_export_has_what_the_page_shows_and_its_balances_follow(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/account")).text
    rows = await rows_of(browser, "")
    assert f"{len(rows)} 笔明细" in text
    for before, after in pairwise(rows):
        gained = fen(after["金额（元）"])
        assert fen(before["余额（元）"]) + gained == fen(after["余额（元）"])
    for row in rows:
        assert shown(fen(row["金额（元）"])) in text
        assert row["事项"] in text


def fen(text: str) -> int:
    return int(text.lstrip("'").replace(".", ""))


async def test_a_month_is_part_of_its_year(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    year = await rows_of(browser, "")
    month = year[-1]["时间"][:7]
    number, which = int(month[:4]), int(month[5:])
    rows = await rows_of(browser, f"?year={number}&month={which}")
    assert rows == [row for row in year if row["时间"].startswith(month)]
    text = (await browser.get(f"/portal/account?year={number}&month={which}")).text
    assert f"{number} 年 {which} 月末余额" in text
    assert format_yuan(abs(fen(rows[0]["金额（元）"]))) in text


async def test_what_a_relative_used_is_named_with_a_masked_name(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    used = [row for row in await rows_of(browser, "") if row["事项"] == "家庭共济支付"]
    assert used
    assert all("* 使用" in row["说明"] for row in used)


@pytest.mark.parametrize(
    "bent", ["year=x", "year=1990", "year=9999", "month=13", "year=2026&month=x", "year=%00"]
)
async def test_an_address_that_means_nothing_shows_this_year(browser: Browser, bent: str) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    assert (await browser.get(f"/portal/account?{bent}")).status_code == 200


async def test_who_has_no_account_is_told_how_to_get_one(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("flexible_without_account"))
    answer = await browser.get("/portal/account")
    assert "您没有个人账户" in answer.text
    assert "统账结合" in answer.text
    assert (await browser.get("/portal/account/statement.csv")).status_code == 404
