"""`gongji prescriptions` on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.prescriptions.case import Case
from gongji.project.cli.prescriptions import prescriptions
from tests.prescriptions import centre
from tests.prescriptions.centre import HOSPITAL, PHARMACY
from tests.vaults import ENVIRONMENT

Run = Callable[..., Result]


@pytest.fixture
def run(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(prescriptions, [str(argument) for argument in arguments])


@pytest.fixture
def held(pg_url: str) -> Case:
    """A prescription that a pharmacy holds."""

    async def make() -> Case:
        conn = await asyncpg.connect(pg_url)
        case = await centre.circulating(conn, centre.name())
        taken = await centre.accept(conn, case)
        await conn.close()
        return taken.case

    return asyncio.run(make())


def test_a_prescription_is_shown_with_drugs_holder_and_events(run: Run, held: Case) -> None:
    shown = run("show", held.rx_no)
    assert shown.exit_code == 0, shown.output
    for word in (held.rx_no, "药店已接单", "某药房1", "接单", "预核验", "7 天", centre.A):
        assert word in shown.output
    assert "张三" not in shown.output


@pytest.mark.parametrize("rx_no", ["1", "abc", "9" * 40])
def test_an_unknown_number_is_said_to_be_one(run: Run, rx_no: str) -> None:
    shown = run("show", rx_no)
    assert shown.exit_code == 1
    assert "没有这张处方" in shown.output


@pytest.mark.parametrize("institution", [HOSPITAL, PHARMACY])
def test_lists_are_by_institution_person_and_state(run: Run, held: Case, institution: str) -> None:
    assert held.rx_no in run("list", "--institution", institution, "--state", "held").output
    assert held.rx_no in run("list", "--person", held.psn_no).output
    assert held.rx_no not in run("list", "--state", "filled").output
    assert run("list", "--institution", "H0").output == "没有。\n"


def test_an_unknown_state_is_refused_with_the_known_ones(run: Run) -> None:
    shown = run("list", "--state", "open")
    assert shown.exit_code == 1
    assert "circulating" in shown.output


def test_a_sweep_says_how_many_and_then_there_are_none(run: Run, held: Case) -> None:
    swept = run("expire")
    assert swept.exit_code == 0, swept.output
    assert swept.output.startswith("已处理 ")
    assert run("expire").output == "已处理 0 张。\n"
    assert "已失效" in run("show", held.rx_no).output


def test_a_code_of_an_expired_prescription_is_not_given(run: Run, held: Case) -> None:
    shown = run("code", held.rx_no, held.psn_no)
    assert shown.exit_code == 1
    assert "RX_" in shown.output


def test_the_table_is_printed(run: Run) -> None:
    assert "| held 药店已接单 | release 释放 |" in run("states").output
