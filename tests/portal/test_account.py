"""The member's account: what is shown adds up, the chart and the bars follow it, the export is just what is seen."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from python_calamine import CalamineWorkbook

from gongji.accounts.printing import statement_table
from gongji.accounts.selectors import balances
from gongji.accounts.statement import month_statement
from gongji.accounts.values import Statement
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
    assert "月初" in text
    assert f"{number} 年全年" in text
    assert format_yuan(abs(fen(rows[0]["金额（元）"]))) in text


async def test_every_month_reconciles_with_the_statement_that_the_agency_prints(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    months = {row["时间"][:7] for row in await rows_of(browser, "") + await rows_of(browser, "?year=2025")}
    assert len(months) > 12
    for month in sorted(months):
        first = date.fromisoformat(f"{month}-01")
        async with platform.pool.acquire() as conn:
            printed = await month_statement(conn, ME, first)
        assert isinstance(printed, Statement)
        query = f"?year={first.year}&month={first.month}"
        rows = await rows_of(browser, query)
        assert [(fen(row["金额（元）"]), fen(row["余额（元）"])) for row in rows] == [
            cells[-2:] for cells in statement_table(printed).rows
        ]
        text = (await browser.get(f"/portal/account{query}")).text
        came, went = (
            sum(line.amount_fen for line in printed.lines if line.amount_fen * sign > 0) for sign in (1, -1)
        )
        for shown_fen in (printed.opening_fen, printed.closing_fen):
            assert f">{shown(shown_fen)}<" in text
        assert f"+ {shown(came)}<" in text
        assert f"− {shown(-went)}<" in text


async def test_the_workbook_has_the_same_rows_with_amounts_as_numbers(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    rows = await rows_of(browser, "?year=2025")
    answer = await browser.get("/portal/account/statement.xlsx?year=2025")
    assert 'filename="account-2025.xlsx"' in answer.headers["content-disposition"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    table = [cells for cells in sheet if str(cells[0])[:2] == "20"]
    assert [(round(float(str(cells[3])) * 100), cells[1]) for cells in table] == [
        (fen(row["金额（元）"]), row["事项"]) for row in rows
    ]
    notes = " ".join(str(cells[0]) for cells in sheet)
    assert "期初余额" in notes
    assert f"共 {len(rows)} 笔" in notes
    for form in ("pdf", "..", "CSV", "0"):
        assert (await browser.get(f"/portal/account/statement.{form}")).status_code == 404


async def test_a_year_is_folded_by_month_and_only_the_newest_is_open(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/account?year=2025")).text
    folded = re.findall(r'<details class="disclose"( open)?>\s*<summary>(\d+) 月', text)
    numbers = [int(number) for _, number in folded]
    assert len(numbers) > 6
    assert numbers == sorted(numbers, reverse=True)
    assert [bool(is_open) for is_open, _ in folded] == [True] + [False] * (len(folded) - 1)
    unfolded = (await browser.get("/portal/account?year=2025&open=1")).text
    assert unfolded.count('<details class="disclose" open>') == len(folded)
    assert "data-print" in unfolded


async def test_what_a_relative_used_is_named_with_a_masked_name(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    used = [row for row in await rows_of(browser, "") if row["事项"] == "家庭共济支付"]
    assert used
    assert all("* 使用" in row["说明"] for row in used)


@pytest.mark.parametrize(
    "bent",
    [
        "year=x",
        "year=1990",
        "year=9999",
        "month=13",
        "year=2026&month=x",
        "year=020260",
        "year=2026&month=0121",
        "year=2026&month=-1",
        "year=2026&month=٣",
        "year=" + "9" * 5000,
    ],
)
async def test_an_address_that_means_nothing_shows_this_year(browser: Browser, bent: str) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    answer = await browser.get(f"/portal/account?{bent}")
    assert answer.status_code == 200
    assert "现在的余额" in answer.text


async def test_who_has_no_account_is_told_how_to_get_one(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("flexible_without_account"))
    answer = await browser.get("/portal/account")
    assert "您没有个人账户" in answer.text
    assert "统账结合" in answer.text
    assert (await browser.get("/portal/account/statement.csv")).status_code == 404
