"""Applications: conditions with their articles, everything missing said once, who may not apply."""

from __future__ import annotations

from datetime import date

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sealing import SealBroken, Vault
from gongji.providers import applying, files, rules
from gongji.providers.office import Office, open_personal
from tests.providers import agency
from tests.providers.agency import OFFICE, REGION, START, done, refused, taker


def codes(layer: str, kind: str, region: str = REGION, on: date = START) -> set[str]:
    found = rules.conditions(OFFICE.law, layer, kind, region, on)
    assert not isinstance(found, Refusal), found
    return {one.code for one in found}


@pytest.mark.clause("SX2022-27.art4.b", "SX2022-27.art15.a", "SX2022-27.art15.b")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_five_systems_internal_rules_and_a_process_are_asked_for_the_pool(kind: str) -> None:
    asked = codes("pooled", kind)
    assert {"system_access", "e_voucher", "e_prescription", "inventory", "traceability"} <= asked
    assert {"internal_rules", "named_staff", "process", "payment_standards"} <= asked


@pytest.mark.clause("NHSA2023-4.s2.b", "SX2021-103.s2.2.g")
def test_pharmacies_prove_five_groups_and_five_qualities_more() -> None:
    groups = {f"{one}_management" for one in ("drug", "finance", "staff", "information", "settlement")}
    qualities = {"qualified", "well_managed", "reputation", "layout", "drug_tracing"}
    assert groups | qualities <= codes("pooled", "pharmacy")
    assert not (groups | qualities) & codes("pooled", "hospital")


@pytest.mark.clause("NHSA2023-4.s2.c")
async def test_without_a_passed_test_of_direct_settlement_no_application_is_accepted(
    conn: asyncpg.Connection,
) -> None:
    profile = agency.new_profile()
    await agency.designated(conn, profile)
    short = [one for one in agency.proofs("pooled", profile) if one.code != "interface_test"]
    pool = await agency.applied(conn, profile, "pooled", conditions=tuple(short))
    answer = await applying.accept(conn, OFFICE, pool.dossier_id, taker("wang"))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.clause) == ("CONDITIONS_MISSING", "NHSA2023-4.s2.c")


def test_where_no_document_has_conditions_the_pool_is_not_opened() -> None:
    answer = rules.conditions(OFFICE.law, "pooled", "pharmacy", "621000", START)
    assert isinstance(answer, Refusal)
    assert answer.code == "PARAMETER_UNSPECIFIED"


async def test_everything_missing_is_said_once_within_five_working_days(conn: asyncpg.Connection) -> None:
    one = await agency.applied(conn, agency.new_profile(), conditions=(), documents=())
    late = await applying.give_back(conn, OFFICE, one.dossier_id, taker("wang", date(2024, 3, 12)))
    assert refused(late) == "RETURN_TOO_LATE"
    back = done(await applying.give_back(conn, OFFICE, one.dossier_id, taker("wang", date(2024, 3, 11))))
    wanted = rules.missing(OFFICE.law, one)
    assert back.last.content.missing == tuple(each.code for each in wanted)
    done(await applying.supplement(conn, OFFICE, one.dossier_id, taker("wang")))
    again = await applying.give_back(conn, OFFICE, one.dossier_id, taker("wang"))
    assert refused(again) == "RETURNED_BEFORE"


async def test_the_return_term_skips_the_spring_festival(conn: asyncpg.Connection) -> None:
    """Received on Wednesday, 7 February 2024: 8, 9 worked, holidays until 17, then the made-up Sunday 18, 19, 20."""
    one = await agency.applied(conn, agency.new_profile(), on=date(2024, 2, 7), conditions=())
    assert rules.return_due(OFFICE.law, OFFICE.calendar, one) == date(2024, 2, 20)


