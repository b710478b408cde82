"""Tables that people send: CSV or Excel, whatever it was saved as, read row by row as cleaned texts.

What a file is is told by its bytes, never by its name. CSV is streamed; its encoding is UTF-8 (with or without mark) or, when
the whole file is not valid UTF-8, GB18030 (which contains GBK and GB2312), decoded strictly. Excel is read by ``workbooks``.
"""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from gongji.base.hashing import sm3
from gongji.base.reasons import Refusal
from gongji.sheets import workbooks

__all__ = ["MOST_ROWS", "Sheet", "SheetRow", "clean", "open_sheet"]

MOST_ROWS: Final = 1_100_000
MOST_BYTES: Final = 256 * 2**20
BLOCK_BYTES: Final = 2**20
SEPARATORS: Final = {",": "逗号", ";": "分号", "\t": "制表符"}
INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
AS_FORMULA: Final = re.compile(r'="(.*)"')
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class SheetRow(NamedTuple):
    """``line_no`` is what the user's program shows: the line of a text file (the last one of a row that has several),
    the row of a worksheet.
    """

    line_no: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was opened: ``form`` says in Chinese what it is, ``rows`` come after the header, without blank ones.

    ``rows`` ends with a Refusal when the rest cannot be read. ``row_total`` is an estimate for CSV.
    """

    form: str
    digest: bytes
    header: SheetRow
    row_total: int | None
    rows: Iterator[SheetRow | Refusal]


class _Bytes(NamedTuple):
    """What one pass over a file found; ``bad_line`` is the first one that is not valid UTF-8. Lines are counted by line feeds."""

    size: int
    digest: bytes
    lines: int
    has_nul: bool
    bad_line: int | None


def clean(text: str) -> str:
    """A cell without blanks and invisible marks around it, without what protects digits from spreadsheets: ``'123``, ``="123"``."""
    text = text.strip()
    if not text.isprintable():
        text = text.replace("\0", "").strip(INVISIBLE).strip()
    if text[:1] in {"'", "="}:
        formula = AS_FORMULA.fullmatch(text)
        text = formula[1].strip() if formula else text.removeprefix("'")
    return text


def open_sheet(file: BinaryIO, sheet_name: str = "", *, most_unpacked: int | None = None) -> Sheet | Refusal:
    """The table in ``file`` (open for reading, able to seek; it stays open), or why there is none.

    ``sheet_name`` chooses a worksheet where several have content. Who reads small tables beside other work sets
    ``most_unpacked`` (bytes): a workbook of a megabyte may unpack to hundreds, all of which the reader keeps.
    """
    found = _examine(file)
    if found.size > MOST_BYTES:
        return Refusal("IMPORT_TOO_LARGE", f"{found.size // 2**20:,} MB，最多 {MOST_BYTES // 2**20} MB")
    if found.size == 0:
        return Refusal("IMPORT_FILE_EMPTY")
    file.seek(0)
    head = file.read(8)
    if workbooks.is_workbook(head):
        return _excel(file, found, sheet_name, most_unpacked)
    return _csv(file, found, head)


