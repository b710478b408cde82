"""Prescriptions that the pharmacy has in hand (本店已接单): who stands at a till with nothing on it can carry on any of them, with
the review that was made of it. Reading the member's code once more would begin anew."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.desk import drafts
from gongji.desk.till.sale import Sale
from gongji.desk.till.sheet import HELD, Held
from gongji.desk.till.steps import laid_out
from gongji.members.identity import mask_name
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.web.pages import Page

__all__ = ["InHand", "carry_on", "in_hand"]

OPEN: Final = ("held", "approved")
GONE: Final = "这张处方已经不在本店手里，请重新读取处方码"


class InHand(msgspec.Struct, frozen=True):
    """A prescription in hand, as a row of the list; the name is masked."""

    held: Held
    patient: str
    reviewed: bool


async def in_hand(page: Page) -> list[InHand]:
    """What the pharmacy holds now, the oldest first."""
    here = page.visitor.institution
    async with page.connection() as conn:
        rows = [row for state in OPEN for row in await prescriptions.listed(conn, here, state)]
    held = [
        (await drafts.draft(page, HELD, row.rx_no, Held), row.state)
        for row in sorted(rows, key=lambda row: row.rx_id)
        if row.holder == here
    ]
    return [
        InHand(one, mask_name(one.patient), state == "approved") for one, state in held if one is not None
    ]


async def carry_on(page: Page, sale: Sale, rx_no: str) -> Sale:
    """The prescription on the empty screen, as it was taken over."""
    if not sale.empty:
        return sale
    held = await drafts.draft(page, HELD, rx_no, Held)
    if held is None or await _case(page, rx_no) is None:
        return msgspec.structs.replace(sale, told=GONE)
    return await laid_out(page, msgspec.structs.replace(sale, proxy=held.proxy), held)


async def _case(page: Page, rx_no: str) -> Case | None:
    """The prescription if the pharmacy holds it still."""
    async with page.connection() as conn:
        case = await prescriptions.case(conn, rx_no)
    mine = case is not None and case.holder == page.visitor.institution and case.state in OPEN
    return case if mine and case is not None and case.hold is not None and case.hold.until > page.at else None
