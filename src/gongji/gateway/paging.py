"""What the catalogue's queries (1304, 1312, 1316-1319) have in common: pages, areas, kinds of lists, a row's own data."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from gongji.base.codes import is_known
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, normalise_region
from gongji.base.times import day_in_china
from gongji.catalog.lists import ListedItem
from gongji.gateway.calls import Call, Output, output
from gongji.gateway.messages import t13
from gongji.gateway.nodes import read_one
from gongji.gateway.values import day

__all__ = [
    "MAX_PAGE",
    "RECORD_NEEDS_CODE",
    "Scope",
    "asked_of",
    "china_day",
    "choice",
    "codes_of",
    "listed",
    "page",
    "page_of",
    "scope_of",
]

MAX_PAGE = 1_000
"""Rows of one page."""
NATION_DIGITS = "000000"
RECORD_NEEDS_CODE = Refusal("BAD_FIELD", "data.rid 须与目录编码一起填写")

P = TypeVar("P", bound=t13.Paged)
R = TypeVar("R")


class Scope(msgspec.Struct, frozen=True):
    """Where and what is asked about: ``region`` in normal form and ``admdvs`` of six digits, kinds of lists (None: all)."""

    region: str
    admdvs: str
    list_types: tuple[str, ...] | None


def asked_of(call: Call, kind: type[P]) -> P | Refusal:
    """The query of a message, with a page that can be given."""
    asked = read_one(kind, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.page_num < 1:
        return Refusal("BAD_FIELD", f"data.page_num 从 1 开始，收到 {asked.page_num}")
    if not 1 <= asked.page_size <= MAX_PAGE:
        return Refusal("BAD_FIELD", f"data.page_size 须为 1 到 {MAX_PAGE:,}，收到 {asked.page_size}")
    if asked.vali_flag not in ("", "0", "1"):
        return Refusal("UNKNOWN_CODE", f"vali_flag {asked.vali_flag}")
    return asked


def scope_of(call: Call, insu_admdvs: str, list_type: str = "") -> Scope | Refusal:
    """The area asked about, the institution's own when none is named, and the kinds of lists, parted by commas."""
    try:
        region = normalise_region(insu_admdvs or call.provider.region)
    except ValueError:
        return Refusal("REGION_INVALID", "insu_admdvs")
    kinds = tuple(part for part in (part.strip() for part in list_type.replace("，", ",").split(",")) if part)
    unknown = [kind for kind in kinds if not is_known("list_type", kind)]
    if unknown:
        return Refusal("UNKNOWN_CODE", "list_type")
    return Scope(region, six(region), kinds or None)


def six(region: str) -> str:
    """Six digits of a region in normal form, as the interface writes them."""
    return NATION_DIGITS if region == NATION else region.ljust(6, "0")


def codes_of(*asked: str, among: Sequence[str] | None = None) -> tuple[str, ...] | None:
    """The codes that fit everything asked: one of each text given, and among those found otherwise. None: any."""
    named = [{text} for text in asked if text]
    if among is not None:
        named.append(set(among))
    return tuple(sorted(set.intersection(*named))) if named else None


def choice(flag: str) -> bool | None:
    """A flag that is asked for: 1, 0, or either."""
    return {"1": True, "0": False}.get(flag)


def _before(asked: t13.Paged) -> int:
    """Rows before the page."""
    return (asked.page_num - 1) * asked.page_size


def window(asked: t13.Paged) -> tuple[int, int]:
    """How many rows to read and from which on: of one record, all of its item, so that it can be picked out."""
    return (MAX_PAGE, 0) if asked.rid else (asked.page_size, _before(asked))


async def page_of(
    asked: t13.Paged, total: int, found: Sequence[R], row: Callable[[R], t13.Listed], warning: str = ""
) -> Output:
    """The page of what was found, row by row. In a thread: a thousand rows are not to be written at the counter's cost."""
    return await asyncio.to_thread(lambda: page(asked, total, map(row, found), warning))


def page(asked: t13.Paged, total: int, rows: Iterable[t13.Listed], warning: str = "") -> Output:
    """One page of ``total`` rows as the output of its trade; the one record asked for, if one is."""
    data = tuple(rows)
    if asked.rid:
        found = [row for row in data if row.rid == asked.rid]
        total, data = len(found), tuple(found[_before(asked) :][: asked.page_size])
    pages = -(-total // asked.page_size)
    first = _before(asked) + 1 if data else 0
    return output(
        t13.PageOutput(
            data=data,
            recordCounts=total,
            pages=pages,
            pageNum=asked.page_num,
            pageSize=asked.page_size,
            size=len(data),
            startRow=first,
            endRow=first + len(data) - 1 if data else 0,
            firstPage=asked.page_num == 1,
            lastPage=asked.page_num >= pages,
        ),
        warning,
    )


def listed(item: ListedItem) -> dict[str, Any]:
    """What a row says of itself: days, record, when it was changed. Nothing in the catalogue is void."""
    return {
        "begndate": day(item.from_on),
        "enddate": day(item.until_on),
        "vali_flag": "1",
        "rid": item.record[:40],
        "updt_time": china_day(item.changed_at),
    }


def china_day(at: datetime | date | None) -> str | None:
    """日期型 of an instant."""
    return day(day_in_china(at)) if isinstance(at, datetime) else day(at)
