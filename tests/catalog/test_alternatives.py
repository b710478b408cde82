"""Drugs to be used first: essential, won in centralized procurement, or the same and cheaper."""

from datetime import date

import pytest

from gongji.catalog.values import Catalogue, ItemSpell, PriceSpell
from tests.catalog.books import FROM_ON, drug

DAY = date(2024, 8, 15)


def omeprazole(code: str, **more) -> ItemSpell:
    given = {
        "generic_name": "奥美拉唑",
        "dosform": "胶囊剂",
        "spec": "20mg×14粒",
        "pack_units": 14,
        "min_unit": "粒",
    }
    return drug(code, "奥美拉唑肠溶胶囊", **(given | more))


def found(
    *others: ItemSpell, prices: dict[str, int] | None = None, **mine
) -> list[tuple[str, tuple[str, ...]]]:
    catalogue = Catalogue()
    standards = [PriceSpell(code, "14", FROM_ON, None, micro) for code, micro in (prices or {}).items()]
    catalogue.merge([omeprazole("X1", **mine), *others], standards)
    item = catalogue.get("X1", DAY, "140100")
    assert item is not None
    return [(other.item.code, other.because) for other in catalogue.alternatives(item, DAY, "140100")]


@pytest.mark.clause("SX2022-27.art18.a")
def test_drugs_won_in_procurement_come_first_then_essential_ones():
    assert found(omeprazole("X2", base_drug=True), omeprazole("X3", centralized=True), omeprazole("X4")) == [
        ("X3", ("centralized",)),
        ("X2", ("base_drug",)),
    ]


def test_a_mark_that_the_drug_has_itself_is_no_reason_for_another():
    assert found(omeprazole("X2", base_drug=True, centralized=True), base_drug=True, centralized=True) == []


@pytest.mark.clause("SX2022-27.art18.b")
def test_a_cheaper_drug_is_found_by_the_price_of_its_smallest_unit():
    prices = {"X1": 14_000_000, "X2": 25_200_000, "X3": 16_800_000}
    bigger, same_price_a_unit = (
        omeprazole("X2", spec="20mg×28粒", pack_units=28),
        omeprazole("X3", spec="20mg×14粒", pack_units=14),
    )
    assert found(bigger, same_price_a_unit, prices=prices) == [("X2", ("cheaper",))]


@pytest.mark.parametrize(
    "other",
    [
        {"dosform": "片剂"},
        {"generic_name": "雷贝拉唑"},
        {"spec": "10mg×14粒"},
        {"until_on": date(2024, 1, 1)},
    ],
)
def test_another_form_substance_strength_or_a_drug_that_has_ended_is_no_alternative(other: dict):
    assert found(omeprazole("X2", **other), prices={"X1": 14_000_000, "X2": 1_000_000}) == []


def test_without_a_payment_standard_nothing_is_said_to_be_cheaper():
    assert found(omeprazole("X2"), prices={"X2": 1_000_000}) == []


def test_a_drug_that_was_called_otherwise_before_the_day_is_none():
    was = omeprazole("X2", base_drug=True, until_on=date(2024, 6, 30))
    now = omeprazole("X2", base_drug=True, generic_name="雷贝拉唑", from_on=date(2024, 7, 1))
    assert found(was, now) == []
