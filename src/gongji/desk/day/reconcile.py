"""对账: what the workstations sent beside what the platform has, in sum and number by number; and who has closed the own shift."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from gongji.desk.day.closing import closings
from gongji.desk.day.sent import Sender, lost, sent_as, sent_on
from gongji.desk.day.trades import Row, by_hands, compared, sums_of
from gongji.desk.day.views import asked_day, rows_on
from gongji.settlement.selectors import answer
from gongji.web.pages import Page, page

__all__ = ["reconcile"]


@page("desk.reconcile")
async def reconcile(shown: Page) -> HttpResponse:
    """Counts and amounts of both sides, every number that stands on one side only or with other amounts."""
    on = asked_day(shown)
    rows, done = await rows_on(shown, on), await closings(shown, on)
    result = compared(rows, await _senders(shown, on, rows), await lost(shown))
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


async def _senders(shown: Page, on: date, rows: list[Row]) -> list[Sender]:
    """Who sent what was settled on the day; and of what was sent on it, what has settled nothing on any other."""
    effective = {row.number for row in rows}
    found = await sent_as(shown, sorted(effective))
    others = [one for one in await sent_on(shown, on) if one.number not in effective]
    async with shown.connection() as conn:
        for one in others:
            known = await answer(conn, shown.visitor.institution, *one.number)
            if known is None or not known.settlement_id:
                found.append(one)
    return found
