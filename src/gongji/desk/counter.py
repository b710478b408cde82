"""What the screens of all counters share: why something was not done, which accounts pay, a priced line and how its fields are
read, the number of a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec
from django.http import QueryDict

from gongji.base.money import format_scaled, line_fen, parse_decimal
from gongji.desk import drafts
from gongji.web.pages import Page

__all__ = [
    "ACCOUNTS",
    "OWN_AND_FAMILY",
    "Notice",
    "Priced",
    "account_chosen",
    "form_number",
    "priced_as_typed",
    "put_on_screen",
]

T = TypeVar("T", bound=msgspec.Struct)

OWN_AND_FAMILY, FAMILY_ONLY, NONE = "1", "2", "0"
ACCOUNTS: Final = (
    (OWN_AND_FAMILY, "个人账户，再家庭共济"),
    (FAMILY_ONLY, "只用家庭共济账户"),
    (NONE, "不用账户，付现金"),
)
"""acct_used_flag in words."""
MEANWHILE: Final = "另一个窗口刚才动过这里，这一步没有记下。请看清屏幕上的内容再继续"
"""What a screen says after a step that was taken on an older state of it."""


class Notice(msgspec.Struct, frozen=True):
    """Why something was not done: reason code, the trade's own words, and the place on the screen where it can be mended."""

    code: str
    text: str
    place: str = "scan"

    @property
    def words(self) -> str:
        """The trade's words without the code that stands before them; the code is shown beside them."""
        return self.text.removeprefix(f"〔{self.code}〕")


SCANNED: Final = ("TRACE_CODE_", "RX_ITEM_NOT_ON_PRESCRIPTION")
FIELDS: Final = {
    "scan": "scan",
    "member": "scan",
    "reason": "reason",
    "proxy": "proxy_name",
    "cash": "cash",
    "visit": "doctor",
}
"""Which field mends what stands at a place of the screen."""


def field_to_mend(notice: Notice | None, lines: Iterable[Priced]) -> str:
    """Id of the field that takes the focus: where the notice can be mended; the scan field for a pack that does not fit."""
    if notice is None or notice.code.startswith(SCANNED):
        return "scan"
    for line in lines:
        if notice.place == f"line-{line.key}":
            return f"{'quantity' if line.price_micro else 'price'}-{line.key}"
    return FIELDS.get(notice.place, "scan")


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """Something with a price: quantity in ten-thousandths, price in millionths of a yuan, 0 for none yet."""

    key: str
    item: str
    name: str
    spec: str = ""
    unit: str = ""
    quantity_e4: int
    price_micro: int = 0

    @property
    def amount_fen(self) -> int:
        return line_fen(self.price_micro, self.quantity_e4)

    @property
    def quantity(self) -> str:
        return format_scaled(self.quantity_e4, 4)

    @property
    def price(self) -> str:
        return format_scaled(self.price_micro, 6, least=2) if self.price_micro else ""


def priced_as_typed(line: Priced, form: QueryDict) -> tuple[int, int] | str:
    """Quantity and price of the line as its fields say (as they were where a form has none), or what is wrong with them."""
    try:
        quantity = parse_decimal(form.get(f"quantity-{line.key}", line.quantity) or "0", 4)
        price = parse_decimal(form.get(f"price-{line.key}", line.price) or "0", 6)
    except ValueError:
        return f"{line.name}的数量（最多四位小数）和单价（最多六位小数）须写成数字"
    if not 0 < quantity < 10**11 or not 0 <= price < 10**13:
        return f"{line.name}的数量须大于 0，单价不能是负数，也不能过大"
    return quantity, price


async def put_on_screen(page: Page, kind: str, shape: type[T], before: T, after: T) -> None:
    """Keep the screen after a step. Where another window has taken one since ``before`` was read, that one stands: what was settled
    there is not on the screen again, and what was scanned there is not lost.
    """

    def step(found: T | None) -> T:
        now = found if found is not None else shape()
        return after if now == before else msgspec.structs.replace(now, told=MEANWHILE)

    await drafts.change(page, kind, "", shape, step)


def account_chosen(form: QueryDict, before: str) -> str:
    """acct_used_flag that the form asks for; what it was where the form says nothing that is known."""
    asked = form.get("account", before)
    return asked if asked in {code for code, _ in ACCOUNTS} else before


def form_number(shown: Page, form: QueryDict) -> str:
    """The form's own number, so that a form sent twice does one thing. It leaves room for what a step adds to it."""
    given = form.get("msgid", "")
    return given if 0 < len(given) <= 26 and given.isalnum() and given.isascii() else shown.msgid()
