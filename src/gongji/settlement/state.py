"""What the room's own tables say before commands are decided: stored answers, years, windows, originals.

The order of reading is what makes the optimistic check sound: years (with their versions) first, everything that depends
on them afterwards. Whoever changes something in between advances the version, and the write is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement.commands import ReverseCommand, SettleCommand, StoredAnswer
from gongji.settlement.facts import Fact
from gongji.settlement.reversal import Original
from gongji.settlement.rules import basis
from gongji.settlement.situation import Situation, Windows
from gongji.settlement.years import YearState

__all__ = [
    "CLAIMABLE",
    "fact_of_row",
    "read_answer",
    "read_answers",
    "read_originals",
    "read_windows",
    "read_years",
]

Command = SettleCommand | ReverseCommand

_ROOM = "gongji.settlement"
READ_MESSAGES = sql(_ROOM, "read_messages")
READ_MESSAGE = sql(_ROOM, "read_message")
READ_YEARS = sql(_ROOM, "read_years")
READ_GROUPS = sql(_ROOM, "read_groups")
READ_PERIODS = sql(_ROOM, "read_periods")
READ_QUOTAS = sql(_ROOM, "read_quotas")
READ_INVOICES = sql(_ROOM, "read_invoices")
READ_ORIGINALS = sql(_ROOM, "read_originals")

CLAIMABLE: Final = ("NOT_DESIGNATED", "ARREARS")
"""Why the pool may refuse at the counter what a manual claim can still show to be payable: an emergency (A26), months paid late
(A22). The claim is judged by the law anew."""

_PLAIN = len(msgspec.structs.fields(Fact))


def fact_of_row(row: Any) -> Fact:
    """The fact in the leading columns of a row of ``settlement_fact``."""
    return Fact(*list(row.values())[:_PLAIN])


async def read_answers(conn: Connection, commands: Sequence[Command]) -> dict[int, StoredAnswer]:
    """Stored answers by position of the command; read by person, as a distributed database needs it."""
    rows = await conn.fetch(
        READ_MESSAGES,
        [command.psn_no for command in commands],
        [command.caller for command in commands],
        [command.infno for command in commands],
        [command.msgid for command in commands],
    )
    return {row["position"] - 1: _stored(row) for row in rows}


async def read_answer(conn: Connection, caller: str, infno: str, msgid: str) -> StoredAnswer | None:
    """The stored answer under a caller's number, whoever the person is."""
    row = await conn.fetchrow(READ_MESSAGE, caller, infno, msgid)
    return _stored(row) if row else None


def _stored(row: Any) -> StoredAnswer:
    return StoredAnswer(
        row["psn_no"], row["request_hash"], row["settlement_id"], row["answer"], row["received_at"]
    )


async def read_years(conn: Connection, psn_nos: Sequence[str]) -> dict[str, dict[int, YearState]]:
    """All years of each person; who has none yet is missing."""
    years: defaultdict[str, dict[int, YearState]] = defaultdict(dict)
    for row in await conn.fetch(READ_YEARS, list(psn_nos)):
        psn_no, number, *state = row.values()
        version, seq, head, benefits, acc, ceilings = state
        years[psn_no][number] = YearState(version, seq, head, tuple(benefits), tuple(acc), tuple(ceilings))
    return years


async def read_windows(conn: Connection, law: Law, asked: Sequence[tuple[str, Situation]]) -> list[Windows]:
    """Windows of each (person, visit), in order. Days, months and quarters are looked at only where the law, or a chronic quota,
    has any."""
    rows = await conn.fetch(
        READ_GROUPS,
        [psn_no for psn_no, _ in asked],
        [situation.group_id for _, situation in asked],
        [situation.visit_id for _, situation in asked],
        [situation.batch_no for _, situation in asked],
        [situation.visit.benefit for _, situation in asked],
        [situation.quota_key for _, situation in asked],
    )
    groups = {row["position"] - 1: row for row in rows}
    dated = [index for index, (_, situation) in enumerate(asked) if _needs_periods(law, situation)]
    periods: Mapping[int, Any] = {}
    if dated:
        rows = await conn.fetch(
            READ_PERIODS,
            [asked[index][0] for index in dated],
            [asked[index][1].visit.benefit for index in dated],
            [asked[index][1].visit.service_on for index in dated],
        )
        periods = {dated[row["position"] - 1]: row for row in rows}
    quotas, paid = await _quota_use(conn, asked), await _invoices_paid(conn, asked)
    return [
        _windows(groups.get(index), periods.get(index), quotas.get(index), index in paid)
        for index in range(len(asked))
    ]


