"""`gongji policy` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongji.project.cli.policy import policy
from tests.policy.help import document, sets


def run(*arguments: str) -> Result:
    return CliRunner().invoke(policy, list(arguments), standalone_mode=True)


def test_check_passes_on_the_built_in_law_and_names_what_is_open() -> None:
    result = run("check", "--today", "2024-08-15")
    assert result.exit_code == 0, result.output
    assert "2023-01-01 至 2029-06-30" in result.output
    assert "prepay.b_service" in result.output
    assert "错误 0 条" in result.output


def test_check_as_json_is_for_machines() -> None:
    content = json.loads(run("check", "--today", "2024-08-15", "--json").output)
    assert len(content["digest"]) == 64
    assert {finding["level"] for finding in content["findings"]} == {"warning", "notice"}


def test_check_fails_on_two_documents_in_conflict_and_names_both(tmp_path: Path) -> None:
    path = tmp_path / "conflict.yaml"
    path.write_text(document(sets("T1.a", 'deductible.year_stop: "200.00"'), region="14"), encoding="utf-8")
    result = run("check", "--file", str(path))
    assert result.exit_code == 1
    assert "晋医保发〔2024〕11号" in result.output
    assert "测试〔T1〕" in result.output


def test_check_fails_on_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "gap.yaml"
    values = 'deductible.per_visit: none, rate.pool: "60%", ceiling.per_year: none'
    body = (
        f"provisions:\n  - {{clause: T1.a, text: 甲, until: 2024-02-29, sets: {{{values}}}}}\n"
        f"  - {{clause: T1.b, text: 乙, from: 2024-03-02, sets: {{{values}}}}}\n"
    )
    path.write_text(document(body), encoding="utf-8")
    result = run("check", "--file", str(path))
    assert result.exit_code == 1
    assert "2024-03-01 至 2024-03-01" in result.output


def test_show_lists_values_with_articles() -> None:
    result = run("show", "14", "--on", "2024-08-15")
    assert result.exit_code == 0
    assert (
        "在职职工：2500.00 元  （晋医保发〔2024〕11号 一〔SX2024-11.s1.a〕，2024-07-01 至 2029-06-30）"
        in result.output
    )
    assert "未规定" in result.output


def test_show_marks_a_draft_and_the_demo_values() -> None:
    result = run("show", "6210", "--on", "2024-08-15", "--demo")
    assert "草案" in result.output
    assert "演示用，非政策规定" in result.output


def test_show_of_an_unknown_region_says_so() -> None:
    result = run("show", "77", "--on", "2024-08-15")
    assert result.exit_code == 1
    assert "没有该地区的政策" in result.output


def test_show_as_it_was_known_earlier() -> None:
    result = run("show", "14", "--on", "2024-08-15", "--published-on", "2024-05-20")
    assert "1800.00 元" in result.output
    assert "2500.00 元" not in result.output


def test_diff_counts_the_changes() -> None:
    result = run("diff", "--from", "2024-06-30", "--to", "2024-07-01", "14")
    assert result.exit_code == 0
    assert "共 12 处变化" in result.output
    assert "1800.00 元" in result.output


@pytest.mark.clause("SX2024-11.s1.d")
def test_explain_gives_words_document_value_dates_and_what_was_before() -> None:
    output = run("explain", "SX2024-11.s1.d").output
    for words in (
        "参保职工年度起付累计达到300元",
        "晋医保发〔2024〕11号 一",
        "300.00 元",
        "2024-07-01",
        "此前 不设",
        "决定 A05",
    ):
        assert words in output


def test_explain_of_an_unknown_clause_offers_neighbours() -> None:
    result = run("explain", "SX2024-11.s9")
    assert result.exit_code == 1
    assert "SX2024-11.s0" in result.output


@pytest.mark.parametrize("command", [["show", "14", "--on", "2024-08-15"], ["explain", "QY.art15.b"]])
def test_every_answer_has_a_machine_form(command: list[str]) -> None:
    assert json.loads(run(*command, "--json").output)


def test_a_file_with_mistakes_is_named_and_nothing_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(document(sets("T1.a", "ceiling.per_year: 2500.00")), encoding="utf-8")
    result = run("show", "14", "--on", "2024-08-15", "--overlay", str(path))
    assert result.exit_code == 1
    assert "wrong.yaml:5" in result.output
