"""A claim from the counter to the second review, on a real PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.claims import Office, Personal, Place, Verdict, receiving, selectors, services
from gongji.claims.office import open_personal
from gongji.claims.receiving import Received
from gongji.claims.values import Agent, Application, Payee
from gongji.policy import Law, compile_law, library_from_texts
from gongji.policy.calendar import Calendar
from tests.claims.office import (
    DOCUMENTS,
    DUE_ON,
    ELSEWHERE,
    FAR,
    LI,
    PERSONAL,
    SERVICE_ON,
    SHANXI,
    WANG,
    ZHAO,
    application,
    done,
    office,
    persons,
    received,
    refused,
    state,
    taker,
    visit,
)
from tests.pg import world

Conn = asyncpg.Connection


async def receive(conn: Conn, desk: Office, given: Application) -> Received:
    answer = await receiving.receive(conn, desk, given, PERSONAL, WANG)
    assert isinstance(answer, Received), answer
    return answer


async def refusal_of(conn: Conn, desk: Office, given: Application) -> Refusal:
    """The article with which an application is refused at once."""
    taken = await receive(conn, desk, given)
    assert taken.state == "refused"
    return taken.refused_visits[0][1]


async def test_an_application_is_kept_whole_with_its_term(conn: Conn, desk: Office) -> None:
    await persons(conn, "R1")
    given = application("R1", visit(60_000))
    taken = await receive(conn, desk, given)
    case = await selectors.case(conn, taken.claim_id)
    assert case is not None
    assert (taken.state, taken.missing, taken.deadline, case.due_on) == ("received", (), DUE_ON, DUE_ON)
    assert msgspec.structs.replace(case.application.visits[0], visit_id=0) == given.visits[0]
    assert open_personal(desk.vault, case) == PERSONAL


async def test_personal_data_is_sealed_for_its_own_row(conn: Conn, desk: Office) -> None:
    await persons(conn, "R2")
    claim_id = await received(conn, desk, application("R2", visit(60_000)))
    row = await conn.fetchrow(
        "SELECT sealed, content::text AS content FROM claims_claim WHERE claim_id = $1", claim_id
    )
    assert row is not None
    assert PERSONAL.payee.account_no.encode() not in row["sealed"]
    assert PERSONAL.payee.account_no not in row["content"]
    assert PERSONAL.phone not in row["content"]


@pytest.mark.clause("SX2021-103.s2.5.i")
async def test_an_invoice_is_claimed_once_whoever_brings_it(conn: Conn, desk: Office) -> None:
    await persons(conn, "R3", "R4")
    first = await received(conn, desk, application("R3", visit(30_000, invoice_no="INV-3")))
    again = await receiving.receive(
        conn, desk, application("R3", visit(30_000, invoice_no="inv-3 ")), PERSONAL, WANG
    )
    stranger = await receiving.receive(
        conn, desk, application("R4", visit(9, invoice_no="INV-3")), PERSONAL, WANG
    )
    assert refused(again) == refused(stranger) == "INVOICE_CLAIMED"
    assert str(first) in done_text(again)
    assert str(first) not in done_text(stranger)


def done_text(answer: object) -> str:
    assert isinstance(answer, Refusal)
    return answer.text


async def test_the_same_number_at_another_institution_is_shown_to_the_reviewer(
    conn: Conn, desk: Office
) -> None:
    await persons(conn, "R5")
    other = msgspec.structs.replace(FAR, name="宝鸡某医院")
    first = await received(conn, desk, application("R5", visit(30_000, invoice_no="INV-5")))
    second = await received(conn, desk, application("R5", visit(30_000, invoice_no="INV-5"), place=other))
    assert [h.claim_id for h in await selectors.holders(conn, ["INV-5"])] == [first, second]


@pytest.mark.parametrize(
    "place",
    [
        Place(name="某 三甲医院", region=SHANXI, level="1", fee_class="3", designated=True),
        Place(code=world.HOSPITAL.lower(), region=SHANXI, fee_class="3", designated=True),
    ],
)
async def test_an_institution_of_the_register_cannot_be_described_as_another(
    conn: Conn, desk: Office, place: Place
) -> None:
    """Otherwise an invoice that its counter settled could be claimed, with a class and a level of the applicant's choice."""
    who = f"V6B{place.code}"
    await persons(conn, who, region=SHANXI)
    answer = await receiving.receive(conn, desk, application(who, visit(10_000), place=place), PERSONAL, WANG)
    assert refused(answer) == "BAD_FIELD"


