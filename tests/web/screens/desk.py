"""Screens of hospitals and pharmacies."""

from typing import Final

from tests.web.screens.shape import Bring, Fill, Screen, Step
from tests.web.serving import MEMBER

__all__ = ["DESK"]

ROW: Final = "main tbody a"
VISIT_LINK: Final = "a[href*='/doctor/visit/']"
VISIT: Final = f"main {VISIT_LINK}"
READ: Final[tuple[Step, ...]] = (Fill("#scan", MEMBER), Bring("#sale button[value=read]", "#till .kv"))
"""The voucher is read at a counter."""

_DOCTOR: Final = (
    Screen("desk.home", "/desk/", "sq-doctor", state="doctor", says="医师"),
    Screen("desk.doctor", "/desk/doctor", "sq-doctor"),
    Screen(
        "desk.doctor.identify",
        "/desk/doctor",
        "sq-doctor",
        (Fill("#code", MEMBER), "main form[action$=identify] button"),
    ),
    Screen("desk.doctor.visit", "/desk/doctor", "sq-doctor", (VISIT,), empty=True),
    Screen(
        "desk.doctor.visit",
        "/desk/doctor",
        "sq-doctor",
        (VISIT, Fill("#q", "bhsaldp"), Bring("main h1", "#found a")),
        state="find",
        says="检索药品",
        empty=True,
    ),
    Screen("desk.doctor.cancel", "/desk/doctor", "sq-doctor", (VISIT, "main a[href$=cancel]")),
    Screen("desk.doctor.rx", "/desk/doctor", "sq-doctor", (VISIT, "main a[href*='/doctor/rx/']")),
    Screen(
        "desk.doctor.withdraw",
        "/desk/doctor",
        "sq-doctor",
        (VISIT, "main a[href*='/doctor/rx/']", "main a[href$=withdraw]"),
    ),
    Screen(
        "desk.doctor.issue",
        "/desk/doctor",
        "sq-doctor",
        (
            f"tr:nth-child(4) {VISIT_LINK}",
            "li:nth-child(2) form[action$=again] button",
            "main a[href$=issue]",
        ),
    ),
    Screen("desk.review", "/desk/review", "sq-pharmacist"),
    Screen("desk.review.sheet", "/desk/review", "sq-pharmacist", (ROW,)),
)
_TILL: Final = (
    Screen("desk.home", "/desk/", "yd-cashier", state="cashier", says="收费员"),
    Screen("desk.cashier", "/desk/cashier", "sq-cashier", empty=True),
    Screen("desk.cashier", "/desk/cashier", "sq-cashier", READ, state="read", says="已读凭证", empty=True),
    Screen("desk.till", "/desk/till", "yd-cashier", empty=True),
    Screen("desk.till", "/desk/till", "km-cashier", READ, state="read", says="已读凭证", empty=True),
    Screen("desk.till_reviews", "/desk/till/reviews", "yd-pharmacist"),
    Screen("desk.day", "/desk/day", "yd-cashier"),
    Screen("desk.sold", "/desk/day", "yd-cashier", (ROW,)),
    Screen("desk.receipt", "/desk/day", "yd-cashier", (ROW, "main a[href$=paper]")),
    Screen("desk.refund", "/desk/day", "yd-cashier", (ROW, "main a[href*=refund]")),
    Screen("desk.lost", "/desk/lost", "yd-cashier", empty=True),
    Screen("desk.reconcile", "/desk/reconcile", "yd-cashier"),
    Screen("desk.closing", "/desk/closing", "yd-cashier", empty=True),
)
_MANAGER: Final = (
    Screen("desk.home", "/desk/", "yd-manager"),
    Screen("desk.staff", "/desk/staff", "sq-manager"),
    Screen("desk.staff.one", "/desk/staff", "sq-manager", (ROW,)),
    Screen("desk.staff.enter", "/desk/staff/enter", "sq-manager"),
    Screen("desk.staff.change", "/desk/staff", "sq-manager", (ROW, "main a[href$=change]")),
    Screen("desk.staff.leave", "/desk/staff", "sq-manager", (ROW, "main a[href$=leave]")),
    Screen("desk.departments", "/desk/departments", "sq-manager"),
    Screen("desk.departments.open", "/desk/departments/open", "sq-manager"),
    Screen("desk.departments.change", "/desk/departments/K01/change", "sq-manager"),
    Screen("desk.departments.close", "/desk/departments/K01/close", "sq-manager"),
    Screen("desk.items", "/desk/items", "yd-manager"),
    Screen("desk.items.map", "/desk/items/map?q=氨氯地平", "yd-manager"),
    Screen("desk.items.withdraw", "/desk/items", "yd-manager", ("main a[href*=withdraw]",)),
    Screen("desk.items.import", "/desk/items/import", "yd-manager"),
    Screen("desk.stock", "/desk/stock", "yd-manager"),
    Screen("desk.stock.moves", "/desk/stock/moves", "yd-manager"),
    Screen("desk.stock.add", "/desk/stock/add", "yd-pharmacist"),
    Screen("desk.stock.delete", "/desk/stock", "yd-manager", (ROW, "main a[href*='stock/delete?']")),
    Screen("desk.stock.import", "/desk/stock/import", "yd-manager"),
    Screen("desk.stock.balance", "/desk/stock/balance", "yd-manager"),
    Screen("desk.stock.trace", "/desk/stock/trace", "yd-manager"),
    Screen("desk.agreement", "/desk/agreement", "yd-manager"),
    Screen("desk.agreement.dossier", "/desk/agreement", "yd-manager", ("main a.list__item",)),
    Screen("desk.agreement.apply", "/desk/agreement", "hm-manager", ("main a[href*='/apply/']",)),
    Screen(
        "desk.agreement.step",
        "/desk/agreement",
        "kq-manager",
        ("main a.list__item", "main a[href$=supplement]"),
    ),
    Screen("desk.agreement.report", "/desk/agreement/report", "yd-manager"),
    Screen("desk.months", "/desk/months", "sq-manager"),
    Screen("desk.keys", "/desk/keys", "yd-manager", latin=True),
)
DESK: Final = (*_DOCTOR, *_TILL, *_MANAGER)
