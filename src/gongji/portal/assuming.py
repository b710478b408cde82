"""What an estimate takes for granted (测算的前提), in a member's words: the same things that decide a real settlement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from gongji.catalog.values import Item
from gongji.portal.asking import NO_PRESCRIPTION, Question
from gongji.portal.comparing import Place

__all__ = ["Counted", "assumptions"]


class Counted(msgspec.Struct, frozen=True):
    """How the deductible counts in the member's region: anew at ``each_visit``, ``merged`` with the visit that prescribed."""

    each_visit: bool
    merged: bool


def assumptions(
    question: Question,
    place: Place,
    items: Sequence[Item],
    on: date,
    today: date,
    drugs: str,
    counted: Counted,
) -> tuple[str, ...]:
    """What is assumed, a sentence each. ``items`` are asked for, ``drugs`` is on the prescription in hand, "" for none."""
    return tuple(
        sentence
        for sentence in (
            _when(on, today),
            "出示医保电子凭证或社会保障卡结算。",
            _where(place),
            _prescription(question, drugs, counted) if place.is_pharmacy else _alone(counted),
            _amounts(question),
            *(_restricted(item) for item in items if item.restricted and not drugs),
            _accounts(question),
        )
        if sentence
    )


def _when(on: date, today: date) -> str:
    if on > today:
        return f"{on} 以前没有别的就诊，参保和规定与现在知道的一样。"
    return (
        f"按 {on} 有效的规定和您那一年已经用掉的额度。"
        if on < today
        else "按今天有效的规定和您今年已经用掉的额度。"
    )


def _where(place: Place) -> str:
    return "" if place.code else f"{place.title}里的任何一家，开通了门诊统筹。"


def _alone(counted: Counted) -> str:
    return "这是单独的一次就诊，起付另算。" if counted.each_visit else "这是单独的一次就诊。"


def _prescription(question: Question, drugs: str, counted: Counted) -> str:
    if question.rx == NO_PRESCRIPTION:
        return "没有处方，自己买药。"
    if drugs:
        together = "，起付和开处方的那次就诊合在一起算" if counted.each_visit and counted.merged else ""
        return f"用您手里的处方（{drugs}）{together}。"
    return "医生开了电子处方，要买的药都在处方上，在有效期内取药。"


def _amounts(question: Question) -> str:
    return "只填了金额的，不知道支付标准，按全部在标准以内。" if question.amounts else ""


def _restricted(item: Item) -> str:
    """An item with 限定支付范围 is self-paid until a doctor says that the patient is within it."""
    limit = f"（{item.restriction}）" if item.restriction else ""
    return f"{item.name}有限定支付范围{limit}，没有医生确认符合，按自费。"


def _accounts(question: Question) -> str:
    if question.own and question.family:
        return ""
    kept = [name for name, used in (("本人账户", question.own), ("家人的账户", question.family)) if not used]
    return f"不用{'和'.join(kept)}。"
