"""The batch form: one source, compiled where Numba is, the same numbers where it is not."""

import subprocess
import sys
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from gongji.base import money
from gongji.kernel import fold, settle_visit
from gongji.kernel import layout as k
from gongji.kernel.batch import HELPERS_FIRST, Batch, compile_kernel, fold_persons, fold_plain, is_compiled
from tests.kernel.build import line, row_of

WALL = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in %r:
            raise ModuleNotFoundError(f"blocked: {name}", name=name)
sys.meta_path.insert(0, Wall())
"""
BY_LISTS = """
from gongji.kernel.batch import Batch, fold_persons, is_compiled
from gongji.kernel.layout import W_CASH_FEN, W_POOL_PAY_FEN, W_SIZE
lines = [10000, -1, 1, 1, 10000, -1, 1, 1]
batch = Batch([%r], [0, 0], [31, 0], [-1, 0], [0, 1, 2], lines, [0, 2], [[0] * 8], [[-1, 1000, 0]], [0, 0],
              [[0] * W_SIZE, [0] * W_SIZE], [0] * 8)
"""
SETTLED = """
fold_persons(batch)
assert not is_compiled() and not {"numba"} & set(sys.modules)
pool, cash = ([int(w[at]) for w in batch.waterfalls] for at in (W_POOL_PAY_FEN, W_CASH_FEN))
print(pool, cash, int(batch.accs[0][7]), int(batch.wallets[0][1]), sum(int(part) for part in batch.splits))
"""


def two_visits() -> Batch:
    """One person, two visits of one group with a line each."""
    return Batch(
        rows=np.array([row_of(year=10_000)]),
        row_of_visit=np.zeros(2, np.int64),
        periods_of_visit=np.array([fold.NEW_ALL, 0]),
        previous_of_visit=np.array([k.NONE, 0]),
        line_starts=np.array([0, 1, 2]),
        lines=np.array(line(10_000) + line(10_000)),
        visit_starts=np.array([0, 2]),
        accs=np.zeros((1, k.ACC_SIZE), np.int64),
        wallets=np.array([[k.NONE, 1000, 0]]),
        credits_fen=np.zeros(2, np.int64),
        waterfalls=np.zeros((2, k.W_SIZE), np.int64),
        splits=np.zeros(2 * k.SPLIT_SIZE, np.int64),
    )


def test_a_second_visit_of_a_group_finds_what_the_first_left() -> None:
    batch = two_visits()
    fold_persons(batch)
    assert batch.waterfalls[:, k.W_DEDUCTIBLE_FEN].tolist() == [3000, 0]
    assert batch.waterfalls[:, k.W_POOL_PAY_FEN].tolist() == [4550, 5450]
    assert batch.waterfalls[:, k.W_ACCOUNT_FEN].tolist() == [1000, 0]
    assert batch.accs[0].tolist() == [3000, 3000, 20_000, 10_000, 10_000, 10_000, 10_000, 10_000]
    assert batch.wallets[0].tolist() == [k.NONE, 0, 0]


def test_a_visit_group_survives_a_visit_in_between() -> None:
    three = two_visits()._replace(
        row_of_visit=np.zeros(3, np.int64),
        periods_of_visit=np.array([fold.NEW_ALL, 0, fold.NEW_DAY]),
        previous_of_visit=np.array([k.NONE, k.NONE, 0]),
        line_starts=np.array([0, 1, 2, 3]),
        lines=np.array(line(2000) + line(2500) + line(2000)),
        visit_starts=np.array([0, 3]),
        credits_fen=np.zeros(3, np.int64),
        waterfalls=np.zeros((3, k.W_SIZE), np.int64),
        splits=np.zeros(3 * k.SPLIT_SIZE, np.int64),
    )
    fold_persons(three)
    assert three.waterfalls[:, k.W_DEDUCTIBLE_FEN].tolist() == [2000, 2500, 1000]
    assert three.accs[0, : k.ACC_IN_SCOPE_YEAR_FEN].tolist() == [3000, 5500]


def test_an_account_credit_is_there_before_its_visit() -> None:
    batch = two_visits()._replace(credits_fen=np.array([0, 700]))
    fold_persons(batch)
    assert batch.waterfalls[:, k.W_ACCOUNT_FEN].tolist() == [1000, 700]


def test_a_batch_continues_where_an_earlier_one_stopped() -> None:
    # a visit group does not cross batches, so here each visit is a group of its own
    at_once, in_parts = two_visits(), two_visits()
    at_once.previous_of_visit[1] = k.NONE
    fold_persons(at_once)
    for start in (0, 1):
        part = in_parts._replace(
            row_of_visit=in_parts.row_of_visit[start : start + 1],
            periods_of_visit=in_parts.periods_of_visit[start : start + 1],
            previous_of_visit=np.array([k.NONE]),
            line_starts=in_parts.line_starts[start : start + 2],
            visit_starts=np.array([0, 1]),
            waterfalls=in_parts.waterfalls[start : start + 1],
        )
        fold_persons(part)
    for name in ("waterfalls", "splits", "accs", "wallets"):
        assert getattr(at_once, name).tolist() == getattr(in_parts, name).tolist()


def test_a_batch_with_barred_lines_gives_all_memory_back() -> None:
    memory: Any = import_module("numba.core.runtime._nrt_python")
    memory.memsys_enable_stats()
    lines = np.array(line(10_000, flags=k.FLAG_CARVE_OUT) + line(9_999, flags=k.FLAG_CARVE_OUT))
    batch = two_visits()._replace(lines=lines)
    fold_persons(batch)
    allocated, freed = memory.memsys_get_stats_alloc(), memory.memsys_get_stats_free()
    for _ in range(100):
        fold_persons(batch)
    assert memory.memsys_get_stats_alloc() - allocated == memory.memsys_get_stats_free() - freed > 0


def test_numba_compiles_what_runs_here() -> None:
    assert is_compiled()


def test_every_function_the_kernel_calls_is_compiled_from_its_own_source() -> None:
    compiled = compile_kernel(HELPERS_FIRST)
    for function in (*HELPERS_FIRST, fold_plain):
        names = (function.__globals__.get(name) for name in function.__code__.co_names)
        called = {
            getattr(one, "__name__", "")
            for one in names
            if getattr(one, "__module__", "").startswith("gongji")
        }
        assert called <= set(compiled), function.__name__
    for function in HELPERS_FIRST:
        assert compiled[function.__name__].py_func.__code__ is function.__code__  # type: ignore[attr-defined]


def test_the_compiled_rounding_is_the_plain_one() -> None:
    compiled = compile_kernel([money.div_round])["div_round"]
    for numerator in (*range(-30, 31), 10**15 + 5, -(10**15) - 5):
        assert compiled(numerator, 10) == money.div_round(numerator, 10)


def test_compiled_amounts_at_the_bound_do_not_overflow() -> None:
    compiled = compile_kernel(HELPERS_FIRST)["settle_visit"]
    flags = (0, 1, 2, 3)
    lines = [number for part in range(1000) for number in line(money.MAX_FEN // 1000, flags=flags[part % 4])]
    row = row_of(
        bp=9999,
        basis=k.BASIS_YEAR_FUND,
        bands=((money.MAX_FEN, 9999), (k.NONE, 1)),
        carve_out=1,
        year=money.MAX_FEN,
    )
    acc, wallet = [0] * k.ACC_SIZE, [money.MAX_FEN // 3, money.MAX_FEN, money.MAX_FEN]
    plain, fast = [0] * k.W_SIZE, np.zeros(k.W_SIZE, np.int64)
    plain_splits, fast_splits = [0] * 4000, np.zeros(4000, np.int64)
    settle_visit(row, lines, acc, wallet, plain, plain_splits)
    compiled(*(np.array(one, np.int64) for one in (row, lines, acc, wallet)), fast, fast_splits)
    assert fast.tolist() == plain
    assert fast_splits.tolist() == plain_splits


@pytest.mark.parametrize(
    ("absent", "as_arrays"),
    [
        (("numba", "numpy"), ""),
        (("numba",), ""),
        (("numba",), "import numpy\nbatch = Batch(*(numpy.array(part) for part in batch))\n"),
    ],
)
def test_the_kernel_settles_without_numba(absent: tuple[str, ...], as_arrays: str) -> None:
    program = WALL % (absent,) + BY_LISTS % (row_of(year=10_000),) + as_arrays + SETTLED
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[4550, 5450] [4450, 4550] 10000 0 20000", done.stderr
