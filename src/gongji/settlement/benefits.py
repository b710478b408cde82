"""Which benefit (待遇类型) a settlement is of: ordinary, as inpatient, or the separate one of dual-channel drugs. Pure.

A chronic disease's quota is no benefit of its own here: it is used first within an ordinary settlement (decision A38).

Clauses: SX2021-103.s2.2.c.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from gongji.base.reasons import Refusal
from gongji.members.values import ChronicEntitlement
from gongji.policy import Law

__all__ = ["AS_INPATIENT", "DUAL_CHANNEL", "ORDINARY", "benefit_of", "dual_channel_apart"]

ORDINARY: Final = "ordinary"
AS_INPATIENT: Final = "as_inpatient"
DUAL_CHANNEL: Final = "dual_channel"


def benefit_of(
    law: Law,
    region: str,
    on: date,
    *,
    entitlement: ChronicEntitlement | None,
    dual_channel: Sequence[bool],
    at_pharmacy: bool,
) -> str | Refusal:
    """The benefit of a batch of lines for the disease of ``entitlement``; ``dual_channel`` tells it of each line.

    Dual-channel drugs (双通道谈判药品) are settled by themselves where the region keeps their account apart (QY 第十九条): a batch
    that mixes them with others is refused. A treatment of the region's list (QY 第二十条, decision A27) at a medical
    institution is settled like inpatient care; what else the member got that day is another batch or visit.
    """
    if any(dual_channel) and dual_channel_apart(law, region, on):
        if all(dual_channel):
            return DUAL_CHANNEL
        return Refusal("DUAL_CHANNEL_MIXED", "请将双通道谈判药品用单独的收费批次（chrg_bchno）上传")
    if entitlement is not None and entitlement.treatment and not at_pharmacy:
        treatments = law.value("inpatient_like.treatments", region, on)
        if not isinstance(treatments, Refusal) and entitlement.treatment in _names(treatments.raw):
            return AS_INPATIENT
    return ORDINARY


@lru_cache(maxsize=4096)
def dual_channel_apart(law: Law, region: str, on: date) -> bool:
    """Whether the region keeps dual-channel drugs apart on the day; else nobody needs to know which drugs are."""
    value = law.value("dual_channel.separate", region, on)
    return not isinstance(value, Refusal) and value.raw is True


def _names(raw: object) -> tuple[object, ...]:
    return raw if isinstance(raw, tuple) else ()
