"""Suspension, resumption, renewal, termination, barring, expiry: dated, grounded, confirmed by a second person."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.providers import applying, evaluating, files, services, standing
from gongji.providers.dossier import Dossier
from gongji.providers.spells import state_on
from gongji.providers.standing import Proposal
from gongji.providers.verify import differences
from tests.providers import agency
from tests.providers.agency import OFFICE, START, done, refused, taker

LI, ZHAO = taker("li"), taker("zhao")


@pytest.fixture
async def pharmacy(conn: asyncpg.Connection) -> Dossier:
    return await agency.designated(conn, agency.new_profile())


def pause(**changes: Any) -> Proposal:
    values = {"from_on": START, "until_on": agency.later(30), "ground": "risk", "note": "检查发现风险"}
    return Proposal(**(values | changes))


async def suspended(conn: asyncpg.Connection, one: Dossier) -> Dossier:
    done(await standing.suspend(conn, OFFICE, one.dossier_id, LI, pause()))
    return done(await standing.confirm(conn, OFFICE, one.dossier_id, ZHAO))


async def on(conn: asyncpg.Connection, code: str, day: date = START) -> str:
    state = state_on(await files.states(conn, code), day)
    if state is None:
        return "—"
    return "designated" if state.designated else "suspended" if state.suspended else "ended"


async def test_a_proposal_changes_nothing_until_another_person_confirms(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    done(await standing.suspend(conn, OFFICE, pharmacy.dossier_id, LI, pause()))
    assert await on(conn, pharmacy.code) == "designated"
    assert refused(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, LI)) == "SECOND_PERSON_REQUIRED"
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    assert await on(conn, pharmacy.code) == "suspended"


async def test_a_rejected_proposal_changes_nothing(conn: asyncpg.Connection, pharmacy: Dossier) -> None:
    done(await standing.suspend(conn, OFFICE, pharmacy.dossier_id, LI, pause()))
    assert done(await standing.reject(conn, OFFICE, pharmacy.dossier_id, ZHAO)).state == "active"
    assert await on(conn, pharmacy.code) == "designated"


UNFIT = {
    "181 days": ({"until_on": agency.later(180)}, "SUSPENSION_TOO_LONG"),
    "no last day": ({"until_on": None}, "DATES_CONTRADICT"),
    "an unknown ground": ({"ground": "mood"}, "GROUND_UNKNOWN"),
    "a day that is past": ({"from_on": agency.later(-1)}, "DECISION_BACKDATED"),
    "after the term": ({"from_on": date(2025, 3, 4), "until_on": date(2025, 3, 5)}, "AGREEMENT_EXPIRED"),
    "own request without its day": ({"ground": "own_request"}, "MISSING_FIELD"),
    "own request without notice": (
        {
            "ground": "own_request",
            "requested_on": START,
            "from_on": date(2024, 6, 3),
            "until_on": date(2024, 7, 1),
        },
        "NOTICE_TOO_SHORT",
    ),
}


@pytest.mark.parametrize("why", UNFIT)
async def test_an_unfit_suspension_is_refused(conn: asyncpg.Connection, pharmacy: Dossier, why: str) -> None:
    changes, code = UNFIT[why]
    answer = await standing.suspend(conn, OFFICE, pharmacy.dossier_id, LI, pause(**changes))
    assert refused(answer) == code


async def test_180_days_and_three_months_of_notice_are_enough(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    asked = {"ground": "own_request", "requested_on": START, "from_on": date(2024, 6, 4)}
    done(
        await standing.suspend(
            conn, OFFICE, pharmacy.dossier_id, LI, pause(until_on=date(2024, 11, 30), **asked)
        )
    )


async def test_a_public_hospital_may_not_ask_to_leave(conn: asyncpg.Connection) -> None:
    one = await agency.designated(conn, agency.new_profile("hospital", public=True))
    leave = Proposal(from_on=date(2024, 9, 1), ground="own_request", requested_on=START, note="申请解除")
    answer = await standing.terminate(conn, OFFICE, one.dossier_id, LI, leave)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.clause) == ("PUBLIC_MAY_NOT_ASK", "CN-L2.art44")


async def test_a_resumption_holds_for_the_rest_of_the_term(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    await suspended(conn, pharmacy)
    again = Proposal(from_on=agency.later(10), note="已整改")
    done(await standing.resume(conn, OFFICE, pharmacy.dossier_id, LI, again))
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    days = [agency.later(9), agency.later(10), date(2025, 3, 3), date(2025, 3, 4)]
    assert [await on(conn, pharmacy.code, day) for day in days] == [
        "suspended",
        "designated",
        "designated",
        "ended",
    ]


async def test_a_decision_reaches_back_only_with_a_reason(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    back = taker("li", agency.later(20))
    said = pause(retroactive="行政处罚决定书自该日生效")
    done(await standing.suspend(conn, OFFICE, pharmacy.dossier_id, back, said))
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, taker("zhao", agency.later(20))))
    assert await on(conn, pharmacy.code, START) == "suspended"


GROUNDS = {
    "fund_fraud": date(2027, 3, 3),
    "false_application": date(2027, 3, 3),
    "settled_for_others": date(2025, 3, 3),
    "device_lent": date(2025, 3, 3),
}


@pytest.mark.clause("NHSA2023-4.s3.3.d")
@pytest.mark.parametrize("ground", GROUNDS)
async def test_the_ground_says_how_long_nobody_may_apply_again(
    conn: asyncpg.Connection, pharmacy: Dossier, ground: str
) -> None:
    leave = Proposal(from_on=START, ground=ground, note="解除")
    done(await standing.terminate(conn, OFFICE, pharmacy.dossier_id, LI, leave))
    after = done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    assert after.effective[-1].barred_until == GROUNDS[ground]
    profile = pharmacy.application.profile
    newly = agency.application(profile, on=GROUNDS[ground])
    answer = await applying.apply(conn, OFFICE, newly, agency.personal(), taker("wang", GROUNDS[ground]))
    assert refused(answer) == "APPLICATION_BARRED"


async def test_who_leaves_at_his_own_request_may_come_back(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    leave = Proposal(from_on=date(2024, 6, 4), ground="own_request", requested_on=START, note="搬迁")
    done(await standing.terminate(conn, OFFICE, pharmacy.dossier_id, LI, leave))
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    await agency.applied(conn, pharmacy.application.profile, on=date(2024, 6, 5))


async def test_a_bar_is_set_anew_by_two_persons(conn: asyncpg.Connection, pharmacy: Dossier) -> None:
    leave = Proposal(from_on=START, ground="device_lent", note="解除")
    done(await standing.terminate(conn, OFFICE, pharmacy.dossier_id, LI, leave))
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    done(await standing.bar(conn, OFFICE, pharmacy.dossier_id, LI, date(2026, 12, 31), "未履行违约责任"))
    assert done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO)).state == "terminated"
    profile = pharmacy.application.profile
    until = await files.barred_until(conn, profile.code, profile.uscc, None, date(2026, 12, 31))
    assert until == date(2026, 12, 31)


async def test_a_renewal_is_asked_for_three_months_before_the_end(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    more = agency.signature(date(2025, 3, 4), date(2026, 3, 3))
    for asked, code in ((date(2024, 12, 4), "NOTICE_TOO_SHORT"), (date(2024, 12, 3), None)):
        answer = await standing.renew(conn, OFFICE, pharmacy.dossier_id, LI, more, asked)
        assert (refused(answer) if code else None) == code
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    days = [date(2025, 3, 4), date(2026, 3, 3), date(2026, 3, 4)]
    assert [await on(conn, pharmacy.code, day) for day in days] == ["designated", "designated", "ended"]


async def test_a_renewal_leaves_no_gap(conn: asyncpg.Connection, pharmacy: Dossier) -> None:
    gap = agency.signature(date(2025, 3, 5), date(2026, 3, 3))
    assert refused(await standing.renew(conn, OFFICE, pharmacy.dossier_id, LI, gap)) == "DATES_CONTRADICT"


async def test_a_renewal_lasts_as_long_as_the_law_says(conn: asyncpg.Connection, pharmacy: Dossier) -> None:
    more = agency.signature(date(2025, 3, 4))
    done(await standing.renew(conn, OFFICE, pharmacy.dossier_id, LI, more))
    assert done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO)).term_until_on == date(
        2026, 3, 3
    )


async def test_an_agreement_is_closed_after_its_last_day(conn: asyncpg.Connection, pharmacy: Dossier) -> None:
    for day, state in ((date(2025, 3, 3), "active"), (date(2025, 3, 4), "expired")):
        await standing.expire(conn, OFFICE, taker("li", day))
        after = await files.dossier(conn, pharmacy.dossier_id)
        assert after is not None
        assert after.state == state
    assert await on(conn, pharmacy.code, date(2025, 3, 4)) == "ended"


@pytest.mark.clause("SX2022-27.art5.b")
async def test_an_internet_hospital_pauses_and_goes_on_with_its_host(conn: asyncpg.Connection) -> None:
    hospital = agency.new_profile("hospital", fee_class="1", level="3")
    await agency.designated(conn, hospital)
    net = agency.new_profile("internet", fee_class="", class_document="", level="")
    asked = agency.application(net, "internet", host=hospital.code)
    owner = agency.personal()
    assert refused(await applying.apply(conn, OFFICE, asked, owner, LI)) == "HOST_NOT_POOLED"
    pool = await agency.designated(conn, hospital, "pooled")
    await agency.designated(conn, net, "internet", host=hospital.code)
    assert await on(conn, net.code) == "designated"
    row = state_on(await files.states(conn, net.code), START)
    assert row is not None
    assert (row.fee_class, row.level, row.pooled_agreement, row.host) == ("1", "3", True, hospital.code)
    done(await standing.suspend(conn, OFFICE, pool.dossier_id, LI, pause()))
    done(await standing.confirm(conn, OFFICE, pool.dossier_id, ZHAO))
    assert await on(conn, net.code) == "suspended"
    assert await on(conn, hospital.code) == "designated"
    done(
        await standing.resume(
            conn, OFFICE, pool.dossier_id, LI, Proposal(from_on=agency.later(5), note="恢复")
        )
    )
    done(await standing.confirm(conn, OFFICE, pool.dossier_id, ZHAO))
    assert [await on(conn, net.code, agency.later(n)) for n in (4, 5)] == ["suspended", "designated"]
    assert await differences(conn) == ()


@pytest.mark.clause("SX2022-27.art5.b")
async def test_a_host_of_another_area_will_not_do(conn: asyncpg.Connection) -> None:
    hospital = agency.new_profile("hospital")
    await agency.designated(conn, hospital)
    await agency.designated(conn, hospital, "pooled")
    net = agency.new_profile("internet", fee_class="", class_document="", region="140100")
    asked = agency.application(net, "internet", host=hospital.code)
    assert refused(await applying.apply(conn, OFFICE, asked, agency.personal(), LI)) == "HOST_NOT_POOLED"


async def test_of_two_who_confirm_at_once_one_wins(conn: asyncpg.Connection, pg_url: str) -> None:
    one = await agency.negotiated(conn, agency.new_profile())
    done(await evaluating.sign(conn, OFFICE, one.dossier_id, LI, agency.signature()))
    others = [await asyncpg.connect(pg_url) for _ in range(6)]
    answers = await asyncio.gather(
        *(
            standing.confirm(other, OFFICE, one.dossier_id, taker(f"z{number}"))
            for number, other in enumerate(others)
        )
    )
    for other in others:
        await other.close()
    assert sum(not isinstance(answer, Refusal) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"AGREEMENT_STATE"}


async def test_institutions_of_another_system_are_adopted_and_then_decided_about(
    conn: asyncpg.Connection,
) -> None:
    code = "H14080099901"
    await conn.execute(
        "INSERT INTO providers_institution VALUES ($1, '旧系统医院', '', 'hospital', '2', '140800', '')", code
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, "
        "direct_settlement) VALUES ($1, 7, '2020-01-01', true, true, '1', '3', true)",
        code,
    )
    assert [one.code for one in await differences(conn)] == [code]
    number = done(await standing.adopted(conn, OFFICE, LI, code, "pooled"))
    assert await differences(conn) == ()
    assert await services.adopt(conn, OFFICE.ids, agency.at(START)) == 0
    done(await standing.suspend(conn, OFFICE, number, LI, pause()))
    done(await standing.confirm(conn, OFFICE, number, ZHAO))
    rows = await files.states(conn, code)
    before, after = state_on(rows, agency.later(-1)), state_on(rows, START)
    assert before is not None
    assert after is not None
    assert (before.pooled_agreement, after.pooled_agreement, after.designated) == (True, False, True)
    assert (after.fee_class, after.level) == ("1", "3")
    assert await differences(conn) == ()
    await conn.execute("UPDATE providers_state SET fee_class = '2' WHERE code = $1", code)
    assert [one.code for one in await differences(conn)] == [code]
    assert await services.rebuild(conn, code)
    assert await differences(conn) == ()
    assert not await services.rebuild(conn, code)


async def test_a_supplementary_agreement_ends_with_its_designation(
    conn: asyncpg.Connection, pharmacy: Dossier
) -> None:
    pool = await agency.designated(conn, pharmacy.application.profile, "pooled")
    leave = Proposal(from_on=START, ground="licence_revoked", note="许可证注销")
    done(await standing.terminate(conn, OFFICE, pharmacy.dossier_id, LI, leave))
    done(await standing.confirm(conn, OFFICE, pharmacy.dossier_id, ZHAO))
    after = await files.dossier(conn, pool.dossier_id)
    assert after is not None
    assert (after.state, after.last.actor) == ("terminated", "system:gongji")


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_a_decision_on_a_day_that_nobody_can_mean_is_refused(
    conn: asyncpg.Connection, pharmacy: Dossier, day: date
) -> None:
    number = pharmacy.dossier_id
    leave = Proposal(from_on=day, ground="fund_fraud", note="解除", retroactive="有理由")
    assert refused(await standing.terminate(conn, OFFICE, number, LI, leave)) == "BAD_FIELD"
    stop = pause(from_on=day, until_on=day, retroactive="有理由")
    assert refused(await standing.suspend(conn, OFFICE, number, LI, stop)) == "BAD_FIELD"
    more = agency.signature(day, day)
    assert refused(await standing.renew(conn, OFFICE, number, LI, more)) in ("BAD_FIELD", "DATES_CONTRADICT")
