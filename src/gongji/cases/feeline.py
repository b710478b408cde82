"""Reading one fee line of a case file or a question."""

from __future__ import annotations

from typing import Any

from gongji.base.money import MAX_FEN, PRICE_UNIT, QUANTITY_UNIT, line_fen
from gongji.cases.fields import Place
from gongji.cases.form import Line
from gongji.kernel.layout import NONE
from gongji.settlement.lines import CATEGORIES, DRUG, KINDS, SERVICE

_LINE = (
    "cat",
    "amount",
    "price",
    "qty",
    "std",
    "type",
    "name",
    "drug",
    "treatment",
    "restriction_met",
    "in_house",
    "in_catalogue",
    "on_prescription",
    "account_allowed",
    "chronic",
    "prepay",
    "dual_channel",
)
_SWITCHES = ("restriction_met", "in_house", "in_catalogue", "on_prescription", "account_allowed")


def read_line(place: Place, number: int, value: Any) -> Line:
    """One fee line. ``type`` defaults to drug, to service for a treatment. Raises CaseError."""
    what = f"第 {number} 条费用"
    item = place.mapping(value, what, _LINE)
    category = place.word(item.get("cat"), f"{what}的类别 cat", sorted(CATEGORIES))
    kind = place.word(
        item.get("type", DRUG if "treatment" not in item else SERVICE), f"{what}的 type", sorted(KINDS)
    )
    quantity = None
    if "qty" in item:
        quantity = place.decimal(item["qty"], f"{what}的数量 qty", 4)
        if quantity <= 0:
            place.fail(f"{what}的数量必须大于零")
    if "amount" in item:
        if "price" in item:
            place.fail(f"{what}的 amount 和 price 只能写一个")
        amount = place.money(item["amount"], f"{what}的金额 amount")
    elif "price" in item and quantity is not None:
        amount = _product(place, item["price"], quantity, f"{what}的单价 price")
    else:
        place.fail(f"{what}要有金额 amount，或者单价 price 和数量 qty")
    if amount < 0:
        place.fail(f"{what}的金额不能是负数")
    standard = NONE
    if item.get("std") is not None:
        if quantity is None:
            place.fail(f"{what}有支付标准 std 时要有数量 qty")
        standard = _product(place, item["std"], quantity, f"{what}的支付标准 std")
    switches = {name: place.yes_no(item[name], f"{what}的 {name}") for name in _SWITCHES if name in item}
    return Line(
        category=category,
        kind=kind,
        amount_fen=amount,
        standard_fen=standard,
        name=place.text(item.get("name"), "name", ""),
        drug=place.text(item.get("drug"), "drug", ""),
        prepay=place.text(item.get("prepay"), "prepay", ""),
        chronic="chronic" in item and place.yes_no(item["chronic"], f"{what}的 chronic"),
        dual_channel="dual_channel" in item and place.yes_no(item["dual_channel"], f"{what}的 dual_channel"),
        **switches,
    )


def _product(place: Place, price: Any, quantity_e4: int, what: str) -> int:
    """Fen of a price (up to six decimals) times a quantity, rounded once (R1, R2 of decision A03)."""
    micro = place.decimal(price, what, 6)
    if micro < 0:
        place.fail(f"{what}不能是负数")
    fen = line_fen(micro, quantity_e4)
    if fen > MAX_FEN or micro > MAX_FEN * PRICE_UNIT or quantity_e4 > MAX_FEN * QUANTITY_UNIT:
        place.fail(f"{what}乘数量超出范围")
    return fen
