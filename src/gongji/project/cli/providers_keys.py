"""`gongji providers keys`: secrets of message signatures, channels to the prescription centre, certificates."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.desk import at_desk, done
from gongji.project.cli.members_desk import on_option
from gongji.project.cli.providers_register_desk import ACTOR, CODE, REASON, act_of, verb
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from datetime import date

    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk
    from gongji.providers.credentials import Issued

__all__ = ["keys"]

ROWS = ("credential", "channel", "certificate")


@click.group(cls=ChineseGroup)
def keys() -> None:
    """密钥：报文签名密钥、处方流转应用、签名证书。"""


def _hex(ctx: click.Context, param: click.Parameter, value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        raise click.BadParameter("须为十六进制数", ctx, param) from None


PUBLIC = click.option(
    "--public-key", required=True, callback=_hex, metavar="十六进制", help="SM2 公钥 X‖Y（64 字节）。"
)


def _key_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> bytes | None:
    """The private key of a file: never an argument, which everybody on the machine could read."""
    if value is None:
        return None
    try:
        private = bytes.fromhex(value.read_text("ascii"))
    except (OSError, ValueError):
        raise click.BadParameter("文件须是 64 位十六进制的私钥", ctx, param) from None
    if len(private) != 32:
        raise click.BadParameter("文件须是 64 位十六进制的私钥", ctx, param)
    return private


@keys.command("issue", cls=ChineseCommand)
@CODE
@click.argument("access_key", metavar="访问密钥")
@on_option("--from", "从哪一天起。", required=True)
@on_option("--until", "到哪一天止。")
@REASON
@ACTOR
def issue(code: str, access_key: str, from_on: date, until_on: date | None, reason: str, actor: str) -> None:
    """发放报文签名密钥；密钥只显示这一次。"""

    async def work(desk: Desk) -> Issued | Refusal:
        from gongji.providers.credentials import issue_credential

        act = act_of(desk, actor, reason)
        return await issue_credential(
            desk.conn, act, desk.vault, code, access_key, from_on, until_on, secrets.token_bytes
        )

    issued = done(at_desk(work))
    click.echo(f"访问密钥 {issued.number}\n签名密钥 {issued.secret}（只显示这一次）")


@keys.command("channel", cls=ChineseCommand)
@CODE
@click.argument("app_id", metavar="应用编号")
@PUBLIC
@click.option(
    "--callback", "callback_url", default="", metavar="地址", help="接收通知的 http 或 https 地址。"
)
@on_option("--from", "从哪一天起。", required=True)
@on_option("--until", "到哪一天止。")
@REASON
@ACTOR
def channel(code: str, app_id: str, reason: str, actor: str, **given: Any) -> None:
    """开通处方流转应用；应用密钥只显示这一次。"""

    async def work(desk: Desk) -> Issued | Refusal:
        from gongji.providers.credentials import open_channel

        act = act_of(desk, actor, reason)
        return await open_channel(
            desk.conn,
            act,
            desk.vault,
            code,
            app_id,
            given["public_key"],
            given["callback_url"],
            given["from_on"],
            given["until_on"],
            secrets.token_bytes,
        )

    issued = done(at_desk(work))
    click.echo(f"应用编号 {issued.number}\n应用密钥 {issued.secret}（只显示这一次）")


@keys.command("certificate", cls=ChineseCommand)
@CODE
@click.argument("serial", metavar="证书序列号")
@click.option("--subject", required=True, metavar="文字", help="证书主体。")
@PUBLIC
@click.option(
    "--private-key-file",
    "private_key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_key_file,
    metavar="文件",
    help="由本系统签名时的 SM2 私钥：写有 64 位十六进制的文件，加密保存，登记后请删除。",
)
@on_option("--from", "从哪一天起。", required=True)
@on_option("--until", "到哪一天止。")
@REASON
@ACTOR
def certificate(code: str, serial: str, reason: str, actor: str, **given: Any) -> None:
    """登记机构的签名证书（机构编号写 EPC 时为处方流转中心自己的证书）。"""
    from gongji.providers.credentials import install_certificate

    verb(
        actor,
        reason,
        lambda desk, act: install_certificate(
            desk.conn,
            act,
            desk.vault,
            code,
            serial,
            given["subject"],
            given["public_key"],
            given["private_key"],
            given["from_on"],
            given["until_on"],
        ),
    )


@keys.command("withdraw", cls=ChineseCommand)
@CODE
@click.argument("kind", metavar="种类", type=click.Choice(ROWS))
@click.argument("number", metavar="编号")
@on_option("--from", "从哪一天起不能再用。", required=True)
@REASON
@ACTOR
def withdraw(code: str, kind: str, number: str, from_on: date, reason: str, actor: str) -> None:
    """收回密钥、应用或证书。"""
    from gongji.providers.credentials import withdraw_key
    from gongji.providers.rows import CertificateRow, ChannelRow, CredentialRow

    rows: dict[str, Any] = {row.part: row for row in (CredentialRow, ChannelRow, CertificateRow)}
    verb(
        actor,
        reason,
        lambda desk, act: withdraw_key(desk.conn, act, code, rows[kind], number, from_on),
        "已收回",
    )
