"""Excel workbooks from strangers: looked through before they are opened, read as the texts that Excel shows.

Numbers are given with the fifteen digits that Excel keeps, so that a longer one comes as ``1.40199198001010e+17`` and is
seen to have lost digits. An .xlsx is unpacked once to count and check its bytes: a file that unpacks to more than it says, or
to more than is reasonable, is never handed to the reader.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from gongji.base.reasons import Refusal
from gongji.sheets.workbook_probe import probe

__all__ = ["Worksheet", "is_workbook", "open_worksheet", "text_of"]

ZIP, OLE = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
MOST_PARTS: Final = 1_000
MOST_UNPACKED_BYTES: Final = 600 * 2**20
MOST_OLE_BYTES: Final = 64 * 2**20
LONGEST_TEXT_BYTES: Final = 10_000
BLOCK_BYTES: Final = 2**18
TOO_WIDE: Final = re.compile(rb'<c [^>]{0,40}\br="(?:[B-Z][A-Z]|[A-Z]{3})\d')
"""A cell beyond column AZ. The reader keeps the whole rectangle, so one stray cell far out would need all memory."""
FORMULA_ERROR: Final = re.compile(rb'<c [^>]{0,40}\bt="e"')
LONG_TEXT: Final = re.compile(rb"<[^<]{%d}" % LONGEST_TEXT_BYTES)
MACROS_IN_OLE: Final = "_VBA_PROJECT_CUR".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Rows of one worksheet with their numbers, blank ones among them."""

    name: str
    row_total: int
    rows: Iterator[tuple[int, list[str]]]


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins so is to be read as a workbook: a zip archive or an OLE document."""
    return head.startswith((ZIP, OLE))


def open_worksheet(file: BinaryIO, name: str = "", most_unpacked: int | None = None) -> Worksheet | Refusal:
    """The one visible worksheet that has content, or the one called ``name``. An .xlsx may say that it unpacks to so many bytes."""
    file.seek(0)
    is_zip = file.read(2) == ZIP
    fault = _zip_fault(file, most_unpacked) if is_zip else _ole_fault(file)
    if fault is not None:
        return fault
    file.seek(0)
    content = file.read()
    answer = probe(content)
    if answer != "good":
        return Refusal("IMPORT_PROTECTED" if answer == "protected" else "IMPORT_DAMAGED")
    return _chosen(load_workbook(io.BytesIO(content)), name)


def _zip_fault(file: BinaryIO, most_unpacked: int | None) -> Refusal | None:
    try:
        with zipfile.ZipFile(file) as archive:
            return _parts_fault(archive, most_unpacked or MOST_UNPACKED_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        return Refusal("IMPORT_DAMAGED", "压缩包不完整或校验不符")
    except RuntimeError:  # zipfile's word for a member that has a password
        return Refusal("IMPORT_PROTECTED")


def _parts_fault(archive: zipfile.ZipFile, most: int) -> Refusal | None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        return Refusal("IMPORT_MACROS")
    if "xl/workbook.xml" not in names:
        return Refusal("IMPORT_FORMAT", "压缩包里不是 .xlsx 工作簿")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
        return Refusal("IMPORT_TOO_LARGE", f"解压后超过 {most // 2**20} MB 或部件过多")
    for part in parts:
        # read() checks the sum and stops at the size that was stated, so the sum above is what is unpacked
        with archive.open(part) as content:
            fault = _content_fault(content, part.filename)
        if fault is not None:
            return fault
    return None


def _content_fault(content: IO[bytes], name: str) -> Refusal | None:
    """The reader forgives broken XML and leaves out what it cannot follow; here it has to be whole, and without definitions."""
    if not name.endswith((".xml", ".rels")):
        while content.read(BLOCK_BYTES):
            pass
        return None
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    tail = b""
    try:
        while block := content.read(BLOCK_BYTES):
            parser.Parse(block)
            text = tail + block
            if fault := _text_fault(text, is_sheet=name.startswith("xl/worksheets/")):
                return fault
            # a tag or a text that the next block goes on with
            tail = text[max(text.rfind(b"<"), 0) :][: LONGEST_TEXT_BYTES + 1]
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # the latter two: an encoding that is none
        return Refusal("IMPORT_DAMAGED", f"{name} 不是完整的 XML")
    return None


def _no_doctype(*declared: object) -> None:
    raise expat.ExpatError("a workbook defines no document type")


def _text_fault(text: bytes, *, is_sheet: bool) -> Refusal | None:
    if is_sheet and TOO_WIDE.search(text):
        return Refusal("IMPORT_TOO_LARGE", "AZ 列以后还有内容，请只保留模板中的列")
    if is_sheet and FORMULA_ERROR.search(text):
        return Refusal("IMPORT_FORMAT", "工作表里有出错的公式（如 #N/A、#DIV/0!），请改正后再导入")
    if LONG_TEXT.search(text):
        return Refusal("IMPORT_TOO_LARGE", f"有一处文字超过 {LONGEST_TEXT_BYTES:,} 字节")
    return None


def _ole_fault(file: BinaryIO) -> Refusal | None:
    """An old .xls is at most 65,536 rows; it is small enough to be looked through at once."""
    file.seek(0)
    content = file.read(MOST_OLE_BYTES + 1)
    if len(content) > MOST_OLE_BYTES:
        return Refusal("IMPORT_TOO_LARGE", f".xls 文件最多 {MOST_OLE_BYTES // 2**20} MB，请另存为 .xlsx")
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Refusal("IMPORT_PROTECTED")
    return Refusal("IMPORT_MACROS") if MACROS_IN_OLE in content else None


def _chosen(workbook: CalamineWorkbook, name: str) -> Worksheet | Refusal:
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if name:
        if name not in visible:
            return Refusal("IMPORT_SHEET", f"没有工作表“{name}”，有：{'、'.join(visible)}")
        return _worksheet(workbook.get_sheet_by_name(name))
    filled = [sheet for sheet in map(workbook.get_sheet_by_name, visible) if sheet.start is not None]
    if len(filled) > 1:
        return Refusal("IMPORT_SHEET", f"有几个工作表有内容：{'、'.join(sheet.name for sheet in filled)}")
    return _worksheet(filled[0]) if filled else Refusal("IMPORT_FILE_EMPTY")


def _worksheet(sheet: CalamineSheet) -> Worksheet | Refusal:
    if sheet.start is None:
        return Refusal("IMPORT_FILE_EMPTY", f"工作表“{sheet.name}”")
    # the reader gives rows from the top of the sheet, wherever its content begins
    rows = ((line_no, [text_of(cell) for cell in row]) for line_no, row in enumerate(sheet.iter_rows(), 1))
    return Worksheet(sheet.name, max(sheet.height - 1, 0), rows)


def text_of(cell: float | str | bool | time | date | datetime | object) -> str:
    """A cell as Excel shows it: numbers with at most fifteen digits, days as 2024-05-31, a moment with its time."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
