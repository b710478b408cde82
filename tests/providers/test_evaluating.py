"""A panel scores, the parties negotiate, both sign, a second officer confirms."""

from __future__ import annotations

from datetime import date

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.providers import applying, evaluating, files, rules, standing
from gongji.providers.dossier import Dossier, Panelist, Score, Term
from tests.providers import agency
from tests.providers.agency import OFFICE, PANEL, START, done, refused, taker

LI = taker("li")


async def accepted(conn: asyncpg.Connection) -> Dossier:
    one = await agency.applied(conn, agency.new_profile())
    return done(await applying.accept(conn, OFFICE, one.dossier_id, taker("wang")))


async def evaluated(conn: asyncpg.Connection, points: int, unmet: tuple[str, ...] = ()) -> Dossier:
    one = await accepted(conn)
    done(await evaluating.convene(conn, OFFICE, one.dossier_id, LI, PANEL))
    return done(await evaluating.evaluate(conn, OFFICE, one.dossier_id, LI, agency.scores(points), unmet))


UNFIT = {
    "two": (PANEL[:2], "PANEL_UNFIT"),
    "even": ((*PANEL, Panelist("丁", "", ("finance",))), "PANEL_UNFIT"),
    "the same twice": ((*PANEL[:2], PANEL[0]), "PANEL_UNFIT"),
    "nobody of the trade": (
        (PANEL[0], Panelist("乙", "", ("insurance",)), Panelist("丙", "", ("finance", "information"))),
        "PANEL_UNFIT",
    ),
    "the officer who accepted": (
        (*PANEL[:2], Panelist(" wang ", "市医保中心", ("finance", "information"))),
        "PANEL_CONFLICT",
    ),
}


@pytest.mark.parametrize("why", UNFIT)
async def test_a_panel_is_odd_complete_and_without_interest(conn: asyncpg.Connection, why: str) -> None:
    one = await accepted(conn)
    panel, code = UNFIT[why]
    assert refused(await evaluating.convene(conn, OFFICE, one.dossier_id, LI, panel)) == code


async def test_nobody_of_the_institution_evaluates_it(conn: asyncpg.Connection) -> None:
    one = await accepted(conn)
    for own in (one.code, one.uscc, one.application.profile.name):
        panel = (*PANEL[:2], msgspec.structs.replace(PANEL[2], employer=own))
        answer = await evaluating.convene(conn, OFFICE, one.dossier_id, LI, panel)
        assert refused(answer) == "PANEL_CONFLICT"


@pytest.mark.clause("SX2022-27.art6")
async def test_the_mark_is_the_weighted_mean_of_the_members(conn: asyncpg.Connection) -> None:
    """90 × 20 % + 71 × 25 % + 60 × 15 % + 90 × 15 % + 60.33 × 25 % = 73.33."""
    points = {
        "qualification": (80, 90, 100),
        "management": (70, 71, 72),
        "reputation": (60, 60, 60),
        "layout": (90, 90, 90),
        "information": (50, 60, 71),
    }
    one = await accepted(conn)
    done(await evaluating.convene(conn, OFFICE, one.dossier_id, LI, PANEL))
    given = tuple(
        Score(member.name, criterion, values[number])
        for criterion, values in points.items()
        for number, member in enumerate(PANEL)
    )
    after = done(await evaluating.evaluate(conn, OFFICE, one.dossier_id, LI, given))
    assert (after.state, after.last.content.mark_e2) == ("qualified", 7_333)


async def test_the_pass_mark_is_reached_or_missed_by_a_hundredth(conn: asyncpg.Connection) -> None:
    assert (await evaluated(conn, 70)).state == "qualified"
    one = await accepted(conn)
    done(await evaluating.convene(conn, OFFICE, one.dossier_id, LI, PANEL))
    given = list(agency.scores(70))
    given[0] = msgspec.structs.replace(given[0], points=69)
    after = done(await evaluating.evaluate(conn, OFFICE, one.dossier_id, LI, tuple(given)))
    assert after.state == "failed"


@pytest.mark.clause("SX2022-27.art4.b")
async def test_a_condition_that_the_panel_does_not_find_met_cannot_be_outscored(
    conn: asyncpg.Connection,
) -> None:
    assert (await evaluated(conn, 100, ("information",))).state == "failed"


@pytest.mark.parametrize("spoil", ["missing", "twice", "stranger", "points"])
async def test_incomplete_scores_are_refused(conn: asyncpg.Connection, spoil: str) -> None:
    one = await accepted(conn)
    done(await evaluating.convene(conn, OFFICE, one.dossier_id, LI, PANEL))
    given = agency.scores()
    bad = {
        "missing": given[1:],
        "twice": (*given, given[0]),
        "stranger": (*given[1:], Score("丁", "layout", 80)),
        "points": (*given[1:], msgspec.structs.replace(given[0], points=101)),
    }[spoil]
    answer = await evaluating.evaluate(conn, OFFICE, one.dossier_id, LI, bad)
    assert refused(answer) == "SCORES_INCOMPLETE"


