"""`gongji members`: registration and insurance relations at the agency's counter (参保登记与变更); see docs/members.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from gongji.project.cli.contributions import contribution, import_contributions
from gongji.project.cli.desk import RECORD_NO
from gongji.project.cli.members_benefits import arrears, chronic, fixed
from gongji.project.cli.members_declarations import declarations
from gongji.project.cli.members_desk import (
    ACTOR,
    PERSON,
    REASON,
    on_option,
    verb,
)
from gongji.project.cli.members_given import card, filing
from gongji.project.cli.members_relation import relation
from gongji.project.cli.members_show import history, show
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.members.verbs_person import Particulars
    from gongji.members.writing import Act, Outcome
    from gongji.project.cli.desk import Desk

__all__ = ["members"]


@click.group(cls=ChineseGroup)
def members() -> None:
    """参保登记与变更：人员、参保关系、凭证、异地备案、慢特病、申请。

    每一次变更都记下经办人、时间和原因，原来的记录保留。
    """


for _command in (
    relation,
    card,
    filing,
    chronic,
    fixed,
    arrears,
    declarations,
    show,
    history,
    contribution,
    import_contributions,
):
    members.add_command(_command)


def _particulars(
    name: str, cert_no: str, cert_type: str, born_on: date | None, gender: str | None
) -> Particulars:
    """What was stated; birth date and sex are those of the identity number when they are not given."""
    from gongji.members.identity import ID_CARD, is_valid_cert_no
    from gongji.members.identity import born_on as birth_of
    from gongji.members.identity import gender as sex_of
    from gongji.members.verbs_person import Particulars

    number = "".join(cert_no.split()).upper()
    if cert_type == ID_CARD and is_valid_cert_no(number):
        born_on, gender = born_on or birth_of(number), gender or sex_of(number)
    elif cert_type == ID_CARD:
        born_on, gender = born_on or date(1900, 1, 1), gender or "0"  # the number is refused first
    if born_on is None or gender is None:
        raise click.UsageError("其他证件须给出 --born 和 --gender")
    return Particulars(name, cert_type, number, gender, "", born_on)


CERT = (
    click.option("--name", required=True, metavar="姓名", help="姓名。"),
    click.option("--cert-no", required=True, metavar="号码", help="证件号码。"),
    click.option(
        "--cert-type", default="01", show_default="01", metavar="代码", help="证件类型；01 为居民身份证。"
    ),
    on_option("--born", "出生日期；居民身份证可以不给。"),
    click.option("--gender", type=click.Choice(["1", "2"]), help="性别：1 男，2 女；居民身份证可以不给。"),
    click.option("--ethnicity", default="", metavar="代码", help="民族代码。"),
)


def _with_cert(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(CERT):
        command = option(command)
    return command


@members.command()
@_with_cert
@click.option("--psn-no", default="", metavar="编号", help="人员编号；不给时自动编号。")
@click.option("--phone", default="", metavar="电话", help="电话。")
@ACTOR
@REASON
def register(
    name: str,
    cert_no: str,
    cert_type: str,
    born_on: date | None,
    gender: str | None,
    ethnicity: str,
    psn_no: str,
    phone: str,
    actor: str,
    reason: str,
) -> None:
    """登记参保人。居民身份证号码须与出生日期、性别一致。"""
    import msgspec

    given = _particulars(name, cert_no, cert_type, born_on, gender)
    given = msgspec.structs.replace(given, ethnicity=ethnicity)

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.register_person(desk.conn, act, desk.vault, given, psn_no=psn_no, phone=phone)

    verb(actor, reason, work)


@members.command()
@PERSON
@_with_cert
@ACTOR
@REASON
def correct(
    psn_no: str,
    name: str,
    cert_no: str,
    cert_type: str,
    born_on: date | None,
    gender: str | None,
    ethnicity: str,
    actor: str,
    reason: str,
) -> None:
    """更正个人信息；须给出更正后的全部内容。"""
    import msgspec

    given = _particulars(name, cert_no, cert_type, born_on, gender)
    given = msgspec.structs.replace(given, ethnicity=ethnicity)

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.correct_person(desk.conn, act, desk.vault, psn_no, given)

    verb(actor, reason, work)


@members.command()
@PERSON
@click.argument("number", metavar="电话", default="")
@ACTOR
@REASON
def phone(psn_no: str, number: str, actor: str, reason: str) -> None:
    """登记电话；不给电话时删除。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.set_phone(desk.conn, act, desk.vault, psn_no, number)

    verb(actor, reason, work)


@members.command()
@PERSON
@on_option("--on", "死亡日期。", required=True)
@click.option(
    "--reported-by",
    type=click.Choice(["employer", "relative", "agency"]),
    required=True,
    help="申报人：employer 用人单位，relative 亲属，agency 经办机构核查。",
)
@on_option("--reported-on", "申报日期；不给时为今天。")
@ACTOR
@REASON
def death(psn_no: str, on: date, reported_by: str, reported_on: date | None, actor: str, reason: str) -> None:
    """登记死亡：参保关系和共济绑定终止，凭证停用。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.project.cli.claims_desk import calendar_of

        return await services.record_death(
            desk.conn,
            act,
            desk.law,
            calendar_of(),
            psn_no,
            on,
            reported_by=reported_by,
            reported_on=reported_on,
        )

    verb(actor, reason, work)


@members.command("revoke-death")
@PERSON
@ACTOR
@REASON
def revoke_death(psn_no: str, actor: str, reason: str) -> None:
    """撤销误登的死亡。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.revoke_death(desk.conn, act, psn_no)

    verb(actor, reason, work)


@members.command("take-back")
@PERSON
@click.argument(
    "part", metavar="种类", type=click.Choice(["relation", "nonbenefit", "filing", "chronic", "fixed"])
)
@click.argument("number", metavar="序号", type=RECORD_NO)
@ACTOR
@REASON
def take_back(psn_no: str, part: str, number: int, actor: str, reason: str) -> None:
    """撤回误登的一条记录；历史中保留。种类：relation 参保关系，nonbenefit 欠费等待期，filing 备案，chronic 慢特病，fixed 定点。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.take_back(desk.conn, act, psn_no, part, number)

    verb(actor, reason, work)
