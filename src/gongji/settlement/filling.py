"""The prescription that a pharmacy fills: its state on the day, its items, its visit group, whether it may be filled here."""

from __future__ import annotations

from datetime import date

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import day_in_china
from gongji.encounters import selectors as encounters
from gongji.prescriptions import rules as prescription_rules
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.values import Prescription
from gongji.providers.values import ProviderBook
from gongji.settlement.grounds import Ground

__all__ = ["Filled", "read_filled"]


class Filled(msgspec.Struct, frozen=True):
    """The prescription that a pharmacy fills: its state on the day, its items, its group, why it cannot be filled here."""

    state: str
    items: frozenset[str] | None = None
    group_id: int = 0
    group_year: int = 0
    refusal: Refusal | None = None


async def read_filled(conn: Connection, ground: Ground, book: ProviderBook) -> Filled:
    """The prescription behind a pharmacy's lines (decisions A10, A12, A16); elsewhere none is needed.

    One issued by an institution that was not 门诊统筹定点 on that day counts as none (SX2022-27.art26.2); what becomes of the
    issuer later does not matter (A36).
    """
    if ground.place.kind != "pharmacy":
        return Filled("not_needed")
    if not ground.rx_no:
        return Filled("none")
    psn_no = ground.command.psn_no
    found = await prescriptions.find(conn, psn_no, ground.rx_no)
    if found is None or not _issued_by_pooled_institution(found, book):
        return Filled("none")
    items = frozenset(item.item for item in found.items)
    charged = await encounters.dispensed(conn, psn_no, ground.rx_no, found.group_id)
    refusal = prescription_rules.same_drug_elsewhere(
        [line.item for line in ground.lines if line.item in items],
        [(entry.item, entry.caller) for entry in charged if entry.settled],
        ground.command.caller,
    )
    return Filled(
        prescription_rules.validity(found, ground.service_on),
        items,
        found.group_id,
        await _group_year(conn, found),
        refusal,
    )


async def _group_year(conn: Connection, found: Prescription) -> int:
    """The year of the visit with which the group began."""
    key = (found.psn_no, found.group_id)
    visit = (await encounters.visits(conn, [key])).get(key)
    return visit.service_on.year if visit is not None else _issued_on(found).year


def _issued_by_pooled_institution(found: Prescription, book: ProviderBook) -> bool:
    issuer = book.get(found.issuer)
    return issuer is not None and issuer.on(_issued_on(found)).pooled_agreement


def _issued_on(found: Prescription) -> date:
    return day_in_china(found.issued_at)
