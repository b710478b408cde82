"""What the commands of `gongji members` share: options, and a verb that an officer runs at the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.desk import actor_option
from gongji.project.cli.members_text import PARTS, row_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.base.reasons import Refusal
    from gongji.members.writing import Act, Outcome, Written
    from gongji.project.cli.desk import Desk

__all__ = [
    "ACTOR",
    "CARD_KIND",
    "PERSON",
    "REASON",
    "act_of",
    "day",
    "fen",
    "on_option",
    "verb",
]


def day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    """The day of a date option."""
    return None if value is None else value.date()


def fen(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """The fen of an option in yuan."""
    from gongji.base.money import parse_yuan

    try:
        return None if value is None else parse_yuan(value)
    except ValueError:
        raise click.BadParameter("须为金额，最多两位小数，如 5000.00", ctx, param) from None


def on_option(name: str, text: str, *, required: bool = False) -> Callable[[Any], Any]:
    """An option that is a day; ``--from`` arrives as ``from_on``, the others likewise."""
    return click.option(
        name,
        f"{name.removeprefix('--').replace('-', '_').removesuffix('_on')}_on" if name != "--on" else "on",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=day,
        metavar="日期",
        required=required,
        help=text,
    )


PERSON = click.argument("psn_no", metavar="人员编号")
ACTOR = actor_option("经办人。")
REASON = click.option("--reason", default="", metavar="文字", help="办理原因，记入变更历史。")
CARD_KIND = click.option(
    "--voucher", "kind", flag_value="voucher", default="card", help="医保电子凭证（不给时为社会保障卡）。"
)


def act_of(desk: Desk, actor: str, reason: str) -> Act:
    """The act of the officer ``actor``, now."""
    from gongji.base.actors import Actor
    from gongji.members.writing import Act

    return Act(Actor("agency", actor), desk.now(), reason, desk.ids)


def verb(actor: str, reason: str, work: Callable[[Desk, Act], Awaitable[Outcome]]) -> Written:
    """Run a verb at the desk and say what it wrote; a refusal ends the command with its text."""
    from gongji.project.cli.desk import at_desk, done

    async def run(desk: Desk) -> Written | Refusal:
        return await work(desk, act_of(desk, actor, reason))

    written = done(at_desk(run))
    click.echo(f"参保人 {written.psn_no}：已办理。")
    for change in written.changes:
        said = "撤回" if change.row is None else row_text(change.row)
        click.echo(f"  {PARTS[change.part]} {change.spell_no or ''}  {said}")
    for note in written.notes:
        click.echo(f"注意：{note}")
    return written
