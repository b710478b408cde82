"""`gongji demo --story prescription` on a database of its own: it holds, and can be told again."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.project.test_demo_family import gongji


@pytest.fixture(scope="module")
def first(pg_url: str) -> subprocess.CompletedProcess[str]:
    return gongji(pg_url, "demo", "--story", "prescription")


@pytest.mark.clause(
    "SX2022-27.art8.a",
    "SX2022-27.art8.c",
    "SX2022-27.art9.a",
    "SX2022-27.art10.a",
    "SX2022-27.art10.b",
    "SX2022-27.art11",
    "SX2022-27.art12.a",
    "SX2022-27.art12.b",
    "SX2022-27.art12.c",
    "SX2022-27.art12.d",
    "SX2022-27.art13.a",
    "SX2022-27.art13.b",
    "SX2022-27.art13.d",
    "SX2022-27.art14.a",
    "SX2022-27.art14.b",
    "SX2022-27.art14.c",
    "NHSA2023-4.s4.2.a",
    "NHSA2023-4.s4.2.b",
    "NHSA2023-4.s4.2.c",
    "SX2024-11.s3.d",
    "SX2024-11.s3.e",
    "QY.art12.c",
)
def test_every_chapter_holds_and_the_books_agree(first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stdout + first.stderr
    assert "✗" not in first.stdout
    for line in (
        "统筹基金 46.31 + 个人账户 119.85 + 家庭共济 0.00 + 现金 0.00（起付线 80.00）",
        "统筹基金 37.18 + 个人账户 24.02 + 家庭共济 0.00 + 现金 0.00（起付线 0.00）",
        "统筹基金 44.17 + 个人账户 0.00 + 家庭共济 0.00 + 现金 68.33（起付线 30.00）",
        "统筹基金 65.17 + 个人账户 0.00 + 家庭共济 0.00 + 现金 47.33（起付线 0.00）",
        "签字：（已签字，存底）",
        "累计、余额、凭证、哈希链全部一致",
    ):
        assert line in first.stdout


def amounts(text: str) -> list[str]:
    """The amounts of the settlements, in their order."""
    return re.findall(r"费用 .*", text)


def test_it_is_told_again_with_new_people_and_the_same_amounts(
    pg_url: str, first: subprocess.CompletedProcess[str]
) -> None:
    second = gongji(pg_url, "demo", "--story", "prescription")
    assert second.returncode == 0, second.stdout + second.stderr
    assert amounts(second.stdout) == amounts(first.stdout)


def test_no_number_of_identity_is_printed_in_clear(first: subprocess.CompletedProcess[str]) -> None:
    assert re.search(r"140303\d{11}[\dX]", first.stdout + first.stderr) is None


def test_a_running_service_is_not_used_because_it_has_the_worlds_clock(pg_url: str) -> None:
    done = gongji(pg_url, "demo", "--story", "prescription", "--url", "http://127.0.0.1:8000")
    assert done.returncode == 1
    assert "自带时钟" in done.stderr
