"""One table, three forms: Chinese text for a screen, CSV for any program, XLSX for an office.

A cell that is an int is fen and is shown in yuan; a plain number is a ``Count``. Text never becomes a formula.
"""

import csv
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final, TypeAlias
from unicodedata import east_asian_width

import msgspec
import xlsxwriter

from gongji.base.money import format_scaled, format_yuan
from gongji.base.times import CHINA

__all__ = ["Cell", "Count", "Table", "as_csv", "as_text", "as_xlsx"]

SHEET_NAME_MAX: Final = 31
WIDEST: Final = 60
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet program may take for the beginning of a formula."""


class Count(msgspec.Struct, frozen=True):
    """A number of things, not money; ``places`` of its digits stand behind the point."""

    number: int
    places: int = 0


Cell: TypeAlias = str | int | date | Count | None


class Table(msgspec.Struct, frozen=True):
    """``notes`` stand above the columns, ``foot`` below the rows."""

    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[str, ...] = ()


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell
        case Count():
            return format_scaled(cell.number, cell.places)
        case int():
            return format_yuan(cell)
        case datetime():
            return cell.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return cell.isoformat()


def _width(text: str) -> int:
    """Columns on a screen; a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def as_text(table: Table) -> str:
    """For a screen: columns aligned, amounts to the right."""
    shown = [[_shown(cell) for cell in row] for row in table.rows]
    widths = [max(map(_width, column)) for column in zip(table.columns, *shown, strict=True)]
    numeric = [_is_numeric([row[index] for row in table.rows]) for index in range(len(table.columns))]

    def line(cells: list[str]) -> str:
        parts = []
        for text, width, right in zip(cells, widths, numeric, strict=True):
            blank = " " * (width - _width(text))
            parts.append(blank + text if right else text + blank)
        return "  ".join(parts).rstrip()

    head = [table.title, *table.notes, "", line(list(table.columns))]
    return "\n".join([*head, *map(line, shown), *(["", *table.foot] if table.foot else [])])


def _is_numeric(column: list[Cell]) -> bool:
    return any(isinstance(cell, int | Count) for cell in column)


def as_csv(table: Table) -> bytes:
    """UTF-8 with byte order mark, as spreadsheet programs expect of Chinese; only columns and rows."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    text = _shown(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA_SIGNS) else text


def as_xlsx(table: Table) -> bytes:
    """A workbook of one sheet: title, notes, columns, rows with amounts as numbers, foot."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(table.title[:SHEET_NAME_MAX])
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet.write_string(0, 0, table.title, bold)
    for number, note in enumerate(table.notes, start=1):
        sheet.write_string(number, 0, note)
    top = len(table.notes) + 2
    for index, name in enumerate(table.columns):
        sheet.write_string(top, index, name, bold)
    for number, row in enumerate(table.rows, start=top + 1):
        for index, cell in enumerate(row):
            if isinstance(cell, Count):
                sheet.write_number(number, index, Decimal(cell.number).scaleb(-cell.places))
            elif isinstance(cell, int):
                sheet.write_number(number, index, Decimal(cell).scaleb(-2), money)
            else:
                sheet.write_string(number, index, _shown(cell))
    for number, line in enumerate(table.foot, start=top + len(table.rows) + 2):
        sheet.write_string(number, 0, line)
    for index, column in enumerate(zip(table.columns, *table.rows, strict=True)):
        sheet.set_column(index, index, min(WIDEST, 2 + max(_width(_shown(cell)) for cell in column)))
    sheet.freeze_panes(top + 1, 0)
    book.close()
    return out.getvalue()
