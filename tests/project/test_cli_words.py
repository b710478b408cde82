"""Every command's help and every slip of the fingers is answered in Chinese; what fails outside is one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gongji.project.cli import main
from gongji.project.cli.desk import RECORD_NO, actor_option, actor_text
from gongji.project.cli.root import ChineseGroup
from gongji.project.cli.words import sentence_in_chinese


def walked(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from walked(below, (*path, name))


COMMANDS = tuple(walked(main))


def ran(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, list(arguments))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_has_no_words_of_click(path: tuple[str, ...]) -> None:
    shown = ran(*path, "--help").output
    assert "用法：" in shown
    assert not re.search(r"Usage|Options|Show this|default:|required|DIRECTORY|_DAY|%Y|<=x|x>=", shown)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_wrong_option_is_refused_in_chinese(path: tuple[str, ...]) -> None:
    done = ran(*path, "--nonsense")
    assert done.exit_code == 2
    assert "错误：没有选项 --nonsense" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("accounts", "cases", "--person"), "选项 --person 的用法不对：后面没有写内容"),
        (("accounts", "cases", "--overdue=x"), "选项 --overdue 的用法不对：后面不能写内容"),
        (("accounts", "cases", "x", "y"), "多出的内容：x y"),
        (("accounts", "runs", "--limit", "x"), "x 不是整数"),
        (("accounts", "runs", "--limit", "0"), "0 不在范围内（1 至 1000）"),
        (("claims", "show", "9" * 30), "不在范围内"),
        (("claims", "show", "x"), "x 不是整数"),
        (("claims", "calendar", "2024-13-01"), "2024-13-01 不是日期，请写成 2024-07-01"),
        (("claims", "supplement", "1", "--payee", "甲"), "后面须写 3 项内容"),
        (("claims", "receive", "nofile.yaml", "--actor", "甲"), "没有 nofile.yaml"),
        (("claims", "receive", "/", "--actor", "甲"), "/ 是目录，不是文件"),
        (("clauses", "open", "--kind", "x"), "没有 x，可以写 parameter、settlement-rule、"),
        (("members", "show", "P1", "--actor", "  "), "须写明姓名"),
        (("members", "show", "P1", "--actor", "甲" * 51), "须写明姓名"),
        (("members", "show", "\udcd5\udcc5", "--actor", "甲"), "终端的编码不是 UTF-8：张"),
        (("accounts", "credit", "--month", "0001-05", "--actor", "甲"), "须为 2000 年以后的月份"),
        (("policy", "check", "--overlay", "nofile"), "没有文件 nofile"),
    ],
    ids=lambda value: (
        " ".join(value)[:40].encode("ascii", "replace").decode() if isinstance(value, tuple) else None
    ),
)
def test_a_slip_is_named_in_chinese(arguments: tuple[str, ...], said: str) -> None:
    done = ran(*arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_sentence_that_is_not_clicks_stays() -> None:
    assert sentence_in_chinese("须为金额") == "须为金额"


def test_the_demonstrations_overlay_in_the_environment_serves_every_command() -> None:
    assert ran("policy", "show", "14", "--on", "2024-08-15", GONGJI_OVERLAY="demo").exit_code == 0


def test_an_overlay_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gbk.yaml"
    file.write_bytes("document: 补充".encode("gbk"))
    done = ran("policy", "show", "14", "--on", "2024-08-15", "--overlay", str(file))
    assert done.exit_code == 1
    assert "gbk.yaml: 文件不是 UTF-8 编码" in done.output


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("garbage", "DATABASE_URL 写得不对"),
        ("postgresql://127.0.0.1:1/x", "连不上数据库"),
        ("postgresql://nowhere.invalid/x", "找不到 DATABASE_URL 所写的主机"),
    ],
)
@pytest.mark.parametrize(
    "command", [("verify",), ("accounts", "pending"), ("load", "law"), ("explain", "1", "1")]
)
def test_a_database_that_cannot_be_reached_is_said_in_one_sentence(
    command: tuple[str, ...], url: str, said: str
) -> None:
    keys = {"GONGJI_DATA_KEYS": "1:" + "0f" * 16, "GONGJI_INDEX_KEY": "ab" * 32}
    done = ran(*command, DATABASE_URL=url, **keys)
    assert done.exit_code == 1
    assert f"错误：{said}" in done.output
    assert "Traceback" not in done.output


def test_a_mistake_in_the_program_is_not_hidden() -> None:
    group = ChineseGroup("group")

    @group.command()
    def fails() -> None:
        raise RuntimeError("bug")

    assert isinstance(CliRunner().invoke(group, ["fails"]).exception, RuntimeError)


def test_an_officers_name_has_no_idle_spaces() -> None:
    seen: list[str] = []

    @click.command()
    @actor_option("经办人。")
    def command(actor: str) -> None:
        seen.append(actor)

    CliRunner().invoke(command, ["--actor", " 欧阳  敏 "])
    assert seen == ["欧阳 敏"]


def test_the_number_of_a_record_fits_the_database() -> None:
    assert RECORD_NO.max == 2**63 - 1


@pytest.mark.parametrize(
    ("kept", "said"),
    [("agency:张敏", "经办 张敏"), ("system:gongji", "系统 gongji"), ("member:P1", "本人 P1")],
)
def test_who_acted_is_said_in_words(kept: str, said: str) -> None:
    assert actor_text(kept) == said
