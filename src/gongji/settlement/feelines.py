"""A fee line of an institution as the calculation sees it: catalogue, restriction, prescription. Pure.

2204 shows an institution the same treatment that 2207 settles by.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final

from gongji.base.money import format_scaled, line_fen
from gongji.base.reasons import Refusal
from gongji.catalog.values import Item
from gongji.encounters.values import FeeLine
from gongji.kernel import layout
from gongji.settlement import lines
from gongji.settlement.lines import AccountScope
from gongji.settlement.rules import LineInput
from gongji.settlement.uses import NOTHING_KNOWN, Use, outside_limits

__all__ = ["Items", "line_input", "too_dear"]

Items = Sequence[Item | None]
"""The catalogue's item of each of some lines, in order; None: the catalogue does not know it on the day."""

CATEGORY_OF_LEVEL: Final = {"01": "A", "02": "B", "03": "C"}
"""chrgitm_lv: 甲类, 乙类, 自费."""
NO_TREATS: Final[Mapping[str, int]] = {}
DONE_ELSEWHERE: Final = "1"
"""etip_flag 外检标志: 是."""


def line_input(
    item: Item | None,
    line: FeeLine,
    *,
    at_pharmacy: bool,
    prescribed: Container[str] | None = None,
    chronic: bool = False,
    scope: AccountScope = lines.NATIONAL_SCOPE,
    own_treats: Mapping[str, int] = NO_TREATS,
    use: Use = NOTHING_KNOWN,
) -> LineInput:
    """``line``, which is the catalogue's ``item`` on the day at the place (就医地目录, decision A21); None: a code that the
    catalogue does not know then, which is outside the catalogue.

    ``prescribed``: items of the prescription that is filled; None where none is needed or none exists (then the law
    refuses the visit as a whole). A service sent to another institution (外检标志) is not payable (SX2022-27.art9.b). ``scope``:
    what the accounts of the insured region may buy.
    ``own_treats``: codes that the insured region lists in a prepay category of its own, with its treatment. ``use``: what the
    limits of an item are held against (decision A37).
    """
    kind = item.kind if item is not None and item.kind in lines.KINDS else kind_of_code(line.item)
    category = CATEGORY_OF_LEVEL.get(item.chrgitm_lv, "C") if item is not None else "C"
    treatment = lines.line_treatment(
        category,
        kind,
        in_catalogue=item is not None,
        restriction_met=_within_limits(item, line, use),
        in_house=line.external_test != DONE_ELSEWHERE,
        on_prescription=prescribed is None or line.item in prescribed,
        at_pharmacy=at_pharmacy,
        account_allowed=item is None or item.account_allowed,
        chronic=chronic,
        scope=scope,
    )
    treat = treatment.treat
    if treat != layout.TREAT_FULL_SELFPAY:
        treat = own_treats.get(line.item, treat)
    return LineInput(
        key=line.key,
        item=line.item,
        name=item.name if item is not None else line.local_item or line.item,
        amount_fen=line.amount_fen,
        standard_fen=_standard_fen(item, line, treat),
        treat=treat,
        flags=treatment.flags,
        kind=kind,
        reason=treatment.reason,
    )


def too_dear(charged: Sequence[FeeLine], items: Items) -> Refusal | None:
    """Why a line may not be charged at its price: above the highest price of the place's area and class (最高限价)."""
    for line, item in zip(charged, items, strict=True):
        if item is not None and item.ceiling_micro is not None and line.price_micro > item.ceiling_micro:
            most = format_scaled(item.ceiling_micro, 6)
            return Refusal("PRICE_ABOVE_CEILING", f"feedetl_sn {line.key} 最高限价 {most} 元")
    return None


def _within_limits(item: Item | None, line: FeeLine, use: Use) -> bool:
    """Whether the line is within what the catalogue pays the item for (限定支付范围)."""
    if item is None:
        return lines.restriction_is_met(False, line.approval)
    return lines.restriction_is_met(item.restricted, line.approval) and not outside_limits(item, line, use)


def _standard_fen(item: Item | None, line: FeeLine, treat: int) -> int:
    if item is None or item.standard_micro is None or treat == layout.TREAT_FULL_SELFPAY:
        return layout.NONE
    return line_fen(item.standard_micro, line.quantity_e4)


def kind_of_code(code: str) -> str:
    """What an item outside the catalogue is, by the form of its national code: X and Z western and Chinese medicine, T herbs,
    C consumables, digits services."""
    return {"X": lines.DRUG, "Z": lines.DRUG, "T": lines.DRUG, "C": lines.CONSUMABLE}.get(
        code[:1].upper(), lines.SERVICE
    )
