"""What the accounts room hands in and out: the office that acts, cases, heirs, premiums, limits, statements. Frozen."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.times import day_in_china
from gongji.policy import Law, Value

__all__ = [
    "ALL_USERS",
    "Case",
    "Draw",
    "FamilyStatement",
    "FamilyUser",
    "Limit",
    "Line",
    "Office",
    "Payee",
    "PaymentOrder",
    "Premium",
    "PremiumOrder",
    "Statement",
    "Step",
]

ALL_USERS: Final = "*"


class Office(msgspec.Struct, frozen=True):
    """Who acts, when, by which law, and with what new facts are numbered and sealed: what every verb of the room needs.

    ``allow_draft``: values of a 征求意见稿 count too, for demonstrations and tests (decision A39).
    """

    law: Law
    ids: IdSource
    vault: Vault
    actor: Actor
    at: datetime
    allow_draft: bool = False

    @property
    def on(self) -> date:
        """The day in China."""
        return day_in_china(self.at)

    @property
    def digest(self) -> bytes:
        return bytes.fromhex(self.law.digest)

    def value(self, key: str, region: str) -> Value | Refusal:
        """A parameter on the day; a Refusal when no law fixes it, or only a draft does (LAW_DRAFT)."""
        found = self.law.value(key, region, self.on)
        if isinstance(found, Value) and found.draft and not self.allow_draft:
            return Refusal("LAW_DRAFT", region, found.clause, found.citation)
        return found


class Payee(msgspec.Struct, frozen=True):
    """Who receives a withdrawal: an heir, or the member. ``share`` is a fraction of the whole (numerator, denominator).

    Personal data throughout: it is stored sealed.
    """

    name: str
    cert_no: str
    relation: str
    bank: str
    bank_account: str
    share: tuple[int, int] = (1, 1)

    def __repr__(self) -> str:
        """Fit for a log."""
        return f"Payee({self.relation!r})"

    __str__ = __repr__


class Step(msgspec.Struct, frozen=True):
    """One step of a case; ``account_state`` is what the account became by it, empty when it stayed."""

    step_no: int
    action: str
    state: str
    account_state: str
    content: Mapping[str, int | str]
    note: str
    actor: str
    at: datetime


class Case(msgspec.Struct, frozen=True):
    """A case of an account with its steps. ``event_on`` is the day of death or of leaving, else of the application.

    ``counterpart`` and ``reference``: the other agency and its number (transfers); ``documents`` what was handed in;
    ``account_before`` the state that the account had.
    """

    psn_no: str
    case_id: int
    kind: str
    region: str
    event_on: date
    counterpart: str
    reference: str
    due_on: date | None
    documents: tuple[str, ...]
    account_before: str
    shares: tuple[tuple[int, int], ...]
    opened_by: str
    opened_at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        return self.steps[-1].state


class PaymentOrder(msgspec.Struct, frozen=True):
    """What the bank is told: pay ``amount_fen`` to payee ``number`` (from 1). Personal data."""

    number: int
    payee: Payee
    amount_fen: int


class PremiumOrder(msgspec.Struct, frozen=True):
    """A premium to be paid (代缴保费): ``product`` as in ``account.premiums``, ``caller_no`` the caller's own number."""

    owner: str
    insured: str
    product: str
    year: int
    payee: str
    amount_fen: int
    caller: str
    caller_no: str


class Premium(msgspec.Struct, frozen=True):
    """A premium paid; ``repeated``: it had been paid before this call. ``balance_fen`` is what the account has now."""

    premium_id: int
    order: PremiumOrder
    attempt: int
    refunded: bool
    balance_fen: int
    repeated: bool = False


class Limit(msgspec.Struct, frozen=True):
    """What an owner lets the family take: ``user`` is a person's number or ``*``; None is no limit of that kind."""

    owner: str
    user: str
    per_settlement_fen: int | None
    per_month_fen: int | None
    per_year_fen: int | None
    from_on: date


class Line(msgspec.Struct, frozen=True):
    """One movement in a statement. ``place`` is the institution, ``person`` the relative who used the account or whose
    premium was paid, with the name masked; ``balance_fen`` is the balance after it. ``settlement_id``: the settlement behind it.
    """

    occurred_at: datetime
    entry_id: int
    kind: str
    amount_fen: int
    balance_fen: int
    place: str
    person: str
    period: date | None
    settlement_id: int | None = None

    @property
    def on(self) -> date:
        return day_in_china(self.occurred_at)


class Statement(msgspec.Struct, frozen=True):
    """An account's month, or another stretch of days that begins with ``month``: opening + Σ lines = closing."""

    psn_no: str
    name: str
    month: date
    state: str
    opening_fen: int
    lines: tuple[Line, ...]
    closing_fen: int


class Draw(msgspec.Struct, frozen=True):
    """What one relative took at one place (negative amounts were given back); ``place_kind`` is hospital or pharmacy."""

    occurred_at: datetime
    user: str
    name: str
    relation: str
    place: str
    place_kind: str
    amount_fen: int


class FamilyUser(msgspec.Struct, frozen=True):
    """A relative bound to the account, what was taken in the period, and what the owner's limits leave (None: no limit)."""

    user: str
    name: str
    relation: str
    from_on: date
    until_on: date | None
    used_fen: int
    room_fen: int | None


class FamilyStatement(msgspec.Struct, frozen=True):
    """Who used an owner's account from one day to another (共济使用明细)."""

    psn_no: str
    name: str
    from_on: date
    until_on: date
    users: tuple[FamilyUser, ...]
    draws: tuple[Draw, ...]
    used_fen: int
