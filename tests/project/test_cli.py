"""The root of the command line: what it loads, and how it speaks."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner, Result

import gongji
from gongji.project.cli import COMMANDS, main
from gongji.project.cli.root import ChineseCommand


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_version_is_the_packages() -> None:
    assert ran("--version").output == f"gongji {gongji.__version__}\n"


def test_help_lists_every_command_in_chinese() -> None:
    shown = ran("--help").output
    assert all(name in shown and lazy.help in shown for name, lazy in COMMANDS.items())
    assert "用法：" in shown
    assert "Usage" not in shown
    assert "Options" not in shown


def test_asking_for_help_loads_no_framework() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom gongji.project.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print(*sorted({'django', 'asyncpg', 'psycopg', 'starlette', 'uvicorn', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_table_exists(name: str) -> None:
    module, _, attribute = COMMANDS[name].target.partition(":")
    assert isinstance(getattr(importlib.import_module(module), attribute), click.Command)


def test_an_unknown_command_names_those_that_exist() -> None:
    done = ran("pay")
    assert done.exit_code == 2
    assert "没有命令 pay" in done.output
    assert "quote" in done.output


def test_an_unknown_option_is_named_in_chinese() -> None:
    done = ran("db", "status", "--all")
    assert done.exit_code == 2
    assert "错误：没有选项 --all" in done.output


def test_a_missing_argument_is_named_in_chinese() -> None:
    done = ran("db", "backup")
    assert done.exit_code == 2
    assert "错误：缺少参数" in done.output


def test_kinds_of_values_and_defaults_are_said_in_chinese() -> None:
    @click.command(cls=ChineseCommand)
    @click.option("--port", type=click.IntRange(0), default=8000, show_default=True, help="端口。")
    @click.option("--name", required=True, help="名称。")
    def command(port: int, name: str) -> None: ...

    shown = CliRunner().invoke(command, ["--help"]).output
    assert "--port 整数" in shown
    assert "[默认 8000" in shown
    assert "--name 文字" in shown
    assert "[必填]" in shown
