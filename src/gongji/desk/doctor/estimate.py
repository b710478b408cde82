"""What the member will pay for what is ordered and not sent, before anything is final: after what waits at the till, here first,
then at a pharmacy.

Decided by the engine like a pre-settlement (``settlement.trials``); what has been sent to the till is pre-settled itself (2206).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.money import line_fen
from gongji.base.reasons import REASONS, Refusal
from gongji.desk.doctor.orders import Order
from gongji.desk.doctor.visit import Treated
from gongji.desk.doctor.words import told
from gongji.encounters.values import FeeLine
from gongji.kernel import layout
from gongji.providers.rules import standing_refusal
from gongji.providers.values import PHARMACY, ProviderDay
from gongji.settlement.commands import Settled
from gongji.settlement.trials import Trial, TrialLine, Within, trials_in_turn
from gongji.web.charts import Part, who_pays
from gongji.web.pages import Page

__all__ = ["Bill", "Estimate", "estimated"]

FROM_PHARMACY: Final = "41"


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """One bill cut by who pays, in fen; ``refusal`` where nothing can be said, ``pool_refusal`` where the pool pays nothing."""

    total_fen: int = 0
    fund_fen: int = 0
    own_fen: int = 0
    mutual_fen: int = 0
    cash_fen: int = 0
    deductible_fen: int = 0
    in_scope_fen: int = 0
    refusal: Refusal | None = None
    pool_refusal: Refusal | None = None
    notes: tuple[tuple[str, str], ...] = ()
    """Lines that the pool does not count, by name, with the reason."""

    @property
    def refusal_words(self) -> str:
        return told(self.refusal)

    @property
    def pool_words(self) -> str:
        return told(self.pool_refusal)

    @property
    def member_fen(self) -> int:
        return self.total_fen - self.fund_fen

    @property
    def parts(self) -> list[Part]:
        """For the stacked bar."""
        return who_pays(self.fund_fen, self.own_fen, self.mutual_fen, self.cash_fen)


class Estimate(msgspec.Struct, frozen=True):
    """The two bills; None where nothing is ordered. ``unpriced``: names of drugs to circulate of which no price is known."""

    here: Bill | None
    away: Bill | None
    unpriced: tuple[str, ...] = ()


async def estimated(page: Page, treated: Treated) -> Estimate:
    """What the orders that are not sent would cost the member."""
    place = page.platform.provider(page.visitor.institution)
    assert place is not None
    here, away = treated.orders.here, treated.orders.away
    priced = [(row, price) for row in away if (price := _price(page, row)) is not None]
    shop = _pharmacy(page, place.on(page.today)) if priced else None
    visit = treated.visit
    here_day = place.on(visit.service_on)
    asked = [
        _trial(treated, here_day, visit.service_on, visit.med_type, tuple(map(_charged, batch.lines)))
        for batch in treated.unsettled
    ]
    at_the_till = len(asked)
    if here:
        lines = tuple(_line(row, row.price_micro) for row in here)
        asked.append(_trial(treated, here_day, visit.service_on, visit.med_type, lines))
    if shop is not None:
        lines = tuple(_line(row, price) for row, price in priced)
        asked.append(_trial(treated, shop, page.today, FROM_PHARMACY, lines))
    bills = await _bills(page, asked)
    return Estimate(
        bills[at_the_till] if here else None,
        bills[-1] if shop is not None else None,
        tuple(row.name for row in away if _price(page, row) is None),
    )


def _trial(
    treated: Treated, place: ProviderDay, on: date, med_type: str, lines: tuple[TrialLine, ...]
) -> Trial:
    visit = treated.visit
    return Trial(
        psn_no=visit.psn_no,
        on=on,
        place=place,
        med_type=med_type,
        lines=lines,
        disease_code=visit.disease_code if place.code == visit.caller else "",
        prescribed=place.code != visit.caller,
        voucher_type=visit.voucher_type,
        within=Within(visit.caller, visit.visit_id, visit.group_id, visit.service_on),
    )


async def _bills(page: Page, asked: Sequence[Trial]) -> list[Bill]:
    if not asked:
        return []
    platform = page.platform
    async with page.connection() as conn:
        found = await trials_in_turn(conn, platform.inputs, platform.law, asked, page.at)
    return [_bill(one) for one in found]


def _bill(found: Settled | Refusal) -> Bill:
    if isinstance(found, Refusal):
        return Bill(refusal=found)
    water = found.outcome.waterfall
    return Bill(
        total_fen=water[layout.W_TOTAL_FEN],
        fund_fen=water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN],
        own_fen=water[layout.W_ACCOUNT_FEN],
        mutual_fen=water[layout.W_MUTUAL_FEN],
        cash_fen=water[layout.W_CASH_FEN],
        deductible_fen=water[layout.W_DEDUCTIBLE_FEN],
        in_scope_fen=water[layout.W_IN_SCOPE_FEN],
        pool_refusal=found.outcome.refusal,
        notes=tuple(
            (line.name or line.item, REASONS[line.reason].text)
            for line in found.outcome.lines
            if line.reason in REASONS and found.outcome.refusal is None
        ),
    )


def _line(row: Order, price_micro: int) -> TrialLine:
    days = str(row.days) if row.days else ""
    amount = line_fen(price_micro, row.quantity_e4)
    return TrialLine(row.item, amount, price_micro, row.quantity_e4, None, row.approval, days)


def _charged(line: FeeLine) -> TrialLine:
    """A line that waits at the till."""
    return TrialLine(
        line.item, line.amount_fen, line.price_micro, line.quantity_e4, None, line.approval, line.days
    )


def _price(page: Page, row: Order) -> int | None:
    """What a pharmacy may ask: the payment standard, or what the doctor has noted."""
    if row.price_micro:
        return row.price_micro
    place = page.platform.provider(page.visitor.institution)
    item = page.platform.catalogue.get(row.item, page.today, place.region if place else "CN")
    return item.standard_micro if item is not None else None


def _pharmacy(page: Page, here: ProviderDay) -> ProviderDay | None:
    """A designated pharmacy of the area, as the estimate's place: all of them settle alike."""
    days = (one.on(page.today) for one in page.platform.providers if one.kind == PHARMACY)
    fit = (
        day
        for day in days
        if day.region == here.region and day.pooled_agreement and not standing_refusal(day)
    )
    return min(fit, key=lambda day: day.code, default=None)
