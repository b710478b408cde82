"""One settlement as a fact: the row that is stored, its canonical bytes and its place in the hash chain. Pure.

The canonical form is the JSON array of the fields in order (bytes as base64, dates and UTC instants in ISO form), so that
anyone can recompute a hash from the table. Each fact carries the hash of the fact before it in its person's year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from gongji.base.hashing import sm3
from gongji.kernel import layout
from gongji.ledger import Entry, claim_entry, settlement_entry
from gongji.settlement.rules import LineInput, PersonState, VisitInput

__all__ = [
    "OPENING",
    "REVERSAL",
    "SETTLEMENT",
    "Fact",
    "attributes_text",
    "entry_of",
    "fact_hash",
    "lines_of",
    "message_digest",
    "options_of",
    "parse_attributes",
    "utc",
]

SETTLEMENT: Final = 1
REVERSAL: Final = -1
OPENING: Final = 0

OPTION_OWN: Final = 1
OPTION_FAMILY: Final = 2
OPTION_DRAFT: Final = 4
OPTION_QUOTA_DRAWN: Final = 8
"""The visit group had drawn on the chronic quota before: the visit in which it ends is not over (A17, next_visit)."""
OPTION_CLAIM: Final = 16
"""A manual claim (零星报销): the member has paid the institution and is owed what the funds pay."""


LINE_TEXTS: Final = 5
"""Texts a line: key, item, name, kind, reason (empty: none)."""


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """One row of ``settlement_fact`` in the order of its columns, without its own hash.

    ``quota_fen`` is the chronic quota that was offered (NONE: none), ``quota_windows`` where it comes from (``quota``),
    ``quota_ratio_bp`` the person's own ratio (None: the law's).
    """

    psn_no: str
    settlement_id: int
    kind: int
    original_id: int | None
    year: int
    seq: int
    service_on: date
    received_at: datetime
    settled_at: datetime
    caller: str
    infno: str
    msgid: str
    provider: str
    place_kind: str
    visit_id: int
    group_id: int
    group_year: int
    group_version: int
    batch_no: str
    med_type: str
    invoice_no: str
    region: str
    benefit: str
    attributes: str
    options: int
    line_texts: Sequence[str]
    lines: Sequence[int]
    splits: Sequence[int]
    waterfall: Sequence[int]
    acc_before: Sequence[int]
    acc_after: Sequence[int]
    own_fen: int
    quota_key: str
    quota_fen: int
    quota_ratio_bp: int | None
    quota_windows: Sequence[int]
    family: Sequence[str]
    family_offered: Sequence[int]
    family_drawn: Sequence[int]
    refusal: str
    ratio_bp: int | None
    policy_digest: bytes
    kernel_version: int
    message_digest: bytes
    prev_hash: bytes

    @property
    def is_claim(self) -> bool:
        return bool(self.options & OPTION_CLAIM)

    @property
    def draws(self) -> list[tuple[str, int]]:
        """(owner, fen) of every relative whose account moved; negative in a reversal."""
        return [(owner, drawn) for owner, drawn in zip(self.family, self.family_drawn, strict=True) if drawn]

    def row(self) -> tuple[Any, ...]:
        """The row to send (``settlement_fact_sent``): the fields, integer arrays as text, and the hash over them."""
        row = [*msgspec.structs.astuple(self), fact_hash(self)]
        for position in _NUMBERS:
            row[position] = "{" + ",".join(map(str, row[position])) + "}"
        return tuple(row)


_NUMBERS: Final = tuple(
    position
    for position, field in enumerate(msgspec.structs.fields(Fact))
    if field.name
    in (
        "lines",
        "splits",
        "waterfall",
        "acc_before",
        "acc_after",
        "quota_windows",
        "family_offered",
        "family_drawn",
    )
)
_encode = msgspec.json.Encoder().encode


def fact_hash(fact: Fact) -> bytes:
    """SM3 over the canonical form; it covers the previous hash, and so the whole chain before it."""
    return sm3(_encode(fact))


def message_digest(caller: str, infno: str, msgid: str, request_hash: bytes, answer: bytes) -> bytes:
    """SM3 that binds the stored message, question and answer, to its fact."""
    return sm3(_encode((caller, infno, msgid, request_hash)) + answer)


def utc(instant: datetime) -> datetime:
    """``instant`` in UTC, as the database gives it back; a naive one would be ambiguous and is refused."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC)


def attributes_text(attributes: Mapping[str, str]) -> str:
    """Facts of a visit as one line, sorted: ``arrears=no;kind=hospital;…``."""
    return _attributes_text(tuple(attributes.items()))


@lru_cache(maxsize=4096)
def _attributes_text(attributes: tuple[tuple[str, str], ...]) -> str:
    return ";".join(f"{name}={value}" for name, value in sorted(attributes))


def parse_attributes(text: str) -> dict[str, str]:
    """The inverse of ``attributes_text``."""
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def lines_of(fact: Fact) -> tuple[LineInput, ...]:
    """The fee lines as they were decided on."""
    numbers, texts = fact.lines, fact.line_texts
    lines = []
    for index in range(len(numbers) // layout.LINE_SIZE):
        amount, standard, treat, flags = numbers[layout.LINE_SIZE * index : layout.LINE_SIZE * (index + 1)]
        key, item, name, kind, reason = texts[LINE_TEXTS * index : LINE_TEXTS * (index + 1)]
        lines.append(LineInput(key, item, name, amount, standard, treat, flags, kind, reason or None))
    return tuple(lines)


def options_of(visit: VisitInput, state: PersonState, *, claim: bool) -> int:
    """The choices of the command and what else was decided on, as bits (OPTION_*)."""
    return (
        (OPTION_OWN if visit.own_allowed else 0)
        | (OPTION_FAMILY if visit.family_allowed else 0)
        | (OPTION_DRAFT if visit.allow_draft else 0)
        | (OPTION_QUOTA_DRAWN if state.quota_drawn else 0)
        | (OPTION_CLAIM if claim else 0)
    )


def entry_of(fact: Fact) -> Entry:
    """The journal entry that belongs to a settlement or reversal."""
    waterfall = fact.waterfall
    if fact.is_claim:
        return claim_entry(
            psn_no=fact.psn_no,
            benefit=fact.benefit,
            pool_fen=waterfall[layout.W_POOL_PAY_FEN],
            chronic_fen=waterfall[layout.W_CHRONIC_PAY_FEN],
        )
    return settlement_entry(
        psn_no=fact.psn_no,
        provider=fact.provider,
        place_kind=fact.place_kind,
        benefit=fact.benefit,
        pool_fen=waterfall[layout.W_POOL_PAY_FEN],
        chronic_fen=waterfall[layout.W_CHRONIC_PAY_FEN],
        account_fen=waterfall[layout.W_ACCOUNT_FEN],
        family_draws=fact.draws,
        cash_fen=waterfall[layout.W_CASH_FEN],
    )
