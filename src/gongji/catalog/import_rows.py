"""Rows of a catalogue file: their cells become values, or everything that is wrong with them. Pure."""

import re
from collections.abc import Iterable
from typing import Any, Final

from gongji.base.reasons import Refusal
from gongji.catalog.columns import Column, Part, Placed
from gongji.catalog.differences import Key, Row, RowFault
from gongji.catalog.rules import code_fault
from gongji.sheets import SheetRow

__all__ = ["read_rows"]

LIMIT: Final = "limit_"
FILLED: Final = frozenset(
    {"code", "region", "name", "chrgitm_lv", "list_type", "charge_type", "kind", "unit"}
    | {"standard_micro", "ceiling_micro"}
)
"""Fields whose cell may not be empty where the file has the column."""
_LOST_DIGITS: Final = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")


def read_rows(
    part: Part, placed: Placed, rows: Iterable[SheetRow | Refusal]
) -> tuple[list[Row], list[RowFault]] | Refusal:
    """All rows and all faults of a file; a Refusal when it cannot be read to its end."""
    good: list[Row] = []
    faults: list[RowFault] = []
    seen: dict[Key, int] = {}
    for given in rows:
        if isinstance(given, Refusal):
            return given
        row = _row(part, placed, given)
        if isinstance(row, Row):
            first = seen.setdefault(row.key, row.line_no)
            if first == row.line_no:
                good.append(row)
                continue
            row = (Refusal("CATALOG_ROW_TWICE", f"与第 {first} 行相同"),)
        faults += (RowFault(given.line_no, fault) for fault in row)
    return (good, faults) if good or faults else Refusal("IMPORT_NO_ROWS")


def _row(part: Part, placed: Placed, given: SheetRow) -> Row | tuple[Refusal, ...]:
    cells = given.cells
    if len(cells) != placed.width and (len(cells) < placed.width or any(cells[placed.width :])):
        return (Refusal("ROW_SHAPE", f"表头 {placed.width} 列，本行 {len(cells)} 列"),)
    values: dict[str, Any] = {}
    faults: list[Refusal] = []
    for at, column in placed.columns:
        if not cells[at] and column.field in FILLED:
            faults.append(Refusal("ROW_CELL_EMPTY", column.names[0]))
            continue
        try:
            values[column.field] = column.parse(cells[at])
        except ValueError as error:
            faults.append(_wrong(column, cells[at], str(error)))
    code = values.pop("code", "")
    if code and (fault := _code_fault(part, code, values.get("list_type", ""))):
        faults.append(fault)
    if values.get("active") is False:  # what ends needs nothing but its key
        faults = [fault for fault in faults if fault.code != "ROW_CELL_EMPTY"] if code else faults
    if faults:
        return tuple(faults)
    limits = {field.removeprefix(LIMIT): value for field, value in values.items() if field.startswith(LIMIT)}
    key = Key(code, values.pop("region", ""), values.pop("fee_class", ""))
    active = values.pop("active", True)
    content = {field: value for field, value in values.items() if not field.startswith(LIMIT)}
    return Row(given.line_no, *key, active, content, limits)


def _code_fault(part: Part, code: str, list_type: str) -> Refusal | None:
    if _LOST_DIGITS.fullmatch(code):
        return Refusal("CATALOG_CODE_WRONG", f"{code}：请把该列设为“文本”格式后重新填写")
    if not re.match(f"[{part.firsts}]", code):
        return Refusal("CATALOG_CODE_WRONG", f"{code} 不是{part.title}的编码")
    wrong = code_fault(code, list_type)
    return Refusal("CATALOG_CODE_WRONG", f"{code[:50]}：{wrong}") if wrong else None


def _wrong(column: Column, cell: str, why: str) -> Refusal:
    return Refusal("CATALOG_VALUE_WRONG", f"{column.names[0]}“{cell[:20]}”：{why}")
