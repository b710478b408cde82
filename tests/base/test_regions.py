"""Region codes: normal form, parents, containment."""

from __future__ import annotations

import pytest

from gongji.base.regions import ancestry, is_within, normalise_region, pooling_area


@pytest.mark.parametrize(
    ("code", "normal"),
    [
        ("140000", "14"),
        ("140800", "1408"),
        ("140830", "140830"),
        ("14", "14"),
        ("cn", "CN"),
        ("000000", "CN"),
        (" 6210 ", "6210"),
    ],
)
def test_a_code_has_one_normal_form(code: str, normal: str) -> None:
    assert normalise_region(code) == normal


@pytest.mark.parametrize("code", ["", "1", "141", "14083", "1408300", "山西", "14O830", "１４０８３０"])
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="医保区划"):
        normalise_region(code)


def test_parents_follow_nearest_first() -> None:
    assert ancestry("140830") == ("140830", "1408", "14", "CN")
    assert ancestry("CN") == ("CN",)


def test_a_county_lies_in_its_city_and_province() -> None:
    assert is_within("140830", "14")
    assert is_within("140830", "140800")
    assert not is_within("1408", "140830")
    assert not is_within("6210", "14")


@pytest.mark.parametrize(
    ("code", "area"),
    [("140830", "1408"), ("140000", "14"), ("500229", "50"), ("110105", "11"), ("149900", "1499")],
)
def test_an_area_of_pooling_is_a_city_or_a_municipality(code: str, area: str) -> None:
    assert pooling_area(code) == area
