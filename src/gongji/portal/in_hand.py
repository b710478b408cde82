"""Prescriptions in hand (手里的处方), as the estimator takes them: those of the member that a pharmacy could fill now, and what is
still to be taken of them."""

from __future__ import annotations

from gongji.base.money import QUANTITY_DIGITS, QUANTITY_UNIT, format_scaled
from gongji.base.sqlfiles import Connection
from gongji.portal.asking import NEW_PRESCRIPTION, NO_PRESCRIPTION, Fault, Good, Question, price_text
from gongji.portal.sheet import drugs_to_take, seen_at
from gongji.prescriptions import Case
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.granting import OPEN_STATES
from gongji.web.pages import Page

__all__ = ["goods_of", "in_hand", "misnamed", "named_drugs"]

FIELD = "rx"


async def in_hand(page: Page, conn: Connection) -> dict[str, Case]:
    """The visitor's prescriptions that can be filled, by number; one whose time is over is none of them."""
    cases = await prescriptions.of_person(conn, page.visitor.psn_no, OPEN_STATES)
    seen = {case.rx_no: seen_at(case, page.at) for case in cases}
    return {number: case for number, case in seen.items() if case.state in OPEN_STATES}


def misnamed(question: Question, sheets: dict[str, Case]) -> Fault | None:
    """What is said of a number that is none of ``sheets``: the same for another member's, a used one and a made-up one."""
    if question.rx in ("", NEW_PRESCRIPTION, NO_PRESCRIPTION) or question.rx in sheets:
        return None
    return Fault(FIELD, "处方", "您没有这张可以取药的处方，请重新选择")


def goods_of(page: Page, case: Case) -> tuple[Good, ...]:
    """What is still to be taken of a prescription, in packages, at the payment standard where there is one."""
    found = []
    for drug in drugs_to_take(case, page.at):
        item = page.platform.catalogue.get(drug.item, page.today)
        share_e4 = case.prescription.share_e4(drug.item, case.fill_at(page.at))
        if item is not None and item.pack_units and drug.unit == item.min_unit:
            share_e4 = -(-share_e4 // (item.pack_units * QUANTITY_UNIT)) * QUANTITY_UNIT
        price = price_text(item) if item is not None else ""
        found.append(Good(drug.item, format_scaled(share_e4, QUANTITY_DIGITS), price))
    return tuple(found)


def named_drugs(page: Page, case: Case) -> str:
    """The drugs that are still to be taken, by name."""
    return "、".join(drug.name or drug.item for drug in drugs_to_take(case, page.at))
