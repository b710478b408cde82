"""What the catalogue knows of an item: from a day on as it is recorded, and as it is on one day."""

from datetime import date

import msgspec

from gongji.catalog.restrictions import Restriction

__all__ = ["CONTROLS", "KINDS", "CeilingSpell", "Item", "ItemSpell", "PriceSpell"]

CONTROLS = {
    "toxic": "医疗用毒性药品",
    "radioactive": "放射性药品",
    "precursor": "药品类易制毒化学品",
    "narcotic": "麻醉药品",
    "psychotropic1": "第一类精神药品",
    "psychotropic2": "第二类精神药品",
}
"""Kinds of drugs under special control (特殊管理药品)."""
KINDS = {
    "drug": "药品",
    "service": "医疗服务项目",
    "consumable": "医用耗材",
    "device": "医疗器械",
    "delivery": "配送费",
    "health_food": "保健食品",
    "fitness": "体育健身",
    "wellness": "养生保健",
    "public_health": "公共卫生",
}
"""Kinds of items."""


class ItemSpell(msgspec.Struct, frozen=True, gc=False):
    """What an item is from ``from_on`` to ``until_on``; columns of ``sql/items.sql``.

    ``control`` is a key of ``CONTROLS`` or empty; ``pack_units`` how many of the smallest units (最小制剂单位) one smallest package
    holds, 0 where nobody has said so; ``restricted`` that an indication is required which only words say.
    """

    code: str
    from_on: date
    until_on: date | None
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    spec: str
    unit: str
    dosform: str
    maker: str
    restricted: bool
    restriction: str
    account_allowed: bool
    base_drug: bool
    negotiated: bool
    child_drug: bool
    prescription_only: bool
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


class PriceSpell(msgspec.Struct, frozen=True, gc=False):
    """Payment standard of an item in an area; columns of ``sql/prices.sql``."""

    code: str
    region: str
    from_on: date
    until_on: date | None
    standard_micro: int


class CeilingSpell(msgspec.Struct, frozen=True, gc=False):
    """Highest price (最高限价) of an item in an area, for institutions of ``fee_class`` or ("") for all; columns of
    ``sql/ceilings.sql``.
    """

    code: str
    region: str
    fee_class: str
    from_on: date
    until_on: date | None
    ceiling_micro: int


class Item(msgspec.Struct, frozen=True):
    """A catalogue item on one day; ``standard_micro`` in millionths of a yuan a unit, None: the actual price
    counts (SX2022-27 第二十一条). ``ceiling_micro``: what may be charged at most, None where nothing is fixed.
    """

    code: str
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    spec: str
    unit: str
    dosform: str
    maker: str
    standard_micro: int | None
    restricted: bool
    restriction: str
    account_allowed: bool
    base_drug: bool
    negotiated: bool
    child_drug: bool
    prescription_only: bool
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
    ceiling_micro: int | None = None

    @property
    def limited(self) -> bool:
        """Whether there is any limit of payment (限制使用标志), in words or in codes."""
        return self.restricted or bool(self.restrictions)

    @property
    def therapy_class(self) -> str:
        """The therapeutic class (药品分类码) in the national code of a western drug: XC08CA… is C08CA; "" for what has none."""
        return self.code[1:6] if self.code.startswith("X") else ""
