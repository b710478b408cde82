"""Columns of the files that bring the catalogue up to date: for each part its fields, their names in Chinese and how they are read.

A column that a file does not have leaves what is recorded as it is, so that a file with the code and one mark changes one mark.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from gongji.base.reasons import Refusal
from gongji.catalog import cells
from gongji.catalog.cells import Parse
from gongji.catalog.rules import CHARGE_TYPES, LEVELS, LIST_TYPES
from gongji.catalog.values import CONTROLS, KINDS

__all__ = ["IGNORED", "PARTS", "Column", "Part", "PartName", "Placed", "columns_of", "label"]

PartName = Literal["drugs", "herbs", "services", "consumables", "prices", "ceilings"]


class Column(NamedTuple):
    """A field with its names, that of the template first; ``example`` stands in the template's second sheet."""

    field: str
    names: tuple[str, ...]
    parse: Parse
    example: str = ""


class Part(NamedTuple):
    """A part of the catalogue that is imported by itself. ``firsts``: characters that its codes begin with (a pattern);
    ``needed``: columns without which no row can be told; ``new``: fields that something new must have.
    """

    name: PartName
    title: str
    table: Literal["item", "price", "ceiling"]
    firsts: str
    columns: tuple[Column, ...]
    needed: tuple[str, ...]
    new: tuple[str, ...]


CODE: Final = Column("code", ("医疗目录编码", "医保编码", "国家编码", "编码"), cells.text(50))
ACTIVE: Final = Column("active", ("有效标志", "状态"), cells.validity, "有效")
UNTIL: Final = Column("until_on", ("结束日期", "有效期止"), cells.day, "2026-12-31")
NAME: Final = Column(
    "name", ("名称", "药品名称", "注册名称", "项目名称", "耗材名称", "饮片名称"), cells.text(200)
)
LEVEL: Final = Column("chrgitm_lv", ("收费项目等级", "甲乙丙类", "支付类别"), cells.choice(LEVELS), "乙")
CHARGE: Final = Column("charge_type", ("医疗收费项目类别", "收费类别"), cells.choice(CHARGE_TYPES), "09")
SPEC: Final = Column("spec", ("规格", "药品规格", "规格型号"), cells.text(200), "20mg×14粒")
UNIT: Final = Column("unit", ("计价单位", "单位"), cells.text(50), "盒")
MAKER: Final = Column("maker", ("生产企业", "生产厂家"), cells.text(200))
ACCOUNT: Final = Column("account_allowed", ("可用个人账户",), cells.flag, "是")
LIMITS: Final = (
    Column("restriction", ("限定支付范围", "备注限定"), cells.text(500), "限2型糖尿病患者"),
    Column("restricted", ("限制使用", "限制使用标志"), cells.flag, "是"),
    Column("limit_indication", ("限适应症编码",), cells.limit("indication"), "E11、E14"),
    Column("limit_level", ("限医疗机构级别",), cells.limit("level"), "三级、二级"),
    Column("limit_sex", ("限性别",), cells.limit("sex"), "女"),
    Column("limit_age", ("限年龄",), cells.limit("age"), "≥18"),
    Column("limit_care", ("限就诊类型",), cells.limit("care"), "住院、急诊"),
    Column("limit_days", ("限支付天数",), cells.limit("days"), "≤30"),
)
DRUG: Final = (
    Column("list_type", ("目录类别",), cells.choice(LIST_TYPES), "101"),
    Column("dosform", ("剂型", "注册剂型"), cells.text(200), "胶囊剂"),
    Column("generic_name", ("通用名", "药品通用名"), cells.text(200), "奥美拉唑"),
    Column("approval_no", ("批准文号",), cells.text(100), "国药准字H00000000"),
    Column("pack_units", ("最小包装数量",), cells.whole, "14"),
    Column("pack_unit", ("最小包装单位",), cells.text(30), "盒"),
    Column("min_unit", ("最小制剂单位",), cells.text(30), "粒"),
    Column("base_drug", ("基本药物",), cells.flag, "是"),
    Column("centralized", ("集采中选", "集中带量采购中选"), cells.flag, "否"),
    Column("negotiated", ("谈判药品",), cells.flag, "否"),
    Column("dual_channel", ("双通道", "双通道管理"), cells.flag, "否"),
    Column("child_drug", ("儿童用药",), cells.flag, "否"),
    Column("prescription_only", ("处方药",), cells.flag, "是"),
    Column("antimicrobial", ("抗微生物药",), cells.flag, "否"),
    Column("control", ("特殊管理类别",), cells.choice(CONTROLS, blank=True), ""),
    Column("special_storage", ("特殊贮存",), cells.flag, "否"),
    Column("long_excluded", ("不适用长期处方",), cells.flag, "否"),
    Column("circulation_excluded", ("不得流转",), cells.flag, "否"),
)
COMMON: Final = (CODE, NAME, LEVEL, CHARGE, SPEC, UNIT)
KIND: Final = Column("kind", ("种类", "项目种类"), cells.choice(KINDS), "医用耗材")
END: Final = (ACCOUNT, *LIMITS, UNTIL, ACTIVE)

