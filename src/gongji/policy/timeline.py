"""Which value is in force on which day: supersession, overriding, and conflicts between documents.

Supersession is for ever: what a later document has replaced does not come back when that document expires,
so that the end of a five-year notice is a gap, not a silent return of the old ceiling (decision A32).
Overriding lasts as long as the overriding value. Two different values for one case and day without either
are a conflict, and both articles are named.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from math import prod

import msgspec

from gongji.base.regions import ancestry
from gongji.policy.model import CONFIDENCES, FOREVER, Cell, Document, Problem, Provision, Segment, Slot
from gongji.policy.show import leaf_text
from gongji.policy.world import World

_DAY = timedelta(days=1)
MAX_CASES = 20_000
"""Most cases (combinations of attribute values) of one slot."""


class _Claim(msgspec.Struct):
    """A cell with the days it claims and the document it comes from."""

    cell: Cell
    provision: Provision
    document: Document
    nearness: int
    starts_on: date
    ends_on: date


class Conflicts:
    """Conflicts found, each once however many cases and regions it touches."""

    def __init__(self, places: Mapping[str, tuple[str, int]]) -> None:
        self.places = places
        self.found: dict[str, Problem] = {}

    def add(self, name: str, first: _Claim, other: _Claim, starts_on: date, ends_on: date) -> None:
        """Two different values for one case from ``starts_on`` to ``ends_on``."""
        one, two = sorted((first, other), key=lambda claim: claim.cell.clause)
        key = f"{name} {one.cell.clause} {two.cell.clause} {one.cell.where}"
        until = "长期" if ends_on == FOREVER else f"{ends_on}"
        text = (
            f"{name}{_where_text(one, two)} 自 {starts_on} 至 {until} 有两个不同的取值: "
            f"{self._claim_text(one)}; {self._claim_text(two)}; 没有声明 supersedes 或 overrides"
        )
        file, line = self.places.get(two.cell.clause, ("", 0))
        self.found.setdefault(key, Problem(text, file, line))

    def _claim_text(self, claim: _Claim) -> str:
        provision = claim.provision
        file, line = self.places.get(provision.clause, ("", 0))
        where = f"（{file}:{line}）" if file else ""
        return f"{provision.citation}〔{provision.clause}〕{where}定为 {leaf_text(claim.cell.leaf)}"

    def too_many(self, name: str, region: str, count: int) -> None:
        """A slot with more cases than anybody would write down: a mistake in ``by``."""
        text = f"{name} 在地区 {region} 有 {count} 种情形，超过 {MAX_CASES}"
        self.found.setdefault(f"{name} {region}", Problem(text))


def resolve(
    world: World,
    documents: Mapping[str, Document],
    provisions: Mapping[str, Provision],
    problems: list[Problem],
    places: Mapping[str, tuple[str, int]],
) -> dict[str, dict[str, Slot]]:
    """Segments of every slot for every region that has documents; conflicts are added to ``problems`` once
    each. ``places`` tells file and line of a clause where they are known.
    """
    conflicts = Conflicts(places)
    regions = sorted({document.region for document in documents.values()})
    resolved = {region: _region_slots(world, region, documents, provisions, conflicts) for region in regions}
    problems.extend(conflicts.found.values())
    return resolved


def _region_slots(
    world: World,
    region: str,
    documents: Mapping[str, Document],
    provisions: Mapping[str, Provision],
    conflicts: Conflicts,
) -> dict[str, Slot]:
    nearness = {code: position for position, code in enumerate(ancestry(region))}
    claims: dict[str, list[_Claim]] = {}
    for provision in provisions.values():
        if provision.region not in nearness:
            continue
        for cell in provision.cells:
            claim = _Claim(
                cell,
                provision,
                documents[provision.document],
                nearness[provision.region],
                provision.starts_on,
                provision.ends_on or FOREVER,
            )
            claims.setdefault(cell.slot, []).append(claim)
    return {slot: _slot(world, region, slot, found, conflicts) for slot, found in sorted(claims.items())}


def _slot(world: World, region: str, name: str, claims: list[_Claim], conflicts: Conflicts) -> Slot:
    dims = tuple(dict.fromkeys(attribute for claim in claims for attribute, _ in claim.cell.where))
    values = [world.values(region, attribute) for attribute in dims]
    count = prod(len(known) for known in values)
    if count > MAX_CASES:
        conflicts.too_many(name, region, count)
        return Slot(dims, {})
    segments = {}
    for coordinate in product(*values):
        case = dict(zip(dims, coordinate, strict=True))
        applicable = [claim for claim in claims if claim.cell.covers(case)]
        if applicable:
            segments[coordinate] = tuple(_segments(name, _superseded(applicable), conflicts))
    return Slot(dims, segments)


def _superseded(claims: list[_Claim]) -> list[_Claim]:
    """Claims cut off on the day before a superseding one begins, for good; what it states alike stays in
    force.
    """
    kept = []
    for claim in claims:
        ends_on = claim.ends_on
        for other in claims:
            if _supersedes(other, claim):
                ends_on = min(ends_on, other.starts_on - _DAY)
        if ends_on >= claim.starts_on:
            kept.append(
                _Claim(claim.cell, claim.provision, claim.document, claim.nearness, claim.starts_on, ends_on)
            )
    return kept


def _supersedes(other: _Claim, claim: _Claim) -> bool:
    if other.document is claim.document:
        return False
    relations = [
        relation for relation in other.document.supersedes if relation.document in ("*", claim.document.id)
    ]
    return any(relation.wholly or other.cell.leaf != claim.cell.leaf for relation in relations)


def _is_overridden(claim: _Claim, others: list[_Claim]) -> bool:
    return any(_overrides(other, claim) for other in others)


def _overrides(other: _Claim, claim: _Claim) -> bool:
    if other.document is claim.document or other.cell.leaf == claim.cell.leaf:
        return False
    if claim.document.fills and other.cell.leaf.kind == "unspecified":
        return False  # leaving a value open is what an overlay fills
    return any(relation.document in ("*", claim.document.id) for relation in other.document.overrides)


def _segments(name: str, claims: list[_Claim], conflicts: Conflicts) -> list[Segment]:
    ends = {claim.ends_on + _DAY for claim in claims if claim.ends_on < FOREVER}
    edges = sorted({claim.starts_on for claim in claims} | ends)
    found: list[Segment] = []
    for starts_on, following in zip(edges, [*edges[1:], None], strict=True):
        active = [claim for claim in claims if claim.starts_on <= starts_on <= claim.ends_on]
        if not active:
            continue
        ends_on = FOREVER if following is None else following - _DAY
        winner = _winner(name, active, starts_on, ends_on, conflicts)
        if found and found[-1].cell is winner.cell and found[-1].ends_on + _DAY == starts_on:
            found[-1] = Segment(found[-1].starts_on, ends_on, winner.cell)
        else:
            found.append(Segment(starts_on, ends_on, winner.cell))
    return found


def _winner(name: str, active: list[_Claim], starts_on: date, ends_on: date, conflicts: Conflicts) -> _Claim:
    """The claim in force among ``active``; two different values left are a conflict."""
    standing = [claim for claim in active if not _is_overridden(claim, active)] or active
    stated = [claim for claim in standing if claim.cell.leaf.kind != "unspecified"] or standing
    fixed = [claim for claim in stated if not claim.document.fills] or stated
    fixed.sort(key=_preference)
    first = fixed[0]
    for other in fixed[1:]:
        if other.cell.leaf != first.cell.leaf:
            conflicts.add(name, first, other, starts_on, ends_on)
    return first


def _preference(claim: _Claim) -> tuple[bool, int, int, str]:
    """Which of several provisions that state the same value is cited: law before test data, well known
    before unconfirmed.
    """
    everywhere = any(relation.document == "*" for relation in claim.document.overrides)
    return everywhere, CONFIDENCES.index(claim.provision.confidence), claim.nearness, claim.cell.clause


def _where_text(one: _Claim, two: _Claim) -> str:
    conditions = {attribute: values for claim in (two, one) for attribute, values in claim.cell.where}
    return (
        "（" + ", ".join(f"{name}={'|'.join(values)}" for name, values in conditions.items()) + "）"
        if conditions
        else ""
    )
