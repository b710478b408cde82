"""Reading what a step expects, each name by its own kind of value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gongji.cases import form
from gongji.cases.fields import Place

_LISTS = (form.RATES, form.MONEYS, form.WORDS)


def expectations(place: Place, op: str, value: Any) -> dict[str, Any]:
    """Expected values of a step of ``op`` by name. Raises CaseError for a name that the operation does not
    compute."""
    return expected(place, form.EXPECTATIONS[op], value)


def expected(place: Place, known: Mapping[str, str], value: Any) -> dict[str, Any]:
    """Expected values by name, each of the kind that ``known`` says. Raises CaseError for any other name."""
    item = place.mapping(value, "expect", known)
    return {name: _expected(place, known[name], name, given) for name, given in item.items()}


def _expected(place: Place, kind: str, name: str, given: Any) -> Any:
    what = f"expect 的 {name}"
    if kind == form.PROPOSALS:
        return tuple(_proposal(place, item) for item in place.items(given, what))
    if kind in _LISTS:
        readers: dict[str, Callable[[Any, str], Any]]
        readers = {form.RATES: place.ratio, form.MONEYS: place.money, form.WORDS: place.text}
        read = readers[kind]
        return tuple(read(item, what) for item in place.items(given, what))
    if given is None:
        return None
    if kind == form.MONEY:
        return place.money(given, what)
    if kind == form.RATIO:
        return place.ratio(given, what)
    if kind == form.NUMBER:
        return place.number(given, what)
    if kind == form.DAY:
        return place.day(given, what)
    if kind == form.SWITCH:
        return place.yes_no(given, what)
    return place.text(given, what)


def _proposal(place: Place, value: Any) -> tuple[int, int, int]:
    item = place.mapping(value, "replay_proposals", ("step", "deductible_delta", "pool_delta"))
    return (
        place.number(item.get("step"), "replay_proposals 的 step"),
        place.money(item.get("deductible_delta"), "deductible_delta"),
        place.money(item.get("pool_delta"), "pool_delta"),
    )
