"""`gongji members show|history`: a member on a day, as it is known now or was known then, and who changed what."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.desk import actor_text
from gongji.project.cli.members_desk import ACTOR, PERSON, act_of, on_option
from gongji.project.cli.members_text import NAMES, PARTS, row_text, value_text
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.base.reasons import Refusal
    from gongji.members.dossier import Dossier
    from gongji.members.history import Recorded
    from gongji.members.values import Standing
    from gongji.project.cli.desk import Desk

__all__ = ["history", "show"]

CLEAR_FIELDS: Final = ("name", "cert_no", "phone", "born_on")
MASKED_FIELDS: Final = ("dossier",)
HISTORY_FIELDS: Final = ("name", "born_on", "history")
"""History says which name became which."""


@click.command(cls=ChineseCommand)
@PERSON
@on_option("--on", "哪一天的状态；不给时为今天。")
@click.option("--clear", is_flag=True, help="显示完整的证件号码和电话；留下访问记录。")
@ACTOR
@click.option("--purpose", default="", metavar="文字", help="查看完整信息的用途；与 --clear 一起使用。")
def show(psn_no: str, on: date | None, clear: bool, actor: str, purpose: str) -> None:
    """显示参保人：个人信息（遮盖）、当日状态和全部记录；查看会留下访问记录。"""
    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import at_desk, done

    if clear and not purpose.strip():
        raise click.UsageError("--clear 须同时用 --purpose 说明用途")

    async def work(desk: Desk) -> tuple[Dossier, tuple[str, str, str], Standing] | Refusal:
        from gongji.members.history import standing_known
        from gongji.members.writing import read

        async with desk.conn.transaction():
            dossier = await read(desk.conn, psn_no)
            standing = await standing_known(desk.conn, psn_no, on or desk.today, desk.now())
            if dossier is None or standing is None:
                return Refusal("UNKNOWN_MEMBER", psn_no)
            told = f"members show：{purpose}" if clear else "members show"
            await _record(desk, psn_no, actor, told, CLEAR_FIELDS if clear else MASKED_FIELDS)
            return dossier, _personal(desk, dossier, clear=clear), standing

    dossier, personal, standing = done(at_desk(work))
    _print_person(dossier, personal, clear=clear)
    _print_standing(standing)
    for entries in (
        dossier.relations,
        dossier.nonbenefits,
        dossier.credentials,
        dossier.family,
        dossier.filings,
        dossier.chronic,
        dossier.fixed,
    ):
        for entry in entries:
            click.echo(f"{PARTS[entry.row.part]} {entry.spell_no}  {row_text(entry.row)}")


def _personal(desk: Desk, dossier: Dossier, *, clear: bool) -> tuple[str, str, str]:
    """Name, number and telephone, masked unless they are asked for in clear."""
    from gongji.members import personal
    from gongji.members.dossier import person_of
    from gongji.members.identity import mask_cert_no, mask_name
    from gongji.members.rows import unsealed_bytes

    row = dossier.person.row
    number = personal.cert_no(desk.vault, person_of(dossier))
    sealed = row.phone_sealed
    tel = personal.phone(desk.vault, dossier.psn_no, unsealed_bytes(sealed)) if sealed else ""
    if clear:
        return row.name, number, tel
    return mask_name(row.name), mask_cert_no(number), personal.mask_phone(tel)


async def _record(desk: Desk, psn_no: str, actor: str, purpose: str, fields: tuple[str, ...]) -> None:
    """Put on record that the officer is about to see the person's data."""
    from gongji.members import access

    act = act_of(desk, actor, purpose)
    await access.record(
        desk.conn,
        psn_no,
        access_id=act.ids.next(),
        at=act.at,
        actor=act.actor,
        purpose=purpose,
        fields=fields,
    )


def _print_person(dossier: Dossier, personal: tuple[str, str, str], *, clear: bool) -> None:
    """Beside a masked number only the year of birth: with the day, few numbers would be left to try."""
    name, number, tel = personal
    row = dossier.person.row
    click.echo(f"{dossier.psn_no}  {name}  {number}  {tel or '无电话'}")
    died = f"  {row.died_on} 死亡" if row.died_on else ""
    born = row.born_on if clear else f"{row.born_on.year} 年"
    click.echo(f"{ {'1': '男', '2': '女'}.get(row.gender, '性别不明') }  {born} 出生{died}")


def _print_standing(standing: Standing) -> None:
    from gongji.members import terms

    if standing.insured:
        status = terms.RELATION_STATUS[standing.status or "active"]
        account = "有个人账户" if standing.has_account else "无个人账户"
        words = [status, terms.CATEGORY[standing.category], standing.region, standing.employer, account]
    else:
        words = ["没有有效的参保关系"]
    words += ["欠费"] if standing.arrears else []
    words += ["等待期"] if standing.waiting else []
    click.echo("当日：" + "  ".join(filter(None, words)))


@click.command(cls=ChineseCommand)
@PERSON
@click.option(
    "--known-at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    metavar="时间",
    help="当时所知：按这一时刻（北京时间）已经登记的内容回答，与 --on 一起使用。",
)
@on_option("--on", "问哪一天的状态；只给 --known-at 时为今天。")
@ACTOR
def history(psn_no: str, known_at: datetime | None, on: date | None, actor: str) -> None:
    """变更历史：谁在何时因何变更了什么；给出 --on 或 --known-at 时回答那一天的状态。查看会留下访问记录。"""
    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import at_desk, done

    async def told(desk: Desk) -> tuple[Recorded, ...] | Refusal:
        from gongji.members.history import changes_of

        async with desk.conn.transaction():
            found = await changes_of(desk.conn, psn_no)
            if found:
                await _record(desk, psn_no, actor, "members history", HISTORY_FIELDS)
        return found or Refusal("UNKNOWN_MEMBER", psn_no)

    async def known(desk: Desk) -> Standing | Refusal:
        from gongji.base.times import CHINA
        from gongji.members.history import standing_known

        async with desk.conn.transaction():
            at = known_at.replace(tzinfo=CHINA) if known_at is not None else desk.now()
            standing = await standing_known(desk.conn, psn_no, on or desk.today, at)
            if standing is not None:
                await _record(desk, psn_no, actor, "members history", MASKED_FIELDS)
        when = f"（{known_at:%Y-%m-%d %H:%M}）" if known_at is not None else ""
        return standing or Refusal("UNKNOWN_MEMBER", psn_no + when)

    if known_at is not None or on is not None:
        _print_standing(done(at_desk(known)))
        return
    for one in done(at_desk(told)):
        _print_recorded(one)


def _print_recorded(one: Recorded) -> None:
    from gongji.base.times import CHINA

    at = one.recorded_at.astimezone(CHINA)
    head = f"{at:%Y-%m-%d %H:%M:%S}  {actor_text(one.actor)}  {PARTS[one.part]} {one.spell_no or ''}"
    click.echo(f"{head}  {one.reason}")
    if one.row is None:
        click.echo("    撤回")
    elif one.revision == 1:
        click.echo(f"    {row_text(one.row)}")
    else:
        for field in one.fields:
            if field.name in NAMES:
                shown = "已变更" if one.part == "credential" and field.name == "number" else None
                old, new = (shown or value_text(field.name, value) or "—" for value in (field.old, field.new))
                click.echo(f"    {NAMES[field.name]}：{old} → {new}")
