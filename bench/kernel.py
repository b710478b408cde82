"""Kernel figures as JSON: visits a second on one core, compiled and plain, and bytes moved against memory bandwidth.

    python bench/kernel.py [--visits 2000000] [--rounds 7] [--seed 1]

Three lines a visit, ten visits a person, every intermediate amount kept: waterfall and splits of each visit are written to
memory. The memory figure is a plain array copy of the same size measured between the rounds; a copy of N bytes moves 2N.
Medians of the rounds; the compile time of the first call stands apart.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from gongji.kernel import fold
from gongji.kernel import layout as k
from gongji.kernel.batch import Batch, fold_persons, is_compiled
from gongji.kernel.visit import settle_visit

LINES_EACH = 3
VISITS_EACH = 10
STANDARDS_FEN = (8000, 5000, 3000, 3000)
RATES_BP = ((5500, 6000, 6500, 6500), (6000, 6500, 7000, 7000))


def rows() -> np.ndarray:
    """晋医保发〔2024〕11号: classes 1 to 3 and pharmacy, for active and retired members."""
    table = []
    for retired, rates in enumerate(RATES_BP):
        for standard, rate in zip(STANDARDS_FEN, rates, strict=True):
            row = [k.NONE] * k.ROW_SIZE
            row[k.ROW_DEDUCTIBLE_KIND], row[k.ROW_DEDUCTIBLE_FEN] = k.DEDUCTIBLE_VISIT, standard
            row[k.ROW_DEDUCTIBLE_STOP_FEN], row[k.ROW_CEILING_YEAR_FEN] = 30_000, (250_000, 300_000)[retired]
            row[k.ROW_BAND_BASIS], row[k.ROW_BAND_COUNT], row[k.ROW_BAND_BP] = k.BASIS_SINGLE, 1, rate
            row[k.ROW_PREPAY_BP : k.ROW_PREPAY_BP + 8] = [0, 0, 500, 1000, 1000, 0, 0, 0]
            row[k.ROW_ACCOUNT_PAYS_FULL_SELFPAY], row[k.ROW_CARVE_OUT_BP] = 1, k.UNSET
            table.append(row)
    return np.array(table, np.int64)


def workload(visits: int, seed: int) -> Batch:
    """A province's ordinary visits."""
    rng = np.random.default_rng(seed)
    persons = visits // VISITS_EACH
    visits = persons * VISITS_EACH
    lines = np.empty((visits * LINES_EACH, k.LINE_SIZE), np.int64)
    lines[:, k.LINE_AMOUNT_FEN] = rng.gamma(2.0, 3000.0, len(lines)).astype(np.int64)
    standards = lines[:, k.LINE_AMOUNT_FEN] * rng.integers(80, 130, len(lines)) // 100
    lines[:, k.LINE_STANDARD_FEN] = np.where(rng.random(len(lines)) < 0.3, standards, k.NONE)
    lines[:, k.LINE_TREAT] = rng.choice(5, len(lines), p=[0.08, 0.35, 0.45, 0.04, 0.08])
    lines[:, k.LINE_FLAGS] = k.FLAG_ACCOUNT
    periods = np.full(visits, fold.NEW_VISIT | fold.NEW_DAY | fold.NEW_MONTH)
    periods[rng.random(visits) < 0.3] = fold.NEW_DAY
    periods[::VISITS_EACH] = fold.NEW_ALL
    retired = np.repeat(rng.integers(0, 2, persons), VISITS_EACH)
    wallets = np.zeros((persons, k.WALLET_SIZE), np.int64)
    wallets[:, 0], wallets[:, 1] = k.NONE, rng.integers(0, 200_000, persons)
    return Batch(
        rows=rows(),
        row_of_visit=retired * 4 + rng.integers(0, 4, visits),
        periods_of_visit=periods,
        previous_of_visit=np.where(periods & fold.NEW_VISIT, k.NONE, np.arange(visits) - 1),
        line_starts=np.arange(visits + 1) * LINES_EACH,
        lines=lines.reshape(-1),
        visit_starts=np.arange(persons + 1) * VISITS_EACH,
        accs=np.zeros((persons, k.ACC_SIZE), np.int64),
        wallets=wallets,
        credits_fen=np.where(rng.random(visits) < 0.3, 5000, 0),
        waterfalls=np.zeros((visits, k.W_SIZE), np.int64),
        splits=np.zeros(len(lines) * k.SPLIT_SIZE, np.int64),
    )


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain_rate(visits: int, seed: int) -> float:
    """Visits a second of the uncompiled fold over plain lists."""
    lists = Batch(*(part.tolist() for part in workload(visits, seed)))
    return len(lists.row_of_visit) / seconds(lambda: fold_persons(lists))


def single_call_us(batch: Batch) -> float:
    """Microseconds of one ``settle_visit`` at the counter."""
    row, lines = batch.rows[2].tolist(), batch.lines[: LINES_EACH * k.LINE_SIZE].tolist()
    acc, wallet = [0] * k.ACC_SIZE, [k.NONE, 5000, 0]
    waterfall, splits = [0] * k.W_SIZE, [0] * LINES_EACH * k.SPLIT_SIZE

    def thousand() -> None:
        for _ in range(1000):
            settle_visit(row, lines, acc, wallet, waterfall, splits)

    return min(seconds(thousand) for _ in range(20)) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    batch = workload(options.visits, options.seed)
    visits, moved = (
        len(batch.row_of_visit),
        sum(part.nbytes for part in batch) + batch.accs.nbytes + batch.wallets.nbytes,
    )
    accs, wallets = batch.accs.copy(), batch.wallets.copy()
    first_call = seconds(lambda: fold_persons(batch))
    source = np.ones(moved // 16, np.int64)
    target = np.zeros_like(source)
    fold_times, copy_times = [], []
    for _ in range(options.rounds):
        batch.accs[:], batch.wallets[:] = accs, wallets
        fold_times.append(seconds(lambda: fold_persons(batch)))
        copy_times.append(seconds(lambda: np.copyto(target, source)))
    rate = visits / statistics.median(fold_times)
    bandwidth = 2 * source.nbytes / statistics.median(copy_times)
    plain = plain_rate(min(visits, 100_000), options.seed)
    result = {
        "compiled": is_compiled(),
        "visits": visits,
        "lines_a_visit": LINES_EACH,
        "numbers_kept_a_visit": k.W_SIZE + LINES_EACH * k.SPLIT_SIZE,
        "bytes_a_visit": round(moved / visits),
        "compiled_visits_per_s": round(rate),
        "compiled_visits_per_s_best": round(visits / min(fold_times)),
        "plain_visits_per_s": round(plain),
        "compiled_over_plain": round(rate / plain, 1),
        "plain_single_call_us": round(single_call_us(batch), 2),
        "moved_gb_per_s": round(rate * moved / visits / 1e9, 2),
        "copy_gb_per_s": round(bandwidth / 1e9, 2),
        "share_of_memory_bandwidth": round(rate * moved / visits / bandwidth, 2),
        "compile_s": round(first_call, 1),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
    }
    json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
