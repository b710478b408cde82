"""What is wrong or unfinished in a library that loads: gaps, broken requirements, unset and unconfirmed
values, expiry.

Conflicts and malformed files never get this far: loading refuses them. Source of the rules:
晋政办发〔2021〕103号 二（一） for floor and order, decision A32 for the warning before expiry; requirements
are data of the library.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise, product

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import is_within
from gongji.policy.answers import Row
from gongji.policy.law import Law
from gongji.policy.lookup import segment_on
from gongji.policy.model import CONFIDENCE_WORDS, CONFIRMED, FOREVER, Requirement, Segment, Slot
from gongji.policy.rows import Table
from gongji.policy.show import leaf_text

FIRST_DAY = date(2023, 1, 1)
WARN_DAYS = 180
LEVELS = ("error", "warning", "notice")


class Finding(msgspec.Struct, frozen=True):
    """One finding. ``level``: error (exit 1), warning, notice; ``kind``: gap, requirement, bands,
    unspecified, expiry, unconfirmed.
    """

    level: str
    kind: str
    region: str
    text: str
    clause: str | None = None


def check(law: Law, today: date) -> tuple[Finding, ...]:
    """Everything found, worst first. ``today`` only decides which expiry is near."""
    found: dict[Finding, None] = {}
    for region in _regions(law):
        for benefit in law.library.vocabulary.benefits:
            table = law.table(region, benefit)
            if isinstance(table, Table) and "rate.pool" in table.slots:
                found |= dict.fromkeys(_gaps(table))
        slots = law.library.slots[region]
        found |= dict.fromkeys(_bands(region, slots))
        found |= dict.fromkeys(_unspecified(law, region, slots))
        found |= dict.fromkeys(_expiring(law, region, slots, today))
    found |= dict.fromkeys(_requirements(law))
    found |= dict.fromkeys(_relations(law))
    found |= dict.fromkeys(_unconfirmed(law))
    return tuple(sorted(found, key=lambda finding: LEVELS.index(finding.level)))


def last_known_day(law: Law) -> date:
    """The last day for which any document of the library states an end."""
    ends = [
        segment.ends_on
        for slots in law.library.slots.values()
        for slot in slots.values()
        for segments in slot.segments.values()
        for segment in segments
        if segment.ends_on < FOREVER
    ]
    return max(ends, default=FIRST_DAY)


def _regions(law: Law) -> list[str]:
    """Regions whose own documents set something; the others repeat their parent."""
    own = {provision.region for provision in law.library.provisions.values() if provision.cells}
    return sorted(own)


def _gaps(table: Table) -> Iterator[Finding]:
    """Days on which a case has no row. Before the region's first law that is a warning, later an error."""
    days = _days(table.starts)
    cases = [dict(zip(table.dims, values, strict=True)) for values in product(*map(sorted, _values(table)))]
    rows = [[table.build(day, case) for day in days] for case in cases]
    open_days = {
        day for row in rows for day, answer in zip(days, row, strict=True) if isinstance(answer, Row)
    }
    last = max(open_days, default=days[-1])
    for case, row in zip(cases, rows, strict=True):
        for number, (day, answer) in enumerate(zip(days, row, strict=True)):
            # Days after the last row of the region are an expiry, reported as such.
            if isinstance(answer, Refusal) and answer.code == "NO_ACTIVE_PARAMETER_VERSION" and day <= last:
                following = days[number + 1] if number + 1 < len(days) else None
                level = "error" if any(other <= day for other in open_days) else "warning"
                yield _gap(level, table, case, day, following, answer)


def _values(table: Table) -> list[frozenset[str]]:
    return [table.values[dim] for dim in table.dims]


def _days(starts: Iterable[date]) -> list[date]:
    """The first day of every version since 2023-01-01."""
    return sorted({FIRST_DAY, *(day for day in starts if day > FIRST_DAY)})


def _gap(
    level: str, table: Table, case: dict[str, str], begun: date, until: date | None, refusal: Refusal
) -> Finding:
    days = f"自 {begun} 起" if until is None else f"{begun} 至 {until - timedelta(days=1)}"
    words = table.places.case(case.keys(), case.values())
    return Finding(level, "gap", table.region, f"{days} 没有规定：{words}：{refusal.detail}", refusal.clause)


def _bands(region: str, slots: dict[str, Slot]) -> Iterator[Finding]:
    """Several bands need a statement of what they run over."""
    for name, slot in slots.items():
        prefix, _, parameter = name.rpartition("rate.pool")
        if parameter or not name.endswith("rate.pool") or f"{prefix}rate.band_basis" in slots:
            continue
        for segment in _all(slot):
            if segment.cell.leaf.kind == "bands":
                text = f"{name} 分段但没有规定分段依据 rate.band_basis"
                yield Finding("error", "bands", region, text, segment.cell.clause)


