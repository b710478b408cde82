"""Whether trace codes may be used: the pure rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.reasons import Refusal
from gongji.stock.traces import allot, code_refusal, forged, is_virtual, trace_refusal, uses_of, virtual_code
from gongji.stock.values import TraceUse, Wanted
from tests.vaults import VAULT

HERE, THERE = "P14080200001", "P14080200002"
CODE = "81234567890123456789"


def use(**changes: Any) -> TraceUse:
    values: dict[str, Any] = {
        "code": CODE, "use_no": 1, "institution": HERE, "item": "XA01", "split": False, "quantity_e4": 10_000,
        "capacity_e4": 0, "psn_no": "PSN1", "settlement_id": 1, "line_key": "1",
    }  # fmt: skip
    return TraceUse(**(values | changes))


def want(**changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "code": CODE, "split": False, "quantity_e4": 10_000, "capacity_e4": 0, "item": "XA01", "institution": HERE,
        "psn_no": "PSN2", "settlement_id": 2, "line_key": "1",
    }  # fmt: skip
    return Wanted(**(values | changes))


def code_of(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


@pytest.mark.clause("SX2021-103.s2.2.g")
def test_a_whole_pack_is_settled_once() -> None:
    assert trace_refusal([], [want()]) is None
    assert code_of(trace_refusal([use()], [want()])) == "TRACE_CODE_SETTLED"
    assert code_of(trace_refusal([use()], [want(institution=THERE)])) == "TRACE_CODE_SETTLED"


def test_a_refund_frees_the_pack() -> None:
    assert trace_refusal([use(freed=True)], [want()]) is None


def test_the_same_pack_twice_in_one_settlement_is_said_so() -> None:
    assert code_of(trace_refusal([], [want(), want(line_key="2")])) == "TRACE_CODE_TWICE"


@pytest.mark.parametrize(
    ("held", "wanted", "reason"),
    [
        ({"split": True}, {"split": True}, ""),
        ({"split": True}, {"split": False}, "TRACE_CODE_SETTLED"),
        ({"split": False}, {"split": True}, "TRACE_CODE_SETTLED"),
        ({"split": True}, {"split": True, "institution": THERE}, "TRACE_CODE_SETTLED"),
        ({"split": True}, {"split": True, "item": "XB01"}, "TRACE_CODE_OTHER_ITEM"),
        (
            {"split": True, "quantity_e4": 70_000},
            {"split": True, "quantity_e4": 50_000, "capacity_e4": 120_000},
            "",
        ),
        (
            {"split": True, "quantity_e4": 70_001},
            {"split": True, "quantity_e4": 50_000, "capacity_e4": 120_000},
            "TRACE_PACK_EXCEEDED",
        ),
        ({"split": True, "quantity_e4": 10**9}, {"split": True, "quantity_e4": 50_000}, ""),
    ],
)
def test_a_split_pack_is_counted_within_one_institution_and_drug(
    held: dict[str, Any], wanted: dict[str, Any], reason: str
) -> None:
    assert code_of(trace_refusal([use(**held)], [want(**wanted)])) == reason


def test_more_than_the_pack_holds_says_how_much_was_used() -> None:
    refusal = trace_refusal(
        [use(split=True, quantity_e4=100_000)], [want(split=True, quantity_e4=25_000, capacity_e4=120_000)]
    )
    assert "每盒 12，已用 10，本次 2.5" in str(refusal)


def test_lines_of_one_settlement_are_counted_together() -> None:
    part = want(split=True, quantity_e4=70_000, capacity_e4=120_000)
    assert code_of(trace_refusal([], [part, part])) == "TRACE_PACK_EXCEEDED"


@pytest.mark.parametrize(
    "code", ["1234567", "x" * 101, "8123-4567-8901", "８１２３４５６７８９", "", "a b c d e f g"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    assert code_of(code_refusal(code)) == "TRACE_CODE_INVALID"
    assert code_of(trace_refusal([], [want(code=code)])) == "TRACE_CODE_INVALID"


@pytest.mark.parametrize("code", ["12345678", "8" * 20, "aZ9" * 33])
def test_letters_and_digits_of_8_to_100_are_a_code(code: str) -> None:
    assert code_refusal(code) is None


def line(*codes: tuple[str, bool], **changes: Any) -> tuple[Wanted, ...]:
    values: dict[str, Any] = {
        "quantity_e4": 100_000, "capacity_e4": 120_000, "item": "XA01", "institution": HERE, "psn_no": "P",
        "settlement_id": 3, "line_key": "1",
    }  # fmt: skip
    return uses_of(codes, changes.pop("uses", ()), **(values | changes))


def test_a_line_out_of_an_opened_pack_and_a_new_one_takes_what_each_has_left() -> None:
    opened = use(split=True, quantity_e4=90_000)
    assert [one.quantity_e4 for one in line((CODE, True), ("N" * 20, True), uses=[opened])] == [
        30_000,
        70_000,
    ]


def test_each_whole_pack_of_a_line_is_one_use() -> None:
    assert [(one.split, one.quantity_e4) for one in line((CODE, False), ("N" * 20, False))] == [
        (False, 10_000)
    ] * 2


def test_a_virtual_code_is_never_split() -> None:
    assert not line((virtual_code(VAULT, HERE, 7), True))[0].split


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.integers(0, 10**6))
def test_the_parts_of_a_line_are_the_line(quantity_e4: int, used: list[int], capacity_e4: int) -> None:
    codes = [f"CODE{index:05d}" for index in range(len(used))]
    uses = [use(code=code, split=True, quantity_e4=part) for code, part in zip(codes, used, strict=True)]
    parts = allot(codes, uses, quantity_e4, capacity_e4)
    assert len(parts) == len(codes)
    assert sum(parts) == quantity_e4
    assert min(parts) >= 0


def test_a_virtual_code_cannot_be_made_without_the_key() -> None:
    code = virtual_code(VAULT, HERE, 12)
    assert is_virtual(code)
    assert code_refusal(code) is None
    assert not forged(VAULT, HERE, code)
    assert forged(VAULT, THERE, code)
    assert forged(VAULT, HERE, code.replace("0012", "0013", 1))
    assert not forged(VAULT, HERE, CODE)


def test_nothing_that_is_printed_names_a_person() -> None:
    assert "PSN" not in f"{use()!r} {want()!r}"
