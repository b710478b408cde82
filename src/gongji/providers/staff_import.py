"""A register of staff from Excel or CSV: the columns that are understood, the rows as statements, every mistake with its line.

A file is taken whole or not at all. Who is in the register already from the same day with the same facts is passed over.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import BinaryIO, Final, Literal

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.providers.register import RIGHTS
from gongji.providers.rows import StaffRow
from gongji.providers.staff import enter_all
from gongji.providers.staff_rules import KINDS, StaffGiven, refuse_given
from gongji.providers.writing import Act, Written, read
from gongji.sheets import Sheet, SheetRow, open_sheet

__all__ = ["COLUMNS", "Imported", "RowFault", "import_staff", "read_staff"]

Field = Literal[
    "staff_code", "name", "kind", "title", "department", "rights", "cert_no", "phone",
    "qualification_no", "licence_no", "from_on", "until_on",
]  # fmt: skip
COLUMNS: Final[dict[Field, tuple[str, ...]]] = {
    "staff_code": ("医务人员编码", "国家医保编码", "医保医师编码", "医保药师编码", "编码"),
    "name": ("姓名",),
    "kind": ("类别", "人员类别"),
    "title": ("职称",),
    "department": ("科室",),
    "rights": ("权限",),
    "cert_no": ("证件号码", "身份证号", "身份证号码"),
    "phone": ("电话", "手机", "联系电话"),
    "qualification_no": ("资格证书编码", "资格证书编号"),
    "licence_no": ("执业证书编号", "执业证书编码"),
    "from_on": ("开始日期", "执业开始日期"),
    "until_on": ("结束日期", "执业结束日期"),
}
"""Names of each column, the one of the template first."""
NEEDED: Final[tuple[Field, ...]] = ("staff_code", "name", "kind", "from_on")
IGNORED: Final = ("序号", "备注")
MOST_ROWS: Final = 5_000
MOST_FAULTS: Final = 200
SEPARATORS: Final = re.compile(r"[、，,;；/\s]+")
MARKS: Final = re.compile(r"[\s*＊]|[（(](?:必填|选填)[）)]")
DIGITS_LOST: Final = re.compile(r"[0-9.]+e\+[0-9]+")

_FIELD_OF: Final = {name: field for field, names in COLUMNS.items() for name in names}
_KIND_OF: Final = {word: kind for kind, word in KINDS.items()}
_RIGHT_OF: Final = {word: right for right, word in RIGHTS.items()}


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong with a row of the file."""

    line_no: int
    refusal: Refusal

    @property
    def text(self) -> str:
        return f"第 {self.line_no} 行：{self.refusal.text}"


class Imported(msgspec.Struct, frozen=True):
    """How many persons came new, and how many were there already."""

    entered: int
    known: int


async def import_staff(
    conn: Connection, act: Act, vault: Vault, code: str, file: BinaryIO, sheet_name: str = ""
) -> Imported | tuple[RowFault, ...] | Refusal:
    """Everybody in ``file`` begins to work at the institution, or nobody does and every fault is told."""
    given = read_staff(file, sheet_name)
    if isinstance(given, Refusal) or (given and isinstance(given[0], RowFault)):
        return given
    everybody = [one for one in given if isinstance(one, StaffGiven)]
    entries = (await read(conn, code, "staff")).of(StaffRow)
    there = {(e.row.staff_code, e.row.from_on, e.row.name) for e in entries}
    new = [one for one in everybody if (one.staff_code, one.from_on, one.name) not in there]
    if not new:
        return Imported(0, len(everybody))
    done: Written | Refusal = await enter_all(conn, act, vault, code, new)
    return done if isinstance(done, Refusal) else Imported(len(new), len(everybody) - len(new))


def read_staff(
    file: BinaryIO, sheet_name: str = ""
) -> tuple[StaffGiven, ...] | tuple[RowFault, ...] | Refusal:
    """The persons that a file states, or its faults. The file is opened by what its bytes are, never by its name."""
    sheet = open_sheet(file, sheet_name)
    if isinstance(sheet, Refusal):
        return sheet
    columns = _columns(sheet.header.cells)
    if isinstance(columns, Refusal):
        return columns
    return _people(sheet, columns)