async def test_an_institution_runs_three_months_before_it_applies(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile(opened_on=date(2023, 12, 5))
    young = agency.application(profile)
    assert refused(await applying.apply(conn, OFFICE, young, agency.personal(), taker("wang"))) == (
        "OPERATING_TOO_SHORT"
    )
    old = agency.application(profile, on=agency.later(1))
    done(await applying.apply(conn, OFFICE, old, agency.personal(), taker("wang", agency.later(1))))


async def test_one_application_of_a_layer_at_a_time(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile()
    one = await agency.applied(conn, profile)
    again = agency.application(profile)
    assert refused(await applying.apply(conn, OFFICE, again, agency.personal(), taker("wang"))) == (
        "APPLICATION_EXISTS"
    )
    done(await applying.withdraw(conn, OFFICE, one.dossier_id, taker("wang")))
    done(await applying.apply(conn, OFFICE, again, agency.personal(), taker("wang")))


@pytest.mark.clause("SX2022-27.art4.a")
async def test_the_pool_stands_on_a_designation_in_force(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile()
    pool = agency.application(profile, "pooled")
    early = await applying.apply(conn, OFFICE, pool, agency.personal(), taker("wang"))
    assert refused(early) == "BASE_NOT_IN_FORCE"
    await agency.designated(conn, profile)
    done(await applying.apply(conn, OFFICE, pool, agency.personal(), taker("wang")))


WRONG = {
    "code": ("H1", "BAD_FIELD"),
    "uscc": ("123", "BAD_FIELD"),
    "kind": ("spa", "UNKNOWN_CODE"),
    "region": ("999", "REGION_UNKNOWN"),
    "name": (" ", "TEXT_INVALID"),
    "fee_class": ("9", "UNKNOWN_CODE"),
    "level": ("甲", "UNKNOWN_CODE"),
    "opened_on": (date(2030, 1, 1), "SERVICE_IN_FUTURE"),
    "class_document": ("", "MISSING_FIELD"),
}


@pytest.mark.parametrize("field", WRONG)
async def test_a_statement_that_cannot_be_true_is_refused(conn: asyncpg.Connection, field: str) -> None:
    value, code = WRONG[field]
    good = agency.new_profile("hospital")
    stated = msgspec.structs.replace(good, **{field: value})
    bad = msgspec.structs.replace(agency.application(good), profile=stated)
    assert refused(await applying.apply(conn, OFFICE, bad, agency.personal(), taker("wang"))) == code


async def test_text_that_cannot_be_stored_is_refused(conn: asyncpg.Connection) -> None:
    one = await agency.applied(conn, agency.new_profile())
    for note in ("a\0b", "x" * 60_000):
        answer = await applying.refuse(conn, OFFICE, one.dossier_id, taker("wang"), note)
        assert refused(answer) == "TEXT_INVALID"


async def test_an_institution_applies_for_itself_only(conn: asyncpg.Connection) -> None:
    profile = agency.new_profile()
    other = taker("P00000000000", START, "institution")
    answer = await applying.apply(conn, OFFICE, agency.application(profile), agency.personal(), other)
    assert refused(answer) == "FORBIDDEN"


async def test_representative_and_bank_account_are_sealed(conn: asyncpg.Connection) -> None:
    owner = agency.personal("140801197001010011")
    one = await agency.applied(conn, agency.new_profile(), personal=owner)
    stored = await conn.fetchrow("SELECT * FROM providers_dossier WHERE dossier_id = $1", one.dossier_id)
    text = " ".join(str(value) for value in stored.values())
    assert "140801197001010011" not in text
    assert "6222020000007654321" not in text
    read = await files.dossier(conn, one.dossier_id)
    assert read is not None
    assert open_personal(OFFICE.vault, read) == owner
    strange = Office(OFFICE.law, OFFICE.calendar, Vault({1: b"0" * 16}, b"1" * 32), OFFICE.ids)
    with pytest.raises(SealBroken):
        open_personal(strange.vault, read)
    assert "6222" not in repr(owner)


async def test_a_withdrawn_application_is_over(conn: asyncpg.Connection) -> None:
    one = await agency.applied(conn, agency.new_profile())
    done(await applying.withdraw(conn, OFFICE, one.dossier_id, taker("wang")))
    assert refused(await applying.accept(conn, OFFICE, one.dossier_id, taker("wang"))) == "AGREEMENT_STATE"


async def test_facts_cannot_be_changed(conn: asyncpg.Connection) -> None:
    one = await agency.applied(conn, agency.new_profile())
    for table in ("providers_dossier", "providers_step"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await conn.execute(f"DELETE FROM {table} WHERE dossier_id = $1", one.dossier_id)
