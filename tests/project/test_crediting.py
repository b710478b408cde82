"""`gongji accounts credit|interest|runs|pending` on a database."""

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from gongji.project.cli.crediting import COMMANDS
from tests.accounts.credit_world import contribute, member
from tests.vaults import ENVIRONMENT

COMMAND = {command.name: command for command in COMMANDS}


@pytest.fixture(scope="module")
def insured(pg_url):
    async def register():
        conn = await asyncpg.connect(pg_url)
        await member(conn, "K1", 600_000)
        await member(conn, "K2", None, status="retired")
        await member(conn, "K3", None)
        await contribute(conn, "K3", 400_000, paid=False)
        await conn.close()

    asyncio.run(register())
    return pg_url


@pytest.fixture
def run(insured, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", insured)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda name, *arguments: CliRunner().invoke(COMMAND[name], [*arguments])


def credit(run):
    return run("credit", "--month", "2024-05", "--region", "140000", "--actor", "张敏")


def test_a_month_is_credited_and_the_members_without_credit_are_told_by_reason_and_article(run):
    first = credit(run)
    assert first.exit_code == 0, first.output
    assert "新计入 1 人" in first.output
    assert "计入 120.00 元" in first.output
    assert "单位缴费划入统筹基金 390.00 元" in first.output
    assert "未计入 1 人：〔CONTRIBUTION_NOT_RECEIVED〕" in first.output
    assert "退休人员个人账户月定额" in first.output
    assert "晋政办发〔2021〕103号 二（三）" in first.output
    again = credit(run)
    assert "新计入 0 人" in again.output
    listed = run("runs")
    assert listed.output.count("月度划入 2024-05  统筹区 14  经办 张敏") == 2


def test_what_came_after_the_run_is_pending(run, insured):
    credit(run)
    assert "没有须补办的月份" in run("pending").output

    async def late():
        conn = await asyncpg.connect(insured)
        await conn.execute(
            "INSERT INTO members_contribution SELECT psn_no, month, employer, 2, base_fen, personal_fen, employer_fen, due_on, "
            "month + 40, kind, NULL, NULL, now(), actor FROM members_contribution WHERE psn_no = 'K3'"
        )
        await conn.close()

    asyncio.run(late())
    assert "2024-05  统筹区 14  1 人有变动" in run("pending").output
    assert "计入 80.00 元" in credit(run).output


def test_interest_of_a_year_is_run(run):
    done = run("interest", "--year", "2024", "--actor", "张敏")
    assert done.exit_code == 0, done.output
    assert "年度计息 2024 年" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("credit", "--month", "2999-01", "--actor", "张敏"), "PERIOD_NOT_DUE"),
        (("credit", "--month", "2024-05", "--region", "山西", "--actor", "张敏"), "不是有效的医保区划"),
        (("interest", "--year", "2999", "--actor", "张敏"), "PERIOD_NOT_DUE"),
        (("credit", "--month", "2024-05"), "--actor"),
    ],
)
def test_what_cannot_be_run_is_said(run, arguments, words):
    done = run(*arguments)
    assert done.exit_code != 0
    assert words in done.output


def test_the_commands_of_the_page_run_as_they_stand(run):
    page = (Path(__file__).resolve().parents[2] / "docs" / "crediting.md").read_text("utf-8")
    lines = [line for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert {line.split()[2] for line in lines} == set(COMMAND)
    for line in lines:
        program, group, name, *arguments = line.split()
        assert (program, group) == ("gongji", "accounts")
        assert run(name, *arguments).exit_code == 0, line
