"""The counter of a hospital or clinic (收费台): one screen from the voucher to the receipt; the bill lives in a draft."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from gongji.base.money import format_scaled
from gongji.desk import drafts
from gongji.desk.cashier.bill import KIND, Bill
from gongji.desk.cashier.read import IDENTIFIED
from gongji.desk.cashier.settle import SETTLEMENT, pay
from gongji.desk.cashier.steps import add, cancel, presettle, read, register, send_charges
from gongji.desk.cashier.visit import LOOKED_AT, charged, open_visits
from gongji.desk.counter import (
    ACCOUNTS,
    MEANWHILE,
    account_chosen,
    field_to_mend,
    form_number,
    priced_as_typed,
    put_on_screen,
)
from gongji.desk.day.sent import last, lost
from gongji.desk.till.views import is_pharmacy
from gongji.encounters.values import FeeBatch, FeeLine
from gongji.settlement.selectors import answer
from gongji.web.pages import Page, page, url

__all__ = ["cashier", "settle"]

PRESSED: Final = ("add", "choose", "remove", "cancel")
"""Buttons that say with their value what they are pressed for."""
Action = Callable[[Page, Bill, QueryDict], Awaitable[Bill]]


@page("desk.cashier")
async def cashier(shown: Page) -> HttpResponse:
    """The screen; a post does one step of the bill."""
    if is_pharmacy(shown):
        return HttpResponseRedirect(url("desk.till"))
    before = await drafts.draft(shown, KIND, "", Bill) or Bill()
    if shown.request.method != "POST":
        return await shown.show("desk/cashier/cashier.html", await _screen(shown, before))
    form = shown.request.POST
    action = ACTIONS.get(form.get("do") or next((name for name in PRESSED if name in form), ""))
    if action is not None:
        await put_on_screen(shown, KIND, Bill, before, await _step_taken(shown, before, form, action))
    return HttpResponseRedirect(url("desk.cashier"))


async def _step_taken(shown: Page, before: Bill, form: QueryDict, action: Action) -> Bill:
    """The bill after one step; a form of a bill that is not on the screen any more does nothing to the one that is."""
    now = (before.visit_no, before.batch_no)
    if (form.get("visit") or now[0], form.get("added") or now[1]) != now:
        return msgspec.structs.replace(before, told=MEANWHILE)
    bill = _with_fields(before, form)
    return bill if bill.notice is not None else await action(shown, bill, form)


@page("desk.cashier_settle")
async def settle(shown: Page) -> HttpResponse:
    """2207: once, whatever is pressed twice; then the receipt."""
    if shown.request.method != "POST" or is_pharmacy(shown):
        return HttpResponseRedirect(url("desk.cashier"))
    bill = await drafts.draft(shown, KIND, "", Bill) or Bill()
    msgid = shown.request.POST.get("msgid", "")[:30]
    if bill.prepared is None or bill.prepared.msgid != msgid:
        async with shown.connection() as conn:
            found = await answer(conn, shown.visitor.institution, SETTLEMENT, msgid)
        if found is not None and found.settlement_id:
            return HttpResponseRedirect(url("desk.sold", found.settlement_id))
    known = await charged(shown, bill.visit_no) if bill.visit_no else None
    name = known.person.name if known is not None else ""
    outcome = await pay(shown, bill, msgid, shown.request.POST.get("cash", ""), name)
    if isinstance(outcome, str):
        return HttpResponseRedirect(url("desk.sold", outcome))
    await put_on_screen(shown, KIND, Bill, bill, outcome)
    return HttpResponseRedirect(url("desk.cashier"))


async def _screen(shown: Page, bill: Bill) -> dict[str, Any]:
    known = await charged(shown, bill.visit_no) if bill.visit_no else None
    if known is not None:
        await shown.look(known.visit.psn_no, LOOKED_AT, f"收费 就诊 {bill.visit_no}")
    elif bill.customer is not None:
        await shown.look(bill.customer.psn_no, IDENTIFIED, "收费")
    visits = await open_visits(shown, bill.customer.psn_no) if bill.customer and known is None else []
    roster = shown.platform.providers.roster
    doctors = [
        staff
        for staff in roster.at(shown.visitor.institution, shown.today)
        if staff.may("prescribe") and bill.customer is not None and known is None
    ]
    waiting = known.unsettled if known is not None else ()
    return {
        "sale": bill,
        "bill": bill,
        "known": known,
        "batches": _batches(shown, waiting),
        "visits": visits,
        "doctors": doctors,
        "accounts": ACCOUNTS,
        "msgid": shown.msgid(),
        "lost": await lost(shown),
        "last": await last(shown) if bill.empty else None,
        "focus": field_to_mend(bill.notice, bill.charges),
        "step": 4 if bill.prepared else (3 if waiting or bill.charges else (2 if bill.customer else 1)),
    }


class Uploaded(msgspec.Struct, frozen=True):
    """A line that has been uploaded, as the screen shows it."""

    item: str
    name: str
    quantity: str
    price: str
    amount_fen: int
    rx_no: str


def _batches(shown: Page, batches: tuple[FeeBatch, ...]) -> list[dict[str, Any]]:
    """Unsettled batches with the names of their items."""
    return [
        {
            "batch_no": batch.batch_no,
            "total_fen": batch.total_fen,
            "lines": [_uploaded(shown, line) for line in batch.lines],
        }
        for batch in batches
    ]


def _uploaded(shown: Page, line: FeeLine) -> Uploaded:
    item = shown.platform.catalogue.get(line.item, shown.today)
    return Uploaded(
        line.item,
        item.name if item is not None else line.item,
        format_scaled(line.quantity_e4, 4),
        format_scaled(line.price_micro, 6, least=2),
        line.amount_fen,
        line.rx_no,
    )


# what one post does


async def _read(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    if not form.get("text", "").strip() and bill.charges:  # Enter in another field
        return bill
    return await read(shown, bill, form.get("text", ""), form_number(shown, form))


async def _choose(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    known = await charged(shown, form.get("choose", ""))
    mine = known is not None and bill.customer is not None and known.visit.psn_no == bill.customer.psn_no
    return bill.changed(visit_no=form.get("choose", "")) if mine else bill


async def _register(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    if bill.visit_no:  # pressed twice
        return bill
    return await register(shown, bill, form.get("doctor", "")[:30], form_number(shown, form))


async def _add(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    return await add(shown, bill, form.get("add", "")[:50])


async def _remove(_: Page, bill: Bill, form: QueryDict) -> Bill:
    key = form.get("remove", "")
    return bill.changed(charges=tuple(one for one in bill.charges if one.key != key))


async def _upload(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    return await send_charges(shown, bill) if bill.charges else bill


async def _cancel(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    return await cancel(shown, bill, form.get("cancel", "")[:30], form_number(shown, form))


async def _presettle(shown: Page, bill: Bill, form: QueryDict) -> Bill:
    return await presettle(shown, bill, form.get("batch", "")[:30])


async def _back(_: Page, bill: Bill, form: QueryDict) -> Bill:
    """One step back: from the pre-settlement, from a search, from the visit, from the member."""
    if bill.prepared is not None:
        return bill.changed()
    if bill.found:
        return msgspec.structs.replace(bill, found=())
    if bill.charges:
        return bill
    return bill.changed(visit_no="") if bill.visit_no and bill.customer else Bill()


async def _drop(_: Page, bill: Bill, form: QueryDict) -> Bill:
    return Bill()


async def _keep(_: Page, bill: Bill, form: QueryDict) -> Bill:
    return bill


ACTIONS: Final[Mapping[str, Action]] = {
    "read": _read,
    "choose": _choose,
    "register": _register,
    "add": _add,
    "remove": _remove,
    "upload": _upload,
    "cancel": _cancel,
    "preview": _presettle,
    "back": _back,
    "drop": _drop,
    "keep": _keep,
}


def _with_fields(bill: Bill, form: QueryDict) -> Bill:
    """The bill with what was typed into its fields."""
    bill = msgspec.structs.replace(bill, notice=None)
    account = account_chosen(form, bill.account)
    bill = bill if account == bill.account else bill.changed(account=account)
    for charge in bill.charges:
        typed = priced_as_typed(charge, form)
        if isinstance(typed, str):
            return bill.refused("BAD_FIELD", typed, f"line-{charge.key}")
        told = msgspec.structs.replace(charge, quantity_e4=typed[0], price_micro=typed[1])
        bill = bill if told == charge else bill.with_charge(told)
    return bill
