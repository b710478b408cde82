"""One question asked of several places: the one that was chosen, and every kind of place that the member's law tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.kernel import layout
from gongji.members.values import Standing
from gongji.portal.asking import NEW_PRESCRIPTION, NO_PRESCRIPTION, Question
from gongji.portal.places import PlaceKind, place_kinds
from gongji.portal.settled import Sums, sums_of
from gongji.providers.values import PHARMACY, ProviderDay
from gongji.settlement.commands import Settled
from gongji.settlement.trials import Trial, TrialLine, trials
from gongji.settlement.uses import CHRONIC_MED_TYPES
from gongji.web.pages import Page

__all__ = ["Estimate", "Place", "Saving", "estimates", "place_of", "saving"]

OUTPATIENT: Final = "11"
SALE: Final = "41"
CHRONIC: Final = min(CHRONIC_MED_TYPES)
DRUG: Final = "drug"


class Place(msgspec.Struct, frozen=True):
    """Where the member means to go: a kind of place, or a real institution with its ``code``."""

    title: str
    day: ProviderDay
    code: str = ""

    @property
    def is_pharmacy(self) -> bool:
        return self.day.kind == PHARMACY


class Estimate(msgspec.Struct, frozen=True):
    """What it would cost at one place."""

    title: str
    day: ProviderDay
    decided: Settled | Refusal

    @property
    def sums(self) -> Sums:
        return Sums() if isinstance(self.decided, Refusal) else sums_of(self.decided.outcome.waterfall)

    @property
    def personal_fen(self) -> int:
        """What the member bears, from whatever account."""
        return (
            0 if isinstance(self.decided, Refusal) else self.decided.outcome.waterfall[layout.W_PERSONAL_FEN]
        )


class Saving(msgspec.Struct, frozen=True):
    """Where it would cost the member less, and how much less."""

    title: str
    fen: int


def place_of(page: Page, standing: Standing, question: Question) -> Place | None:
    """The place that the question names; None for a name that means nothing."""
    for kind in place_kinds(page.platform.law, standing.region, page.today):
        if kind.code == question.where:
            return Place(kind.title, kind.day)
    provider, day = page.platform.provider(question.where), question.day(page.today)
    return (
        Place(provider.name, provider.on(day or page.today), provider.code) if provider is not None else None
    )


async def estimates(
    page: Page,
    conn: Connection,
    question: Question,
    place: Place,
    kinds: Sequence[PlaceKind],
    lines: tuple[TrialLine, ...],
    on: date,
) -> tuple[Estimate, list[Estimate]]:
    """The estimate for the chosen place, and those for every kind of place at which the same could be had."""
    asked = [
        (place.title, place.day),
        *((kind.title, kind.day) for kind in kinds if _has(page, kind, lines, on)),
    ]
    found = await trials(
        conn,
        page.platform.inputs,
        page.platform.law,
        [_trial(page, question, day, lines, on) for _, day in asked],
        page.at,
    )
    first, *others = (
        Estimate(title, day, decided) for (title, day), decided in zip(asked, found, strict=True)
    )
    return first, [one for one in others if isinstance(one.decided, Settled)]


def _has(page: Page, kind: PlaceKind, lines: Sequence[TrialLine], on: date) -> bool:
    """Whether everything can be had there: at a pharmacy there are drugs and nothing else."""
    if not kind.is_pharmacy:
        return True
    items = [line.stands_for or page.platform.catalogue.get(line.code, on) for line in lines]
    return all(item is not None and item.kind == DRUG for item in items)


def _trial(page: Page, question: Question, day: ProviderDay, lines: tuple[TrialLine, ...], on: date) -> Trial:
    pharmacy = day.kind == PHARMACY
    number = question.rx if pharmacy and question.rx not in ("", NO_PRESCRIPTION, NEW_PRESCRIPTION) else ""
    return Trial(
        psn_no=page.visitor.psn_no,
        on=on,
        place=day,
        med_type=CHRONIC if question.disease else SALE if pharmacy else OUTPATIENT,
        lines=lines,
        disease_code=question.disease,
        rx_no=number,
        prescribed=pharmacy and question.rx != NO_PRESCRIPTION,
        own_allowed=question.own,
        family_allowed=question.family,
    )


def saving(chosen: Estimate, others: Sequence[Estimate], kinds: Sequence[PlaceKind]) -> Saving | None:
    """The kind of place that costs the member least, where that is less than at the chosen one; of equals the first of the law."""
    order = {kind.title: number for number, kind in enumerate(kinds)}
    ranked = sorted(others, key=lambda one: (one.personal_fen, order.get(one.title, len(order))))
    best = ranked[0] if ranked else None
    if best is None or best.personal_fen >= chosen.personal_fen or isinstance(chosen.decided, Refusal):
        return None
    return Saving(best.title, chosen.personal_fen - best.personal_fen)
