"""到哪里取药: designated pharmacies around the member's home, on a drawn map and as a list, with what they have of a prescription.

Where the member lives is known by a cell of some hundred metres, or not at all; then the pharmacies of the insured area are listed.
Of another's stock a member learns whether there is enough, no figures.
Source: 晋医保办发〔2023〕2号 二 (SX2023-2.s2.g), YC2024-16.s1.b.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpResponse

from gongji.base.reasons import Refusal
from gongji.base.regions import is_within
from gongji.members.residences import home_of
from gongji.members.selectors import standing
from gongji.portal.drawn import Drawing, drawn
from gongji.portal.prescriptions import office, own_case
from gongji.portal.sheet import drugs_to_take, sheet_of
from gongji.portal.words import distance
from gongji.prescriptions import Case
from gongji.prescriptions.quantities import in_sheet_units
from gongji.prescriptions.values import Drug, SaleLine
from gongji.providers.nearby import Near, nearby, reach_metres
from gongji.providers.register import OFFERS, Place
from gongji.providers.values import PHARMACY, ProviderDay
from gongji.stock.selectors import holders
from gongji.web.pages import Page, page

__all__ = ["collect"]

FEW, WIDER = 3, 4
"""Where fewer are within the circle, one looks so many times as far: the nearest may not have the drug."""
MOST: Final = 12
MINUTES: Final = "service_circle.minutes"

ENOUGH, SOME, NONE = "有货", "有货但不够", "缺货"


class Goods(msgspec.Struct, frozen=True):
    """One drug at one pharmacy, as a word and a badge's kind."""

    name: str
    word: str
    kind: str


class Shop(msgspec.Struct, frozen=True):
    """A pharmacy of the list: ``metres`` None where nobody knows from where; ``goods`` empty without a prescription."""

    number: int
    provider: ProviderDay
    address: str
    metres: int | None
    goods: tuple[Goods, ...]

    @property
    def far(self) -> str:
        """The distance in words."""
        return distance(self.metres) if self.metres is not None else ""

    @property
    def services(self) -> list[str]:
        """What the pharmacy offers beside the counter, by name."""
        return [name for code, name in OFFERS.items() if code in self.provider.offers]

    @property
    def complete(self) -> bool:
        return bool(self.goods) and all(one.word == ENOUGH for one in self.goods)


@page("portal.collect")
async def collect(page: Page) -> HttpResponse:
    """Pharmacies near, for everything or for one prescription (``?rx=``)."""
    rx_no = page.request.GET.get("rx", "")
    case = await own_case(page, rx_no) if rx_no else None
    if rx_no and case is None:
        return await page.no(404, "没有这张处方", "请从「我的处方」中选择。")
    async with page.connection() as conn:
        home = await home_of(conn, page.visitor.psn_no, page.today)
        insured = await standing(conn, page.visitor.psn_no, page.today)
    region = insured.region if insured is not None else ""
    middle = Place(*home) if home is not None else None
    found, circle_m = _around(page, middle, region) if middle else (_of_area(page, region), 0)
    drugs = drugs_to_take(case, page.at) if case is not None else ()
    held: Mapping[str, Mapping[str, int]] = {}
    if drugs:
        async with page.connection() as conn:
            items = [drug.item for drug in drugs]
            held = await holders(conn, items, [day.code for day, _, _ in found], page.today)
    shops = tuple(
        Shop(number, day, _address(page, day.code), far, _goods(page, case, drugs, held.get(day.code, {})))
        for number, (day, _, far) in enumerate(found, start=1)
    )
    minutes = page.platform.law.value(MINUTES, region, page.today)
    context: dict[str, Any] = {
        "shops": shops,
        "sheet": sheet_of(page.platform, case, page.at) if case is not None else None,
        "map": _map(middle, circle_m, found),
        "minutes": None if isinstance(minutes, Refusal) else minutes,
        "within": [shop for shop in shops if shop.metres is not None and shop.metres <= circle_m],
        "home": middle is not None,
    }
    return await page.show("portal/collect.html", context)


Found = list[tuple[ProviderDay, Place | None, int | None]]


def _around(page: Page, middle: Place, region: str) -> tuple[Found, int]:
    """Pharmacies that fill prescriptions, nearest first, and how far the circle reaches."""
    reach = reach_metres(page.platform.law, region, page.today)
    if isinstance(reach, Refusal):
        return _of_area(page, region), 0
    near: Sequence[Near] = ()
    for within in (reach, reach * WIDER):
        found = nearby(
            page.platform.providers, middle, page.today, within, kinds=(PHARMACY,), pooled=True, limit=MOST
        )
        near = () if isinstance(found, Refusal) else found
        if len(near) >= FEW:
            break
    if near:
        return [(one.provider, one.place, one.metres) for one in near], reach
    return _of_area(page, region), reach


def _of_area(page: Page, region: str) -> Found:
    """Without a point to start from: the pharmacies of the insured area by name."""
    days = [
        provider.on(page.today)
        for provider in page.platform.providers
        if provider.kind == PHARMACY and region and is_within(provider.region, region)
    ]
    fit = sorted((day for day in days if day.pooled_agreement), key=lambda day: day.name)
    return [(day, None, None) for day in fit[:MOST]]


def _map(middle: Place | None, circle_m: int, found: Found) -> Drawing | None:
    near = [(place, day.name) for day, place, _ in found if place is not None]
    if middle is None or not near:
        return None
    return drawn(middle, circle_m, [place for place, _ in near], [name for _, name in near])


def _address(page: Page, code: str) -> str:
    found = page.platform.provider(code)
    return found.address if found is not None else ""


def _goods(
    page: Page, case: Case | None, drugs: Sequence[Drug], held: Mapping[str, int]
) -> tuple[Goods, ...]:
    """What the pharmacy has of each drug, against what the fill needs."""
    if case is None:
        return ()
    fill = case.fill_at(page.at)
    found = []
    for drug in drugs:
        packs_e4 = held.get(drug.item, 0)
        item = page.platform.catalogue.get(drug.item, page.today)
        unit = item.pack_unit if item is not None and item.pack_units else ""
        units_e4 = in_sheet_units(
            office(page), case, SaleLine(item=drug.item, quantity_e4=packs_e4, unit=unit)
        )
        enough = units_e4 >= case.prescription.share_e4(drug.item, fill)
        word, kind = (NONE, "bad") if packs_e4 <= 0 else (ENOUGH, "ok") if enough else (SOME, "wait")
        found.append(Goods(drug.name or drug.item, word, kind))
    return tuple(found)
