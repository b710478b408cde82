"""One order while it is written: the item that was searched, the form that fits it, what is to be said of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gongji.base.money import QUANTITY_UNIT, format_scaled
from gongji.catalog.values import Item
from gongji.desk.doctor.checks import Said, said
from gongji.desk.doctor.forms import OrderForm, initial_of, order_form
from gongji.desk.doctor.orders import HERE, Order
from gongji.desk.doctor.visit import Treated, department_of, doctor_of
from gongji.policy.answers import Value
from gongji.prescriptions.limits import number
from gongji.settlement.uses import EMERGENCY_MED_TYPES
from gongji.web.pages import Page

__all__ = ["candidate", "found_items", "item_of", "needed", "order_number", "usual_days", "wanted", "where"]

FOUND: Final = 12
DIGITS: Final = 8
TIMES: Final = {
    "11": (1, 1), "12": (2, 1), "13": (3, 1), "14": (4, 1), "21": (1, 7), "22": (2, 7), "23": (3, 7), "33": (6, 1),
    "35": (4, 1), "36": (3, 1), "37": (2, 1), "41": (1, 1), "42": (1, 2), "43": (1, 5), "44": (1, 10),
}  # fmt: skip
"""used_frqu that can be counted: so often in so many days."""


def item_of(shown: Page, code: str) -> Item | None:
    place = shown.platform.provider(shown.visitor.institution)
    if place is None:
        return None
    day = place.on(shown.today)
    return shown.platform.catalogue.get(code, shown.today, day.region, day.fee_class)


def found_items(shown: Page, text: str) -> Sequence[Item]:
    place = shown.platform.provider(shown.visitor.institution)
    region = place.region if place is not None else "CN"
    return shown.platform.catalogue.search(text, shown.today, limit=FOUND, region=region)


def usual_days(shown: Page, now: Treated) -> int:
    """For how many days one prescribes without giving a reason, by the law of the day; 1 where it does not say."""
    place = shown.platform.provider(shown.visitor.institution)
    kind = "emergency_days" if now.visit.med_type in EMERGENCY_MED_TYPES else "ordinary_days"
    value = shown.platform.law.value(f"prescription.{kind}", place.region if place else "CN", shown.today)
    return number(value) if isinstance(value, Value) else 1


def wanted(shown: Page, now: Treated) -> OrderForm | None:
    """The empty form of the item, or the order, that the address names."""
    change = order_number(shown.request.GET.get("change", ""))
    known = now.orders.order(change) if change is not None else None
    code = known.item if known is not None else shown.request.GET.get("item", "")[:50]
    item = item_of(shown, code) if code else None
    return None if item is None else order_form(item, initial=initial_of(item, known, usual_days(shown, now)))


async def candidate(shown: Page, now: Treated, form: OrderForm) -> Said | None:
    """What is to be said of the order as it is typed now, together with what is on the sheet already."""
    if not form.is_valid():
        return None
    order = form.order()
    if not order.is_drug:
        return Said(order)
    changed = shown.request.POST.get("no", "")
    others = [row for row in now.orders.drugs if row.place == order.place and str(row.no) != changed]
    told = await said(
        shown, now, doctor_of(shown), await where(shown), [*others, order], alone=order.place == HERE
    )
    return told.rows.get(order.no) or Said(order, problems=told.whole)


def needed(item: Item, order: Order) -> str:
    """How much the use asks for, in words; "" where dose or package cannot be counted."""
    times = TIMES.get(order.frequency)
    counted = times is not None and item.pack_units > 0 and order.dose_unit == item.min_unit
    if times is None or not counted or not order.days:
        return ""
    often, of_days = times
    units_e4 = -(-order.dose_e4 * often * order.days // of_days)
    packs = -(-units_e4 // (item.pack_units * QUANTITY_UNIT))
    need = f"按用法 {order.days} 天需要 {format_scaled(units_e4, 4)}{item.min_unit}，即 {packs}{order.unit}"
    words = f"{need}（每{order.unit} {item.pack_units}{item.min_unit}）"
    more = order.quantity_e4 > packs * QUANTITY_UNIT
    return f"{words}；总量比用法多，请核对" if more else words


def order_number(text: str) -> int | None:
    """The number of an order in an address or a form; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


async def where(shown: Page) -> tuple[str, str]:
    """Code and name of the department in whose name the doctor writes."""
    department = await department_of(shown, doctor_of(shown))
    return (department.dept_code, department.name) if department else ("", "")
