"""What a member asks of the estimator (这次要花多少钱), as it stands in the address: where, when, which goods, how paid. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec
from django.http import QueryDict
from django.utils.http import urlencode

from gongji.base.money import (
    MAX_FEN,
    MICRO_PER_FEN,
    PRICE_DIGITS,
    QUANTITY_DIGITS,
    QUANTITY_UNIT,
    format_scaled,
    line_fen,
    parse_decimal,
    parse_yuan,
)
from gongji.catalog.values import Item
from gongji.settlement.trials import TrialLine

__all__ = [
    "AMOUNTS",
    "NEW_PRESCRIPTION",
    "NO_PRESCRIPTION",
    "Amount",
    "Fault",
    "Good",
    "Question",
    "asked",
    "lines_of",
    "price_text",
]

MOST_GOODS: Final = 30
NO_PRESCRIPTION, NEW_PRESCRIPTION = "none", "new"


class Amount(msgspec.Struct, frozen=True):
    """A sum of which only the category is known: the field's name, its words, kind and level of the catalogue."""

    name: str
    title: str
    hint: str
    kind: str
    level: str

    @property
    def item(self) -> Item:
        """An item of the category, with nothing else about it."""
        return Item(
            code="", name=self.title, kind=self.kind, list_type="", chrgitm_lv=self.level, charge_type="", spec="", unit="",
            dosform="", maker="", standard_micro=None, restricted=False, restriction="", account_allowed=True, base_drug=False,
            negotiated=False, child_drug=False, prescription_only=False,
        )  # fmt: skip


AMOUNTS: Final = (
    Amount("drug_a", "甲类药品", "全部计入报销", "drug", "01"),
    Amount("drug_b", "乙类药品", "先自付一部分，其余计入报销", "drug", "02"),
    Amount("service_a", "甲类检查、治疗", "全部计入报销", "service", "01"),
    Amount("service_b", "乙类检查、治疗", "先自付一部分，其余计入报销", "service", "02"),
    Amount("consumable_b", "乙类耗材", "先自付一部分，其余计入报销", "consumable", "02"),
    Amount("selfpay", "丙类、自费", "不计入报销", "drug", "03"),
)


class Good(msgspec.Struct, frozen=True):
    """An item of the catalogue as asked for: quantity and unit price as they were typed."""

    code: str
    quantity: str
    price: str


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a field: the id of the field, its words, what to do."""

    field: str
    title: str
    text: str


class Question(msgspec.Struct, frozen=True):
    """``where``: a kind of place or the code of an institution; ``on`` empty: today; ``disease``: for which chronic disease;
    ``rx``: at a pharmacy, ``new``, ``none``, or the number of a prescription in hand. ``own``, ``family``: accounts may pay.
    """

    where: str = ""
    on: str = ""
    goods: tuple[Good, ...] = ()
    amounts: Mapping[str, str] = {}
    disease: str = ""
    rx: str = ""
    own: bool = True
    family: bool = True

    @property
    def empty(self) -> bool:
        return not self.goods and not any(text.strip() for text in self.amounts.values())

    def query(self, **more: str) -> str:
        """The question as the part of an address after ``?``."""
        pairs = [("where", self.where), ("on", self.on), ("disease", self.disease), ("rx", self.rx)]
        pairs += [("own", "0" if not self.own else ""), ("family", "0" if not self.family else "")]
        pairs += [(name, text) for name, text in self.amounts.items()] + list(more.items())
        kept = [(name, value) for name, value in pairs if value]
        for good in self.goods:
            kept += [("item", good.code), ("quantity", good.quantity), ("price", good.price)]
        return urlencode(kept)

    def day(self, today: date) -> date | None:
        """The day asked for; None when it cannot be read."""
        if not self.on:
            return today
        try:
            return date.fromisoformat(self.on)
        except ValueError:
            return None


def asked(given: QueryDict) -> Question:
    """The question in an address; goods whose lists do not match in length are cut to the shortest."""
    rows = zip(given.getlist("item"), given.getlist("quantity"), given.getlist("price"), strict=False)
    return Question(
        where=given.get("where", "")[:40],
        on=given.get("on", "")[:10],
        goods=tuple(Good(code[:50], quantity[:20], price[:20]) for code, quantity, price in rows)[
            :MOST_GOODS
        ],
        amounts={one.name: text for one in AMOUNTS if (text := given.get(one.name, "")[:20].strip())},
        disease=given.get("disease", "")[:20],
        rx=given.get("rx", "")[:30],
        own=given.get("own", "") != "0",
        family=given.get("family", "") != "0",
    )


def lines_of(
    question: Question, item_of: Callable[[str], Item | None]
) -> tuple[tuple[TrialLine, ...], tuple[Fault, ...]]:
    """What would be charged, and what is wrong with what was typed; one of the two is empty."""
    read = [_good(number, good, item_of(good.code)) for number, good in enumerate(question.goods)]
    read += [_amount(one, text) for one in AMOUNTS if (text := question.amounts.get(one.name, ""))]
    faults = tuple(one for one in read if isinstance(one, Fault))
    if not read:
        faults = (Fault("q", "项目或金额", "请先选一个项目，或填一个金额"),)
    return ((), faults) if faults else (tuple(one for one in read if isinstance(one, TrialLine)), ())


def _good(number: int, good: Good, item: Item | None) -> TrialLine | Fault:
    name = item.name if item is not None else good.code
    if item is None:
        return Fault(f"quantity-{number}", name, "目录里没有这个项目，请去掉它重新查找")
    quantity_e4, price_micro = _scaled(good.quantity, QUANTITY_DIGITS), _scaled(good.price, PRICE_DIGITS)
    if quantity_e4 is None:
        return Fault(f"quantity-{number}", f"{name}的数量", "请填大于 0 的数，最多四位小数")
    if price_micro is None:
        return Fault(f"price-{number}", f"{name}的单价", "请填单价，如 12.50；不知道可以填医院或药店的标价")
    amount_fen = line_fen(price_micro, quantity_e4)
    if not 0 < amount_fen <= MAX_FEN:
        return Fault(f"price-{number}", f"{name}的金额", "金额太小或太大，请核对数量和单价")
    return TrialLine(good.code, amount_fen, price_micro, quantity_e4)


def _amount(one: Amount, text: str) -> TrialLine | Fault:
    try:
        fen = parse_yuan(text)
    except ValueError:
        return Fault(one.name, f"{one.title}的金额", "请填金额，如 85.50")
    if not 0 < fen <= MAX_FEN:
        return Fault(one.name, f"{one.title}的金额", "金额要大于 0，最多十亿元")
    return TrialLine("", fen, fen * MICRO_PER_FEN, QUANTITY_UNIT, one.item)


def _scaled(text: str, digits: int) -> int | None:
    """A number above 0 in units of 10^-digits; None when it is none, or too long to be one."""
    try:
        value = parse_decimal(text, digits)
    except ValueError:
        return None
    return value if 0 < value <= MAX_FEN * 10**digits else None


def price_text(item: Item) -> str:
    """A price to begin with: the payment standard or the highest price, as far as either is known."""
    micro = item.standard_micro if item.standard_micro is not None else item.ceiling_micro
    return format_scaled(micro, PRICE_DIGITS, least=2) if micro is not None else ""
