"""Looking at the law: everything in force on a day, what changes between two days, and the story of one
clause.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from gongji.base.reasons import REASONS, Refusal
from gongji.policy.law import Law
from gongji.policy.lookup import segment_on
from gongji.policy.model import FOREVER, Decision, Provision, RefusalRule, Segment, Slot


class Entry(msgspec.Struct, frozen=True):
    """One value in force: parameter, the case it holds for (empty: every case), value in words, and its
    source.
    """

    parameter: str
    title: str
    case: str
    value: str
    clause: str
    citation: str
    confidence: str
    status: str
    since: date
    until: date | None


class Change(msgspec.Struct, frozen=True):
    """One value before and after; None where there is none."""

    region: str
    parameter: str
    title: str
    case: str
    before: Entry | None
    after: Entry | None


class Setting(msgspec.Struct, frozen=True):
    """What a clause fixes: the value, its days in force after supersession, and what stood before it."""

    parameter: str
    title: str
    case: str
    value: str
    since: date | None
    until: date | None
    before: str


class Story(msgspec.Struct, frozen=True):
    """A clause with everything it does."""

    provision: Provision
    settings: tuple[Setting, ...]
    refusals: tuple[str, ...]
    decisions: tuple[Decision, ...]


def show(law: Law, region: str, on: date) -> tuple[Entry, ...] | Refusal:
    """Every value in force in ``region`` on ``on``, sorted by parameter and case; equal values of several
    cases are one entry.
    """
    home = law.home(region)
    if isinstance(home, Refusal):
        return home
    return tuple(
        _entry(law, case, segment)
        for slot in law.library.slots[home].values()
        for case, segment in _in_force(law, slot, on)
    )


def _in_force(law: Law, slot: Slot, on: date) -> Iterator[tuple[str, Segment]]:
    """Cases and their segment on the day; a value that holds for every case is named once without a case."""
    found = {case: segment for case, values in slot.segments.items() if (segment := segment_on(values, on))}
    if len(found) > 1 and len(found) == len(slot.segments) and len({id(s.cell) for s in found.values()}) == 1:
        yield "", next(iter(found.values()))
        return
    for case, segment in found.items():
        yield law.case_title(slot.dims, case), segment


def _entry(law: Law, case: str, segment: Segment) -> Entry:
    provision = law.library.provisions[segment.cell.clause]
    key = segment.cell.key
    return Entry(
        key,
        law.title(key),
        case,
        law.value_text(key, segment.cell.leaf),
        provision.clause,
        provision.citation,
        provision.confidence,
        provision.status,
        segment.starts_on,
        None if segment.ends_on == FOREVER else segment.ends_on,
    )


def diff(law: Law, first: date, second: date, region: str | None = None) -> tuple[Change, ...] | Refusal:
    """Values that differ between two days, in one region or in every region that has documents of its own."""
    if region is None:
        regions = sorted(
            {provision.region for provision in law.library.provisions.values() if provision.cells}
        )
    else:
        home = law.home(region)
        if isinstance(home, Refusal):
            return home
        regions = [home]
    return tuple(change for code in regions for change in _changes(law, code, first, second))


def _changes(law: Law, region: str, first: date, second: date) -> Iterator[Change]:
    for name, slot in law.library.slots[region].items():
        for coordinate, segments in slot.segments.items():
            before, after = segment_on(segments, first), segment_on(segments, second)
            if (before and before.cell.leaf) != (after and after.cell.leaf):
                case = law.case_title(slot.dims, coordinate)
                old = _entry(law, case, before) if before else None
                new = _entry(law, case, after) if after else None
                yield Change(region, name, law.title(name), case, old, new)


def story(law: Law, clause: str) -> Story | None:
    """What a clause says, sets and replaced, and the decisions that read it; None for an unknown clause."""
    provision = law.library.provisions.get(clause)
    if provision is None:
        return None
    slots = law.library.slots[provision.region]
    settings = [setting for name, slot in slots.items() for setting in _settings(law, provision, name, slot)]
    decisions = tuple(law.library.decisions[identity] for identity in provision.decisions)
    refusals = tuple(_refusal_text(law, rule) for rule in provision.refusals)
    return Story(provision, tuple(dict.fromkeys(settings)), refusals, decisions)


def settings_for(
    law: Law, clause: str, region: str, on: date, attributes: Mapping[str, str]
) -> tuple[Setting, ...]:
    """What a clause fixes on ``on`` in ``region`` for one case, with what stood before it; not what another clause fixes then.

    ``attributes`` are the facts of the case; the law derives the others.
    """
    provision, home = law.library.provisions.get(clause), law.home(region)
    if provision is None or isinstance(home, Refusal):
        return ()
    facts, slots = law.derive(region, on, attributes), law.library.slots[home]
    found: list[Setting] = []
    for name in dict.fromkeys(cell.slot for cell in provision.cells):
        slot = slots.get(name)
        coordinate = tuple(_fact(law, facts, dim) for dim in slot.dims) if slot is not None else ()
        segments = slot.segments.get(coordinate, ()) if slot is not None else ()
        current = segment_on(segments, on)
        if slot is not None and current is not None and current.cell.clause == clause:
            found.append(_setting(law, law.case_title(slot.dims, coordinate), segments, current, current))
    return tuple(found)


def _fact(law: Law, facts: Mapping[str, str], dim: str) -> str:
    known = law.library.vocabulary.attributes.get(dim)
    return facts.get(dim) or (known.default if known is not None else None) or ""


def _refusal_text(law: Law, rule: RefusalRule) -> str:
    conditions = [law.condition_text(attribute, values) for attribute, values in rule.when]
    vocabulary = law.library.vocabulary
    for key, raw in rule.parameters:
        value = ("是" if raw else "否") if isinstance(raw, bool) else raw
        _, parameter = vocabulary.split(key)
        conditions.append(f"{parameter.title if parameter else key}：{value}")
    return f"{REASONS[rule.reason].text}〔{rule.reason}〕，当 {'，且 '.join(conditions)}"


def _settings(law: Law, provision: Provision, name: str, slot: Slot) -> Iterator[Setting]:
    for cell in provision.cells:
        if cell.slot != name:
            continue
        for coordinate, segments in slot.segments.items():
            if not cell.covers(dict(zip(slot.dims, coordinate, strict=True))):
                continue
            case = law.case_title(slot.dims, coordinate)
            mine = [segment for segment in segments if segment.cell is cell or segment.cell == cell]
            if not mine:
                # Another provision states the same, or an operator filled what this one leaves open.
                yield Setting(
                    cell.key, law.title(cell.key), case, law.value_text(cell.key, cell.leaf), None, None, ""
                )
                continue
            yield _setting(law, case, segments, mine[0], mine[-1])


def _setting(law: Law, case: str, segments: tuple[Segment, ...], first: Segment, last: Segment) -> Setting:
    """What holds from ``first`` to ``last``, and what stood before."""
    cell = first.cell
    previous = [segment for segment in segments if segment.ends_on < first.starts_on]
    before = ""
    if previous:
        source = law.library.provisions[previous[-1].cell.clause]
        before = f"{law.value_text(cell.key, previous[-1].cell.leaf)}（{source.citation}）"
    until = None if last.ends_on == FOREVER else last.ends_on
    value = law.value_text(cell.key, cell.leaf)
    return Setting(cell.key, law.title(cell.key), case, value, first.starts_on, until, before)
