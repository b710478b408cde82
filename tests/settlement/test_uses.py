"""Limits of payment (限定支付范围) at the settlement: what is known of a line's use decides whether the fund pays it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gongji.catalog.restrictions import Restriction
from gongji.catalog.values import Catalogue, ItemSpell
from gongji.encounters.values import FeeLine
from gongji.kernel import layout
from gongji.settlement.feelines import line_input
from gongji.settlement.rules import LineInput
from gongji.settlement.uses import Use, asks_diagnoses, care_of, completed_years

ON = date(2025, 3, 3)
CODE = "XA01BZ001A001010000001"


def catalogue(*limits: Restriction, restricted: bool = False) -> Catalogue:
    book = Catalogue()
    spell = ItemSpell(
        code=CODE, from_on=date(2023, 1, 1), until_on=None, name="某药", kind="drug", list_type="101", chrgitm_lv="01",
        charge_type="09", spec="", unit="盒", dosform="", maker="", restricted=restricted, restriction="", account_allowed=True,
        base_drug=False, negotiated=False, child_drug=False, prescription_only=True, restrictions=tuple(limits),
    )  # fmt: skip
    book.merge([spell], [])
    return book


def line(**more: Any) -> FeeLine:
    return FeeLine(
        key="1", item=CODE, amount_fen=1_000, price_micro=10_000_000, quantity_e4=10_000,
        occurred_at=datetime(2025, 3, 3, tzinfo=UTC), **more,
    )  # fmt: skip


def treated_line(book: Catalogue, given: FeeLine, on: date, region: str, **more: Any) -> LineInput:
    return line_input(book.get(given.item, on, region), given, **more)


LEVEL = Restriction("level", values=("3", "2"))
WOMEN = Restriction("sex", values=("2",))
CHILDREN = Restriction("age", high=14)
DAYS = Restriction("days", high=7)
HYPERTENSION = Restriction("indication", values=("I10",), text="限高血压")


@pytest.mark.clause("SX2022-27.art17.c")
@pytest.mark.parametrize(
    ("limit", "use", "more", "paid"),
    [
        (LEVEL, Use(level="3"), {}, True),
        (LEVEL, Use(level="1"), {}, False),
        (LEVEL, Use(level="1"), {"approval": "1"}, False),
        (LEVEL, Use(), {}, False),
        (WOMEN, Use(sex="2"), {}, True),
        (WOMEN, Use(sex="1"), {"approval": "1"}, False),
        (CHILDREN, Use(age=14), {}, True),
        (CHILDREN, Use(age=15), {}, False),
        (DAYS, Use(), {"days": "7"}, True),
        (DAYS, Use(), {"days": "8"}, False),
        (DAYS, Use(), {}, True),
        (HYPERTENSION, Use(diagnoses=("I10.x00x002",)), {}, True),
        (HYPERTENSION, Use(diagnoses=("E11.900",)), {}, False),
        (HYPERTENSION, Use(), {"approval": "1"}, True),
        (HYPERTENSION, Use(diagnoses=("I10",)), {"approval": "2"}, False),
    ],
)
def test_a_line_outside_a_limit_is_wholly_self_paid(
    limit: Restriction, use: Use, more: dict[str, Any], paid: bool
) -> None:
    treated = treated_line(catalogue(limit), line(**more), ON, "140100", at_pharmacy=False, use=use)
    assert (treated.treat != layout.TREAT_FULL_SELFPAY) is paid
    assert treated.reason == (None if paid else "RESTRICTED")


def test_an_item_without_limits_is_paid_whatever_is_known() -> None:
    treated = treated_line(catalogue(), line(), ON, "140100", at_pharmacy=False)
    assert treated.treat == layout.TREAT_A


def test_diagnoses_are_asked_for_only_where_a_limit_names_codes() -> None:
    def item(*limits: Restriction) -> Any:
        return catalogue(*limits).get(CODE, ON)

    assert asks_diagnoses([item(HYPERTENSION)])
    assert not asks_diagnoses([item(LEVEL), None, item(Restriction("indication", text="限重症"))])


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1960, 3, 4), ON, 64),
        (date(1960, 3, 3), ON, 65),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_a_year_of_age_is_complete_on_the_birthday(born: date, on: date, age: int) -> None:
    assert completed_years(born, on) == age


def test_the_kind_of_care_follows_the_medical_category() -> None:
    assert [care_of(code) for code in ("11", "13", "1301", "14", "41")] == [
        "outpatient",
        "emergency",
        "emergency",
        "chronic",
        "outpatient",
    ]
