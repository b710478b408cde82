"""Whatever is tried in whatever order: a prescription's books stay right."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.base.actors import SYSTEM, Actor
from gongji.base.reasons import Refusal
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, by_the_clock, step
from gongji.prescriptions.case import Case, fold
from gongji.prescriptions.settling import parts_taken, refund, settle
from gongji.prescriptions.states import STATES, TABLE
from gongji.prescriptions.values import Bought
from tests.prescriptions.centre import HOSPITAL, PHARMACY, SECOND, A, B, C
from tests.prescriptions.sheets import long_sheet, sheet, taken_to

ALLOWED = {(row.state, row.verb, state) for row in TABLE for state in row.next}
PLACES = (HOSPITAL, PHARMACY, SECOND)

KINDS = (
    *("approve",) * 6, *("settle",) * 8, *("sell",) * 6, *("undispense",) * 2, *("refund",) * 2, *("split",) * 3,
    *("release",) * 2, "confirm", "refuse", "clock", "withdraw",
)  # fmt: skip
"""What is tried more often leads deeper."""
HOURS = (*(0,) * 12, 1, 50, 700)

moves = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from((*PLACES, PHARMACY)),
    st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=3),
    st.sampled_from((1, 1, 2, 2, 3)),
    st.sampled_from(HOURS),
)


def tried(case: Case, verb: str, place: str, detail: d.Detail, at: datetime) -> Case:
    """The case after the step, or as it was when it is refused."""
    who = Actor("institution", place) if place else SYSTEM
    now = by_the_clock(case, at)
    after = step(now, Step(verb=verb, actor=who, at=at, institution=place, detail=detail))
    return case if isinstance(after, Refusal) else after


def moved(
    case: Case, kind: str, place: str, items: list[str], quantity: int, at: datetime, number: int
) -> Case:
    """The case after one attempt of whatever kind."""
    now = by_the_clock(case, at)
    if kind == "approve":
        until = min(at + timedelta(hours=2), case.deadline)
        case = tried(case, "accept", place, d.Accepted(now.fill_at(at), until, ""), at)
        case = tried(case, "verify", place, d.VerifiedSheet(1, "", ""), at)
        return tried(case, "review_pass", place, d.Reviewed(2, case.fill, "", "", "", at), at)
    if kind == "settle":
        bought = [Bought(item, quantity * 10_000, str(n)) for n, item in enumerate(items)]
        done = settle(
            case, institution=place, is_issuer=place == HOSPITAL, bought=bought, settlement_id=number, at=at,
            service_on=at.date(),
        )  # fmt: skip
        return case if isinstance(done, Refusal) else done.case
    if kind == "sell":
        wanted = [(item, quantity * 10_000) for item in items]
        parts = parts_taken(now, place, wanted, at, settling=False, insured=quantity != 3)
        if isinstance(parts, Refusal):
            return case
        return tried(case, "dispense", place, d.Sold(number, quantity != 3, parts), at)
    if kind == "undispense":
        mine = {t.sale_sn for t in case.takings if t.institution == place and not t.settlement_id}
        return tried(case, "undispense", place, d.Unsold(tuple(mine)), at)
    if kind == "refund":
        back = refund(
            case, settlement_id=max((t.settlement_id for t in case.takings), default=0) or -1, at=at
        )
        return case if back is None else back.case
    if kind == "clock":
        return tried(tried(case, "lapse", "", d.Nothing(), at), "expire", "", d.Nothing(), at)
    details = {
        "split": d.Split(now.fill),
        "withdraw": d.Doctor("D"),
        "confirm": d.Doctor("D"),
        "release": d.Nothing(),
    }
    if kind == "refuse":
        return tried(case, "review_refuse", place, d.Reviewed(3, case.fill, "", "", "x", at), at)
    return tried(case, kind, place, details[kind], at)


@settings(max_examples=300, deadline=None)
@given(st.booleans(), st.lists(moves, max_size=60))
def test_no_sequence_of_attempts_takes_anything_twice_or_beyond_the_prescription(
    long: bool, attempts: list[tuple[str, str, list[str], int, int]]
) -> None:
    prescription = long_sheet() if long else sheet()
    case = taken_to("circulating", prescription)
    at = prescription.issued_at
    for number, (kind, place, items, quantity, hours) in enumerate(attempts, start=1):
        at += timedelta(hours=hours)
        case = moved(case, kind, place, items, quantity, at, number)
        check(case)


def check(case: Case) -> None:
    """What must hold of every case at every moment."""
    prescription = case.prescription
    assert fold(prescription, case.sealed, case.events) == case
    assert case.state in STATES
    state = ""
    for event_no, event in enumerate(case.events, start=1):
        assert event.event_no == event_no
        assert (state, event.verb, event.state) in ALLOWED
        state = event.state
    assert max(Counter((t.fill, t.item) for t in case.takings).values(), default=0) <= 1
    for item in prescription.items:
        drug = prescription.drug(item)
        assert drug is not None
        assert sum(t.quantity_e4 for t in case.takings if t.item == item) <= drug.quantity_e4
    for taking in case.takings:
        assert 0 < taking.quantity_e4 <= prescription.share_e4(taking.item, taking.fill)
        assert taking.sale_sn or taking.settlement_id
    assert (case.hold is not None) == (case.state in ("held", "approved"))
    # A fill that is held stays so when the one before is refunded: nothing of it can be taken after the first three days.
    begun = case.begun_fill or any(event.verb in ("refund", "undispense") for event in case.events)
    assert case.hold is None or case.hold.until <= case.deadline or begun
    if case.state == "filled":
        assert case.complete(prescription.fills)
    if case.state == "withdrawn":
        assert not case.takings
