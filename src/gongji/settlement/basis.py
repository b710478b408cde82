"""What the law says about a visit before its lines are looked at: derived facts, refusal of the pool, the
row.

Cached by everything it depends on, since thousands of visits of a day share a few dozen legal bases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, Row
from gongji.providers.rules import said_exactly

UNDECIDABLE = frozenset({"ATTRIBUTE_MISSING", "ATTRIBUTE_UNKNOWN", "REGION_UNKNOWN", "BENEFIT_UNKNOWN"})
"""Answers of the refusal rules that are no refusal of the pool: the question cannot be answered at all."""
CACHED_BASES = 8192


class Basis(msgspec.Struct, frozen=True):
    """``refusal`` set: the pool does not pay this visit; ``accounts_may_pay`` whether accounts still do
    (A35)."""

    attributes: Mapping[str, str]
    row: Row
    refusal: Refusal | None
    accounts_may_pay: bool = True


@lru_cache(maxsize=CACHED_BASES)
def legal_basis(
    law: Law, region: str, on: date, benefit: str, allow_draft: bool, facts: tuple[tuple[str, str], ...]
) -> Basis | Refusal:
    """The basis of a visit with ``facts`` in ``region`` on ``on``; a Refusal when nothing can be settled on
    that day.

    A refused visit needs no row of its own: it is settled by the law's row for refused visits, so that a
    place the pool knows nothing of can still be refused.
    """
    attributes = law.derive(region, on, dict(facts))
    refused = said_exactly(law.pool_refusal(region, on, attributes), attributes)
    if refused is not None and refused.code in UNDECIDABLE:
        return refused
    row = law.row(region, on, attributes, benefit)
    if refused is not None and not (isinstance(row, Refusal) and row.code == "BENEFIT_UNKNOWN"):
        row = law.refused_row(region, on, benefit)
    if isinstance(row, Refusal):
        return row
    if (row.draft or _from_draft(law, refused)) and not allow_draft:
        return Refusal("LAW_DRAFT", f"{region} {on}")
    if refused is not None:
        return Basis(attributes, row, refused, _accounts_may_pay(law, region, on, attributes))
    return Basis(attributes, _reduced_offsite(law, row, region, on, attributes), None)


def _from_draft(law: Law, refused: Refusal | None) -> bool:
    clause = refused.clause if refused is not None else None
    return clause is not None and law.provision(clause).status == "draft"


def _accounts_may_pay(law: Law, region: str, on: date, attributes: Mapping[str, str]) -> bool:
    """Decision A35: account use does not depend on the pool, unless the region's law says that it does."""
    switch = law.value("account.when_pool_refuses", region, on, attributes)
    return isinstance(switch, Refusal) or bool(switch.raw)


def _reduced_offsite(law: Law, row: Row, region: str, on: date, attributes: Mapping[str, str]) -> Row:
    """``row`` with its rates lowered for a temporary visit outside the region, where the law opened it that
    way (A20).

    The article of the reduction takes the place of the bands' basis among the sources, which such a row
    cites with its rate.
    """
    if attributes.get("offsite") != "TEMPORARY":
        return row
    delta = law.value("offsite.temporary.ratio_delta", region, on, attributes)
    if isinstance(delta, Refusal) or not isinstance(delta.raw, int) or delta.raw <= 0:
        return row
    cells, sources = list(row.cells), list(row.sources)
    for at in range(layout.ROW_BAND_BP, layout.ROW_BAND_BP + row.cells[layout.ROW_BAND_COUNT]):
        cells[at] = max(0, cells[at] - delta.raw)
    sources[layout.ROW_BAND_BASIS] = delta.clause
    return msgspec.structs.replace(row, cells=tuple(cells), sources=tuple(sources))
