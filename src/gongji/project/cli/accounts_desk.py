"""What the commands of `gongji accounts` share: who acts, amounts and days in arguments, payees in a file, tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gongji.base.os_errors import os_error_text
from gongji.project.cli.desk import Desk, actor_option, at_desk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.accounts.values import Office, Payee
    from gongji.sheets import Table

__all__ = ["ACTOR", "DAY", "FORMAT", "OUT", "PERSON", "YUAN", "at_office", "day_of", "payees_in", "show"]

T = TypeVar("T")

PERSON = click.argument("psn_no", metavar="人员编号")
ACTOR = actor_option("谁在办理；复核和支付须由不同的人。")
DAY = click.DateTime(["%Y-%m-%d"])
OUT = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    help="写成表格文件（.csv 或 .xlsx）。",
)
FORMAT = (".csv", ".xlsx")
PAYEE_FIELDS = ("name", "cert_no", "relation", "bank", "bank_account")


class Yuan(click.ParamType):  # type: ignore[type-arg]
    """An amount of yuan with at most two decimals; its value is fen."""

    name = "元"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from gongji.base.money import parse_yuan

        try:
            return value if isinstance(value, int) else parse_yuan(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "元"


YUAN = Yuan()


def day_of(given: datetime | None, otherwise: date) -> date:
    """The day that an option names, or the other one."""
    return given.date() if given is not None else otherwise


def at_office(actor: str, work: Callable[[Desk, Office], Awaitable[T]]) -> T:
    """Run ``work`` for the officer ``actor``; the law that is acted by is put on record."""

    async def run(desk: Desk) -> T:
        from gongji.accounts.values import Office
        from gongji.base.actors import Actor
        from gongji.lawbook import services as lawbook

        at = desk.now()
        await lawbook.record(desk.conn, desk.law.library, source="个人账户", at=at)
        return await work(desk, Office(desk.law, desk.ids, desk.vault, Actor("agency", actor), at))

    return at_desk(run)


def show(table: Table, out: Path | None) -> None:
    """The table on the screen, or in the file ``out``."""
    from gongji.sheets import as_csv, as_text, as_xlsx

    if out is None:
        click.echo(as_text(table))
        return
    forms = dict(zip(FORMAT, (as_csv, as_xlsx), strict=True))
    form = forms.get(out.suffix.lower())
    if form is None:
        raise click.BadParameter(f"文件名须以 {' 或 '.join(FORMAT)} 结尾", param_hint="--out")
    try:
        out.write_bytes(form(table))
    except OSError as error:
        raise click.FileError(str(out), os_error_text(error)) from None
    click.echo(f"已写入 {out}（{len(table.rows)} 行）")


def payees_in(path: Path | None) -> list[Payee]:
    """Payees of a YAML or JSON file: name, cert_no, relation, bank, bank_account, and share as 1/2 or 50%.

    Raises click.BadParameter that names the line in the list, never what stands in it.
    """
    import yaml

    if path is None:
        return []
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.FileError(path.name, os_error_text(error)) from None
    except UnicodeDecodeError:
        raise click.BadParameter(f"{path.name} 不是 UTF-8 编码", param_hint="--payees") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise click.BadParameter(f"{path.name} 不是有效的 YAML 或 JSON", param_hint="--payees") from None
    if not isinstance(rows, list) or not rows:
        raise click.BadParameter(f"{path.name} 须是收款人的列表", param_hint="--payees")
    return [_payee(row, number) for number, row in enumerate(rows, start=1)]


def _payee(row: Any, number: int) -> Payee:
    from gongji.accounts.values import Payee

    known = {*PAYEE_FIELDS, "share"}
    if not isinstance(row, dict) or not set(row) <= known or not all(row.get(key) for key in PAYEE_FIELDS):
        wanted = "、".join(PAYEE_FIELDS)
        raise click.BadParameter(f"第 {number} 位收款人须写明 {wanted} 和 share", param_hint="--payees")
    if not all(isinstance(row[key], str) for key in PAYEE_FIELDS):
        raise click.BadParameter(f"第 {number} 位收款人的号码须加引号", param_hint="--payees")
    name, cert_no, relation, bank, bank_account = (row[key].strip() for key in PAYEE_FIELDS)
    return Payee(name, cert_no, relation, bank, bank_account, _share(str(row.get("share", "1")), number))


def _share(text: str, number: int) -> tuple[int, int]:
    """A fraction or a percentage as (numerator, denominator)."""
    from gongji.base.money import BP_ONE, parse_percent

    try:
        if text.endswith("%"):
            return parse_percent(text), BP_ONE
        numerator, _, denominator = text.partition("/")
        return int(numerator), int(denominator or "1")
    except ValueError:
        raise click.BadParameter(
            f"第 {number} 位收款人的份额须写成 1/2 或 50%", param_hint="--payees"
        ) from None
