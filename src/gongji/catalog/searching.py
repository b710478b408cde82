"""Search over the names of a catalogue: by code, by part of a name, by pinyin initials; milliseconds over 50,000 items.

All names stand in one text, and all initials in another, so that a search is the substring search of the interpreter, which
reads a million characters in a fraction of a millisecond. After a change the texts are made anew, beside those in use, and put in
their place in one step: by ``prepare``, or by the first search. Any number of threads may search while one adds names.
"""

import threading
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import accumulate
from typing import Any, Final, NamedTuple, TypeVar

from gongji.catalog.initials import initials

__all__ = ["Entry", "Index", "normal"]

T = TypeVar("T")
RUN: Final = 2_000
"""Names that are sorted in one go."""


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


class _Ordered(NamedTuple):
    """All names that there were at a time, best first, and the texts in which they are searched."""

    entries: list[Entry]
    codes: list[tuple[str, int]]
    names: _Text
    initials: _Text


class Index:
    """Names of a catalogue as they are searched."""

    __slots__ = ("_entries", "_known", "_making", "_ordered")

    def __init__(self) -> None:
        self._entries: dict[Entry, None] = {}
        self._known: dict[str, tuple[str, str]] = {}
        """Every name as it is compared, and its initials: makers of one drug share its name."""
        self._making = threading.Lock()
        self._ordered = _Ordered([], [], _Text([]), _Text([]))

    def add(self, code: str, name: str, generic_name: str) -> None:
        """A name of an item."""
        self._entries[Entry(code, name, generic_name)] = None

    @property
    def ready(self) -> bool:
        """Whether all names are in order."""
        return len(self._ordered.entries) == len(self._entries)  # names are only ever added

    def prepare(self) -> _Ordered:
        """All names in order; of several threads one does the work."""
        if not self.ready:
            with self._making:
                if not self.ready:
                    self._ordered = self._order(list(self._entries))
        return self._ordered

    def find(self, text: str) -> Iterator[Entry]:
        """Entries for ``text``, best first: codes that begin with it, names and initials that begin with it, those that have it.

        Several words are each looked for; short names come before long ones. Entries may be out of date: the caller compares
        them with what the item is called on the day.
        """
        terms = [normal(term) for term in text.split()]
        if not terms:
            return
        ordered = self.prepare()
        seen: set[int] = set()
        for line in _lines(ordered, terms[0]):
            if line not in seen:
                seen.add(line)
                if all(self._has(ordered.entries[line], term) for term in terms[1:]):
                    yield ordered.entries[line]

    def with_initials(self, text: str) -> Iterator[Entry]:
        """Entries in whose initials ``text`` stands, best first; out of date perhaps, as with ``find``."""
        term = normal(text)
        if term:
            ordered = self.prepare()
            for line in dict.fromkeys(ordered.initials.find(term)):
                yield ordered.entries[line]

    def _has(self, entry: Entry, term: str) -> bool:
        texts = (*self._read(entry.name), *self._read(entry.generic_name))
        return entry.code.lower().startswith(term) or any(term in text for text in texts)

    def _order(self, entries: list[Entry]) -> _Ordered:
        entries = _in_order(entries, lambda entry: (len(entry.name), entry.name, entry.code))
        read = [(self._read(entry.name), self._read(entry.generic_name)) for entry in entries]
        return _Ordered(
            entries,
            _in_order([(entry.code.lower(), line) for line, entry in enumerate(entries)], lambda row: row),
            _Text([_line(name[0], generic[0]) for name, generic in read]),
            _Text([_line(name[1], generic[1]) for name, generic in read]),
        )

    def _read(self, name: str) -> tuple[str, str]:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = normal(name), initials(name)
        return known


def _lines(ordered: _Ordered, term: str) -> Iterator[int]:
    at = bisect_left(ordered.codes, (term, -1))
    while at < len(ordered.codes) and ordered.codes[at][0].startswith(term):
        yield ordered.codes[at][1]
        at += 1
    yield from ordered.names.find(term)
    if term.isascii():
        yield from ordered.initials.find(term)


def _in_order(rows: list[T], key: Callable[[T], Any]) -> list[T]:
    """``rows`` sorted; in runs, because nothing else goes on in the process while the interpreter sorts a list."""
    runs = [sorted(rows[at : at + RUN], key=key) for at in range(0, len(rows), RUN)]
    return list(merge(*runs, key=key))


def _line(name: str, generic_name: str) -> str:
    """What is searched of an item; a generic name that the name begins with says nothing more."""
    return name if name.startswith(generic_name) else f"{name}\t{generic_name}"
