"""What the room hands out: accounts, sessions, events, as they are in its tables."""

from datetime import datetime
from typing import Literal

import msgspec

from gongji.access.limits import LONGEST, UNFINISHED
from gongji.access.roles import ROLES
from gongji.access.visitor import Visitor

__all__ = ["AccountRecord", "Event", "Need", "OwnSession", "Session"]

Need = Literal["", "code", "factor", "password"]
"""What is still missing from a sign-in: the one-time code, setting up the second factor, a password of one's own."""


class AccountRecord(msgspec.Struct, frozen=True):
    """An account with the roles it holds. ``generation`` moves on with every change of roles, password, factor or state."""

    number: int
    username: str
    name: str
    active: bool
    generation: int
    psn_no: str
    institution: str
    staff_code: str
    area: str
    created_at: datetime
    password: str
    must_change: bool
    totp_sealed: bytes | None
    roles: tuple[str, ...]

    @property
    def visitor(self) -> Visitor:
        return Visitor(
            self.number,
            self.username,
            self.name,
            frozenset(self.roles),
            self.psn_no,
            self.institution,
            self.staff_code,
            self.area,
        )

    @property
    def wants_factor(self) -> bool:
        """Whether a role of the account asks for a second factor."""
        return any(ROLES[role].second_factor for role in self.roles)

    @property
    def role_names(self) -> str:
        return self.visitor.role_names

    @property
    def is_member(self) -> bool:
        return bool(self.psn_no)

    def __repr__(self) -> str:
        """Fit for a log: no name, no password, no person's number."""
        return f"AccountRecord({self.number})"


class Session(msgspec.Struct, frozen=True):
    """A session with its account as it is now. ``factor``: the one-time code was given; ``complete``: nothing is missing;
    ``pending_sealed``: the secret of a second factor that is being set up.
    """

    digest: str
    generation: int
    complete: bool
    factor: bool
    started_at: datetime
    seen_at: datetime
    idle_s: int
    pending_sealed: bytes | None
    account: AccountRecord

    def alive(self, at: datetime) -> bool:
        """Whether the session still holds at ``at``: neither too old nor idle too long, and the account unchanged since."""
        longest = LONGEST if self.complete else UNFINISHED
        return (
            self.account.active
            and self.generation == self.account.generation
            and at < self.started_at + longest
            and (at - self.seen_at).total_seconds() < self.idle_s
        )

    @property
    def need(self) -> Need:
        """The next step of signing in. The first to sign in sets the second factor up, before anything else."""
        if self.complete:
            return ""
        if self.account.totp_sealed is not None and not self.factor:
            return "code"
        if self.account.totp_sealed is None and self.account.wants_factor:
            return "factor"
        return "password" if self.account.must_change else ""

    def __repr__(self) -> str:
        """Fit for a log: nothing by which the session could be used."""
        return f"Session(account {self.account.number}, need {self.need!r})"


class OwnSession(msgspec.Struct, frozen=True):
    """One of an account's sessions as its owner sees it; ``handle`` names it without being able to use it."""

    handle: str
    started_at: datetime
    seen_at: datetime
    address: str
    agent: str


class Event(msgspec.Struct, frozen=True):
    """Something that happened about an account; ``username`` and ``name`` are the account's ("" for a name that nobody has)."""

    number: int
    at: datetime
    kind: str
    account: int | None
    username: str
    name: str
    actor: str
    address: str
    detail: str
    reason: str
