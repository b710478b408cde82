"""Searching the law by words and numbers as people type them: each must be in the clause, its heading or its values."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import msgspec

from gongji.explain.questions import pairs
from gongji.policy import Law
from gongji.policy.model import Provision

__all__ = ["LIMIT", "Hit", "Piece", "like", "pieces", "search", "words_of"]

LIMIT: Final = 60
MAX_WORDS: Final = 8
ALIKE: Final = 12
"""So many clauses that are only like a question are shown."""
AMOUNT: Final = re.compile(r"(\d+)\.00(?!\d)")
GROUPED: Final = re.compile(r"(?<=\d)[,\s](?=\d{3}(?!\d))")


class Hit(msgspec.Struct, frozen=True):
    """A clause that fits; ``values`` are the numbers it sets, in words."""

    provision: Provision
    values: tuple[str, ...]
    in_force: bool


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text, marked when it is one of the words searched for."""

    text: str
    found: bool


class _Entry(msgspec.Struct, frozen=True):
    provision: Provision
    values: tuple[str, ...]
    text: str
    head: str


def words_of(question: str) -> tuple[str, ...]:
    """What is searched for: the words between blanks, amounts without thousands' commas and idle decimals."""
    plain = GROUPED.sub("", _plain(question))
    return tuple(dict.fromkeys(AMOUNT.sub(r"\1", word) for word in plain.split()))[:MAX_WORDS]


def search(law: Law, question: str) -> tuple[Hit, ...]:
    """Clauses with every word of the question: those that set a number first, those in force before drafts and references."""
    words = words_of(question)
    if not words:
        return ()
    found = [
        entry for entry in _index(law) if all(word in entry.text or word in entry.head for word in words)
    ]
    found.sort(
        key=lambda entry: (
            entry.provision.status != "in-force",
            not any(word in value for word in words for value in entry.values),
            not all(word in entry.text for word in words),
            -entry.provision.starts_on.toordinal(),
        )
    )
    return tuple(
        Hit(each.provision, each.values, each.provision.status == "in-force") for each in found[:LIMIT]
    )


def like(law: Law, question: str) -> tuple[Hit, ...]:
    """Clauses in force that share most with a sentence: what few clauses have counts more than what many have."""
    asked = pairs(question)
    entries = [each for each in _index(law) if each.provision.status == "in-force"]
    having = {pair: sum(pair in each.text for each in entries) for pair in asked}
    weight = {pair: (len(entries) // count).bit_length() for pair, count in having.items() if count}
    scored = [(sum(weight[pair] for pair in weight if pair in each.text), each) for each in entries]
    best = max((score for score, _ in scored), default=0)
    found = [(score, each) for score, each in scored if score and score * 2 >= best]
    found.sort(key=lambda one: (-one[0], -one[1].provision.starts_on.toordinal()))
    return tuple(Hit(each.provision, each.values, True) for _, each in found[:ALIKE])


def pieces(text: str, words: tuple[str, ...]) -> tuple[Piece, ...]:
    """The text cut where a word stands, whatever its case."""
    if not words:
        return (Piece(text, False),)
    pattern = re.compile(
        "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE
    )
    found: list[Piece] = []
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()], False))
        found.append(Piece(match.group(), True))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:], False))
    return tuple(found)


@lru_cache(maxsize=4)
def _index(law: Law) -> tuple[_Entry, ...]:
    """Each clause's words in the form in which they are compared."""
    return tuple(_entry(law, provision) for provision in law.library.provisions.values())


def _entry(law: Law, provision: Provision) -> _Entry:
    values = tuple(
        dict.fromkeys(
            f"{law.title(cell.key).partition('（')[0]} {law.value_text(cell.key, cell.leaf)}"
            for cell in provision.cells
        )
    )
    text = _plain(" ".join((provision.text, *(AMOUNT.sub(r"\1", value) for value in values))))
    head = _plain(f"{provision.citation} {provision.title} {provision.clause}")
    return _Entry(provision, values, text, head)


def _plain(text: str) -> str:
    """Full-width signs as their narrow ones, small letters."""
    return unicodedata.normalize("NFKC", text).lower()
