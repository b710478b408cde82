"""What holds for an institution day by day, derived from its dossiers: the rows of ``providers_state`` that settlements read.

Every decision in force paints its days over what was decided before it (an agreement its term and the end after it, a suspension
the days from its first to the end of the term, a resumption the rest of the term, a termination everything from its day). Class and
level are those of the latest change that began (decision A30: nothing is derived from the level). An internet hospital is what its
host is: while the host is no pooled institution it pauses, and it has the host's class and level (晋医保办发〔2022〕27号 第五条,
SX2022-27.art5.b, decision A34). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.providers.dossier import Decision, Dossier
from gongji.providers.values import ProviderState

__all__ = ["IN_FORCE", "Standing", "canonical", "derived", "standing_of", "state_on"]

IN_FORCE: Final = "in_force"
SUSPENDED: Final = "suspended"
ENDED: Final = "ended"
NONE: Final = "none"
DAY: Final = timedelta(days=1)
CLASSES: Final = ("fee_class", "level")


class Standing(msgspec.Struct, frozen=True):
    """One coat of paint: from its first to its last day (None: for ever) the agreement is in ``status``."""

    from_on: date
    until_on: date | None
    status: str

    def covers(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


class _Fact(msgspec.Struct, frozen=True):
    """A value that holds from a day on, until another one does."""

    name: str
    from_on: date
    value: str


def state_on(rows: Sequence[ProviderState], on: date) -> ProviderState | None:
    """The row that holds on the day: of several the one that began last."""
    held = [row for row in rows if row.from_on <= on and (row.until_on is None or on <= row.until_on)]
    return max(held, key=lambda row: row.from_on) if held else None


def canonical(rows: Iterable[ProviderState]) -> tuple[ProviderState, ...]:
    """The same history in rows that neither overlap nor repeat: how rows of any origin are compared."""
    ordered = sorted(rows, key=lambda row: row.from_on)
    segments = []
    for first, last in _segments(_edges((row.from_on, row.until_on) for row in ordered)):
        row = state_on(ordered[::-1], first)
        if row is not None:
            pooled = row.designated and row.pooled_agreement
            segments.append(
                msgspec.structs.replace(row, from_on=first, until_on=last, pooled_agreement=pooled)
            )
    return _joined(segments)


def standing_of(dossiers: Iterable[Dossier]) -> tuple[Standing, ...]:
    """The coats of paint of one layer, the later over the earlier."""
    coats: list[Standing] = []
    for dossier in sorted(dossiers, key=lambda one: one.dossier_id):
        coats += [_adopted(row, dossier.layer) for row in canonical(dossier.head.rows)]
        term = dossier.term_adopted_until_on
        for decision in dossier.effective:
            coats += _painted(decision, term)
            if decision.kind in ("sign", "renew"):
                term = decision.until_on
    return tuple(coats)


def _adopted(row: ProviderState, layer: str) -> Standing:
    holds = row.pooled_agreement if layer == "pooled" else row.designated
    status = IN_FORCE if holds else SUSPENDED if row.suspended else ENDED if row.ended else NONE
    return Standing(row.from_on, row.until_on, status)


def _painted(decision: Decision, term: date | None) -> list[Standing]:
    first = decision.from_on
    match decision.kind:
        case "sign" | "renew":
            assert decision.until_on is not None
            after = Standing(decision.until_on + DAY, None, ENDED)
            return [Standing(first, decision.until_on, IN_FORCE), after]
        case "suspend":
            return [Standing(first, term, SUSPENDED)]
        case "resume":
            return [Standing(first, term, IN_FORCE)]
        case "terminate":
            return [Standing(first, None, ENDED)]
        case _:
            return []


def derived(
    dossiers: Sequence[Dossier], hosts: Mapping[str, Sequence[ProviderState]]
) -> tuple[ProviderState, ...]:
    """The rows of one institution; ``hosts`` are the rows of the institutions that its internet agreements are bound to."""
    layers = {
        name: standing_of(d for d in dossiers if d.layer == name) for name in ("base", "pooled", "internet")
    }
    facts = _facts(dossiers)
    host = next((d.host for d in reversed(dossiers) if d.layer == "internet" and d.host), "")
    of_host = hosts.get(host, ())
    edges = _edges(
        [
            *((coat.from_on, coat.until_on) for coats in layers.values() for coat in coats),
            *((row.from_on, row.until_on) for row in of_host),
            *((fact.from_on, None) for fact in facts),
        ]
    )
    segments = []
    for first, last in _segments(edges):
        row = _state(first, last, layers, facts)
        if row is not None and host:
            row = _bound(row, host, state_on(of_host, first))
        if row is not None:
            segments.append(row)
    return _joined(segments)


def _state(
    first: date, last: date | None, layers: Mapping[str, Sequence[Standing]], facts: Sequence[_Fact]
) -> ProviderState | None:
    own = "internet" if layers["internet"] else "base"
    status = _status(layers[own], first)
    if status is None:
        return None
    designated = status == IN_FORCE
    pooled = status if own == "internet" else _status(layers["pooled"], first)
    lost = pooled if designated else status
    return ProviderState(
        from_on=first,
        until_on=last,
        designated=designated,
        pooled_agreement=designated and pooled == IN_FORCE,
        fee_class=_value(facts, "fee_class", first),
        level=_value(facts, "level", first),
        direct_settlement=_value(facts, "direct_settlement", first) == "yes",
        suspended=lost == SUSPENDED,
        ended=lost == ENDED,
    )


def _bound(row: ProviderState, host: str, of_host: ProviderState | None) -> ProviderState:
    """An internet hospital with what its host is on the day."""
    open_there = of_host is not None and of_host.designated and of_host.pooled_agreement
    return msgspec.structs.replace(
        row,
        designated=row.designated and open_there,
        pooled_agreement=row.designated and open_there,
        suspended=row.suspended or (row.designated and not open_there),
        fee_class=of_host.fee_class if of_host else "",
        level=of_host.level if of_host else "",
        host=host,
    )


def _facts(dossiers: Sequence[Dossier]) -> tuple[_Fact, ...]:
    """Class, level and direct settlement as they were brought along, signed and changed, in the order of recording."""
    facts: list[_Fact] = []
    for dossier in sorted(dossiers, key=lambda one: one.dossier_id):
        if dossier.layer in ("base", "internet"):
            for row in canonical(dossier.head.rows):
                direct = "yes" if row.direct_settlement else "no"
                given = {"fee_class": row.fee_class, "level": row.level, "direct_settlement": direct}
                facts += [_Fact(name, row.from_on, value) for name, value in given.items()]
        application = dossier.application
        for decision in dossier.effective:
            if decision.kind == "sign" and application is not None and dossier.layer != "pooled":
                facts.append(_Fact("direct_settlement", decision.from_on, "yes"))
                facts += [_Fact(n, decision.from_on, getattr(application.profile, n)) for n in CLASSES]
            elif decision.kind == "change" and decision.field in CLASSES:
                facts.append(_Fact(decision.field, decision.from_on, decision.value))
    return tuple(facts)


def _value(facts: Sequence[_Fact], name: str, on: date) -> str:
    begun = [fact for fact in facts if fact.name == name and fact.from_on <= on]
    newest = max((fact.from_on for fact in begun), default=None)
    return next((fact.value for fact in reversed(begun) if fact.from_on == newest), "")


def _status(coats: Sequence[Standing], on: date) -> str | None:
    return next((coat.status for coat in reversed(coats) if coat.covers(on)), None)


def _edges(spans: Iterable[tuple[date, date | None]]) -> list[date]:
    """Days on which something begins or has just ended, in order."""
    days: set[date] = set()
    for first, last in spans:
        days.add(first)
        if last is not None:
            days.add(last + DAY)
    return sorted(days)


def _segments(edges: Sequence[date]) -> list[tuple[date, date | None]]:
    return [
        (first, edges[number + 1] - DAY if number + 1 < len(edges) else None)
        for number, first in enumerate(edges)
    ]


def _joined(rows: Sequence[ProviderState]) -> tuple[ProviderState, ...]:
    """Neighbours that say the same become one."""
    joined: list[ProviderState] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last is not None and last.until_on is not None and last.until_on + DAY == row.from_on:
            same = msgspec.structs.replace(row, from_on=last.from_on, until_on=last.until_on)
            if same == last:
                joined[-1] = msgspec.structs.replace(last, until_on=row.until_on)
                continue
        joined.append(row)
    return tuple(joined)