async def test_not_passed_is_put_right_for_three_months_and_then_not_for_a_year(
    conn: asyncpg.Connection,
) -> None:
    one = await evaluated(conn, 50)
    early = taker("li", date(2024, 6, 3))
    assert refused(await evaluating.rectify(conn, OFFICE, one.dossier_id, early)) == "REEVALUATION_TOO_EARLY"
    again = taker("li", date(2024, 6, 4))
    done(await evaluating.rectify(conn, OFFICE, one.dossier_id, again))
    done(await evaluating.convene(conn, OFFICE, one.dossier_id, again, PANEL))
    out = done(await evaluating.evaluate(conn, OFFICE, one.dossier_id, again, agency.scores(50)))
    assert out.state == "rejected"
    profile = one.application.profile
    for on, code in ((date(2025, 6, 3), "APPLICATION_BARRED"), (date(2025, 6, 4), None)):
        newly = agency.application(profile, on=on)
        answer = await applying.apply(conn, OFFICE, newly, agency.personal(), taker("wang", on))
        assert (answer.code if isinstance(answer, Refusal) and code else None) == code
        assert isinstance(answer, Refusal) == (code is not None)


@pytest.mark.clause(
    "SX2022-27.art4.c", "NHSA2023-4.s3.3.a", "SX2021-103.s2.5.e", "SX2024-11.s2.c", "YC2024-16.s2.a"
)
async def test_an_agreement_has_a_version_a_term_and_two_signatures(conn: asyncpg.Connection) -> None:
    one = await agency.negotiated(conn, agency.new_profile())
    unsigned = agency.signature(START)
    for blank in ("signer", "agency_signer", "version"):
        answer = await evaluating.sign(
            conn, OFFICE, one.dossier_id, LI, msgspec.structs.replace(unsigned, **{blank: " "})
        )
        assert refused(answer) == "MISSING_FIELD"
    done(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, unsigned))
    assert await files.states(conn, one.code) == ()
    after = done(await standing.confirm(conn, OFFICE, one.dossier_id, taker("zhao")))
    signed = after.effective[-1]
    assert (signed.version, signed.from_on, signed.until_on) == ("2024 版", START, date(2025, 3, 3))
    known = await files.registered(conn, one.code)
    assert known is not None
    assert known.name == one.application.profile.name


async def test_an_agreement_does_not_begin_in_the_past_without_a_reason(conn: asyncpg.Connection) -> None:
    one = await agency.negotiated(conn, agency.new_profile())
    back = agency.signature(agency.later(-1))
    assert refused(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, back)) == "DECISION_BACKDATED"
    said = msgspec.structs.replace(back, retroactive="原协议上月到期，连续提供服务")
    assert done(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, said)).state == "signed"


async def test_who_does_not_agree_may_apply_again(conn: asyncpg.Connection) -> None:
    one = await agency.negotiated(conn, agency.new_profile())
    assert refused(await evaluating.break_off(conn, OFFICE, one.dossier_id, LI, "")) == "MISSING_FIELD"
    done(await evaluating.break_off(conn, OFFICE, one.dossier_id, LI, "价格未谈成"))
    await agency.applied(conn, one.application.profile)


@pytest.mark.clause("NHSA2023-4.s2.e")
async def test_the_evaluation_ends_three_months_after_the_acceptance(conn: asyncpg.Connection) -> None:
    one = await accepted(conn)
    assert rules.evaluation_due(OFFICE.law, one, START) == date(2024, 6, 4)


@pytest.mark.clause("QY.art25.a", "SX2022-27.art16.a")
async def test_a_pooled_agreement_keeps_the_indicators_that_were_agreed_on(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile()
    await agency.designated(conn, profile)
    one = await agency.negotiated(conn, profile, "pooled")
    terms = (Term("次均费用", "不超过 120.00 元"), Term("自付比例", "不超过 40%"))
    signed = agency.signature(terms=terms)
    done(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, signed))
    done(await standing.confirm(conn, OFFICE, one.dossier_id, taker("zhao")))
    read = await files.dossier(conn, one.dossier_id)
    assert read is not None
    assert read.effective[-1].terms == terms


@pytest.mark.clause("NHSA2023-4.s3.3.a")
async def test_a_supplementary_agreement_does_not_outlive_the_designation(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile()
    await agency.designated(conn, profile, until_on=date(2024, 8, 31))
    one = await agency.negotiated(conn, profile, "pooled")
    longer = agency.signature(START, date(2024, 9, 1))
    assert refused(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, longer)) == "DATES_CONTRADICT"
    after = done(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, agency.signature()))
    assert after.pending.until_on == date(2024, 8, 31)


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_a_day_that_nobody_can_mean_is_refused(conn: asyncpg.Connection, day: date) -> None:
    one = await agency.negotiated(conn, agency.new_profile())
    answer = await evaluating.sign(conn, OFFICE, one.dossier_id, LI, agency.signature(day))
    assert refused(answer) == "BAD_FIELD"
