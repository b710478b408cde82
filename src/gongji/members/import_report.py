"""What became of a file: counts, and every fault by line, code and sentence; as a table that can be given back to the employer."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql

__all__ = ["SHOWN", "ImportReport", "Mode", "RowError", "import_errors", "write_errors"]

Mode = Literal["all_or_nothing", "keep_good"]
SHOWN: Final = 1_000
"""Faults that a report carries itself; ``import_errors`` gives all."""
HEADER: Final = ("行号", "代码", "说明")

ERRORS: Final = sql("gongji.members", "import_errors")


class RowError(msgspec.Struct, frozen=True):
    """A fault of one line."""

    line_no: int
    code: str
    detail: str

    @property
    def text(self) -> str:
        """The sentence for people, with the code."""
        return Refusal(self.code, self.detail).text


class ImportReport(msgspec.Struct, frozen=True):
    """``state`` taken: ``added`` rows were recorded, ``unchanged`` ones had been before; refused: nothing was recorded.

    ``rejected`` counts rows, ``error_count`` faults (a row may have several). ``repeated``: the file had come before, this is
    what was answered then, and nothing was changed now.
    """

    import_id: int
    file_name: str
    form: str
    employer: str
    month: date
    mode: Mode
    state: Literal["taken", "refused"]
    row_count: int
    added: int
    unchanged: int
    rejected: int
    error_count: int
    errors: tuple[RowError, ...]
    recorded_at: datetime
    repeated: bool = False


async def import_errors(conn: Connection, import_id: int, most: int | None = None) -> tuple[RowError, ...]:
    """The faults of an import by line; the first ``most`` of them, or all."""
    return tuple(RowError(*row.values()) for row in await conn.fetch(ERRORS, import_id, most))


def write_errors(path: Path, errors: Iterable[RowError]) -> None:
    """A table of the faults: Excel for ``.xlsx``, else CSV that Excel opens without questions (UTF-8 with mark)."""
    rows = ((error.line_no, error.code, error.text) for error in errors)
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, rows)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows)


def _write_xlsx(path: Path, rows: Iterable[tuple[int, str, str]]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet("导入错误")
        sheet.set_column(1, 1, 32)
        sheet.set_column(2, 2, 80)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADER, workbook.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
