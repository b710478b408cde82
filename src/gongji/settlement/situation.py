"""What a command is decided on: what the other rooms know, and what this room has read under which versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gongji.kernel import layout
from gongji.settlement.rules import VisitInput
from gongji.settlement.years import YearState

__all__ = ["Balance", "Reading", "Situation", "Windows"]


class Balance(msgspec.Struct, frozen=True):
    """A personal account as read: owner, fen, version (None: the person has no account)."""

    psn_no: str
    fen: int
    version: int | None


class Windows(msgspec.Struct, frozen=True):
    """What the facts say about the visit's windows: deductible charged in (group, day, month), fund in
    (group, day, month, quarter), in fen, and whether the batch is settled already."""

    charged: tuple[int, int, int] = (0, 0, 0)
    fund: tuple[int, int, int, int] = (0, 0, 0, 0)
    batch_settled: bool = False


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What the other rooms know about a settlement that is asked for.

    ``quota_fen``: the chronic quota of the year (NONE: no chronic benefit) for the disease ``quota_key``; what the year has
    used of it is taken off here.
    ``effects``: rows that other rooms write in the same transaction (a pharmacy purchase's visit and fee lines).
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
    quota_key: str = ""
    quota_fen: int = layout.NONE
    total_fen: int
    person: object = None
    place: object = None
    effects: tuple[Any, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """State of the person under which a command is decided: years by number, windows of the visit."""

    years: Mapping[int, YearState]
    windows: Windows = Windows()
