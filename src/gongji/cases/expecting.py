"""Reading what a step expects, each name by its own kind of value."""

from __future__ import annotations

from typing import Any

from gongji.cases import form
from gongji.cases.fields import Place


def expectations(place: Place, op: str, value: Any) -> dict[str, Any]:
    """Expected values of a step of ``op`` by name. Raises CaseError for a name that the operation does not
    compute."""
    known = form.EXPECTATIONS[op]
    item = place.mapping(value, "expect", known)
    return {name: _expected(place, known[name], name, given) for name, given in item.items()}


def _expected(place: Place, kind: str, name: str, given: Any) -> Any:
    what = f"expect 的 {name}"
    if kind == form.PROPOSALS:
        return tuple(_proposal(place, item) for item in place.items(given, what))
    if kind == form.RATES:
        return tuple(place.ratio(item, what) for item in place.items(given, what))
    if given is None:
        return None
    if kind == form.MONEY:
        return place.money(given, what)
    if kind == form.RATIO:
        return place.ratio(given, what)
    if kind == form.NUMBER:
        return place.number(given, what)
    return place.text(given, what)


def _proposal(place: Place, value: Any) -> tuple[int, int, int]:
    item = place.mapping(value, "replay_proposals", ("step", "deductible_delta", "pool_delta"))
    return (
        place.number(item.get("step"), "replay_proposals 的 step"),
        place.money(item.get("deductible_delta"), "deductible_delta"),
        place.money(item.get("pool_delta"), "pool_delta"),
    )