PARTS: Final[dict[PartName, Part]] = {
    part.name: part
    for part in (
        Part(
            "drugs",
            "西药中成药",
            "item",
            "ABD-SU-Z",
            (*COMMON, MAKER, *DRUG, *END),
            ("code",),
            ("name", "chrgitm_lv", "unit"),
        ),
        Part(
            "herbs",
            "中药饮片",
            "item",
            "T",
            (*COMMON, MAKER, *DRUG, *END),
            ("code",),
            ("name", "chrgitm_lv", "unit"),
        ),
        Part(
            "services",
            "医疗服务项目",
            "item",
            "0-9",
            (*COMMON, KIND, *END),
            ("code",),
            ("name", "chrgitm_lv", "unit", "charge_type"),
        ),
        Part(
            "consumables",
            "医用耗材",
            "item",
            "C",
            (*COMMON, MAKER, KIND, *END),
            ("code",),
            ("name", "chrgitm_lv", "unit"),
        ),
        Part(
            "prices",
            "医保支付标准",
            "price",
            "0-9A-Z",
            (
                CODE,
                Column("region", ("医保区划", "区划"), cells.province, "14"),
                Column("standard_micro", ("支付标准", "医保支付标准"), cells.micro, "12.60"),
                UNTIL,
                ACTIVE,
            ),
            ("code", "region"),
            ("standard_micro",),
        ),
        Part(
            "ceilings",
            "最高限价",
            "ceiling",
            "0-9A-Z",
            (
                CODE,
                Column("region", ("医保区划", "区划"), cells.any_area, "1401"),
                Column("fee_class", ("机构收费类别", "收费价格类别"), cells.text(4), "1"),
                Column("ceiling_micro", ("最高限价", "最高价格"), cells.micro, "20.00"),
                UNTIL,
                ACTIVE,
            ),
            ("code", "region"),
            ("ceiling_micro",),
        ),
    )
}

IGNORED: Final = ("序号", "备注")
_DECORATION: Final = re.compile(r"[\s*＊]|[（(](?:元|必填|选填)[）)]")
_LABELS: Final = {column.field: column.names[0] for part in PARTS.values() for column in part.columns} | {
    "restrictions": "限定条件"
}


def label(field: str) -> str:
    """A field as people call it."""
    return _LABELS.get(field, field)


class Placed(NamedTuple):
    """A file's columns of a part: ``width`` of its header, and each column with its position."""

    width: int
    columns: tuple[tuple[int, Column], ...]


def columns_of(part: Part, header: Sequence[str]) -> Placed | Refusal:
    """Where a file has the columns of ``part``. A column nobody understands is refused, so that nothing is silently left out."""
    names = [_DECORATION.sub("", cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    known = {name: column for column in part.columns for name in column.names}
    placed = tuple((at, known[name]) for at, name in enumerate(names) if name in known)
    fields = [column.field for _, column in placed]
    if "code" not in fields:
        return Refusal("IMPORT_HEADER", f"第一行须是列名，须有“{CODE.names[0]}”")
    unknown = [name[:20] for name in names if name not in known and name not in IGNORED]
    if unknown:
        shown = "、".join(f"“{name}”" if name else "没有列名" for name in unknown)
        return Refusal("IMPORT_COLUMN_UNKNOWN", f"{part.title}：{shown}")
    if twice := [label(field) for field in dict.fromkeys(fields) if fields.count(field) > 1]:
        return Refusal("IMPORT_COLUMN_TWICE", "、".join(twice))
    if missing := [label(field) for field in part.needed if field not in fields]:
        return Refusal("IMPORT_COLUMN_MISSING", "、".join(missing))
    if len(fields) == len(part.needed):
        return Refusal("IMPORT_COLUMN_MISSING", "除编码外没有别的列")
    return Placed(len(names), placed)
