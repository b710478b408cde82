"""What one month gives to a personal account (个人账户计入), and by which article.

On-job members: the region's rate of their own contribution base, of contributions that have been received; several employers
add up, one rounding (decision A03). Retired members: the region's fixed amount from the pooled fund, as retired from the month
after they retired on any day of a month. The employer's contribution goes to the pooled fund but for the share that a law still
gives to the account (0 from 2023-01-01). Retired members of closed and hardship enterprises are credited like others
when the finance has paid. Nothing is credited for months after death or exit.
Source: 晋政办发〔2021〕103号 二（三）, 庆阳 第六条、第十条、第十一条、第十三条.

Clauses: SX2021-103.s2.3.a, SX2021-103.s2.3.b, SX2021-103.s2.3.c, QY.art6.a, QY.art6.b, QY.art6.c, QY.art6.d,
QY.art13.b.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from gongji.base.money import mul_bp
from gongji.base.reasons import Refusal
from gongji.policy import Law, Value

__all__ = ["NOTHING_DUE", "Credit", "Facts", "MonthLaw", "Spell", "credit_of", "month_after"]

Rule = Literal["active", "flexible", "retired"]

ONE_DAY: Final = timedelta(days=1)
NOTHING_DUE: Final = frozenset(
    {
        "MEMBER_DECEASED",
        "NOT_INSURED",
        "NO_PERSONAL_ACCOUNT",
        "CONTRIBUTION_NOT_RECEIVED",
        "CREDITED_AFTER_EVENT",
    }
)
"""Refusals that mean 0.00; after any other it is not known what is due, and what was credited before stays."""


class Spell(msgspec.Struct, frozen=True):
    """A relation of the employee scheme as crediting sees it; ``until_on`` is its last day.

    ``retired_on`` is the day of retirement, which may lie before the day from which the relation is one of a retired member.
    """

    from_on: date
    until_on: date | None
    status: str
    category: str
    region: str
    payer: str
    has_account: bool
    retired_on: date | None = None


class Facts(msgspec.Struct, frozen=True):
    """One person's month. ``spells`` touch the month, the day before or the day after it, in the order of ``from_on``.

    ``base_fen`` and ``employer_fen`` are sums over contributions of the month that were received; None: none was.
    """

    died_on: date | None
    spells: Sequence[Spell]
    base_fen: int | None = None
    employer_fen: int | None = None


class Credit(msgspec.Struct, frozen=True):
    """What is due: ``fen`` in all, of a base and rate where the rule has them. ``pool_fen`` is the employer's contribution less
    the share of it that is in ``fen``: it goes to the pooled fund.
    """

    rule: Rule
    region: str
    base_fen: int
    rate_bp: int
    fen: int
    pool_fen: int
    clause: str


class MonthLaw:
    """The parameters of one month by region, each asked once. ``allow_draft``: a 征求意见稿 counts (A39)."""

    def __init__(self, law: Law, month: date, *, allow_draft: bool = False) -> None:
        self.month = month
        self.next_month = month_after(month)
        self._law = law
        self._allow_draft = allow_draft
        self._known: dict[tuple[str, str], Value | Refusal] = {}

    def value(self, key: str, region: str) -> Value | Refusal:
        """A parameter on the first day of the month; LAW_DRAFT when only a draft fixes it."""
        known = self._known.get((key, region))
        if known is None:
            known = self._law.value(key, region, self.month)
            if isinstance(known, Value) and known.draft and not self._allow_draft:
                known = Refusal("LAW_DRAFT", region, known.clause, known.citation)
            self._known[(key, region)] = known
        return known

    def number(self, key: str, region: str) -> tuple[int, str] | Refusal:
        """A number of fen or basis points and its clause."""
        found = self.value(key, region)
        if isinstance(found, Refusal):
            return found
        return (
            (found.raw, found.clause) if isinstance(found.raw, int) else Refusal("PARAMETER_UNSPECIFIED", key)
        )


def month_after(month: date) -> date:
    """First day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def credit_of(law: MonthLaw, facts: Facts) -> Credit | Refusal:
    """The month's credit; a Refusal of ``NOTHING_DUE`` when there is none, another one when it cannot be said."""
    if facts.died_on is not None and facts.died_on < law.month:
        return Refusal("MEMBER_DECEASED")
    spell = _spell_of(law, facts.spells)
    if isinstance(spell, Refusal):
        return spell
    if not spell.has_account:
        return Refusal("NO_PERSONAL_ACCOUNT")
    if spell.status == "retired":
        return _retired(law, spell, facts)
    return _on_job(law, spell, facts)


def _spell_of(law: MonthLaw, spells: Sequence[Spell]) -> Spell | Refusal:
    """The relation that decides the month, with the status that counts for it.

    The one that holds on the first day. Who retires in the month is on-job or retired for it by ``account.retired_from``. Who is
    first insured later in the month pays a contribution for it and is on-job.
    """
    before = working = retired = None
    for spell in spells:
        if spell.until_on is not None and spell.until_on < law.month:
            if spell.status == "active" and spell.until_on == law.month - ONE_DAY:
                before = spell
        elif spell.status != "active":
            retired = retired or spell
        elif spell.from_on < law.next_month:
            working = working or spell
    if retired is None or (working is None and retired.from_on >= law.next_month):
        return working or Refusal("NOT_INSURED")
    return _of_retired(law, working if working and working.from_on < retired.from_on else before, retired)


def _of_retired(law: MonthLaw, on_job: Spell | None, retired: Spell) -> Spell | Refusal:
    """The relation of who is retired or retires: ``on_job`` is the relation before, None when none is known."""
    if on_job is None and retired.from_on > law.month:
        return Refusal("NOT_INSURED")
    working = on_job or msgspec.structs.replace(retired, status="active")
    retired_on = retired.retired_on or (retired.from_on if on_job is not None else None)
    if retired_on is None or retired_on < law.month:
        return retired
    if retired_on >= law.next_month:
        return working
    start = law.value("account.retired_from", retired.region)
    if isinstance(start, Refusal):
        return start
    return retired if start.raw == "same_month" else working


def _retired(law: MonthLaw, spell: Spell, facts: Facts) -> Credit | Refusal:
    if spell.payer == "finance" and facts.base_fen is None:
        return Refusal("CONTRIBUTION_NOT_RECEIVED")
    monthly = law.number("account.retired_monthly", spell.region)
    if isinstance(monthly, Refusal):
        return monthly
    fen, clause = monthly
    return Credit("retired", spell.region, 0, 0, fen, facts.employer_fen or 0, clause)


def _on_job(law: MonthLaw, spell: Spell, facts: Facts) -> Credit | Refusal:
    if facts.base_fen is None:
        return Refusal("CONTRIBUTION_NOT_RECEIVED")
    own = law.number("account.credit_rate", spell.region)
    if isinstance(own, Refusal):
        return own
    employers = law.number("account.employer_credit_rate", spell.region)
    if isinstance(employers, Refusal):
        return employers
    rate_bp, clause = own
    employer_fen = facts.employer_fen or 0
    from_employer = mul_bp(employer_fen, employers[0])
    return Credit(
        rule="flexible" if spell.category == "flexible" else "active",
        region=spell.region,
        base_fen=facts.base_fen,
        rate_bp=rate_bp,
        fen=mul_bp(facts.base_fen, rate_bp) + from_employer,
        pool_fen=employer_fen - from_employer,
        clause=clause,
    )
