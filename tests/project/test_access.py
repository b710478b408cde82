"""`gongji access`: first officers of an empty platform, made at the command line; the demonstration's accounts, their welcome."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from gongji.access import ROLES, factor, passwords
from gongji.access.demonstration import PASSWORD, VOUCHERS, make
from gongji.access.selectors import by_name
from gongji.demo_data import generate
from gongji.demo_data.accounts import accounts
from gongji.project.cli import serve
from gongji.project.cli.access import access
from tests.vaults import ENVIRONMENT, VAULT

FIRST = ("--reason", "平台上线", "--actor", "甲")
SECOND = ("--reason", "平台上线", "--actor", "乙")
WORLD = generate()


@pytest.fixture
def run(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments, typed="": CliRunner().invoke(access, [str(a) for a in arguments], input=typed)


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def on_database(url: str, work: Any) -> Any:
    async def connected() -> Any:
        conn = await asyncpg.connect(url)
        try:
            return await work(conn)
        finally:
            await conn.close()

    return asyncio.run(connected())


def test_two_people_make_the_first_officer_of_an_empty_platform(run: Any, pg_url: str) -> None:
    said = good(run("create", "first-system", "--name", "刘洋", *FIRST))
    password = re.search(r"初始密码 (\S+)（只显示这一次", said)
    assert password
    refused = run("grant", "first-system", "系统管理员", *FIRST)
    assert refused.exit_code == 1
    assert "不同的人" in refused.output
    assert "已授予" in good(run("grant", "first-system", "系统管理员", *SECOND))
    account = on_database(pg_url, lambda conn: by_name(conn, "first-system"))
    assert account.roles == ("system_officer",)
    assert account.must_change
    assert asyncio.run(passwords.matches(password[1], account.password))


def test_a_password_may_be_typed_and_is_then_not_shown(run: Any, pg_url: str) -> None:
    said = good(
        run(
            "create",
            "typed",
            "--name",
            "某人",
            "--ask",
            *FIRST,
            typed="four-words-of-mine\nfour-words-of-mine\n",
        )
    )
    assert "four-words" not in said
    weak = run("create", "typed-too", "--name", "某人", "--ask", *FIRST, typed="short\nshort\n")
    assert weak.exit_code == 1
    assert "至少" in weak.output


def test_an_account_is_locked_unlocked_reset_and_listed(run: Any, pg_url: str) -> None:
    good(run("create", "clerk-one", "--name", "何晓梅", "--area", "1401", *FIRST))
    good(run("grant", "clerk-one", "clerk", *SECOND))
    good(run("lock", "clerk-one", *SECOND))
    assert "clerk-one  何晓梅  经办受理  1401  已锁定" in good(run("list", "--locked"))
    good(run("unlock", "clerk-one", *SECOND))
    assert "clerk-one" not in good(run("list", "--locked"))
    assert "初始密码" in good(run("reset", "clerk-one", "密码", *SECOND))
    assert "初始密码" not in good(run("reset", "clerk-one", "验证码", *SECOND))
    good(run("withdraw", "clerk-one", "经办受理", *SECOND))
    assert "没有角色" in good(run("list"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("grant", "nobody", "医生", *SECOND), "没有账号"),
        (("grant", "first-system", "院长", *SECOND), "没有角色 院长"),
        (("create", "Bad Name", "--name", "某人", *FIRST), "登录名须为"),
        (("create", "x1", "--name", "某人", "--institution", "H0", *FIRST), "没有机构"),
        (("code", "nobody"), "没有演示账号"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said(run: Any, command: tuple[str, ...], said: str) -> None:
    result = run(*command)
    assert result.exit_code == 1
    assert said in result.output


def test_no_password_is_ever_an_argument() -> None:
    options = {
        option for command in access.commands.values() for param in command.params for option in param.opts
    }
    assert not {option for option in options if "pass" in option}


def test_the_demonstrations_accounts_are_made_once_and_one_for_each_role(pg_url: str) -> None:
    wanted = accounts(WORLD)

    async def twice(conn: Any) -> tuple[int, int]:
        at = datetime(2024, 1, 1, tzinfo=UTC)
        return await make(conn, VAULT, wanted, at), await make(conn, VAULT, wanted, at)

    assert on_database(pg_url, twice) == (len(wanted), 0)
    assert {account.role for account in wanted} == set(ROLES) - {"member"}
    assert len({account.username for account in wanted}) == len(wanted)


def test_the_demonstrations_vouchers_are_those_of_living_members() -> None:
    numbers = {row["number"]: row["psn_no"] for row in WORLD.tables["members_credential"]}
    dead = {row["psn_no"] for row in WORLD.tables["members_person"] if row["died_on"]}
    assert all(token in numbers and numbers[token] not in dead for token, _ in VOUCHERS)


def test_the_present_code_of_a_demonstrations_account_is_told(run: Any) -> None:
    told = good(run("code", "auditor")).strip()
    secret = factor.demonstration_secret("auditor")
    assert factor.step_of(secret, told, datetime.now(UTC)) is not None


def test_the_welcome_names_every_account_and_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGJI_DEMO", "1")
    text = serve._welcome("127.0.0.1", 8000, 2)
    assert all(account.username in text for account in accounts(WORLD))
    assert PASSWORD in text
    assert "http://127.0.0.1:8000/signin" in text
    assert all(token in text for token, _ in VOUCHERS)
    monkeypatch.delenv("GONGJI_DEMO")
    assert PASSWORD not in serve._welcome("127.0.0.1", 8000, 2)


def test_the_welcome_of_a_server_in_service_says_what_is_needed_before_anybody_can_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GONGJI_DEMO", "GONGJI_HTTPS"):
        monkeypatch.delenv(name, raising=False)
    text = serve._welcome("127.0.0.1", 8000, 2)
    for words in ("https", "GONGJI_HTTPS=0", "access", "docs/operations.md", "Ctrl+C"):
        assert words in text
    assert " demo" not in text, "there is nothing of the demonstration to play on"
    monkeypatch.setenv("GONGJI_HTTPS", "0")
    assert "https" not in serve._welcome("127.0.0.1", 8000, 2)


def test_the_log_of_a_server_has_no_addresses_that_were_asked_for() -> None:
    assert serve._log_config()["loggers"]["django"]["level"] == "ERROR"


def test_the_matrix_is_written_after_its_mark(run: Any, tmp_path: Path) -> None:
    from gongji.access.page import MARK, matrix_text

    page = tmp_path / "page.md"
    page.write_text(f"before\n{MARK}\nold\n", "utf-8")
    good(run("matrix", "--into", page))
    assert page.read_text("utf-8") == f"before\n{MARK}\n\n{matrix_text()}"
    page.write_text("nothing", "utf-8")
    assert run("matrix", "--into", page).exit_code == 1
    assert "参保人" in good(run("matrix"))