def _examine(file: BinaryIO) -> _Bytes:
    """The digest is the SM3 of the SM3s of the file's blocks, so that no file has to fit into memory."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    digests, size, lines, has_nul, bad_line = [], 0, 0, False, None
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        size += len(block)
        if size > MOST_BYTES:
            break
        digests.append(sm3(block))
        has_nul = has_nul or b"\0" in block
        if bad_line is None and (before := _good_lines(decoder, block)) is not None:
            bad_line = lines + before + 1
        lines += block.count(b"\n")
    if bad_line is None and _good_lines(decoder, b"", final=True) is not None:
        bad_line = lines + 1
    return _Bytes(size, sm3(b"".join(digests)), lines, has_nul, bad_line)


def _good_lines(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> int | None:
    """How many line feeds come before the first wrong byte; None where every byte is right."""
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as error:
        return error.object[: error.start].count(b"\n")
    return None


def _excel(file: BinaryIO, found: _Bytes, sheet_name: str, most_unpacked: int | None) -> Sheet | Refusal:
    worksheet = workbooks.open_worksheet(file, sheet_name, most_unpacked)
    if isinstance(worksheet, Refusal):
        return worksheet
    rows = (
        SheetRow(line_no, cells)
        for line_no, given in worksheet.rows
        if any(cells := [clean(text) for text in given])
    )
    header = next(rows, None)
    if header is None:
        return Refusal("IMPORT_FILE_EMPTY", f"工作表“{worksheet.name}”")
    form = f"Excel，工作表“{worksheet.name}”"
    return Sheet(form, found.digest, header, worksheet.row_total, _limited(rows))


def _csv(file: BinaryIO, found: _Bytes, head: bytes) -> Sheet | Refusal:
    if found.has_nul or head.startswith(UTF_16):
        return Refusal("IMPORT_ENCODING", "文件是 UTF-16（Unicode 文本）或不是文本")
    if found.lines > MOST_ROWS + 1:
        return Refusal("IMPORT_TOO_LARGE", f"{found.lines:,} 行，最多 {MOST_ROWS:,} 行，请分成几个文件")
    is_utf_8 = found.bad_line is None
    encoding = "utf-8-sig" if is_utf_8 else "gb18030"
    if not is_utf_8 and _begins_as_utf_8(file):
        return Refusal("IMPORT_ENCODING", f"文件以 UTF-8 开头，但第 {found.bad_line} 行有不是 UTF-8 的内容")
    if not is_utf_8 and not _is_gb18030(file):
        return Refusal("IMPORT_ENCODING")
    separator = _separator(file, encoding)
    rows = _csv_rows(file, encoding, separator)
    header = next(rows, None)
    if header is None or isinstance(header, Refusal):
        return header or Refusal("IMPORT_FILE_EMPTY")
    mark = "带 BOM" if head.startswith(codecs.BOM_UTF8) else ""
    name = f"UTF-8{mark}" if is_utf_8 else "GB18030（GBK）"
    form = f"CSV，{name}，{SEPARATORS[separator]}分隔"
    return Sheet(form, found.digest, header, max(found.lines - 1, 1), _limited(rows))


def _begins_as_utf_8(file: BinaryIO) -> bool:
    """Whether the first line has Chinese in UTF-8, which a line in GB18030 never looks like."""
    file.seek(0)
    line = file.readline(BLOCK_BYTES)
    return not line.isascii() and _good_lines(codecs.getincrementaldecoder("utf-8")("strict"), line) is None


def _is_gb18030(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        if _good_lines(decoder, block) is not None:
            return False
    return _good_lines(decoder, b"", final=True) is None


def _separator(file: BinaryIO, encoding: str) -> str:
    """The separator that the first line with content has most of."""
    text = _text(file, encoding)
    try:
        line = next((line for line in iter(lambda: text.readline(BLOCK_BYTES), "") if line.strip()), "")
    finally:
        text.detach()
    return max(SEPARATORS, key=line.count)


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")


def _csv_rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[SheetRow | Refusal]:
    text = _text(file, encoding)
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for given in reader:
            cells = [clean(cell) for cell in given]
            if any(cells):
                yield SheetRow(reader.line_num, cells)
    except csv.Error:
        yield Refusal("IMPORT_FORMAT", f"到第 {reader.line_num} 行为止，有一处引号没有成对或单元格过长")
    finally:
        with contextlib.suppress(ValueError):  # the caller may have closed the file before the last row
            text.detach()


def _limited(rows: Iterator[SheetRow | Refusal]) -> Iterator[SheetRow | Refusal]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            yield Refusal("IMPORT_TOO_LARGE", f"多于 {MOST_ROWS:,} 行，请分成几个文件")
            return
        yield row
