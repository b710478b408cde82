"""Orders are searched, written, changed and dropped: each key is answered with what the prescription centre would say."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from gongji.desk import drafts
from gongji.desk.doctor.checks import Said
from gongji.desk.doctor.estimate import Bill, estimated
from gongji.desk.doctor.forms import TermsForm, order_form
from gongji.desk.doctor.orders import HERE, KIND, Order, Orders
from gongji.desk.doctor.screen import NOT_HERE, OVER, back, render
from gongji.desk.doctor.visit import Treated, treated
from gongji.desk.doctor.words import told as told_of
from gongji.desk.doctor.writing import candidate, found_items, item_of, needed, order_number, wanted
from gongji.web.pages import Page, page

__all__ = ["add", "check", "drop", "find", "order", "set_terms"]


@page("desk.doctor.find")
async def find(shown: Page, number: str) -> HttpResponse:
    """Items whose code, name or initials have what is typed."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    text = shown.request.GET.get("q", "").strip()[:50]
    if not shown.partial:
        return await render(shown, now)
    return await shown.show(
        "desk/doctor/_found.html", {"now": now, "q": text, "found": found_items(shown, text) if text else ()}
    )


@page("desk.doctor.order")
async def order(shown: Page, number: str) -> HttpResponse:
    """The form of one order, for the item (or the order) that the address names."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    if not shown.partial:
        return await render(shown, now)
    return await shown.show(
        "desk/doctor/_order.html", {"now": now, "form": wanted(shown, now), "fresh": True}
    )


@page("desk.doctor.check")
async def check(shown: Page, number: str) -> HttpResponse:
    """What is to be said of the order while it is typed; nothing is kept."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    item = item_of(shown, shown.request.POST.get("item", "")[:50])
    if item is None or shown.request.method != "POST":
        return back(number)
    form = order_form(item, shown.request.POST)
    told = await candidate(shown, now, form)
    context = {
        "now": now,
        "form": form,
        "candidate": told,
        "need": needed(item, told.order) if told is not None else "",
        "bill": await _share(shown, now, told),
    }
    return await shown.show("desk/doctor/_check.html", context)


async def _share(shown: Page, now: Treated, told: Said | None) -> Bill | None:
    """What the bill on which the order would stand comes to with it; None for an order that cannot be given."""
    if told is None or told.problems:
        return None
    number = order_number(shown.request.POST.get("no", ""))
    with_it = _with(now.orders, told.order, number)
    found = await estimated(shown, msgspec.structs.replace(now, orders=with_it))
    return found.here if told.order.place == HERE else found.away


def _with(orders: Orders, new: Order, number: int | None, token: str = "") -> Orders:
    """The draft with the order: in the place of the one of that number, or as one more."""
    return (
        orders.having(new, token)
        if number is None
        else orders.changed(msgspec.structs.replace(new, no=number))
    )


@page("desk.doctor.add")
async def add(shown: Page, number: str) -> HttpResponse:
    """The order joins the draft, or takes the place of the one that it changes; one that cannot be prescribed does not."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    given = shown.request.POST
    item = item_of(shown, given.get("item", "")[:50])
    if shown.request.method != "POST" or item is None:
        return back(number)
    if not now.open:
        return await shown.no(409, *OVER)
    form = order_form(item, given)
    told = await candidate(shown, now, form)
    if told is None or told.problems:
        why = "；".join(told_of(one) for one in told.problems) if told is not None else ""
        return await render(shown, now, form=form, error=why, at="order", status=422)
    await _edit(shown, now, told.order)
    return back(number)


async def _edit(shown: Page, now: Treated, new: Order) -> None:
    """A form that is sent twice changes, or adds, once: it is known by its number."""
    token = shown.request.POST.get("msgid", "")[:30]
    number = order_number(shown.request.POST.get("no", ""))

    await drafts.change(
        shown,
        KIND,
        str(now.visit.visit_id),
        Orders,
        lambda old: _with(old or Orders(), new, number, token),
    )


@page("desk.doctor.drop")
async def drop(shown: Page, number: str) -> HttpResponse:
    """An order leaves the draft."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    gone = order_number(shown.request.POST.get("no", ""))
    if shown.request.method == "POST" and gone is not None:
        key = str(now.visit.visit_id)
        await drafts.change(shown, KIND, key, Orders, lambda old: (old or Orders()).without({gone}))
    return back(number)


@page("desk.doctor.terms")
async def set_terms(shown: Page, number: str) -> HttpResponse:
    """What holds for the whole sheet."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    form = TermsForm(shown.request.POST, auto_id="t_%s")
    if shown.request.method == "POST" and form.is_valid():
        terms = form.terms()
        await drafts.change(
            shown, KIND, str(now.visit.visit_id), Orders,
            lambda old: msgspec.structs.replace(old or Orders(), terms=terms),
        )  # fmt: skip
    elif shown.request.method == "POST":
        return await render(shown, now, terms=form, status=422)
    return back(number)
