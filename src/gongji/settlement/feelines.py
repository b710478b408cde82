"""A fee line of an institution as the calculation sees it: catalogue, restriction, prescription. Pure.

2204 shows an institution the same treatment that 2207 settles by.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from typing import Final

from gongji.base.money import line_fen
from gongji.catalog.values import Catalogue, Item
from gongji.encounters.values import FeeLine
from gongji.kernel import layout
from gongji.settlement import lines
from gongji.settlement.lines import AccountScope
from gongji.settlement.rules import LineInput
from gongji.settlement.uses import NOTHING_KNOWN, Use, outside_limits

__all__ = ["line_input"]

CATEGORY_OF_LEVEL: Final = {"01": "A", "02": "B", "03": "C"}
"""chrgitm_lv: 甲类, 乙类, 自费."""
NO_TREATS: Final[Mapping[str, int]] = {}
DONE_ELSEWHERE: Final = "1"
"""etip_flag 外检标志: 是."""


def line_input(
    catalogue: Catalogue,
    line: FeeLine,
    on: date,
    region: str,
    *,
    at_pharmacy: bool,
    prescribed: Container[str] | None = None,
    chronic: bool = False,
    scope: AccountScope = lines.NATIONAL_SCOPE,
    own_treats: Mapping[str, int] = NO_TREATS,
    use: Use = NOTHING_KNOWN,
) -> LineInput:
    """``line`` on the day ``on`` at a place in ``region`` (就医地目录, decision A21).

    ``prescribed``: items of the prescription that is filled; None where none is needed or none exists (then the law
    refuses the visit as a whole). A code that the catalogue does not know on the day is outside the catalogue. A service sent to
    another institution (外检标志) is not payable (SX2022-27.art9.b). ``scope``: what the accounts of the insured region may buy.
    ``own_treats``: codes that the insured region lists in a prepay category of its own, with its treatment. ``use``: what the
    limits of an item are held against (decision A37).
    """
    item = catalogue.get(line.item, on, region)
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
