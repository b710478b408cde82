"""What holds day by day follows from the agreements and changes."""

from __future__ import annotations

from datetime import date

from gongji.providers.dossier import Content, Decision, Dossier, Head, Step
from gongji.providers.spells import canonical, derived, state_on
from gongji.providers.values import ProviderState
from tests.providers import agency

TERM = (date(2024, 1, 1), date(2024, 12, 31))


def day(month: int, number: int = 1) -> date:
    return date(2024, month, number)


def dossier(layer: str, *decisions: Decision, number: int = 1, host: str = "", rows=()) -> Dossier:
    kind = "internet" if layer == "internet" else "hospital"
    profile = agency.new_profile(kind, fee_class="3", level="1")
    steps = tuple(
        Step(n, "confirm", "active", "agency:zhao", agency.at(one.from_on), Content(decision=one))
        for n, one in enumerate(decisions, start=1)
    )
    application = None if rows else agency.application(profile, "base", conditions=(), documents=())
    if application is not None and host:
        application = agency.Application(layer=layer, profile=profile, received_on=day(1), host=host)
    return Dossier(
        code=profile.code,
        dossier_id=number,
        layer=layer,
        kind=kind,
        region=profile.region,
        uscc=profile.uscc,
        received_on=day(1),
        head=Head(application=application, rows=tuple(rows)),
        steps=steps,
    )


def signed(first: date = TERM[0], last: date | None = TERM[1]) -> Decision:
    return Decision(kind="sign", from_on=first, until_on=last)


def row(first: date, last: date | None = None, **more) -> ProviderState:
    given = {
        "designated": True,
        "pooled_agreement": True,
        "fee_class": "3",
        "level": "1",
        "direct_settlement": True,
    }
    return ProviderState(first, last, **(given | more))


def on(rows, when: date) -> str:
    state = state_on(rows, when)
    if state is None:
        return "—"
    if state.designated:
        return "pooled" if state.pooled_agreement else "base"
    return "suspended" if state.suspended else "ended" if state.ended else "none"


def test_an_agreement_holds_in_its_term_and_has_ended_after_it() -> None:
    rows = derived([dossier("base", signed())], {})
    days = [date(2023, 12, 31), *TERM, date(2025, 1, 1)]
    assert [on(rows, one) for one in days] == ["—", "base", "base", "ended"]


def test_a_suspension_lasts_until_it_is_resumed() -> None:
    pause = Decision(kind="suspend", from_on=day(3), until_on=day(5))
    rows = derived([dossier("base", signed(), pause)], {})
    assert [on(rows, one) for one in (day(2), day(3), day(5), day(6), TERM[1])] == [
        "base",
        "suspended",
        "suspended",
        "suspended",
        "suspended",
    ]
    again = Decision(kind="resume", from_on=day(4, 15))
    rows = derived([dossier("base", signed(), pause, again)], {})
    assert [on(rows, one) for one in (day(4, 14), day(4, 15), TERM[1], date(2025, 1, 1))] == [
        "suspended",
        "base",
        "base",
        "ended",
    ]


def test_the_pool_is_open_only_while_the_designation_holds() -> None:
    base = dossier("base", signed(), Decision(kind="suspend", from_on=day(6), until_on=day(7)))
    pool = dossier("pooled", signed(day(3)), number=2)
    rows = derived([base, pool], {})
    assert [on(rows, one) for one in (day(2), day(3), day(6))] == ["base", "pooled", "suspended"]


def test_a_renewal_follows_without_a_gap() -> None:
    more = Decision(kind="renew", from_on=date(2025, 1, 1), until_on=date(2025, 12, 31))
    rows = derived([dossier("base", signed(), more)], {})
    assert len([one for one in rows if one.designated]) == 1
    assert on(rows, date(2026, 1, 1)) == "ended"


