"""Three calculations of the same random person-years: plain kernel, compiled kernel, fractions of a yuan.

GONGJI_NAIVE_PERSONS sets how many persons the naive version settles too of the 100,000 (all: about six minutes).
"""

import os

import numpy as np
import pytest

from gongji.kernel.batch import Batch, fold_persons, is_compiled
from tests.differential import decode, naive
from tests.differential.population import Population, random_population

PERSONS = 100_000
CHUNKS = 10
"""Ten populations, each under 360 laws of its own, so that lists of a tenth are in memory at a time."""
NAIVE_PERSONS = int(os.environ.get("GONGJI_NAIVE_PERSONS", "15000"))
SEED = int(os.environ.get("GONGJI_SEED", "20240701"))


@pytest.fixture(scope="module", params=range(CHUNKS))
def population(request: pytest.FixtureRequest) -> Population:
    return random_population(SEED + int(request.param), PERSONS // CHUNKS)


@pytest.fixture(scope="module")
def compiled(population: Population) -> Batch:
    """The batch as the compiled kernel leaves it."""
    assert is_compiled(), "the batch extra (Numba) is part of the development environment"
    batch = population.batch()
    fold_persons(batch)
    return batch


def test_plain_and_compiled_kernel_agree_on_every_number(population: Population, compiled: Batch) -> None:
    plain = Batch(*(part.tolist() for part in population.batch()))
    fold_persons(plain)
    for name in ("waterfalls", "splits", "accs", "wallets"):
        slow, fast = np.array(getattr(plain, name), np.int64), getattr(compiled, name)
        differing = np.flatnonzero((slow != fast).reshape(len(fast), -1).any(axis=1))
        assert differing.size == 0, f"{differing.size} {name} differ, first {differing[:5]}"


def test_kernel_and_the_naive_reading_of_the_documents_agree(population: Population, compiled: Batch) -> None:
    waterfalls, splits, wallets = compiled.waterfalls, compiled.splits, compiled.wallets
    laws: dict[int, naive.Law] = {}
    for person in range(min(NAIVE_PERSONS, PERSONS) // CHUNKS):
        purse = decode.purse_of(population, person)
        settled = naive.settle_person(decode.visits_of(population, person, laws), purse)
        first = int(population.visit_starts[person])
        for index, one in enumerate(settled, first):
            expected = decode.amounts_of(one)
            assert waterfalls[index, decode.AMOUNTS].tolist() == expected, f"person {person}, visit {index}"
            start, end = (int(at) * 4 for at in population.line_starts[index : index + 2])
            lines = [decode.fen(part) for parts in one.splits for part in parts]
            assert splits[start:end].tolist() == lines, f"splits of person {person}, visit {index}"
        assert wallets[person, 1:].tolist() == [decode.fen(purse.own), decode.fen(purse.family)], (
            f"person {person}"
        )
