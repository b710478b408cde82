"""The main screens: who opens what, and which first link leads on from there. A new screen is a new line here."""

from typing import Final

import msgspec

from tests.web.serving import MEMBER

__all__ = ["SCREENS", "Screen"]

FAMILY: Final = "demo-voucher-000012"
"""The member whose family pays for each other."""


AWAY: Final = "demo-voucher-000007"
"""The member who lives in another city, with claims in every state."""

RETIRED: Final = "demo-voucher-000002"
AWAY: Final = "demo-voucher-000007"
"""A member who has filed for care away from home."""


class Screen(msgspec.Struct, frozen=True):
    """``who`` opens ``path`` (nobody: without signing in), then follows the first element that fits each of ``clicks``.

    ``empty``: something on it is rightly empty. ``code``: Latin words on it are rightly there. ``fill``: what is typed by selector
    before the clicks.
    """

    name: str
    path: str
    who: str = ""
    clicks: tuple[str, ...] = ()
    fill: tuple[tuple[str, str], ...] = ()
    empty: bool = False
    code: bool = False
    status: int = 200


FIRST: Final = "main :is(a.list__item, tbody a, a.card--link)"
"""The first thing of a list."""

_PUBLIC: Final = (
    Screen("front", "/"),
    Screen("law", "/law"),
    Screen("law-search", "/law?q=退休+支付比例"),
    Screen("law-clause", "/law/SX2024-11.s1.e1"),
    Screen("law-document", "/law/documents/SX2024-11"),
    Screen("law-standards", "/law/standards"),
    Screen("styleguide", "/styleguide", empty=True, code=True),
    Screen("not-found", "/nothing-here", status=404),
    Screen("sign-in", "/signin", code=True),
    Screen("sign-in-voucher", "/signin/voucher", code=True),
    Screen(
        "sign-in-code",
        "/signin",
        clicks=("main form.form button[type=submit]",),
        fill=(("#id_username", "auditor"), ("#id_password", "gongji-demo")),
        code=True,
    ),
    Screen("sign-in-wrong", "/signin", clicks=("main button[type=submit]",), code=True, status=422),
)

_PORTAL: Final = (
    Screen("portal-home", "/portal/", MEMBER),
    Screen("portal-settlements", "/portal/settlements", MEMBER),
    Screen("portal-settlement", "/portal/settlements", MEMBER, (FIRST,)),
    Screen("portal-receipt", "/portal/settlements", MEMBER, (FIRST, "main a[href$=print]")),
    Screen("portal-account", "/portal/account", MEMBER),
    Screen("portal-estimate", "/portal/estimate", MEMBER),
    Screen("portal-estimate-goods", "/portal/estimate", MEMBER, (FIRST,)),
    Screen(
        "portal-estimate-result",
        "/portal/estimate/result?where=class1&drug_a=300.00&drug_b=86.40&selfpay=20.00",
        MEMBER,
    ),
    Screen("portal-prescriptions", "/portal/prescriptions", MEMBER),
    Screen("portal-prescription", "/portal/prescriptions", MEMBER, (FIRST,)),
    Screen(
        "portal-prescription-code",
        "/portal/prescriptions",
        MEMBER,
        (FIRST, "main form button[type=submit]"),
        code=True,
    ),
    Screen("portal-collect", "/portal/collect", MEMBER),
    Screen("portal-collect-rx", "/portal/prescriptions", MEMBER, (FIRST, "main a[href*=collect]")),
    Screen("portal-family", "/portal/family", MEMBER),
    Screen("portal-family-user", "/portal/family", MEMBER, (FIRST,)),
    Screen("portal-family-apply", "/portal/family/apply", MEMBER),
    Screen("portal-filing", "/portal/filing", AWAY),
    Screen("portal-filing-apply", "/portal/filing/apply", MEMBER),
    Screen("portal-filing-kind", "/portal/filing/apply?kind=TEMPORARY", MEMBER),
    Screen("portal-claims", "/portal/claims", AWAY),
    Screen("portal-claim", "/portal/claims", AWAY, (FIRST,)),
    Screen("portal-claim-settled", "/portal/claims", AWAY, ("main li:nth-child(5) a.list__item",)),
    Screen("portal-claim-supplement", "/portal/claims", AWAY, (FIRST, "main a[href$=supplement]")),
    Screen("portal-claim-withdraw", "/portal/claims", AWAY, (FIRST, "main a[href$=withdraw]")),
    Screen("portal-claim-apply", "/portal/claims/apply", MEMBER),
    Screen("portal-complaints", "/portal/complaints", MEMBER),
    Screen("portal-complaint", "/portal/complaints", MEMBER, (FIRST,)),
    Screen("portal-complaint-new", "/portal/complaints/new", MEMBER),
    Screen("portal-report", "/portal/report"),
    Screen("portal-questions", "/portal/questions", MEMBER),
    Screen("portal-question", "/portal/questions", MEMBER, (FIRST,)),
    Screen("portal-question-deductible", "/portal/questions/deductible", MEMBER),
    Screen("portal-question-place", "/portal/questions/place?name=药房", MEMBER),
    Screen("portal-access", "/account/", MEMBER),
    Screen("portal-forbidden", "/desk/till", MEMBER, status=403),
)

