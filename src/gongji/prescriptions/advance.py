"""Steps taken with a prescription, ready to be written: the events, and the case after them. Pure.

``Advance.row`` is what the SQL function ``prescriptions_advance`` takes: it lets one of two who try the same step win.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from gongji.base.actors import SYSTEM, Actor
from gongji.base.reasons import Refusal
from gongji.prescriptions import details as d
from gongji.prescriptions.case import HOLDING, Case, Event, applied
from gongji.prescriptions.states import Asked, Transition, transition

__all__ = ["Advance", "Step", "by_the_clock", "step"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to do: at which institution (empty: the system), why, with what; ``sealed`` is personal."""

    verb: str
    actor: Actor
    at: datetime
    institution: str = ""
    reason: str = ""
    detail: d.Detail = d.Nothing()
    sealed: bytes | None = None


class Advance(msgspec.Struct, frozen=True):
    """A case and the events that are new since ``version``."""

    case: Case
    version: int

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(event for event in self.case.events if event.event_no > self.version)

    def row(self) -> dict[str, Any]:
        """One element of the argument of ``prescriptions_advance``; plain JSON values only."""
        case = self.case
        return {
            "psn_no": case.psn_no,
            "rx_id": case.rx_id,
            "previous": self.version,
            "version": case.version,
            "state": case.state,
            "issuer": case.issuer,
            "holder": case.holder,
            "held_until": _text(case.held_until),
            "fill": case.fill,
            "due_at": _text(case.due_at),
            "changed_at": _text(case.events[-1].at),
            "events": [_event_row(event) for event in self.events],
        }


def by_the_clock(case: Case, at: datetime) -> Case:
    """The case as the clock has left it at ``at``: a hold that has run out is over, whether somebody has written it down or not."""
    if case.hold is None or at <= case.hold.until:
        return case
    lapse = Step(verb="lapse", actor=SYSTEM, at=at)
    done = step(case, lapse)
    assert isinstance(done, Case)
    return done


def step(case: Case, wanted: Step) -> Case | Refusal:
    """The case after one more event, or why the table does not allow it."""
    row = transition(Asked(case, wanted.institution, wanted.at), wanted.verb)
    if isinstance(row, Refusal):
        return row
    event = Event(
        event_no=case.version + 1,
        verb=wanted.verb,
        state=row.next[0],
        at=wanted.at,
        actor=str(wanted.actor),
        institution=wanted.institution,
        reason=wanted.reason,
        detail=wanted.detail,
        sealed=wanted.sealed,
    )
    state = row.next[0] if len(row.next) == 1 else _outcome(row, applied(case, event), case, event)
    return applied(case, msgspec.structs.replace(event, state=state))


def _outcome(row: Transition, after: Case, before: Case, event: Event) -> str:
    """Which of several states a taking, or taking back, leads to."""
    last = after.prescription.fills
    filled = after.complete(last) if after.begun_fill == last else False
    if filled:
        state = "filled"
    elif before.state == "filled":
        state = "circulating" if event.at <= after.deadline else "expired"
    elif before.state in HOLDING and before.hold is not None and after.complete(before.hold.fill):
        state = "circulating"
    else:
        state = before.state
    if state not in row.next:
        raise AssertionError(f"{row.state} {row.verb} leads to {state}")
    return state


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _event_row(event: Event) -> Mapping[str, Any]:
    return {
        "event_no": event.event_no,
        "verb": event.verb,
        "state": event.state,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "institution": event.institution,
        "reason": event.reason,
        "detail": _builtins(event.detail),
        "sealed": None if event.sealed is None else "\\x" + event.sealed.hex(),
    }


_builtins: Final = msgspec.to_builtins
