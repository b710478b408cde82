"""Search over the names of a catalogue: by code, by part of a name, by pinyin initials; milliseconds over 50,000 items.

All names stand in one text, and all initials in another, so that a search is the substring search of the interpreter, which
reads a million characters in a fraction of a millisecond. The texts are made anew by the first search after a change.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from gongji.catalog.initials import initials

__all__ = ["Entry", "Index", "normal"]


class Entry(NamedTuple):
    """A name under which an item is, or was, in the catalogue."""

    code: str
    name: str
    generic_name: str


def normal(text: str) -> str:
    """``text`` as it is compared: one width of letters and signs, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


class _Text:
    """Lines of a text, in which substrings are found with the number of their line."""

    __slots__ = ("_starts", "_text")

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n" + "\n".join(lines) + "\n"
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=1))

    def find(self, term: str) -> Iterator[int]:
        """Lines that begin with the term, then lines that have it anywhere; a line may come twice."""
        for wanted in ("\n" + term, term):
            at = self._text.find(wanted)
            while at >= 0:
                line = bisect_right(self._starts, at + len(wanted) - len(term)) - 1
                yield line
                at = self._text.find(wanted, self._starts[line + 1] - 1)


class Index:
    """Names of a catalogue as they are searched."""

    __slots__ = ("_codes", "_entries", "_initials", "_known", "_names", "_ordered")

    def __init__(self) -> None:
        self._entries: set[Entry] = set()
        self._known: dict[str, tuple[str, str]] = {}
        """Every name as it is compared, and its initials: makers of one drug share its name."""
        self._ordered: list[Entry] | None = None

    def add(self, code: str, name: str, generic_name: str) -> None:
        """A name of an item."""
        entry = Entry(code, name, generic_name)
        if entry not in self._entries:
            self._entries.add(entry)
            self._ordered = None

    def find(self, text: str) -> Iterator[Entry]:
        """Entries for ``text``, best first: codes that begin with it, names and initials that begin with it, those that have it.

        Several words are each looked for; short names come before long ones. Entries may be out of date: the caller compares
        them with what the item is called on the day.
        """
        terms = [normal(term) for term in text.split()]
        if not terms:
            return
        if self._ordered is None:
            self._build()
        ordered = self._ordered or []
        seen: set[int] = set()
        for line in self._lines(terms[0]):
            if line not in seen:
                seen.add(line)
                if all(self._has(ordered[line], term) for term in terms[1:]):
                    yield ordered[line]

    def _lines(self, term: str) -> Iterator[int]:
        at = bisect_left(self._codes, (term, -1))
        while at < len(self._codes) and self._codes[at][0].startswith(term):
            yield self._codes[at][1]
            at += 1
        yield from self._names.find(term)
        if term.isascii():
            yield from self._initials.find(term)

    def _has(self, entry: Entry, term: str) -> bool:
        texts = (*self._read(entry.name), *self._read(entry.generic_name))
        return entry.code.lower().startswith(term) or any(term in text for text in texts)

    def _build(self) -> None:
        ordered = sorted(self._entries, key=lambda entry: (len(entry.name), entry.name, entry.code))
        read = [(self._read(entry.name), self._read(entry.generic_name)) for entry in ordered]
        self._codes = sorted((entry.code.lower(), line) for line, entry in enumerate(ordered))
        self._names = _Text([_line(name[0], generic[0]) for name, generic in read])
        self._initials = _Text([_line(name[1], generic[1]) for name, generic in read])
        self._ordered = ordered

    def _read(self, name: str) -> tuple[str, str]:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = normal(name), initials(name)
        return known


def _line(name: str, generic_name: str) -> str:
    """What is searched of an item; a generic name that the name begins with says nothing more."""
    return name if name.startswith(generic_name) else f"{name}\t{generic_name}"
