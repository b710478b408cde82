"""`gongji receipt`: the 结算单 of a stored settlement, on the screen and as a page to print."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest

from tests.project.test_demo_family import gongji


@pytest.fixture(scope="module")
def story(lived_url: str) -> tuple[str, str, str]:
    """(database, person, settlement) after the demo's story."""
    told = gongji(lived_url, "demo")
    assert told.returncode == 0, told.stdout + told.stderr
    named = re.search(r"gongji explain (\d+) (\d+)", told.stdout)
    assert named is not None
    return lived_url, named[1], named[2]


async def test_it_is_printed_from_the_fact_and_the_look_is_recorded(story: tuple[str, str, str]) -> None:
    url, person, settlement = story
    done = gongji(url, "receipt", person, settlement, "--actor", "收费员甲")
    assert done.returncode == 0, done.stderr
    assert "医疗保障基金结算单" in done.stdout
    assert "统筹基金支付 15.96 元" in done.stdout
    conn = await asyncpg.connect(url)
    looked = await conn.fetch(
        "SELECT actor FROM members_access WHERE psn_no = $1 AND purpose = 'receipt'", person
    )
    await conn.close()
    assert [row["actor"] for row in looked] == ["agency:收费员甲"]


@pytest.mark.clause("SX2022-27.art13.c")
def test_the_page_has_both_copies_and_fetches_nothing(story: tuple[str, str, str], tmp_path: Path) -> None:
    url, person, settlement = story
    page = tmp_path / "结算单.html"
    done = gongji(url, "receipt", person, settlement, "--actor", "收费员甲", "--html", str(page))
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert html.count('<article class="receipt">') == 2
    assert "参保人联" in html
    assert "机构留存联" in html
    assert not re.search(r"(?:src|href)=|url\(|<script", html)


def test_what_is_unknown_is_said_in_chinese(story: tuple[str, str, str]) -> None:
    url, person, _ = story
    for unknown in ("12345", "9" * 19, "9" * 5000):
        assert "没有查到" in gongji(url, "receipt", person, unknown, "--actor", "甲").stderr
    assert "一串数字" in gongji(url, "receipt", person, "x", "--actor", "甲").stderr
