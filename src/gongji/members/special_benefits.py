"""Why a benefit beside the ordinary one pays nothing to a member whom the pool does not refuse. Pure.

Each answers None where the benefit can be settled: chronic diseases (门诊慢特病), the treatments settled like inpatient care, and
谈判药品双通道. Source: 晋医保办发〔2022〕27号 第二十五条; 庆阳市实施细则 第十九至二十一条; decisions A17, A27, A38.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.members.quota import quota_of
from gongji.members.values import ChronicEntitlement
from gongji.policy import Law, Row

__all__ = [
    "AS_INPATIENT",
    "DUAL_CHANNEL",
    "chronic_refusal",
    "dual_channel_refusal",
    "inpatient_refusal",
    "is_inpatient_like",
    "unusable",
]

AS_INPATIENT: Final = "as_inpatient"
DUAL_CHANNEL: Final = "dual_channel"


def unusable(row: Row | Refusal, region: str, *, allow_draft: bool, drafted: bool = False) -> Refusal | None:
    """Why a row of the law settles nothing: there is none, or it is a draft (``drafted``: so is what it is asked for)."""
    if isinstance(row, Refusal):
        return row
    return Refusal("LAW_DRAFT", region) if (row.draft or drafted) and not allow_draft else None


def chronic_refusal(
    law: Law, region: str, on: date, attributes: Mapping[str, str], entitlement: ChronicEntitlement
) -> Refusal | None:
    """Why an entitlement to a chronic disease cannot be paid: its rate, a quota, or every quota is 未规定."""
    facts = {**attributes, "disease": entitlement.disease_code}
    if entitlement.ratio_bp is None:
        rate = law.value("chronic.rate", region, on, facts)
        if isinstance(rate, Refusal):
            return rate
    quota = quota_of(law, region, on, entitlement, attributes)
    return quota if isinstance(quota, Refusal) else None


def is_inpatient_like(
    law: Law, region: str, on: date, attributes: Mapping[str, str], entitlement: ChronicEntitlement
) -> bool:
    """Whether the entitlement is for a treatment that the region settles like inpatient care, at an institution that gives it.

    Elsewhere, and at a pharmacy, it is a chronic disease like others.
    """
    if not entitlement.treatment or attributes.get("kind") == "pharmacy":
        return False
    listed = law.value("inpatient_like.treatments", region, on, attributes)
    return (
        not isinstance(listed, Refusal)
        and isinstance(listed.raw, tuple)
        and entitlement.treatment in listed.raw
    )


def inpatient_refusal(
    law: Law, region: str, on: date, attributes: Mapping[str, str], *, allow_draft: bool
) -> Refusal | None:
    """Why a treatment cannot be settled like inpatient care: the area has no rates for it."""
    return unusable(law.row(region, on, attributes, AS_INPATIENT), region, allow_draft=allow_draft)


def dual_channel_refusal(
    law: Law, region: str, on: date, attributes: Mapping[str, str], *, allow_draft: bool
) -> Refusal | None:
    """Why negotiated drugs pay nothing where the region keeps them apart, with that article; else they are ordinary drugs."""
    apart = law.value("dual_channel.separate", region, on, attributes)
    if isinstance(apart, Refusal) or apart.raw is not True:
        return None
    refusal = unusable(law.row(region, on, attributes, DUAL_CHANNEL), region, allow_draft=allow_draft)
    if refusal is None or refusal.clause is not None:
        return refusal
    return Refusal(refusal.code, refusal.detail, apart.clause, apart.citation)
