"""The main screens: who opens what, and which first link leads on from there. A new screen is a new line here."""

from typing import Final

import msgspec

from tests.web.serving import MEMBER

__all__ = ["SCREENS", "Screen"]

FAMILY: Final = "demo-voucher-000012"
"""The member whose family pays for each other."""


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
    Screen("sign-in-wrong", "/signin", clicks=("main button[type=submit]",), code=True, status=422),
)

_PORTAL: Final = (
    Screen("portal-home", "/portal/", MEMBER),
    Screen("portal-settlements", "/portal/settlements", MEMBER),
    Screen("portal-settlement", "/portal/settlements", MEMBER, (FIRST,)),
    Screen("portal-account", "/portal/account", MEMBER),
    Screen("portal-estimate", "/portal/estimate", MEMBER),
    Screen("portal-prescriptions", "/portal/prescriptions", MEMBER),
    Screen("portal-prescription", "/portal/prescriptions", MEMBER, (FIRST,)),
    Screen("portal-collect", "/portal/collect", MEMBER),
    Screen("portal-forbidden", "/desk/till", MEMBER, status=403),
)

_DESK: Final = (
    Screen("desk-till", "/desk/till", "yd-cashier", empty=True),
    Screen("desk-reviews", "/desk/reviews", "yd-pharmacist", empty=True),
)

SCREENS: Final = (*_PUBLIC, *_PORTAL, *_DESK)
