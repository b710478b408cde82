"""What the own shelf can give: drugs found by word or trace code, their batches and prices, and why a code cannot be sold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.catalog.values import Item
from gongji.desk.till.line import Line, Shelved
from gongji.desk.till.sale import Sale
from gongji.encounters.selectors import prices_charged
from gongji.stock.asking import code_unusable, prices, unsellable
from gongji.stock.selectors import batches_of, sights
from gongji.stock.values import SaleLine
from gongji.web.pages import Page

__all__ = ["is_code", "priced", "scanned", "searched", "shelf_line", "shelves", "short_of"]

PACK_CODE: Final = re.compile(r"[0-9]{20,}|GJV[0-9A-F]{35}")
ANY_CODE: Final = re.compile(r"[0-9A-Za-z]{8,100}")
FOUND: Final = 8


async def shelves(page: Page, items: Sequence[str]) -> dict[str, tuple[Shelved, ...]]:
    """What of each item the own shelf holds and may be sold today, by the day of expiry."""
    found: dict[str, tuple[Shelved, ...]] = {}
    async with page.connection() as conn:
        for item in items:
            batches = await batches_of(conn, page.visitor.institution, item)
            found[item] = tuple(
                Shelved(one.batch, one.local_item, one.lot_no, one.expires_on, one.quantity_e4, one.coded)
                for one in batches
                if one.quantity_e4 > 0 and not one.expired(page.today)
            )
    return found


async def priced(page: Page, items: Sequence[str]) -> dict[str, int]:
    """What each item costs here: as last charged, counted or sold, else its payment standard; the cashier may write another."""
    who = page.visitor.institution
    async with page.connection() as conn:
        known = await prices(conn, who, items) | await prices_charged(conn, who, items)
    for code in items:
        item = catalogued(page, code)
        if code not in known and item is not None and item.standard_micro:
            known[code] = item.standard_micro
    return known


def catalogued(page: Page, code: str) -> Item | None:
    """The catalogue's item today, as it is where this institution stands."""
    place = page.platform.provider(page.visitor.institution)
    return page.platform.catalogue.get(code, page.today, place.region if place is not None else "CN")


def searched(page: Page, text: str) -> tuple[tuple[str, str, str], ...]:
    """Drugs whose code, name or initials fit: code, name, specification."""
    place = page.platform.provider(page.visitor.institution)
    region = place.region if place is not None else "CN"
    found = page.platform.catalogue.search(text, page.today, limit=4 * FOUND, region=region)
    drugs = [item for item in found if item.kind in ("drug", "herb", "patent", "consumable")]
    return tuple((item.code, item.name, item.spec) for item in drugs[:FOUND])


async def shelf_line(page: Page, sale: Sale, code: str) -> Line | None:
    """The item as a line that nobody has prescribed; None for what the catalogue does not know."""
    item = catalogued(page, code)
    if item is None:
        return None
    key = str(max((int(line.key) for line in sale.lines), default=0) + 1)
    return Line(
        key=key,
        item=code,
        name=item.name,
        spec=item.spec,
        unit=item.pack_unit or item.unit,
        quantity_e4=QUANTITY_UNIT,
        price_micro=(await priced(page, [code])).get(code, 0),
        shelf=(await shelves(page, [code]))[code],
    )


async def is_code(page: Page, text: str) -> bool:
    """Whether ``text`` is a trace code: it has the form of one, or was seen on the own shelf."""
    if PACK_CODE.fullmatch(text):
        return True
    if not ANY_CODE.fullmatch(text):
        return False
    async with page.connection() as conn:
        return any(one.institution == page.visitor.institution for one in await sights(conn, text))


async def scanned(page: Page, sale: Sale, code: str) -> Sale:
    """The sale with the pack whose code was scanned, or why this pack cannot be sold in it."""
    line = await _line_of(page, sale, code)
    if isinstance(line, Refusal):
        return sale.refused(line.code, line.text, "scan")
    if code in line.codes:
        twice = Refusal("TRACE_CODE_TWICE", code)
        return sale.refused(twice.code, twice.text, f"line-{line.key}")
    if not line.prescribed_e4 and line.codes:
        line = msgspec.structs.replace(line, quantity_e4=line.quantity_e4 + QUANTITY_UNIT)
    more = msgspec.structs.replace(line, codes=(*line.codes, code), chosen=True)
    wrong = await _unusable(page, sale, more, code) or _too_many(more)
    if wrong is not None:
        return sale.refused(wrong.code, wrong.text, f"line-{line.key}" if sale.line(line.key) else "scan")
    return sale.with_line(more)


async def _line_of(page: Page, sale: Sale, code: str) -> Line | Refusal:
    """The line to which the pack belongs: of its drug, a new one where nothing is prescribed; an unknown pack goes to the only line
    that still lacks one."""
    async with page.connection() as conn:
        own = [one for one in await sights(conn, code) if one.institution == page.visitor.institution]
        local = own[0].local_item if own else ""
        batches = await batches_of(conn, page.visitor.institution, local) if local else []
    if not batches:
        waiting = [line for line in sale.lines if line.chosen and line.codes_missing]
        return waiting[0] if len(waiting) == 1 else Refusal("TRACE_CODE_UNKNOWN", code)
    item = batches[0].item
    known = next((line for line in sale.lines if line.item == item), None)
    if known is not None:
        return known
    if sale.rx_no:
        return Refusal("RX_ITEM_NOT_ON_PRESCRIPTION", f"{batches[0].local_name or item}（追溯码 {code}）")
    made = await shelf_line(page, sale, item)
    return made if made is not None else Refusal("ITEM_UNKNOWN", item)


async def _unusable(page: Page, sale: Sale, line: Line, code: str) -> Refusal | None:
    """What the rooms say against the pack: used, forged, sold, another's."""
    who, psn_no = page.visitor.institution, sale.customer.psn_no if sale.customer else sale.rx_psn_no
    async with page.connection() as conn:
        used = await code_unusable(
            conn, page.platform.vault, who, line.item, code, split=line.split, psn_no=psn_no
        )
        return used or await unsellable(conn, who, [_leaving(line)], page.at)


def _too_many(line: Line) -> Refusal | None:
    """More packs than are bought: the quantity would have to be another one first."""
    if len(line.codes) <= line.packs:
        return None
    return Refusal(
        "RX_QUANTITY_EXCEEDED", f"{line.name} 本次 {line.quantity} {line.unit}，已扫 {line.packs} 个追溯码"
    )


async def short_of(page: Page, sale: Sale) -> Refusal | None:
    """Why what is chosen could not leave the own shelf now."""
    async with page.connection() as conn:
        return await unsellable(
            conn, page.visitor.institution, [_leaving(line) for line in sale.chosen], page.at
        )


def _leaving(line: Line) -> SaleLine:
    return SaleLine(
        item=line.item,
        local_item=line.local_item,
        quantity_e4=line.quantity_e4,
        batch=line.batch,
        split=line.split,
        traces=line.codes,
    )
