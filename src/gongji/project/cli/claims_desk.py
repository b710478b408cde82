"""What the commands of `gongji claims` share: the office at a desk, who acts, how verdicts and files are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.claims_text import state_text
from gongji.project.cli.desk import RECORD_NO, Desk, actor_option, at_desk, done

if TYPE_CHECKING:
    from gongji.claims import Office, Taker, Verdict
    from gongji.policy.calendar import Calendar

__all__ = [
    "ACTOR",
    "CLAIM",
    "NOTE",
    "OUT",
    "Verb",
    "calendar_of",
    "office_of",
    "run",
    "taker_of",
    "text_of",
    "verb",
    "verdicts_of",
]

ACTOR = actor_option("谁在办理；初审、复审和支付须是不同的人。")
NOTE = click.option("--note", default="", metavar="文字", help="说明。")
OUT = click.option(
    "--out",
    "out",
    multiple=True,
    metavar="明细:金额:原因[:说明]",
    help="剔除一行费用的全部或一部分，如 1-2:20.00:OUT_OF_CATALOGUE:保健品；可以给多个。",
)
CLAIM = click.argument("claim_id", metavar="报销编号", type=RECORD_NO)

Verb = Callable[["Desk", "Office", "Taker"], Awaitable[Any]]


def verb(actor: str, take: Verb) -> None:
    """A verb of the room that answers the claim after it."""

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        case = done(await take(desk, office, taker))
        click.echo(f"报销编号 {case.claim_id}：{state_text(case.state)}")

    run(actor, work)


def run(actor: str, work: Verb) -> None:
    """``work`` at a desk, for the officer ``actor``."""

    async def at(desk: Desk) -> None:
        await work(desk, await office_of(desk), taker_of(desk, "agency", actor))

    at_desk(at)


async def office_of(desk: Desk) -> Office:
    from gongji.claims import Office
    from gongji.providers import selectors as providers

    return Office(desk.law, calendar_of(), await providers.load(desk.conn, desk.vault), desk.vault, desk.ids)


def taker_of(desk: Desk, kind: Any, name: str) -> Taker:
    from gongji.base.actors import Actor
    from gongji.claims import Taker

    return Taker(Actor(kind, name), desk.now())


def calendar_of() -> Calendar:
    import os

    from gongji.policy import LibraryError
    from gongji.policy.calendar import calendar_of as read

    try:
        return read(os.environ.get("GONGJI_CALENDAR", ""))
    except LibraryError as error:
        raise click.ClickException(str(error)) from error


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"文件 {file.name} 不是 UTF-8 编码") from None


def verdicts_of(given: tuple[str, ...]) -> tuple[Verdict, ...]:
    from gongji.base.money import parse_yuan
    from gongji.claims import Verdict

    verdicts = []
    for text in given:
        key, amount, reason, note = [*text.replace("：", ":").split(":", 3), "", "", ""][:4]
        try:
            verdicts.append(Verdict(key.strip(), parse_yuan(amount), reason.strip(), note.strip()))
        except ValueError as error:
            raise click.ClickException(f"--out {text}：{error}") from None
    return tuple(verdicts)
