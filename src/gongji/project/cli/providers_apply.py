"""`gongji providers`, first half: application, completion, evaluation, negotiation, signature."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gongji.project.cli.desk import at_desk, done
from gongji.project.cli.providers_desk import (
    ACTOR,
    FILE,
    NOTE,
    NUMBER,
    day_option,
    text_of,
    verb,
)
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk
    from gongji.providers.dossier import Dossier
    from gongji.providers.evaluating import Signature
    from gongji.providers.office import Office, Taker

__all__ = ["COMMANDS", "at_file", "signature_of", "signature_options"]

T = TypeVar("T")

WHY = click.option("--note", required=True, metavar="文字", help="理由或经过。")


@click.command(cls=ChineseCommand)
@FILE
@ACTOR
def apply(file: Path, actor: str) -> None:
    """收到一件申请（YAML 或 JSON 文件，见 docs/providers.md）。"""
    from gongji.base.reasons import Refusal
    from gongji.project.cli.providers_desk import office_of, said, taker_of
    from gongji.providers import applying, rules
    from gongji.providers.filing import read_application

    text = text_of(file)

    async def work(desk: Desk) -> None:
        application, personal = read_application(text, file.name, desk.today)
        office = office_of(desk)
        dossier = done(await applying.apply(desk.conn, office, application, personal, taker_of(desk, actor)))
        click.echo(said(dossier))
        due = rules.return_due(office.law, office.calendar, dossier)
        click.echo(f"一次性告知期限 {due.text if isinstance(due, Refusal) else due}")
        for one in done(rules.missing(office.law, dossier)):
            click.echo(f"还缺 {one.title}（{one.code}，依据 {one.article}）")

    at_desk(work)


@click.command(cls=ChineseCommand)
@click.argument("layer", metavar="协议", type=click.Choice(["base", "pooled", "internet"]))
@click.argument("kind", metavar="类型", type=click.Choice(["hospital", "clinic", "pharmacy", "internet"]))
@click.argument("region", metavar="医保区划")
@day_option("--on", "哪一天的规定，默认今天。")
def conditions(layer: str, kind: str, region: str, on: date | None) -> None:
    """申请的条件和材料，逐项列出条文。"""
    from gongji.base.times import day_in_china
    from gongji.project.asgi import current_law
    from gongji.providers import rules

    law, today = current_law(), on
    if today is None:
        from datetime import UTC, datetime

        today = day_in_china(datetime.now(UTC))
    for title, found in (
        ("条件", rules.conditions(law, layer, kind, region, today)),
        ("材料", rules.documents(law, layer, kind, region, today)),
    ):
        for one in done(found):
            click.echo(f"{title}  {one.code}  {one.title}（{one.article}）")


@click.command("return", cls=ChineseCommand)
@NUMBER
@ACTOR
@NOTE
def give_back(number: int, actor: str, note: str) -> None:
    """退回补正：一次告知全部缺少的条件和材料，只能退回一次。"""
    from gongji.base.reasons import Refusal
    from gongji.providers import applying, rules

    async def work(desk: Desk, office: Office, taker: Taker) -> Dossier | Refusal:
        dossier = await applying.give_back(desk.conn, office, number, taker, note)
        if not isinstance(dossier, Refusal):
            lacking = done(rules.missing(office.law, dossier))
            told.extend(f"{one.title}（{one.code}）" for one in lacking)
        return dossier

    told: list[str] = []
    verb(actor, work)
    click.echo(f"告知：{'、'.join((*told, *([note] if note else [])))}")


@click.command(cls=ChineseCommand)
@NUMBER
@FILE
@ACTOR
@NOTE
def supplement(number: int, file: Path, actor: str, note: str) -> None:
    """登记补交的条件证明和材料。"""
    from gongji.providers import applying
    from gongji.providers.filing import read_proofs

    proofs, papers = at_file(lambda: read_proofs(text_of(file), file.name))
    verb(actor, lambda d, o, t: applying.supplement(d.conn, o, number, t, proofs, papers, note))


def at_file(read: Callable[[], T]) -> T:
    """What a file says; its mistakes end the command."""
    from gongji.policy import LibraryError

    try:
        return read()
    except LibraryError as error:
        raise click.ClickException(str(error)) from error


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
def accept(number: int, actor: str) -> None:
    """受理：条件和材料齐全，评估期限开始。"""
    from gongji.providers import applying

    verb(actor, lambda d, o, t: applying.accept(d.conn, o, number, t))


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
@WHY
def refuse(number: int, actor: str, note: str) -> None:
    """不予受理，须说明理由。"""
    from gongji.providers import applying

    verb(actor, lambda d, o, t: applying.refuse(d.conn, o, number, t, note))


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
@NOTE
def withdraw(number: int, actor: str, note: str) -> None:
    """机构撤回申请。"""
    from gongji.providers import applying

    verb(actor, lambda d, o, t: applying.withdraw(d.conn, o, number, t, note))


@click.command(cls=ChineseCommand)
@NUMBER
@FILE
@ACTOR
def convene(number: int, file: Path, actor: str) -> None:
    """组成评估小组（文件写明成员、单位、专业）。"""
    from gongji.providers import evaluating
    from gongji.providers.filing import read_panel

    panel = at_file(lambda: read_panel(text_of(file), file.name))
    verb(actor, lambda d, o, t: evaluating.convene(d.conn, o, number, t, panel))


@click.command(cls=ChineseCommand)
@NUMBER
@FILE
@ACTOR
@NOTE
def evaluate(number: int, file: Path, actor: str, note: str) -> None:
    """登记评估结果（文件写明每位成员逐项的评分）。"""
    from gongji.base.money import format_yuan
    from gongji.providers import evaluating
    from gongji.providers.filing import read_scores

    scores, unmet = at_file(lambda: read_scores(text_of(file), file.name))
    dossier = verb(actor, lambda d, o, t: evaluating.evaluate(d.conn, o, number, t, scores, unmet, note))
    click.echo(f"得分 {format_yuan(dossier.last.content.mark_e2 or 0)}")


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
@NOTE
def rectify(number: int, actor: str, note: str) -> None:
    """整改期满，再次申请评估。"""
    from gongji.providers import evaluating

    verb(actor, lambda d, o, t: evaluating.rectify(d.conn, o, number, t, note=note))


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
@WHY
def negotiate(number: int, actor: str, note: str) -> None:
    """登记一轮协商谈判。"""
    from gongji.providers import evaluating

    verb(actor, lambda d, o, t: evaluating.negotiate(d.conn, o, number, t, note))


@click.command(cls=ChineseCommand)
@NUMBER
@ACTOR
@NOTE
def agree(number: int, actor: str, note: str) -> None:
    """协商一致。"""
    from gongji.providers import evaluating

    verb(actor, lambda d, o, t: evaluating.agree(d.conn, o, number, t, note))


@click.command("break-off", cls=ChineseCommand)
@NUMBER
@ACTOR
@WHY
def break_off(number: int, actor: str, note: str) -> None:
    """协商不成，申请结束。"""
    from gongji.providers import evaluating

    verb(actor, lambda d, o, t: evaluating.break_off(d.conn, o, number, t, note))


def signature_options(command: Any) -> Any:
    """The options of what both parties sign."""
    options = (
        day_option("--from", "协议第一天。", required=True),
        day_option("--until", "协议最后一天；不写按规定的期限。"),
        click.option("--version", required=True, metavar="版本", help="协议文本的版本。"),
        click.option("--signer", required=True, metavar="姓名", help="机构签署人。"),
        click.option("--agency-signer", required=True, metavar="姓名", help="经办机构签署人。"),
        click.option("--term", "terms", multiple=True, metavar="指标:限值", help="协议指标；可以给多个。"),
        click.option("--retroactive", default="", metavar="理由", help="自过去的日期起生效时，说明理由。"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=ChineseCommand)
@NUMBER
@signature_options
@ACTOR
def sign(number: int, actor: str, **given: Any) -> None:
    """双方签约；由另一人复核后生效。"""
    from gongji.providers import evaluating

    signature = signature_of(given)
    verb(actor, lambda d, o, t: evaluating.sign(d.conn, o, number, t, signature))


def signature_of(given: dict[str, Any]) -> Signature:
    """What was signed, as the options say it."""
    from gongji.providers.dossier import Term
    from gongji.providers.evaluating import Signature

    return Signature(
        from_on=given["from"],
        until_on=given["until"],
        version=given["version"],
        signer=given["signer"],
        agency_signer=given["agency_signer"],
        retroactive=given["retroactive"],
        terms=tuple(Term(*(part.strip() for part in pair.partition(":")[::2])) for pair in given["terms"]),
    )


COMMANDS = (
    apply,
    conditions,
    give_back,
    supplement,
    accept,
    refuse,
    withdraw,
    convene,
    evaluate,
    rectify,
    negotiate,
    agree,
    break_off,
    sign,
)
