"""A list of the catalogue as the file that 9102 hands out: TXT in UTF-8, columns parted by TAB, inside a ZIP. Pure.

The columns and their order are the national text's (``data/list_columns.yaml``); what this platform does not hold is ``null``, as
the specification wants empty values of files. Building is work for a thread: nothing here touches the event loop.
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
import yaml

from gongji.base.reasons import Refusal
from gongji.catalog.initials import initials
from gongji.catalog.lists import ListedItem
from gongji.gateway.values import day, flag, moment

__all__ = ["HELD", "Disease", "ListFile", "columns", "version_number", "version_text"]

HELD = {
    "1301": ("101",),
    "1302": ("102",),
    "1303": ("103",),
    "1305": ("201",),
    "1306": ("301",),
    "1320": ("106",),
}
"""Kinds of lists (list_type) that the file of a trade holds; what is in no list here this platform does not keep."""

EMPTY = "null"
PLAIN = {ord(char): " " for char in "\t\r\n"}


def version_text(version: int) -> str:
    """A version as clients keep it: later ones are greater as text too."""
    return f"v{version:012d}"


def version_number(text: str) -> int | Refusal:
    """The version that a client names: v0000 for none yet."""
    digits = text.removeprefix("v").removeprefix("V")
    if len(digits) > 18 or not (digits.isascii() and digits.isdigit()):
        return Refusal("CATALOG_VERSION_UNKNOWN", "ver 填写下载文件中最大的版本号，首次填写 v0000")
    return int(digits)


@cache
def columns(infno: str) -> tuple[str, ...]:
    """Names of the columns of a trade's file, in order."""
    text = files("gongji.gateway").joinpath("data", "list_columns.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)[infno].split())


class Disease(msgspec.Struct, frozen=True):
    """A chronic disease (门诊慢特病病种) that a region's documents name; ``version`` from the day of its document."""

    code: str
    name: str
    region: str
    document: str
    version: int


Row = TypeVar("Row", ListedItem, Disease)
Cell = Callable[[ListedItem], str | None]


def _own_name(item: ListedItem) -> str:
    return item.name if item.generic_name and item.generic_name != item.name else ""


def _code(item: ListedItem) -> str:
    return item.code


def _name(item: ListedItem) -> str:
    return item.name


def _from(item: ListedItem) -> str | None:
    return day(item.from_on)


def _until(item: ListedItem) -> str | None:
    return day(item.until_on)


def _spec(item: ListedItem) -> str:
    return item.spec


def _dosform(item: ListedItem) -> str:
    return item.dosform


def _unit(item: ListedItem) -> str:
    return item.unit


def _record(item: ListedItem) -> str:
    return item.record


def _version(item: ListedItem) -> str:
    return version_text(item.version)


CELLS: dict[str, Cell] = {
    "医疗目录编码": _code,
    "中药配方颗粒代码": _code,
    "药品商品名": _own_name,
    "药品通用名": lambda item: item.generic_name or item.name,
    "单味药名称": _name,
    "医疗服务项目名称": _name,
    "耗材名称": _name,
    "中药配方颗粒名称": _name,
    "医保通用名": lambda item: item.generic_name,
    "药品剂型名称": _dosform,
    "剂型名称": _dosform,
    "药品规格": _spec,
    "规格": _spec,
    "中成药标志": lambda item: flag(item.code[:1] in "Zz"),
    "非处方药标志": lambda item: flag(not item.prescription_only),
    "最小包装数量": lambda item: str(item.pack_units or ""),
    "最小包装单位名称": lambda item: item.pack_unit,
    "最小制剂单位名称": lambda item: item.min_unit,
    "最小计价单位": _unit,
    "计价单位名称": _unit,
    "拼音助记码": lambda item: initials(item.name),
    "生产企业名称": lambda item: item.maker,
    "特殊药品标志": lambda item: flag(item.control != ""),
    "限制使用范围": lambda item: item.restriction,
    "医保限用范围": lambda item: item.restriction,
    "限制使用标志": lambda item: flag(item.limited),
    "批准文号": lambda item: item.approval_no,
    "注册备案号": lambda item: item.approval_no,
    "上市备案号": lambda item: item.approval_no,
    "基本药物标志": lambda item: flag(item.base_drug),
    "医保谈判药品标志": lambda item: flag(item.negotiated),
    "儿童用药": lambda item: flag(item.child_drug),
    "国家医保药品目录甲乙类标识": lambda item: item.chrgitm_lv,
    "服务项目类别": lambda item: item.charge_type,
    "开始日期": _from,
    "开始时间": _from,
    "生效时间": _from,
    "结束日期": _until,
    "结束时间": _until,
    "失效时间": _until,
    "有效标志": lambda _: "1",
    "唯一记录号": _record,
    "数据唯一记录号": _record,
    "数据更新时间": lambda item: moment(item.changed_at),
    "版本号": _version,
    "版本名称": _version,
}
"""What this platform holds of an item, by the names of the columns."""

DISEASE_CELLS: dict[str, Callable[[Disease], str | None]] = {
    "门慢门特病种目录代码": lambda one: one.code,
    "门慢门特病种名称": lambda one: one.name,
    "医保区划": lambda one: one.region,
    "备注": lambda one: one.document,
    "有效标志": lambda _: "1",
    "唯一记录号": lambda one: f"{one.region}-{one.code}",
    "版本号": lambda one: version_text(one.version),
    "版本名称": lambda one: version_text(one.version),
}


class ListFile:
    """A file being written, chunk by chunk."""

    def __init__(self, infno: str, on: date) -> None:
        self.count = 0
        self._names = columns(infno)
        self._buffer = io.BytesIO()
        self._archive = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED)
        member = zipfile.ZipInfo(f"{infno}.txt", (on.year, on.month, on.day, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        self._text = self._archive.open(member, "w")

    def add(self, items: Iterable[ListedItem]) -> None:
        """One line for every spell of an item."""
        self._lines(items, CELLS)

    def add_diseases(self, diseases: Iterable[Disease]) -> None:
        """One line for every chronic disease."""
        self._lines(diseases, DISEASE_CELLS)

    def _lines(self, rows: Iterable[Row], cells: dict[str, Callable[[Row], str | None]]) -> None:
        held = [(at, cells[name]) for at, name in enumerate(self._names) if name in cells]
        empty = [EMPTY] * len(self._names)
        lines = []
        for row in rows:
            line = empty.copy()
            for at, cell in held:
                value = cell(row)
                if value:
                    line[at] = value if value.isprintable() else value.translate(PLAIN)
            lines.append("\t".join(line))
        if lines:
            self.count += len(lines)
            self._text.write(("\n".join(lines) + "\n").encode())

    def finish(self) -> bytes:
        """The archive."""
        self._text.close()
        self._archive.close()
        return self._buffer.getvalue()
