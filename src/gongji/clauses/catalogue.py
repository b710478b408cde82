"""What the clauses are: kind, actor, dates and what software has to do, read from ``data/*.yaml``.

A clause (条文) is one atomic requirement of one document; its id is the document's short name and its
place, such as ``SX2022-27.art22``. The official words are joined from the policy library, so that they
stand in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal, get_args

import msgspec
import yaml

from gongji.policy import load_library

__all__ = ["ACTORS", "KINDS", "Catalogue", "Clause", "Document", "load_catalogue"]

Kind = Literal[
    "parameter",
    "settlement-rule",
    "eligibility",
    "personal-account",
    "e-prescription",
    "offsite",
    "process",
    "provider-management",
    "clearing",
    "accounting",
    "budget",
    "supervision",
    "reporting",
    "governance-only",
]
Actor = Literal["agency", "doctor", "finance", "gov", "member", "pharmacy", "province", "provider", "system"]

KINDS: Final[tuple[str, ...]] = get_args(Kind)
ACTORS: Final[tuple[str, ...]] = get_args(Actor)

ORDER: Final = (
    "SX2024-11",
    "SX2022-27",
    "SX2023-2",
    "NHSA2023-4",
    "SX2021-103",
    "YC2024-16",
    "RC2024-8",
    "QY",
)
"""Documents as a reader meets them: what is in force in Shanxi first, the draft of another province last."""


class Clause(msgspec.Struct, frozen=True):
    """One atomic requirement: who has to do what, since when, and what that asks of software."""

    id: str
    kind: Kind
    actor: Actor
    software: str
    from_on: date
    until_on: date | None
    changed_by: tuple[str, ...] = ()
    """Later clauses that change this one, or may change it."""

    @property
    def document(self) -> str:
        """Short name of the document that the clause belongs to."""
        return self.id.partition(".")[0]


class Document(msgspec.Struct, frozen=True):
    """A document (文件) as the policy library names it."""

    id: str
    number: str
    title: str


class Catalogue(msgspec.Struct, frozen=True):
    """All clauses in the order of their documents, with words and titles out of the policy library."""

    clauses: Mapping[str, Clause]
    words: Mapping[str, str]
    documents: Mapping[str, Document]
    fixing: frozenset[str]
    """Clauses whose provision fixes a value, a refusal or a requirement in the policy library."""
    refusing: frozenset[str]
    """Those of them whose provision refuses something: a rule, not only a value."""
    other_ids: frozenset[str]
    """Clauses of documents that are only referred to (text not held): citing them is not an error."""

    def knows(self, clause_id: str) -> bool:
        """Whether the id names a clause, of the documents held or of those referred to."""
        return clause_id in self.clauses or clause_id in self.other_ids

    def is_article(self, cited: str) -> bool:
        """Whether the id names a whole article or section, the head of several clauses."""
        return any(known.startswith(f"{cited}.") for known in (*self.clauses, *self.other_ids))


def load_catalogue() -> Catalogue:
    """Read the clause files and join the words of the built-in policy library.

    Raises ValueError when a file of this package is wrong (two clauses of one id, an unknown kind or
    actor), and LibraryError when the library cannot be loaded.
    """
    clauses: dict[str, Clause] = {}
    folder = resources.files("gongji.clauses") / "data"
    for name in ORDER:
        for clause in _read(folder / f"{name}.yaml", name):
            if clause.id in clauses:
                raise ValueError(f"{name}: {clause.id} stands twice")
            clauses[clause.id] = clause
    library = load_library()
    provisions = library.provisions
    return Catalogue(
        clauses=clauses,
        words={clause_id: provision.text for clause_id, provision in provisions.items()},
        documents={d.id: Document(d.id, d.number, d.title) for d in library.documents.values()},
        fixing=frozenset(key for key, p in provisions.items() if p.cells or p.refusals or p.requirements),
        refusing=frozenset(key for key, p in provisions.items() if p.refusals),
        other_ids=frozenset(provisions) - frozenset(clauses),
    )


def _read(file: Traversable, name: str) -> list[Clause]:
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    if raw["document"] != name:
        raise ValueError(f"{name}: the file says it is {raw['document']}")
    return [_clause(entry, raw) for entry in raw["clauses"]]


def _clause(entry: dict[str, Any], head: dict[str, Any]) -> Clause:
    fields = {
        "id": entry["id"],
        "kind": entry["kind"],
        "actor": entry["actor"],
        "software": entry["software"],
        "from_on": entry.get("from", head["from"]),
        "until_on": entry.get("until", head.get("until")),
        "changed_by": tuple(entry.get("changed_by", ())),
    }
    try:
        return msgspec.convert(fields, Clause)
    except msgspec.ValidationError as error:
        raise ValueError(f"{entry['id']}: {error}") from error