_DESK: Final = (
    Screen("desk-home", "/desk/", "yd-manager"),
    Screen("desk-doctor", "/desk/doctor", "sq-doctor", empty=True),
    Screen("desk-review", "/desk/review", "sq-pharmacist", empty=True),
    Screen("desk-cashier", "/desk/cashier", "sq-cashier", empty=True),
    Screen("desk-till", "/desk/till", "yd-cashier", empty=True),
    Screen("desk-till-reviews", "/desk/till/reviews", "yd-pharmacist", empty=True),
    Screen("desk-day", "/desk/day", "yd-cashier"),
    Screen("desk-sold", "/desk/day", "yd-cashier", ("main tbody a",)),
    Screen("desk-receipt", "/desk/day", "yd-cashier", ("main tbody a", "main a[href$=paper]")),
    Screen("desk-lost", "/desk/lost", "yd-cashier", empty=True),
    Screen("desk-reconcile", "/desk/reconcile", "yd-cashier"),
    Screen("desk-closing", "/desk/closing", "yd-cashier", empty=True),
    Screen("desk-staff", "/desk/staff", "sq-manager"),
    Screen("desk-staff-one", "/desk/staff", "sq-manager", ("main tbody a",)),
    Screen("desk-staff-enter", "/desk/staff/enter", "sq-manager"),
    Screen("desk-departments", "/desk/departments", "sq-manager"),
    Screen("desk-items", "/desk/items", "yd-manager"),
    Screen("desk-items-map", "/desk/items/map?q=氨氯地平", "yd-manager"),
    Screen("desk-stock", "/desk/stock", "yd-manager"),
    Screen("desk-stock-moves", "/desk/stock/moves", "yd-manager"),
    Screen("desk-stock-add", "/desk/stock/add", "yd-pharmacist"),
    Screen("desk-stock-import", "/desk/stock/import", "yd-manager"),
    Screen("desk-stock-balance", "/desk/stock/balance", "yd-manager"),
    Screen("desk-stock-trace", "/desk/stock/trace", "yd-manager"),
    Screen("desk-agreement", "/desk/agreement", "yd-manager"),
    Screen("desk-agreement-dossier", "/desk/agreement", "yd-manager", ("main a.list__item",)),
    Screen("desk-agreement-report", "/desk/agreement/report", "yd-manager"),
    Screen("desk-months", "/desk/months", "sq-manager"),
    Screen("desk-keys", "/desk/keys", "yd-manager", code=True),
    Screen("desk-forbidden", "/portal/", "yd-cashier", status=403),
)

_CONSOLE: Final = (
    Screen("console-home", "/console/", "shouli"),
    Screen("console-complaints", "/console/complaints", "jihe"),
    Screen("console-complaint", "/console/complaints", "jihe", ("main tbody a, main a.list__item",)),
    Screen("console-bindings", "/console/bindings", "chushen", empty=True),
    Screen("console-accounts", "/console/accounts/", "sysadmin", code=True),
    Screen("console-account-new", "/console/accounts/new", "sysadmin"),
    Screen(
        "console-account", "/console/accounts/", "secadmin", ("main tbody a, main a.list__item",), code=True
    ),
    Screen("console-events", "/console/events", "auditor", code=True),
    Screen("console-accesses", "/console/accesses", "auditor", code=True),
    Screen(
        "console-account-lock",
        "/console/accounts/",
        "sysadmin",
        ("main tbody a", "main a[href*=state]"),
        code=True,
    ),
    Screen(
        "console-account-role",
        "/console/accounts/",
        "secadmin",
        ("main tbody a", "main a[href$=roles]"),
        code=True,
    ),
    Screen("account", "/account/", "sysadmin", code=True),
    Screen("account-factor", "/account/factor", "sysadmin", code=True),
    Screen("account-password", "/account/password", "sysadmin"),
)

SCREENS: Final = (*_PUBLIC, *_PORTAL, *_DESK, *_CONSOLE)
