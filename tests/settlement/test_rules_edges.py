"""Every edge of Shanxi's numbers, one fen to each side, against the same rules written a second time with fractions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from math import floor

import pytest

from gongji.kernel import layout
from gongji.settlement.rules import Outcome, PersonState, decide
from tests.settlement.visits import law, line, state_acc, visit

DEDUCTIBLE = {"class1": 8_000, "class2": 5_000, "class3": 3_000, "pharmacy": 3_000}
RATE = {"class1": 55, "class2": 60, "class3": 65, "pharmacy": 65}
CEILING = {"active": 250_000, "retired": 300_000}
STOP = 30_000
DRUG_PREPAY = Fraction(5, 100)
PLACES = pytest.mark.parametrize("place", DEDUCTIBLE)
STATUSES = pytest.mark.parametrize("status", CEILING)


def rounded(fen: Fraction) -> int:
    """Half up to the fen (decision A03)."""
    return floor(fen + Fraction(1, 2))


def expected(place: str, status: str, fee: int, charged: int, year: int, paid: int) -> tuple[int, int, int]:
    """(deductible, due from the pool, paid by the pool) of a 甲类 fee from 2024-07-01 on."""
    deductible = min(fee, max(0, DEDUCTIBLE[place] - charged), max(0, STOP - year))
    rate = Fraction(RATE[place] + (5 if status == "retired" else 0), 100)
    due = rounded((fee - deductible) * rate)
    return deductible, due, min(due, max(0, CEILING[status] - paid))


def computed(place: str, status: str, fee: int, charged: int, year: int, paid: int) -> tuple[int, int, int]:
    facts = {"prescription": "valid"} if place == "pharmacy" else {}
    state = PersonState(state_acc(deductible_year=year, fund_year=paid), charged=(charged, 0, 0))
    outcome = decide(law(), visit(line(fee), place=place, status=status, **facts), state)
    assert isinstance(outcome, Outcome)
    found = (layout.W_DEDUCTIBLE_FEN, layout.W_POOL_BEFORE_CAP_FEN, layout.W_POOL_PAY_FEN)
    deductible, due, pay = (outcome.waterfall[position] for position in found)
    return deductible, due, pay


@PLACES
@STATUSES
@pytest.mark.clause("SX2024-11.s1.c", "SX2024-11.s1.d", "SX2024-11.s1.g")
def test_one_fen_to_each_side_of_every_deductible(place: str, status: str) -> None:
    standard = DEDUCTIBLE[place]
    fees = [0, 1, standard - 1, standard, standard + 1, standard + 2, standard + 10, STOP, 100_000]
    charges = [0, 1, 2_999, 3_000, 3_001, standard - 1, standard, standard + 1]
    years = [
        0,
        STOP - standard - 1,
        STOP - standard,
        STOP - standard + 1,
        STOP - 1,
        STOP,
        STOP + 1,
        STOP + 3_000,
    ]
    for fee, charged, year in product(fees, charges, years):
        assert computed(place, status, fee, charged, year, 0) == expected(
            place, status, fee, charged, year, 0
        )


@PLACES
@STATUSES
@pytest.mark.clause("SX2024-11.s1.a", "SX2024-11.s1.b")
def test_one_fen_to_each_side_of_every_ceiling(place: str, status: str) -> None:
    for fee in (10_000, 12_345, 99_999):
        due = expected(place, status, fee, 0, 0, 0)[1]
        for room in (-1, 0, 1, due - 1, due, due + 1):
            paid = CEILING[status] - room
            assert computed(place, status, fee, 0, 0, paid) == expected(place, status, fee, 0, 0, paid)


@PLACES
@STATUSES
@pytest.mark.clause("SX2022-27.art20.c")
def test_every_fen_of_the_first_yuan_above_the_deductible_is_rounded_half_up(place: str, status: str) -> None:
    for above in range(201):
        fee = DEDUCTIBLE[place] + above
        assert computed(place, status, fee, 0, 0, 0) == expected(place, status, fee, 0, 0, 0)


@pytest.mark.clause("SX2024-11.s1.i")
def test_prepay_of_every_fen_of_the_first_two_yuan_is_rounded_half_up() -> None:
    for fee in range(201):
        outcome = decide(law(), visit(line(fee, layout.TREAT_B_DRUG)), PersonState())
        assert isinstance(outcome, Outcome)
        assert outcome.waterfall[layout.W_PREPAY_FEN] == rounded(fee * DRUG_PREPAY)


@pytest.mark.clause("SX2022-27.art21.b", "SX2022-27.art21.c")
def test_one_fen_to_each_side_of_the_payment_standard() -> None:
    for standard, beyond in product((0, 1, 999, 1_000), (-1, 0, 1, 2)):
        fee = max(0, standard + beyond)
        outcome = decide(law(), visit(line(fee, layout.TREAT_B_DRUG, standard)), PersonState())
        assert isinstance(outcome, Outcome)
        over = max(0, fee - standard)
        prepay = rounded((fee - over) * DRUG_PREPAY)
        assert outcome.splits == (0, over, prepay, fee - over - prepay)


@pytest.mark.clause("SX2024-11.eff.a", "SX2024-11.eff.b")
@pytest.mark.parametrize(
    ("on", "rate"),
    [(date(2023, 1, 1), 60), (date(2024, 6, 30), 60), (date(2024, 7, 1), 65), (date(2029, 6, 30), 65)],
)
def test_the_law_of_the_day_of_service_decides_to_the_day(on: date, rate: int) -> None:
    outcome = decide(law(), visit(line(10_000), on=on), PersonState(charged=(0, 0, 0)))
    assert isinstance(outcome, Outcome)
    assert outcome.ratio_bp == rate * 100
