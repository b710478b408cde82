"""Where an institution is, and which services it offers from one day to another: 专用通道, 长期处方, 配送, 便民门诊.

SX2022-27 第十五条, 医保办发〔2023〕4号 三(一), 晋医保发〔2024〕11号 三.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.members.validation import choice, first, ordered
from gongji.providers.register import OFFERS
from gongji.providers.rows import OfferRow, PlaceRow
from gongji.providers.writing import Act, Change, Entries, Written, change, changed

__all__ = ["end_offer", "offer", "point_refusal", "set_place"]

SOUTH, NORTH, WEST, EAST = 3_000_000, 54_000_000, 73_000_000, 136_000_000
"""China, in millionths of a degree: whatever lies outside has its digits or its order wrong."""
PLACE: Final = 1
"""An institution has one place."""


def point_refusal(lat_e6: int, lng_e6: int) -> Refusal | None:
    """Why this is no point in China, or None."""
    if SOUTH <= lat_e6 <= NORTH and WEST <= lng_e6 <= EAST:
        return None
    return Refusal("PLACE_INVALID", "须为中国境内的纬度、经度（先纬度后经度，单位为度）")


async def set_place(conn: Connection, act: Act, code: str, lat_e6: int, lng_e6: int) -> Written | Refusal:
    """The institution is here."""
    unfit = point_refusal(lat_e6, lng_e6)
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        row = PlaceRow(lat_e6, lng_e6)
        known = entries.of(PlaceRow)
        if known and known[0].row == row:
            return Refusal("NOTHING_CHANGED")
        return [Change("place", PLACE, known[0].revision if known else 0, row)]

    return await change(conn, act, code, ("place",), decide, by_institution=True)


async def offer(
    conn: Connection, act: Act, code: str, service: str, from_on: date, until_on: date | None = None
) -> Written | Refusal:
    """The institution offers a service on these days. OFFER_EXISTS when it does so already on one of them."""
    unfit = first(choice("服务", service, tuple(OFFERS)), ordered("服务日期", from_on, until_on))
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        for entry in entries.of(OfferRow):
            row = entry.row
            begins_before = until_on is None or row.from_on <= until_on
            if row.offer == service and begins_before and (row.until_on is None or from_on <= row.until_on):
                return Refusal("OFFER_EXISTS", OFFERS[service])
        return [entries.new(OfferRow(service, from_on, until_on))]

    return await change(conn, act, code, ("offer",), decide, by_institution=True)


async def end_offer(conn: Connection, act: Act, code: str, service: str, last_on: date) -> Written | Refusal:
    """The last day of a service. OFFER_NOT_FOUND when it is not offered on that day."""
    unfit = choice("服务", service, tuple(OFFERS))
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        for entry in entries.of(OfferRow):
            row = entry.row
            holds = row.from_on <= last_on and (row.until_on is None or last_on <= row.until_on)
            if row.offer == service and holds:
                return (
                    Refusal("NOTHING_CHANGED")
                    if row.until_on == last_on
                    else [changed(entry, until_on=last_on)]
                )
        return Refusal("OFFER_NOT_FOUND", OFFERS[service])

    return await change(conn, act, code, ("offer",), decide, by_institution=True)
