"""The demonstration catalogue: 300 items with real-looking names and prices, read from the TSV files beside this module."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import TypedDict

import msgspec

from gongji.base.money import PRICE_UNIT, div_round, parse_decimal
from gongji.catalog.restrictions import Restriction

__all__ = ["DemoItem", "items"]

FROM_ON = date(2023, 1, 1)
NEW_STANDARD_ON = date(2025, 1, 1)
"""Day on which the payment standards of negotiated drugs were lowered by five percent."""
PROVINCE = "14"
LEVEL = {"A": "01", "B": "02", "C": "03"}
NEVER_FROM_ACCOUNT = {"health_food", "wellness", "fitness", "public_health", "delivery"}
WESTERN, HERB, SERVICE, CONSUMABLE = "101", "102", "201", "301"
ANTIMICROBIAL = frozenset({"J01", "J02", "J04"})
"""Therapeutic groups of antibacterials, antimycotics and antimycobacterials."""
ADULTS = (Restriction("age", low=18),)
_FORM = re.compile(
    r"(?:肠溶|缓释|控释|分散|咀嚼|泡腾|阴道|口服|吸入|干|鼻)*"
    r"(?:片|软胶囊|胶囊|颗粒|溶液|注射液|混悬剂|粉雾剂|粉吸入剂|气雾剂|喷雾剂|滴眼液|滴耳液|软膏|乳膏)$"
)
_PACK = re.compile(r"(?:.*×)?([0-9]+)([^0-9A-Za-zμ×.:/+]{1,2})")
SERVICE_KINDS = {"H": "public_health", "W": "wellness"}


class Pack(TypedDict, total=False):
    """The fields of an item that say what its smallest package holds."""

    pack_units: int
    min_unit: str
    pack_unit: str


class DemoItem(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue item with what it costs at the counter; ``standards`` are (first day, last day, micro-yuan)."""

    code: str
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    price_micro: int
    spec: str = ""
    unit: str = ""
    dosform: str = ""
    restriction: str = ""
    base_drug: bool = False
    negotiated: bool = False
    child_drug: bool = False
    prescription_only: bool = False
    dual_channel: bool = False
    centralized: bool = False
    control: str = ""
    antimicrobial: bool = False
    special_storage: bool = False
    long_excluded: bool = False
    circulation_excluded: bool = False
    generic_name: str = ""
    approval_no: str = ""
    pack_units: int = 0
    pack_unit: str = ""
    min_unit: str = ""
    restrictions: tuple[Restriction, ...] = ()
    standards: tuple[tuple[date, date | None, int], ...] = ()

    @property
    def row(self) -> dict[str, object]:
        """The item as a row of ``catalog_item``."""
        return {
            "code": self.code,
            "from_on": FROM_ON,
            "until_on": None,
            "name": self.name,
            "kind": self.kind,
            "list_type": self.list_type,
            "chrgitm_lv": self.chrgitm_lv,
            "charge_type": self.charge_type,
            "spec": self.spec,
            "unit": self.unit,
            "dosform": self.dosform,
            "maker": "",
            "restricted": bool(self.restriction),
            "restriction": self.restriction,
            "account_allowed": self.kind not in NEVER_FROM_ACCOUNT,
            "base_drug": self.base_drug,
            "negotiated": self.negotiated,
            "child_drug": self.child_drug,
            "prescription_only": self.prescription_only,
            "dual_channel": self.dual_channel,
            "centralized": self.centralized,
            "control": self.control,
            "antimicrobial": self.antimicrobial,
            "special_storage": self.special_storage,
            "long_excluded": self.long_excluded,
            "circulation_excluded": self.circulation_excluded,
            "generic_name": self.generic_name,
            "approval_no": self.approval_no,
            "pack_units": self.pack_units,
            "pack_unit": self.pack_unit,
            "min_unit": self.min_unit,
            "restrictions": msgspec.to_builtins(self.restrictions),
            "version": 0,
        }

    @property
    def price_rows(self) -> list[dict[str, object]]:
        """The item's rows of ``catalog_price``."""
        return [
            {
                "code": self.code,
                "region": PROVINCE,
                "from_on": from_on,
                "until_on": until_on,
                "standard_micro": micro,
                "version": 0,
            }
            for from_on, until_on, micro in self.standards
        ]


def items() -> tuple[DemoItem, ...]:
    """All items, in the order of the files."""
    return (*_western(), *_patent(), *_herbs(), *_services(), *_supplies())


def _rows(name: str, width: int) -> Iterator[list[str]]:
    text = files("gongji.demo_data").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield cells + [""] * (width - len(cells))


def _micro(yuan: str) -> int:
    return parse_decimal(yuan, 6)


def _generic_name(name: str) -> str:
    """The substance, without what the form adds: 奥美拉唑肠溶胶囊 → 奥美拉唑."""
    return _FORM.sub("", name)


