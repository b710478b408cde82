"""Accumulators of many members taken over from another system: a table, read and checked as a whole, recorded whole or not at all.

Columns by name, in any order: psn_no 人员编号, year 年度, benefit 待遇类型 (a benefit's code, or ``chronic:`` and a disease code),
deductible 起付, in_scope 政策范围内费用, fund 基金支付 (yuan), source 来源. The same table again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import asyncpg
import msgspec

from gongji.base.ids import IdSource
from gongji.base.money import MAX_FEN, format_yuan, parse_yuan
from gongji.base.reasons import Refusal
from gongji.settlement.openings import open_accumulators
from gongji.settlement.years import chronic
from gongji.sheets import Sheet, SheetRow

__all__ = ["LineError", "OpeningRow", "TakenOver", "read_openings", "take_over"]

COLUMNS: Final = {
    "psn_no": "人员编号",
    "year": "年度",
    "benefit": "待遇类型",
    "deductible": "起付",
    "in_scope": "政策范围内费用",
    "fund": "基金支付",
    "source": "来源",
}
FIRST_YEAR, LAST_YEAR = 2000, 2100
ATTEMPTS: Final = 5
"""Times that the whole is tried when a member is being settled at the same moment."""
KNOWN_PERSONS: Final = "SELECT psn_no FROM members_person WHERE psn_no = ANY($1::text[])"
KNOWN_OPENINGS: Final = (
    "SELECT psn_no, year, benefit, deductible_fen, in_scope_fen, pool_fen FROM settlement_v_opening "
    "WHERE psn_no = ANY($1::text[])"
)


class OpeningRow(msgspec.Struct, frozen=True):
    """One line of the table: what the member's year had used of the benefit."""

    line_no: int
    psn_no: str
    year: int
    benefit: str
    deductible_fen: int
    in_scope_fen: int
    fund_fen: int
    source: str

    @property
    def key(self) -> tuple[str, int, str]:
        return (self.psn_no, self.year, self.benefit)

    @property
    def sums(self) -> tuple[int, int, int]:
        return (self.deductible_fen, self.in_scope_fen, self.fund_fen)


class LineError(msgspec.Struct, frozen=True):
    """Why a line cannot be taken, in Chinese; line 0 is the table as a whole."""

    line_no: int
    text: str


class TakenOver(msgspec.Struct, frozen=True):
    """How many openings were recorded, and how many had been recorded before."""

    recorded: int
    known: int


def read_openings(
    sheet: Sheet, is_benefit: Callable[[str], bool]
) -> tuple[tuple[OpeningRow, ...], tuple[LineError, ...]]:
    """The rows of ``sheet`` and what is wrong with the others; with an error nothing should be recorded."""
    names = [_column(cell) for cell in sheet.header.cells]
    missing = [f"{title}（{name}）" for name, title in COLUMNS.items() if name not in names]
    if missing:
        return (), (LineError(sheet.header.line_no, f"缺少列：{'、'.join(missing)}"),)
    rows: list[OpeningRow] = []
    errors: list[LineError] = []
    seen: dict[tuple[str, int, str], int] = {}
    for given in sheet.rows:
        if isinstance(given, Refusal):
            errors.append(LineError(0, given.text))
            break
        row = _row(given, names, is_benefit)
        if isinstance(row, LineError):
            errors.append(row)
        elif row.key in seen:
            errors.append(LineError(row.line_no, f"与第 {seen[row.key]} 行是同一人、同一年度、同一待遇类型"))
        else:
            seen[row.key] = row.line_no
            rows.append(row)
    return tuple(rows), tuple(errors)


def _column(cell: str) -> str:
    return next((name for name, title in COLUMNS.items() if cell in (name, title)), cell)


def _row(given: SheetRow, names: Sequence[str], is_benefit: Callable[[str], bool]) -> OpeningRow | LineError:
    cells = dict(zip(names, given.cells, strict=False))
    text = {name: cells.get(name, "") for name in COLUMNS}
    empty = [COLUMNS[name] for name, cell in text.items() if not cell]
    if empty:
        return LineError(given.line_no, f"没有填写：{'、'.join(empty)}")
    year = text["year"]
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return LineError(given.line_no, f"年度不正确：{year}")
    benefit = text["benefit"]
    if not (is_benefit(benefit) or (benefit.startswith(chronic("")) and benefit != chronic(""))):
        return LineError(given.line_no, f"没有这种待遇类型：{benefit}")
    amounts = [_fen(text[name]) for name in ("deductible", "in_scope", "fund")]
    if None in amounts:
        return LineError(given.line_no, "金额须为不小于零、最多两位小数的元")
    deductible, in_scope, fund = (amount or 0 for amount in amounts)
    if deductible > in_scope:
        return LineError(given.line_no, "起付不能大于政策范围内费用")
    return OpeningRow(
        given.line_no, text["psn_no"], int(year), benefit, deductible, in_scope, fund, text["source"]
    )


def _fen(text: str) -> int | None:
    try:
        fen = parse_yuan(text)
    except ValueError:
        return None
    return fen if 0 <= fen <= MAX_FEN else None


async def take_over(
    conn: asyncpg.Connection, rows: Sequence[OpeningRow], ids: IdSource, at: datetime
) -> TakenOver | tuple[LineError, ...]:
    """Record ``rows`` in one transaction; an unknown person or another figure than before refuses them all.

    Raises asyncpg.SerializationError when members are being settled again and again meanwhile.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with conn.transaction():
                return await _take_over(conn, rows, ids, at)
        except asyncpg.SerializationError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


async def _take_over(
    conn: asyncpg.Connection, rows: Sequence[OpeningRow], ids: IdSource, at: datetime
) -> TakenOver | tuple[LineError, ...]:
    psn_nos = list({row.psn_no for row in rows})
    persons = {row["psn_no"] for row in await conn.fetch(KNOWN_PERSONS, psn_nos)}
    known = {
        (row["psn_no"], row["year"], row["benefit"]): (
            row["deductible_fen"],
            row["in_scope_fen"],
            row["pool_fen"],
        )
        for row in await conn.fetch(KNOWN_OPENINGS, psn_nos)
    }
    errors = [
        LineError(row.line_no, f"没有这个参保人：{row.psn_no}") for row in rows if row.psn_no not in persons
    ]
    errors += [
        LineError(row.line_no, f"此前已登记为另外的数额：{'、'.join(map(format_yuan, known[row.key]))}")
        for row in rows
        if row.key in known and known[row.key] != row.sums
    ]
    if errors:
        return tuple(sorted(errors, key=lambda error: error.line_no))
    new = [row for row in rows if row.key not in known]
    for row in new:
        refusal = await open_accumulators(
            conn,
            settlement_id=ids.next(),
            psn_no=row.psn_no,
            year=row.year,
            benefit=row.benefit,
            deductible_fen=row.deductible_fen,
            in_scope_fen=row.in_scope_fen,
            fund_fen=row.fund_fen,
            source=row.source,
            at=at,
        )
        assert not isinstance(refusal, Refusal), refusal
    return TakenOver(len(new), len(rows) - len(new))