def _unspecified(law: Law, region: str, slots: dict[str, Slot]) -> Iterator[Finding]:
    for slot in slots.values():
        for segment in _all(slot):
            provision = law.library.provisions[segment.cell.clause]
            if segment.cell.leaf.kind == "unspecified" and provision.region == region:
                days = _days_text(segment)
                text = f"{segment.cell.key} {days} 未规定，使用时拒绝结算；由经办机构补充（{provision.citation}）"
                yield Finding("warning", "unspecified", region, text, provision.clause)


def _expiring(law: Law, region: str, slots: dict[str, Slot], today: date) -> Iterator[Finding]:
    """Values that end within 180 days, or have ended, with nothing after them."""
    horizon = today + timedelta(days=WARN_DAYS)
    for slot in slots.values():
        for segments in slot.segments.values():
            last = segments[-1]
            provision = law.library.provisions[last.cell.clause]
            if last.ends_on <= horizon and provision.region == region:
                verb = "已于" if last.ends_on < today else "将于"
                text = f"{last.cell.key} {verb} {last.ends_on} 到期，其后没有规定（{provision.citation}）"
                yield Finding("warning", "expiry", region, text, provision.clause)


def _requirements(law: Law) -> Iterator[Finding]:
    for provision in law.library.provisions.values():
        for requirement in provision.requirements:
            for region, slots in law.library.slots.items():
                slot = slots.get(requirement.parameter)
                own = provision.region == "CN" or is_within(region, provision.region)
                if slot is not None and own and region in _regions(law):
                    starts, ends = provision.starts_on, provision.ends_on or FOREVER
                    yield from _floor(region, requirement, slot, starts, ends, provision.citation)
                    yield from _order(region, requirement, slot, starts, ends, provision.citation)


def _floor(
    region: str, requirement: Requirement, slot: Slot, starts: date, ends: date, citation: str
) -> Iterator[Finding]:
    if requirement.at_least is None:
        return
    for coordinate, segments in slot.segments.items():
        for segment in segments:
            below = [bp for bp in _numbers(segment) if bp < requirement.at_least]
            if below and segment.starts_on <= ends and segment.ends_on >= starts:
                value = leaf_text(segment.cell.leaf)
                text = f"{requirement.parameter} {'/'.join(coordinate)} 为 {value}，低于 {citation} 的下限"
                yield Finding("error", "requirement", region, text, segment.cell.clause)


def _order(
    region: str, requirement: Requirement, slot: Slot, starts: date, ends: date, citation: str
) -> Iterator[Finding]:
    """A value must not fall along the order, on any day on which both ends have one."""
    attribute = requirement.not_falling_by
    if attribute is None or attribute not in slot.dims:
        return
    position = slot.dims.index(attribute)
    for coordinate, segments in slot.segments.items():
        for lower, higher in pairwise(requirement.order):
            if coordinate[position] != lower:
                continue
            other = slot.segments.get((*coordinate[:position], higher, *coordinate[position + 1 :]), ())
            for day in {segment.starts_on for segment in (*segments, *other)}:
                one, two = segment_on(segments, day), segment_on(other, day)
                if one and two and starts <= day <= ends and _falls(one, two):
                    text = (
                        f"{requirement.parameter} {day}：{higher} 为 {leaf_text(two.cell.leaf)}，"
                        f"低于 {lower} 的 {leaf_text(one.cell.leaf)}，不符合 {citation}"
                    )
                    yield Finding("error", "requirement", region, text, two.cell.clause)


def _falls(one: Segment, two: Segment) -> bool:
    first, second = _numbers(one), _numbers(two)
    return any(high < low for low, high in zip(first, second, strict=False))


def _numbers(segment: Segment) -> list[int]:
    """The amounts or rates of a value; none when it is not stated."""
    leaf = segment.cell.leaf
    raw = leaf.raw
    if leaf.bands:
        return [band.rate_bp for band in leaf.bands]
    return [raw] if isinstance(raw, int) and not isinstance(raw, bool) else []


def _relations(law: Law) -> Iterator[Finding]:
    """Precedence over a document that is not in the library may be a misspelt id, or a text not held."""
    documents = law.library.documents
    for document in documents.values():
        for relation in (*document.supersedes, *document.overrides):
            if relation.document not in documents and relation.document != "*":
                text = f"{document.number} 所取代的 {relation.document} 不在政策库中"
                yield Finding("warning", "relation", document.region, text)


def _unconfirmed(law: Law) -> Iterator[Finding]:
    for provision in law.library.provisions.values():
        if provision.cells and provision.confidence not in CONFIRMED:
            keys = "、".join(dict.fromkeys(cell.key for cell in provision.cells))
            text = f"{provision.citation}：{provision.text}（{keys}）未经确认：{CONFIDENCE_WORDS[provision.confidence]}"
            yield Finding("notice", "unconfirmed", provision.region, text, provision.clause)


def _all(slot: Slot) -> list[Segment]:
    """Every segment of a slot once, however many cases share it."""
    return list(dict.fromkeys(segment for segments in slot.segments.values() for segment in segments))


def _days_text(segment: Segment) -> str:
    until = "长期" if segment.ends_on == FOREVER else str(segment.ends_on)
    return f"自 {segment.starts_on} 至 {until}"
