"""Reads of the members room on a real database."""

from datetime import date, timedelta

import pytest

from gongji.base.sealing import Vault
from gongji.members.selectors import family_owners, find, identify, standings, vault_fits
from tests.members import people
from tests.vaults import VAULT

DAY = date(2024, 8, 15)


async def test_a_person_is_found_by_each_number(conn):
    await people.add_person(conn, "F1", number=people.cert_no(11))
    await people.add_credential(conn, "F1", "card", "C-F1")
    await people.add_credential(conn, "F1", "voucher", "T-F1")
    found = [
        await find(conn, VAULT, psn_no="F1"),
        await find(conn, VAULT, cert_no=people.cert_no(11)),
        await find(conn, VAULT, card_no="C-F1"),
        await find(conn, VAULT, token="T-F1"),
    ]
    assert [person.psn_no for person in found] == ["F1"] * 4


async def test_a_small_x_at_the_end_of_an_identity_number_is_the_same_character(conn):
    await people.add_person(conn, "F2", number="11010519491231002X")
    assert (await find(conn, VAULT, cert_no=" 11010519491231002x ")).psn_no == "F2"


async def test_an_unknown_kind_of_voucher_identifies_nobody(conn):
    await people.add_person(conn, "F3")
    await people.add_credential(conn, "F3", "voucher", "T-F3")
    assert (await identify(conn, VAULT, "01", "T-F3", DAY)).person.psn_no == "F3"
    assert await identify(conn, VAULT, "04", "T-F3", DAY) is None


async def test_an_unknown_number_finds_nobody(conn):
    assert await find(conn, VAULT, cert_no="nobody") is None


async def test_an_identity_number_of_two_persons_finds_neither(conn):
    await people.add_person(conn, "D1", number=people.cert_no(12))
    await people.add_person(conn, "D2", number=people.cert_no(12))
    assert await find(conn, VAULT, cert_no=people.cert_no(12)) is None


async def test_a_card_number_of_two_persons_finds_neither(conn):
    for psn_no in ("D3", "D4"):
        await people.add_person(conn, psn_no)
        await people.add_credential(conn, psn_no, "card", "C-SHARED")
    assert await find(conn, VAULT, card_no="C-SHARED") is None


async def test_two_numbers_at_once_are_a_bug(conn):
    with pytest.raises(TypeError):
        await find(conn, VAULT, psn_no="F1", cert_no="x")


async def test_a_card_with_another_chip_number_is_not_that_card(conn):
    await people.add_person(conn, "I1")
    await people.add_credential(conn, "I1", "card", "C-I1", card_sn="SN1")
    assert await identify(conn, VAULT, "03", "C-I1", DAY, card_sn="SN2") is None
    identity = await identify(conn, VAULT, "03", "C-I1", DAY, card_sn="SN1")
    assert (identity.person.psn_no, identity.voucher_state) == ("I1", "valid")


async def test_a_blocked_card_identifies_and_says_that_it_is_blocked(conn):
    await people.add_person(conn, "I2")
    await people.add_credential(conn, "I2", "card", "C-I2", blocked_from=DAY)
    assert (await identify(conn, VAULT, "03", "C-I2", DAY)).voucher_state == "blocked"


@pytest.mark.clause("SX2022-27.art26.1b")
async def test_an_identity_document_identifies_but_is_no_voucher(conn):
    await people.add_person(conn, "I3", number=people.cert_no(13))
    assert (await identify(conn, VAULT, "02", people.cert_no(13), DAY)).voucher_state == "identity_document"


async def test_standings_of_several_persons_and_days_come_from_one_read(conn):
    await people.add_person(conn, "S1")
    await people.add_relation(conn, "S1", 1, until_on=date(2024, 8, 31))
    await people.add_relation(conn, "S1", 2, from_on=date(2024, 9, 1), status="retired")
    await people.add_nonbenefit(conn, "S1", "arrears", date(2024, 8, 1), None)
    await people.add_filing(conn, "S1", "LONG_TERM_IN_PROVINCE", "140800")
    await people.add_chronic(conn, "S1", "M03900", 300_000)
    await people.add_person(conn, "S2")
    keys = [("S1", date(2024, 7, 1)), ("S1", date(2024, 9, 1)), ("S2", DAY), ("S3", DAY)]
    answer = await standings(conn, keys)
    assert set(answer) == set(keys[:3])
    assert [answer[key].status for key in keys[:3]] == ["active", "retired", None]
    assert [answer[key].arrears for key in keys[:2]] == [False, True]
    assert answer[keys[0]].filing == "LONG_TERM_IN_PROVINCE"
    assert answer[keys[0]].chronic["M03900"].quota_fen == 300_000


async def test_family_owners_come_in_the_order_of_binding_and_only_bound_ones(conn):
    for number, owner in enumerate(("O1", "O2", "O3", "O4"), start=41):
        await people.add_person(conn, owner, number=people.cert_no(number))
    await people.add_family(conn, "K1", "O2", 2)
    await people.add_family(conn, "K1", "O1", 1)
    await people.add_family(conn, "K1", "O3", 3, until_on=date(2024, 8, 14))
    await people.add_family(conn, "K1", "O4", 4, from_on=date(2024, 8, 16))
    assert await family_owners(conn, ["K1", "K2"], DAY) == {"K1": ("O1", "O2")}


async def test_an_owner_who_died_pays_for_nobody_after_that_day(conn):
    await people.add_person(conn, "O5", number=people.cert_no(45), died_on=DAY)
    await people.add_family(conn, "K5", "O5", 1)
    assert await family_owners(conn, ["K5"], DAY) == {"K5": ("O5",)}
    assert await family_owners(conn, ["K5"], DAY + timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("vault", "fits"),
    [
        (VAULT, True),
        (Vault({1: bytes(range(16)), 2: bytes(16)}, bytes(range(32))), True),
        (Vault({2: bytes(16)}, bytes(range(32))), False),
        (Vault({1: bytes(16)}, bytes(range(32))), False),
        (Vault({1: bytes(range(16))}, bytes(32)), False),
    ],
    ids=["the same", "a key more", "the old key missing", "another key", "another index"],
)
async def test_keys_are_those_of_the_database_or_not(conn, vault, fits):
    undone = conn.transaction()
    await undone.start()
    try:
        await people.add_person(conn, "!", number=people.cert_no(12))  # before every other by number
        assert await vault_fits(conn, vault) is fits
    finally:
        await undone.rollback()
