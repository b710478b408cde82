"""`gongji accounts` on a database: family, premium, transfer, withdrawal, statements, reports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import click
import pytest
from click.testing import CliRunner, Result

from gongji.accounts.cases_rules import check_payees, split
from gongji.project.cli.accounts import accounts
from gongji.project.cli.accounts_desk import payees_in
from tests.accounts.people import HEIR, SECOND_HEIR, add_member, add_places, pay
from tests.vaults import ENVIRONMENT

Run = Callable[..., Result]
DIED = date(2024, 8, 1)
OVERLAY = """\
document:
  id: CLI
  number: 测试补充参数
  title: 个人账户支取和转移
  issuer: 测试
  region: "14"
  status: operator
in_force: {from: 2023-01-01}
fills: yes
provisions:
  - clause: CLI.account
    article: 支取和转移
    text: 测试：死亡或放弃参保可以支取，跨市转移划转余额，多计入的追回
    sets:
      account.cash_withdrawal: on_death_or_leaving
      account.transfer_across: yes
      account.transfer_within_city: no
      account.overcredit_recovered: yes
"""


def made(url: str, work: Callable[[asyncpg.Connection[Any]], Any]) -> Any:
    async def run() -> Any:
        conn = await asyncpg.connect(url)
        try:
            return await work(conn)
        finally:
            await conn.close()

    return asyncio.run(run())


@pytest.fixture
def run(pg_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", pg_url)
    monkeypatch.setenv("GONGJI_OVERLAY", str(overlay))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str, actor: str | None = "张敏") -> Result:
        named = ["--actor", actor] if actor else []
        return CliRunner().invoke(accounts, [*arguments, *named])

    return invoke


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def number_in(text: str) -> str:
    return next(word for word in text.replace("：", " ").split() if word.isdigit() and len(word) > 12)


def today() -> date:
    return datetime.now(UTC).date() + timedelta(days=1)


def test_a_family_is_bound_by_two_officers_limited_reordered_and_revoked(run: Run, pg_url: str):
    owner = made(pg_url, lambda conn: add_member(conn, 100_000))
    user = made(pg_url, add_member)
    asked = good(
        run("bind", owner, user, "--relation", "spouse", "--proof", "marriage_certificate", "--declared")
    )
    number = number_in(asked)
    alone = run("approve", owner, number)
    assert alone.exit_code == 1
    assert "SECOND_PERSON_REQUIRED" in alone.output
    good(run("approve", owner, number, actor="李强"))
    assert "配偶" in good(run("bindings", owner, actor=None))
    good(run("limit", owner, "--per-month", "100.00"))
    good(run("order", user, owner))
    shown = good(run("family", owner, "--from", "2024-01-01", "--until", str(today()), actor=None))
    assert "限额内还可用 100.00 元" in shown
    good(run("revoke", owner, user))
    again = run("revoke", owner, user)
    assert "FAMILY_NOT_BOUND" in again.output


def test_what_is_not_signed_is_not_taken(run: Run, pg_url: str):
    owner = made(pg_url, lambda conn: add_member(conn, 100_000))
    refused = run("bind", owner, owner, "--relation", "spouse", "--proof", "promise")
    assert refused.exit_code == 1
    assert "FAMILY_SELF" in refused.output


def test_a_premium_is_paid_once_and_refunded(run: Run, pg_url: str):
    owner = made(pg_url, lambda conn: add_member(conn, 50_000))
    order = (
        "premium", "pay", owner, "--product", "large_amount", "--year", str(today().year), "--amount", "380.00",
        "--payee", "税务局", "--number", f"N{owner}",
    )  # fmt: skip
    paid = good(run(*order))
    assert "账户余额 120.00 元" in paid
    assert "此前已缴纳" in good(run(*order))
    assert "账户余额 500.00 元" in good(
        run("premium", "refund", owner, number_in(paid.replace("，", " ")), "--reason", "重复")
    )


def test_a_debt_is_paid_back_against_a_receipt_once(run: Run, pg_url: str):
    async def owing(conn: Any) -> str:
        psn_no = await add_member(conn, 0)
        await conn.execute("UPDATE accounts_balance SET receivable_fen = 7500 WHERE psn_no = $1", psn_no)
        return psn_no

    psn_no = made(pg_url, owing)
    order = ("repay", psn_no, "--amount", "30.00", "--receipt", "收据1")
    assert "尚欠 45.00 元" in good(run(*order))
    assert "此前已登记" in good(run(*order))
    refused = run("repay", psn_no, "--amount", "45.01", "--receipt", "收据2")
    assert "AMOUNT_OUT_OF_RANGE" in refused.output


def test_an_amount_that_is_none_is_said_in_chinese(run: Run, pg_url: str):
    refused = run("limit", "X", "--per-month", "1.005")
    assert refused.exit_code == 2
    assert "小数位超过 2 位" in refused.output


def heirs_file(tmp_path: Path, *, share: str = "1/2") -> str:
    file = tmp_path / "heirs.yaml"
    people = (HEIR, SECOND_HEIR)
    rows = [
        f'- {{name: {p.name}, cert_no: "{p.cert_no}", relation: {p.relation}, bank: {p.bank},'
        f' bank_account: "{p.bank_account}", share: "{share}"}}'
        for p in people
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    return str(file)


DOCUMENTS = ("death_certificate", "heir_identity", "relation_proof", "heirs_agreement", "bank_account")


def test_heirs_are_paid_after_a_second_and_a_third_officer(run: Run, pg_url: str, tmp_path: Path):
    dead = made(pg_url, lambda conn: add_member(conn, 81_234, died_on=DIED))
    given = [part for name in DOCUMENTS for part in ("--document", name)]
    withdraw = ("withdraw", dead, "--ground", "death", "--on", str(DIED))
    lacking = run(*withdraw, "--payees", heirs_file(tmp_path), *given[:2])
    assert "继承份额协议或小额承诺书" in lacking.output
    number = number_in(good(run(*withdraw, "--payees", heirs_file(tmp_path, share="50%"), *given)))
    assert "死亡支取：已受理" in good(run("cases", "--person", dead, actor=None))
    good(run("case", "approve", dead, number, actor="李强"))
    assert "支付 812.34 元" in good(run("case", "pay", dead, number, actor="王芳"))
    orders = good(run("case", "orders", dead, number, actor="王芳"))
    assert f"{HEIR.bank_account}  406.17 元" in orders
    good(run("case", "return", dead, number, "--payee", "2", "--note", "户名不符"))
    assert dead in good(run("cases", actor=None))
    good(run("case", "repay", dead, number, "--payees", heirs_file(tmp_path), actor="李强"))
    assert "登记银行退回" in good(run("cases", "--person", dead, actor=None))


def test_cash_for_another_reason_is_refused_with_the_article(run: Run, pg_url: str, tmp_path: Path):
    member = made(pg_url, lambda conn: add_member(conn, 10_000))
    refused = run("withdraw", member, "--ground", "cash", "--on", str(DIED), "--payees", heirs_file(tmp_path))
    assert refused.exit_code == 1
    assert "WITHDRAWAL_NOT_ALLOWED" in refused.output
    assert "计算约定 个人账户支取" in refused.output


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x: 1",
        "- {name: 李四}",
        "- {name: 李四, cert_no: 1, relation: 子女, bank: 行, bank_account: 2}",
        "[unclosed",
    ],
)
def test_a_file_of_payees_that_is_none_is_named_without_what_it_says(run: Run, tmp_path: Path, text: str):
    file = tmp_path / "payees.yaml"
    file.write_text(text, encoding="utf-8")
    refused = run("withdraw", "X", "--ground", "death", "--on", str(DIED), "--payees", str(file))
    assert refused.exit_code == 2
    assert "李四" not in refused.output


def test_a_transfer_goes_out_and_another_comes_in(run: Run, pg_url: str):
    member = made(pg_url, lambda conn: add_member(conn, 81_234))
    to = ("--agency", "太原市医疗保险中心", "--reference", f"T{member}")
    documents = [part for name in ("application", "identity", "certificate") for part in ("--document", name)]
    inside = run("transfer-out", member, "--to", "140830", *to, *documents)
    assert "TRANSFER_WITHIN_CITY" in inside.output
    out = good(run("transfer-out", member, "--to", "140100", *to, *documents))
    assert "期限" in out
    good(run("case", "approve", member, number_in(out), actor="李强"))
    good(run("case", "pay", member, number_in(out), actor="王芳"))
    came = good(run("transfer-in", member, "--from", "140100", *to, "--amount", "812.34"))
    assert "转入：已转入" in came
    assert "记入 812.34 元" in came


def test_statements_are_masked_unless_shown_to_an_officer_which_is_recorded(
    run: Run, pg_url: str, tmp_path: Path
):
    async def visits(conn: asyncpg.Connection[Any]) -> str:
        await add_places(conn)
        psn_no = await add_member(conn, 50_000)
        await pay(conn, psn_no, 5_450)
        return psn_no

    member = made(pg_url, visits)
    shown = good(run("statement", member, "--month", "2024-08", actor=None))
    assert "某社区卫生服务中心" in shown
    assert "期末余额 445.50 元" in shown
    assert "张**" in shown
    assert member not in shown
    clear = good(run("statement", member, "--month", "2024-08", "--full-for", "张敏", actor=None))
    assert "张三丰" in clear
    seen = made(
        pg_url, lambda conn: conn.fetchval("SELECT actor FROM members_access WHERE psn_no = $1", member)
    )
    assert seen == "agency:张敏"
    for name in ("a.csv", "a.xlsx"):
        file = tmp_path / name
        good(run("statement", member, "--month", "2024-08", "--out", str(file), actor=None))
        assert file.stat().st_size > 100
    wrong = run("statement", member, "--month", "2024-08", "--out", str(tmp_path / "a.doc"), actor=None)
    assert wrong.exit_code == 2


def test_a_report_agrees_with_the_books_and_frequent_accounts_are_listed(run: Run, pg_url: str):
    async def visits(conn: asyncpg.Connection[Any]) -> str:
        psn_no = await add_member(conn, 50_000)
        for _ in range(4):
            await pay(conn, psn_no, 100, at=datetime(2024, 9, 1, 2, 0, tzinfo=UTC))
        return psn_no

    member = made(pg_url, visits)
    report = good(
        run("report", "--from", "2024-01-01", "--until", "2024-12-31", "--region", "140800", actor=None)
    )
    assert "平  本人门诊和购药" in report
    assert "不平" not in report
    listed = good(
        run("frequent", "--from", "2024-09-01", "--until", "2024-09-01", "--at-least", "4", actor=None)
    )
    assert f"2024-09-01  {member}  4 次  4.00 元" in listed
    back = run("report", "--from", "2024-12-31", "--until", "2024-01-01", actor=None)
    assert back.exit_code == 2


def test_every_command_has_chinese_help(run: Run):
    for name, command in accounts.commands.items():
        shown = run(name, "--help", actor=None).output
        assert "用法：" in shown, name
        assert any("一" <= character <= "鿿" for character in command.help or ""), name


GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "accounts.md").read_text("utf-8")
SHOWN = [
    line.split("#", 1)[0].split()[3:]
    for line in GUIDE.replace("\\\n", " ").splitlines()
    if line.startswith("$ gongji accounts")
]


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_a_command_that_the_guide_shows_exists_with_its_options(words: list[str]):
    command: Any = accounts
    while isinstance(command, click.Group):
        command = command.commands[words[0]]
        words = words[1:]
    known = {name for param in command.params for name in param.opts}
    assert {word for word in words if word.startswith("--")} <= known
    required = {
        param.opts[0] for param in command.params if param.required and isinstance(param, click.Option)
    }
    assert required <= set(words)


def test_the_guides_file_of_heirs_can_be_read(tmp_path: Path):
    file = tmp_path / "heirs.yaml"
    file.write_text(GUIDE.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    payees = payees_in(file)
    assert check_payees(payees) is None
    assert split(81_234, [payee.share for payee in payees]) == [40_617, 40_617]
