"""日结: a cashier closes the own shift. A closing covers the settlements that no closing of the day covers yet, and never changes;
what is settled after it belongs to the next shift.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.sqlfiles import sql
from gongji.desk.day.sent import lost
from gongji.desk.day.trades import Row, Sums, fitting, sums_of
from gongji.desk.day.views import asked_day, rows_on
from gongji.web.pages import Page, page, url

__all__ = ["Closed", "closing", "closings"]

WRITE = sql("gongji.desk", "closing_write")
OF_DAY = sql("gongji.desk", "closings_of_day")
CHANGED: Final = "打开这一页以后又经手了结算或退费，合计已经不同。请按现在的合计重新点清现金，再日结"


class Closed(msgspec.Struct, frozen=True):
    """A closing as it was written."""

    closing_id: int
    account: int
    operator: str
    shift_no: int
    closed_at: datetime
    settlements: frozenset[int]
    sums: Sums


async def closings(shown: Page, on: date) -> list[Closed]:
    """The closings of the day at this institution, shift by shift."""
    async with shown.connection() as conn:
        rows = await conn.fetch(OF_DAY, shown.visitor.institution, on)
    return [
        Closed(
            row["closing_id"],
            row["account"],
            row["operator"],
            row["shift_no"],
            row["closed_at"],
            frozenset(row["settlements"]),
            msgspec.json.decode(row["sums"], type=Sums),
        )
        for row in rows
    ]


@page("desk.closing")
async def closing(shown: Page) -> HttpResponse:
    """The own shift: sums by payer, cash in and out; a post closes it."""
    on = asked_day(shown)
    own = fitting(await rows_on(shown, on), account=shown.visitor.account)
    done = [one for one in await closings(shown, on) if one.account == shown.visitor.account]
    covered = {number for one in done for number in one.settlements}
    rows = [row for row in own if row.taken.settlement_id not in covered]
    silent = await lost(shown)
    refused = ""
    if shown.request.method == "POST":
        again = shown.request.POST.get("shift") != str(len(done) + 1)  # the form of a shift that is closed
        refused = "" if again else _refused(shown, on, rows, pending=bool(silent))
        if not refused:
            if not again:
                await _close(shown, on, len(done) + 1, rows)
            return HttpResponseRedirect(f"{url('desk.closing')}?on={on}")
    context = {
        "on": on,
        "rows": rows,
        "sums": sums_of(rows),
        "seen": _seen(rows),
        "done": done,
        "shift_no": len(done) + 1,
        "lost": silent,
        "refused": refused,
    }
    return await shown.show("desk/day/closing.html", context, 422 if refused else 200)


def _seen(rows: list[Row]) -> str:
    """What the form shows and asks to be closed: how many, and up to which."""
    return f"{len(rows)}-{rows[-1].taken.settlement_id if rows else 0}"


def _refused(shown: Page, on: date, rows: list[Row], *, pending: bool) -> str:
    """Why the shift cannot be closed now; "" when it can."""
    if pending:
        return "还有结算没有回音，请先查清（F9），再日结"
    if on > shown.today:
        return "不能日结以后的日子"
    if shown.request.POST.get("seen", _seen(rows)) != _seen(rows):
        return CHANGED
    return "" if rows else "没有可以日结的：这一班还没有经手结算或退费"


async def _close(shown: Page, on: date, shift_no: int, rows: list[Row]) -> None:
    who = shown.visitor
    covered = [row.taken.settlement_id for row in rows]
    text = msgspec.json.encode(sums_of(rows)).decode()
    async with shown.connection() as conn:
        await conn.execute(
            WRITE, who.institution, shown.platform.ids.next(), who.account, who.name, on, shift_no, shown.at, covered, text
        )  # fmt: skip
