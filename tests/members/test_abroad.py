"""How the insured region's law sees distance, foreign levels and late payment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.members.abroad import arrears_forgiven, offsite_on, place_as_seen
from gongji.members.rules import standing_on
from gongji.members.values import FilingSpell, LateMonth, Person, Records, RelationSpell, Standing
from gongji.policy import compile_law, load_library, overridden

LAW = compile_law(load_library())
DAY = date(2024, 8, 15)
YUNCHENG, QINGYANG, LANZHOU, LINFEN, XIAN = "140800", "621000", "620100", "141000", "610100"


def member(
    region: str = YUNCHENG, *, filing: FilingSpell | None = None, late: LateMonth | None = None
) -> Standing:
    person = Person("P1", "某人", "01", b"", "1", "01", date(1980, 1, 1))
    relation = RelationSpell(
        date(2020, 1, 1), None, "310", "active", "employee", "1101", region, "某厂", "employer", False, True
    )
    records = Records(person, (relation,), (), (filing,) if filing else (), (), (late,) if late else ())
    return standing_on(records, DAY, date(2024, 12, 31))


def filed(region: str, filed_on: date = DAY) -> FilingSpell:
    return FilingSpell("LONG_TERM_IN_PROVINCE", region, date(2024, 1, 1), None, "", filed_on)


@pytest.mark.clause("QY.art17")
def test_where_no_filing_is_asked_for_another_city_is_just_out_of_the_city() -> None:
    assert offsite_on(LAW, member(QINGYANG), LANZHOU, DAY) == "OUT_OF_CITY"
    assert offsite_on(LAW, member(QINGYANG), QINGYANG, DAY) == "none"


@pytest.mark.clause("SX2022-27.art26.4")
def test_where_a_filing_is_asked_for_a_stay_without_one_is_temporary() -> None:
    assert offsite_on(LAW, member(), LINFEN, DAY) == "TEMPORARY"
    assert offsite_on(LAW, member(filing=filed(LINFEN)), LINFEN, DAY) == "LONG_TERM_IN_PROVINCE"
    assert offsite_on(LAW, member(filing=filed(XIAN)), LINFEN, DAY) == "TEMPORARY"


def test_a_filing_made_late_counts_unless_the_law_does_not_let_it() -> None:
    late = member(filing=filed(LINFEN, date(2024, 8, 20)))
    assert offsite_on(LAW, late, LINFEN, DAY) == "LONG_TERM_IN_PROVINCE"
    strict = overridden(LAW, "14", {"offsite.filing.late": "not_allowed"})
    assert offsite_on(strict, late, LINFEN, DAY) == "TEMPORARY"
    assert offsite_on(strict, member(filing=filed(LINFEN, DAY)), LINFEN, DAY) == "LONG_TERM_IN_PROVINCE"
    assert offsite_on(strict, late, YUNCHENG, DAY) == "none"


@pytest.mark.clause("SX2022-27.art24.c")
@pytest.mark.parametrize(
    ("level", "fee_class"), [("3", "1"), ("2", "2"), ("1", "3"), ("0", "3"), (None, "3")]
)
def test_out_of_the_province_the_level_gives_the_price_class(level: str | None, fee_class: str) -> None:
    own: dict[str, Any] = {"kind": "hospital", "fee_class": "1"} | ({"level": level} if level else {})
    seen = place_as_seen(LAW, member(), own, XIAN, DAY)
    assert seen["fee_class"] == fee_class
    assert place_as_seen(LAW, member(), own, LINFEN, DAY) == own


def test_a_region_that_maps_no_levels_and_a_pharmacy_keep_what_is_known_of_the_place() -> None:
    own = {"kind": "hospital", "fee_class": "1", "level": "2"}
    assert place_as_seen(LAW, member(QINGYANG), own, XIAN, DAY) == {"kind": "hospital", "level": "2"}
    assert place_as_seen(LAW, member(), {"kind": "pharmacy"}, XIAN, DAY) == {"kind": "pharmacy"}


@pytest.mark.clause("QY.art23.6")
def test_an_emergency_where_nobody_knows_the_level_counts_as_level_two_in_qingyang_only() -> None:
    own = {"kind": "hospital"}
    assert place_as_seen(LAW, member(QINGYANG), own, LANZHOU, DAY, emergency=True)["level"] == "2"
    assert (
        place_as_seen(LAW, member(QINGYANG), {**own, "level": "3"}, LANZHOU, DAY, emergency=True)["level"]
        == "3"
    )
    assert "level" not in place_as_seen(LAW, member(), own, LINFEN, DAY, emergency=True)


@pytest.mark.clause("SX2022-27.art26.5a")
@pytest.mark.parametrize(
    ("months", "paid_on", "forgiven"),
    [
        (0, date(2024, 9, 1), False),
        (2, date(2024, 10, 31), True),
        (2, date(2024, 11, 1), False),
        (2, None, False),
    ],
)
def test_a_month_paid_late_is_forgiven_within_the_months_that_the_region_gives(
    months: int, paid_on: date | None, *, forgiven: bool
) -> None:
    late = LateMonth(date(2024, 8, 1), date(2024, 8, 25), paid_on)
    law = overridden(LAW, "14", {"arrears.retroactive_months": months})
    assert arrears_forgiven(law, member(late=late), DAY) is forgiven
    assert not arrears_forgiven(law, member(), DAY)
