"""Millions of visits at once: the kernel's own functions folded over persons, compiled by Numba where it is installed.

There is one source. ``compile_kernel`` rebuilds the plain functions from their code objects, each with the helpers it
calls replaced by their compiled forms, so the batch runs the very lines the counter runs. Without Numba ``fold_persons``
runs the same functions uncompiled. Importing this module compiles nothing and writes nothing; Numba works at the first
call, once a process, in memory (its file cache cannot see that a helper in another file changed).
"""

from collections.abc import Callable, Sequence
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple

from gongji.base import money
from gongji.kernel import fold, payers, pool, visit
from gongji.kernel.fold import NEW_VISIT, advance_in_place, restart_in_place, resume_in_place, spend_in_place
from gongji.kernel.layout import ROW_DEDUCTIBLE_KIND, WALLET_OWN_FEN
from gongji.kernel.visit import settle_span

Ints = Any
"""Flat int64 array in C order, or a list of ints."""
Table = Any
"""int64 array of rows by positions in C order, or a list of lists of ints."""


class Batch(NamedTuple):
    """Visits of many persons and the room for their results; all int64, within the bounds of ``kernel.visit``.

    P persons, V visits, L lines, R compiled rows. A person's visits stand in the order of their settlement.
    """

    rows: Table
    """R x ROW_SIZE."""
    row_of_visit: Ints
    """V: index of each visit's row."""
    periods_of_visit: Ints
    """V: bits NEW_DAY to NEW_YEAR of the periods each visit opens (``kernel.fold``); NEW_VISIT is not read."""
    previous_of_visit: Ints
    """V: index of the visit group's visit before this one, or NONE when this one opens the group."""
    line_starts: Ints
    """V + 1: where each visit's lines begin, counted in lines."""
    lines: Ints
    """Flat, L x LINE_SIZE."""
    visit_starts: Ints
    """P + 1: where each person's visits begin."""
    accs: Table
    """P x ACC_SIZE, in and out: accumulators before the person's first visit, after it those after the last."""
    wallets: Table
    """P x WALLET_SIZE, in and out: chronic quota and balances."""
    credits_fen: Ints
    """V: credited to the own account just before the visit."""
    waterfalls: Table
    """V x W_SIZE, out."""
    splits: Ints
    """Flat, L x SPLIT_SIZE, out."""


OUTPUTS = ("accs", "wallets", "waterfalls", "splits")
"""Parts of a batch that the fold changes."""

HELPERS_FIRST: tuple[Callable[..., Any], ...] = (
    money.div_round,
    money.mul_bp,
    money.share_of,
    money.apportion,
    visit.split_lines,
    pool.carve_out,
    pool.charge_deductible,
    pool.fill_bands,
    pool.apply_rate,
    pool.apply_ceilings,
    payers.pay_personal,
    payers.covered_on_barred,
    visit.settle_span,
    visit.settle_visit,
    fold.deductible_bit,
    fold.restart_in_place,
    fold.resume_in_place,
    fold.advance_in_place,
    fold.spend_in_place,
)
"""Every function of the kernel that batch compiles, callees before callers."""

LIST_BUILDERS = (money.apportion, payers.covered_on_barred)
"""Functions that allocate. Only they are compiled with Numba's reference counting: the atomic counts of the others' array
views, which the caller's arrays outlive, took half of the time (12 against 22 million visits a second)."""


def fold_persons(batch: Batch) -> None:
    """Settle each person's visits in order, each with the accumulators the earlier ones left; every amount is kept.

    Arrays are folded by the compiled kernel where Numba is installed, and as lists by the plain one elsewhere; the results
    are the same numbers. The compiled form releases the GIL and checks no index: what a caller builds wrongly is not
    found here.
    """
    if not hasattr(batch.lines, "dtype"):
        fold_plain(*batch)
    elif is_compiled():
        fast_fold()(*batch)
    else:
        lists = Batch(*(part.tolist() for part in batch))
        fold_plain(*lists)
        for name in OUTPUTS:
            getattr(batch, name)[...] = getattr(lists, name)


def fold_plain(
    rows: Table,
    row_of_visit: Ints,
    periods_of_visit: Ints,
    previous_of_visit: Ints,
    line_starts: Ints,
    lines: Ints,
    visit_starts: Ints,
    accs: Table,
    wallets: Table,
    credits_fen: Ints,
    waterfalls: Table,
    splits: Ints,
) -> None:
    """``fold_persons`` of the parts of a Batch, as Python runs it; the source of the compiled form."""
    for person in range(len(visit_starts) - 1):
        acc, wallet = accs[person], wallets[person]
        for index in range(visit_starts[person], visit_starts[person + 1]):
            row, waterfall = rows[row_of_visit[index]], waterfalls[index]
            first = line_starts[index]
            wallet[WALLET_OWN_FEN] += credits_fen[index]
            restart_in_place(acc, row[ROW_DEDUCTIBLE_KIND], periods_of_visit[index] | NEW_VISIT)
            resume_in_place(
                acc, row[ROW_DEDUCTIBLE_KIND], previous_of_visit[index], previous_of_visit, waterfalls
            )
            settle_span(row, lines, first, line_starts[index + 1] - first, acc, wallet, waterfall, splits)
            advance_in_place(acc, waterfall)
            spend_in_place(wallet, waterfall)


@cache
def fast_fold() -> Callable[..., None]:
    """Compiled fold (Numba compiles it at its first call), or the plain one where Numba cannot be imported."""
    try:
        return compile_kernel((*HELPERS_FIRST, fold_plain))["fold_plain"]
    except ImportError:
        return fold_plain


def is_compiled() -> bool:
    """Whether ``fold_persons`` of arrays runs compiled here."""
    return fast_fold() is not fold_plain


def compile_kernel(functions: Sequence[Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Compiled forms by name of plain ``functions``, given callees before callers. Needs Numba."""
    import numba

    compile_lazily: Any = numba.njit
    compiled: dict[str, Callable[..., Any]] = {}
    for function in functions:
        assert isinstance(function, FunctionType)
        scope = {**function.__globals__, **compiled}
        twin = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
        counted = function in LIST_BUILDERS
        compiled[function.__name__] = compile_lazily(nogil=True, error_model="numpy", _nrt=counted)(twin)
    return compiled
