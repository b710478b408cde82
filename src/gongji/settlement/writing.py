"""One call writes a batch, or nothing: what was written is answered, what was overtaken is read again, what fails fails alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.settlement.commands import Done
from gongji.settlement.effects import encode
from gongji.settlement.jobs import Item, Job
from gongji.settlement.link import LOST
from gongji.settlement.rows import Returned
from gongji.stock import services as stock

__all__ = ["write"]

SETTLE_BATCH: Final = "SELECT settle_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
MOVED_ON: Final = frozenset(
    {"settlement_message_pkey", "settlement_message_number", "settlement_fact_one_reversal"}
)
"""Unique keys that tell that another engine was faster."""


async def write(conn: asyncpg.Connection[Any], items: Sequence[Item], ids: IdSource) -> list[Job]:
    """Write ``items`` in one call and answer their callers; the jobs to be read again are returned."""
    try:
        await _settle(conn, items, ids)
    except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
        stale = set((getattr(error, "detail", None) or "").split(","))
        fresh = [item for item in items if item[0].command.psn_no not in stale]
        if len(fresh) < len(items):
            again = [job for job, _ in items if job.command.psn_no in stale]
            return again + (await write(conn, fresh, ids) if fresh else [])
        return [items[0][0]] if len(items) == 1 else await _bisect(conn, items, ids)
    except asyncpg.UniqueViolationError as error:
        if len(items) > 1:
            return await _bisect(conn, items, ids)
        return _taken(items[0][0], error)
    except asyncpg.PostgresError as error:
        if isinstance(error, LOST):
            raise
        if len(items) > 1:
            return await _bisect(conn, items, ids)
        items[0][0].fail(error)
        return []
    for job, prepared in items:
        job.answer(Done(prepared.output, prepared.settlement_id, False))
    return []


async def _settle(conn: asyncpg.Connection[Any], items: Sequence[Item], ids: IdSource) -> None:
    """``settle_batch``, and in one transaction with it the return of drugs into stock."""
    back = [(sale, prepared.message[-1]) for _, prepared in items for sale in prepared.returned]
    if not back:
        await conn.execute(SETTLE_BATCH, *_columns(items, ids))
        return
    async with conn.transaction():
        await conn.execute(SETTLE_BATCH, *_columns(items, ids))
        for sale, at in sorted(back, key=_by_shelf):
            # A receipt that stock knows nothing of has nothing to bring back: the pharmacy does not keep its stock here.
            await stock.sale_returned(
                conn,
                sale.institution,
                sale.paper,
                rx_no=sale.rx_no,
                at=at,
                ids=ids,
                reason="退费",
            )


def _by_shelf(back: tuple[Returned, datetime]) -> tuple[str, str, str]:
    """Institutions are locked in one order, so that two batches wait for each other in one direction only."""
    sale, _ = back
    return sale.institution, sale.paper.document, sale.rx_no


def _taken(job: Job, error: asyncpg.UniqueViolationError) -> list[Job]:
    """What becomes of a job whose key somebody else has: read again, refused, or failed."""
    if error.constraint_name in MOVED_ON:
        # Somebody else settled this message or reversed this settlement: the next reading tells.
        job.wide = error.constraint_name == "settlement_message_number"
        return [job]
    if error.constraint_name == "encounters_visit_number":
        job.answer(Refusal("VISIT_DUPLICATE", "ipt_otp_no"))
    else:
        job.fail(error)
    return []


async def _bisect(conn: asyncpg.Connection[Any], items: Sequence[Item], ids: IdSource) -> list[Job]:
    """Write each half by itself: a command that fails shall fail alone."""
    half = len(items) // 2
    return await write(conn, items[:half], ids) + await write(conn, items[half:], ids)


def _columns(items: Sequence[Item], ids: IdSource) -> list[Any]:
    """The arguments of ``settle_batch``: rows of each table, movements of accounts as parallel arrays."""
    prepared = [item for _, item in items]
    postings = [(item.settlement_id, posting) for item in prepared for posting in item.postings]
    return [
        sorted(row for item in prepared for row in item.years),
        [item.message for item in prepared],
        [item.fact for item in prepared],
        [item.journal for item in prepared],
        [posting.psn_no for _, posting in postings],
        [posting.version for _, posting in postings],
        [posting.amount_fen for _, posting in postings],
        [posting.kind for _, posting in postings],
        [settlement_id for settlement_id, _ in postings],
        [posting.counterpart for _, posting in postings],
        [ids.next() for _ in postings],
        encode(item.effects for item in prepared),
        max(item.message[-1] for item in prepared),
    ]
