"""The screen of a visit (医生站): patient, diagnoses, orders with everything that is to be said of them, bills, history. One page.

Parts of it (search, the order being written and what is said of it) are asked for at every key; without JavaScript the same
addresses give the whole page.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.money import format_yuan
from gongji.desk.cashier.split import Split, split_of
from gongji.desk.doctor.benefits import CHRONIC, chronic_of
from gongji.desk.doctor.checks import Said, Sayings, said, still_has
from gongji.desk.doctor.estimate import estimated
from gongji.desk.doctor.forms import MED_TYPES, OrderForm, TermsForm, terms_initial
from gongji.desk.doctor.orders import Order, herb_part
from gongji.desk.doctor.past import past_of
from gongji.desk.doctor.stamp import stamp
from gongji.desk.doctor.visit import LOOKED_AT, Treated, doctor_of, treated
from gongji.desk.doctor.words import plain
from gongji.desk.doctor.writing import candidate, found_items, order_number, wanted, where
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeBatch
from gongji.gateway.inside import Done
from gongji.web.pages import Page, page, url

__all__ = ["NOT_HERE", "OVER", "back", "render", "screen"]

OFFERED: Final = 60
SEEN: Final = ("seen", "diagnosis", "kind")
"""Parts of the screen that the form of condition and diagnosis fills."""
NOT_HERE: Final = ("没有这次就诊", "本机构没有这个编号的就诊。请从今日就诊中选择。")
OVER: Final = ("就诊已撤销", "这次就诊已经撤销，不能再开医嘱。")


def back(number: str, part: str = "") -> HttpResponse:
    """To the screen; the cursor goes to the ``part``, else where one goes on writing. (An address with a fragment would keep the
    browser from putting the cursor anywhere.)"""
    return HttpResponseRedirect(url("desk.doctor.visit", number) + (f"?at={part}" if part else ""))


@page("desk.doctor.visit")
async def screen(shown: Page, number: str) -> HttpResponse:
    """The whole screen; ``q`` searches, ``item`` or ``change`` opens an order to be written."""
    now = await treated(shown, number, colleagues=True)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    return await render(shown, now)


async def render(
    shown: Page,
    now: Treated,
    *,
    form: OrderForm | None = None,
    terms: TermsForm | None = None,
    error: str = "",
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    """The screen; with an order or terms that were not accepted, or an ``error`` at the part ``at``."""
    await shown.look(now.visit.psn_no, LOOKED_AT, f"就诊 {now.visit.visit_id}")
    text = shown.request.GET.get("q", "").strip()[:50]
    form = form or (wanted(shown, now) if now.open else None)
    context = {
        "now": now,
        "place": _place(shown),
        "error": plain(error),
        "at": at,
        "led_to": shown.request.GET.get("at", ""),
        "gone": order_number(shown.request.GET.get("gone", "")),
        "q": text,
        "found": found_items(shown, text) if text else (),
        "form": form,
        "candidate": await candidate(shown, now, form) if form is not None and form.is_bound else None,
        "kinds": await _kinds(shown, now),
        "typed": _typed(shown, now, at),
        "terms": terms or TermsForm(initial=terms_initial(now.orders.terms), auto_id="t_%s"),
        "estimate": await estimated(shown, now),
        "bills": await _bills(shown, now),
        "past": await past_of(shown, now),
        "has": still_has(shown, now),
        "offered": await _offered(shown, now),
        "msgid": shown.msgid(),
        "made": stamp(shown),
        **await _told(shown, now),
    }
    return await shown.show("desk/doctor/visit.html", context, status)


def _place(shown: Page) -> str:
    found = shown.platform.provider(shown.visitor.institution)
    return found.name if found is not None else ""


def _typed(shown: Page, now: Treated, at: str) -> dict[str, str]:
    """What stands in the fields of condition and diagnosis: what is recorded, or what was sent and not accepted."""
    recorded = {
        "diagnosis": "",
        "condition": now.visit.condition,
        "allergies": now.allergies,
        "kind": now.choice,
    }
    if at not in SEEN:
        return recorded
    return {name: shown.request.POST.get(name, value) for name, value in recorded.items()}


async def _kinds(shown: Page, now: Treated) -> list[tuple[str, str]]:
    """The kinds of visit that may be chosen: chronic diseases only as far as the member is entitled, and what was chosen before."""
    entitled = await chronic_of(shown, now.visit.psn_no) if now.open else []
    found = {code: word for code, word in MED_TYPES if code != CHRONIC}
    found |= {one.choice: f"门诊慢特病：{one.name}" for one in entitled}
    return list(({now.choice: f"门诊慢特病：{now.visit.disease_name}"} | found).items())


async def _told(shown: Page, now: Treated) -> dict[str, Any]:
    """What is said of the drugs to circulate, as a sheet, and of those of the house, each for itself."""
    doctor, department = doctor_of(shown), await where(shown)
    away = await said(shown, now, doctor, department, now.orders.away)
    of_the_house = [row for row in now.orders.here if row.is_drug]
    here = await said(shown, now, doctor, department, of_the_house, alone=True)
    return {
        "away": [_row(order, away) for order in now.orders.away],
        "here": [_row(order, here) for order in of_the_house],
        "services": now.orders.services,
        "sheet": away,
        "terms_wanted": bool(now.orders.terms.long) or any(row.lacking for row in away.rows.values()),
        "herbs": herb_part(now.orders.away, herbs=True),
        "others": herb_part(now.orders.away, herbs=False),
    }


def _row(order: Order, sayings: Sayings) -> Said:
    return sayings.rows.get(order.no, Said(order))


async def _bills(shown: Page, now: Treated) -> list[tuple[FeeBatch, Split | None, str]]:
    """Batches at the till with what 2206 says of each; of a settled one nothing more is asked."""
    return [await _bill(shown, now, batch) for batch in now.batches]


async def _bill(shown: Page, now: Treated, batch: FeeBatch) -> tuple[FeeBatch, Split | None, str]:
    if batch.batch_no in now.settled:
        return batch, None, ""
    visit = now.visit
    data = {
        "psn_no": visit.psn_no, "mdtrt_cert_type": visit.voucher_type, "med_type": visit.med_type,
        "medfee_sumamt": format_yuan(batch.total_fen), "psn_setlway": "01", "mdtrt_id": str(visit.visit_id),
        "chrg_bchno": batch.batch_no, "acct_used_flag": "1", "insutype": visit.insutype, "invono": "",
    }  # fmt: skip
    answer = await shown.trade("2206", {"data": data}, shown.msgid())
    return (
        (batch, split_of(answer.output), "")
        if isinstance(answer, Done)
        else (batch, None, plain(answer.text))
    )


async def _offered(shown: Page, now: Treated) -> list[tuple[str, str]]:
    """Diagnoses that this department, or else the institution, makes often."""
    async with shown.connection() as conn:
        used = await encounters.diagnoses_used(conn, now.visit.caller, now.visit.dept_code, limit=OFFERED)
        if not used:
            used = await encounters.diagnoses_used(conn, now.visit.caller, limit=OFFERED)
    return [(one.code, one.name) for one in used]
