"""How the command line speaks: Chinese help and Chinese errors, sub-commands imported when used.

Click's own words are English. Headings, the help option and errors are said in Chinese here, by the sentences of
`words`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from gongji.project.cli.failures import failure_text
from gongji.project.cli.words import row_in_chinese, sentence_in_chinese

__all__ = ["ChineseCommand", "ChineseGroup", "LazyCommand", "LazyGroup", "error_text"]


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a sub-command lives (`module:object`) and its one line of help."""

    target: str
    help: str


def error_text(error: click.ClickException) -> str:
    """The Chinese sentence for an error of click."""
    match error:
        case click.NoSuchOption():
            near = f"；是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            return f"缺少参数 {_name_of(error)}"
        case click.BadParameter():
            return f"参数 {_name_of(error)} 的值不对：{sentence_in_chinese(error.message)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对：{sentence_in_chinese(error.message)}"
        case click.FileError():
            return f"打不开文件 {error.ui_filename}：{error.message}"
        case _:
            return sentence_in_chinese(error.format_message())


def _name_of(error: click.BadParameter) -> str:
    if error.param is not None:
        return error.param.get_error_hint(error.ctx) if error.ctx is not None else str(error.param.name)
    return str(error.param_hint or "")


def _refuse_other_encodings(args: Sequence[str]) -> None:
    """A terminal that does not speak UTF-8 (GBK) is said so before a name is stored wrongly."""
    for arg in args:
        try:
            arg.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(arg).decode("gb18030", "replace")
            raise click.UsageError(f"终端的编码不是 UTF-8：{shown}；请把终端改为 UTF-8 后再办") from None


def _help_option(command: click.Command, ctx: click.Context) -> click.Option | None:
    option = click.Command.get_help_option(command, ctx)
    if option is not None:
        option.help = "显示这段帮助。"
    return option


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix="用法：")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = [
        row_in_chinese(*record)
        for param in command.get_params(ctx)
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
    ]
    if records:
        with formatter.section("选项"):
            formatter.write_dl(records)


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]…")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(self, ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)


class ChineseGroup(click.Group):
    """A group whose help and errors are Chinese; its commands are `ChineseCommand`s."""

    command_class = ChineseCommand
    group_class = type  # a group made below this one is of the same class

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]…")
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(self, ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.short_help_of(ctx, name)) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("命令"):
                formatter.write_dl(rows)

    def short_help_of(self, ctx: click.Context, name: str) -> str:
        """The line of help beside a command's name."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(
                f"没有命令 {args[0]}；可用的命令：{'、'.join(self.list_commands(ctx))}", ctx
            )
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and say what went wrong in Chinese: exit status 2 for wrong usage, 1 for a refusal, 130 for ^C."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        args = sys.argv[1:] if args is None else args
        try:
            _refuse_other_encodings(args)
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help())
            sys.exit(error.exit_code)
        except click.ClickException as error:
            if isinstance(error, click.UsageError) and error.ctx is not None:
                click.echo(error.ctx.get_usage(), err=True)
                click.echo(f"帮助：{error.ctx.command_path} --help", err=True)
            click.echo(f"错误：{error_text(error)}", err=True)
            sys.exit(error.exit_code)
        except click.exceptions.Abort:
            click.echo("已中止。", err=True)
            sys.exit(130)
        except Exception as error:
            if (text := failure_text(error)) is None:
                raise
            click.echo(f"错误：{text}", err=True)
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


class LazyGroup(ChineseGroup):
    """A group that imports a sub-command's module only when that sub-command is used."""

    def __init__(
        self, *args: Any, commands_by_name: Mapping[str, LazyCommand] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.commands_by_name = dict(commands_by_name or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands_by_name, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = self.commands_by_name.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        module_name, _, attribute = lazy.target.partition(":")
        command = getattr(importlib.import_module(module_name), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{lazy.target} is not a click command")
        return command

    def short_help_of(self, ctx: click.Context, name: str) -> str:
        lazy = self.commands_by_name.get(name)
        return lazy.help if lazy else super().short_help_of(ctx, name)
