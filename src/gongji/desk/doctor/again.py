"""A patient who comes for the same again (照上次开): diagnoses, drugs and services of an earlier visit here become orders of this
one, to be looked at, changed and sent like any other. Nothing is sent by it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk import drafts
from gongji.desk.doctor.lines import ordered_again, prescribed_again
from gongji.desk.doctor.orders import KIND, Order, Orders, Terms
from gongji.desk.doctor.screen import NOT_HERE, OVER, back, render
from gongji.desk.doctor.seen import kind_now, noted
from gongji.desk.doctor.stamp import EXPIRED, made_at, number_of_form
from gongji.desk.doctor.visit import Treated, treated
from gongji.desk.doctor.writing import item_of
from gongji.gateway.inside import Refused
from gongji.prescriptions.case import Case
from gongji.web.pages import Page, page, url

__all__ = ["again", "order_sheet"]

WITHDRAWN = "withdrawn"


@page("desk.doctor.again")
async def again(shown: Page, number: str) -> HttpResponse:
    """Orders of an earlier visit of the same person become orders of this one; its diagnoses too, where there are none yet."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    if shown.request.method != "POST":
        return back(number)
    before = await treated(shown, shown.request.POST.get("visit", ""), colleagues=True)
    if before is None or before.visit.psn_no != now.visit.psn_no:
        return await shown.no(404, *NOT_HERE)
    if not now.open:
        return await shown.no(409, *OVER)
    msgid, made = number_of_form(shown), made_at(shown)
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    found = [(one.code, one.name) for one in before.diagnoses]
    if found and not now.diagnoses:
        answer = await noted(shown, now, kind_now(now), now.visit.condition, found, msgid, made)
        if isinstance(answer, Refused):
            return await render(shown, now, error=answer.text, at="seen", status=422)
    orders = list(_ordered(shown, before))
    offered = [one for one in orders if item_of(shown, one.item) is not None]
    await _take(shown, number, offered, _terms(before), msgid)
    gone = len(orders) - len(offered)
    return HttpResponseRedirect(url("desk.doctor.visit", number) + (f"?gone={gone}" if gone else ""))


def _ordered(shown: Page, before: Treated) -> Iterator[Order]:
    """What was prescribed and charged then, without sheets that were withdrawn."""
    for case in before.cases:
        if case.state != WITHDRAWN:
            yield from _of_sheet(shown, case)
    for batch in before.batches:
        for line in batch.lines:
            item = item_of(shown, line.item)
            if item is not None:
                yield ordered_again(item, line)


def _of_sheet(shown: Page, case: Case) -> list[Order]:
    return [prescribed_again(item_of(shown, drug.item), drug) for drug in case.prescription.drugs]


def _terms(before: Treated) -> Terms | None:
    """The terms of the sheet of then; that the patient's state was assessed is to be said anew."""
    sheet = next((case.prescription for case in before.cases if case.state != WITHDRAWN), None)
    if sheet is None:
        return None
    plain = Terms(reason=sheet.quantity_reason)
    if not sheet.long:
        return plain
    return msgspec.structs.replace(
        plain, long=True, reason=sheet.long_reason, fills=sheet.fills, interval=sheet.interval_days
    )


async def order_sheet(shown: Page, case: Case, token: str) -> None:
    """The drugs of a sheet that was taken back as orders of its visit again, to be changed."""
    await _take(shown, str(case.prescription.visit_id), _of_sheet(shown, case), None, token)


async def _take(shown: Page, number: str, orders: list[Order], terms: Terms | None, token: str) -> None:
    """Put ``orders`` beside those that are there, once however often it is asked for: what is ordered already is not ordered once
    more. ``terms`` where nothing was to circulate."""

    def edit(old: Orders | None) -> Orders:
        found = old or Orders()
        if terms is not None and not found.away and f"{token}/0" not in found.tokens:
            found = msgspec.structs.replace(found, terms=terms)
        there = {(row.item, row.place) for row in found.rows}
        for at, order in enumerate(orders):
            if (order.item, order.place) not in there:
                found = found.having(order, f"{token}/{at}")
        return found

    await drafts.change(shown, KIND, number, Orders, edit)
