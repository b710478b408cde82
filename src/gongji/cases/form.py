"""The case file as values: what an official writes (cases, steps, lines, expectations), in fen and dates.

The written form is described in ``docs/cases.md``; ``loader`` makes these from YAML and refuses what it
does not know.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from gongji.cases.insured.form import InsuredCase

SETTLE = "settle"
REFUND = "refund"
AS_INPATIENT = "as_inpatient"
OPS = (SETTLE, REFUND, AS_INPATIENT)

MONEY = "money"
RATIO = "ratio"
TEXT = "text"
NUMBER = "number"
PROPOSALS = "proposals"
RATES = "rates"
DAY = "day"
SWITCH = "switch"
WORDS = "words"
MONEYS = "moneys"

EXPECTATIONS: dict[str, dict[str, str]] = {
    SETTLE: {
        "error": TEXT,
        "reason": TEXT,
        "total": MONEY,
        "full_selfpay": MONEY,
        "over_limit": MONEY,
        "prepay": MONEY,
        "chronic_fee": MONEY,
        "chronic_pay": MONEY,
        "in_scope": MONEY,
        "deductible_due": MONEY,
        "deductible": MONEY,
        "base": MONEY,
        "ratio": RATIO,
        "rates": RATES,
        "pool_before_cap": MONEY,
        "cap_room": MONEY,
        "pool_pay": MONEY,
        "cap_shortfall": MONEY,
        "fund_total": MONEY,
        "personal_total": MONEY,
        "account_payable": MONEY,
        "account_pay": MONEY,
        "mutual_pay": MONEY,
        "cash_pay": MONEY,
        "ytd_deductible": MONEY,
        "ytd_in_scope": MONEY,
        "ytd_pool": MONEY,
        "own_account": MONEY,
        "family_account": MONEY,
        "chronic_quota_left": MONEY,
        "year": NUMBER,
    },
    REFUND: {
        "error": TEXT,
        "total": MONEY,
        "full_selfpay": MONEY,
        "over_limit": MONEY,
        "prepay": MONEY,
        "chronic_fee": MONEY,
        "chronic_pay": MONEY,
        "in_scope": MONEY,
        "deductible": MONEY,
        "base": MONEY,
        "pool_before_cap": MONEY,
        "pool_pay": MONEY,
        "cap_shortfall": MONEY,
        "fund_total": MONEY,
        "personal_total": MONEY,
        "account_pay": MONEY,
        "mutual_pay": MONEY,
        "cash_pay": MONEY,
        "ytd_deductible": MONEY,
        "ytd_in_scope": MONEY,
        "ytd_pool": MONEY,
        "ytd_inpatient_deductible": MONEY,
        "ytd_inpatient_pay": MONEY,
        "current_year_ytd_deductible": MONEY,
        "current_year_ytd_in_scope": MONEY,
        "current_year_ytd_pool": MONEY,
        "own_account": MONEY,
        "family_account": MONEY,
        "chronic_quota_left": MONEY,
        "year": NUMBER,
        "replay_proposals": PROPOSALS,
    },
    AS_INPATIENT: {
        "error": TEXT,
        "reason": TEXT,
        "total": MONEY,
        "full_selfpay": MONEY,
        "over_limit": MONEY,
        "prepay": MONEY,
        "in_scope": MONEY,
        "inpatient_deductible": MONEY,
        "inpatient_ratio": RATIO,
        "inpatient_pay": MONEY,
        "personal_total": MONEY,
        "account_payable": MONEY,
        "account_pay": MONEY,
        "mutual_pay": MONEY,
        "cash_pay": MONEY,
        "ytd_deductible": MONEY,
        "ytd_in_scope": MONEY,
        "ytd_pool": MONEY,
        "ytd_inpatient_deductible": MONEY,
        "ytd_inpatient_pay": MONEY,
        "own_account": MONEY,
        "family_account": MONEY,
        "year": NUMBER,
    },
}
"""Every name an expectation may use, by operation, and how its value is written."""

START_MONEY = (
    "ytd_deductible",
    "ytd_pool",
    "ytd_in_scope",
    "own_account",
    "family_account",
    "previous_year_ytd_deductible",
    "previous_year_ytd_pool",
    "ytd_inpatient_deductible",
    "ytd_inpatient_pay",
)

FIXTURES: dict[str, str] = {
    "area_prepay_ratio": RATIO,
    "chronic_ratio": RATIO,
    "chronic_quota_left": MONEY,
    "inpatient_deductible": MONEY,
    "inpatient_ratio": RATIO,
}
"""Values that no document gives and a case chooses for itself; each is a value of law for that case only,
or the person's quota."""

YES_NO_FLAGS = {
    "designated": "designated",
    "pooled_agreement": "pooled_agreement",
    "voucher": "voucher",
    "arrears": "arrears",
    "waiting": "waiting",
    "has_account": "has_account",
    "insured": "insured",
    "emergency": "emergency",
    "manual": "manual",
    "direct_settlement": "direct_settlement",
}
"""Flags written true/false and the attribute of law each one states."""

WORD_FLAGS = {"offsite": "offsite", "excluded": "excluded", "rx": "prescription"}
"""Flags written as a word and the attribute of law each one states."""

OWN_FLAGS = ("chronic", "same_item_elsewhere", "card_blocked", "use_account", "use_family")
"""Flags written true/false that concern lines, history or wallet rather than the law."""

NOTE_FLAGS = ("split_reason",)
"""Flags that are kept with the settlement and change no amount (处方外配原因)."""


class CaseError(Exception):
    """A case file that cannot be used; the text is Chinese and names file, case and step."""


class Line(msgspec.Struct, frozen=True):
    """One fee line as written. ``standard_fen`` is NONE (-1) without a payment standard; ``prepay`` names a
    category of the region's own, such as a special drug."""

    category: str
    kind: str
    amount_fen: int
    standard_fen: int
    name: str = ""
    drug: str = ""
    restriction_met: bool = True
    in_house: bool = True
    in_catalogue: bool = True
    on_prescription: bool = True
    account_allowed: bool = True
    chronic: bool = False
    prepay: str = ""
    dual_channel: bool = False


class Step(msgspec.Struct, frozen=True):
    """One step of a case. ``expect`` holds parsed values: fen, basis points (×10⁴), numbers, texts."""

    index: int
    op: str
    on: date | None
    status: str
    place: str
    encounter: str
    institution: str
    lines: tuple[Line, ...]
    attributes: dict[str, str]
    marks: frozenset[str]
    ref: int | None
    expect: dict[str, Any]
    working: str


class Case(msgspec.Struct, frozen=True):
    """One case: starting values, fixtures and steps that share accumulators and accounts."""

    id: str
    title: str
    policy: str
    clauses: tuple[str, ...]
    decisions: tuple[str, ...]
    uses_unconfirmed: tuple[str, ...]
    fixtures: dict[str, int]
    start: dict[str, int]
    family: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]


class CaseFile(msgspec.Struct, frozen=True):
    """A case file. ``parameters``: the file's own statement of the law by policy name, as written;
    ``schemes``: law documents it brings along; ``regions``: region code of a policy name; ``insured``: its cases of
    the insured side (``cases.insured.form.InsuredCase``)."""

    path: str
    parameters: dict[str, Any]
    schemes: tuple[str, ...]
    regions: dict[str, str]
    cases: tuple[Case, ...]
    insured: tuple[InsuredCase, ...] = ()
