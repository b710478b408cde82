"""What one month is worth, decided from a person's facts alone."""

from datetime import date

import pytest

from gongji.accounts.crediting import NOTHING_DUE, Credit, Facts, MonthLaw, Spell, credit_of, month_after
from gongji.base.reasons import Refusal
from gongji.policy import Law, Value, compile_law, load_library, overridden
from tests.accounts.credit_world import MAY, QINGYANG, TAIYUAN, law

START = date(2020, 1, 1)


def spell(
    status: str = "active", from_on: date = START, until_on: date | None = None, **other: object
) -> Spell:
    given = {
        "category": "employee" if status == "active" else "retired",
        "region": TAIYUAN,
        "payer": "employer" if status == "active" else "none",
        "has_account": True,
        **other,
    }
    return Spell(from_on, until_on, status, **given)  # type: ignore[arg-type]


def of_month(
    *spells: Spell,
    base: int | None = 600_000,
    month: date = MAY,
    died_on: date | None = None,
    employer_fen: int | None = 39_000,
    by: Law | None = None,
) -> Credit | Refusal:
    return credit_of(
        MonthLaw(by or law(), month, allow_draft=True), Facts(died_on, spells, base, employer_fen)
    )


def credited(*spells: Spell, **facts: object) -> Credit:
    found = of_month(*spells, **facts)  # type: ignore[arg-type]
    assert isinstance(found, Credit), found
    return found


def refused(*spells: Spell, **facts: object) -> str:
    found = of_month(*spells, **facts)  # type: ignore[arg-type]
    assert isinstance(found, Refusal), found
    return found.code


@pytest.mark.clause("SX2021-103.s2.3.a")
@pytest.mark.parametrize(
    ("base", "fen"), [(600_000, 12_000), (555_555, 11_111), (525, 11), (524, 10), (0, 0)]
)
def test_the_active_get_two_percent_of_their_base_rounded_once(base: int, fen: int) -> None:
    credit = credited(spell(), base=base)
    assert (credit.rule, credit.fen, credit.base_fen, credit.rate_bp) == ("active", fen, base, 200)
    assert credit.clause == "SX2021-103.s2.3.a"


@pytest.mark.clause("QY.art6.a")
def test_qingyang_gives_two_percent_by_its_own_article() -> None:
    credit = credited(spell(region=QINGYANG), base=500_000)
    assert (credit.fen, credit.clause) == (10_000, "QY.art6.a")


@pytest.mark.clause("SX2021-103.s2.3.b", "QY.art6.b", "QY.art11.a")
@pytest.mark.parametrize("region", [TAIYUAN, QINGYANG])
def test_the_employers_contribution_goes_to_the_pool_as_a_whole(region: str) -> None:
    credit = credited(spell(region=region), base=600_000, employer_fen=39_000)
    assert (credit.pool_fen, credit.fen) == (39_000, 12_000)


def test_a_law_that_still_gives_a_share_of_the_employers_part_splits_it_to_the_fen() -> None:
    older = overridden(law(), "14", {"account.employer_credit_rate": "30%"})
    credit = credited(spell(), base=600_000, employer_fen=39_005, by=older)
    assert (credit.fen, credit.pool_fen) == (12_000 + 11_702, 39_005 - 11_702)


@pytest.mark.clause("SX2021-103.s2.3.c")
def test_the_retired_get_the_fixed_amount_whatever_is_contributed() -> None:
    credit = credited(spell("retired"), base=None, employer_fen=None)
    assert (credit.rule, credit.fen, credit.base_fen, credit.rate_bp) == ("retired", 7_000, 0, 0)


@pytest.mark.clause("QY.art6.c", "SX2021-103.s2.3.c")
@pytest.mark.parametrize("region", [TAIYUAN, QINGYANG])
def test_a_fixed_amount_that_nobody_has_entered_is_refused_with_its_article(region: str) -> None:
    found = of_month(spell("retired", region=region), by=compile_law(load_library()))
    assert isinstance(found, Refusal)
    assert found.code == "PARAMETER_UNSPECIFIED"
    assert found.code not in NOTHING_DUE
    assert found.clause in ("SX2021-103.s2.3.c", "QY.art6.c")


