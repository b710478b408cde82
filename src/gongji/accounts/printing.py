"""Statements and reports of this room as tables for people (对账单、共济使用明细、收支统计)."""

from typing import Final

from gongji.accounts.statement import KINDS
from gongji.accounts.statistics import Report
from gongji.accounts.values import FamilyStatement, Line, Statement
from gongji.base.money import format_yuan
from gongji.members.family import RELATIONS
from gongji.sheets import Count, Table

__all__ = ["STATES", "family_table", "report_table", "statement_table"]

STATES: Final = {"open": "正常", "frozen": "冻结", "closed": "已注销"}
PLACES: Final = {"hospital": "医疗机构", "pharmacy": "零售药店"}


def statement_table(statement: Statement) -> Table:
    """A month: opening, every movement, closing."""
    return Table(
        f"个人账户对账单 {statement.month:%Y年%m月}",
        (
            f"参保人 {statement.name}（{statement.psn_no}）  账户状态 {STATES[statement.state]}",
            f"期初余额 {format_yuan(statement.opening_fen)} 元",
        ),
        ("时间", "种类", "机构或对方", "使用人", "所属期", "金额（元）", "余额（元）"),
        tuple(
            (line.occurred_at, KINDS.get(line.kind, line.kind), line.place, line.person, _period(line),
             line.amount_fen, line.balance_fen)
            for line in statement.lines
        ),
        (f"期末余额 {format_yuan(statement.closing_fen)} 元，本月 {len(statement.lines)} 笔",),
    )  # fmt: skip


def _period(line: Line) -> str:
    if line.period is None:
        return ""
    yearly = line.kind in ("interest", "premium", "premium_refund")
    return f"{line.period:%Y年}" if yearly else f"{line.period:%Y年%m月}"


def family_table(statement: FamilyStatement) -> Table:
    """Who used the account when, where and how much, and what limits leave."""
    users = tuple(
        f"{user.name}（{RELATIONS.get(user.relation, user.relation)}，{user.user}）自 {user.from_on}"
        f"{f' 至 {user.until_on}' if user.until_on else ''}：用 {format_yuan(user.used_fen)} 元，"
        f"{'没有限额' if user.room_fen is None else f'限额内还可用 {format_yuan(user.room_fen)} 元'}"
        for user in statement.users
    )
    return Table(
        f"家庭共济使用明细 {statement.from_on} 至 {statement.until_on}",
        (f"账户所有人 {statement.name}（{statement.psn_no}）", *users),
        ("时间", "使用人", "关系", "机构", "机构类型", "金额（元）"),
        tuple(
            (draw.occurred_at, draw.name, RELATIONS.get(draw.relation, draw.relation), draw.place,
             PLACES[draw.place_kind], draw.amount_fen)
            for draw in statement.draws
        ),
        (f"合计 {format_yuan(statement.used_fen)} 元，{len(statement.draws)} 笔",),
    )  # fmt: skip


def report_table(report: Report) -> Table:
    """Income and expense by region and kind; the comparison with the books comes last."""
    checks = tuple(
        f"{'平' if row.difference_fen == 0 else '不平'}  {row.name}：流水 {format_yuan(row.entries_fen)}，"
        f"账簿 {format_yuan(row.ledger_fen)}，差额 {format_yuan(row.difference_fen)}"
        for row in report.reconciliation
    )
    return Table(
        f"个人账户收支统计 {report.from_on} 至 {report.until_on}",
        ("金额为正是收入，为负是支出；参保地按期末的参保关系",),
        ("参保地", "项目", "笔数", "金额（元）"),
        tuple(
            cells
            for region in report.regions
            for cells in (
                (region.region, "期初余额", None, region.opening_fen),
                *(
                    (region.region, KINDS.get(flow.kind, flow.kind), Count(flow.count), flow.amount_fen)
                    for flow in region.flows
                ),
                (region.region, "期末余额", None, region.closing_fen),
            )
        ),
        checks,
    )