def _columns(header: Sequence[str]) -> dict[Field, int] | Refusal:
    names = [MARKS.sub("", cell) for cell in header]
    found: dict[Field, int] = {}
    for position, name in enumerate(names):
        field = _FIELD_OF.get(name)
        if field is None:
            if name and name not in IGNORED:
                return Refusal("IMPORT_COLUMN_UNKNOWN", f"第 {position + 1} 列")
            continue
        if field in found:
            return Refusal("IMPORT_COLUMN_TWICE", COLUMNS[field][0])
        found[field] = position
    if not found:
        return Refusal("IMPORT_HEADER", "第一行须是列名（医务人员编码、姓名……）")
    missing = [COLUMNS[field][0] for field in NEEDED if field not in found]
    return Refusal("IMPORT_COLUMN_MISSING", "、".join(missing)) if missing else found


def _people(
    sheet: Sheet, columns: dict[Field, int]
) -> tuple[StaffGiven, ...] | tuple[RowFault, ...] | Refusal:
    people: list[StaffGiven] = []
    faults: list[RowFault] = []
    for row in sheet.rows:
        if isinstance(row, Refusal):
            return row
        given = _person(row, columns)
        if isinstance(given, Refusal):
            faults.append(RowFault(row.line_no, given))
            if len(faults) >= MOST_FAULTS:
                break
            continue
        people.append(given)
        if len(people) > MOST_ROWS:
            return Refusal("IMPORT_TOO_LARGE", f"多于 {MOST_ROWS:,} 行，请分成几个文件")
    if faults:
        return tuple(faults)
    return tuple(people) if people else Refusal("IMPORT_NO_ROWS")


def _person(row: SheetRow, columns: dict[Field, int]) -> StaffGiven | Refusal:
    def cell(field: Field) -> str:
        position = columns.get(field, len(row.cells))
        return row.cells[position] if position < len(row.cells) else ""

    for field in NEEDED:
        if not cell(field):
            return Refusal("ROW_CELL_EMPTY", COLUMNS[field][0])
    if DIGITS_LOST.fullmatch(cell("cert_no")):
        return Refusal("CERT_NO_DIGITS_LOST")
    from_on, until_on = _day(cell("from_on")), _day(cell("until_on"))
    if isinstance(from_on, Refusal) or from_on is None:
        return Refusal("ROW_DATE_WRONG", "开始日期")
    if isinstance(until_on, Refusal):
        return Refusal("ROW_DATE_WRONG", "结束日期")
    words = [word.removesuffix("权") for word in SEPARATORS.split(cell("rights")) if word]
    unknown = next((word for word in words if word not in _RIGHT_OF), None)
    if unknown is not None:
        return Refusal("UNKNOWN_CODE", f"权限须为 {'、'.join(_RIGHT_OF)}")
    kind = _KIND_OF.get(cell("kind"))
    if kind is None:
        return Refusal("UNKNOWN_CODE", f"类别须为 {'、'.join(_KIND_OF)}")
    given = StaffGiven(
        staff_code=cell("staff_code"),
        name=cell("name"),
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        title=cell("title"),
        department=cell("department"),
        rights=frozenset(_RIGHT_OF[word] for word in words),
        cert_no=cell("cert_no"),
        phone=cell("phone"),
        qualification_no=cell("qualification_no"),
        licence_no=cell("licence_no"),
    )
    unfit = refuse_given(given)
    return given if unfit is None else unfit


def _day(text: str) -> date | Refusal | None:
    """2023-01-01, 2023/1/1, 2023.1.1, 20230101; None where nothing is written."""
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})", text, re.ASCII)
    if parts is None:
        return Refusal("ROW_DATE_WRONG")
    year, month, number = (int(part) for part in parts.groups() if part is not None)
    try:
        day = date(year, month, number)
    except ValueError:
        return Refusal("ROW_DATE_WRONG")
    return day if 1900 <= year <= 2200 else Refusal("ROW_DATE_WRONG")
