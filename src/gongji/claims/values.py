"""What the claims room takes and keeps: an application with its visits, the steps taken with it. Frozen; amounts are fen."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.encounters.values import FeeLine
from gongji.providers.values import ProviderDay

__all__ = [
    "Agent",
    "Application",
    "ClaimVisit",
    "Payee",
    "Payment",
    "Payout",
    "Personal",
    "Place",
    "Step",
    "StepContent",
    "Verdict",
    "encoded",
    "invoices_of",
    "normal_text",
]


_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The character 0 in JSON, which no PostgreSQL text can hold; a backslash before it that is itself escaped does not count."""


def encoded(value: msgspec.Struct) -> str | Refusal:
    """``value`` as the JSON that is stored, or why it cannot be."""
    data = msgspec.json.encode(value)
    return Refusal("BAD_FIELD", "文字中有不能保存的字符") if _NUL.search(data) else data.decode()


def normal_text(text: str) -> str:
    """Text as it is compared: full-width forms made half-width, without blanks, letters in capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the care was given: of an institution on our books ``code`` is enough, of another one the evidence says the rest.
    ``level``: 3, 2, 1, 0 (未定级) or empty (不明).
    """

    code: str = ""
    name: str = ""
    region: str = ""
    kind: str = "hospital"
    level: str = ""
    fee_class: str = ""
    designated: bool = False
    pooled_agreement: bool = False
    direct_settlement: bool = False

    @property
    def key(self) -> str:
        """By which the institution's invoices are told from another's."""
        return normal_text(self.code or self.name)

    def day(self) -> ProviderDay:
        """The place as the rooms below know institutions; what an application states holds on every day."""
        return ProviderDay(
            code=self.code,
            name=self.name,
            region=self.region,
            kind=self.kind,
            hosp_lv="",
            designated=self.designated,
            pooled_agreement=self.designated and self.pooled_agreement,
            fee_class=self.fee_class,
            level=self.level,
            direct_settlement=self.direct_settlement,
        )


class ClaimVisit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit of a claim: settled by itself, by the law of its own day of service.

    ``voucher_type``: mdtrt_cert_type that was shown at the institution, empty when none was. ``excluded``: WORK_INJURY,
    THIRD_PARTY, PUBLIC_HEALTH, ABROAD or none. ``prescription``: the pharmacy's bill comes with a prescription that held.
    """

    visit_no: int
    service_on: date
    invoice_no: str
    lines: tuple[FeeLine, ...]
    visit_id: int = 0
    """Allotted at receipt: the visit's number in the settlements."""
    diagnosis: str = ""
    disease_code: str = ""
    med_type: str = "11"
    voucher_type: str = ""
    emergency: bool = False
    excluded: str = "none"
    prescription: bool = False

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


class Application(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is applied for. ``documents`` are codes of the law's checklists; ``system_failure``: direct settlement was possible
    there but failed, as a document says (decision A33)."""

    psn_no: str
    received_on: date
    place: Place
    visits: tuple[ClaimVisit, ...]
    total_fen: int
    documents: tuple[str, ...] = ()
    system_failure: bool = False
    by_agent: bool = False


def invoices_of(application: Application) -> list[str]:
    """The numbers of its invoices as they are compared, sorted, once each."""
    return sorted({normal_text(visit.invoice_no) for visit in application.visits})


class Agent(msgspec.Struct, frozen=True):
    """Who applies for the member, with a power of attorney (受托人)."""

    name: str
    cert_no: str
    phone: str

    def __repr__(self) -> str:
        return "Agent(…)"


class Payee(msgspec.Struct, frozen=True):
    """The account that the money goes to."""

    holder: str
    bank: str
    account_no: str

    def __repr__(self) -> str:
        return f"Payee({self.masked!r})"

    @property
    def masked(self) -> str:
        """The account number but for its last four digits."""
        return "*" * max(0, len(self.account_no) - 4) + self.account_no[-4:]


class Personal(msgspec.Struct, frozen=True):
    """What is sealed of an application."""

    payee: Payee
    phone: str = ""
    agent: Agent | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What the first review takes out of a fee line, and why: a code of the closed set and words."""

    key: str
    out_fen: int
    reason: str
    note: str = ""


class Payout(msgspec.Struct, frozen=True):
    """One visit as the engine has settled it; ``fund_fen`` is what the fund pays the member."""

    visit_no: int
    settlement_id: int
    total_fen: int
    fund_fen: int
    in_scope_fen: int
    deductible_fen: int
    refusal: str = ""


class Payment(msgspec.Struct, frozen=True):
    """Money that moved: out (positive) or back (negative). ``payment_id`` is its journal entry."""

    payment_id: int
    amount_fen: int
    reference: str
    on: date


class StepContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a step says beyond who, when and to which state; only what belongs to its action is filled."""

    note: str = ""
    documents: tuple[str, ...] = ()
    """Missing (return) or handed in (supplement)."""
    verdicts: tuple[Verdict, ...] = ()
    refusal: Refusal | None = None
    refused_visits: tuple[tuple[int, Refusal], ...] = ()
    """Visits that the pool does not pay, by number, as decided at receipt and at the reviews."""
    payouts: tuple[Payout, ...] = ()
    reversals: tuple[int, ...] = ()
    """Reversing settlements."""
    payment: Payment | None = None


class Step(msgspec.Struct, frozen=True):
    """One step taken with a claim; ``actor`` is the text of a ``base.actors.Actor``."""

    step_no: int
    action: str
    state: str
    actor: str
    at: datetime
    fund_fen: int
    paid_fen: int
    content: StepContent
    sealed: bytes | None = None
