"""What the commands about agreements share: the office at a desk, who acts, days and files, and a verb that answers a dossier."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.claims_desk import calendar_of, text_of
from gongji.project.cli.desk import RECORD_NO, actor_option, at_desk, done

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk
    from gongji.providers.dossier import Dossier
    from gongji.providers.office import Office, Taker

__all__ = [
    "ACTOR",
    "FILE",
    "NOTE",
    "NUMBER",
    "day",
    "day_option",
    "office_of",
    "said",
    "taker_of",
    "text_of",
    "verb",
]

ACTOR = actor_option("谁在办理；提出和复核须是不同的人。")
NOTE = click.option("--note", default="", metavar="文字", help="说明。")
NUMBER = click.argument("number", metavar="办理编号", type=RECORD_NO)
FILE = click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    """A day on the command line."""
    return None if value is None else value.date()


def day_option(name: str, text: str, **more: Any) -> Callable[[Any], Any]:
    """An option that is a day."""
    form = click.DateTime(["%Y-%m-%d"])
    return click.option(name, type=form, callback=day, metavar="日期", help=text, **more)


def office_of(desk: Desk) -> Office:
    from gongji.providers.office import Office

    return Office(desk.law, calendar_of(), desk.vault, desk.ids)


def taker_of(desk: Desk, actor: str) -> Taker:
    from gongji.base.actors import Actor
    from gongji.providers.office import Taker

    return Taker(Actor("agency", actor), desk.now())


def said(dossier: Dossier) -> str:
    """Where a dossier stands."""
    from gongji.providers.dossier import LAYERS
    from gongji.providers.states import STATES

    return f"办理编号 {dossier.dossier_id}（{dossier.code} {LAYERS[dossier.layer]}）：{STATES[dossier.state]}"


def verb(actor: str, work: Callable[[Desk, Office, Taker], Awaitable[Dossier | Refusal]]) -> Dossier:
    """Run a verb of the room at a desk and say where the dossier stands after it."""

    async def at(desk: Desk) -> Dossier:
        return done(await work(desk, office_of(desk), taker_of(desk, actor)))

    dossier = at_desk(at)
    click.echo(said(dossier))
    return dossier
