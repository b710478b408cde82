"""Short forms for kernel tests: a row by its exceptions, a line by its amount, a visit settled at once."""

from collections.abc import Sequence

from gongji.kernel import layout, settle_visit


def row_of(
    kind: int = layout.DEDUCTIBLE_VISIT,
    deductible: int = 3000,
    stop: int = 30_000,
    bp: int = 6500,
    basis: int = layout.BASIS_SINGLE,
    bands: Sequence[tuple[int, int]] = (),
    prepay: Sequence[int] = (0, 0, 500, 1000, 1000, 0, 0, 0),
    full_selfpay: int = 1,
    carve_out: int = layout.UNSET,
    **ceilings: int,
) -> list[int]:
    """A row like 晋医保发〔2024〕11号's class 3, active; ceilings by period name, ``bands`` as (edge, bp)."""
    row = [layout.NONE] * layout.ROW_SIZE
    row[layout.ROW_DEDUCTIBLE_KIND] = kind
    row[layout.ROW_DEDUCTIBLE_FEN] = deductible
    row[layout.ROW_DEDUCTIBLE_STOP_FEN] = stop
    for at, period in enumerate(("visit", "day", "month", "quarter", "year"), layout.ROW_CEILING_VISIT_FEN):
        row[at] = ceilings.get(period, layout.NONE)
    edges = list(bands) or [(layout.NONE, bp)]
    row[layout.ROW_BAND_BASIS], row[layout.ROW_BAND_COUNT] = basis, len(edges)
    for band, (edge, rate) in enumerate(edges):
        row[layout.ROW_BAND_UP_TO_FEN + band], row[layout.ROW_BAND_BP + band] = edge, rate
    row[layout.ROW_PREPAY_BP : layout.ROW_PREPAY_BP + layout.MAX_TREATS] = prepay
    row[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY] = full_selfpay
    row[layout.ROW_CARVE_OUT_BP] = carve_out
    return row


def line(
    amount: int, treat: int = layout.TREAT_A, standard: int = layout.NONE, flags: int = layout.FLAG_ACCOUNT
) -> list[int]:
    """One fee line."""
    return [amount, standard, treat, flags]


def acc_of(**sums: int) -> list[int]:
    """Accumulators by short name: window, deductible, in_scope, visit, day, month, quarter, year."""
    names = ("window", "deductible", "in_scope", "visit", "day", "month", "quarter", "year")
    assert set(sums) <= set(names)
    return [sums.get(name, 0) for name in names]


def settle(
    row: Sequence[int],
    *lines: Sequence[int],
    acc: Sequence[int] | None = None,
    quota: int = layout.NONE,
    own: int = 0,
    family: int = 0,
) -> list[int]:
    """Waterfall of one visit."""
    return settle_split(row, *lines, acc=acc, quota=quota, own=own, family=family)[0]


def settle_split(
    row: Sequence[int],
    *lines: Sequence[int],
    acc: Sequence[int] | None = None,
    quota: int = layout.NONE,
    own: int = 0,
    family: int = 0,
) -> tuple[list[int], list[int]]:
    """Waterfall and splits of one visit."""
    waterfall, splits = [-99] * layout.W_SIZE, [-99] * (layout.SPLIT_SIZE * len(lines))
    flat = [number for one in lines for number in one]
    settle_visit(row, flat, acc or acc_of(), [quota, own, family], waterfall, splits)
    assert -99 not in waterfall
    assert -99 not in splits
    return waterfall, splits
