"""One row of the matrix."""

from typing import Literal

import msgspec

from gongji.access.roles import ROLES

__all__ = ["Operation", "Scope"]

Scope = Literal["public", "anybody", "own person", "own institution", "own area", "platform"]
"""On whose data: nobody's (public: without signing in; anybody: signed in), the visitor's own, that of the visitor's institution,
of the visitor's insured region and below, or the platform's own.
"""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do on a page. ``code`` is also the page's address name; ``shows``: personal data is shown in clear, so the
    page records the look; ``changes``: something is written. Raises ValueError for a role that does not exist.
    """

    code: str
    name: str
    scope: Scope
    roles: frozenset[str] = frozenset()
    shows: bool = False
    changes: bool = False

    def __post_init__(self) -> None:
        if unknown := self.roles - ROLES.keys():
            raise ValueError(f"{self.code}: unknown roles {sorted(unknown)}")
        if (self.scope == "public") == bool(self.roles):
            raise ValueError(f"{self.code}: a public page has no roles, any other has some")
