"""What a command is decided on: what the other rooms know, and what this room has read under which versions."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gongji.members.quota import Quota
from gongji.settlement.effects import NONE, Effects
from gongji.settlement.filling import Retrieval
from gongji.settlement.rules import VisitInput
from gongji.settlement.years import YearState
from gongji.stock.values import Wanted

__all__ = ["Balance", "Reading", "Situation", "Windows"]


class Balance(msgspec.Struct, frozen=True):
    """A personal account as read: owner, fen, version (None: the person has no account)."""

    psn_no: str
    fen: int
    version: int | None


class Windows(msgspec.Struct, frozen=True):
    """What the facts say about the visit's windows: deductible charged in (group, day, month), fund in
    (group, day, month, quarter), chronic payment on the visit's quota in (group, month, quarter), in fen, whether the batch is
    settled already, and whether its invoice is paid the other way (counter or manual claim)."""

    charged: tuple[int, int, int] = (0, 0, 0)
    fund: tuple[int, int, int, int] = (0, 0, 0, 0)
    chronic: tuple[int, int, int] = (0, 0, 0)
    batch_settled: bool = False
    invoice_paid: bool = False


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What the other rooms know about a settlement that is asked for.

    ``quota``: the quotas of the chronic disease that the visit is for (None: no chronic benefit), before what has been used.
    ``claim``: a manual claim, which the member has paid already.
    ``retrievals``: what is taken of prescriptions of the centre; ``packs``: trace codes that are used. ``effects``: rows that other
    rooms write in the same transaction (a pharmacy purchase's visit and fee lines).
    """

    visit: VisitInput
    visit_id: int
    group_id: int
    group_year: int
    batch_no: str
    med_type: str
    provider: str
    place_kind: str
    own: Balance
    family: tuple[Balance, ...] = ()
    quota: Quota | None = None
    claim: bool = False
    invoice_no: str = ""
    total_fen: int
    person: object = None
    place: object = None
    retrievals: tuple[Retrieval, ...] = ()
    packs: tuple[Wanted, ...] = ()
    effects: Effects = NONE

    @property
    def quota_key(self) -> str:
        """The disease whose quota the visit draws on, or empty."""
        return self.quota.disease if self.quota is not None else ""


class Reading(msgspec.Struct, frozen=True):
    """State of the person under which a command is decided: years by number, windows of the visit."""

    years: Mapping[int, YearState]
    windows: Windows = Windows()
