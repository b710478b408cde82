"""The demonstration world is complete, made up, and the same for the same seed."""

from collections import Counter
from datetime import date

from gongji.demo_data import generate
from gongji.demo_data.archetypes import ARCHETYPES
from gongji.members.identity import is_valid_cert_no

WORLD = generate(seed=1)


def rows(table: str) -> list[dict]:
    return [dict(row) for row in WORLD.tables[table]]


def test_the_same_seed_makes_the_same_world():
    assert generate(seed=7, members=50) == generate(seed=7, members=50)


def test_another_seed_makes_other_people_and_other_secrets():
    one, other = generate(seed=1, members=50), generate(seed=2, members=50)
    assert one.tables["members_person"] != other.tables["members_person"]
    assert one.institutions[0].secret != other.institutions[0].secret


def test_there_are_a_thousand_members_thirty_institutions_and_three_hundred_items():
    counted = [len(rows(table)) for table in ("members_person", "providers_institution", "catalog_item")]
    assert counted == [1_000, 30, 300]


def test_every_identity_number_is_valid_unique_and_of_an_area_that_nobody_has():
    numbers = [row["cert_no"] for row in rows("members_person")]
    assert all(is_valid_cert_no(number) and number.startswith("140199") for number in numbers)
    assert len(set(numbers)) == 1_000


def test_every_kind_of_member_is_there():
    known = {row["psn_no"] for row in rows("members_person")}
    assert {WORLD.member(kind) for kind in ARCHETYPES} <= known


def test_the_family_member_may_use_two_accounts_in_order():
    user = WORLD.member("family_user")
    bound = [row["owner"] for row in rows("members_family") if row["psn_no"] == user]
    assert bound == [WORLD.member("family_owner"), WORLD.member("family_owner_second")]


def test_nobody_is_bound_to_himself():
    assert all(row["psn_no"] != row["owner"] for row in rows("members_family"))


def test_institutions_cover_every_price_class_and_kind():
    classes = {row["fee_class"] for row in rows("providers_state")}
    kinds = Counter(row["kind"] for row in rows("providers_institution"))
    assert {"1", "2", "3"} <= classes
    assert set(kinds) == {"hospital", "clinic", "pharmacy", "internet"}


def test_an_institution_of_qingyang_has_a_level_and_no_price_class():
    hospital = WORLD.institution("演示庆阳市人民医院")
    assert (hospital.region, hospital.level, hospital.fee_class) == ("621000", "3", "")


def test_codes_of_institutions_are_a_letter_and_eleven_digits():
    for row in rows("providers_institution"):
        code = row["code"]
        assert (len(code), code[0], code[1:].isdigit()) == (
            12,
            "P" if row["kind"] == "pharmacy" else "H",
            True,
        )


def test_codes_and_names_of_items_are_unique():
    items = rows("catalog_item")
    assert len({row["code"] for row in items}) == len({row["name"] for row in items}) == 300


def test_every_class_and_kind_of_item_is_there():
    items = rows("catalog_item")
    assert {row["chrgitm_lv"] for row in items} == {"01", "02", "03"}
    assert {"drug", "service", "consumable", "device", "delivery", "health_food"} <= {
        row["kind"] for row in items
    }


def test_a_restricted_item_says_its_restriction():
    assert all(bool(row["restriction"]) == row["restricted"] for row in rows("catalog_item"))
    assert sum(row["restricted"] for row in rows("catalog_item")) >= 10


def test_the_standard_of_a_negotiated_drug_is_lower_from_2025_on():
    item = WORLD.item("沙库巴曲缬沙坦钠片")
    assert item.standards == (
        (date(2023, 1, 1), date(2024, 12, 31), 57_400_000),
        (date(2025, 1, 1), None, 54_530_000),
    )


def test_herbs_are_priced_by_the_gram_to_a_thousandth_of_a_yuan():
    item = WORLD.item("黄芪")
    assert (item.list_type, item.unit, item.price_micro) == ("102", "克", 85_000)


def test_nothing_that_is_no_medicine_may_be_paid_from_an_account():
    for item in WORLD.items:
        if item.kind in {"delivery", "health_food", "wellness", "fitness", "public_health"}:
            assert not item.row["account_allowed"], item.name
