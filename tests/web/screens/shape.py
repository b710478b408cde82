"""What a screen is: who opens which address, the steps from there, and the page of the matrix on which they end."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.access import OPERATIONS

__all__ = ["FIRST", "Bring", "Fill", "Screen", "Step"]

FIRST: Final = "main :is(a.list__item, tbody a, a.card--link)"
"""The first thing of a list."""


class Fill(msgspec.Struct, frozen=True):
    """``text`` is typed into the field."""

    selector: str
    text: str


class Bring(msgspec.Struct, frozen=True):
    """What is pressed brings a part into the page, in which ``until`` appears."""

    selector: str
    until: str


Step = str | Fill | Bring
"""A step that is only a selector is a link or button that leads to another page."""


class Screen(msgspec.Struct, frozen=True):
    """``who`` opens ``path`` (nobody: without signing in), takes the ``steps`` and is on the page of ``operation`` ("": on none).

    ``state`` tells apart several pictures of one page, ``says`` what is special about this one (Chinese). ``empty``: something on
    it is rightly empty. ``latin``: Latin words on it are rightly there.
    """

    operation: str
    path: str
    who: str = ""
    steps: tuple[Step, ...] = ()
    state: str = ""
    says: str = ""
    empty: bool = False
    latin: bool = False
    status: int = 200

    @property
    def name(self) -> str:
        """Of its pictures: the operation, and what tells it apart."""
        code = self.operation.replace(".", "-").replace("_", "-")
        return "-".join(part for part in (code, self.state) if part)

    @property
    def caption(self) -> str:
        """In Chinese, for the page of the documentation."""
        return "：".join(part for part in (self._title, self.says) if part)

    @property
    def _title(self) -> str:
        return OPERATIONS[self.operation].name if self.operation else ""
