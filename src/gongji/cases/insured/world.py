"""People, accounts and sums of one case in memory: every balance is folded from its movements, every person from dossier lines.

Nothing is decided here. Changes that the members room decides become lines of a dossier, amounts that the accounts room decides
become movements; what stands on a day is asked of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Final

import msgspec

from gongji.accounts.crediting import Facts, Spell
from gongji.accounts.monthly import Posted
from gongji.accounts.values import Limit, Office
from gongji.base.actors import Actor
from gongji.base.ids import EPOCH_MS, IdSource
from gongji.base.sealing import Vault
from gongji.cases import form
from gongji.cases.insured.form import Contribution, Insured, InsuredCase
from gongji.members.dossier import Change, Dossier, Line, dossier_of, records_of
from gongji.members.rows import Row
from gongji.members.rules import covers, standing_on
from gongji.members.values import LateMonth, Records, Standing
from gongji.policy import Law
from gongji.settlement.replay import Opening

NOON: Final = time(4, tzinfo=UTC)
"""Noon in China: whoever acts on a day acts then."""
FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
EMPLOYEE_SCHEME: Final = "310"
CLERK: Final = Actor("agency", "经办")


class Movement(msgspec.Struct, frozen=True):
    """One movement of an account; ``other`` is the relative who used it or for whom it paid."""

    on: date
    kind: str
    fen: int
    other: str = ""


class Wallet:
    """One account: movements, what is owed, its state, and what each month was credited."""

    def __init__(self, fen: int, on: date) -> None:
        self.movements = [Movement(on, "opening", fen)] if fen else []
        self.receivable_fen = 0
        self.state = "open"
        self.posted: dict[date, Posted] = {}
        self.interest_until: date | None = None

    @property
    def balance_fen(self) -> int:
        return sum(move.fen for move in self.movements)

    @property
    def available_fen(self) -> int:
        """What may be spent: nothing of an account that is frozen or closed."""
        return self.balance_fen if self.state == "open" else 0

    def move(self, on: date, kind: str, fen: int, other: str = "") -> None:
        if fen:
            self.movements.append(Movement(on, kind, fen, other))
            assert self.balance_fen >= 0, "an account is never below zero"

    def correct(self, on: date, kind: str, delta_fen: int) -> None:
        """Take what a negative difference asks from the balance and owe the rest; of a positive one pay what is owed first."""
        if delta_fen < 0:
            taken = min(-delta_fen, self.balance_fen)
            self.move(on, kind, -taken)
            self.receivable_fen += -delta_fen - taken
            return
        self.move(on, kind, delta_fen)
        owed = min(delta_fen, self.receivable_fen)
        self.move(on, "recovery", -owed)
        self.receivable_fen -= owed


class Human:
    """One person of the case: the lines of the dossier, contributions, limits."""

    def __init__(self, insured: Insured) -> None:
        self.name = insured.name
        self._lines: list[Line] = []
        self.before_death: dict[tuple[str, int], Row] = {}
        """What a death that is on record has changed, as it had been."""
        self.contributions = list(insured.contributions)
        self.limits: list[Limit] = list(insured.limits)
        numbers: dict[str, int] = {}
        for row in insured.rows:
            numbers[row.part] = number = 0 if row.part == "person" else numbers.get(row.part, 0) + 1
            self._write(Change(row.part, number, 0, row), FIRST)

    def apply(self, changes: Iterable[Change], on: date) -> None:
        """Write what the members room has decided on the day ``on``."""
        for change in changes:
            self._write(change, datetime.combine(on, NOON))

    def _write(self, change: Change, at: datetime) -> None:
        content = None if change.row is None else msgspec.json.encode(change.row).decode()
        self._lines.append(Line(change.part, change.spell_no, change.revision + 1, content, at))

    @property
    def dossier(self) -> Dossier:
        return self.dossier_known()

    def dossier_known(self, recorded_on: date | None = None) -> Dossier:
        """The dossier as it was recorded by the end of a day; as it is now when none is given."""
        lines = self._lines
        if recorded_on is not None:
            lines = [one for one in lines if one.recorded_at <= datetime.combine(recorded_on, NOON)]
        dossier = dossier_of(self.name, lines)
        assert dossier is not None, "a person has a line"
        return dossier

    def received(self, month: date) -> list[Contribution]:
        """The month's contributions that have come, the latest of each employer."""
        return [one for one in self._latest() if one.month == month and one.figures.paid_on is not None]

    def _latest(self) -> list[Contribution]:
        return list({(one.month, one.employer): one for one in self.contributions}.values())

    @property
    def records(self) -> Records:
        late = tuple(
            LateMonth(one.month, one.figures.due_on, one.figures.paid_on)
            for one in self._latest()
            if one.figures.declares
            and (one.figures.paid_on is None or one.figures.paid_on > one.figures.due_on)
        )
        return records_of(self.dossier, late)

    def standing(self, on: date, known_on: date | None = None, recorded_on: date | None = None) -> Standing:
        """What holds on a day, by what was recorded until ``recorded_on``."""
        records = self.records if recorded_on is None else records_of(self.dossier_known(recorded_on))
        return standing_on(records, on, known_on)

    def month_facts(self, month: date) -> Facts:
        """What the crediting of a month depends on."""
        dossier = self.dossier
        spells = [
            Spell(r.from_on, r.until_on, r.status, r.category, r.region, r.payer, r.has_account, r.retired_on)
            for r in sorted((entry.row for entry in dossier.relations), key=lambda row: row.from_on)
            if r.insutype == EMPLOYEE_SCHEME
        ]
        came = self.received(month)
        return Facts(
            dossier.person.row.died_on,
            spells,
            sum(one.figures.base_fen for one in came) if came else None,
            sum(one.figures.employer_fen for one in came) if came else None,
        )


