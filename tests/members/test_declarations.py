"""Applications: made, decided once by somebody else, with what follows in one step; their private part stays sealed."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from gongji.base.actors import Actor
from gongji.members import declarations
from gongji.members.applications import (
    ChronicApplication,
    ChronicTerms,
    FixedApplication,
    OffsiteApplication,
    Private,
    TransferApplication,
)
from gongji.members.history import differences
from gongji.members.services import record_death
from gongji.policy.calendar import working_calendar
from tests.members import people
from tests.members.acts import LI, NOW, TODAY, ZHANG, act, code, dossier, law, person
from tests.vaults import VAULT

HOSPITAL = Actor("institution", "H14010000001")
CHRONIC = ChronicApplication(disease_code="M03900", disease_name="高血压", from_on=TODAY)
FIXED = FixedApplication(
    biz_type="03", sort_no=1, institution="H14010000001", institution_name="甲医院", from_on=TODAY
)
OFFSITE = OffsiteApplication(
    filing_kind="LONG_TERM_IN_PROVINCE", subtype="long_term_resident", region="140800", from_on=TODAY
)
TRANSFER = TransferApplication(
    region="110000", institution="H1", institution_name="乙医院", transferred_on=TODAY, from_on=TODAY
)


async def insured(conn, psn_no: str, region: str = "140100") -> str:
    await person(conn, psn_no)
    await people.add_relation(conn, psn_no, region=region)
    return psn_no


async def declared(conn, psn_no: str, application=CHRONIC, actor=HOSPITAL, private=None) -> int:
    done = await declarations.declare(conn, act(actor=actor), law(), VAULT, psn_no, application, private)
    assert isinstance(done, declarations.Declared), done
    return done.declaration_id


async def decide(conn, psn_no: str, number: int, *, approve: bool = True, actor=ZHANG, at=NOW, **more):
    return await declarations.decide(
        conn, act(at, actor, "符合准入标准"), law(), psn_no, number, approve=approve, **more
    )


@pytest.mark.clause("SX2021-103.s2.2.e")
async def test_an_approved_disease_is_entitled_with_the_terms_of_the_officer(conn):
    psn_no = await insured(conn, "DC1")
    number = await declared(conn, psn_no)
    assert (await dossier(conn, psn_no)).chronic == ()
    assert code(await decide(conn, psn_no, number, terms=ChronicTerms(quota_month_fen=40_000))) == "done"
    (entry,) = (await dossier(conn, psn_no)).chronic
    assert (entry.row.disease_code, entry.row.from_on, entry.row.quota_month_fen) == ("M03900", TODAY, 40_000)


@pytest.mark.parametrize(
    ("application", "part"), [(FIXED, "fixed"), (OFFSITE, "filings"), (TRANSFER, "filings")]
)
async def test_what_follows_from_an_approval_names_the_application(conn, application, part):
    psn_no = await insured(conn, f"DF-{application.kind}")
    number = await declared(conn, psn_no, application)
    await decide(conn, psn_no, number)
    (entry,) = getattr(await dossier(conn, psn_no), part)
    assert entry.row.declaration_id == number


async def test_a_filing_counts_as_made_on_the_day_of_application(conn):
    psn_no = await insured(conn, "DF1")
    number = await declared(conn, psn_no, OFFSITE)
    await decide(conn, psn_no, number, at=NOW + timedelta(days=12))
    row = (await dossier(conn, psn_no)).filings[0].row
    assert (row.filed_on, row.from_on) == (TODAY, TODAY)


async def test_a_member_applies_for_himself_only(conn):
    psn_no = await insured(conn, "DS2")
    outcomes = [
        await declarations.declare(conn, act(actor=Actor("member", who)), law(), VAULT, psn_no, CHRONIC)
        for who in ("DS1", psn_no)
    ]
    assert [code(one) for one in outcomes] == ["FORBIDDEN", "done"]


async def test_nobody_decides_his_own_application(conn):
    psn_no = await insured(conn, "DS1")
    number = await declared(conn, psn_no, actor=ZHANG)
    for approve in (True, False):
        assert code(await decide(conn, psn_no, number, approve=approve)) == "SECOND_PERSON_REQUIRED"
    assert code(await decide(conn, psn_no, number, actor=LI)) == "done"


@pytest.mark.parametrize("kind", ["member", "institution", "system"])
async def test_only_an_officer_decides(conn, kind):
    psn_no = await insured(conn, f"DO-{kind}")
    number = await declared(conn, psn_no)
    assert code(await decide(conn, psn_no, number, actor=Actor(kind, "zhang"))) == "FORBIDDEN"


async def test_a_refusal_needs_a_reason_and_changes_nothing(conn):
    psn_no = await insured(conn, "DR1")
    number = await declared(conn, psn_no)
    silent = await declarations.decide(conn, act(reason=" "), law(), psn_no, number, approve=False)
    assert code(silent) == "TEXT_INVALID"
    assert code(await decide(conn, psn_no, number, approve=False)) == "done"
    assert (await dossier(conn, psn_no)).chronic == ()
    (listed,) = await declarations.declarations_of(conn, psn_no)
    assert (listed.state, listed.decided_by, listed.reason) == ("refused", "agency:zhang", "符合准入标准")


async def test_of_many_decisions_at_once_the_first_stands(conn, pg_url):
    psn_no = await insured(conn, "DX1")
    number = await declared(conn, psn_no)

    async def one(officer: int):
        own = await asyncpg.connect(pg_url)
        try:
            approve = officer % 2 == 0
            actor = Actor("agency", f"officer{officer}")
            return approve, await decide(own, psn_no, number, approve=approve, actor=actor)
        finally:
            await own.close()

    outcomes = await asyncio.gather(*(one(officer) for officer in range(8)))
    first = [approve for approve, outcome in outcomes if code(outcome) == "done"]
    assert len(first) == 1
    assert {code(outcome) for _, outcome in outcomes} == {"done", "DECLARATION_DECIDED"}
    (listed,) = await declarations.declarations_of(conn, psn_no)
    assert listed.state == ("approved" if first[0] else "refused")
    assert len((await dossier(conn, psn_no)).chronic) == int(first[0])


async def test_the_database_itself_keeps_one_decision_a_declaration(conn):
    psn_no = await insured(conn, "DX2")
    number = await declared(conn, psn_no)
    await decide(conn, psn_no, number)
    again = (psn_no, number, "refused", "agency:li", NOW, "")
    assert await conn.fetchval(declarations.DECIDE, *again) is None
    with pytest.raises(asyncpg.PostgresError):
        await conn.execute("UPDATE members_decision SET state = 'refused' WHERE psn_no = $1", psn_no)


async def test_only_who_made_an_application_cancels_it_and_only_while_it_waits(conn):
    psn_no = await insured(conn, "DK1")
    number = await declared(conn, psn_no)
    stranger = await declarations.cancel(conn, act(actor=Actor("institution", "H2")), psn_no, number)
    assert code(stranger) == "DECLARATION_OF_ANOTHER"
    outcomes = [await declarations.cancel(conn, act(actor=HOSPITAL), psn_no, number) for _ in range(2)]
    assert [code(one) for one in outcomes] == ["done", "DECLARATION_DECIDED"]
    assert code(await decide(conn, psn_no, number)) == "DECLARATION_DECIDED"


async def test_a_decided_application_is_not_cancelled(conn):
    psn_no = await insured(conn, "DK2")
    number = await declared(conn, psn_no)
    await decide(conn, psn_no, number)
    outcome = await declarations.cancel(conn, act(actor=HOSPITAL), psn_no, number)
    assert code(outcome) == "DECLARATION_DECIDED"


async def test_what_cannot_be_granted_is_refused_when_it_is_applied_for(conn):
    psn_no = await insured(conn, "DD1")
    await people.add_chronic(conn, psn_no, "M03900", None)
    for application, reason in (
        (CHRONIC, "CHRONIC_EXISTS"),
        (
            OffsiteApplication(filing_kind="TEMPORARY", subtype="", region="140105", from_on=TODAY),
            "FILING_AT_HOME",
        ),
        (ChronicApplication(disease_code="M1", disease_name="糖\x07", from_on=TODAY), "TEXT_INVALID"),
    ):
        outcome = await declarations.declare(conn, act(), law(), VAULT, psn_no, application)
        assert code(outcome) == reason
    assert await declarations.declarations_of(conn, psn_no) == ()
    nobody = await declarations.declare(conn, act(), law(), VAULT, "NOBODY", CHRONIC)
    assert code(nobody) == "UNKNOWN_MEMBER"


async def test_what_can_no_longer_be_granted_stays_undecided(conn):
    psn_no = await insured(conn, "DD2")
    number = await declared(conn, psn_no)
    await record_death(
        conn, act(), law(), working_calendar(), psn_no, date(2024, 8, 1), reported_by="relative"
    )
    assert code(await decide(conn, psn_no, number)) == "MEMBER_DECEASED"
    (listed,) = await declarations.declarations_of(conn, psn_no)
    assert listed.state == "submitted"


async def test_an_unknown_application_is_not_found(conn):
    psn_no = await insured(conn, "DD3")
    assert code(await decide(conn, psn_no, 1)) == "DECLARATION_NOT_FOUND"


async def test_contact_data_are_sealed_and_opened_for_whoever_handles_them(conn):
    psn_no = await insured(conn, "DP1")
    private = Private(
        phone="13800001111", address="某街1号", agent_name="李四", agent_cert_no="11010519491231002X"
    )
    await declared(conn, psn_no, private=private)
    (listed,) = await declarations.declarations_of(conn, psn_no)
    stored = await conn.fetchval(
        "SELECT to_jsonb(d)::text FROM members_declaration d WHERE psn_no = $1", psn_no
    )
    for text in ("13800001111", "某街1号", "李四", "11010519491231002X"):
        assert text not in stored
        assert text not in f"{private!r}"
    assert declarations.private_of(VAULT, listed) == private


async def test_open_applications_are_listed_by_kind_and_region_oldest_first(conn):
    for psn_no, region in (("DL1", "149801"), ("DL2", "149802"), ("DL3", "149701")):
        await insured(conn, psn_no, region)
        await declared(conn, psn_no, FIXED)
    await declared(conn, "DL2", CHRONIC)
    decided = await declared(conn, "DL1", CHRONIC)
    await decide(conn, "DL1", decided)
    in_city = await declarations.open_declarations(conn, region="1498")
    assert [(one.psn_no, one.kind) for one in in_city] == [
        ("DL1", "fixed"),
        ("DL2", "fixed"),
        ("DL2", "chronic"),
    ]
    chronic = await declarations.open_declarations(conn, "chronic", "1498")
    assert [one.psn_no for one in chronic] == ["DL2"]


async def test_the_tables_are_what_history_adds_up_to(conn):
    assert await differences(conn) == ()
