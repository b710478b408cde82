"""Who stands before a page: an account with the roles under which it acts, and for whom it acts."""

import msgspec

from gongji.access.roles import MEMBER, ROLES, SEPARATE, STAFF_OF_AGENCY, STAFF_OF_INSTITUTION
from gongji.base.actors import Actor

__all__ = ["Visitor"]


class Visitor(msgspec.Struct, frozen=True):
    """A signed-in account. Of ``psn_no``, ``institution`` and ``area`` only the one that the roles are bound to is set;
    ``staff_code`` is the person's number in the institution's register of staff ("" for who is in none).
    """

    account: int
    username: str
    name: str
    roles: frozenset[str]
    psn_no: str = ""
    institution: str = ""
    staff_code: str = ""
    area: str = ""

    @property
    def actor(self) -> Actor:
        """As facts keep it. A member is the person; staff is the account, at its institution where it is bound to one."""
        if self.roles & {MEMBER}:
            return Actor("member", self.psn_no)
        if self.roles & STAFF_OF_INSTITUTION:
            return Actor("institution", f"{self.institution}/{self.username}")
        return Actor("agency", self.username)

    @property
    def role_names(self) -> str:
        """The roles in Chinese, in the order of the table."""
        return "、".join(role.name for code, role in ROLES.items() if code in self.roles)

    @property
    def is_officer(self) -> bool:
        """Whether this is one of the three officers of the platform."""
        return bool(self.roles & SEPARATE)

    @property
    def home(self) -> str:
        """Name of the page where this visitor begins."""
        if MEMBER in self.roles:
            return "portal.home"
        if self.roles & STAFF_OF_INSTITUTION:
            return "desk.home"
        if self.roles & (STAFF_OF_AGENCY | SEPARATE):
            return "console.home"
        return "web.no_role"

    def __repr__(self) -> str:
        """Fit for a log: no name, no person's number."""
        return f"Visitor({self.account}, {sorted(self.roles)})"
