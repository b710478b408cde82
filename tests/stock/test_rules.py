"""What a stated row means, and what cannot be: the pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.stock.rules import CHANGES, MARKS, change_sign, counted_at, direction, entry_refusal, own_marks
from gongji.stock.values import Batch
from tests.stock.rows import AT, DRUG, NOW, entry

TODAY = date(2024, 8, 20)


def reason(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


def test_what_comes_in_adds_and_what_goes_out_takes() -> None:
    assert {code for code in CHANGES if change_sign(code) == 1} == {"101", "103", "106", "108", "110"}
    assert {code for code in CHANGES if change_sign(code) == -1} == {"102", "104", "105", "107", "109", "111"}
    assert all((sign > 0) == ("入库" in name or "盘盈" in name) for name, sign in CHANGES.values())
    assert isinstance(change_sign("112"), Refusal)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("purchase", {}, ""),
        ("purchase", {"quantity_e4": 0}, "QUANTITY_INVALID"),
        ("purchase", {"quantity_e4": -1}, "QUANTITY_INVALID"),
        ("sale", {"quantity_e4": 1}, "QUANTITY_INVALID"),
        ("sale_return", {"quantity_e4": -1}, "QUANTITY_INVALID"),
        ("adjust", {"change_type": "105"}, "QUANTITY_INVALID"),
        ("adjust", {"change_type": "105", "quantity_e4": -1}, ""),
        ("inventory", {}, ""),
        ("inventory", {"counted_e4": 0}, ""),
        ("inventory", {"counted_e4": -1}, "QUANTITY_INVALID"),
        ("sale", {"occurred_at": datetime(2024, 8, 20, 16, 0, tzinfo=UTC)}, "DATE_IN_FUTURE"),
        ("sale", {"occurred_at": datetime(2024, 8, 20, 15, 59, tzinfo=UTC)}, ""),
        ("purchase", {"made_on": date(2025, 1, 1)}, "DATE_IN_FUTURE"),
        ("purchase", {"made_on": date(2024, 1, 2), "expires_on": date(2024, 1, 1)}, "BAD_FIELD"),
        ("sale", {"traces": ("8" * 20, "8" * 20)}, "BAD_FIELD"),
        ("sale", {"traces": ("短",)}, "TRACE_CODE_INVALID"),
    ],
)
def test_what_cannot_be_is_refused(kind: str, changes: dict[str, Any], code: str) -> None:
    assert reason(entry_refusal(entry(kind, 1, **changes), TODAY)) == code


def test_a_count_speaks_of_the_end_of_its_day_or_of_now() -> None:
    assert counted_at(date(2024, 8, 15), NOW) == datetime(2024, 8, 15, 15, 59, 59, 999_999, tzinfo=UTC)
    assert counted_at(date(2024, 8, 20), NOW) == NOW


def test_codes_come_in_go_out_or_are_counted() -> None:
    assert [direction(entry(kind, 1)) for kind in ("purchase", "sale", "sale_return", "inventory")] == [
        1,
        -1,
        1,
        0,
    ]


def batch(quantity_e4: int = 100_000, **changes: Any) -> Batch:
    values: dict[str, Any] = {
        "institution": "P1", "local_item": "L1", "batch": "B1", "item": DRUG, "local_name": "", "lot_no": "", "made_on": None,
        "expires_on": None, "quantity_e4": quantity_e4, "coded": False, "counted_at": None, "moved_at": AT,
    }  # fmt: skip
    return Batch(**(values | changes))


@pytest.mark.parametrize(
    ("before", "kind", "quantity_e4", "marks"),
    [
        (batch(), "sale", -100_000, []),
        (batch(), "sale", -100_001, ["negative"]),
        (None, "sale", -1, ["negative", "unknown_batch"]),
        (None, "purchase", 1, []),
        (None, "inventory", 10_000, []),
        (batch(), "inventory", 1, ["difference"]),
        (batch(), "inventory", 0, []),
        (batch(expires_on=date(2024, 8, 14)), "sale", -1, ["expired"]),
        (batch(item="XB01"), "sale", -1, ["item_differs"]),
        (batch(counted_at=AT + timedelta(hours=1)), "sale", -1, ["late"]),
        (batch(counted_at=AT), "sale", -1, []),
    ],
)
def test_what_is_odd_is_marked(before: Batch | None, kind: str, quantity_e4: int, marks: list[str]) -> None:
    found = own_marks(entry(kind, 1), before, quantity_e4)
    assert found == marks
    assert set(found) <= set(MARKS)