class World:
    """The people of one case, their accounts, and the law."""

    def __init__(self, case: InsuredCase, law: Law, path: str) -> None:
        self.case = case
        self.path = path
        self.law = law
        self.humans = {one.name: Human(one) for one in case.people}
        self.wallets = {
            one.name: Wallet(one.account_fen, one.account_on)
            for one in case.people
            if one.account_fen is not None
        }
        self._clock_ms = EPOCH_MS
        self.ids = IdSource(0, lambda: self._clock_ms)
        self._vault = Vault({1: bytes(16)}, bytes(32))

    def office(self, on: date, actor: Actor = CLERK) -> Office:
        """The agency on a day; drafts are calculated, as in every case (decision A39)."""
        at = datetime.combine(on, NOON)
        return Office(self.law, self.ids, self._vault, actor, at, allow_draft=True)

    def wallet(self, name: str, on: date) -> Wallet:
        """The account; one is opened with the first credit."""
        return self.wallets.setdefault(name, Wallet(0, on))

    def owners(self, user: str, on: date) -> list[str]:
        """Whose accounts somebody may use on a day, in the order of binding; nobody pays after death (``family_owners.sql``)."""
        bound = [e.row.owner for e in self.humans[user].dossier.family if covers(e.row, on)]
        died_on = {owner: self.humans[owner].dossier.person.row.died_on for owner in bound}
        return [owner for owner in bound if (died := died_on[owner]) is None or on <= died]

    def state_of(self, name: str) -> str | None:
        """State of an account, None without one."""
        wallet = self.wallets.get(name)
        return wallet.state if wallet else None


def openings(case: InsuredCase, year: int) -> tuple[Opening, ...]:
    """Sums that the year held before the first step."""
    start = case.start
    return (
        Opening(
            year,
            "ordinary",
            start.get("ytd_deductible", 0),
            start.get("ytd_pool", 0),
            start.get("ytd_in_scope", 0),
        ),
        Opening(
            year,
            form.AS_INPATIENT,
            start.get("ytd_inpatient_deductible", 0),
            start.get("ytd_inpatient_pay", 0),
        ),
    )
