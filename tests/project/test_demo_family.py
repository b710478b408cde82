"""`gongji demo --story family` on a database of its own: it holds, can be told again, and can fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.project.story.family import Household
from gongji.project.story.stage import Clock
from gongji.project.story.telling import refusal_of, stated
from tests.vaults import ENVIRONMENT


def gongji(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongji", *words],
        env={**os.environ, "DATABASE_URL": url, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def first(pg_url: str) -> subprocess.CompletedProcess[str]:
    return gongji(pg_url, "demo", "--story", "family")


@pytest.mark.clause(
    "SX2021-103.s2.3.a",
    "SX2021-103.s2.3.c",
    "QY.art6.d",
    "SX2022-27.art24.a",
    "QY.art8.c",
    "QY.art9.b",
    "QY.art10.b",
)
def test_every_chapter_holds_and_the_books_agree(first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stdout + first.stderr
    assert "✗" not in first.stdout
    for line in (
        "统筹基金 0.00 + 个人账户 132.40 + 家庭共济 0.00 + 现金 0.00",
        "统筹基金 66.08 + 个人账户 66.32 + 家庭共济 0.00 + 现金 0.00（起付线 30.00）",
        "统筹基金 66.08 + 个人账户 0.00 + 家庭共济 60.00 + 现金 6.32（起付线 30.00）",
        "支付 80.08 元到本人银行账户",
        "账户余额 1031.28 元和利息 2.45 元随同转移",
        "账户 1314.59 元：追回死亡后多计入 140.00 元，加利息 0.23 元，配偶 587.41 元，女儿 587.41 元",
        "累计、余额、凭证、哈希链全部一致",
    ):
        assert line in first.stdout


def amounts(text: str) -> list[str]:
    """The lines without what is another one at each telling: people's numbers and seconds."""
    return [re.sub(r"\*+\d{4}|\d+\.\d 秒|\d+ 人|结算 \d+ 笔", "…", line) for line in text.splitlines()]


def test_it_is_told_again_with_new_people_and_the_same_amounts(
    pg_url: str, first: subprocess.CompletedProcess[str]
) -> None:
    second = gongji(pg_url, "demo", "--story", "family")
    assert second.returncode == 0, second.stdout + second.stderr
    assert amounts(second.stdout) == amounts(first.stdout)


def test_the_other_story_is_told_the_same_beside_it(
    pg_url: str, first: subprocess.CompletedProcess[str]
) -> None:
    done = gongji(pg_url, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "费用 75.04 = 统筹基金 15.96 + 个人账户 20.07 + 家庭共济 39.01 + 现金 0.00" in done.stdout


def test_no_number_of_identity_is_printed_or_kept_in_clear(
    pg_url: str, first: subprocess.CompletedProcess[str]
) -> None:
    assert re.search(r"140303\d{11}[\dX]", first.stdout + first.stderr) is None
    shown = gongji(pg_url, "verify", "--json")
    assert shown.returncode == 0, shown.stdout[-2000:]


def test_a_running_service_is_not_used_because_it_has_the_worlds_clock(pg_url: str) -> None:
    done = gongji(pg_url, "demo", "--story", "family", "--url", "http://127.0.0.1:8000")
    assert done.returncode == 1
    assert "自带时钟" in done.stderr


def test_what_does_not_hold_is_told() -> None:
    said: list[tuple[str, str]] = []
    stage: Any = None
    home = Household(stage=stage, places=stage, tell=lambda tag, text: said.append((tag, text)))
    home.check("二加二等于五", False)
    assert not home.held
    assert said == [("核对", "✗ 二加二等于五")]


def test_a_refusal_where_none_may_be_ends_the_story() -> None:
    with pytest.raises(RuntimeError, match="UNKNOWN_MEMBER"):
        stated(Refusal("UNKNOWN_MEMBER"))
    assert refusal_of(Refusal("UNKNOWN_MEMBER")) == "UNKNOWN_MEMBER"
    assert refusal_of(None) == ""


def test_the_clock_goes_forward_only() -> None:
    clock = Clock(date(2025, 3, 1))
    clock.turn(date(2025, 5, 1))
    later = clock.now()
    clock.turn(date(2025, 4, 1))
    assert clock.now() > later
