"""The till (药店收银台): one screen on which a sale is read, changed and pre-settled; it lives in a draft and is never lost.

Every post does one thing (``do``), keeps the sale, and leads back to the screen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from gongji.access import permitted
from gongji.base.codes import values
from gongji.base.money import QUANTITY_UNIT
from gongji.desk import drafts
from gongji.desk.cashier.read import IDENTIFIED
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
from gongji.desk.till.in_hand import carry_on, in_hand
from gongji.desk.till.line import Line
from gongji.desk.till.sale import KIND, Sale
from gongji.desk.till.sheet import HELD, Held, Proxy
from gongji.desk.till.shelf import shelves
from gongji.desk.till.sold import SOLD, Sold, sell
from gongji.desk.till.steps import accept, add, let_go, preview, read
from gongji.prescriptions import selectors as prescriptions
from gongji.providers.values import PHARMACY
from gongji.settlement.selectors import answer
from gongji.web.pages import Page, page, url

__all__ = ["is_pharmacy", "settle", "state", "till"]

REASONS: Final = ("本店缺药", "患者只需要一部分", "患者家中尚有存药", "患者选择到其他机构购买")
PRESSED: Final = ("accept", "add", "carry", "remove", "uncode")
"""Buttons that say with their value what they are pressed for."""
Action = Callable[[Page, Sale, QueryDict], Awaitable[Sale]]


def is_pharmacy(shown: Page) -> bool:
    """Whether the visitor stands in a retail pharmacy."""
    place = shown.platform.provider(shown.visitor.institution)
    return place is not None and place.kind == PHARMACY


@page("desk.till")
async def till(shown: Page) -> HttpResponse:
    """The screen; a post does one step of the sale."""
    if not is_pharmacy(shown):
        return HttpResponseRedirect(url("desk.cashier"))
    before = await drafts.draft(shown, KIND, "", Sale) or Sale()
    if shown.request.method != "POST":
        return await shown.show("desk/till/till.html", await _screen(shown, before))
    form = shown.request.POST
    action = ACTIONS.get(form.get("do") or next((name for name in PRESSED if name in form), ""))
    if action is not None:
        sale = await _step_taken(shown, before, form, action)
        await put_on_screen(shown, KIND, Sale, before, sale)
    return HttpResponseRedirect(url("desk.till"))


async def _step_taken(shown: Page, before: Sale, form: QueryDict, action: Action) -> Sale:
    """The sale after one step; a form of a sale that is not on the screen any more does nothing to the one that is."""
    if form.get("sale") and form["sale"] != before.number:
        return msgspec.structs.replace(before, told=MEANWHILE)
    sale = _with_fields(before, form)
    sale = sale if sale.notice is not None else await action(shown, sale, form)
    return sale if sale.number or sale.empty else msgspec.structs.replace(sale, number=shown.msgid())


@page("desk.till_settle")
async def settle(shown: Page) -> HttpResponse:
    """2102: once, whatever is pressed twice; then the receipt."""
    sale = await drafts.draft(shown, KIND, "", Sale) or Sale()
    form = shown.request.POST
    if shown.request.method != "POST" or not is_pharmacy(shown):
        return HttpResponseRedirect(url("desk.till"))
    msgid = form.get("msgid", "")[:30]
    if sale.prepared is None or sale.prepared.msgid != msgid:
        done = await _known(shown, msgid)
        if done:
            return HttpResponseRedirect(url("desk.sold", done))
    outcome = await sell(shown, sale, msgid, form.get("cash", ""))
    if isinstance(outcome, Sold):
        return HttpResponseRedirect(url("desk.sold", outcome.split.settlement_no))
    await put_on_screen(shown, KIND, Sale, sale, outcome)
    return HttpResponseRedirect(url("desk.till"))


async def _known(shown: Page, msgid: str) -> str:
    """The settlement that this number has made here already, or ""."""
    async with shown.connection() as conn:
        found = await answer(conn, shown.visitor.institution, "2102", msgid)
    return str(found.settlement_id) if found is not None and found.settlement_id else ""


@page("desk.till_state")
async def state(shown: Page) -> HttpResponse:
    """Whether the prescription on the screen has been reviewed meanwhile: a part of the page that asks for itself."""
    sale = await drafts.draft(shown, KIND, "", Sale) or Sale()
    return await shown.show("desk/till/_review_state.html", await _standing(shown, sale))


async def _screen(shown: Page, sale: Sale) -> dict[str, Any]:
    """What the template needs: the sale, the prescription in hand with where it stands, and who may do what."""
    held = await drafts.draft(shown, HELD, sale.rx_no, Held) if sale.rx_no else None
    standing = await _standing(shown, sale)
    if sale.customer is not None:
        await shown.look(sale.customer.psn_no, IDENTIFIED, "收银")
    if sale.rx_psn_no:
        await shown.look(sale.rx_psn_no, ("rxDetlList", "rxOtpinfo"), f"处方 {sale.rx_no}")
    return standing | {
        "sale": sale,
        "held": held,
        "accounts": ACCOUNTS,
        "reasons": REASONS,
        "relations": values("agnter_rlts"),
        "msgid": shown.msgid(),
        "lost": await lost(shown),
        "last": await last(shown) if sale.empty else None,
        "in_hand": await in_hand(shown) if sale.empty else [],
        "focus": field_to_mend(sale.notice, sale.lines),
        "step": _step(sale, reviewed=bool(standing["reviewed"])),
    }


async def _standing(shown: Page, sale: Sale) -> dict[str, Any]:
    """Where the prescription in hand stands: held here until when, reviewed, returned to its doctor."""
    case = None
    if sale.rx_no:
        async with shown.connection() as conn:
            case = await prescriptions.case(conn, sale.rx_no)
    hold = case.hold if case is not None and case.holder == shown.visitor.institution else None
    return {
        "hold": hold,
        "reviewed": hold is not None and case is not None and case.state == "approved",
        "returned": case is not None and case.state == "returned",
        "may_review": permitted(shown.visitor.roles, "desk.till_review"),
    }


def _step(sale: Sale, *, reviewed: bool) -> int:
    """How far the sale is: 1 read, 2 review, 3 pre-settle, 4 settle."""
    if sale.prepared is not None:
        return 4
    if not sale.lines:
        return 1
    return 2 if sale.rx_no and not reviewed else 3


# what one post does


async def _read(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    if not form.get("text", "").strip() and sale.lines:  # Enter in another field
        return sale
    return await read(shown, sale, form.get("text", ""), form_number(shown, form))


async def _accept(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    offer = next((one for one in sale.offers if one.token == form.get("accept")), None)
    return sale if offer is None else await accept(shown, sale, offer, form_number(shown, form))


async def _carry(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    return await carry_on(shown, sale, form.get("carry", "")[:30])


async def _add(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    return await add(shown, sale, form.get("add", "")[:50])


async def _keep(_: Page, sale: Sale, form: QueryDict) -> Sale:
    return sale


async def _preview(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    return await preview(shown, sale)


async def _remove(_: Page, sale: Sale, form: QueryDict) -> Sale:
    line = sale.line(form.get("remove", ""))
    if line is None or line.prescribed_e4:
        return sale
    return sale.without(line.key)


async def _uncode(_: Page, sale: Sale, form: QueryDict) -> Sale:
    key, code = [*form.get("uncode", "").split(":", 1), ""][:2]
    line = sale.line(key)
    if line is None:
        return sale
    left = tuple(one for one in line.codes if one != code)
    quantity = line.quantity_e4
    if not line.prescribed_e4 and not line.split and left and line.packs == len(line.codes):
        quantity = len(left) * QUANTITY_UNIT  # each pack was counted as it was scanned
    return sale.with_line(msgspec.structs.replace(line, codes=left, quantity_e4=quantity))


async def _restore(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    """What was refunded is on the screen again, to be settled anew without what came back; a prescription is read again instead."""
    kept = await drafts.draft(shown, SOLD, form.get("number", "")[:19], Sold)
    if kept is None or kept.sale.rx_no:
        return sale
    if not sale.empty:
        told = "收银台上还有一笔没有结算：先结算或放弃它，再放回退了的药品"
        return msgspec.structs.replace(sale, told=told)
    lines = kept.sale.chosen
    now = await shelves(shown, [line.item for line in lines])
    fresh = tuple(msgspec.structs.replace(line, shelf=now[line.item]) for line in lines)
    return Sale(customer=kept.sale.customer, lines=fresh, account=kept.sale.account)


async def _back(_: Page, sale: Sale, form: QueryDict) -> Sale:
    """One step back: from the pre-settlement to the lines, from a search to the lines, from an empty basket to nothing."""
    if sale.prepared is not None:
        return sale.changed()
    if sale.found:
        return msgspec.structs.replace(sale, found=())
    return sale if sale.rx_no or sale.lines else Sale()


async def _drop(shown: Page, sale: Sale, form: QueryDict) -> Sale:
    """Give the sale up; a prescription in hand is given free for others, with the reason."""
    if sale.rx_no:
        return await let_go(
            shown, sale, form.get("why", "").strip() or "患者放弃在本店购药", form_number(shown, form)
        )
    return Sale()


ACTIONS: Final[Mapping[str, Action]] = {
    "read": _read,
    "accept": _accept,
    "carry": _carry,
    "add": _add,
    "keep": _keep,
    "preview": _preview,
    "remove": _remove,
    "uncode": _uncode,
    "restore": _restore,
    "back": _back,
    "drop": _drop,
}


# what the fields on the screen say


def _with_fields(sale: Sale, form: QueryDict) -> Sale:
    """The sale with what was typed into its fields; only what a form carries is read, and what did not change changes nothing."""
    sale = msgspec.structs.replace(sale, notice=None)
    if "proxy_name" in form:
        name, number, phone = (
            form.get(field, "").strip()[:50] for field in ("proxy_name", "proxy_no", "proxy_tel")
        )
        proxy = Proxy(name, number, phone, form.get("proxy_relation", "")[:3], "proxy_signed" in form)
        sale = sale if proxy == sale.proxy else sale.changed(proxy=proxy)
    if "lines" not in form:
        return sale
    for line in sale.lines:
        told = _line(line, form)
        if isinstance(told, str):
            return sale.refused("BAD_FIELD", told, f"line-{line.key}")
        sale = sale if told == line else sale.with_line(told)
    reason, account = form.get("reason", "").strip()[:200], account_chosen(form, sale.account)
    same = (reason, account) == (sale.reason, sale.account)
    return sale if same else sale.changed(reason=reason, account=account)


def _line(line: Line, form: QueryDict) -> Line | str:
    """The line as its fields say, or what is wrong with them."""
    typed = priced_as_typed(line, form)
    if isinstance(typed, str):
        return typed
    batch = form.get(f"batch-{line.key}", line.batch)
    return msgspec.structs.replace(
        line,
        quantity_e4=typed[0],
        price_micro=typed[1],
        chosen=f"chosen-{line.key}" in form,
        split=f"split-{line.key}" in form,
        batch=batch if batch in {one.batch for one in line.shelf} else "",
    )
