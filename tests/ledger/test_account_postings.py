"""Entries of money that leaves personal accounts, or comes with a member: balanced, and undone by their negatives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gongji.ledger import (
    CHART,
    Entry,
    premium_entry,
    transfer_in_entry,
    transfer_out_entry,
    withdrawal_entry,
)

EVENTS: dict[str, Callable[[int], Entry]] = {
    "premium": lambda fen: premium_entry("M", "税务局", fen),
    "withdrawal": lambda fen: withdrawal_entry("M", fen),
    "transfer in": lambda fen: transfer_in_entry("M", "某市", fen),
    "transfer out": lambda fen: transfer_out_entry("M", "某市", fen),
}


def effect(entry: Entry) -> int:
    """What an entry does to the member's balance: what is put in (2201) less what is spent (52xx)."""
    return -sum(
        leg.amount_fen
        for leg in entry.legs
        if leg.party == "M" and (leg.account == 2201 or 5200 <= leg.account <= 5299)
    )


@pytest.mark.parametrize("event", EVENTS)
def test_every_entry_balances_on_accounts_of_the_chart(event: str) -> None:
    entry = EVENTS[event](81_234)
    assert sum(entry.amounts) == 0
    assert set(entry.accounts) <= set(CHART)


@pytest.mark.parametrize("event", EVENTS)
def test_an_entry_and_its_negative_are_nothing(event: str) -> None:
    there, back = EVENTS[event](81_234), EVENTS[event](-81_234)
    assert (there.accounts, there.parties) == (back.accounts, back.parties)
    assert [one + other for one, other in zip(there.amounts, back.amounts, strict=True)] == [0] * len(
        there.legs
    )


@pytest.mark.parametrize(
    ("event", "sign"), [("premium", -1), ("withdrawal", -1), ("transfer out", -1), ("transfer in", 1)]
)
def test_the_books_say_what_the_account_says(event: str, sign: int) -> None:
    assert effect(EVENTS[event](100)) == 100 * sign


def test_a_transfer_is_income_of_one_fund_and_expense_of_the_other() -> None:
    assert [(leg.account, leg.amount_fen) for leg in transfer_in_entry("M", "某市", 100).legs] == [
        (1002, 100), (4101, -100), (5304, 100), (2201, -100),
    ]  # fmt: skip
    assert [(leg.account, leg.amount_fen) for leg in transfer_out_entry("M", "某市", 100).legs] == [
        (5401, 100), (1002, -100), (2201, 100), (5304, -100),
    ]  # fmt: skip