def _pack(spec: str, unit: str) -> Pack:
    """What the smallest package holds, where its specification says so: 20mg×14粒."""
    found = _PACK.fullmatch(spec)
    if found is None:
        return {}
    return {"pack_units": int(found[1]), "min_unit": found[2], "pack_unit": unit}


def _standards(yuan: str, lowered: bool) -> tuple[tuple[date, date | None, int], ...]:
    if not yuan:
        return ()
    micro = _micro(yuan)
    if not lowered:
        return ((FROM_ON, None, micro),)
    fen = PRICE_UNIT // 100
    reduced = div_round(micro * 95, 100 * fen) * fen
    return ((FROM_ON, date(2024, 12, 31), micro), (NEW_STANDARD_ON, None, reduced))


def _western() -> Iterator[DemoItem]:
    """Western drugs (西药): X, therapeutic group, running number, check digits in the form of 国家药品编码."""
    for number, row in enumerate(_rows("drugs", 9), start=1):
        group, name, spec, dosform, unit, level, price, standard, flags, *restriction = row
        yield DemoItem(
            code=f"X{group}Z{number:03d}A0010101{90000 + number}",
            name=name,
            kind="drug",
            list_type=WESTERN,
            chrgitm_lv=LEVEL[level],
            charge_type="09",
            price_micro=_micro(price),
            spec=spec,
            unit=unit,
            dosform=dosform,
            restriction=restriction[0] if "R" in flags else "",
            base_drug="B" in flags,
            negotiated="N" in flags,
            child_drug="C" in flags,
            prescription_only="P" in flags,
            dual_channel="D" in flags,
            centralized="V" in flags,
            control="psychotropic2" if "2" in flags else "",
            antimicrobial=group[:3] in ANTIMICROBIAL,
            special_storage="S" in flags,
            generic_name=_generic_name(name),
            approval_no=f"国药准字H{90_000_000 + number}",
            restrictions=ADULTS if restriction and "成人" in restriction[0] else (),
            **_pack(spec, unit),
            standards=_standards(standard, "N" in flags),
        )


def _patent() -> Iterator[DemoItem]:
    """Chinese patent drugs (中成药)."""
    for number, row in enumerate(_rows("patents", 9), start=1):
        group, name, spec, dosform, unit, level, price, standard, flags, *restriction = row
        yield DemoItem(
            code=f"Z{group}AAZ{number:04d}0101{90000 + number}",
            name=name,
            kind="drug",
            list_type=WESTERN,
            chrgitm_lv=LEVEL[level],
            charge_type="11",
            price_micro=_micro(price),
            spec=spec,
            unit=unit,
            dosform=dosform,
            restriction=restriction[0] if "R" in flags else "",
            base_drug="B" in flags,
            child_drug="C" in flags,
            prescription_only="P" in flags,
            approval_no=f"国药准字Z{90_000_000 + number}",
            **_pack(spec, unit),
            standards=_standards(standard, lowered=False),
        )


def _herbs() -> Iterator[DemoItem]:
    """Herbs (中药饮片), priced by the gram."""
    for number, (name, level, price) in enumerate(_rows("herbs", 3), start=1):
        yield DemoItem(
            code=f"T{900000 + number:09d}",
            name=name,
            kind="drug",
            list_type=HERB,
            chrgitm_lv=LEVEL[level],
            charge_type="10",
            price_micro=_micro(price),
            spec="饮片",
            unit="克",
            dosform="饮片",
            prescription_only=True,
        )


def _services() -> Iterator[DemoItem]:
    """Medical services (医疗服务项目)."""
    for number, row in enumerate(_rows("services", 8), start=1):
        code, name, unit, charge_type, level, price, flags, restriction = row
        yield DemoItem(
            code=f"00{code[:9]}{number:04d}-{code}",
            name=name,
            kind=SERVICE_KINDS.get(flags, "service"),
            list_type=SERVICE,
            chrgitm_lv=LEVEL[level],
            charge_type=charge_type,
            price_micro=_micro(price),
            unit=unit,
            restriction=restriction,
        )


def _supplies() -> Iterator[DemoItem]:
    """Consumables, devices, and what is sold beside medicine (耗材、器械、保健食品、配送…)."""
    for number, row in enumerate(_rows("supplies", 10), start=1):
        kind, name, spec, unit, charge_type, level, price, standard, _, restriction = row
        yield DemoItem(
            code=f"C{900000 + number:07d}00000000{number:04d}",
            name=name,
            kind=kind,
            list_type=CONSUMABLE,
            chrgitm_lv=LEVEL[level],
            charge_type=charge_type,
            price_micro=_micro(price),
            spec=spec,
            unit=unit,
            restriction=restriction,
            standards=_standards(standard, lowered=False),
        )
