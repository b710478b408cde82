"""What a settlement takes of a prescription, and what its reversal gives back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gongji.base.actors import SYSTEM, Actor
from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case
from gongji.prescriptions.settling import Advance, papers_of, parts_taken, refund, settle
from gongji.prescriptions.values import Bought, SaleLine, Term, Terms
from tests.prescriptions.centre import AT, DAY, HOSPITAL, PHARMACY, SECOND, A, B, C, drug
from tests.prescriptions.sheets import long_sheet, sheet, taken_to


def stepped(case: Case, verb: str, institution: str, detail: d.Detail, at: datetime = AT) -> Case:
    after = step(
        case,
        Step(
            verb=verb, actor=Actor("institution", institution), at=at, institution=institution, detail=detail
        ),
    )
    assert not isinstance(after, Refusal), after
    return after


def approved_at(case: Case, pharmacy: str = PHARMACY, at: datetime = AT) -> Case:
    """The case when the pharmacy has accepted, verified and reviewed it."""
    until = min(at + timedelta(hours=2), case.deadline)
    case = stepped(case, "accept", pharmacy, d.Accepted(case.fill_at(at), until, "", name=pharmacy), at)
    case = stepped(case, "verify", pharmacy, d.VerifiedSheet(1, "", ""), at)
    return stepped(case, "review_pass", pharmacy, d.Reviewed(2, case.fill, "", "", "", at), at)


def bought(*items: str, quantity: float = 2) -> list[Bought]:
    return [Bought(item, int(quantity * 10_000), str(n)) for n, item in enumerate(items)]


def settled(case: Case, institution: str, *items: str, **changes: object) -> Advance | Refusal:
    values = {
        "institution": institution, "is_issuer": institution == HOSPITAL, "bought": bought(*items), "settlement_id": 7,
        "at": AT,
    }  # fmt: skip
    given = values | changes
    return settle(case, **({"service_on": day_in_china(given["at"])} | given))


def done(answer: Advance | Refusal) -> Case:
    assert isinstance(answer, Advance), answer
    return answer.case


def code(answer: Advance | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def sold(
    case: Case, pharmacy: str, *items: str, at: datetime = AT, insured: bool = True, sn: int = 90
) -> Case:
    parts = parts_taken(
        case, pharmacy, [(item, 20_000) for item in items], at, settling=False, insured=insured
    )
    assert not isinstance(parts, Refusal), parts
    lines = tuple(SaleLine(item=item, quantity_e4=20_000, document="R1") for item in items)
    return stepped(case, "dispense", pharmacy, d.Sold(sn, insured, parts, lines), at)


@pytest.mark.clause("SX2022-27.art10.b")
def test_the_issuers_own_pharmacy_needs_no_hold() -> None:
    case = done(settled(taken_to("circulating"), HOSPITAL, A))
    assert (case.state, case.missing(1)) == ("circulating", {B, C})


@pytest.mark.clause("SX2022-27.art10.b")
def test_a_pharmacy_that_has_approved_settles_everything() -> None:
    case = done(settled(approved_at(taken_to("circulating")), PHARMACY, A, B, C))
    assert (case.state, case.holder, case.complete(1)) == ("filled", "", True)


def test_a_pharmacy_without_hold_settles_nothing() -> None:
    assert code(settled(taken_to("circulating"), PHARMACY, A)) == "RX_NOT_HELD"


def test_a_pharmacy_that_has_not_reviewed_settles_nothing() -> None:
    case = stepped(taken_to("circulating"), "accept", PHARMACY, d.Accepted(1, AT + timedelta(hours=2), ""))
    assert code(settled(case, PHARMACY, A)) == "RX_STATE"


def test_who_does_not_hold_is_told_who_does() -> None:
    case = approved_at(taken_to("circulating"))
    assert code(settled(case, SECOND, A)) == "RX_HELD"
    assert code(settled(case, HOSPITAL, A)) == "RX_HELD"


def test_a_hold_that_has_run_out_settles_nothing() -> None:
    case = approved_at(taken_to("circulating"))
    assert code(settled(case, PHARMACY, A, at=AT + timedelta(hours=3))) == "RX_NOT_HELD"


def test_the_issuer_may_settle_when_a_hold_has_run_out_and_the_lapse_is_written_with_it() -> None:
    case = approved_at(taken_to("circulating"))
    answer = settled(case, HOSPITAL, A, at=AT + timedelta(hours=3))
    assert isinstance(answer, Advance)
    assert [event.verb for event in answer.events] == ["lapse", "settle"]
    assert answer.row()["previous"] == case.version


def test_what_was_dispensed_is_settled_later_without_a_hold() -> None:
    case = sold(approved_at(taken_to("circulating")), PHARMACY, A, B, C)
    case = done(settled(case, PHARMACY, A, B, C, at=AT + timedelta(days=4)))
    assert case.state == "filled"
    assert {taking.settlement_id for taking in case.takings} == {7}


def test_what_was_dispensed_is_settled_in_the_same_quantity() -> None:
    case = sold(approved_at(taken_to("circulating")), PHARMACY, A)
    assert code(settled(case, PHARMACY, bought=bought(A, quantity=1))) == "RX_QUANTITY_DIFFERS"


def test_an_uninsured_sale_is_not_settled() -> None:
    case = sold(approved_at(taken_to("circulating")), PHARMACY, A, insured=False)
    assert code(settled(case, PHARMACY, A)) == "RX_ALREADY_DISPENSED"


def test_what_was_settled_is_dispensed_afterwards_and_taken_once() -> None:
    case = done(settled(approved_at(taken_to("circulating")), PHARMACY, A, B, C))
    case = sold(case, PHARMACY, A, B, C)
    assert len(case.takings) == 3
    assert all(taking.sale_sn and taking.settlement_id for taking in case.takings)


@pytest.mark.clause("SX2022-27.art14.c")
def test_the_same_drug_is_not_bought_at_another_institution() -> None:
    case = done(settled(taken_to("circulating"), HOSPITAL, A))
    case = approved_at(case)
    answer = settled(case, PHARMACY, A, split_reason="缺药")
    assert code(answer) == "SAME_DRUG_DIFFERENT_INSTITUTION"
    assert isinstance(answer, Refusal)
    assert answer.clause == "SX2022-27.art14.c"


def test_the_same_drug_is_not_bought_twice_at_one_institution() -> None:
    case = done(settled(taken_to("circulating"), HOSPITAL, A))
    assert code(settled(case, HOSPITAL, A)) == "RX_ALREADY_DISPENSED"


@pytest.mark.clause("SX2022-27.art14.b")
def test_another_institution_needs_a_registered_reason() -> None:
    case = approved_at(done(settled(taken_to("circulating"), HOSPITAL, A)))
    assert code(settled(case, PHARMACY, B)) == "RX_SPLIT_REASON_MISSING"


@pytest.mark.clause("SX2022-27.art14.a")
@pytest.mark.clause("SX2022-27.art14.b")
def test_with_a_reason_what_is_short_goes_elsewhere() -> None:
    case = stepped(done(settled(taken_to("circulating"), HOSPITAL, A)), "split", HOSPITAL, d.Split(1, (B,)))
    case = approved_at(case)
    assert code(settled(case, PHARMACY, B, C)) == "RX_SPLIT_REASON_MISSING"
    assert done(settled(case, PHARMACY, B)).missing(1) == {C}


def test_a_reason_given_with_the_settlement_is_registered() -> None:
    case = approved_at(done(settled(taken_to("circulating"), HOSPITAL, A)))
    case = done(settled(case, PHARMACY, B, split_reason="医院缺药"))
    assert case.splits == ((PHARMACY, d.Split(1)),)
    assert case.events[-1].reason == "医院缺药"


def test_where_the_law_allows_no_split_there_is_none() -> None:
    no = Terms(Term(on=False), Term(on=True), Term(on=True))
    case = approved_at(done(settled(taken_to("circulating", sheet(terms=no)), HOSPITAL, A)))
    assert code(settled(case, PHARMACY, B, split_reason="缺药")) == "RX_SPLIT_NOT_ALLOWED"


@pytest.mark.parametrize("quantity", [3, 2.5, 0, -1])
def test_no_more_than_prescribed_and_something(quantity: float) -> None:
    case = taken_to("circulating")
    assert code(settled(case, HOSPITAL, bought=bought(A, quantity=quantity))) == "RX_QUANTITY_EXCEEDED"


def test_several_lines_of_one_drug_count_together() -> None:
    case = taken_to("circulating")
    assert code(settled(case, HOSPITAL, A, A)) == "RX_QUANTITY_EXCEEDED"
    assert done(settled(case, HOSPITAL, bought=bought(A, A, quantity=1))).missing(1) == {B, C}


def test_a_drug_that_is_not_on_the_sheet_is_refused() -> None:
    assert code(settled(taken_to("circulating"), HOSPITAL, "XNOT")) == "RX_ITEM_NOT_ON_PRESCRIPTION"
    assert code(settled(taken_to("circulating"), HOSPITAL)) == "RX_ITEM_NOT_ON_PRESCRIPTION"


@pytest.mark.clause("SX2022-27.art11")
def test_an_expired_prescription_is_settled_by_nobody() -> None:
    after = AT + timedelta(days=3)
    assert code(settled(taken_to("circulating"), HOSPITAL, A, at=after)) == "RX_EXPIRED"


@pytest.mark.clause("SX2022-27.art11")
def test_an_ordinary_prescription_is_taken_wholly_within_its_days() -> None:
    case = done(settled(taken_to("circulating"), HOSPITAL, A))
    assert code(settled(case, HOSPITAL, B, at=AT + timedelta(days=3))) == "RX_EXPIRED"


def test_a_sale_before_the_day_of_issue_is_none_of_this_prescription() -> None:
    case = taken_to("circulating")
    assert code(settled(case, HOSPITAL, A, service_on=DAY - timedelta(days=1))) == "RX_NOT_FOUND"


@pytest.mark.parametrize("state", ["checked", "signed"])
def test_what_does_not_circulate_yet_is_settled_at_its_hospital_only(state: str) -> None:
    case = done(settled(taken_to(state), HOSPITAL, A))
    assert case.state == state
    assert case.taken(1, A) is not None
    assert code(settled(taken_to(state), PHARMACY, A)) == "RX_NOT_HELD"
    withdrawn = step(
        case, Step(verb="withdraw", actor=SYSTEM, at=AT, institution=HOSPITAL, detail=d.Doctor("D"))
    )
    assert isinstance(withdrawn, Refusal)
    assert withdrawn.code == "RX_ALREADY_DISPENSED"


@pytest.mark.clause("SX2022-27.art11")
def test_the_day_of_the_sale_counts_and_not_that_of_its_settlement() -> None:
    late = AT + timedelta(days=5)
    expired = stepped(taken_to("circulating"), "expire", "", d.Nothing(), AT + timedelta(days=3))
    for case in (taken_to("circulating"), expired):
        assert done(settled(case, HOSPITAL, A, at=late, service_on=DAY)).taken(1, A) is not None
        assert code(settled(case, HOSPITAL, A, at=late, service_on=DAY + timedelta(days=3))) == "RX_EXPIRED"
    assert code(settled(expired, PHARMACY, A, at=late, service_on=DAY)) == "RX_EXPIRED"


def refunded_at_the_pharmacy(later: timedelta = timedelta()) -> Case:
    """Two drugs settled together and refunded, as before a partial return."""
    case = done(settled(approved_at(taken_to("circulating")), PHARMACY, A, B))
    answer = refund(case, settlement_id=7, at=AT + later)
    assert answer is not None
    return answer.case


@pytest.mark.clause("SX2024-11.s3.e")
@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(days=10)])
def test_what_is_kept_of_a_refunded_sale_is_settled_again_without_a_new_hold(later: timedelta) -> None:
    case = refunded_at_the_pharmacy(later)
    at = AT + later
    again = done(settled(case, PHARMACY, A, at=at, service_on=DAY, settlement_id=8))
    taking = again.taken(1, A)
    assert taking is not None
    assert (taking.institution, taking.settlement_id) == (PHARMACY, 8)
    assert code(settled(again, PHARMACY, A, at=at, service_on=DAY, settlement_id=9)) == "RX_ALREADY_DISPENSED"


def test_after_a_refund_only_the_same_place_the_same_drugs_and_a_day_in_time_need_no_hold() -> None:
    soon, late = AT + timedelta(hours=3), AT + timedelta(days=10)
    case = refunded_at_the_pharmacy(timedelta(hours=3))
    assert code(settled(case, SECOND, A, at=soon, settlement_id=8)) == "RX_NOT_HELD"
    assert code(settled(case, PHARMACY, C, at=soon, settlement_id=8)) == "RX_NOT_HELD"
    assert code(settled(case, PHARMACY, A, at=late, settlement_id=8)) == "RX_EXPIRED"
    held = approved_at(case, SECOND, soon)
    assert code(settled(held, PHARMACY, A, at=soon, settlement_id=8)) == "RX_HELD"
    taken = done(settled(held, SECOND, A, at=soon, settlement_id=8, split_reason="退药后另购"))
    assert code(settled(taken, PHARMACY, A, at=soon, settlement_id=9)) == "SAME_DRUG_DIFFERENT_INSTITUTION"


def test_a_withdrawn_prescription_is_not_settled() -> None:
    case = stepped(taken_to("circulating"), "withdraw", HOSPITAL, d.Doctor("D"))
    assert code(settled(case, HOSPITAL, A)) == "RX_REVOKED"


def test_who_says_to_be_the_issuer_is() -> None:
    with pytest.raises(ValueError, match="issuer"):
        settled(taken_to("circulating"), PHARMACY, A, is_issuer=True)


def test_a_refund_opens_what_it_had_taken() -> None:
    case = done(settled(approved_at(taken_to("circulating")), PHARMACY, A, B, C))
    answer = refund(case, settlement_id=7, at=AT)
    assert answer is not None
    assert (answer.case.state, answer.case.takings) == ("circulating", ())


def test_a_refund_takes_the_sale_back_and_names_its_papers() -> None:
    case = sold(approved_at(taken_to("circulating")), PHARMACY, A, B, C)
    case = done(settled(case, PHARMACY, A, B, C))
    answer = refund(case, settlement_id=7, at=AT)
    assert answer is not None
    detail = answer.case.events[-1].detail
    assert isinstance(detail, d.Refunded)
    assert detail.sales == (90,)
    assert [paper.document for paper in papers_of(case, detail.sales)] == ["R1"]


def test_a_refund_after_the_last_instant_leaves_an_expired_prescription() -> None:
    case = done(settled(approved_at(taken_to("circulating")), PHARMACY, A, B, C))
    answer = refund(case, settlement_id=7, at=AT + timedelta(days=5))
    assert answer is not None
    assert answer.case.state == "expired"


def test_a_refund_of_something_else_changes_nothing() -> None:
    case = done(settled(taken_to("circulating"), HOSPITAL, A))
    assert refund(case, settlement_id=8, at=AT, actor=SYSTEM) is None


def test_a_refund_while_another_pharmacy_holds_leaves_the_hold() -> None:
    case = approved_at(done(settled(taken_to("circulating"), HOSPITAL, A)))
    answer = refund(case, settlement_id=7, at=AT)
    assert answer is not None
    assert (answer.case.state, answer.case.holder, answer.case.missing(1)) == (
        "approved",
        PHARMACY,
        {A, B, C},
    )


# Long prescriptions in parts (decision A28)


def first_fill() -> Case:
    """A long prescription of which the first fill is taken: 2 of 6 A, 3 of 7 B."""
    case = approved_at(taken_to("circulating", long_sheet()))
    lines = [Bought(A, 20_000, "1"), Bought(B, 30_000, "2")]
    return done(settled(case, PHARMACY, bought=lines))


@pytest.mark.parametrize(("quantity", "fills"), [(6, 3), (7, 3), (2, 3), (1, 3), (84, 2), (10, 4)])
def test_the_parts_of_all_fills_are_the_whole(quantity: int, fills: int) -> None:
    prescription = long_sheet(drug(A, quantity, 84), fills=fills)
    shares = [prescription.share_e4(A, fill) for fill in range(1, fills + 1)]
    assert sum(shares) == quantity * 10_000
    assert max(shares) - min(shares) <= 10_000
    assert all(share % 10_000 == 0 for share in shares)
    assert prescription.share_e4(A, fills + 1) == 0


def test_a_fraction_of_a_unit_is_shared_as_one() -> None:
    prescription = long_sheet(drug(A, 1, 84, quantity_e4=15_000), fills=2)
    assert [prescription.share_e4(A, fill) for fill in (1, 2)] == [7_500, 7_500]


def test_a_fill_is_followed_by_the_next_one() -> None:
    case = first_fill()
    assert (case.state, case.fill_at(AT), case.holder) == ("circulating", 2, "")


def test_the_next_fill_is_not_taken_before_its_day() -> None:
    case = first_fill()
    early = step(
        case,
        Step(verb="accept", actor=SYSTEM, at=AT + timedelta(days=27), institution=SECOND, detail=d.Nothing()),
    )
    assert isinstance(early, Refusal)
    assert (early.code, "2024-09-12" in early.detail) == ("RX_REFILL_TOO_EARLY", True)


def test_the_next_fill_opens_after_the_interval_also_elsewhere_and_without_a_reason() -> None:
    at = AT + timedelta(days=28)
    case = approved_at(first_fill(), SECOND, at)
    lines = [Bought(A, 20_000, "1"), Bought(B, 20_000, "2")]
    case = done(settled(case, SECOND, bought=lines, at=at, service_on=at.date(), settlement_id=8))
    assert (case.state, case.begun_fill) == ("circulating", 2)


def test_all_fills_taken_is_filled_and_the_quantities_are_the_prescribed_ones() -> None:
    case = first_fill()
    for fill, (a, b) in ((2, (2, 2)), (3, (2, 2))):
        at = AT + timedelta(days=28 * (fill - 1))
        case = approved_at(case, SECOND, at)
        lines = [Bought(A, a * 10_000, "1"), Bought(B, b * 10_000, "2")]
        case = done(settled(case, SECOND, bought=lines, at=at, service_on=at.date(), settlement_id=fill))
    assert case.state == "filled"
    assert {item: sum(t.quantity_e4 for t in case.takings if t.item == item) for item in (A, B)} == {
        A: 60_000,
        B: 70_000,
    }


def test_what_was_not_fetched_of_a_fill_is_given_up_when_the_next_opens() -> None:
    case = approved_at(taken_to("circulating", long_sheet()))
    case = stepped(done(settled(case, PHARMACY, bought=bought(A))), "release", PHARMACY, d.Nothing())
    assert case.fill_at(AT + timedelta(days=27)) == 1
    assert case.fill_at(AT + timedelta(days=28)) == 2


def test_a_long_prescription_not_begun_within_the_validity_expires() -> None:
    case = taken_to("circulating", long_sheet())
    assert code(settled(case, HOSPITAL, bought=bought(A), at=AT + timedelta(days=3))) == "RX_EXPIRED"


def test_a_begun_long_prescription_ends_at_its_own_last_instant() -> None:
    case = first_fill()
    assert case.deadline == case.prescription.ends_at
    assert code(settled(case, HOSPITAL, bought=bought(A), at=AT + timedelta(days=90))) == "RX_EXPIRED"


def test_a_refund_of_the_first_fill_begins_anew() -> None:
    answer = refund(first_fill(), settlement_id=7, at=AT)
    assert answer is not None
    assert (answer.case.begun_fill, answer.case.fill_at(AT), answer.case.deadline) == (
        0,
        1,
        answer.case.prescription.valid_until,
    )
