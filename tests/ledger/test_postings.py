"""Who bears a settlement in the books; every entry adds up to zero."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.ledger import CHART, claim_entry, opening_credit, settlement_entry

AMOUNTS = st.integers(-(10**11), 10**11)


def entry(**changes: Any) -> list[tuple[int, str, int]]:
    values: dict[str, Any] = {
        "psn_no": "P1", "provider": "H1", "place_kind": "hospital", "pool_fen": 45_500, "chronic_fen": 0,
        "account_fen": 8_000, "family_draws": [("W1", 1_000)], "cash_fen": 500,
    }  # fmt: skip
    made = settlement_entry(**(values | changes))
    return list(zip(made.accounts, made.parties, made.amounts, strict=True))


def test_the_institution_is_owed_what_pool_accounts_and_member_bear() -> None:
    assert entry() == [
        (5101, "", 45_500), (5201, "P1", 8_000), (5211, "W1", 1_000), (1101, "P1", 500), (2101, "H1", -55_000),
    ]  # fmt: skip


@pytest.mark.clause("SX2022-27.art28.b")
def test_account_money_at_a_pharmacy_has_its_own_sub_account() -> None:
    """Decision A40: 个人账户待遇支出 is split by the kind of institution."""
    booked = {account for account, _, _ in entry(place_kind="pharmacy")}
    assert {5202, 5212} <= booked
    assert not {5201, 5211} & booked


def test_a_family_payment_is_an_expense_of_the_owners_account() -> None:
    assert (5211, "W1", 1_000) in entry()


def test_a_reversal_is_the_mirrored_entry() -> None:
    back = entry(pool_fen=-45_500, account_fen=-8_000, family_draws=[("W1", -1_000)], cash_fen=-500)
    assert back == [(account, party, -amount) for account, party, amount in entry()]


def test_a_settlement_of_nothing_has_no_legs() -> None:
    assert entry(pool_fen=0, account_fen=0, family_draws=[], cash_fen=0) == []


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.lists(st.tuples(st.text(), AMOUNTS), max_size=5), AMOUNTS)
def test_every_entry_adds_up_to_zero(
    pool: int, chronic: int, account: int, draws: list[tuple[str, int]], cash: int
) -> None:
    booked = entry(pool_fen=pool, chronic_fen=chronic, account_fen=account, family_draws=draws, cash_fen=cash)
    assert sum(amount for _, _, amount in booked) == 0
    assert all(account in CHART for account, _, _ in booked)


def test_an_opening_balance_is_owed_to_the_member() -> None:
    made = opening_credit("P1", 2_000)
    assert list(zip(made.accounts, made.amounts, strict=True)) == [(3101, 2_000), (2201, -2_000)]


@pytest.mark.clause("QY.art19")
@pytest.mark.parametrize(
    ("benefit", "account"), [("ordinary", 5101), ("dual_channel", 5103), ("as_inpatient", 5104)]
)
def test_the_pools_part_is_accounted_for_by_benefit(benefit: str, account: int) -> None:
    assert entry(benefit=benefit)[0] == (account, "", 45_500)


@pytest.mark.parametrize(("benefit", "account"), [("ordinary", 5101), ("as_inpatient", 5104)])
def test_a_manual_claim_is_owed_to_the_member_by_the_funds_alone(benefit: str, account: int) -> None:
    made = claim_entry("P1", benefit, 12_000, 3_000)
    booked = list(zip(made.accounts, made.parties, made.amounts, strict=True))
    assert booked == [(account, "", 12_000), (5102, "", 3_000), (2301, "P1", -15_000)]
    assert claim_entry("P1", benefit, 0, 0).legs == ()
