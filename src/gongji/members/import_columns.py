"""Which column of an employer's file is which: the names that are understood, and where a header has them."""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from gongji.base.reasons import Refusal

__all__ = ["NAMES", "OPTIONAL", "Columns", "Field", "columns_of"]

Field = Literal[
    "cert_no",
    "name",
    "month",
    "base_fen",
    "personal_fen",
    "employer_fen",
    "due_on",
    "paid_on",
    "kind",
    "employer",
]

NAMES: Final[dict[Field, tuple[str, ...]]] = {
    "cert_no": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "社会保障号码", "证件号"),
    "name": ("姓名", "职工姓名"),
    "month": ("费款所属期", "所属月份", "费款所属月份", "缴费月份", "所属期"),
    "base_fen": ("缴费基数", "月缴费基数", "缴费工资"),
    "personal_fen": ("个人缴费", "个人缴费金额", "个人缴纳", "个人应缴"),
    "employer_fen": ("单位缴费", "单位缴费金额", "单位缴纳", "单位应缴"),
    "due_on": ("缴款期限", "缴费期限", "缴费截止日期"),
    "paid_on": ("到账日期", "入账日期", "到帐日期"),
    "kind": ("类型", "缴费类型"),
    "employer": ("单位名称", "缴费单位"),
}
"""Names of each field, the one of the template first."""
OPTIONAL: Final[frozenset[Field]] = frozenset({"month", "paid_on", "kind", "employer"})
IGNORED: Final = ("序号", "备注")
MOST_CELLS: Final = 60

_FIELD_OF: Final = {name: field for field, names in NAMES.items() for name in names}
_DECORATION: Final = re.compile(r"[\s*＊]|[（(](?:元|必填|选填)[）)]")


class Columns(msgspec.Struct, frozen=True):
    """Position of each field in the rows of one file, in the order of ``NAMES``; -1 where the file has no such column."""

    width: int
    positions: tuple[int, ...]

    def of(self, field: Field) -> int:
        return self.positions[tuple(NAMES).index(field)]


def columns_of(header: Sequence[str]) -> Columns | Refusal:
    """Where the fields are. A column nobody understands is refused, so that nothing is silently left out.

    序号 and 备注 may be there. Units (元) and marks of obligation in a name are no part of it; empty columns behind the last
    one do not count.
    """
    names = [_DECORATION.sub("", cell) for cell in header[:MOST_CELLS]]
    while names and not names[-1]:
        names.pop()
    fields = [_FIELD_OF.get(name) for name in names]
    if not any(fields):
        return Refusal(
            "IMPORT_HEADER", "第一行须是列名（证件号码、姓名……），请删除标题、单位信息和合并的单元格"
        )
    unknown = [
        _position(index, name)
        for index, (name, field) in enumerate(zip(names, fields, strict=True))
        if field is None and name not in IGNORED
    ]
    if unknown:
        return Refusal("IMPORT_COLUMN_UNKNOWN", "、".join(unknown))
    if twice := [NAMES[field][0] for field in NAMES if fields.count(field) > 1]:
        return Refusal("IMPORT_COLUMN_TWICE", "、".join(twice))
    if missing := [NAMES[field][0] for field in NAMES if field not in fields and field not in OPTIONAL]:
        return Refusal("IMPORT_COLUMN_MISSING", "、".join(missing))
    return Columns(len(names), tuple(fields.index(field) if field in fields else -1 for field in NAMES))


def _position(index: int, name: str) -> str:
    """A column as it is named to the user; what looks like data (a file without header) is not repeated."""
    if not name:
        return f"第 {index + 1} 列没有列名"
    return f"“{name[:20]}”" if not any(c.isdigit() for c in name) else f"第 {index + 1} 列（列名中有数字）"
