"""When the pool does not pay: the refusal rules of a region, tried in order (SX2022-27.art26.0, QY.art23.0).

Order: rank, then nearest region, then document and article. A fact that a rule needs and nobody gave is
itself a refusal, unless another of the rule's conditions already fails.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from gongji.base.reasons import Refusal
from gongji.policy.lookup import Places, segment_on
from gongji.policy.model import Provision, RefusalRule, Segment
from gongji.policy.ranges import NUMBERS

_MAX_MEMO = 200_000


class Refuser:
    """The refusal rules of one region."""

    def __init__(self, places: Places, region: str) -> None:
        self.places = places
        self.region = region
        self.rules = self._rules()
        self.derive_rules = places.world.derive_rules(region)
        conditions = [*(rule.when for rule, _ in self.rules), *(rule.when for rule in self.derive_rules)]
        # Everything the answer depends on, before anything is derived: the key under which it is remembered.
        numbers = dict.fromkeys(sorted(places.world.numbers(region)), frozenset(NUMBERS))
        self.attributes = tuple(dict.fromkeys([*(name for when in conditions for name, _ in when), *numbers]))
        self.values = {
            name: frozenset(places.world.values(region, name)) for name in self.attributes
        } | numbers
        self.starts = self._starts()
        self.memo: dict[tuple[object, ...], Refusal | None] = {}

    def _rules(self) -> tuple[tuple[RefusalRule, Provision], ...]:
        found = [
            (rule, provision)
            for document in self.places.world.lineage(self.region)
            for provision in self.places.library.documents[document.id].provisions
            for rule in provision.refusals
        ]
        return tuple(sorted(found, key=lambda pair: pair[0].rank))

    def _starts(self) -> tuple[date, ...]:
        days = {provision.starts_on for _, provision in self.rules}
        days |= {provision.ends_on + timedelta(days=1) for _, provision in self.rules if provision.ends_on}
        slots = self.places.library.slots[self.region]
        for rule, _ in self.rules:
            for key, _ in rule.parameters:
                slot = slots.get(key)
                for segments in slot.segments.values() if slot else ():
                    days |= {segment.starts_on for segment in segments}
        return tuple(sorted(days))

    def decide(self, on: date, attributes: Mapping[str, str]) -> Refusal | None:
        """The first rule that matches, as a refusal with its article; None when the pool may pay."""
        for rule, provision in self.rules:
            if not provision.starts_on <= on <= (provision.ends_on or date.max):
                continue
            refusal = self._judge(rule, provision, on, attributes)
            if refusal is not None:
                return refusal
        return None

    def _judge(
        self, rule: RefusalRule, provision: Provision, on: date, attributes: Mapping[str, str]
    ) -> Refusal | None:
        missing = None
        for name, wanted in rule.when:
            value = attributes.get(name) or self.places.default(name)
            if value is None:
                missing = name
            elif value not in wanted:
                return None
        if not all(self._switch(key, on, attributes) == value for key, value in rule.parameters):
            return None
        if missing is not None:
            return Refusal(
                "ATTRIBUTE_MISSING", self.places.title(missing), provision.clause, provision.citation
            )
        return Refusal(rule.reason, "", provision.clause, provision.citation)

    def _switch(self, key: str, on: date, attributes: Mapping[str, str]) -> object:
        """The value of a switch on the day; None where no document states it."""
        slot = self.places.library.slots[self.region].get(key)
        coordinate = self.places.coordinate(slot, attributes) if slot else None
        if slot is None or not isinstance(coordinate, tuple):
            return None
        segment = segment_on(slot.segments.get(coordinate, ()), on)
        return segment.cell.leaf.raw if isinstance(segment, Segment) else None

    def remember(
        self, key: tuple[object, ...], attributes: Mapping[str, str], refusal: Refusal | None
    ) -> None:
        """Keep the answer for a case that consists of declared values only, so that strange input cannot
        fill the memory.
        """
        if all(
            attributes.get(name) is None or attributes[name] in known for name, known in self.values.items()
        ):
            if len(self.memo) >= _MAX_MEMO:
                self.memo.clear()
            self.memo[key] = refusal
