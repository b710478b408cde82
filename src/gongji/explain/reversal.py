"""The explanation of a refund 退费: who gets what back, what the year gets back, what would now come out
differently (A14, A15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gongji.base.money import format_yuan
from gongji.kernel import layout


class MirrorLike(Protocol):
    """A reversal's amounts (``settlement.replay.Mirror``): the settlement's own with the opposite sign."""

    @property
    def waterfall(self) -> tuple[int, ...]: ...
    @property
    def family_draws(self) -> tuple[tuple[str, int], ...]: ...


class ProposalLike(Protocol):
    """A later settlement that would come out differently (``settlement.replay.Proposal``)."""

    @property
    def key(self) -> int: ...
    @property
    def deductible_delta_fen(self) -> int: ...
    @property
    def pool_delta_fen(self) -> int: ...


def reversal_for_member(mirror: MirrorLike) -> tuple[str, ...]:
    """At most three plain sentences for the member."""
    back = [-fen for fen in mirror.waterfall]
    fund = back[layout.W_POOL_PAY_FEN] + back[layout.W_CHRONIC_PAY_FEN]
    parts = [
        f"{name} {format_yuan(back[position])} 元"
        for name, position in (
            ("本人账户", layout.W_ACCOUNT_FEN),
            ("家庭共济账户", layout.W_MUTUAL_FEN),
            ("现金", layout.W_CASH_FEN),
        )
        if back[position]
    ]
    lines = [
        f"整笔退费：费用 {format_yuan(back[layout.W_TOTAL_FEN])} 元，医保基金收回 {format_yuan(fund)} 元。",
        f"退还您：{'，'.join(parts)}，从哪里付的退回哪里。" if parts else "个人没有付款，不需退还。",
    ]
    deductible, pool = back[layout.W_DEDUCTIBLE_FEN], back[layout.W_POOL_PAY_FEN]
    if deductible or pool:
        lines.append(
            f"当年起付累计退回 {format_yuan(deductible)} 元，统筹额度退回 {format_yuan(pool)} 元，供以后就诊使用。"
        )
    return tuple(lines)


def reversal_for_agency(mirror: MirrorLike, proposals: Sequence[ProposalLike]) -> tuple[str, ...]:
    """The member's sentences, each relative's account, and what an official may want to review; nothing of
    it is posted."""
    return (
        *reversal_for_member(mirror),
        *(f"退回家庭共济账户 {owner}：{format_yuan(-fen)} 元" for owner, fen in mirror.family_draws),
        *(
            f"结算 {item.key} 如重新计算：起付 {_signed(item.deductible_delta_fen)} 元，"
            f"统筹 {_signed(item.pool_delta_fen)} 元（建议，不自动入账）"
            for item in proposals
        ),
    )


def _signed(fen: int) -> str:
    return f"+{format_yuan(fen)}" if fen > 0 else format_yuan(fen)
