"""Figures of the law for one case on one day, with their article, since when, and what stood before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.regions import ancestry
from gongji.explain.questions.shape import Figure
from gongji.policy import Law, Provision
from gongji.policy.lookup import segment_on
from gongji.policy.model import FOREVER, Leaf, Segment, Slot

__all__ = ["figure", "figures", "open_to", "refusing", "rules", "rules_of"]

MEASURES: Final = ("月", "工作日")
"""Units before which a number takes 个."""


def figures(law: Law, key: str, region: str, on: date, attributes: Mapping[str, str]) -> tuple[Figure, ...]:
    """Every value of ``key`` in force for the case, one for each way in which the case is still open (kinds of institutions …).

    Empty where no document fixes it.
    """
    home, slot_name = law.home(region), law.library.vocabulary.slot(key)
    if isinstance(home, Refusal) or slot_name is None:
        return ()
    slot = law.library.slots[home].get(slot_name)
    if slot is None:
        return ()
    found = []
    for coordinate, segments in slot.segments.items():
        if not _fits(law, slot, coordinate, attributes):
            continue
        now = segment_on(segments, on)
        if now is None or now.cell.key != key or now.cell.leaf.kind == "unspecified":
            continue
        found.append(_figure(law, key, _case(law, slot, coordinate, attributes), segments, now))
    return tuple(found)


def open_to(law: Law, key: str, region: str, attributes: Mapping[str, str]) -> tuple[str, ...]:
    """The attributes by which ``key`` varies in the region and which the case leaves open."""
    home, slot_name = law.home(region), law.library.vocabulary.slot(key)
    slot = law.library.slots[home].get(slot_name) if not isinstance(home, Refusal) and slot_name else None
    known = law.library.vocabulary.attributes
    dims = slot.dims if slot is not None else ()
    return tuple(dim for dim in dims if not attributes.get(dim) and not (dim in known and known[dim].default))


def figure(law: Law, key: str, region: str, on: date, attributes: Mapping[str, str]) -> Figure | None:
    """The one value of ``key`` for the case; None where there is none, or where it depends on what is not known."""
    found = figures(law, key, region, on, attributes)
    return found[0] if len({one.text for one in found}) == 1 else None


def _fits(law: Law, slot: Slot, coordinate: Sequence[str], attributes: Mapping[str, str]) -> bool:
    """Whether the coordinate is the case's, or one that it may still become; what has a default is taken to have it."""
    known = law.library.vocabulary.attributes
    for dim, value in zip(slot.dims, coordinate, strict=True):
        attribute = known.get(dim)
        stated = attributes.get(dim) or (attribute.default if attribute is not None else None)
        if stated is not None and stated != value:
            return False
    return True


def _case(law: Law, slot: Slot, coordinate: Sequence[str], attributes: Mapping[str, str]) -> str:
    """The part of the coordinate that the case leaves open, in words."""
    known = law.library.vocabulary.attributes
    left = [
        (dim, value)
        for dim, value in zip(slot.dims, coordinate, strict=True)
        if not attributes.get(dim) and not (dim in known and known[dim].default)
    ]
    return law.case_title([dim for dim, _ in left], [value for _, value in left])


def _figure(law: Law, key: str, case: str, segments: Sequence[Segment], now: Segment) -> Figure:
    before = [one for one in segments if one.ends_on < now.starts_on]
    _, parameter = law.library.vocabulary.split(key)
    old = before[-1].cell if before else None
    return Figure(
        key=key,
        title=parameter.title if parameter is not None else key,
        case=case,
        text=_text(law, key, now.cell.leaf),
        raw=_number(now.cell.leaf),
        provision=law.provision(now.cell.clause),
        since=now.starts_on,
        until=None if now.ends_on == FOREVER else now.ends_on,
        before=_text(law, old.key, old.leaf) if old is not None else "",
        before_citation=law.provision(old.clause).citation if old is not None else "",
    )


def _text(law: Law, key: str, leaf: Leaf) -> str:
    """A value in words; so many months are 个月."""
    text = law.value_text(key, leaf)
    unit = next((one for one in MEASURES if leaf.kind == "count" and text.endswith(one)), "")
    return f"{text.removesuffix(unit)}个{unit}" if unit else text


def _number(leaf: Leaf) -> int | None:
    return leaf.raw if isinstance(leaf.raw, int) and not isinstance(leaf.raw, bool) else None


def rules(law: Law, clauses: Iterable[str]) -> tuple[Provision, ...]:
    """The clauses that this library holds."""
    return tuple(law.provision(clause) for clause in clauses if clause in law.library.provisions)


def rules_of(law: Law, clauses: Iterable[str], region: str, on: date) -> tuple[Provision, ...]:
    """Those of the clauses that are in force in the region on the day: a province's are no answer in another."""
    return tuple(one for one in rules(law, clauses) if _in_force(one, region, on))


def refusing(law: Law, region: str, on: date, reasons: Sequence[str]) -> tuple[Provision, ...]:
    """Clauses in force in the region on the day by which the pool does not pay for these reasons."""
    return tuple(
        provision
        for provision in law.library.provisions.values()
        if any(rule.reason in reasons for rule in provision.refusals) and _in_force(provision, region, on)
    )


def _in_force(provision: Provision, region: str, on: date) -> bool:
    return (
        bool(region)
        and provision.region in ancestry(region)
        and provision.starts_on <= on
        and (provision.ends_on is None or on <= provision.ends_on)
    )