async def test_two_visits_of_one_claim_may_stand_on_one_invoice(conn: Conn, desk: Office) -> None:
    await persons(conn, "R6")
    both = visit(1_000, invoice_no="INV-6"), visit(2_000, number=2, invoice_no="INV-6")
    claim_id = await received(conn, desk, application("R6", *both))
    assert [h.claim_id for h in await selectors.holders(conn, ["INV-6"])] == [claim_id]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE claims_claim; --", "<script>alert(1)</script>", "票据😀", "\\"]
)
async def test_strange_texts_are_kept_as_they_are(conn: Conn, desk: Office, text: str) -> None:
    name = f"T{abs(hash(text))}"
    await persons(conn, name)
    given = application(name, visit(1_000, invoice_no=text, diagnosis=text), place=named(text))
    case = await selectors.case(conn, await received(conn, desk, given))
    assert case is not None
    assert (case.application.visits[0].diagnosis, case.application.place.name) == (text, text)


def named(name: str) -> Place:
    return msgspec.structs.replace(FAR, name=name)


async def test_a_text_that_no_database_keeps_is_refused(conn: Conn, desk: Office) -> None:
    await persons(conn, "T1")
    given = application("T1", visit(1_000, diagnosis="a\x00b"))
    assert refused(await receiving.receive(conn, desk, given, PERSONAL, WANG)) == "BAD_FIELD"


async def test_a_note_that_no_database_keeps_is_refused(conn: Conn, desk: Office) -> None:
    await persons(conn, "T2")
    claim_id = await received(conn, desk, application("T2", visit(1_000)))
    assert refused(await services.review(conn, desk, claim_id, LI, note="\x00")) == "BAD_FIELD"
    assert state(await services.review(conn, desk, claim_id, LI, note="\\u0000")) == "reviewed"


async def test_an_invoice_that_was_withdrawn_may_be_claimed_again(conn: Conn, desk: Office) -> None:
    await persons(conn, "R7")
    given = application("R7", visit(30_000))
    claim_id = await received(conn, desk, given)
    own = taker("R7", kind="member")
    assert state(await services.withdraw(conn, desk, claim_id, own)) == "withdrawn"
    await received(conn, desk, given)


async def test_a_false_invoice_stays_blocked_after_the_refusal(conn: Conn, desk: Office) -> None:
    await persons(conn, "R8")
    given = application("R8", visit(30_000))
    claim_id = await received(conn, desk, given)
    false = Refusal("INVOICE_FALSE", "票据查验不符", "SX2021-103.s2.5.i")
    case = done(await services.refuse(conn, desk, claim_id, LI, false))
    assert case.steps[-1].content.refusal.article.startswith("晋政办发〔2021〕103号")
    assert refused(await receiving.receive(conn, desk, given, PERSONAL, WANG)) == "INVOICE_CLAIMED"


async def test_an_invoice_refused_for_another_reason_may_come_back(conn: Conn, desk: Office) -> None:
    await persons(conn, "R9")
    given = application("R9", visit(30_000))
    claim_id = await received(conn, desk, given)
    why = Refusal("OUT_OF_CATALOGUE", "", "QY.art23.1")
    assert state(await services.refuse(conn, desk, claim_id, LI, why)) == "refused"
    await received(conn, desk, given)


async def test_a_refusal_names_its_article(conn: Conn, desk: Office) -> None:
    await persons(conn, "R10")
    claim_id = await received(conn, desk, application("R10", visit(30_000)))
    assert (
        refused(await services.refuse(conn, desk, claim_id, LI, Refusal("INVOICE_FALSE"))) == "MISSING_FIELD"
    )
    assert refused(await services.refuse(conn, desk, claim_id, LI)) == "MISSING_FIELD"


@pytest.mark.clause("QY.art22.2b")
async def test_where_direct_settlement_was_possible_invoices_are_not_taken(conn: Conn, desk: Office) -> None:
    await persons(conn, "E1")
    here = Place(code=world.HOSPITAL)
    refusal = await refusal_of(conn, desk, application("E1", visit(60_000), place=here))
    assert (refusal.code, refusal.clause) == ("DIRECT_SETTLEMENT_AVAILABLE", "QY.art22.2b")
    assert await selectors.holders(conn, ["no"]) == []


