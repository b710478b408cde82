"""`gongji clauses` as an engineer uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongji.project.cli.clauses import clauses


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "src" / "gongji").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(clauses, [str(argument) for argument in arguments])


def test_show_prints_the_words_and_what_they_ask(checkout: Path) -> None:
    result = run("show", "SX2022-27.art22", "--root", checkout)
    assert result.exit_code == 0
    assert "起付标准按一次计算" in result.output
    assert "状态  待办" in result.output


def test_show_of_an_article_prints_each_of_its_clauses(checkout: Path) -> None:
    lines = run("show", "SX2022-27.art21", "--root", checkout).output.splitlines()
    assert [line for line in lines if line.startswith("条文")] == [
        f"条文  SX2022-27.art21.{x}" for x in "abcd"
    ]


def test_show_of_an_unknown_clause_is_refused_in_chinese(checkout: Path) -> None:
    result = run("show", "SX2022-27.art99", "--root", checkout)
    assert (result.exit_code, "没有条文 SX2022-27.art99" in result.output) == (1, True)


def test_check_refuses_a_missing_page(checkout: Path) -> None:
    result = run("check", "--root", checkout)
    assert (result.exit_code, "已过时" in result.output) == (1, True)


def test_a_page_just_written_passes_the_check(checkout: Path) -> None:
    assert run("write", "--root", checkout).exit_code == 0
    assert run("check", "--root", checkout).exit_code == 0


def test_a_new_citation_makes_the_page_stale(checkout: Path) -> None:
    run("write", "--root", checkout)
    (checkout / "src" / "gongji" / "a.py").write_text("# SX2022-27.art22\n")
    assert run("check", "--root", checkout).exit_code == 1


def test_an_unknown_citation_is_refused_with_its_file(checkout: Path) -> None:
    (checkout / "src" / "gongji" / "a.py").write_text("# SX2022-27.art99\n")
    result = run("write", "--root", checkout)
    assert result.exit_code == 1
    assert "src/gongji/a.py：SX2022-27.art99" in result.output


def test_a_test_file_that_cannot_be_read_is_named_with_its_line(checkout: Path) -> None:
    (checkout / "tests").mkdir()
    (checkout / "tests" / "test_a.py").write_text("x = 1\nx = = 2\n")
    result = run("write", "--root", checkout)
    assert (result.exit_code, "tests/test_a.py 第 2 行" in result.output) == (1, True)


def test_open_lists_only_the_kind_asked_for(checkout: Path) -> None:
    lines = run("open", "--kind", "accounting", "--root", checkout).output.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == [
        "SX2022-27.art27",
        "SX2022-27.art28.a",
        "SX2022-27.art28.b",
    ]


def test_outside_a_checkout_the_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check")
    assert (result.exit_code, "不在源码目录" in result.output) == (1, True)