async def _invoices_paid(conn: Connection, asked: Sequence[tuple[str, Situation]]) -> frozenset[int]:
    """Positions of the visits whose invoice is paid the other way; only who states an invoice is looked at."""
    stated = [
        (index, psn_no, situation)
        for index, (psn_no, situation) in enumerate(asked)
        if situation.invoice_no and situation.provider
    ]
    if not stated:
        return frozenset()
    rows = await conn.fetch(
        READ_INVOICES,
        [psn_no for _, psn_no, _ in stated],
        [situation.provider for *_, situation in stated],
        [situation.invoice_no for *_, situation in stated],
        [situation.claim for *_, situation in stated],
        CLAIMABLE,
    )
    return frozenset(stated[row["position"] - 1][0] for row in rows)


async def _quota_use(conn: Connection, asked: Sequence[tuple[str, Situation]]) -> Mapping[int, Any]:
    """Use of monthly and quarterly chronic quotas, by position of the visits that have any."""
    limited = [
        (index, psn_no, situation)
        for index, (psn_no, situation) in enumerate(asked)
        if situation.quota is not None and situation.quota.periodic
    ]
    if not limited:
        return {}
    rows = await conn.fetch(
        READ_QUOTAS,
        [psn_no for _, psn_no, _ in limited],
        [situation.quota_key for *_, situation in limited],
        [situation.visit.service_on for *_, situation in limited],
    )
    return {limited[row["position"] - 1][0]: row for row in rows}


def _needs_periods(law: Law, situation: Situation) -> bool:
    ground = basis(situation.visit, law)
    if isinstance(ground, Refusal):
        return False
    cells = ground.row.cells
    return cells[layout.ROW_DEDUCTIBLE_KIND] in (layout.DEDUCTIBLE_DAY, layout.DEDUCTIBLE_MONTH) or any(
        cells[position] != layout.NONE
        for position in (
            layout.ROW_CEILING_DAY_FEN,
            layout.ROW_CEILING_MONTH_FEN,
            layout.ROW_CEILING_QUARTER_FEN,
        )
    )


def _windows(group: Any, period: Any, quota: Any, paid: bool) -> Windows:
    charged, fund, drawn, settled = (
        (group["charged_fen"], group["fund_fen"], group["chronic_fen"], group["settled"])
        if group
        else (0, 0, 0, False)
    )
    month, quarter = (quota["month_fen"], quota["quarter_fen"]) if quota is not None else (0, 0)
    chronic = (drawn, month, quarter)
    if period is None:
        return Windows((charged, 0, 0), (fund, 0, 0, 0), chronic, settled, paid)
    return Windows(
        (charged, period["charged_day_fen"], period["charged_month_fen"]),
        (fund, period["fund_day_fen"], period["fund_month_fen"], period["fund_quarter_fen"]),
        chronic,
        settled,
        paid,
    )


async def read_originals(conn: Connection, commands: Sequence[ReverseCommand]) -> dict[int, Original]:
    """The settlements that reversals name, by id or by the caller's number; by position of the command."""
    rows = await conn.fetch(
        READ_ORIGINALS,
        [command.psn_no for command in commands],
        [command.settlement_id for command in commands],
        [command.caller for command in commands],
        [command.original[0] if command.original else None for command in commands],
        [command.original[1] if command.original else None for command in commands],
    )
    return {row["position"] - 1: Original(fact_of_row(row), row["reversed"]) for row in rows}
