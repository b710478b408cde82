"""`gongji explain`: a stored settlement or refund for each reader."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.vaults import ENVIRONMENT


def gongji(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongji", *words],
        env={**os.environ, "DATABASE_URL": url, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def story(lived_url: str) -> tuple[str, str, str]:
    """(database, person, settlement) after the demo's story."""
    told = gongji(lived_url, "demo")
    assert told.returncode == 0, told.stdout + told.stderr
    named = re.search(r"gongji explain (\d+) (\d+)", told.stdout)
    assert named is not None
    return lived_url, named[1], named[2]


def test_the_agency_reads_every_step_with_its_article(story: tuple[str, str, str]) -> None:
    url, person, settlement = story
    text = gongji(url, "explain", person, settlement).stdout
    assert "乙类药品先行自付：16.80 × 5% = 0.84 [SX2024-11.s1.i]" in text
    assert "[SX2024-11.s1.i] 晋医保发〔2024〕11号 一（自 2024-07-01 起，原文）" in text
    assert "年度起付累计：0.00 → 30.00" in text
    assert not re.search(r"\b(seed|inferred)\b", text)


def test_the_member_reads_at_most_eight_lines(story: tuple[str, str, str]) -> None:
    url, person, settlement = story
    text = gongji(url, "explain", person, settlement, "--for", "member").stdout
    assert 3 <= len(text.splitlines()) <= 8
    assert "统筹基金支付 24.56 × 65% = 15.96 元" in text


def test_a_machine_reads_versioned_json(story: tuple[str, str, str]) -> None:
    url, person, settlement = story
    document = json.loads(gongji(url, "explain", person, settlement, "--for", "machine").stdout)
    assert document["schema"] == "gongji.explanation/1"


def test_a_refund_is_explained_as_what_comes_back(story: tuple[str, str, str]) -> None:
    url, person, _ = story
    told = gongji(url, "demo").stdout
    purchase = re.search(r"退药：费用 -120\.40", told)
    assert purchase is not None
    listed = subprocess.run(
        [sys.executable, "-c", LAST_REFUND, url, person], capture_output=True, text=True, check=True
    ).stdout.strip()
    member = gongji(url, "explain", person, listed, "--for", "member").stdout
    agency = gongji(url, "explain", person, listed).stdout
    assert member.startswith("整笔退费：费用 ")
    assert "从哪里付的退回哪里" in member
    assert agency.startswith(member.splitlines()[0])


LAST_REFUND = """
import asyncio, sys, asyncpg
async def main(url, person):
    conn = await asyncpg.connect(url)
    print(await conn.fetchval(
        "SELECT max(settlement_id) FROM settlement_fact WHERE psn_no = $1 AND kind = -1", person))
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "1"), "没有查到参保人 nobody 的结算 1"),
        (("nobody", "x1"), "结算ID 是一串数字"),
        (("nobody",), "缺少参数"),
    ],
)
def test_a_wrong_question_is_answered_in_chinese(
    story: tuple[str, str, str], words: tuple[str, ...], said: str
) -> None:
    done = gongji(story[0], "explain", *words)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
