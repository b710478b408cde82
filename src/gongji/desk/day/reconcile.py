"""对账: what the workstations sent beside what the platform has, in sum and number by number; and who has closed the own shift."""

from __future__ import annotations

from django.http import HttpResponse

from gongji.desk.day.closing import closings
from gongji.desk.day.sent import lost, sent_on
from gongji.desk.day.trades import by_hands, compared, sums_of
from gongji.desk.day.views import asked_day, rows_on
from gongji.web.pages import Page, page

__all__ = ["reconcile"]


@page("desk.reconcile")
async def reconcile(shown: Page) -> HttpResponse:
    """Counts and amounts of both sides, every number that stands on one side only or with other amounts."""
    on = asked_day(shown)
    rows, senders, done = await rows_on(shown, on), await sent_on(shown, on), await closings(shown, on)
    result = compared(rows, senders, await lost(shown))
    covered = frozenset(number for one in done for number in one.settlements)
    context = {
        "on": on,
        "result": result,
        "both": sums_of(pair.row for pair in result.both),
        "elsewhere": sums_of(result.elsewhere),
        "all": sums_of(rows),
        "hands": by_hands(rows, covered),
    }
    return await shown.show("desk/day/reconcile.html", context)
