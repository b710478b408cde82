"""`gongji demo` on a database of its own: the story must hold, and must be able to fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gongji.demo_data import generate
from gongji.project.story.cast import cast_of
from gongji.project.story.client import Caller, CallFailed, Institution, api_headers
from gongji.project.story.play import Story
from tests.vaults import ENVIRONMENT

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def run_demo(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongji", "demo"],
        env={**os.environ, "DATABASE_URL": url, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def first_run(pg_url: str) -> subprocess.CompletedProcess[str]:
    """The demo on a database that is migrated and otherwise empty."""
    return run_demo(pg_url)


def test_the_story_is_told_twice_on_a_fresh_database_and_everything_holds(
    pg_url: str, first_run: subprocess.CompletedProcess[str]
) -> None:
    first, second = first_run, run_demo(pg_url)
    assert first.returncode == 0, first.stdout + first.stderr
    assert second.returncode == 0, second.stdout + second.stderr
    assert (
        "费用 75.04 = 统筹基金 15.96 + 个人账户 20.07 + 家庭共济 39.01 + 现金 0.00（起付线 30.00）"
        in first.stdout
    )
    assert "退药：费用 -120.40 = 统筹基金 -54.29" in first.stdout
    assert settled(second.stdout) - settled(first.stdout) == 4
    assert "✗" not in first.stdout + second.stdout


def settled(text: str) -> int:
    """How many settlements the verification found; the demonstration's past is among them."""
    (number,) = re.findall(r"结算 (\d+) 笔", text)
    return int(number)


def lasting(text: str) -> list[str]:
    """Lines without what is another one in every run: ids, message numbers, the day, seconds."""
    masked = re.sub(
        r"\d+ 人，结算 \d+ 笔，撤销 \d+ 笔|[HP]?\d{12,}|\d{4}年\d{1,2}月\d{1,2}日|\d+\.\d 秒", "…", text
    )
    return [line for line in masked.splitlines() if line and not line.startswith(("启动服务", "使用已运行"))]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_what_the_demo_prints(
    page: str, first_run: subprocess.CompletedProcess[str]
) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = text.split("$ .venv/bin/gongji demo\n", 1)[1].split("\n```", 1)[0]
    assert lasting(shown) == lasting(first_run.stdout)


class Deceiving:
    """A platform that answers as told; only what the story checks is looked at."""

    def __init__(self, dedc: str) -> None:
        self.dedc = dedc

    def call(self, infno: str, nodes: dict[str, Any], **_: Any) -> Any:
        if infno == "9001":
            return {"signinoutb": {"sign_no": "1"}}
        paid = {
            "setl_id": "1",
            "mdtrt_id": "2",
            "medfee_sumamt": 10,
            "hifp_pay": 1,
            "acct_pay": 0,
            "acct_mulaid_pay": 0,
        }
        return {"setlinfo": {**paid, "psn_cash_pay": 9, "act_pay_dedc": self.dedc}}


@pytest.mark.parametrize(("dedc", "held"), [("0", True), ("0.01", False)])
def test_a_second_deductible_at_the_pharmacy_makes_the_story_fail(dedc: str, held: bool) -> None:
    story = Story(cast_of(generate(members=30), 3_000), lambda _: Deceiving(dedc), lambda *_: None)  # type: ignore[arg-type,return-value]
    caller = Deceiving(dedc)
    caller.operator = ("0001", "收费员")  # type: ignore[attr-defined]
    caller.now = lambda: AT  # type: ignore[attr-defined]
    story.purchase(caller, {"setlinfo": {"act_pay_dedc": "30"}})  # type: ignore[arg-type]
    assert story.told.held is held


def test_a_refusal_of_the_platform_is_raised_with_its_trade_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = Caller("http://127.0.0.1:9", Institution("H1", "甲医院", "140100", "key", "secret"), lambda: AT)
    monkeypatch.setattr(
        caller, "_post", lambda *_: '{"infcode":-1,"err_msg":"〔UNKNOWN_MEMBER〕查无此人"}'.encode()
    )
    with pytest.raises(CallFailed, match="1101: 〔UNKNOWN_MEMBER〕查无此人"):
        caller.call("1101", {})


def test_the_signature_of_a_call_is_that_of_the_published_scheme() -> None:
    headers = api_headers(Institution("H1", "甲医院", "140100", "ak", "sk"), "1101", AT)
    assert headers["_api_timestamp"] == "1767323045000"
    assert headers["_api_signature"] == "ztir7Dt7bp6E4Wbk3bmDe+ivTfw="


def test_message_numbers_name_institution_and_instant_and_never_repeat() -> None:
    caller = Caller(
        "http://127.0.0.1:9", Institution("H14010000001", "甲医院", "140100", "ak", "sk"), lambda: AT
    )
    numbers = [caller.next_msgid() for _ in range(100)]
    assert numbers[0] == "H14010000001202601020304050001"
    assert len(set(numbers)) == 100
