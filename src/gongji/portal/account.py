"""The member's personal account: a year or a month of movements, the balance over time, twelve bars, and a table file of it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
from django.http import HttpResponse
from django.utils.http import urlencode

from gongji.accounts.statement import KINDS, statement_of
from gongji.accounts.values import Line, Statement
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.portal.ways import blocked
from gongji.sheets import Table, as_csv, as_xlsx
from gongji.web.pages import Page, page, url

__all__ = ["account", "account_file"]

FIRST_YEAR: Final = 2000
MONTHS: Final = 12
STATES: Final = {"open": ("正常", "ok"), "frozen": ("已冻结", "wait"), "closed": ("已注销", "bad")}
OWN: Final = ("pay", "refund")
YEARLY: Final = ("interest", "premium", "premium_refund")
FORMS: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""What the table can be saved as, by the end of its address."""


class Period(msgspec.Struct, frozen=True):
    """The days shown; ``month`` 0: the whole year."""

    year: int
    month: int

    @property
    def from_on(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def until_on(self) -> date:
        month = self.month or MONTHS
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def title(self) -> str:
        return f"{self.year} 年 {self.month} 月" if self.month else f"{self.year} 年"

    @property
    def file_name(self) -> str:
        """Of the table file, without what it is saved as."""
        return f"account-{self.year}{f'-{self.month:02d}' if self.month else ''}"

    @property
    def query(self) -> str:
        """The part of an address that names it."""
        return urlencode({"year": self.year, **({"month": self.month} if self.month else {})})


class Entry(msgspec.Struct, frozen=True):
    """A movement in words: what for, beside whom or where; ``settlement`` is the member's own one behind it."""

    line: Line
    title: str
    detail: str
    settlement: int | None


class Month(msgspec.Struct, frozen=True):
    """The movements of a month, the newest first, with what came in and what went out."""

    period: Period
    entries: tuple[Entry, ...]
    received_fen: int
    spent_fen: int


@page("portal.account")
async def account(page: Page) -> HttpResponse:
    """A year, month by month, or one month of the account; which one stands in the address."""
    period = _period(page)
    async with page.connection() as conn:
        found = await statement_of(conn, page.visitor.psn_no, period.from_on, period.until_on)
    if isinstance(found, Refusal):
        return await page.show("portal/account_none.html", {"blocked": blocked(found)})
    earlier, later = _beside(period, -1), _beside(period, 1)
    received_fen, spent_fen = _sums(found.lines)
    return await page.show(
        "portal/account.html",
        {
            "period": period,
            "statement": found,
            "state": STATES[found.state],
            "so_far": period.until_on >= page.today,
            "count": len(found.lines),
            "months": _months(found),
            "opened": page.request.GET.get("open") == "1",
            "balance": _balance_points(found, period, page.today),
            "spent": _by_month(found, -1),
            "received": _by_month(found, 1),
            "received_fen": received_fen,
            "spent_fen": spent_fen,
            "earlier": earlier if earlier.year > FIRST_YEAR else None,
            "later": later if later.from_on <= page.today else None,
            "whole_year": Period(period.year, 0),
            "files": [
                (name, f"{url('portal.account_file', form)}?{period.query}")
                for form, name in (("xlsx", "电子表格"), ("csv", "CSV"))
            ],
        },
    )


@page("portal.account_file")
async def account_file(page: Page, form: str) -> HttpResponse:
    """What ``account`` shows, as a table that an office or any program reads (``form``: xlsx, csv)."""
    if form not in FORMS:
        return await page.no(404, "没有这种表格", "请从个人账户页面导出。")
    period = _period(page)
    async with page.connection() as conn:
        found = await statement_of(conn, page.visitor.psn_no, period.from_on, period.until_on)
    if isinstance(found, Refusal):
        return await page.no(404, "没有个人账户", "没有可以导出的明细。")
    write, content_type = FORMS[form]
    answer = HttpResponse(write(_table(found, period)), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{period.file_name}.{form}"'
    return answer


def _table(found: Statement, period: Period) -> Table:
    """The statement with its balances before and after, so that the file proves itself."""
    return Table(
        f"个人账户 {period.title}",
        (f"参保人 {found.name}（{found.psn_no}）", f"期初余额 {format_yuan(found.opening_fen)} 元"),
        ("时间", "事项", "说明", "金额（元）", "余额（元）"),
        tuple(
            (one.line.occurred_at, one.title, one.detail, one.line.amount_fen, one.line.balance_fen)
            for one in map(_entry, found.lines)
        ),
        (f"期末余额 {format_yuan(found.closing_fen)} 元，共 {len(found.lines)} 笔",),
    )


def _period(page: Page) -> Period:
    """What the address asks for; this year where it says nothing sensible."""
    given, today = page.request.GET, page.today
    year, month = _number(given.get("year", "")), _number(given.get("month", ""))
    if not FIRST_YEAR < year <= today.year:
        return Period(today.year, 0)
    return Period(year, month if month <= MONTHS else 0)


def _number(text: str) -> int:
    """A number of at most four digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def _beside(period: Period, step: int) -> Period:
    """The year or month before or after."""
    if not period.month:
        return Period(period.year + step, 0)
    number = period.year * MONTHS + period.month - 1 + step
    return Period(number // MONTHS, number % MONTHS + 1)


def _entry(line: Line) -> Entry:
    title = KINDS.get(line.kind, line.kind)
    if line.period is not None:
        title = f"{line.period:%Y} 年{'' if line.kind in YEARLY else f' {line.period.month} 月'}{title}"
    who = f"{line.person} 使用" if line.person and line.kind.startswith("mutual") else line.person
    detail = "，".join(part for part in (who, line.place) if part)
    return Entry(line, title, detail, line.settlement_id if line.kind in OWN else None)


def _months(found: Statement) -> list[Month]:
    """Movements by the month in which they happened, the newest first."""
    by_month: dict[date, list[Entry]] = {}
    for line in reversed(found.lines):
        by_month.setdefault(line.on.replace(day=1), []).append(_entry(line))
    return [
        Month(Period(first.year, first.month), tuple(entries), *_sums([one.line for one in entries]))
        for first, entries in by_month.items()
    ]


def _balance_points(found: Statement, period: Period, today: date) -> list[tuple[str, int]]:
    """The balance at the beginning, then at the end of every month (of every day with a movement, of one month)."""
    start = period.from_on
    points = [(f"{start.month}-{start.day}", found.opening_fen)]
    if period.month:
        days = {line.on: line.balance_fen for line in found.lines}
        return points + [(f"{on.month}-{on.day}", fen) for on, fen in sorted(days.items())]
    fen = found.opening_fen
    for month in range(1, MONTHS + 1):
        if date(period.year, month, 1) > today:
            break
        fen = next((line.balance_fen for line in reversed(found.lines) if line.on.month == month), fen)
        points.append((f"{month} 月底" if (period.year, month) != (today.year, today.month) else "现在", fen))
    return points


def _by_month(found: Statement, sign: int) -> list[tuple[str, int]]:
    """What went out (-1) or came in (1), month by month."""
    sums = dict.fromkeys(range(1, MONTHS + 1), 0)
    for line in found.lines:
        if line.amount_fen * sign > 0:
            sums[line.occurred_at.astimezone(CHINA).month] += line.amount_fen * sign
    return [(f"{month}月", fen) for month, fen in sums.items()]


def _sums(lines: Sequence[Line]) -> tuple[int, int]:
    """What came in and what went out, neither below 0."""
    amounts = [line.amount_fen for line in lines]
    return sum(fen for fen in amounts if fen > 0), -sum(fen for fen in amounts if fen < 0)
