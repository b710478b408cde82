"""Decisions about prescriptions: how long one may be filled, whether an item may be bought here.

Clauses: SX2021-103.s2.2.f.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.prescriptions.values import Prescription

__all__ = ["same_drug_elsewhere", "valid_until", "validity"]

SAME_DRUG_CLAUSE = "SX2022-27.art14.c"


def valid_until(issued_on: date, valid_days: int) -> date:
    """Last day on which a prescription may be filled: calendar days, the day of issue is day 1 (SX2022-27.art11,
    decision A12).

    ``valid_days`` is the law's ``prescription.valid_days`` on the day of issue.
    """
    if valid_days < 1:
        raise ValueError("a prescription is valid on its day of issue at least")
    return issued_on + timedelta(days=valid_days - 1)


def validity(prescription: Prescription, on: date) -> str:
    """``valid`` or ``expired`` on the day ``on``; ``none`` before the day of issue and once revoked."""
    issued_on = day_in_china(prescription.issued_at)
    if prescription.revoked_at is not None or on < issued_on:
        return "none"
    return "valid" if on <= prescription.valid_until else "expired"


def same_drug_elsewhere(
    items: Iterable[str], charged: Iterable[tuple[str, str]], here: str
) -> Refusal | None:
    """Why these items of a prescription cannot be bought at the institution ``here``, or None.

    ``charged`` are (item, institution) of settled lines on the same prescription. One item is dispensed
    wholly by one institution (SX2022-27.art14.a, SX2022-27.art14.c, decision A16).
    """
    elsewhere = {item: institution for item, institution in charged if institution != here}
    for item in items:
        if item in elsewhere:
            return Refusal(
                "SAME_DRUG_DIFFERENT_INSTITUTION", f"{item} 已在 {elsewhere[item]} 购买", SAME_DRUG_CLAUSE
            )
    return None
