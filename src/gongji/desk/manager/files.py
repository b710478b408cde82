"""Files that are read into a list of rows before anything is written: columns by their Chinese names, every fault with its line."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from django import forms
from django.core.files.base import File
from django.http import HttpResponse
from django.utils.http import urlencode

from gongji.base.reasons import Refusal
from gongji.sheets import Table, as_csv, open_sheet

__all__ = ["FileForm", "read_rows", "template"]

MOST_ROWS: Final = 2_000
MOST_BYTES: Final = 5 * 2**20
MOST_UNPACKED: Final = 32 * 2**20
"""Several times what the most rows with all columns take; reading is done beside the counters' work."""
CSV: Final = "text/csv; charset=utf-8"
IGNORED: Final = frozenset({"", "序号"})


class FileForm(forms.Form):
    """A table: a workbook or CSV."""

    file = forms.FileField(
        label="文件", help_text=f"电子表格或 CSV 文件，最多 {MOST_ROWS:,} 行。第一行是列名。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )  # fmt: skip


def read_rows(
    file: File[bytes], columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]] | Refusal:
    """Line and texts by field of each row; ``columns``: the names of each field's column, the template's first.

    IMPORT_… for a file that cannot be read or has other columns.
    """
    if (file.size or 0) > MOST_BYTES:
        return Refusal("IMPORT_TOO_LARGE", f"最多 {MOST_BYTES // 2**20} MB")
    sheet = open_sheet(BytesIO(file.read()), most_unpacked=MOST_UNPACKED)
    if isinstance(sheet, Refusal):
        return sheet
    fields = _fields(sheet.header.cells, columns, needed)
    if isinstance(fields, Refusal):
        return fields
    rows: list[tuple[int, dict[str, str]]] = []
    for row in sheet.rows:
        if isinstance(row, Refusal):
            return row
        rows.append(
            (row.line_no, {field: cell for field, cell in zip(fields, row.cells, strict=False) if field})
        )
        if len(rows) > MOST_ROWS:
            return Refusal("IMPORT_TOO_LARGE", f"多于 {MOST_ROWS:,} 行，请分成几个文件")
    return rows or Refusal("IMPORT_NO_ROWS")


def _fields(
    header: list[str], columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> list[str] | Refusal:
    """The field of each column; "" for one that is passed over."""
    by_name = {name: field for field, names in columns.items() for name in names}
    fields: list[str] = []
    for position, title in enumerate(header, start=1):
        name = title.replace(" ", "").rstrip("*＊")
        field = by_name.get(name, "")
        if not field and name not in IGNORED:
            return Refusal("IMPORT_COLUMN_UNKNOWN", f"第 {position} 列 {title[:20]}")
        if field and field in fields:
            return Refusal("IMPORT_COLUMN_TWICE", name)
        fields.append(field)
    missing = [columns[field][0] for field in needed if field not in fields]
    return Refusal("IMPORT_COLUMN_MISSING", "、".join(missing)) if missing else fields


def template(title: str, columns: Mapping[str, tuple[str, ...]], example: tuple[str, ...]) -> HttpResponse:
    """A table with one example row, whose first line are the names of the columns."""
    table = Table(title, (), tuple(names[0] for names in columns.values()), (example,))
    name = urlencode({"": f"{title}.csv"})[1:]
    return HttpResponse(
        as_csv(table),
        content_type=CSV,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