def test_a_draft_credits_nobody_unless_it_is_allowed() -> None:
    facts = Facts(None, [spell(region=QINGYANG)], 500_000, 0)
    found = credit_of(MonthLaw(law(), MAY), facts)
    assert isinstance(found, Refusal)
    assert (found.code, found.clause) == ("LAW_DRAFT", "QY.art6.a")


def retiring(on: date, region: str = QINGYANG) -> list[Spell]:
    before = date.fromordinal(on.toordinal() - 1)
    return [spell(until_on=before, region=region), spell("retired", from_on=on, region=region)]


@pytest.mark.clause("QY.art6.d")
@pytest.mark.parametrize("day", [1, 2, 15, 31])
def test_who_retires_on_any_day_of_may_is_on_job_for_may_and_retired_for_june(day: int) -> None:
    spells = retiring(date(2023, 5, day))
    may = credited(*spells, base=500_000, month=date(2023, 5, 1))
    june = credited(*spells, base=None, month=date(2023, 6, 1))
    assert (may.rule, may.fen) == ("active", 10_000)
    assert (june.rule, june.fen) == ("retired", 7_500)


@pytest.mark.clause("QY.art6.d")
@pytest.mark.parametrize("day", [1, 15, 31])
def test_the_day_of_retirement_counts_and_not_the_day_from_which_the_status_changes(day: int) -> None:
    """Retired on any day of May, with the status of a retired member from 1 June."""
    spells = [
        spell(until_on=date(2023, 5, 31), region=QINGYANG),
        spell("retired", from_on=date(2023, 6, 1), region=QINGYANG, retired_on=date(2023, 5, day)),
    ]
    assert credited(*spells, base=500_000, month=date(2023, 5, 1)).rule == "active"
    june = credited(*spells, base=None, month=date(2023, 6, 1))
    assert (june.rule, june.fen) == ("retired", 7_500)
    assert credited(spells[1], base=None, month=date(2023, 6, 1)).rule == "retired"


def test_a_status_that_changes_late_in_the_month_after_is_retired_for_the_whole_of_it() -> None:
    spells = [
        spell(until_on=date(2024, 5, 19), region=QINGYANG),
        spell("retired", from_on=date(2024, 5, 20), region=QINGYANG, retired_on=date(2024, 4, 30)),
    ]
    assert credited(*spells, base=None).rule == "retired"


def test_a_status_that_changes_before_the_retirement_is_on_job_until_then() -> None:
    early = spell("retired", from_on=date(2024, 3, 1), region=QINGYANG, retired_on=date(2024, 5, 10))
    assert [credited(early, month=month).rule for month in (date(2024, 4, 1), MAY)] == ["active", "active"]
    assert credited(early, month=date(2024, 6, 1)).rule == "retired"


def test_a_relation_that_is_interrupted_for_the_whole_month_is_none() -> None:
    spells = [spell(until_on=date(2024, 4, 30)), spell(from_on=date(2024, 6, 1))]
    assert refused(*spells) == "NOT_INSURED"
    assert credited(*spells, month=date(2024, 6, 1)).fen == 12_000


def test_a_relation_that_begins_again_during_the_month_is_credited_with_its_contribution() -> None:
    assert credited(spell(until_on=date(2024, 4, 30)), spell(from_on=date(2024, 5, 10))).fen == 12_000


def test_who_comes_as_retired_next_month_after_a_month_without_a_relation_gets_nothing_for_it() -> None:
    assert (
        refused(spell(until_on=date(2024, 4, 30)), spell("retired", from_on=date(2024, 6, 1)))
        == "NOT_INSURED"
    )


def test_a_retired_member_who_works_again_stays_retired() -> None:
    assert (
        credited(spell("retired", until_on=date(2024, 5, 9)), spell(from_on=date(2024, 5, 10))).rule
        == "retired"
    )


def test_who_retires_without_a_contribution_for_the_month_gets_nothing_for_it() -> None:
    assert refused(*retiring(date(2024, 5, 1)), base=None) == "CONTRIBUTION_NOT_RECEIVED"


def test_a_region_that_counts_from_the_same_month_credits_as_retired_at_once() -> None:
    cells = {"account.retired_from": "same_month", "account.retired_monthly": "75.00"}
    same = overridden(law(), "6210", cells)
    assert credited(*retiring(date(2024, 5, 31)), by=same).rule == "retired"
    assert credited(*retiring(date(2024, 6, 1)), by=same).rule == "active"
    registered = [
        spell(until_on=date(2024, 5, 31), region=QINGYANG),
        spell("retired", from_on=date(2024, 6, 1), region=QINGYANG, retired_on=date(2024, 5, 10)),
    ]
    assert credited(*registered, by=same).rule == "retired"


