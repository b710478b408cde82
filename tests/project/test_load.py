"""`gongji load`: the law's version and the demonstration data, from the command line."""

import pytest
from click.testing import CliRunner

from gongji.project.cli.load import load
from tests.vaults import ENVIRONMENT


@pytest.fixture
def run(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(load, arguments)


def test_the_law_is_recorded_once_and_its_digest_is_said(run):
    first, second = run("law"), run("law")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "政策库已登记" in first.output
    assert "政策库此前已登记" in second.output
    assert first.output.split("版本 ")[1] == second.output.split("版本 ")[1]


def test_a_law_with_a_mistake_is_not_recorded(run, tmp_path):
    broken = tmp_path / "overlay.yaml"
    broken.write_text("document: {id: X}\n", encoding="utf-8")
    result = run("law", "--overlay", str(broken))
    assert result.exit_code == 1
    assert "没有登记" in result.output


def test_the_demonstration_is_loaded_once(run):
    first, second = run("demo", "--members", "40"), run("demo", "--members", "40")
    assert "参保人 40，定点医药机构 30，目录项目 300" in first.output
    assert "没有改动" in second.output


def test_without_tables_the_command_says_what_to_do(pg_server, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_server.replace("/gongji?", "/postgres?"))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(load, ["demo", "--members", "30"])
    assert result.exit_code == 1
    assert "gongji migrate" in result.output


def test_without_the_keys_of_personal_data_nothing_is_loaded(pg_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", pg_url)
    result = CliRunner().invoke(load, ["demo", "--members", "30"])
    assert result.exit_code == 1
    assert "GONGJI_DATA_KEYS" in result.output
