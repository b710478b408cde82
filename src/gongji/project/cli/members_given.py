"""`gongji members card|filing`: vouchers and off-site filings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.desk import RECORD_NO
from gongji.project.cli.members_desk import ACTOR, CARD_KIND, PERSON, REASON, on_option, verb
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.members.rows import FilingRow
    from gongji.members.writing import Act, Outcome
    from gongji.project.cli.desk import Desk

__all__ = ["card", "filing"]

NUMBER = click.argument("number", metavar="号码")
CARD_SN = click.option("--card-sn", default="", metavar="识别码", help="卡识别码。")


@click.group(cls=ChineseGroup)
def card() -> None:
    """社会保障卡和医保电子凭证：发放、挂失、解挂、补换、冻结、解冻。"""


@card.command()
@PERSON
@NUMBER
@CARD_KIND
@CARD_SN
@on_option("--from", "启用日期。", required=True)
@ACTOR
@REASON
def issue(psn_no: str, number: str, kind: str, card_sn: str, from_on: date, actor: str, reason: str) -> None:
    """发放第一张凭证，或在原凭证失效后发放。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.issue_credential(desk.conn, act, psn_no, kind, number, from_on, card_sn)

    verb(actor, reason, work)


@card.command()
@PERSON
@click.argument("old", metavar="原号码")
@click.argument("number", metavar="新号码")
@CARD_KIND
@CARD_SN
@on_option("--on", "新凭证启用日期。", required=True)
@ACTOR
@REASON
def replace(
    psn_no: str, old: str, number: str, kind: str, card_sn: str, on: date, actor: str, reason: str
) -> None:
    """补换：原凭证作废，新凭证启用。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.replace_credential(desk.conn, act, psn_no, kind, old, number, on, card_sn)

    verb(actor, reason, work)


def _state_command(name: str, service: str, text: str) -> None:
    @card.command(name, help=text)
    @PERSON
    @NUMBER
    @CARD_KIND
    @on_option("--on", "从哪一天起；不给时为今天。")
    @ACTOR
    @REASON
    def command(psn_no: str, number: str, kind: str, on: date | None, actor: str, reason: str) -> None:
        async def work(desk: Desk, act: Act) -> Outcome:
            from gongji.members import services

            outcome: Outcome = await getattr(services, service)(
                desk.conn, act, psn_no, kind, number, on or act.today
            )
            return outcome

        verb(actor, reason, work)


for _name, _service, _text in (
    ("loss", "report_loss", "挂失。"),
    ("release", "release", "解挂：挂失后找回。"),
    ("block", "block", "经办机构冻结，须用 --reason 说明原因。"),
    ("unblock", "unblock", "解除经办机构的冻结。"),
):
    _state_command(_name, _service, _text)


@click.group(cls=ChineseGroup)
def filing() -> None:
    """异地就医备案：办理、变更、取消。"""


KINDS: Final = ("LONG_TERM_IN_PROVINCE", "LONG_TERM_OUT_OF_PROVINCE", "TEMPORARY")
SUBTYPES: Final = (
    "resettled_retiree",
    "long_term_resident",
    "stationed_worker",
    "referral",
    "emergency",
    "other_temporary",
)
KIND = click.option(
    "--kind",
    type=click.Choice(KINDS),
    required=True,
    help="备案类型：LONG_TERM_IN_PROVINCE 省内长期，LONG_TERM_OUT_OF_PROVINCE 跨省长期，TEMPORARY 临时外出。",
)
SUBTYPE = click.option(
    "--subtype",
    type=click.Choice(SUBTYPES),
    required=True,
    help="人员类型：resettled_retiree 异地安置退休，long_term_resident 异地长期居住，stationed_worker 常驻异地工作，"
    "referral 转诊，emergency 急诊抢救，other_temporary 其他临时外出。",
)
REGION = click.option("--region", required=True, metavar="区划", help="就医地医保区划，6 位。")
FROM = on_option("--from", "开始日期。", required=True)
UNTIL = on_option("--until", "结束日期；长期备案可以不给，临时备案不给时按规定的有效期。")


def _row(
    kind: str, subtype: str, region: str, from_on: date, until_on: date | None, filed_on: date
) -> FilingRow:
    from gongji.members.rows import FilingRow

    return FilingRow(from_on, until_on, kind, subtype, region, filed_on)


@filing.command()
@PERSON
@KIND
@SUBTYPE
@REGION
@FROM
@UNTIL
@ACTOR
@REASON
def add(
    psn_no: str,
    kind: str,
    subtype: str,
    region: str,
    from_on: date,
    until_on: date | None,
    actor: str,
    reason: str,
) -> None:
    """办理备案；开始日期早于今天的为补办。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        row = _row(kind, subtype, region, from_on, until_on, act.today)
        return await services.file_offsite(desk.conn, act, desk.law, psn_no, row)

    verb(actor, reason, work)


@filing.command()
@PERSON
@click.argument("number", metavar="序号", type=RECORD_NO)
@KIND
@SUBTYPE
@REGION
@FROM
@UNTIL
@ACTOR
@REASON
def change(
    psn_no: str,
    number: int,
    kind: str,
    subtype: str,
    region: str,
    from_on: date,
    until_on: date | None,
    actor: str,
    reason: str,
) -> None:
    """变更备案：从开始日期起以新的内容代替原备案。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        row = _row(kind, subtype, region, from_on, until_on, act.today)
        return await services.change_filing(desk.conn, act, desk.law, psn_no, number, row)

    verb(actor, reason, work)


@filing.command()
@PERSON
@click.argument("number", metavar="序号", type=RECORD_NO)
@on_option("--on", "从哪一天起不再有效。", required=True)
@ACTOR
@REASON
def cancel(psn_no: str, number: int, on: date, actor: str, reason: str) -> None:
    """取消备案。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.cancel_filing(desk.conn, act, desk.law, psn_no, number, on)

    verb(actor, reason, work)
