"""Reads of the stock room, by asyncpg."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA
from gongji.stock.values import Batch, CodeSight, TraceUse

__all__ = [
    "KINDS",
    "MAX_ROWS",
    "Asked",
    "Recorded",
    "batches_of",
    "day_start",
    "holders",
    "movements",
    "of_batch",
    "on_hand",
    "sights",
    "trace_uses",
]

TRACE_USES = sql("gongji.stock", "trace_uses")
ON_HAND = sql("gongji.stock", "on_hand")
HOLDERS = sql("gongji.stock", "holders")
MOVEMENTS = sql("gongji.stock", "movements")
BATCHES_OF = sql("gongji.stock", "batches_of")
SIGHTS = sql("gongji.stock", "sights")

KINDS: Final = ("inventory", "adjust", "purchase", "purchase_return", "sale", "sale_return")
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(9000, 1, 1)
MAX_ROWS: Final = 1_000
"""Rows that one query answers."""

_texts = msgspec.json.Decoder(dict[str, str]).decode


class Recorded(msgspec.Struct, frozen=True):
    """A movement as it was recorded (columns of ``sql/movements.sql``)."""

    movement_id: int
    kind: str
    change_type: str
    item: str
    local_item: str
    local_name: str
    batch: str
    lot_no: str
    made_on: date | None
    expires_on: date | None
    quantity_e4: int
    counted_e4: int | None
    price_micro: int | None
    split: bool
    document: str
    counterpart: str
    rx_no: str
    psn_no: str
    visit_no: str
    settlement_no: str
    occurred_at: datetime
    recorded_at: datetime
    origin: str
    returns: int | None
    reason: str
    traces: tuple[str, ...]
    marks: tuple[str, ...]
    detail: dict[str, str]
    sealed: bytes | None
    deleted_at: datetime | None

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Recorded({self.movement_id}, {self.kind!r})"

    @property
    def valid(self) -> bool:
        """Whether it was not deleted since."""
        return self.deleted_at is None

    @property
    def brings_codes(self) -> bool:
        """Whether the batch is registered by trace codes through it."""
        incoming = self.kind in ("inventory", "purchase") or (self.kind == "adjust" and self.quantity_e4 > 0)
        return bool(self.traces) and incoming


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a query asks for; empty parts do not restrict. Days are those of China, both included."""

    kinds: tuple[str, ...] = KINDS
    from_on: date | None = None
    until_on: date | None = None
    local_item: str = ""
    batch: str = ""
    item: str = ""
    number: int | None = None
    visit_no: str = ""
    psn_no: str = ""
    cert_index: bytes | None = None
    code: str = ""


async def trace_uses(conn: Connection, codes: Iterable[str]) -> list[TraceUse]:
    """Every use of the codes by settlements, freed ones too."""
    wanted = sorted(set(codes))
    if not wanted:
        return []
    return [TraceUse(**dict(row.items())) for row in await conn.fetch(TRACE_USES, wanted)]


async def on_hand(conn: Connection, institution: str, items: Sequence[str], on: date) -> dict[str, int]:
    """Stock of each item at the institution that may be sold on the day (batches that have not expired), in ten-thousandths."""
    rows = await conn.fetch(ON_HAND, institution, list(items), on)
    return dict.fromkeys(items, 0) | {row["item"]: int(row["quantity_e4"]) for row in rows}


async def holders(
    conn: Connection, items: Sequence[str], institutions: Sequence[str], on: date
) -> dict[str, dict[str, int]]:
    """Which of the institutions hold which of the items on the day: institution → item → quantity; none without stock."""
    found: dict[str, dict[str, int]] = {}
    for row in await conn.fetch(HOLDERS, list(items), list(institutions), on):
        found.setdefault(row["institution"], {})[row["item"]] = int(row["quantity_e4"])
    return found


async def movements(
    conn: Connection, institution: str, asked: Asked, limit: int = MAX_ROWS + 1
) -> list[Recorded]:
    """The institution's movements that fit, by the time at which they happened, deleted ones too."""
    rows = await conn.fetch(
        MOVEMENTS, institution, list(asked.kinds), day_start(asked.from_on), day_start(asked.until_on, 1),
        asked.local_item, asked.batch, asked.item, asked.number, asked.visit_no, asked.psn_no, asked.cert_index, asked.code,
        limit,
    )  # fmt: skip
    return [_recorded(row) for row in rows]


async def of_batch(conn: Connection, institution: str, batch: str) -> list[Recorded]:
    """Every movement in force of a batch number, in the order in which they happened."""
    return [one for one in await movements(conn, institution, Asked(batch=batch), limit=2**31) if one.valid]


async def batches_of(conn: Connection, institution: str, item: str = "") -> list[Batch]:
    """The institution's running stock by item and batch; ``item``: a national or own code."""
    return [Batch(**dict(row.items())) for row in await conn.fetch(BATCHES_OF, institution, item)]


async def sights(conn: Connection, code: str) -> list[CodeSight]:
    """Where a trace code was seen in movements in force, at any institution."""
    return [CodeSight(**dict(row.items())) for row in await conn.fetch(SIGHTS, [code])]


def day_start(on: date | None, plus: int = 0) -> datetime | None:
    """The first instant of the day in China, or of a day ``plus`` days later; None: open. Days nobody can have meant are brought
    nearer, so that every day that can be written has an instant."""
    if on is None:
        return None
    return datetime.combine(min(max(on, FIRST_DAY), LAST_DAY) + timedelta(days=plus), time.min, CHINA)


def _recorded(row: Any) -> Recorded:
    values = dict(row.items())
    values |= {
        "traces": tuple(values["traces"]),
        "marks": tuple(values["marks"]),
        "detail": _texts(values["detail"]),
    }
    return Recorded(**values)
