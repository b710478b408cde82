"""Lists of the management pages: filters as chips in the address, search, sort, pages, sums of what fits, export of just that.

A list is made of all rows that an institution has of a thing (thousands at most) and of what the address asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from gongji.base.money import format_scaled
from gongji.catalog.searching import normal
from gongji.sheets.tables import Cell, Count, Table, as_csv, as_xlsx
from gongji.web import amounts

__all__ = ["Column", "Facet", "Listing", "Row", "Shown", "exported", "listing", "taken", "totalled"]

Kind: TypeAlias = Literal["text", "word", "money", "number", "quantity", "price", "day", "minute", "state"]
PAGE: Final = 50
QUANTITY_PLACES, PRICE_PLACES = 4, 6
WHOLE: Final = frozenset({"word", "day", "minute"})
"""Kinds of values that stay in one line."""
RIGHT: Final = frozenset({"money", "number", "quantity", "price"})
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Final = {"csv": ("text/csv; charset=utf-8", as_csv), "xlsx": (XLSX, as_xlsx)}
Row: TypeAlias = dict[str, Any]


class Column(msgspec.Struct, frozen=True):
    """``key`` of the row's value; ``total``: the sum of the filtered rows stands below."""

    key: str
    title: str
    kind: Kind = "text"
    total: bool = False


def totalled(kind: Kind, **titles: str) -> tuple[Column, ...]:
    """Columns of numbers with their sums below, by key and title."""
    return tuple(Column(key, title, kind, total=True) for key, title in titles.items())


def taken(columns: Sequence[Column], thing: object) -> Row:
    """The row's values of these columns, each an attribute of ``thing`` of that name."""
    return {column.key: getattr(thing, column.key) for column in columns}


class Shown(msgspec.Struct, frozen=True):
    """A value that is more than its text: a state's colour, a grey code behind it, where it leads."""

    text: str
    kind: str = ""
    code: str = ""
    link: str = ""
    sort: Any = None


class Facet(msgspec.Struct, frozen=True):
    """A row of chips: name in the address, its title, (value, label) of the choices, which rows fit; ``every``: none is chosen."""

    key: str
    title: str
    choices: tuple[tuple[str, str], ...]
    fits: Callable[[Row, str], bool]
    every: str = "全部"


class Chip(msgspec.Struct, frozen=True):
    label: str
    address: str
    here: bool


class Head(msgspec.Struct, frozen=True):
    """A column's head: where a click sorts, how it is sorted now (ascending, descending, "")."""

    title: str
    address: str
    sorted: str
    right: bool


class ShownCell(msgspec.Struct, frozen=True):
    """``label``: the column's title, which stands beside the value where a phone shows the row as a card."""

    text: str
    label: str = ""
    right: bool = False
    whole: bool = False
    state: str = ""
    code: str = ""
    link: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What the template shows."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    totals: tuple[ShownCell, ...]
    chips: tuple[tuple[str, tuple[Chip, ...]], ...]
    searched: bool
    query: str
    kept: tuple[tuple[str, str], ...]
    count: int
    all: int
    first: int
    last: int
    before: str
    after: str
    exports: tuple[tuple[str, str], ...]
    table: Table


