"""What the law is made of: documents, provisions, dated cells, refusal rules, and the vocabulary they are
written in.

Values only. Amounts are fen, rates basis points, dates inclusive. ``reader`` makes these from YAML,
``timeline`` decides which cell is in force on which day, ``law`` answers questions.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

CONFIRMED = frozenset({"seed", "inferred", "operator"})
"""Confidence words that need no warning; every other one is reported by each settlement that uses the
value.
"""
CONFIDENCE_WORDS = {
    "seed": "原文",
    "inferred": "推算",
    "operator": "经办录入",
    "found": "公开资料",
    "recalled": "凭记忆",
    "unconfirmed": "未确认",
}
CONFIDENCES = tuple(CONFIDENCE_WORDS)
"""Best first: when two provisions state the same value, the better known one is cited."""
STATUSES = ("in-force", "draft", "referenced", "operator")
ANY = "*"
FOREVER = date.max


class Band(msgspec.Struct, frozen=True):
    """Rate up to an upper edge; ``up_to_fen`` is None for the last band."""

    up_to_fen: int | None
    rate_bp: int


Raw = int | str | bool | None | tuple[str, ...]


class Leaf(msgspec.Struct, frozen=True):
    """One value. ``kind``: money, rate, bands, count, switch, choice, list, none (stated: no limit),
    unspecified (未规定).

    ``bands`` holds the bands of a banded rate; ``form`` is the parameter's own name when several share one
    slot (the deductible per visit or per year, …).
    """

    kind: str
    raw: Raw = None
    form: str = ""
    bands: tuple[Band, ...] = ()


class Cell(msgspec.Struct, frozen=True):
    """A value of one parameter for one kind of case on the days that its provision is in force."""

    key: str
    slot: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    leaf: Leaf
    clause: str

    def covers(self, coordinate: Mapping[str, str]) -> bool:
        """Whether the cell speaks about the case ``coordinate`` (attribute → value)."""
        return all(coordinate[attribute] in values for attribute, values in self.where)


class RefusalRule(msgspec.Struct, frozen=True):
    """The pool does not pay when every condition holds. ``parameters`` must have the stated values on the
    day (switches).
    """

    reason: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    parameters: tuple[tuple[str, bool | str], ...]
    rank: int
    clause: str


class Requirement(msgspec.Struct, frozen=True):
    """What the law demands of other values, checked by ``gongji policy check``: a floor, or an order along
    an attribute.
    """

    parameter: str
    at_least: int | None
    not_falling_by: str | None
    order: tuple[str, ...]
    clause: str


class Provision(msgspec.Struct, frozen=True):
    """One atomic clause: its words, and what they fix."""

    clause: str
    article: str
    text: str
    document: str
    number: str
    title: str
    region: str
    status: str
    starts_on: date
    ends_on: date | None
    confidence: str
    decisions: tuple[str, ...] = ()
    note: str = ""
    cells: tuple[Cell, ...] = ()
    refusals: tuple[RefusalRule, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    @property
    def citation(self) -> str:
        """The article for people: ``晋医保办发〔2022〕27号 第二十二条``."""
        return f"{self.number} {self.article}".strip()


class Relation(msgspec.Struct, frozen=True):
    """A document takes precedence over ``document`` (``*``: over every other). ``where`` quotes the limit in
    words.

    A superseding document replaces what differs (不一致的); ``wholly`` also ends what it restates alike
    (废止).
    """

    document: str
    where: str = ""
    wholly: bool = False


class Range(msgspec.Struct, frozen=True):
    """The number ``attribute`` lies from ``at_least`` (inclusive) to ``below`` (exclusive; None: no end)."""

    attribute: str
    at_least: int
    below: int | None

    def holds(self, number: int) -> bool:
        """Whether ``number`` lies in the range."""
        return self.at_least <= number and (self.below is None or number < self.below)


class DeriveRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """``attribute`` has ``value`` when every condition and every range holds; rules are tried in order,
    nearest region first.
    """

    attribute: str
    value: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    ranges: tuple[Range, ...] = ()


class Declarations(msgspec.Struct, frozen=True):
    """What one document adds to the vocabulary for its region: attribute values, dimensions of parameters,
    categories.
    """

    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    labels: tuple[tuple[str, str, str], ...] = ()
    dimensions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    derive: tuple[DeriveRule, ...] = ()
    items: tuple[tuple[str, tuple[str, ...]], ...] | msgspec.UnsetType = msgspec.UNSET
    """Catalogue codes of each own category; unset where none lists any, so that what was written before the
    form knew it keeps its digest."""


class Document(msgspec.Struct, frozen=True):
    """One document. ``fills``: its cells only fill what no other document fixes (an operator's overlay)."""

    id: str
    number: str
    title: str
    issuer: str
    region: str
    status: str
    issued_on: date | None
    known_from: date | None
    starts_on: date
    ends_on: date | None
    supersedes: tuple[Relation, ...]
    overrides: tuple[Relation, ...]
    confirms: tuple[str, ...]
    fills: bool
    note: str
    declares: Declarations
    provisions: tuple[Provision, ...]


class Parameter(msgspec.Struct, frozen=True):
    """What a parameter is. ``slot`` groups parameters of which one at most is in force; ``choices`` of a
    choice, each with its name.
    """

    name: str
    title: str
    kind: str
    slot: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class Attribute(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact about person, place or visit. ``default`` holds when the caller does not say. ``number``: a
    whole number of which attributes are derived; nothing varies by it directly.
    """

    name: str
    title: str
    values: tuple[tuple[str, str], ...]
    default: str | None
    number: bool = False


class Vocabulary(msgspec.Struct, frozen=True):
    """The words the library is written in."""

    parameters: dict[str, Parameter]
    attributes: dict[str, Attribute]
    benefits: dict[str, str]
    slots: dict[str, str]

    def split(self, key: str) -> tuple[str, Parameter | None]:
        """Benefit and parameter of a full key: ``as_inpatient.rate.pool`` → (``as_inpatient``, parameter
        ``rate.pool``).
        """
        if key in self.parameters:
            return "ordinary", self.parameters[key]
        benefit, _, rest = key.partition(".")
        if benefit in self.benefits and benefit != "ordinary":
            return benefit, self.parameters.get(rest)
        return "ordinary", None

    def slot(self, key: str) -> str | None:
        """Full name of the slot that ``key`` lives in, or None for an unknown key."""
        benefit, parameter = self.split(key)
        if parameter is None:
            return None
        return parameter.slot if benefit == "ordinary" else f"{benefit}.{parameter.slot}"


class Segment(msgspec.Struct, frozen=True):
    """One value in force from ``starts_on`` to ``ends_on`` (both inclusive)."""

    starts_on: date
    ends_on: date
    cell: Cell


class Slot(msgspec.Struct, frozen=True):
    """Everything a region's documents say about one slot: for each coordinate of ``dims`` its segments in
    order of time.
    """

    dims: tuple[str, ...]
    segments: dict[tuple[str, ...], tuple[Segment, ...]]


class Decision(msgspec.Struct, frozen=True):
    """How the project reads what the documents leave open."""

    id: str
    question: str
    decision: str


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with the library, with file and line where they are known."""

    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.text


class LibraryError(Exception):
    """The library cannot be used; ``problems`` lists everything found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Library(msgspec.Struct, frozen=True):
    """The law as known on ``published_on``, checked and resolved. ``slots`` is keyed by region, then slot
    name.
    """

    documents: dict[str, Document]
    provisions: dict[str, Provision]
    vocabulary: Vocabulary
    decisions: dict[str, Decision]
    slots: dict[str, dict[str, Slot]]
    published_on: date | None
    digest: str
