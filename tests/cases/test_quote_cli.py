"""`gongji quote` answers one question from flags or a file, with formula and article, and says clearly what
is wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongji.project.cli import main

AGED = Path(__file__).parent.parent / "policy" / "schemes" / "age_and_doctor.yaml"
PLAIN = ("--region", "14", "--date", "2024-08-15", "--status", "active", "--place", "class3")


def quote(*args: str) -> Result:
    return CliRunner().invoke(main, ["quote", *args])


def amounts(*args: str) -> dict[str, int]:
    result = quote(*args, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, int] = json.loads(result.stdout)["amounts"]
    return found


def test_a_quote_shows_formula_and_article_of_every_step() -> None:
    result = quote(*PLAIN, "--line", "A:100.00")
    assert result.exit_code == 0
    assert "70.00 × 65% = 45.50" in result.output
    assert "SX2024-11.s1.e3 晋医保发〔2024〕11号 一" in result.output
    assert "个人负担 54.50 元：现金 54.50 元。" in result.output


@pytest.mark.clause("SX2022-27.art21.b", "SX2024-11.s1.i")
def test_lines_are_written_short() -> None:
    found = amounts(
        *PLAIN, "--line", "A:100.00", "--line", "B:200.00:drug", "--line", "B:12.00x10@10.00:drug"
    )
    assert (found["total_fen"], found["over_limit_fen"], found["prepay_fen"]) == (42_000, 2_000, 1_500)


@pytest.mark.parametrize(
    ("line", "name", "fen"),
    [
        ("A:12.00×10", "total_fen", 12_000),
        ("a:12", "total_fen", 1_200),
        ("A：12.00", "total_fen", 1_200),
        ("A:90.00:drug:restriction_met=false", "full_selfpay_fen", 9_000),
        ("C:8.00:delivery", "account_payable_fen", 0),
        ("A:90.00:name=阿莫西林", "in_scope_fen", 9_000),
    ],
)
def test_a_line_says_what_it_means(line: str, name: str, fen: int) -> None:
    assert amounts(*PLAIN, "--line", line)[name] == fen


def test_the_answer_also_uses_the_names_of_case_files() -> None:
    result = quote(*PLAIN, "--line", "A:100", "--own", "20", "--used-pool", "10", "--json")
    computed = json.loads(result.stdout)["computed"]
    assert (computed["pool_pay"], computed["ratio"], computed["ytd_pool"]) == ("45.50", "0.65", "55.50")
    assert (computed["account_pay"], computed["own_account"], computed["cash_pay"]) == (
        "20.00",
        "0.00",
        "34.50",
    )


def test_what_was_used_so_far_counts() -> None:
    found = amounts(*PLAIN, "--line", "A:100", "--used-deductible", "285", "--used-pool", "2480")
    assert (found["deductible_fen"], found["pool_pay_fen"]) == (1_500, 2_000)


def test_what_the_visit_was_already_charged_counts() -> None:
    assert amounts(*PLAIN, "--line", "A:100", "--used", "visit_deductible=20")["deductible_fen"] == 1_000


def test_balances_pay_in_their_order() -> None:
    found = amounts(*PLAIN, "--line", "A:100", "--own", "20", "--family", "10", "--family", "100")
    assert (found["account_fen"], found["mutual_fen"], found["cash_fen"]) == (2_000, 3_450, 0)


def test_a_fact_changes_the_answer() -> None:
    result = quote(
        *PLAIN[:-1], "pharmacy", "--line", "A:50", "--fact", "prescription=none", "--for", "member"
    )
    assert result.exit_code == 0
    assert "统筹基金不支付，因为：没有门诊统筹定点医疗机构开具的处方" in result.output


def test_the_member_reads_at_most_eight_lines() -> None:
    result = quote(*PLAIN, "--line", "A:100", "--for", "member")
    assert 2 <= len(result.output.strip().splitlines()) <= 8


def test_the_agency_reads_accumulators_before_and_after() -> None:
    assert "年度起付累计：0.00 → 30.00" in quote(*PLAIN, "--line", "A:100", "--for", "agency").output


def test_the_machine_reads_the_same_as_json() -> None:
    assert (
        quote(*PLAIN, "--line", "A:100", "--for", "machine").output
        == quote(*PLAIN, "--line", "A:100", "--json").output
    )


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_question_may_come_from_a_file(tmp_path: Path, form: str) -> None:
    asked = {
        "region": "14",
        "date": "2024-08-15",
        "status": "retired",
        "place": "class3",
        "lines": ["A:100.00", {"cat": "B", "amount": "33.33", "type": "drug"}],
        "used_deductible": "0.00",
        "facts": {"voucher": "yes"},
        "family": ["10.00"],
    }
    import yaml

    path = tmp_path / f"asked.{form}"
    path.write_text(json.dumps(asked) if form == "json" else yaml.safe_dump(asked), encoding="utf-8")
    assert amounts("--file", str(path))["pool_pay_fen"] == 7_116
    assert amounts("--file", str(path), "--status", "active")["pool_pay_fen"] == 6_608


def test_a_value_that_no_document_fixes_is_refused_with_its_article_and_a_way_out() -> None:
    result = quote(*PLAIN, "--line", "B:100:service")
    assert result.exit_code == 1
    assert "政策未规定该项标准" in result.stderr
    assert "晋医保办发〔2022〕27号 第二十条" in result.stderr
    assert "--overlay demo" in result.stderr
    assert quote(*PLAIN, "--line", "B:100:service", "--overlay", "demo").exit_code == 0


def test_a_draft_is_refused_until_it_is_asked_for() -> None:
    qingyang = (
        "--region",
        "6210",
        "--date",
        "2023-05-10",
        "--status",
        "active",
        "--place",
        "level2",
        "--line",
        "A:500",
    )
    refused = quote(*qingyang)
    assert (refused.exit_code, "加 --allow-draft 可以试算" in refused.stderr) == (1, True)
    assert amounts(*qingyang, "--allow-draft")["pool_pay_fen"] == 12_000


def test_a_refusal_is_json_too() -> None:
    result = quote(*PLAIN[:2], "--date", "2029-07-01", *PLAIN[4:], "--line", "A:100", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "NO_ACTIVE_PARAMETER_VERSION"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((*PLAIN,), "至少要有一条费用"),
        ((*PLAIN[2:], "--line", "A:1"), "缺少参保地 region"),
        ((*PLAIN[:2], "--status", "active", "--line", "A:1"), "缺少就医地点 place"),
        (("--region", "abc", *PLAIN[2:], "--line", "A:1"), "不是有效的医保区划"),
        ((*PLAIN, "--date", "08/15", "--line", "A:1"), "日期 date 应写成 2024-08-15 的形式"),
        ((*PLAIN, "--line", "A"), "应写成类别:金额，如 A:100.00"),
        ((*PLAIN, "--line", "D:1"), "第 1 条费用的类别 cat“D”不认识"),
        ((*PLAIN, "--line", "A:1:toy"), "“toy”不认识"),
        ((*PLAIN, "--line", "A:1e9"), "不是金额"),
        ((*PLAIN, "--line", "A:1.234"), "小数位超过 2 位"),
        ((*PLAIN, "--line", "A:-5"), "不能是负数"),
        ((*PLAIN, "--line", "A:5", "--own", "-1"), "本人账户余额不能是负数"),
        ((*PLAIN, "--line", "A:5", "--fact", "voucher"), "--fact 应写成 名称=取值"),
        ((*PLAIN, "--line", "A:5", "--fact", "voucher=perhaps"), "没有“perhaps”这个取值"),
        ((*PLAIN, "--line", "A:5", "--fact", "colour=red"), "没有“colour”这个属性"),
        ((*PLAIN, "--line", "A:5", "--fact", "age=七十二"), "周岁（age）须为 0 至 150 的整数：七十二"),
        ((*PLAIN, "--line", "A:5", "--used", "luck=3"), "--used 没有“luck”"),
        ((*PLAIN, "--line", "A:5", "--overlay", "absent.yaml"), "没有文件 absent.yaml"),
        ((*PLAIN, "--line", "A:5", "--file", "absent.yaml"), "打不开文件"),
        ((*PLAIN, "--status", "tired", "--line", "A:5"), "人员状态（status）没有“tired”这个取值"),
        ((*PLAIN, "--line", "A:5", "--for", "nobody"), "参数 '--for' 的值不对"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(args: tuple[str, ...], words: str) -> None:
    result = quote(*args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("facts", "pool"),
    [(["age=59"], "100.00"), (["age=72"], "120.00"), (["age=80", "family_doctor=yes"], "150.00")],
)
def test_an_age_decides_where_a_regions_file_says_so(facts: list[str], pool: str) -> None:
    """Deductible 20.00 a day; of 200.00 the scheme pays 50 % below sixty, 60 % from sixty, 75 % from eighty on contract."""
    given = [word for fact in facts for word in ("--fact", fact)]
    result = quote(
        "--overlay", str(AGED), "--region", "4490", "--date", "2024-08-15", "--status", "retired",
        "--fact", "kind=hospital", "--line", "A:220.00", "--json", *given,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["computed"]["pool_pay"] == pool


def test_a_quote_imports_neither_django_nor_a_database_driver() -> None:
    code = (
        "import sys; from gongji.project.cli import main\n"
        f"try: main(['quote', *{list(PLAIN)!r}, '--line', 'A:100'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'django', 'asyncpg', 'psycopg', 'numba', 'numpy', 'starlette'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
