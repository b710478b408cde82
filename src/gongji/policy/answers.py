"""What the law answers with: a compiled row for the kernel, or a single value."""

import msgspec

from gongji.policy.model import Band, Raw


class Row(msgspec.Struct, frozen=True):
    """The law for one kind of person at one kind of place on one day, as integers (``kernel/layout.py``).

    ``sources`` names the clause behind each cell; ``unconfirmed`` the parameters whose value nobody has
    confirmed; ``draft`` that some value comes from a 征求意见稿; ``key`` the attributes that chose the row,
    in canonical form.
    """

    cells: tuple[int, ...]
    sources: tuple[str | None, ...]
    unconfirmed: tuple[str, ...]
    draft: bool
    region: str
    benefit: str
    key: str


class Value(msgspec.Struct, frozen=True):
    """One parameter on one day. ``raw``: fen, basis points, a count, text, a switch or a list, by ``kind``.

    Money that is stated not to exist (no ceiling) is −1, ``kernel.layout.NONE``.
    """

    raw: Raw | tuple[Band, ...]
    clause: str
    confidence: str
    kind: str
    citation: str
    draft: bool
