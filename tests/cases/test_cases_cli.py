"""`gongji cases run` says which case fails, where and by how much; `--json` says everything that was
computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongji.cases import form
from gongji.cases.document import SCHEMA
from gongji.cases.insured.ops import OPS
from gongji.project.cli import main

GOLDEN = Path(__file__).parent.parent / "golden"
WRONG = """
cases:
- id: T1
  title: 预期写错
  policy: SX
  steps:
  - {op: settle, date: '2024-08-15', status: active, place: class3, lines: [{cat: A, amount: '100.00'}],
     expect: {pool_pay: '45.51', deductible: '30.00'}, working: 故意写错}
- id: T2
  title: 没有预期的错误
  policy: SX
  steps:
  - {op: settle, date: '2029-07-01', status: active, place: class3, lines: [{cat: A, amount: '100.00'}],
     expect: {pool_pay: '45.50'}, working: 已到期}
- id: T3
  title: 正确
  policy: SX
  steps:
  - {op: settle, date: '2024-08-15', status: active, place: class3, lines: [{cat: A, amount: '100.00'}],
     expect: {pool_pay: '45.50'}, working: 70×65%}
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["cases", "run", *map(str, args)])


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def everything() -> dict[str, Any]:
    """The JSON document of all golden files."""
    result = run(*sorted(GOLDEN.glob("*.yaml")), "--json")
    assert result.exit_code == 0
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_golden_files_pass_and_every_case_is_listed() -> None:
    result = run(GOLDEN / "settlement.yaml")
    assert result.exit_code == 0
    assert "112 个案例，140 步：全部通过" in result.output
    assert all(f"G{number:03d}" in result.output for number in range(1, 113))


def test_a_wrong_expectation_is_shown_beside_what_was_computed(wrong: Path) -> None:
    result = run(wrong)
    assert result.exit_code == 1
    assert "T1 预期写错：第 0 步" in result.output
    row = next(line for line in result.output.splitlines() if "pool_pay" in line and "45.51" in line)
    assert "45.50" in row
    assert not any("deductible" in line for line in result.output.splitlines())
    assert "演算：故意写错" in result.output
    assert "不通过 2 个：T1、T2" in result.output


def test_an_error_that_nobody_expected_is_a_failure_with_its_reason(wrong: Path) -> None:
    result = run(wrong, "--case", "T2")
    assert result.exit_code == 1
    assert "NO_ACTIVE_PARAMETER_VERSION" in result.output


def test_one_case_can_be_run_alone(wrong: Path) -> None:
    result = run(wrong, "--case", "T3")
    assert (result.exit_code, "1 个案例，1 步：全部通过" in result.output) == (0, True)


def test_a_case_that_is_in_no_file_is_an_error(wrong: Path) -> None:
    result = run(wrong, "--case", "T9")
    assert result.exit_code == 2
    assert "没有案例 T9" in result.stderr


def test_quiet_shows_failures_only(wrong: Path) -> None:
    assert "T3" not in run(wrong, "--quiet").output


def test_an_unusable_file_does_not_stop_the_others(wrong: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("cases: [", encoding="utf-8")
    result = run(bad, GOLDEN / "chronic.yaml")
    assert result.exit_code == 2
    assert "10 个案例，12 步：全部通过" in result.stdout
    assert "bad.yaml" in result.stderr
    assert "不是有效的 YAML" in result.stderr
    assert "Traceback" not in result.output


def test_json_of_an_unusable_file_is_still_one_document(tmp_path: Path) -> None:
    result = run(tmp_path / "absent.yaml", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 2
    assert document["passed"] is False
    assert "打不开文件" in document["files"][0]["error"]


def test_json_says_that_a_case_failed_and_where(wrong: Path) -> None:
    result = run(wrong, "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["totals"] == {
        "files": 1,
        "files_unusable": 0,
        "cases": 3,
        "cases_failed": 2,
        "steps": 3,
        "steps_failed": 2,
    }
    step = document["files"][0]["cases"][0]["steps"][0]
    assert step["differences"] == [{"name": "pool_pay", "expected": "45.51", "computed": "45.50"}]


def test_json_names_every_amount_of_every_step(everything: dict[str, Any]) -> None:
    assert everything["schema"] == SCHEMA
    for file in everything["files"]:
        for case in file["cases"]:
            for step in case["steps"]:
                if "who" in step:
                    assert set(step["computed"]) <= set(OPS[step["op"]].expect), (case["id"], step["step"])
                    continue
                names = {"error"} if step["error"] else set(form.EXPECTATIONS[step["op"]]) - {"error"}
                assert set(step["computed"]) == names, (case["id"], step["step"])


def test_json_explains_every_settled_step_with_its_clauses(everything: dict[str, Any]) -> None:
    steps = [step for file in everything["files"] for case in file["cases"] for step in case["steps"]]
    settled = [step for step in steps if not step["error"] and step["op"] in ("settle", "as_inpatient")]
    assert len(settled) > 400
    for step in settled:
        assert step["explanation"]["schema"] == "gongji.explanation/1"
        assert step["clauses_cited"]
        assert step["explanation"]["amounts"]["pool_pay_fen"] >= 0


def test_json_amounts_are_texts_in_yuan_and_nothing_is_a_float() -> None:
    def no_float(text: str) -> Any:
        raise AssertionError(text)

    result = run(GOLDEN / "shanxi_refunds.yaml", "--json", "--case", "R004")
    document = json.loads(result.stdout, parse_float=no_float)
    first, second = document["files"][0]["cases"][0]["steps"]
    assert first["computed"]["mutual_pay"] == "44.50"
    assert first["family_draws"] == [
        {"owner": "配偶", "amount": "30.00"},
        {"owner": "儿子", "amount": "14.50"},
    ]
    assert second["computed"]["replay_proposals"] == []
    assert "退回家庭共济账户 配偶：30.00 元" in second["refund_explained"]


def test_parameters_of_a_file_that_differ_from_the_library_are_reported() -> None:
    result = run(GOLDEN / "own_parameters.yaml")
    assert "active class3 支付比例：文件 70%，政策库 65%" in result.output
    document = json.loads(run(GOLDEN / "own_parameters.yaml", "--json").stdout)
    assert set(document["files"][0]["parameters_override"]) == {"SX", "试点"}


def test_parameters_that_agree_with_the_library_override_nothing() -> None:
    document = json.loads(run(GOLDEN / "settlement.yaml", "--json", "--case", "G013").stdout)
    assert document["files"][0]["parameters_override"] == {}
    assert "SX2024-11.s1.e3" in document["files"][0]["cases"][0]["steps"][0]["clauses_cited"]


def test_an_overlay_fills_what_no_document_fixes(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        WRONG.replace("{cat: A, amount: '100.00'}", "{cat: B, amount: '100.00', type: service}"),
        encoding="utf-8",
    )
    assert "PARAMETER_UNSPECIFIED" in run(path, "--case", "T3").output
    assert "PARAMETER_UNSPECIFIED" not in run(path, "--case", "T3", "--overlay", "demo").output


def test_an_overlay_that_is_missing_is_named(wrong: Path) -> None:
    result = run(wrong, "--overlay", "absent.yaml")
    assert result.exit_code == 2
    assert "没有文件 absent.yaml" in result.stderr
