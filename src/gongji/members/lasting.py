"""How long an answer about eligibility holds: from the last day on which it became so to the day before it changes.

Pure. Nothing about a member's entitlement changes between two dated changes (of the person's records, of the law, of the place),
so that looking at one day of each stretch between them decides all days. The answer is about what is known now: what will be
recorded later may shorten it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import ancestry
from gongji.members.eligibility import Answer, Eligibility, eligibility
from gongji.members.rules import Spell, standing_on
from gongji.members.values import Records, Standing
from gongji.policy import Law

__all__ = ["lasting_eligibility"]

_DAY = timedelta(days=1)
_LAWS = 256

FactsOn = Callable[[Standing, date], Mapping[str, str]]
"""The facts of a day (``facts_of``): the place may differ from day to day too."""
OwnersOn = Callable[[date], Sequence[str]]


def _nobody(_: date) -> Sequence[str]:
    return ()


def lasting_eligibility(
    law: Law,
    records: Records,
    on: date,
    facts_on: FactsOn,
    *,
    changes: Iterable[date] = (),
    disease: str = "",
    owners_on: OwnersOn = _nobody,
    allow_draft: bool = False,
) -> Eligibility:
    """``eligibility`` on ``on`` with the days between which each answer holds.

    ``owners_on`` are those whose accounts the member may use on a day; ``changes`` are the days on which they or the place change.
    """

    own_days = sorted(_own_days(records))
    standings: dict[int, Standing] = {}

    def look(day: date) -> Eligibility:
        stretch = bisect_right(own_days, day)
        standing = standings.get(stretch)
        if standing is None:
            standing = standings[stretch] = standing_on(records, day)
        facts = facts_on(standing, day)
        return eligibility(
            law, standing, day, facts, disease=disease, owners=owners_on(day), allow_draft=allow_draft
        )

    today = look(on)
    days = sorted({*own_days, *_days_of_law(law, records), *changes})
    here = bisect_right(days, on)
    ends = _until(today, days[here:], look)
    starts = _since(today, [day for day in reversed(days[:here]) if day > records.person.born_on], look)
    born_on = min(records.person.born_on, on)
    return msgspec.structs.replace(
        today,
        answers=tuple(
            msgspec.structs.replace(answer, from_on=starts.get(at, born_on), until_on=ends.get(at))
            for at, answer in enumerate(today.answers)
        ),
    )


def _until(today: Eligibility, days: Sequence[date], look: Callable[[date], Eligibility]) -> dict[int, date]:
    """Last day of each answer that ends, by its place in ``today``; ``days`` are the changes to come, in order."""
    ends: dict[int, date] = {}
    for day in days:
        _close(today, look(day), ends, day - _DAY)
        if len(ends) == len(today.answers):
            break
    return ends


def _since(today: Eligibility, days: Sequence[date], look: Callable[[date], Eligibility]) -> dict[int, date]:
    """First day of each answer that began, by its place in ``today``; ``days`` are the changes up to now, the last one first."""
    starts: dict[int, date] = {}
    for day in days:
        _close(today, look(day - _DAY), starts, day)
        if len(starts) == len(today.answers):
            break
    return starts


def _close(today: Eligibility, other: Eligibility, found: dict[int, date], edge: date) -> None:
    """Note ``edge`` for every answer that is another one in ``other``."""
    for at, answer in enumerate(today.answers):
        if at not in found and not _same(answer, other, at):
            found[at] = edge


def _same(answer: Answer, other: Eligibility, at: int) -> bool:
    """Whether ``other`` answers alike; most often the benefits stand in the same order."""
    there: Answer | None = other.answers[at] if at < len(other.answers) else None
    if there is None or (there.benefit, there.key) != (answer.benefit, answer.key):
        there = other.answer(answer.benefit, answer.key)
    return there is not None and there.refusal == answer.refusal


def _own_days(records: Records) -> set[date]:
    """Every day on which what is recorded about the member becomes different from the day before."""
    days: set[date] = set()
    spells: tuple[Spell, ...] = (*records.relations, *records.nonbenefits, *records.filings, *records.chronic)
    for spell in spells:
        days.add(spell.from_on)
        if spell.until_on is not None and spell.until_on < date.max:
            days.add(spell.until_on + _DAY)
    days |= {filing.filed_on for filing in records.filings if filing.filed_on is not None}
    for month in records.late_months:
        days |= {month.month, (month.month + 31 * _DAY).replace(day=1), month.due_on + _DAY}
    if records.person.died_on is not None:
        days.add(records.person.died_on + _DAY)
    return days


def _days_of_law(law: Law, records: Records) -> set[date]:
    """Every day on which the law of the member's regions may say something else, to somebody of the member's age too."""
    days: set[date] = set()
    for region in {relation.region for relation in records.relations if relation.region}:
        starts, ages = _law_days(law, region)
        days |= starts
        days |= {_birthday(records.person.born_on, age) for age in ages}
    return days


@lru_cache(maxsize=_LAWS)
def _law_days(law: Law, region: str) -> tuple[frozenset[date], frozenset[int]]:
    """Days on which the law of a region changes in any way, and the ages from which it treats people differently."""
    home = law.home(region)
    if isinstance(home, Refusal):
        return frozenset(), frozenset()
    days = {
        segment.starts_on
        for slot in law.library.slots[home].values()
        for segments in slot.segments.values()
        for segment in segments
    }
    ages: set[int] = set()
    lineage = frozenset(ancestry(home))
    for document in law.library.documents.values():
        if document.region not in lineage:
            continue
        for provision in document.provisions:
            if provision.refusals:
                days.add(provision.starts_on)
                if provision.ends_on is not None:
                    days.add(provision.ends_on + _DAY)
        for rule in document.declares.derive:
            ages |= {edge for one in rule.ranges for edge in (one.at_least, one.below) if edge}
    return frozenset(days), frozenset(ages)


def _birthday(born_on: date, age: int) -> date:
    """The day on which somebody completes ``age`` years; born on 29 February, the 1st of March where there is none."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)