def listing(
    request: HttpRequest,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    facets: Sequence[Facet] = (),
    searched: Sequence[str] = (),
    order: str = "",
    notes: tuple[str, ...] = (),
) -> Listing:
    """The list as the address asks for it; what the address says that cannot be is passed over. ``order``: key or -key."""
    asked = {key: str(value) for key, value in request.GET.items() if value}
    fitting = _filtered(rows, asked, facets, searched)
    by = asked.get("sort", "") if asked.get("sort", "").lstrip("-") in {c.key for c in columns} else order
    if by:
        fitting = sorted(
            fitting, key=lambda row: _sort_key(row.get(by.lstrip("-"))), reverse=by.startswith("-")
        )
    pages = max(1, -(-len(fitting) // PAGE))
    at = min(max(int(asked["p"]), 1), pages) if asked.get("p", "").isdecimal() and len(asked["p"]) < 9 else 1
    part = fitting[(at - 1) * PAGE : at * PAGE]

    def address(**changed: str) -> str:
        left = {key: value for key, value in (asked | changed).items() if value and key != "as"}
        return f"?{urlencode(left)}"

    known = {facet.key for facet in facets}
    return Listing(
        title=title,
        heads=tuple(_head(column, by, address) for column in columns),
        rows=tuple(tuple(_cell(column, row.get(column.key)) for column in columns) for row in part),
        totals=_totals(columns, fitting),
        chips=tuple((facet.title, _chips(facet, asked, address)) for facet in facets if facet.choices),
        searched=bool(searched),
        query=asked.get("q", "") if searched else "",
        kept=tuple(
            (key, value) for key, value in asked.items() if key in known or key in ("sort", "from", "until")
        ),
        count=len(fitting),
        all=len(rows),
        first=(at - 1) * PAGE + 1 if part else 0,
        last=(at - 1) * PAGE + len(part),
        before=address(p=str(at - 1)) if at > 1 else "",
        after=address(p=str(at + 1)) if at < pages else "",
        exports=tuple((form.upper(), f"{address(p='')}&as={form}") for form in FORMS),
        table=_table(title, columns, fitting, notes),
    )


def exported(request: HttpRequest, made: Listing) -> HttpResponse | None:
    """The file when the address asks for one (``as``): every row that fits, on whichever page."""
    form = FORMS.get(request.GET.get("as", ""))
    if form is None:
        return None
    kind, write = form
    name = urlencode({"": f"{made.title}.{request.GET['as']}"})[1:]
    return HttpResponse(
        write(made.table),
        content_type=kind,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name.replace('+', '%20')}"},
    )


def _filtered(
    rows: Sequence[Row], asked: dict[str, str], facets: Sequence[Facet], searched: Sequence[str]
) -> list[Row]:
    fitting = list(rows)
    for facet in facets:
        wanted = asked.get(facet.key, "")
        if wanted in {value for value, _ in facet.choices}:
            fitting = [row for row in fitting if facet.fits(row, wanted)]
    words = normal(asked.get("q", "")) if searched else ""
    if words:
        fitting = [row for row in fitting if any(words in normal(_plain(row.get(key))) for key in searched)]
    return fitting


def _plain(value: Any) -> str:
    return f"{value.text}{value.code}" if isinstance(value, Shown) else str(value or "")


def _sort_key(value: Any) -> tuple[bool, Any]:
    """Unknown values last; a row shown in words is sorted by what stands behind them."""
    if isinstance(value, Shown):
        value = value.text if value.sort is None else value.sort
    return (value is None, 0 if value is None else value)


def _head(column: Column, by: str, address: Callable[..., str]) -> Head:
    now = {column.key: "ascending", f"-{column.key}": "descending"}.get(by, "")
    turned = f"-{column.key}" if now == "ascending" else column.key
    return Head(column.title, address(sort=turned, p=""), now, column.kind in RIGHT)


def _chips(facet: Facet, asked: dict[str, str], address: Callable[..., str]) -> tuple[Chip, ...]:
    now = asked.get(facet.key, "")
    if now not in {value for value, _ in facet.choices}:
        now = ""
    choices = (("", facet.every), *facet.choices)
    return tuple(
        Chip(label, address(**{facet.key: value, "p": ""}), value == now) for value, label in choices
    )


def _text(kind: Kind, value: Any) -> str:
    match kind, value:
        case _, None:
            return ""
        case _, Shown():
            return value.text
        case "money", int():
            return amounts.yuan(value)
        case "quantity", int():
            return format_scaled(value, QUANTITY_PLACES)
        case "price", int():
            return format_scaled(value, PRICE_PLACES, 2)
        case _, datetime():
            return amounts.minute(value)
        case _, date():
            return amounts.day(value)
        case _:
            return str(value)


def _cell(column: Column, value: Any) -> ShownCell:
    more = value if isinstance(value, Shown) else Shown("")
    kind = column.kind
    return ShownCell(
        _text(kind, value), column.title, kind in RIGHT, kind in WHOLE, more.kind, more.code, more.link
    )


def _totals(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[ShownCell, ...]:
    if not any(column.total for column in columns) or not rows:
        return ()
    cells: list[ShownCell] = []
    for index, column in enumerate(columns):
        known = [row[column.key] for row in rows if row.get(column.key) is not None] if column.total else []
        if known:
            cells.append(_cell(column, sum(known)))
        else:
            cells.append(ShownCell(f"合计 {len(rows)} 行" if index == 0 else ""))
    return tuple(cells)


def _table(title: str, columns: Sequence[Column], rows: Sequence[Row], notes: tuple[str, ...]) -> Table:
    """The rows for a file: numbers as numbers, codes behind names in brackets, the sums in a line below."""
    sums = [f"{cell.label} {cell.text}" for cell in _totals(columns, rows) if cell.label]
    return Table(
        title,
        notes,
        tuple(column.title for column in columns),
        tuple(tuple(_file_cell(column, row.get(column.key)) for column in columns) for row in rows),
        (f"合计 {len(rows)} 行：{'；'.join(sums)}",) if sums else (),
    )


def _file_cell(column: Column, value: Any) -> Cell:
    match column.kind, value:
        case "money", int():
            return value
        case "number", int():
            return Count(value)
        case "quantity", int():
            return Count(value, QUANTITY_PLACES)
        case "price", int():
            return Count(value, PRICE_PLACES)
        case _, datetime() | date():
            return value
        case _, Shown():
            return f"{value.text}（{value.code}）" if value.code else value.text
        case _:
            return _text(column.kind, value)