def test_a_new_agreement_after_a_termination_stands_on_its_own() -> None:
    first = dossier("base", signed(), Decision(kind="terminate", from_on=day(5)))
    second = dossier("base", signed(day(9), date(2025, 8, 31)), number=2)
    rows = derived([first, second], {})
    assert [on(rows, one) for one in (day(4), day(5), day(8, 31), day(9))] == [
        "base",
        "ended",
        "ended",
        "base",
    ]


def test_class_and_level_are_dated_and_independent() -> None:
    change = Decision(kind="change", from_on=day(7), field="fee_class", value="2")
    rows = derived([dossier("base", signed()), dossier("change", change, number=2)], {})
    before, after = state_on(rows, day(6)), state_on(rows, day(7))
    assert (before.fee_class, before.level) == ("3", "1")
    assert (after.fee_class, after.level) == ("2", "1")


def test_a_correction_of_the_past_does_not_undo_a_later_change() -> None:
    later = Decision(kind="change", from_on=day(7), field="fee_class", value="2")
    past = Decision(kind="change", from_on=day(3), field="fee_class", value="1", retroactive="价格文件补发")
    dossiers = [
        dossier("base", signed()),
        dossier("change", later, number=2),
        dossier("change", past, number=3),
    ]
    rows = derived(dossiers, {})
    assert [state_on(rows, one).fee_class for one in (day(2), day(3), day(7))] == ["3", "1", "2"]


def test_a_pool_that_pauses_or_ends_says_so_while_the_designation_stands() -> None:
    pause = Decision(kind="suspend", from_on=day(3), until_on=day(5))
    end = Decision(kind="terminate", from_on=day(9))
    rows = derived([dossier("base", signed()), dossier("pooled", signed(), pause, end, number=2)], {})
    told = [state_on(rows, one) for one in (day(2), day(3), day(9))]
    assert [(one.designated, one.pooled_agreement, one.suspended, one.ended) for one in told] == [
        (True, True, False, False),
        (True, False, True, False),
        (True, False, False, True),
    ]


def test_adopted_rows_keep_why_the_pool_is_closed() -> None:
    rows = [row(day(1), day(3, 31)), row(day(4), pooled_agreement=False, suspended=True)]
    base, pool = dossier("base", rows=rows), dossier("pooled", rows=rows, number=2)
    assert derived([base, pool], {}) == canonical(rows)


def test_an_internet_hospital_is_what_its_host_is() -> None:
    host = (
        row(day(1), day(5, 31), fee_class="1", level="3"),
        row(day(6), day(6, 30), pooled_agreement=False, fee_class="1", level="3"),
        row(day(7), fee_class="2", level="3"),
    )
    net = dossier("internet", signed(), host="H14080000001")
    rows = derived([net], {"H14080000001": host})
    assert [on(rows, one) for one in (day(5, 31), day(6), day(7))] == ["pooled", "suspended", "pooled"]
    assert [state_on(rows, one).fee_class for one in (day(5), day(7))] == ["1", "2"]
    assert {one.host for one in rows} == {"H14080000001"}


def test_without_a_host_on_the_books_an_internet_hospital_pauses() -> None:
    net = dossier("internet", signed(), host="H14080000001")
    assert on(derived([net], {}), day(5)) == "suspended"


def test_adopted_rows_are_derived_as_they_were() -> None:
    rows = [row(day(1), day(3, 31)), row(day(5), fee_class="2", pooled_agreement=False)]
    base, pool = dossier("base", rows=rows), dossier("pooled", rows=rows, number=2)
    assert derived([base, pool], {}) == canonical(rows)


def test_of_rows_that_overlap_the_one_that_began_last_holds() -> None:
    rows = canonical([row(day(1), fee_class="2"), row(day(5), day(8), fee_class="3")])
    assert [(one.from_on, one.fee_class) for one in rows] == [(day(1), "2"), (day(5), "3"), (day(8, 2), "2")]


def test_neighbours_that_say_the_same_are_one() -> None:
    assert canonical([row(day(1), day(1, 31)), row(day(2), day(2, 29))]) == (row(day(1), day(2, 29)),)
