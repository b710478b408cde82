"""What of the prescription centre does not follow from its facts: for ``gongji verify``.

Every prescription's events are folded again and compared with the row that says where it stands; every event must be one that the
table allows. Reads everything, page by page; empty when all is well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions import selectors
from gongji.prescriptions.case import Case
from gongji.prescriptions.states import TABLE

__all__ = ["Difference", "differences"]

VERIFY = sql("gongji.prescriptions", "verify")
PAGE_SQL = sql("gongji.prescriptions", "current_page")
PAGE: Final = 500

_ALLOWED: Final = {(row.state, row.verb, state) for row in TABLE for state in row.next}
_FIELDS: Final = ("version", "state", "issuer", "holder", "held_until", "fill", "due_at")


class Difference(msgspec.Struct, frozen=True):
    """Something stored that does not follow from the rest."""

    psn_no: str
    rx_no: str
    field: str
    stored: str
    recomputed: str


async def differences(conn: Connection) -> tuple[Difference, ...]:
    """Everything of this room that does not add up."""
    found = [
        Difference(*(str(value) if value is not None else "无" for value in row.values()))
        for row in await conn.fetch(VERIFY)
    ]
    after: tuple[str, int] = ("", 0)
    while rows := await conn.fetch(PAGE_SQL, *after, PAGE):
        cases = await selectors.cases(conn, [(row["psn_no"], str(row["rx_id"])) for row in rows])
        for row in rows:
            found += _compared(cases[row["psn_no"], str(row["rx_id"])], row)
        after = (rows[-1]["psn_no"], rows[-1]["rx_id"])
    return tuple(found)


def _compared(case: Case, row: Any) -> Iterator[Difference]:
    """One prescription: its row against the fold of its events, and each event against the table."""
    for name in _FIELDS:
        stored, computed = row[name], getattr(case, name)
        if stored != computed:
            yield Difference(case.psn_no, case.rx_no, f"rx_{name}", str(stored), str(computed))
    state = ""
    for event in case.events:
        if (state, event.verb, event.state) not in _ALLOWED:
            yield Difference(
                case.psn_no, case.rx_no, "rx_event", f"{event.event_no} {event.verb} {event.state}", state
            )
        state = event.state