@pytest.mark.clause("QY.art22.2b")
async def test_a_documented_failure_of_the_system_is_the_exception(conn: Conn, desk: Office) -> None:
    await persons(conn, "E2")
    failed = application("E2", visit(60_000), place=Place(code=world.HOSPITAL), system_failure=True)
    taken = await receive(conn, desk, failed)
    assert (taken.state, taken.missing) == ("received", ("failure_certificate",))
    answer = await services.review(conn, desk, taken.claim_id, LI)
    assert refused(answer) == "CLAIM_DOCUMENTS_MISSING"
    assert "系统故障证明" in done_text(answer)


@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        pytest.param(
            {"excluded": "WORK_INJURY"}, "WORK_INJURY", "QY.art23.2", marks=pytest.mark.clause("QY.art23.2")
        ),
        pytest.param(
            {"excluded": "THIRD_PARTY"}, "THIRD_PARTY", "QY.art23.3", marks=pytest.mark.clause("QY.art23.3")
        ),
        pytest.param(
            {"excluded": "PUBLIC_HEALTH"},
            "PUBLIC_HEALTH",
            "QY.art23.4",
            marks=pytest.mark.clause("QY.art23.4"),
        ),
        pytest.param({"excluded": "ABROAD"}, "ABROAD", "QY.art23.5", marks=pytest.mark.clause("QY.art23.5")),
    ],
)
@pytest.mark.clause("QY.art23.0")
async def test_what_another_bears_is_refused_with_its_article(
    conn: Conn, desk: Office, changes: dict[str, str], code: str, clause: str
) -> None:
    name = f"E3{code}"
    await persons(conn, name)
    refusal = await refusal_of(conn, desk, application(name, visit(40_000, **changes)))
    assert (refusal.code, refusal.clause) == (code, clause)


@pytest.mark.clause("QY.art23.6")
async def test_a_place_that_is_not_designated_is_refused_but_for_an_emergency(
    conn: Conn, desk: Office
) -> None:
    await persons(conn, "E4")
    strange = Place(name="西安某门诊部", region=ELSEWHERE, level="2")
    refusal = await refusal_of(conn, desk, application("E4", visit(50_000), place=strange))
    assert (refusal.code, refusal.clause) == ("NOT_DESIGNATED", "QY.art23.6")
    taken = await receive(conn, desk, application("E4", visit(50_000, emergency=True), place=strange))
    assert (taken.state, taken.missing) == ("received", ("emergency_certificate",))


@pytest.mark.clause("SX2022-27.art26.1a")
async def test_shanxi_knows_no_exception_for_emergencies(conn: Conn, desk: Office) -> None:
    await persons(conn, "E5", region=SHANXI)
    near = Place(name="运城某门诊部", region=SHANXI, level="2")
    refusal = await refusal_of(conn, desk, application("E5", visit(50_000, emergency=True), place=near))
    assert (refusal.code, refusal.clause) == ("NOT_DESIGNATED", "SX2022-27.art26.1a")


@pytest.mark.clause("SX2022-27.art26.1b")
async def test_in_shanxi_care_without_a_voucher_is_refused(conn: Conn, desk: Office) -> None:
    await persons(conn, "E6", region=SHANXI)
    given = application("E6", visit(50_000, voucher_type=""), place=Place(code=world.HOSPITAL))
    refusal = await refusal_of(conn, desk, given)
    assert (refusal.code, refusal.clause) == ("NO_VALID_VOUCHER", "SX2022-27.art26.1b")


@pytest.mark.clause("SX2022-27.art26.2")
async def test_in_shanxi_a_pharmacys_bill_without_prescription_is_refused(conn: Conn, desk: Office) -> None:
    await persons(conn, "E7", region=SHANXI)
    bought = visit(5_000, med_type="41")
    refusal = await refusal_of(conn, desk, application("E7", bought, place=Place(code=world.PHARMACY)))
    assert (refusal.code, refusal.clause) == ("NO_PRESCRIPTION", "SX2022-27.art26.2")


