"""`gongji providers`: a pharmacy from the counter to the public list and out again, with the files that the guide shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongji.base.times import day_in_china
from gongji.project.cli.providers import providers
from tests.providers.test_docs import APPLICATION, PANEL, PROOFS, SCORES
from tests.vaults import ENVIRONMENT

Run = Callable[..., Result]


@pytest.fixture
def run(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(providers, [str(argument) for argument in arguments])


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return result.output


def today() -> date:
    return day_in_china(datetime.now(UTC))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {"申请": APPLICATION, "补正": PROOFS, "小组": PANEL, "评分": SCORES}
    paths = {}
    for name, text in texts.items():
        paths[name] = tmp_path / f"{name}.yaml"
        paths[name].write_text(text, "utf-8")
    return paths


@pytest.mark.clause("NHSA2023-4.s2.a")
def test_a_pharmacy_goes_from_the_counter_to_the_public_list_and_out(
    run: Run, files: dict[str, Path]
) -> None:
    code, first = "P14080012345", today() + timedelta(days=1)
    answer = said(run("apply", files["申请"], "--actor", "wang"))
    assert "还缺 国家统一医保编码" in answer
    number = re.search(r"办理编号 (\d+)", answer)[1]
    assert "CONDITIONS_MISSING" in said(run("accept", number, "--actor", "wang"), 1)
    said(run("supplement", number, files["补正"], "--actor", "wang"))
    said(run("accept", number, "--actor", "wang"))
    said(run("convene", number, files["小组"], "--actor", "li"))
    assert "得分 83.75" in said(run("evaluate", number, files["评分"], "--actor", "li"))
    said(run("negotiate", number, "--note", "第一轮", "--actor", "li"))
    said(run("agree", number, "--actor", "li"))
    signed = ("--version", "2026 版", "--signer", "李四", "--agency-signer", "主任")
    said(run("sign", number, "--from", first, *signed, "--actor", "li"))
    assert "SECOND_PERSON_REQUIRED" in said(run("confirm", number, "--actor", "li"), 1)
    assert "协议有效" in said(run("confirm", number, "--actor", "zhao"))
    shown = said(run("list", "--public", "--on", first, "--area", "1408"))
    assert "某某大药房" in shown
    assert "共 1 家" in shown
    assert "6222" not in shown + said(run("show", number))
    assert number in said(run("agreement", code, "base"))

    pause = ("--from", first, "--until", first + timedelta(days=30), "--note", "检查")
    assert "可用 risk" in said(run("suspend", number, *pause, "--ground", "mood", "--actor", "li"), 1)
    said(run("suspend", number, *pause, "--ground", "risk", "--actor", "li"))
    assert "协议有效" in said(run("reject", number, "--actor", "zhao"))
    leave = ("--from", first, "--ground", "fund_fraud", "--note", "查实")
    assert "限制再次申请至" in said(run("terminate", number, *leave, "--actor", "li"))
    assert "协议解除" in said(run("confirm", number, "--actor", "zhao"))
    assert "共 0 家" in said(run("list", "--public", "--on", first, "--area", "1408"))
    assert "协议解除" in said(run("list", "--code", code))
    history = said(run("show", number))
    assert "APPLICATION_BARRED" not in history
    assert "查实欺诈骗保  查实" in history
    assert "fund_fraud" not in history


def test_mistakes_in_a_file_are_named_with_their_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "申请.yaml"
    file.write_text(APPLICATION.replace("opened_on: 2023-01-10", "opened_on: 昨天"), "utf-8")
    answer = said(run("apply", file, "--actor", "wang"), 1)
    assert "opened_on" in answer
    assert "申请.yaml" in answer


def test_conditions_are_listed_with_their_articles(run: Run) -> None:
    answer = said(run("conditions", "pooled", "pharmacy", "140800", "--on", "2024-08-15"))
    assert "traceability  药品可追溯（晋医保办发〔2022〕27号 第四条）" in answer
    assert "interface_test  联网直接结算测试合格（医保办发〔2023〕4号 二）" in answer


def test_lists_of_nothing_say_nothing(run: Run) -> None:
    assert "共 0 家" in said(run("list", "--public", "--area", "5101"))
    said(run("overdue"))
    assert not re.search("hospital|clinic|pharmacy|internet", said(run("openings", "--codes")))
    assert "到期 0 件" in said(run("expire", "--actor", "li"))


def test_unknown_numbers_and_states_are_refused(run: Run) -> None:
    assert "没有办理编号" in said(run("show", 1), 1)
    assert "AGREEMENT_NOT_FOUND" in said(run("accept", 1, "--actor", "wang"), 1)
    assert "没有状态" in said(run("list", "--state", "happy"), 1)
    assert "UNKNOWN_INSTITUTION" in said(
        run(
            "change", "P14089999999", "name", "--value", "新名", "--from", "2024-01-01", "--approved",
            "2024-01-01", "--document", "文件", "--actor", "li",
        ),
        1,
    )  # fmt: skip
