"""A case of the insured side is read exactly or refused with the place of the mistake, and it fails when it should."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from gongji.cases import form
from gongji.cases.document import document
from gongji.cases.form import CaseError
from gongji.cases.insured.form import InsuredCase
from gongji.cases.insured.ops import OPS
from gongji.cases.insured.people import read_contributions
from gongji.cases.insured.runner import run_insured
from gongji.cases.laws import Laws
from gongji.cases.loader import load, read
from gongji.cases.runner import CaseResult, FileResult
from gongji.cases.tree import Map
from gongji.project.cli import main

GOLDEN = Path(__file__).parent.parent / "golden"
FILES = sorted(GOLDEN.glob("members*.yaml"))

CASE = """
cases:
- id: T1
  title: 一例
  policy: SX
  clauses: [SX2021-103.s2.3.a]
  fixtures: {account.retired_monthly: '70.00'}
  start: {ytd_pool: '10.00'}
  person:
    born: '1960-01-01'
    relations: [{from: '2010-01-01', category: employee}]
    contributions: [{month: '2023-05', base: '6000.00'}]
    account: '10.00'
  relatives: [{name: 配偶, account: '30.00', limits: [{user: 本人, per_month: '5.00'}]}]
  steps:
  - op: credit
    month: '2023-05'
    expect: {amount: '120.00', own_account: '130.00'}
    working: 6000×2%
  - op: bind
    who: 配偶
    date: '2023-06-01'
    user: 本人
    relation: spouse
    expect: {reason: null, owners: [配偶]}
    working: 绑定
  - op: settle
    date: '2023-06-02'
    place: class3
    flags: {voucher: true}
    lines: [{cat: C, amount: '200.00'}]
    expect: {account_pay: '130.00', mutual_pay: '5.00', draws: [配偶 5.00], cash_pay: '65.00'}
    working: 130+5+65
