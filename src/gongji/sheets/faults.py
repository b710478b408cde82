"""What was wrong in a file, by line, code and sentence; as a table that can be given back to who sent it."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
import xlsxwriter

from gongji.base.reasons import Refusal

__all__ = ["RowError", "write_errors"]

HEADER: Final = ("行号", "代码", "说明")


class RowError(msgspec.Struct, frozen=True):
    """A fault of one line."""

    line_no: int
    code: str
    detail: str

    @property
    def text(self) -> str:
        """The sentence for people, with the code."""
        return Refusal(self.code, self.detail).text


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
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet("导入错误")
        sheet.set_column(1, 1, 32)
        sheet.set_column(2, 2, 80)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADER, workbook.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
