"""What an employer's file is about: its columns, its employer and month, said beside it or by its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import BinaryIO, Final

from gongji.base.reasons import Refusal
from gongji.members.import_columns import Columns, Field, columns_of
from gongji.members.import_rows import KINDS, month_of
from gongji.members.import_rules import LONGEST_EMPLOYER, OWN_PAYMENT, Terms
from gongji.sheets import Sheet, SheetRow, open_sheet

__all__ = ["Source", "open_source"]

LOOK_AHEAD: Final = 5_000
"""Rows among which a normal one must be found that says the file's month."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: ``rows`` are those after the header, a Refusal among them ends it."""

    sheet: Sheet
    columns: Columns
    terms: Terms
    rows: Iterator[SheetRow | Refusal]


def open_source(
    file: BinaryIO, sheet_name: str, employer: str | None, month: date | None, today: date
) -> Source | Refusal:
    """The file with what it is about; ``employer`` and ``month`` come before what its rows say."""
    sheet = open_sheet(file, sheet_name)
    if isinstance(sheet, Refusal):
        return sheet
    columns = columns_of(sheet.header.cells)
    if isinstance(columns, Refusal):
        return columns
    ahead = list(islice(sheet.rows, LOOK_AHEAD))
    seen = [row for row in ahead if not isinstance(row, Refusal)]
    if not seen:
        return next((row for row in ahead if isinstance(row, Refusal)), Refusal("IMPORT_NO_ROWS"))
    firm = (employer or "").strip() or next(
        (name for row in seen if (name := _cell(row, columns, "employer"))), ""
    )
    if not firm:
        return Refusal(
            "IMPORT_EMPLOYER_MISSING",
            f"请给出单位名称，或在文件中加“单位名称”列；个人自缴的写“{OWN_PAYMENT}”",
        )
    if len(firm) > LONGEST_EMPLOYER:
        return Refusal("IMPORT_EMPLOYER_MISSING", f"单位名称最多 {LONGEST_EMPLOYER} 个字")
    first = month.replace(day=1) if month else _month(seen, columns, whole=len(ahead) < LOOK_AHEAD)
    if first is None:
        return Refusal("IMPORT_MONTH_MISSING", "请给出月份，或在文件中加“费款所属期”列（如 202405）")
    return Source(sheet, columns, Terms(firm, first, today), chain(ahead, sheet.rows))


def _month(rows: Sequence[SheetRow], columns: Columns, *, whole: bool) -> date | None:
    """The month of the first normal row; where a whole file has none, the latest that is paid back or corrected."""
    months = [
        (KINDS.get(_cell(row, columns, "kind")), month)
        for row in rows
        if (month := month_of(_cell(row, columns, "month"))) is not None
    ]
    latest = max((month for _, month in months), default=None) if whole else None
    return next((month for kind, month in months if kind == "normal"), latest)


def _cell(row: SheetRow, columns: Columns, field: Field) -> str:
    position = columns.of(field)
    return row.cells[position] if 0 <= position < len(row.cells) else ""