"""


def changed(old: str, new: str) -> str:
    assert old in CASE
    return CASE.replace(old, new)


def run(text: str) -> CaseResult:
    file = read(text, "f.yaml")
    return run_insured(file.insured[0], Laws(file))


def test_the_sample_passes() -> None:
    assert run(CASE).passed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("op: credit", "op: credits", "op“credits”不认识"),
        ("op: credit", "op: credit\n    lines: []", "步骤里没有“lines”这个名称"),
        ("    month: '2023-05'\n", "", "月度计入缺少 month"),
        ("month: '2023-05'\n", "month: '2023-13'\n", "month 应写成 2023-05 的形式"),
        ("amount: '120.00', own", "amuont: '120.00', own", "expect 里没有“amuont”这个名称"),
        ("amount: '120.00', own", "amount: '120.001', own", "expect 的 amount 不是金额"),
        ("who: 配偶", "who: 邻居", "who“邻居”不认识；可用的有：本人、配偶"),
        ("date: '2023-06-02'", "date: '2023-06-31'", "日期 date 应写成"),
        ("    date: '2023-06-02'\n", "", "缺少日期 date"),
        ("flags: {voucher: true}", "flags: {arrears: true}", "flags 的 arrears 由人员的事实决定"),
        ("flags: {voucher: true}", "flags: {offsite: none}", "请写在 filings 和 area 里"),
        ("flags: {voucher: true}", "flags: {vouchr: true}", "flags 里没有“vouchr”这个名称"),
        ("category: employee", "category: pensioner", "relations 的 category“pensioner”不认识"),
        ("born: '1960-01-01'", "birth: '1960-01-01'", "person 里没有“birth”这个名称"),
        ("account: '10.00'", "account: '-10.00'", "本人的 account 不能是负数"),
        ("name: 配偶, account", "name: 本人, account", "人员的名称重复"),
        ("base: '6000.00'", "base: abc", "contributions 的 base 不是金额"),
        ("base: '6000.00'", "base: '1.00', until: '2023-04'", "contributions 的 until 早于 month"),
        ("born: '1960-01-01'", "family: [{owner: 本人}]", "本人的 family 的 owner“本人”应是另一个人"),
        ("born: '1960-01-01'", "family: [{owner: 姐姐}]", "本人的 family 的 owner“姐姐”应是另一个人"),
        ("born: '1960-01-01'", "born: '1060-01-01'", "born 应在 1900 至 2199 年之间"),
        ("from: '2010-01-01', category", "region: abc, category", "relations 的 region：不是有效的医保区划"),
        ("date: '2023-06-02'", "date: '2023-06-02'\n    area: '1'", "area：不是有效的医保区划"),
        ("start: {ytd_pool", "start: {own_account", "start 里没有“own_account”这个名称"),
        ("  person:\n", "  people: []\n  person:\n", "案例里没有“people”这个名称"),
        ("user: 本人, per_month: '5.00'", "user: 本人, per_week: '5.00'", "limits 里没有“per_week”这个名称"),
    ],
)
def test_a_mistake_is_named_with_file_and_case(old: str, new: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(changed(old, new), "f.yaml")
    text = str(caught.value)
    assert text.startswith("f.yaml：案例 T1")
    assert words in text


def test_a_mistake_in_a_step_names_the_step_and_an_unknown_name_its_line() -> None:
    with pytest.raises(CaseError, match=r"f\.yaml：案例 T1 第 0 步（第 16 行起）：步骤里没有“colour”"):
        read(changed("op: credit\n", "op: credit\n    colour: red\n"), "f.yaml")


@pytest.mark.parametrize("written", ["account.retired_mothly: '70.00'", "account.retired_monthly: '70'"])
def test_a_fixture_that_the_policy_library_does_not_take_is_an_error(written: str) -> None:
    text = changed("account.retired_monthly: '70.00'", written)
    with pytest.raises(CaseError, match="案例 T1：政策不能使用"):
        run(text)


def test_shares_and_payees_must_match() -> None:
    step = "  - {op: withdraw, date: '2023-06-01', ground: death, payees: [甲, 乙], shares: ['1'], expect: {reason: null}}\n"
    with pytest.raises(CaseError, match="shares 有 1 项，收款人 payees 有 2 位"):
        read(CASE + step, "f.yaml")
    with pytest.raises(CaseError, match="shares 的每份应写成 1/2 的形式"):
        read(CASE + step.replace("['1']", "['一半', '1/2']"), "f.yaml")


def test_a_case_of_the_insured_side_and_a_settlement_may_not_share_an_id() -> None:
    other = "- {id: T1, policy: SX, steps: [{op: refund, ref: 0}, {op: refund, ref: 0}]}\n"
    with pytest.raises(CaseError):
        read(CASE + other, "f.yaml")


def test_contributions_of_many_months_are_one_line() -> None:
    from gongji.cases.fields import Place

    given = Map(month="2023-11", until="2024-02", base="1.00")
    found = list(read_contributions(Place("f"), given))
    assert [one.month for one in found] == [
        date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1),
    ]  # fmt: skip
    assert found[3].figures.due_on == found[3].figures.paid_on == date(2024, 2, 29)


def test_a_wrong_amount_is_a_difference() -> None:
    result = run(changed("cash_pay: '65.00'", "cash_pay: '65.01'"))
    assert [(d.name, d.expected, d.computed) for d in result.steps[2].differences] == [
        ("cash_pay", "65.01", "65.00")
    ]


def test_a_refusal_that_nobody_expected_is_a_difference() -> None:
    result = run(changed("reason: null, owners", "owners").replace("relation: spouse", "relation: friend"))
    names = [d.name for d in result.steps[1].differences]
    assert sorted(names) == ["owners", "reason"]
    assert result.steps[1].differences[1].computed == "FAMILY_RELATION_NOT_ALLOWED"


def test_an_expected_refusal_that_does_not_come_is_a_difference() -> None:
    result = run(changed("reason: null, owners", "reason: FAMILY_SELF, owners"))
    assert [(d.name, d.computed) for d in result.steps[1].differences] == [("reason", "无")]


def everything() -> list[tuple[Path, InsuredCase]]:
    return [(path, case) for path in FILES for case in load(path).insured]


def other_value(kind: str, value: Any) -> Any:
    """A value of the same kind that differs."""
    if value is None:
        return {form.TEXT: "ANOTHER", form.DAY: date(1999, 1, 1)}.get(kind, 1)
    if kind in (form.MONEYS, form.WORDS):
        return (*value, "另一项" if kind == form.WORDS else 1)
    if kind == form.SWITCH:
        return not value
    if kind == form.DAY:
        return date(1999, 1, 1)
    return f"{value}x" if kind == form.TEXT else value + 1


def test_every_expectation_of_the_golden_cases_can_fail() -> None:
    """Each expected value of each step, changed alone, is reported."""
    silent = []
    for path in FILES:
        file = load(path)
        laws = Laws(file)
        for case in file.insured:
            wrong = msgspec.structs.replace(
                case,
                steps=tuple(
                    msgspec.structs.replace(
                        step,
                        expect={
                            name: other_value(OPS[step.op].expect[name], value)
                            for name, value in step.expect.items()
                        },
                    )
                    for step in case.steps
                ),
            )
            for step in run_insured(wrong, laws).steps:
                missed = set(step.step.expect) - {difference.name for difference in step.differences}
                silent += [(case.id, step.step.index, name) for name in missed]
    assert silent == []


def test_another_rate_of_the_law_breaks_the_cases_that_calculate_with_it() -> None:
    """The figures come from the law: 3 % instead of 2 % and every case of a monthly credit on a base fails."""
    file = load(GOLDEN / "members_accounts.yaml", frozenset({"MA001", "MA002", "MA003", "MA007", "MA033"}))
    laws = Laws(file)
    for case in file.insured:
        switched = msgspec.structs.replace(case, switches={"account.credit_rate": "3%"})
        assert not run_insured(switched, laws).passed, case.id


def test_every_operation_is_used_by_a_golden_case() -> None:
    used = {step.op for _, case in everything() for step in case.steps}
    assert set(OPS) - used == set()


def test_the_command_shows_and_prints_the_insured_side() -> None:
    shown = CliRunner().invoke(
        main, ["cases", "run", str(GOLDEN / "members_accounts.yaml"), "--case", "MA001"]
    )
    assert shown.exit_code == 0
    assert "1 个案例，1 步：全部通过" in shown.output
    printed = CliRunner().invoke(
        main, ["cases", "run", str(GOLDEN / "members_family.yaml"), "--case", "MF001", "--json"]
    )
    document = json.loads(printed.stdout)
    assert document["totals"]["cases"] == 1
    first, second = document["files"][0]["cases"][0]["steps"]
    assert (first["who"], first["computed"]["draws"]) == ("本人", ["配偶 30.00"])
    assert first["explanation"]["schema"] == "gongji.explanation/1"
    assert (second["op"], second["who"], second["computed"]["own_account"]) == ("balance", "配偶", "0.00")


def test_the_json_of_a_refused_step_says_reason_and_article() -> None:
    printed = CliRunner().invoke(
        main, ["cases", "run", str(GOLDEN / "members_withdrawals.yaml"), "--case", "MW001", "--json"]
    )
    step = json.loads(printed.stdout)["files"][0]["cases"][0]["steps"][0]
    assert step["error"] == "WITHDRAWAL_NOT_ALLOWED"
    assert step["computed"]["clause"] == "QY.art8.d"
    assert "个人账户原则上不得提取现金" in step["error_text"]


VALUES = (
    *(
        "''",
        "null",
        "[]",
        "{}",
        "'-1'",
        "'0'",
        "'9'",
        "abc",
        "'*'",
        "本人",
        "配偶",
        "yes",
        "'1/3'",
        "'140800'",
        "[本人]",
    ),
    *("'2024-02-29'", "'1900-01-01'", "'2199-12-31'", "'0001-01-01'", "'2023-12'", "'999999999999.99'"),
)
VALUE = re.compile(r"(?<=: )(?:'[^']*'|[\w.]+)(?=[,}\n\]])")


def test_whatever_is_written_runs_or_is_an_error_of_the_file() -> None:
    """Golden cases with one to three values replaced at random: an answer, or a CaseError that names the file."""
    chance = random.Random(20241122)
    cases = [
        part for path in FILES for part in re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))[1:]
    ]
    ran, mistakes = 0, list[str]()
    for _ in range(400):
        text = chance.choice(cases)
        for _ in range(chance.randint(1, 3)):
            found = chance.choice(list(VALUE.finditer(text)))
            text = f"{text[: found.start()]}{chance.choice(VALUES)}{text[found.end() :]}"
        try:
            file = read(f"cases:\n{text}", "f.yaml")
            laws = Laws(file)
            json.dumps(
                document([FileResult("f.yaml", {}, tuple(run_insured(case, laws) for case in file.insured))])
            )
            ran += 1
        except CaseError as error:
            mistakes.append(str(error))
    assert ran > 50
    assert [text for text in mistakes if not text.startswith("f.yaml：")] == []
