"""What the house charges: orders of the house go to the till (2204), and are taken back from it (2205)."""

from __future__ import annotations

from django.http import HttpResponse

from gongji.desk import drafts
from gongji.desk.doctor.lines import fee_row, ordered_again
from gongji.desk.doctor.orders import KIND, Orders
from gongji.desk.doctor.screen import NOT_HERE, back, render
from gongji.desk.doctor.stamp import EXPIRED, STAMP, made_at, number_of_form
from gongji.desk.doctor.visit import doctor_of, treated
from gongji.desk.doctor.writing import item_of, where
from gongji.gateway.inside import Refused
from gongji.web.pages import Page, page

__all__ = ["charge", "uncharge"]

SENT_ALREADY = "FEE_DUPLICATE"
"""Another workstation was faster with the same orders: they are at the till, and the screen shows them there."""


@page("desk.doctor.charge")
async def charge(shown: Page, number: str) -> HttpResponse:
    """2204: orders of the house become fees of the visit; the till finds them. What was sent leaves the draft."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    msgid, made = number_of_form(shown), made_at(shown)
    if shown.request.method != "POST" or not now.orders.here:
        return back(number, "bills")
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    department = await where(shown)
    doctor = doctor_of(shown)
    by = (doctor.staff_code, doctor.name) if doctor else (shown.visitor.staff_code, shown.visitor.name)
    rows = [
        fee_row(now.visit, order, msgid, made.strftime(STAMP), department, by) for order in now.orders.here
    ]
    answer = await shown.trade("2204", {"feedetail": rows}, msgid)
    if isinstance(answer, Refused):
        if answer.code == SENT_ALREADY:
            return back(number, "bills")
        return await render(shown, now, error=answer.text, at="bills", status=422)
    gone = {order.no for order in now.orders.here}
    await drafts.change(
        shown, KIND, str(now.visit.visit_id), Orders, lambda old: (old or Orders()).without(gone)
    )
    return back(number, "bills")


@page("desk.doctor.uncharge")
async def uncharge(shown: Page, number: str) -> HttpResponse:
    """2205: a batch that is not settled is taken back from the till; its lines are orders again, under new numbers."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    msgid = number_of_form(shown)
    if shown.request.method != "POST":
        return back(number, "bills")
    batch = next((one for one in now.unsettled if one.batch_no == shown.request.POST.get("batch")), None)
    if not msgid or batch is None:
        return back(number, "bills")
    data = {"mdtrt_id": str(now.visit.visit_id), "chrg_bchno": batch.batch_no, "psn_no": now.visit.psn_no}
    answer = await shown.trade("2205", {"data": data}, msgid)
    if isinstance(answer, Refused):
        return await render(shown, now, error=answer.text, at="bills", status=422)
    again = [
        ordered_again(item, line) for line in batch.lines if (item := item_of(shown, line.item)) is not None
    ]

    def restore(old: Orders | None) -> Orders:
        orders = old or Orders()
        for at, order in enumerate(again):
            orders = orders.having(order, f"{msgid}/{at}")
        return orders

    await drafts.change(shown, KIND, str(now.visit.visit_id), Orders, restore)
    return back(number)
