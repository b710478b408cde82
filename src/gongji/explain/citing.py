"""Which article stands behind which step: cells of the row name their clause, rules without a number are
listed here.

The list only says where to look; what an article says, since when and how surely comes from the library. A
clause that the loaded library does not hold is left out, so that a scheme of files alone explains itself by
its own cells.
"""

from __future__ import annotations

from collections.abc import Iterable

from gongji.base.regions import ancestry
from gongji.explain.model import Citation
from gongji.policy import Law

CONFIRMED = frozenset({"seed", "inferred", "operator"})

RULES: dict[str, dict[str, tuple[str, ...]]] = {
    "14": {
        "full_selfpay": ("SX2022-27.art20.a",),
        "over_limit": ("SX2022-27.art21.b",),
        "in_scope": ("SX2022-27.art20.c",),
        "visit_group": ("SX2022-27.art22", "SX2023-2.s2.b"),
        "chronic": ("SX2022-27.art25.b",),
        "payment": ("SX2022-27.art23.b",),
        "family": ("SX2021-103.s2.4.b",),
        "RESTRICTED": ("SX2022-27.art17.c",),
        "SERVICE_NOT_IN_HOUSE": ("SX2022-27.art9.b", "SX2022-27.art9.c"),
        "PHARMACY_DRUGS_ONLY": ("NHSA2023-4.s3.1.a", "SX2022-27.art9.c"),
        "NO_PRESCRIPTION": ("SX2022-27.art26.2",),
        "OUT_OF_CATALOGUE": ("SX2022-27.art20.a",),
        "NOT_MEDICAL": ("SX2021-103.s2.4.e",),
        "PUBLIC_HEALTH": ("SX2021-103.s2.4.e",),
    },
    "6210": {
        "full_selfpay": ("QY.art23.1",),
        "over_limit": ("QY.art14.b",),
        "in_scope": ("QY.art12.b",),
        "payment": ("QY.art7.a",),
        "family": ("QY.art7.b",),
        "OUT_OF_CATALOGUE": ("QY.art23.1",),
        "NOT_MEDICAL": ("QY.art7.d",),
        "PUBLIC_HEALTH": ("QY.art23.4",),
    },
    "CN": {"DELIVERY_FEE": ("NHSA2023-4.s3.1.d",), "PHARMACY_DRUGS_ONLY": ("NHSA2023-4.s3.1.a",)},
}


def cite(law: Law, clauses: Iterable[str | None]) -> tuple[Citation, ...]:
    """Citations of clause ids; None, repetitions and clauses that this library does not hold are skipped."""
    found: dict[str, Citation] = {}
    for clause in clauses:
        if clause is None or clause in found or clause not in law.library.provisions:
            continue
        provision = law.provision(clause)
        found[clause] = Citation(
            clause=clause,
            article=provision.citation,
            text=provision.text,
            since=provision.starts_on,
            confidence=provision.confidence,
            confirmed=provision.confidence in CONFIRMED,
            draft=provision.status == "draft",
        )
    return tuple(found.values())


def rule_clauses(region: str, rule: str) -> tuple[str, ...]:
    """Clauses of a rule that has no number of its own, of the nearest region that states one."""
    for code in ancestry(region):
        clauses = RULES.get(code, {}).get(rule)
        if clauses:
            return clauses
    return ()
