"""Finding the segment of a slot for a case and a day, and saying why there is none."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from gongji.base.reasons import Refusal
from gongji.policy.model import FOREVER, Library, Segment, Slot
from gongji.policy.world import World


class Places(msgspec.Struct):
    """A library with the world it speaks of, and the attributes a slot needs filled in with their
    defaults.
    """

    library: Library
    world: World
    labels: dict[tuple[str, str], str]

    def coordinate(self, slot: Slot, attributes: Mapping[str, str]) -> tuple[str, ...] | Refusal:
        """The values of the slot's dimensions; a missing fact is a refusal, never guessed."""
        found = []
        for name in slot.dims:
            value = attributes.get(name) or self.default(name)
            if value is None:
                return Refusal("ATTRIBUTE_MISSING", self.title(name))
            found.append(value)
        return tuple(found)

    def default(self, attribute: str) -> str | None:
        """The value that holds when the caller does not say."""
        known = self.library.vocabulary.attributes.get(attribute)
        return known.default if known else None

    def title(self, name: str) -> str:
        """A parameter or attribute for people: ``统筹基金支付比例（rate.pool）``."""
        vocabulary = self.library.vocabulary
        attribute = vocabulary.attributes.get(name)
        if attribute:
            return f"{attribute.title}（{name}）"
        benefit, parameter = vocabulary.split(name)
        if parameter is None and name.partition(".")[0] in vocabulary.benefits:
            benefit = name.partition(".")[0]
        plain = name.removeprefix(f"{benefit}.")
        title = parameter.title if parameter else vocabulary.slots.get(plain, plain)
        prefix = "" if benefit == "ordinary" else f"{vocabulary.benefits[benefit]}"
        return f"{prefix}{title}（{name}）"

    def segment(
        self, name: str, slot: Slot | None, on: date, attributes: Mapping[str, str]
    ) -> Segment | Refusal:
        """What is in force for the case on the day. ``name`` is the parameter asked for."""
        if slot is None:
            return Refusal("PARAMETER_UNSPECIFIED", self.title(name))
        coordinate = self.coordinate(slot, attributes)
        if isinstance(coordinate, Refusal):
            return coordinate
        segments = slot.segments.get(coordinate)
        if not segments:
            return Refusal("PARAMETER_UNSPECIFIED", self._case(name, slot, coordinate))
        found = segment_on(segments, on)
        if found is None:
            return self._not_on_this_day(self._case(name, slot, coordinate), segments, on)
        if found.cell.leaf.kind == "unspecified":
            provision = self.library.provisions[found.cell.clause]
            return Refusal(
                "PARAMETER_UNSPECIFIED",
                self._case(name, slot, coordinate),
                provision.clause,
                provision.citation,
            )
        return found

    def _not_on_this_day(self, case: str, segments: tuple[Segment, ...], on: date) -> Refusal:
        """A value that exists, but not on the day; the article that fixed it last is named."""
        earlier = [segment for segment in segments if segment.ends_on < on]
        if not earlier:
            return Refusal("NO_ACTIVE_PARAMETER_VERSION", f"{case}, 发生日期 {on}")
        last = earlier[-1]
        provision = self.library.provisions[last.cell.clause]
        detail = f"{case}, 发生日期 {on}, 原规定止于 {last.ends_on}"
        return Refusal("NO_ACTIVE_PARAMETER_VERSION", detail, provision.clause, provision.citation)

    def _case(self, name: str, slot: Slot, coordinate: tuple[str, ...]) -> str:
        return f"{self.title(name)} {self.case(slot.dims, coordinate)}".rstrip()

    def case(self, dims: Iterable[str], coordinate: Iterable[str]) -> str:
        """A case in Chinese where the library names its values: ``在职职工、一类收费价格医疗机构``."""
        return "、".join(self.label(dim, value) for dim, value in zip(dims, coordinate, strict=True))

    def label(self, attribute: str, value: str) -> str:
        """The Chinese name of a value, as the first region that names it does; ``attribute=value`` where
        nobody does.
        """
        name = self.labels.get((attribute, value))
        return name or f"{attribute}={value}"


def segment_on(segments: tuple[Segment, ...], on: date) -> Segment | None:
    """The segment that contains the day."""
    for segment in segments:
        if segment.starts_on <= on <= segment.ends_on:
            return segment
    return None


def version_starts(slots: Iterable[Slot]) -> tuple[date, ...]:
    """The days on which any value of ``slots`` begins or has just ended, in order."""
    days = set()
    for slot in slots:
        for segments in slot.segments.values():
            for segment in segments:
                days.add(segment.starts_on)
                if segment.ends_on < FOREVER:
                    days.add(segment.ends_on + timedelta(days=1))
    return tuple(sorted(days))
