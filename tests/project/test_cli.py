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
from gongji.project.cli.root import LazyCommand, LazyGroup


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


def test_a_command_whose_own_dependency_is_missing_is_not_called_unwritten() -> None:
    @click.group(
        cls=LazyGroup, commands_by_name={"x": LazyCommand("tests.project.needs_what_is_missing:x", "试")}
    )
    def group() -> None: ...

    done = CliRunner().invoke(group, ["x"])
    assert isinstance(done.exception, ModuleNotFoundError)
    assert done.exception.name == "no_such_distribution"
