"""Which fee lines may be taken."""

import pytest

from gongji.encounters.rules import MAX_LINES, main_diagnosis, refuse_lines
from gongji.encounters.values import Diagnosis
from tests.encounters.uploads import AT, line


def code(*lines, batch_no: str = "B1") -> str | None:
    refusal = refuse_lines([(batch_no, lines)])
    return refusal.code if refusal else None


def test_lines_whose_amount_is_price_times_quantity_are_taken():
    assert code(line("1"), line("2")) is None


@pytest.mark.parametrize("difference", [-1, 1])
def test_an_amount_one_fen_away_from_price_times_quantity_is_taken(difference: int):
    assert code(line("1", amount_fen=300 + difference)) is None


@pytest.mark.parametrize("difference", [-2, 2])
def test_an_amount_two_fen_away_is_refused(difference: int):
    assert code(line("1", amount_fen=300 + difference)) == "AMOUNT_MISMATCH"


def test_an_upload_without_lines_is_refused():
    assert code() == "NO_FEE_LINES"


def test_a_thousand_lines_are_taken_and_one_more_is_not():
    lines = [line(str(number)) for number in range(MAX_LINES + 1)]
    assert code(*lines[:-1]) is None
    assert code(*lines) == "TOO_MANY_LINES"


def test_a_line_number_twice_in_one_upload_is_refused():
    assert code(line("1"), line("1")) == "FEE_DUPLICATE"


def test_a_line_number_twice_in_two_batches_is_refused():
    refusal = refuse_lines([("B1", [line("1")]), ("B2", [line("1")])])
    assert refusal.code == "FEE_DUPLICATE"


@pytest.mark.parametrize("quantity", [0, -10_000])
def test_a_quantity_that_is_not_positive_is_refused(quantity: int):
    assert code(line("1", quantity=quantity, amount_fen=0)) == "QUANTITY_INVALID"


def test_a_negative_price_is_refused():
    assert code(line("1", price=-1)) == "QUANTITY_INVALID"


def test_a_billion_yuan_and_a_fen_is_out_of_range():
    assert code(line("1", price=10**15, quantity=10_000)) is None
    assert code(line("1", price=10**15 + 10**4, quantity=10_000)) == "AMOUNT_OUT_OF_RANGE"


@pytest.mark.parametrize("batch_no", ["", "0000"])
def test_a_batch_needs_a_number_of_its_own(batch_no: str):
    assert code(line("1"), batch_no=batch_no) == "BAD_FIELD"


def test_one_batch_is_for_one_disease():
    assert code(line("1", disease_code="M03900"), line("2", disease_code="M01600")) == "BAD_FIELD"


def diagnosis(sort_no: int, valid: bool = True) -> Diagnosis:
    return Diagnosis(
        diag_type="1", sort_no=sort_no, code=f"J{sort_no}", name="", diagnosed_at=AT, valid=valid
    )


def test_the_first_valid_diagnosis_is_the_main_one():
    found = main_diagnosis([diagnosis(3), diagnosis(1, valid=False), diagnosis(2)])
    assert found == diagnosis(2)
