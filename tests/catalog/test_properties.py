"""The catalogue in memory against a naive reading of the same spells."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.test_values import catalogue, item

START = date(2024, 1, 1)
days = st.integers(0, 40)


def day(number: int) -> date:
    return START + timedelta(days=number)


@given(
    st.dictionaries(
        days, st.tuples(st.one_of(st.none(), days), st.sampled_from(["01", "02", "03"])), max_size=8
    ),
    st.randoms(use_true_random=False),
    days,
)
def test_the_last_spell_that_has_begun_counts_unless_it_has_ended(spells, order, asked: int):
    items = [
        item(day(start), None if until is None else day(until), level)
        for start, (until, level) in spells.items()
    ]
    order.shuffle(items)
    begun = [start for start in spells if start <= asked]
    until, level = spells[max(begun)] if begun else (-1, "")
    expected = level if until is None or asked <= until else None
    found = catalogue(*items).get("X1", day(asked))
    assert (found.chrgitm_lv if found else None) == (expected or None)
