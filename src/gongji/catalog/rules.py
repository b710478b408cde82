"""National codes of items (医疗保障信息业务编码): what a code says about its item, and whether it has the form of one. Pure.

Western drugs are X and 22 characters (XJ01CAA040A001010102699: class, substance, form, size, package, maker), Chinese patent
medicines Z and 19, herbs T and nine digits, consumables C and 19 digits (with the model 26), services 15 digits and the
province's own number. Preparations of hospitals and of nationalities, and granules, are known by their list, not by a form.
"""

import re
from typing import Final

__all__ = [
    "CHARGE_TYPES",
    "HERB",
    "LEVELS",
    "LIST_TYPES",
    "charge_type_of",
    "code_fault",
    "kind_of",
    "list_type_of",
]

DRUG, HERB, SERVICE, CONSUMABLE = "101", "102", "201", "301"
LIST_TYPES: Final = {
    DRUG: "西药中成药",
    HERB: "中药饮片",
    "103": "自制剂",
    "104": "民族药",
    "105": "其他",
    "106": "中药配方颗粒",
    SERVICE: "医疗服务项目",
    CONSUMABLE: "医用耗材",
}
"""list_type (目录类别)."""
LEVELS: Final = {"01": "甲类", "02": "乙类", "03": "丙类"}
"""chrgitm_lv (收费项目等级)."""
CHARGE_TYPES: Final = {
    "01": "床位费",
    "02": "诊察费",
    "03": "检查费",
    "04": "化验费",
    "05": "治疗费",
    "06": "手术费",
    "07": "护理费",
    "08": "卫生材料费",
    "09": "西药费",
    "10": "中药饮片费",
    "11": "中成药费",
    "12": "一般诊疗费",
    "13": "挂号费",
    "14": "其他费",
}
"""med_chrgitm_type (医疗收费项目类别)."""

_FORMS: Final = {
    "X": (
        re.compile(r"X[A-Z][0-9]{2}[A-Z]{2}[A-Z][0-9]{3}[A-Z][0-9]{7}[0-9A-Z]{5}"),
        "西药编码须为 X 和 22 位",
    ),
    "Z": (re.compile(r"Z[A-Z][0-9]{2}[A-Z]{2}[A-Z][0-9]{8}[0-9A-Z]{5}"), "中成药编码须为 Z 和 19 位"),
    "T": (re.compile(r"T[0-9]{9}"), "中药饮片编码须为 T 和 9 位数字"),
    "C": (
        re.compile(r"C[0-9]{14}[0-9A-Z]{5}(?:-?[0-9]{7})?"),
        "医用耗材编码须为 C 和 19 位（含规格型号的 26 位）",
    ),
}
_SERVICE: Final = re.compile(r"[0-9]{15}(?:-[0-9A-Za-z]{1,30})?")
_OTHER: Final = re.compile(r"[A-Z][0-9A-Z]{5,49}")
_OTHER_LISTS: Final = frozenset({"103", "104", "105", "106"})
_LIST_OF: Final = {"X": DRUG, "Z": DRUG, "T": HERB, "C": CONSUMABLE}
_CHARGE_OF: Final = {"X": "09", "T": "10", "Z": "11", "C": "08"}


def code_fault(code: str, list_type: str = "") -> str | None:
    """What is wrong with the form of a code, in Chinese; None for a good one. ``list_type`` where the file says one."""
    if list_type in _OTHER_LISTS:
        return None if _OTHER.fullmatch(code) else "编码须为大写字母开头的 6 至 50 位字母和数字"
    if not (code.isascii() and code[:1].isalnum()):
        return "编码须以 X、Z、T、C 或数字开头"
    if code[0].isdigit():
        return None if _SERVICE.fullmatch(code) else "医疗服务项目编码须为 15 位数字，可以加“-”和省内编码"
    form = _FORMS.get(code[0])
    if form is None:
        return "编码须以 X、Z、T、C 或数字开头"
    pattern, text = form
    return None if pattern.fullmatch(code) else f"{text}，现为 {len(code)} 位" if len(code) < 60 else text


def kind_of(code: str) -> str:
    """Kind of the item by its code: drug, consumable or service."""
    return {DRUG: "drug", HERB: "drug", CONSUMABLE: "consumable"}.get(list_type_of(code), "service")


def list_type_of(code: str) -> str:
    """list_type by the code."""
    return _LIST_OF.get(code[:1], SERVICE)


def charge_type_of(code: str) -> str:
    """med_chrgitm_type by the code; empty for services, which have many."""
    return _CHARGE_OF.get(code[:1], "")