@pytest.mark.clause("SX2022-27.art26.4")
async def test_in_shanxi_care_on_a_journey_is_refused(conn: Conn, desk: Office) -> None:
    await persons(conn, "E8", region=SHANXI)
    refusal = await refusal_of(conn, desk, application("E8", visit(10_000)))
    assert (refusal.code, refusal.clause) == ("OFFSITE_TEMPORARY", "SX2022-27.art26.4")


@pytest.mark.clause("SX2022-27.art26.3")
async def test_in_shanxi_a_long_term_resident_is_paid_at_designated_places_only(
    conn: Conn, desk: Office
) -> None:
    await persons(conn, "E9", region=SHANXI)
    await conn.execute(
        "INSERT INTO members_filing (psn_no, spell_no, from_on, kind, subtype, region, filed_on) "
        "VALUES ('E9', $1, '2024-01-01', 'LONG_TERM_OUT_OF_PROVINCE', 'long_term_resident', '610100', '2024-01-01')",
        world.new_id(),
    )
    strange = Place(name="西安某门诊部", region=ELSEWHERE)
    refusal = await refusal_of(conn, desk, application("E9", visit(10_000), place=strange))
    assert (refusal.code, refusal.clause) == ("NOT_DESIGNATED", "SX2022-27.art26.3")
    assert (await receive(conn, desk, application("E9", visit(10_000)))).state == "received"


@pytest.mark.clause("SX2022-27.art26.5a")
@pytest.mark.parametrize("kind", ["arrears", "waiting"])
async def test_days_without_benefit_are_refused(conn: Conn, desk: Office, kind: str) -> None:
    name = f"E10{kind}"
    await persons(conn, name, region=SHANXI)
    await conn.execute(
        "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind) VALUES ($1, $2, $3, $3, $4)",
        name,
        world.new_id(),
        SERVICE_ON,
        kind,
    )
    near = Place(code=world.HOSPITAL)
    refusal = await refusal_of(conn, desk, application(name, visit(10_000), place=near))
    expected = {"arrears": "ARREARS", "waiting": "WAITING_PERIOD"}[kind]
    assert refusal.code == expected
    next_day = visit(10_000, service_on=SERVICE_ON + timedelta(days=1))
    assert (await receive(conn, desk, application(name, next_day, place=near))).state == "received"


@pytest.mark.clause("QY.art22.2b")
async def test_the_day_of_the_visit_decides_whether_direct_settlement_was_possible(
    conn: Conn, desk: Office
) -> None:
    """Decision A33: a place that opened direct settlement on 22 July."""
    await persons(conn, "E13")
    code = "H61010000013"
    await conn.execute(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address) "
        "VALUES ($1, '西安某三甲医院', '', 'hospital', '01', $2, '')",
        code,
        ELSEWHERE,
    )
    await conn.executemany(
        "INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class, level, "
        "direct_settlement) VALUES ($1, $2, $3, $4, true, true, '1', '3', $5)",
        [
            (code, world.new_id(), date(2020, 1, 1), SERVICE_ON - timedelta(days=1), False),
            (code, world.new_id(), SERVICE_ON, None, True),
        ],
    )
    now = await office(conn)
    given = application(
        "E13",
        visit(60_000, service_on=SERVICE_ON - timedelta(days=1)),
        visit(60_000, number=2),
        place=Place(code=code),
    )
    taken = await receive(conn, now, given)
    assert [(number, why.code) for number, why in taken.refused_visits] == [
        (2, "DIRECT_SETTLEMENT_AVAILABLE")
    ]


def forgiving(months: int) -> Law:
    """The law with a region that lets late contributions count for so many months (decision A22)."""
    text = f"""
document: {{id: LOCAL, number: 本地补充, title: 本地补充, issuer: 运城, region: "1408", status: operator}}
in_force: {{from: 2023-01-01}}
overrides: [{{document: SX2022-27, where: 追补月数}}]
provisions:
  - clause: LOCAL.arrears
    article: 补缴
    text: 补缴后可追补待遇
    sets: {{arrears.retroactive_months: {months}}}
"""
    return compile_law(library_from_texts({"local.yaml": text}))


