"""A sheet looked at while it is being written: what 7101 would say of it now, drug by drug. Nothing is written or numbered.

The same rules as the check (``issuing``) on the same situation (``hospital.situation``), so that what is quiet on the doctor's
screen passes 7101, and what is not says the same words there.
"""

from __future__ import annotations

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.catalog.restrictions import KINDS, Restriction
from gongji.catalog.values import Item
from gongji.prescriptions.hospital import situation
from gongji.prescriptions.issuing import (
    CONFIRMED,
    SELF_PAID,
    Situation,
    drug_problems,
    open_restrictions,
    sheet_problems,
)
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.values import Drug, Issue

__all__ = ["DrugExamined", "Examined", "examine"]


class DrugExamined(msgspec.Struct, frozen=True):
    """What is to be said of one drug. ``restrictions``: limits of payment that nothing meets, in words; ``confirmable``: the
    doctor's confirmation would meet them all; ``confirmed`` and ``self_paid``: how 7101 would keep it (A37).
    """

    item: str
    problems: tuple[Refusal, ...]
    restrictions: tuple[str, ...]
    confirmable: bool
    confirmed: bool
    self_paid: bool


class Examined(msgspec.Struct, frozen=True):
    """What is to be said of a sheet as a whole, and of its drugs in their order."""

    problems: tuple[Refusal, ...]
    drugs: tuple[DrugExamined, ...]

    @property
    def passes(self) -> bool:
        """Whether 7101 would number it."""
        return not self.problems and not any(drug.problems for drug in self.drugs)


async def examine(conn: Connection, office: RxOffice, issue: Issue) -> Examined | Refusal:
    """What 7101 would say of ``issue`` now; a Refusal when not even that can be told (no such person, no law of the day)."""
    now = await situation(conn, office, issue)
    if isinstance(now, Refusal):
        return now
    return Examined(
        tuple(sheet_problems(issue, now)),
        tuple(_drug(issue, drug, now) for drug in issue.drugs),
    )


def _drug(issue: Issue, drug: Drug, now: Situation) -> DrugExamined:
    open_limits = open_restrictions(issue, drug, now)
    return DrugExamined(
        item=drug.item,
        problems=tuple(drug_problems(issue, drug, now)),
        restrictions=tuple(_words(now.items[drug.item], limit) for limit in open_limits),
        confirmable=bool(open_limits) and all(limit.kind == "indication" for limit in open_limits),
        confirmed=drug.approval == CONFIRMED and bool(open_limits),
        self_paid=drug.approval == SELF_PAID or (bool(open_limits) and drug.approval != CONFIRMED),
    )


def _words(item: Item | None, limit: Restriction) -> str:
    """The limit's own words, the item's sentence, or the kind of limit."""
    return limit.text or (item.restriction if item is not None else "") or KINDS[limit.kind]
