"""A person's dossier (参保档案): what is recorded now, or was at an instant, line by line with the revision that was read.

``Change`` is what a verb wants to write. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import msgspec

from gongji.members.rows import (
    ChronicRow,
    CredentialRow,
    FamilyRow,
    FilingRow,
    FixedRow,
    NonbenefitRow,
    PersonRow,
    RelationRow,
    ResidenceRow,
    Row,
    unsealed_bytes,
)
from gongji.members.values import (
    ChronicEntitlement,
    Credential,
    FilingSpell,
    LateMonth,
    NonbenefitSpell,
    Person,
    Records,
    RelationSpell,
)

__all__ = [
    "Change",
    "Dossier",
    "Entry",
    "Line",
    "changed",
    "credential_of",
    "dossier_of",
    "new",
    "person_of",
    "records_of",
    "row_of",
    "withdrawn",
]


R = TypeVar("R", bound=Row)


class Entry(msgspec.Struct, Generic[R], frozen=True):
    """A row that holds, its number within the part, and the revision that was read."""

    spell_no: int
    revision: int
    row: R


class Line(msgspec.Struct, frozen=True):
    """One line of history: ``content`` is JSON, None when the row was withdrawn because it had never been true."""

    part: str
    spell_no: int
    revision: int
    content: str | None
    recorded_at: datetime


class Change(msgspec.Struct, frozen=True):
    """A row as a verb wants it: ``revision`` 0 is a new one, ``row`` None withdraws it."""

    part: str
    spell_no: int
    revision: int
    row: Row | None


class Dossier(msgspec.Struct, frozen=True):
    """Everything recorded about one person. ``used`` is the highest number of each part, withdrawn rows included;
    ``recorded_at`` the instant of the latest line.
    """

    psn_no: str
    person: Entry[PersonRow]
    relations: tuple[Entry[RelationRow], ...]
    nonbenefits: tuple[Entry[NonbenefitRow], ...]
    credentials: tuple[Entry[CredentialRow], ...]
    family: tuple[Entry[FamilyRow], ...]
    filings: tuple[Entry[FilingRow], ...]
    chronic: tuple[Entry[ChronicRow], ...]
    fixed: tuple[Entry[FixedRow], ...]
    residences: tuple[Entry[ResidenceRow], ...]
    used: Mapping[str, int]
    recorded_at: datetime


def _decoder(kind: type[Any]) -> Callable[[str], Any]:
    return msgspec.json.Decoder(kind).decode


_DECODE: Final[Mapping[str, Callable[[str], Any]]] = {
    kind.part: _decoder(kind)
    for kind in (
        PersonRow,
        RelationRow,
        NonbenefitRow,
        CredentialRow,
        FamilyRow,
        FilingRow,
        ChronicRow,
        FixedRow,
        ResidenceRow,
    )
}


def dossier_of(psn_no: str, lines: Iterable[Line]) -> Dossier | None:
    """The fold of ``lines``: the highest revision of each row counts, in whatever order they come; None without a person."""
    latest: dict[tuple[str, int], Line] = {}
    recorded_at: datetime | None = None
    for line in lines:
        key = (line.part, line.spell_no)
        if key not in latest or line.revision > latest[key].revision:
            latest[key] = line
        recorded_at = max(recorded_at, line.recorded_at) if recorded_at else line.recorded_at
    found: dict[str, list[Entry[Any]]] = {part: [] for part in _DECODE}
    used = dict.fromkeys(_DECODE, 0)
    for (part, spell_no), line in sorted(latest.items()):
        used[part] = max(used[part], spell_no)
        if line.content is not None:
            found[part].append(Entry(spell_no, line.revision, _DECODE[part](line.content)))
    if not found["person"] or recorded_at is None:
        return None
    entries = {name: tuple(rows) for name, rows in found.items()}
    return Dossier(
        psn_no,
        person=entries["person"][0],
        relations=entries["relation"],
        nonbenefits=entries["nonbenefit"],
        credentials=entries["credential"],
        family=entries["family"],
        filings=entries["filing"],
        chronic=entries["chronic"],
        fixed=entries["fixed"],
        residences=entries["residence"],
        used=used,
        recorded_at=recorded_at,
    )


def row_of(part: str, content: str) -> Row:
    """The row of a line's content."""
    row: Row = _DECODE[part](content)
    return row


def new(dossier: Dossier, row: Row, after: int = 0) -> Change:
    """A row that is not there yet; ``after`` counts the new ones of the same part before it in the same act."""
    return Change(row.part, dossier.used[row.part] + 1 + after, 0, row)


def changed(entry: Entry[Any], **fields: Any) -> Change:
    """The row with other ``fields``."""
    return Change(
        entry.row.part, entry.spell_no, entry.revision, msgspec.structs.replace(entry.row, **fields)
    )


def withdrawn(entry: Entry[Any]) -> Change:
    """The row taken back: it had never been true."""
    return Change(entry.row.part, entry.spell_no, entry.revision, None)


def records_of(dossier: Dossier, late_months: tuple[LateMonth, ...] = ()) -> Records:
    """The dossier as the decisions of ``members.rules`` take it."""
    return Records(
        person_of(dossier),
        tuple(_relation(e.row) for e in dossier.relations),
        tuple(NonbenefitSpell(e.row.kind, e.row.from_on, e.row.until_on) for e in dossier.nonbenefits),
        tuple(_filing(e) for e in dossier.filings),
        tuple(_chronic(e.row) for e in dossier.chronic),
        late_months,
    )


def person_of(dossier: Dossier) -> Person:
    row = dossier.person.row
    return Person(
        dossier.psn_no,
        row.name,
        row.cert_type,
        unsealed_bytes(row.cert_sealed),
        row.gender,
        row.ethnicity,
        row.born_on,
        row.died_on,
    )


def credential_of(psn_no: str, row: CredentialRow) -> Credential:
    return Credential(
        psn_no,
        row.kind,
        row.number,
        row.card_sn,
        row.from_on,
        row.until_on,
        row.blocked_from,
        row.blocked_until,
        row.earlier_blocks or (),
    )


def _relation(row: RelationRow) -> RelationSpell:
    return RelationSpell(
        row.from_on,
        row.until_on,
        row.insutype,
        row.status,
        row.category,
        row.psn_type,
        row.region,
        row.employer,
        row.payer,
        row.civil_servant,
        row.has_account,
        row.end_reason,
    )


def _filing(entry: Entry[FilingRow]) -> FilingSpell:
    row = entry.row
    return FilingSpell(
        row.kind, row.region, row.from_on, row.until_on, row.subtype, row.filed_on, entry.spell_no
    )


def _chronic(row: ChronicRow) -> ChronicEntitlement:
    return ChronicEntitlement(
        row.disease_code,
        row.disease_name,
        row.from_on,
        row.until_on,
        row.ratio_bp,
        row.quota_fen,
        row.quota_month_fen,
        row.quota_quarter_fen,
        row.treatment,
    )