@pytest.mark.clause("SX2022-27.art26.5a")
@pytest.mark.parametrize(("months", "state_after"), [(0, "refused"), (1, "refused"), (2, "received")])
async def test_a_month_paid_late_is_claimable_as_far_as_the_region_lets_it(
    conn: Conn, desk: Office, months: int, state_after: str
) -> None:
    """The contribution of June was paid in August: two months late."""
    name = f"E14-{months}"
    await persons(conn, name, region=SHANXI)
    await conn.execute(
        "INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, "
        "paid_on, kind, import_id, line_no, recorded_at, actor) "
        "VALUES ($1, '2024-06-01', '某厂', 1, 500000, 10000, 30000, '2024-06-20', '2024-08-01', 'back_payment', 1, 1, $2, 'x')",
        name,
        WANG.at,
    )
    lenient = msgspec.structs.replace(desk, law=forgiving(months))
    june = visit(10_000, service_on=date(2024, 6, 10))
    taken = await receive(conn, lenient, application(name, june, place=Place(code=world.HOSPITAL)))
    assert taken.state == state_after


async def test_an_institution_outside_the_register_is_described(conn: Conn, desk: Office) -> None:
    await persons(conn, "E15")
    bare = application("E15", visit(60_000), place=Place(code="H61010099999"))
    assert refused(await receiving.receive(conn, desk, bare, PERSONAL, WANG)) == "UNKNOWN_INSTITUTION"
    described = msgspec.structs.replace(FAR, code="H61010099999")
    assert (await receive(conn, desk, application("E15", visit(60_000), place=described))).state == "received"


async def test_one_refused_visit_does_not_take_the_others_with_it(conn: Conn, desk: Office) -> None:
    await persons(conn, "E11")
    given = application("E11", visit(40_000, excluded="WORK_INJURY"), visit(60_000, number=2))
    taken = await receive(conn, desk, given)
    assert taken.state == "received"
    assert [(number, why.code) for number, why in taken.refused_visits] == [(1, "WORK_INJURY")]


@pytest.mark.parametrize("name", ["nobody", "E12"])
async def test_somebody_who_was_never_insured_here_has_no_claim_here(
    conn: Conn, desk: Office, name: str
) -> None:
    if name == "E12":
        await persons(conn, name)
    early = visit(1, service_on=date(2019, 1, 1))
    answer = await receiving.receive(conn, desk, application(name, early), PERSONAL, WANG)
    assert refused(answer) == {"nobody": "UNKNOWN_MEMBER", "E12": "NOT_INSURED"}[name]


async def test_a_member_applies_for_himself_only(conn: Conn, desk: Office) -> None:
    await persons(conn, "M1", "M2")
    given = application("M1", visit(60_000))
    stranger = await receiving.receive(conn, desk, given, PERSONAL, taker("M2", kind="member"))
    assert refused(stranger) == "FORBIDDEN"
    own = await receiving.receive(conn, desk, given, PERSONAL, taker("M1", kind="member"))
    assert isinstance(own, Received)
    assert (
        refused(await services.withdraw(conn, desk, own.claim_id, taker("M2", kind="member")))
        == "CLAIM_NOT_FOUND"
    )


async def test_a_claim_is_returned_once_with_everything_that_is_missing(conn: Conn, desk: Office) -> None:
    await persons(conn, "D1")
    claim_id = await received(conn, desk, application("D1", visit(60_000), documents=("invoice",)))
    case = done(await services.give_back(conn, desk, claim_id, WANG))
    assert (case.state, case.steps[-1].content.documents) == ("returned", DOCUMENTS[1:])
    assert state(await services.supplement(conn, desk, claim_id, WANG, DOCUMENTS[1:3])) == "received"
    assert refused(await services.give_back(conn, desk, claim_id, WANG)) == "CLAIM_RETURNED_BEFORE"
    answer = await services.review(conn, desk, claim_id, LI)
    assert "病历资料" in done_text(answer)
    assert "诊断证明" not in done_text(answer)
    assert state(await services.supplement(conn, desk, claim_id, WANG, DOCUMENTS[3:])) == "received"
    assert state(await services.review(conn, desk, claim_id, LI)) == "reviewed"


async def test_a_document_that_no_checklist_knows_is_not_taken(conn: Conn, desk: Office) -> None:
    await persons(conn, "D4")
    claim_id = await received(conn, desk, application("D4", visit(60_000)))
    assert refused(await services.supplement(conn, desk, claim_id, WANG, ("photo",))) == "UNKNOWN_CODE"


