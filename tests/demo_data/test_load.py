"""Loading the demonstration world into a real database."""

from datetime import date

import msgspec
import pytest

from gongji.accounts.selectors import balances
from gongji.catalog import selectors as catalog
from gongji.demo_data import generate, load
from gongji.members import history
from gongji.members.residences import cells
from gongji.members.selectors import family_owners, identify, standings
from gongji.providers import selectors as providers
from gongji.providers.circle import Inhabited, reached
from tests.vaults import VAULT

WORLD = generate(seed=1, members=60)
DAY = date(2025, 3, 3)


@pytest.fixture
async def loaded(conn):
    await load(conn, WORLD, VAULT)
    return conn


async def test_loading_again_adds_nothing_and_leaves_the_versions_alone(loaded):
    before = [(await catalog.load(loaded)).version, (await providers.load(loaded, VAULT)).version]
    added = await load(loaded, WORLD, VAULT)
    assert set(added.values()) == {0}
    assert [(await catalog.load(loaded)).version, (await providers.load(loaded, VAULT)).version] == before


async def test_a_larger_world_adds_only_the_new_members(loaded):
    added = await load(loaded, generate(seed=1, members=61), VAULT)
    assert (added["members_person"], added["catalog_item"]) == (1, 0)


async def test_what_a_later_version_knows_of_a_member_is_added(conn):
    whole = generate(seed=1, members=70)
    tables = {name: rows for name, rows in whole.tables.items() if name != "members_residence"}
    await load(conn, msgspec.structs.replace(whole, tables=tables), VAULT)
    added = await load(conn, whole, VAULT)
    assert added["members_residence"] > 0
    assert await history.differences(conn) == ()


async def test_the_service_circle_reaches_some_and_not_others(loaded):
    counted = [Inhabited(one.region, one.lat_e3, one.lng_e3, one.members) for one in await cells(loaded, DAY)]
    book = await providers.load(loaded, VAULT)
    places = [one.place for one in book if one.place is not None]
    areas = reached(counted, places, 1_200)
    assert sum(area.within for area in areas) > 0
    assert sum(area.beyond for area in areas) > 0


async def test_every_balance_is_opened_and_the_journal_is_balanced(loaded):
    found = await balances(loaded, list(WORLD.balances))
    assert {psn_no: fen for psn_no, (fen, _) in found.items()} | WORLD.balances == {
        psn_no: fen for psn_no, (fen, _) in found.items()
    }
    total = await loaded.fetchval(
        "SELECT sum(amount) FROM ledger_journal CROSS JOIN unnest(amounts) AS amount"
    )
    assert total == 0


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("active", {"insured": True, "status": "active", "has_account": True}),
        ("retired", {"insured": True, "status": "retired"}),
        ("flexible_without_account", {"category": "flexible", "has_account": False}),
        ("arrears", {"arrears": True, "waiting": False}),
        ("waiting", {"waiting": True, "arrears": False}),
        ("filed_in_province", {"filing": "LONG_TERM_IN_PROVINCE"}),
        ("filed_out_of_province", {"filing": "LONG_TERM_OUT_OF_PROVINCE"}),
        ("deceased", {"insured": False}),
        ("paused", {"insured": False, "paused_from": date(2024, 6, 1)}),
        ("civil_servant", {"civil_servant": True}),
        ("qingyang_active", {"region": "621000"}),
        ("retired_in_2024", {"status": "retired"}),
    ],
)
async def test_a_member_of_a_kind_stands_as_the_kind_says(loaded, kind: str, expected: dict):
    key = (WORLD.member(kind), DAY)
    standing = (await standings(loaded, [key]))[key]
    assert {name: getattr(standing, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "state"), [("active", "valid"), ("blocked_card", "blocked"), ("expired_card", "expired")]
)
async def test_the_card_of_a_member_is_good_or_not_as_the_kind_says(loaded, kind: str, state: str):
    psn_no = WORLD.member(kind)
    identity = await identify(loaded, VAULT, "03", f"140199DEMO{psn_no[-6:]}", DAY)
    assert (identity.person.psn_no, identity.voucher_state) == (psn_no, state)


async def test_the_family_is_bound_in_order(loaded):
    user = WORLD.member("family_user")
    owners = (WORLD.member("family_owner"), WORLD.member("family_owner_second"))
    assert await family_owners(loaded, [user], DAY) == {user: owners}


async def test_an_item_is_found_with_the_standard_of_the_province_on_the_day(loaded):
    book = await catalog.load(loaded)
    drug = WORLD.item("沙库巴曲缬沙坦钠片")
    standards = [book.get(drug.code, day, "140830").standard_micro for day in (date(2024, 12, 31), DAY)]
    assert standards == [57_400_000, 54_530_000]
    assert book.get(drug.code, DAY, "62").standard_micro is None


async def test_an_institution_is_found_with_its_state_and_its_key(loaded):
    book = await providers.load(loaded, VAULT)
    place = WORLD.institution("演示街道社区卫生服务中心")
    assert book.get(place.code).on(DAY).attributes["fee_class"] == "3"
    assert book.credential(place.access_key).secret == place.secret


async def test_an_agreement_that_has_ended_designates_no_more(loaded):
    book = await providers.load(loaded, VAULT)
    place = book.get(WORLD.institution("演示福康药房（协议已终止）").code)
    assert [place.on(day).designated for day in (date(2024, 6, 30), date(2024, 7, 1))] == [True, False]
