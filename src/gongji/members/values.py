"""What the members room hands out: a person, what holds on a day, a credential. Frozen; dates are calendar
days.
"""

from datetime import date

import msgspec

__all__ = [
    "ChronicEntitlement",
    "Credential",
    "FilingSpell",
    "Identity",
    "LateMonth",
    "NonbenefitSpell",
    "Person",
    "Records",
    "RelationSpell",
    "Standing",
]


class Person(msgspec.Struct, frozen=True):
    """A human being known to the insurance; ``gender``, ``ethnicity``, ``cert_type`` are national codes.

    ``cert_sealed`` is the number of the identity document; ``members.personal.cert_no`` opens it with the vault.
    """

    psn_no: str
    name: str
    cert_type: str
    cert_sealed: bytes
    gender: str
    ethnicity: str
    born_on: date
    died_on: date | None = None

    def __repr__(self) -> str:
        """Fit for a log: neither name nor number of identity."""
        return f"Person({self.psn_no!r})"

    __str__ = __repr__


class RelationSpell(msgspec.Struct, frozen=True):
    """One insurance relation (参保关系); ``until_on`` is its last day, None while it lasts."""

    from_on: date
    until_on: date | None
    insutype: str
    status: str
    category: str
    psn_type: str
    region: str
    employer: str
    payer: str
    civil_servant: bool
    has_account: bool
    end_reason: str = ""

    @property
    def pays(self) -> bool:
        """Whether contributions are owed: the retired owe none, but for those whom finance pays for."""
        return self.status == "active" or self.payer == "finance"


class NonbenefitSpell(msgspec.Struct, frozen=True):
    """Days without benefits of the pooled fund; ``kind`` is arrears or waiting."""

    kind: str
    from_on: date
    until_on: date | None


class FilingSpell(msgspec.Struct, frozen=True):
    """Off-site filing (异地就医备案) for the area ``region``; ``filed_on`` is the day on which it was made, later than
    ``from_on`` for a late one.
    """

    kind: str
    region: str
    from_on: date
    until_on: date | None
    subtype: str = ""
    filed_on: date | None = None
    spell_no: int = 0


class LateMonth(msgspec.Struct, frozen=True):
    """A contribution month (its first day) that is unpaid, or was paid after it was due."""

    month: date
    due_on: date
    paid_on: date | None


class ChronicEntitlement(msgspec.Struct, frozen=True):
    """Entitlement for one chronic disease; ratio and quotas only where the area fixed them for this person.

    ``treatment`` names one of the four treatments that settle like inpatient care (decision A27), else it is empty.
    ``quota_fen`` is the year's.
    """

    disease_code: str
    disease_name: str
    from_on: date
    until_on: date | None
    ratio_bp: int | None
    quota_fen: int | None
    quota_month_fen: int | None = None
    quota_quarter_fen: int | None = None
    treatment: str = ""


class Records(msgspec.Struct, frozen=True):
    """Everything dated about one person, as ``sql/records.sql`` answers it."""

    person: Person
    relations: tuple[RelationSpell, ...]
    nonbenefits: tuple[NonbenefitSpell, ...]
    filings: tuple[FilingSpell, ...]
    chronic: tuple[ChronicEntitlement, ...]
    late_months: tuple[LateMonth, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """What holds for a person on one day.

    Without a relation that day ``insured`` is False, ``status`` None, and type, region and employer are
    those of the last relation before (empty when there never was one). ``filing`` is ``none`` or a kind of
    filing, made on ``filed_on``; ``chronic`` maps disease code to entitlement. ``arrears_paid_on``: the day
    on which the arrears of the month were paid after all (None: unpaid, or no arrears), which a
    manual claim may count (decision A22). ``ended``: the last relation has been ended for good (终止、转出), not paused.
    """

    person: Person
    insured: bool
    status: str | None
    psn_type: str
    insutype: str
    region: str
    employer: str
    category: str
    payer: str
    civil_servant: bool
    has_account: bool
    arrears: bool
    waiting: bool
    insured_from: date | None
    paused_from: date | None
    filing: str
    filing_region: str
    chronic: dict[str, ChronicEntitlement]
    arrears_paid_on: date | None = None
    filed_on: date | None = None
    ended: bool = False


class Credential(msgspec.Struct, frozen=True):
    """Social security card or electronic voucher; ``kind`` is card or voucher."""

    psn_no: str
    kind: str
    number: str
    card_sn: str
    from_on: date
    until_on: date | None
    blocked_from: date | None
    blocked_until: date | None
    earlier_blocks: tuple[tuple[date, date], ...] = ()
    """First and last day of each time that it was blocked before the latest one."""

    def __repr__(self) -> str:
        """Fit for a log: a voucher's number is a key to somebody's account."""
        return f"Credential({self.psn_no!r}, {self.kind!r})"


class Identity(msgspec.Struct, frozen=True):
    """Who stands at the counter, by which voucher, and whether it is one that the pooled fund accepts that
    day.

    ``voucher_state``: ``valid`` · ``blocked`` · ``expired`` · ``identity_document`` (身份证, identifies but
    is no voucher).
    """

    person: Person
    voucher_type: str
    voucher_state: str