async def test_a_whole_claim_is_returned_with_a_reason_only(conn: Conn, desk: Office) -> None:
    await persons(conn, "D2")
    claim_id = await received(conn, desk, application("D2", visit(60_000)))
    assert refused(await services.give_back(conn, desk, claim_id, WANG)) == "MISSING_FIELD"
    assert state(await services.give_back(conn, desk, claim_id, WANG, "票据看不清")) == "returned"


async def test_an_agent_brings_a_power_of_attorney(conn: Conn, desk: Office) -> None:
    await persons(conn, "D3")
    agent = Personal(Payee("张三", "某银行", "62220200001"), agent=Agent("李四", "620000199001011234", "139"))
    given = application("D3", visit(60_000), by_agent=True)
    taken = await receiving.receive(conn, desk, given, agent, WANG)
    assert isinstance(taken, Received)
    assert taken.missing == ("power_of_attorney", "agent_identity")


async def test_the_second_review_is_another_persons(conn: Conn, desk: Office) -> None:
    await persons(conn, "V1")
    claim_id = await received(conn, desk, application("V1", visit(60_000)))
    done(
        await services.review(conn, desk, claim_id, LI, (Verdict("1-1", 100, "OUT_OF_CATALOGUE", "保健品"),))
    )
    assert refused(await services.approve(conn, desk, claim_id, LI)) == "CLAIM_FOUR_EYES"
    case = done(await services.approve(conn, desk, claim_id, ZHAO))
    assert (case.state, case.verdicts[0].note) == ("approved", "保健品")


async def test_the_second_reviewer_may_ask_for_another_first_review(conn: Conn, desk: Office) -> None:
    await persons(conn, "V2")
    claim_id = await received(conn, desk, application("V2", visit(60_000)))
    done(await services.review(conn, desk, claim_id, LI))
    assert state(await services.send_back(conn, desk, claim_id, ZHAO, "请核对病历")) == "received"
    assert state(await services.review(conn, desk, claim_id, ZHAO)) == "reviewed"
    assert refused(await services.approve(conn, desk, claim_id, ZHAO)) == "CLAIM_FOUR_EYES"


async def test_a_review_sees_what_became_known_after_the_receipt(conn: Conn, desk: Office) -> None:
    await persons(conn, "V3")
    claim_id = await received(conn, desk, application("V3", visit(60_000)))
    await conn.execute(
        "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind) VALUES ('V3', $1, $2, $2, 'arrears')",
        world.new_id(),
        SERVICE_ON,
    )
    assert refused(await services.review(conn, desk, claim_id, LI)) == "ARREARS"
    case = done(await services.refuse(conn, desk, claim_id, LI))
    assert case.steps[-1].content.refusal.clause == "QY.art13.a"


async def test_a_claim_that_is_not_there_is_said_so(conn: Conn, desk: Office) -> None:
    assert refused(await services.review(conn, desk, 1, LI)) == "CLAIM_NOT_FOUND"
    assert refused(await services.approve(conn, desk, 1, LI)) == "CLAIM_NOT_FOUND"


async def test_a_claim_is_taken_in_even_where_its_term_cannot_be_counted_yet(
    conn: Conn, desk: Office
) -> None:
    await persons(conn, "C1")
    later = msgspec.structs.replace(desk, calendar=Calendar([desk.calendar.tables[2023]]))
    taken = await receiving.receive(conn, later, application("C1", visit(60_000)), PERSONAL, WANG)
    assert isinstance(taken, Received)
    assert refused(taken.deadline) == "CALENDAR_YEAR_MISSING"
    assert taken.claim_id in [claim.claim_id for claim in await selectors.undated(conn)]
    assert await receiving.complete_deadlines(conn, desk, WANG) == 1
    assert await receiving.complete_deadlines(conn, desk, WANG) == 0
    case = await selectors.case(conn, taken.claim_id)
    assert case is not None
    assert case.due_on == DUE_ON


@pytest.mark.parametrize("table", ["claims_claim", "claims_step", "claims_due"])
async def test_facts_are_never_changed(conn: Conn, desk: Office, table: str) -> None:
    await persons(conn, f"F{table}")
    await received(conn, desk, application(f"F{table}", visit(60_000)))
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute(f"UPDATE {table} SET psn_no = psn_no")
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute(f"DELETE FROM {table}")
