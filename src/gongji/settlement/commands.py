"""What may be asked of the settlement engine, and what it answers: the border of the room.

A command names its caller and the caller's own number (报文号): that number decides, once. ``render`` turns a settlement
into the bytes that the caller is to receive; they are stored with it, so that a repeated message gets the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.encounters.values import FeeLine, Registration
from gongji.providers.values import ProviderDay
from gongji.settlement.rules import Outcome

__all__ = [
    "Answer",
    "Claim",
    "Done",
    "EngineUnavailable",
    "Purchase",
    "ReverseCommand",
    "SettleCommand",
    "Settled",
    "StoredAnswer",
]


class Purchase(msgspec.Struct, frozen=True):
    """A pharmacy's sale (2101/2102): its visit is registered and its lines are stored in the settlement's transaction.

    ``registration.ipt_otp_no`` is the pharmacy's own number of the sale; ``rx_no`` the prescription that it fills, if any.
    """

    registration: Registration
    lines: tuple[FeeLine, ...]
    rx_no: str = ""
    disease_code: str = ""


class Claim(msgspec.Struct, frozen=True):
    """A manual claim (零星报销): care that the member has paid for, at any institution, with what the documents show.

    ``claim_id`` is the visit's number too: a claim is a visit of its own. ``place`` is the institution as it was on the day,
    from the register or as the reviewers found it; ``attributes`` are facts of the law that they state (``emergency``,
    ``direct_settlement``, ``excluded``, …); ``manual`` is always yes.
    """

    claim_id: int
    registration: Registration
    lines: tuple[FeeLine, ...]
    place: ProviderDay
    disease_code: str = ""
    attributes: Mapping[str, str] = {}


class SettleCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Settle one fee batch of a visit (2207), with ``purchase`` a pharmacy's sale (2102), with ``claim`` a manual claim.

    ``caller`` is the institution's code, for a claim the agency's name; ``stated_total_fen`` is the total that the caller
    states, which must equal the sum of the lines; ``extra`` are facts that the message states as attributes (``offsite``,
    ``excluded``, …). Accounts pay no manual claim, whatever the command allows. ``traces``: trace codes (药品追溯码) of uploaded
    lines by their number, each with its 拆零标志; a sale's lines bring theirs. ``split_reason``: why not everything of the
    prescription is bought here (SX2022-27.art14.b).
    """

    caller: str
    infno: str
    msgid: str
    request_hash: bytes
    psn_no: str
    received_at: datetime
    render: Callable[[Settled], bytes]
    visit_id: int = 0
    batch_no: str = ""
    med_type: str = ""
    own_allowed: bool = True
    family_allowed: bool = True
    stated_total_fen: int | None = None
    invoice_no: str = ""
    voucher: str = ""
    extra: Mapping[str, str] = {}
    purchase: Purchase | None = None
    claim: Claim | None = None
    traces: Mapping[str, tuple[tuple[str, str], ...]] = {}
    split_reason: str = ""


class ReverseCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Reverse a whole settlement (2208, 2103, 2601), named by its id or by the caller's number of the original."""

    caller: str
    infno: str
    msgid: str
    request_hash: bytes
    psn_no: str
    received_at: datetime
    render: Callable[[Settled], bytes]
    settlement_id: int | None = None
    original: tuple[str, str] | None = None
    """(infno, msgid) of the original message, for 2601."""
    visit_id: int = 0


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement, a reversal or a preview, as ``render`` and the selectors see it.

    ``kind``: 1 settlement, -1 reversal (amounts of ``outcome`` negative), 2 preview (``settlement_id`` 0).
    ``own_after_fen`` is the balance of the own account after it; a preview states what would be.
    """

    kind: int
    settlement_id: int
    original_id: int | None
    caller: str
    infno: str
    msgid: str
    psn_no: str
    visit_id: int
    group_id: int
    batch_no: str
    med_type: str
    invoice_no: str
    provider: str
    place_kind: str
    region: str
    benefit: str
    service_on: date
    received_at: datetime
    settled_at: datetime
    attributes: Mapping[str, str]
    outcome: Outcome
    own_after_fen: int
    person: object = None
    """``members.Standing`` on the day of service where it was read (not for reversals)."""
    place: object = None
    """``providers.Provider`` where it was read."""
    policy_digest: str = ""
    claim: bool = False
    """A manual claim: the member paid ``provider`` and is owed what the funds pay."""


class Done(msgspec.Struct, frozen=True):
    """Done, durably: the bytes that ``render`` made when it happened. ``repeated``: it had happened before this call."""

    output: bytes
    settlement_id: int
    repeated: bool


class StoredAnswer(msgspec.Struct, frozen=True):
    """What the message table knows under a caller's number."""

    psn_no: str
    request_hash: bytes
    settlement_id: int
    answer: bytes
    received_at: datetime


Answer = Done | Refusal


class EngineUnavailable(Exception):
    """The database did not come back in time: whether the command took effect must be asked for by its number.

    The caller is told so (DATABASE_UNAVAILABLE); a repetition under the same number is always safe.
    """
