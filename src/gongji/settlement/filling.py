"""The prescription that a pharmacy fills: its state on the day, its items, its visit group, whether it may be filled here."""

from __future__ import annotations

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.encounters import selectors as encounters
from gongji.prescriptions import rules as prescription_rules
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.values import Prescription
from gongji.settlement.grounds import Ground

__all__ = ["Filled", "read_filled"]


class Filled(msgspec.Struct, frozen=True):
    """The prescription that a pharmacy fills: its state on the day, its items, its group, why it cannot be filled here."""

    state: str
    items: frozenset[str] | None = None
    group_id: int = 0
    group_year: int = 0
    refusal: Refusal | None = None


async def read_filled(conn: Connection, ground: Ground) -> Filled:
    """The prescription behind a pharmacy's lines (decisions A10, A12, A16); elsewhere none is needed."""
    if ground.place.kind != "pharmacy":
        return Filled("not_needed")
    if not ground.rx_no:
        return Filled("none")
    psn_no = ground.command.psn_no
    found = await prescriptions.find(conn, psn_no, ground.rx_no)
    if found is None:
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
    issued_on = found.issued_at.astimezone(prescription_rules.CHINA).date()
    return visit.service_on.year if visit is not None else issued_on.year
