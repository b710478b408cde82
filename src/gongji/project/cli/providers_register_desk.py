"""What the commands about an institution's register share: options, points on the map, and a verb that an officer runs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.desk import actor_option, at_desk, done

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk
    from gongji.providers.writing import Act, Written

__all__ = ["ACTOR", "CODE", "OFFER", "REASON", "act_of", "degrees", "name_of_offer", "verb"]

ACTOR = actor_option("经办人。")
CODE = click.argument("code", metavar="机构编号")
REASON = click.option("--reason", default="", metavar="文字", help="办理原因，记入变更历史。")
OFFER_WORDS = {"专用通道": "express", "长期处方": "long_rx", "配送": "delivery", "便民门诊": "convenience"}
OFFER = click.argument("offer", metavar="服务", type=click.Choice(list(OFFER_WORDS)))
E6 = 1_000_000


def name_of_offer(offer: str) -> str:
    """The word of a service on the command line."""
    return {code: word for word, code in OFFER_WORDS.items()}.get(offer, offer)


def degrees(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Degrees as millionths; more than six decimals are no better known."""
    try:
        number = None if value is None else Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if number is None:
        return None
    if not number.is_finite() or abs(number) > 180:
        raise click.BadParameter("须为度，如 34.694", ctx, param)
    return int(number * E6)


def act_of(desk: Desk, actor: str, reason: str) -> Act:
    """The act of the officer ``actor``, now."""
    from gongji.base.actors import Actor
    from gongji.providers.writing import Act

    return Act(Actor("agency", actor), desk.now(), reason)


def verb(
    actor: str, reason: str, work: Callable[[Desk, Act], Awaitable[Written | Refusal]], said: str = "已登记"
) -> Any:
    """Run a verb at the desk and say that it was done; a refusal ends the command with its text."""

    async def at(desk: Desk) -> Written | Refusal:
        return await work(desk, act_of(desk, actor, reason))

    written = done(at_desk(at))
    click.echo(f"{said}：机构 {written.code}，登记 {written.changes[-1].spell_no}")
    return written