class Silent(MonthLaw):
    """A law that does not say from when the retired are credited as such."""

    def value(self, key: str, region: str) -> Value | Refusal:
        return (
            Refusal("PARAMETER_UNSPECIFIED", key)
            if key == "account.retired_from"
            else super().value(key, region)
        )


@pytest.mark.parametrize("day", [1, 15])
def test_a_region_that_does_not_say_from_when_credits_nobody_in_the_month_of_retirement(day: int) -> None:
    spells = retiring(date(2024, 5, day), region=TAIYUAN)
    found = credit_of(Silent(law(), MAY), Facts(None, spells, 600_000, 0))
    assert isinstance(found, Refusal)
    assert found.code == "PARAMETER_UNSPECIFIED"
    assert isinstance(credit_of(Silent(law(), date(2024, 6, 1)), Facts(None, spells[1:], None, None)), Credit)


def test_who_was_retired_from_the_start_is_credited_as_retired() -> None:
    assert credited(spell("retired", from_on=MAY)).rule == "retired"


def test_who_is_first_insured_during_the_month_gets_what_was_contributed_for_it() -> None:
    assert credited(spell(from_on=date(2024, 5, 20))).fen == 12_000


def test_a_retired_member_who_comes_during_the_month_begins_with_the_next() -> None:
    assert refused(spell("retired", from_on=date(2024, 5, 2))) == "NOT_INSURED"


@pytest.mark.parametrize("until_on", [date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 31)])
def test_the_month_of_leaving_is_due_and_the_one_after_is_not(until_on: date) -> None:
    found = of_month(spell(until_on=until_on))
    assert isinstance(found, Credit) == (until_on >= MAY)
    assert refused(spell(until_on=until_on), month=date(2024, 6, 1)) == "NOT_INSURED"


@pytest.mark.parametrize("died_on", [MAY, date(2024, 5, 31)])
def test_the_month_of_death_is_due_and_the_one_after_is_not(died_on: date) -> None:
    assert credited(spell(), died_on=died_on).fen == 12_000
    assert refused(spell(), died_on=died_on, month=date(2024, 6, 1)) == "MEMBER_DECEASED"


@pytest.mark.clause("QY.art13.a")
def test_flexible_workers_are_credited_when_they_have_paid_and_not_before() -> None:
    flexible = spell(category="flexible", payer="self", region=QINGYANG)
    assert (credited(flexible, base=400_000, employer_fen=0).rule, credited(flexible, base=400_000).fen) == (
        "flexible",
        8_000,
    )
    assert refused(flexible, base=None) == "CONTRIBUTION_NOT_RECEIVED"


def test_flexible_workers_without_an_account_get_none() -> None:
    assert refused(spell(category="flexible", has_account=False)) == "NO_PERSONAL_ACCOUNT"


@pytest.mark.clause("QY.art13.b")
@pytest.mark.parametrize("category", ["bankrupt_retiree", "hardship_retiree"])
def test_retired_members_of_closed_enterprises_are_credited_like_others_once_the_finance_has_paid(
    category: str,
) -> None:
    person = spell("retired", category=category, payer="finance", region=QINGYANG)
    other = credited(spell("retired", region=QINGYANG))
    paid = credited(person, base=0)
    assert (paid.rule, paid.fen, paid.clause) == (other.rule, other.fen, other.clause)
    assert refused(person, base=None) == "CONTRIBUTION_NOT_RECEIVED"


def test_who_moves_in_the_month_is_credited_where_the_month_began() -> None:
    spells = [spell(until_on=date(2024, 5, 10)), spell(from_on=date(2024, 5, 11), region=QINGYANG)]
    assert credited(*spells).region == TAIYUAN
    assert credited(*spells, month=date(2024, 6, 1)).region == QINGYANG


def test_a_region_without_law_is_no_zero() -> None:
    code = refused(spell(region="990000"))
    assert code == "REGION_UNKNOWN"
    assert code not in NOTHING_DUE


def test_the_month_after_december_is_january() -> None:
    assert [month_after(date(2024, month, 1)) for month in (1, 11, 12)] == [
        date(2024, 2, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
    ]
