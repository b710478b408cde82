"""`gongji providers`, second half: what gives or takes standing after the signature, changes, and the second person's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.desk import at_desk
from gongji.project.cli.providers_apply import at_file, signature_of, signature_options
from gongji.project.cli.providers_desk import (
    ACTOR,
    NOTE,
    NUMBER,
    day_option,
    office_of,
    said,
    taker_of,
    text_of,
    verb,
)
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.project.cli.desk import Desk
    from gongji.providers.standing import Proposal

__all__ = ["COMMANDS"]

WHY = click.option("--note", required=True, metavar="文字", help="理由。")
GROUND = click.option(
    "--ground", required=True, metavar="情形", help="规定的情形，如 fund_fraud；写错时列出全部。"
)
REQUESTED = day_option("--requested", "机构提出的日期（机构主动提出的）。")
RETROACTIVE = click.option(
    "--retroactive", default="", metavar="理由", help="自过去的日期起生效时，说明理由。"
)
FROM = day_option("--from", "自哪一天起。", required=True)


def _proposal(given: dict[str, Any]) -> Proposal:
    from gongji.providers.standing import Proposal

    return Proposal(
        from_on=given["from"],
        until_on=given.get("until"),
        ground=given.get("ground", ""),
        note=given["note"],
        requested_on=given.get("requested"),
        retroactive=given["retroactive"],
    )


@click.command(cls=ChineseCommand)
@NUMBER
@FROM
@day_option("--until", "中止的最后一天。", required=True)
@GROUND
@REQUESTED
@RETROACTIVE
@WHY
@ACTOR
def suspend(number: int, actor: str, **given: Any) -> None:
    """提出中止协议，待另一人复核。"""
    from gongji.providers import standing

    verb(actor, lambda d, o, t: standing.suspend(d.conn, o, number, t, _proposal(given)))


@click.command(cls=ChineseCommand)
@NUMBER
@FROM
@RETROACTIVE
@WHY
@ACTOR
def resume(number: int, actor: str, **given: Any) -> None:
    """提出恢复协议，待另一人复核。"""
    from gongji.providers import standing

    verb(actor, lambda d, o, t: standing.resume(d.conn, o, number, t, _proposal(given)))


@click.command(cls=ChineseCommand)
@NUMBER
@FROM
@GROUND
@REQUESTED
@RETROACTIVE
@WHY
@ACTOR
def terminate(number: int, actor: str, **given: Any) -> None:
    """提出解除协议，待另一人复核；限制再次申请的期限按情形确定。"""
    from gongji.providers import standing

    dossier = verb(actor, lambda d, o, t: standing.terminate(d.conn, o, number, t, _proposal(given)))
    until = dossier.pending.barred_until if dossier.pending else None
    click.echo(f"限制再次申请至 {until}" if until else "不限制再次申请")


@click.command(cls=ChineseCommand)
@NUMBER
@signature_options
@REQUESTED
@NOTE
@ACTOR
def renew(number: int, actor: str, requested: date | None, note: str, **given: Any) -> None:
    """续签，紧接原期限，待另一人复核。"""
    from gongji.providers import standing

    signature = signature_of(given)
    verb(actor, lambda d, o, t: standing.renew(d.conn, o, number, t, signature, requested, note))


@click.command(cls=ChineseCommand)
@NUMBER
@day_option("--until", "限制申请的最后一天。", required=True)
@WHY
@ACTOR
def bar(number: int, actor: str, until: date, note: str) -> None:
    """另定限制再次申请的期限，待另一人复核。"""
    from gongji.providers import standing

    verb(actor, lambda d, o, t: standing.bar(d.conn, o, number, t, until, note))


@click.command(cls=ChineseCommand)
@NUMBER
@NOTE
@ACTOR
def confirm(number: int, note: str, actor: str) -> None:
    """复核同意，由提出人以外的人办理；从此生效。"""
    from gongji.providers import standing

    verb(actor, lambda d, o, t: standing.confirm(d.conn, o, number, t, note))


@click.command(cls=ChineseCommand)
@NUMBER
@NOTE
@ACTOR
def reject(number: int, note: str, actor: str) -> None:
    """复核不同意，回到原状态。"""
    from gongji.providers import standing

    verb(actor, lambda d, o, t: standing.reject(d.conn, o, number, t, note))


@click.command(cls=ChineseCommand)
@click.argument("code", metavar="机构编号")
@click.argument("field", metavar="事项")
@click.option("--value", default="", metavar="内容", help="变更后的内容（法定代表人和银行账户写在文件里）。")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="法定代表人或银行账户的文件。",
)
@FROM
@day_option("--approved", "有关部门批准的日期。", required=True)
@click.option("--document", required=True, metavar="文件", help="批准或证明文件。")
@RETROACTIVE
@NOTE
@ACTOR
def change(code: str, field: str, value: str, file: Path | None, actor: str, **given: Any) -> None:
    """报告信息变更，待另一人复核。事项如 name、address、fee_class、level、bank。"""
    from gongji.providers import changing
    from gongji.providers.filing import read_personal

    personal = at_file(lambda: read_personal(text_of(file), file.name)) if file else None
    one = changing.Change(
        field=field,
        value=value,
        from_on=given["from"],
        approved_on=given["approved"],
        document=given["document"],
        retroactive=given["retroactive"],
        note=given["note"],
    )
    dossier = verb(actor, lambda d, o, t: changing.report(d.conn, o, code, one, t, personal))
    if dossier.pending and dossier.pending.late:
        click.echo("注意：已超过报告期限。")


@click.command(cls=ChineseCommand)
@ACTOR
def expire(actor: str) -> None:
    """办结已过最后一天的协议（结算不依赖这一步）。"""
    from gongji.providers import standing

    async def work(desk: Desk) -> None:
        closed = await standing.expire(desk.conn, office_of(desk), taker_of(desk, actor))
        for dossier in closed:
            click.echo(said(dossier))
        click.echo(f"到期 {len(closed):,} 件")

    at_desk(work)


COMMANDS = (suspend, resume, terminate, renew, bar, confirm, reject, change, expire)
