"""`gongji claims` on a real database: a claim from the counter to the bank, with the engine in production's manner."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.project.cli.claims import claims
from tests.pg import world
from tests.vaults import ENVIRONMENT

EXAMPLE = Path(__file__).with_name("application.yaml")
MEMBER = "62100000000000000000000000001"
Run = Callable[..., Result]


@pytest.fixture
def run(filled: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", filled)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(claims, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def members(filled: str) -> None:
    """A member of Yuncheng who lives in Xi'an, and one of Qingyang."""

    async def fill() -> None:
        conn = await asyncpg.connect(filled)
        await world.add_persons(conn, [MEMBER])
        await world.add_persons(conn, ["Q1"], region="621000")
        await conn.execute(
            "INSERT INTO members_filing (psn_no, spell_no, from_on, kind, subtype, region, filed_on) "
            "VALUES ($1, $2, '2024-01-01', 'LONG_TERM_OUT_OF_PROVINCE', 'long_term_resident', '610100', '2024-01-01')",
            MEMBER,
            world.new_id(),
        )
        await conn.close()

    asyncio.run(fill())


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return result.output


def received(run: Run, tmp_path: Path, invoice: str, member: str = MEMBER, **changes: str) -> str:
    """The number of a claim taken in from a file of its own."""
    text = EXAMPLE.read_text("utf-8").replace("00610000001", invoice).replace(MEMBER, member)
    for old, new in changes.items():
        text = text.replace(old, new)
    file = tmp_path / f"{invoice}.yaml"
    file.write_text(text, "utf-8")
    match = re.search(r"报销编号 (\d+)", said(run("receive", file, "--actor", "wang")))
    assert match is not None
    return match[1]


@pytest.mark.usefixtures("members")
def test_a_claim_goes_from_the_counter_to_the_bank(run: Run, tmp_path: Path) -> None:
    """Level 3 elsewhere is class 1 for Shanxi: (600.00 − 80.00) × 55 % = 286.00; 20.00 taken out: 275.00."""
    number = received(run, tmp_path, "CLI-1")
    assert "2024-09-14" in said(run("list", "--member", MEMBER))
    out = ("--out", "1-1:20.00:OUT_OF_CATALOGUE:保健品")
    assert "已初审" in said(run("review", number, "--actor", "li", *out))
    assert "CLAIM_FOUR_EYES" in said(run("approve", number, "--actor", "li"), 1)
    assert "待结算" in said(run("approve", number, "--actor", "zhao"))
    assert "275.00" in said(run("settle", number, "--actor", "sun"))
    assert "6222020000001234567" in said(run("payee", number, "--actor", "sun"))
    assert "CLAIM_FOUR_EYES" in said(run("pay", number, "--actor", "zhao", "--reference", "B1"), 1)
    assert "275.00" in said(run("pay", number, "--actor", "sun", "--reference", "B1"))
    assert "已办结" in said(run("close", number, "--actor", "sun"))
    shown = said(run("show", number))
    assert "剔除 20.00 保健品" in shown
    assert "6222" not in shown
    assert "13900000000" not in shown
    statistics = said(run("statistics", "--since", "2024-08-01", "--until", "2024-08-31"))
    assert "已付 275.00" in statistics


@pytest.mark.usefixtures("members")
def test_what_is_missing_is_said_at_the_counter_and_may_follow(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-2", **{"收费票据, 费用清单, ": ""})
    answer = said(run("review", number, "--actor", "li"), 1)
    assert "收费票据、费用清单" in answer
    handed_in = ("--document", "收费票据", "--document", "fee_list")
    assert "待初审" in said(run("supplement", number, "--actor", "wang", *handed_in))
    assert "已初审" in said(run("review", number, "--actor", "li"))
    assert "待初审" in said(run("send-back", number, "--actor", "zhao", "--note", "请核对"))


@pytest.mark.usefixtures("members")
def test_the_same_invoice_again_is_refused(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-3")
    again = said(run("receive", tmp_path / "CLI-3.yaml", "--actor", "wang"), 1)
    assert "INVOICE_CLAIMED" in again
    assert "已撤回" in said(run("withdraw", number, "--actor", "wang", "--note", "参保人申请"))
    said(run("receive", tmp_path / "CLI-3.yaml", "--actor", "wang"))


@pytest.mark.usefixtures("members")
def test_a_return_after_its_term_is_refused(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-4", **{"收费票据, ": ""})
    assert "CLAIM_RETURN_TOO_LATE" in said(run("return", number, "--actor", "wang"), 1)


@pytest.mark.usefixtures("members")
def test_a_refusal_needs_its_article(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-5")
    plain = run("refuse", number, "--actor", "li", "--reason", "INVOICE_FALSE")
    assert "依据的条文" in said(plain, 1)
    assert "没有原因代码" in said(run("refuse", number, "--actor", "li", "--reason", "BAD_MOOD"), 1)
    clause = ("--clause", "SX2021-103.s2.5.i", "--note", "票据查验不符")
    assert "晋政办发〔2021〕103号" in said(
        run("refuse", number, "--actor", "li", "--reason", "INVOICE_FALSE", *clause)
    )


@pytest.mark.usefixtures("members")
def test_a_draft_is_not_settled_by_the_command(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-6", "Q1")
    said(run("review", number, "--actor", "li"))
    said(run("approve", number, "--actor", "zhao"))
    assert "LAW_DRAFT" in said(run("settle", number, "--actor", "sun"), 1)
    assert "待结算" in said(run("list", "--member", "Q1"))


@pytest.mark.usefixtures("members")
def test_open_claims_past_their_term_are_listed(run: Run, tmp_path: Path) -> None:
    number = received(run, tmp_path, "CLI-7")
    line = next(row for row in said(run("overdue")).splitlines() if row.startswith(number))
    assert "超期" in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "1"), "没有零星报销 1"),
        (("approve", "1", "--actor", "li"), "CLAIM_NOT_FOUND"),
        (("list", "--state", "lost"), "没有状态 lost"),
        (("review", "1", "--actor", "li", "--out", "1-1:二十:X"), "不是有效的数值"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(run: Run, arguments: tuple[str, ...], says: str) -> None:
    assert says in said(run(*arguments), 1)


def test_a_file_with_mistakes_is_answered_with_its_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(EXAMPLE.read_text("utf-8").replace('"600.00"', "六百"), "utf-8")
    assert "wrong.yaml:6" in said(run("receive", file, "--actor", "wang"), 1)
    file.write_bytes("共济".encode("gbk"))
    assert "UTF-8" in said(run("receive", file, "--actor", "wang"), 1)


def test_the_calendar_names_its_notice() -> None:
    shown = said(CliRunner().invoke(claims, ["calendar", "2024-08-05"]))
    assert "期限 2024-09-14（六）" in shown
    assert "国办发明电〔2023〕7号" in shown


def test_a_year_without_a_notice_is_named_and_may_be_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = said(CliRunner().invoke(claims, ["calendar", "2026-12-20"]), 1)
    assert "2027 年" in missing
    file = tmp_path / "2027.yaml"
    holidays = "[{name: 元旦, off: [2027-01-01, 2027-01-03]}]"
    file.write_text(f"{{year: 2027, notice: 试, issued_on: 2026-11-01, holidays: {holidays}}}", "utf-8")
    monkeypatch.setenv("GONGJI_CALENDAR", str(file))
    assert "期限 2027-02-01" in said(CliRunner().invoke(claims, ["calendar", "2026-12-20"]))
