"""Decisions about uploads that need no database: which lines may be taken, which diagnosis leads."""

from collections.abc import Iterable, Sequence

from gongji.base.money import MAX_FEN, format_yuan
from gongji.base.reasons import Refusal
from gongji.encounters.values import Diagnosis, FeeLine

__all__ = ["ALL_BATCHES", "MAX_LINES", "main_diagnosis", "refuse_lines"]

MAX_LINES = 1_000
"""Lines of one upload."""
ALL_BATCHES = "0000"
"""Batch number by which 2205 means every batch that is not settled."""
TOLERANCE_FEN = 1
"""How far the stated amount of a line may be from price times quantity, rounded to the fen.

Clients round with the means of their language and keep prices with two to six decimals; the stated amount is
the one charged.
"""


def refuse_lines(batches: Sequence[tuple[str, Sequence[FeeLine]]]) -> Refusal | None:
    """Why an upload of (batch number, lines) cannot be taken, or None.

    Refused: no line, more than 1,000, a batch number that means all batches, a line number twice, a quantity
    or amount that is not positive, an amount beyond the limits or away from price times quantity, two
    diseases in one batch.
    """
    lines = [line for _, batch in batches for line in batch]
    if not lines:
        return Refusal("NO_FEE_LINES")
    if len(lines) > MAX_LINES:
        return Refusal("TOO_MANY_LINES", f"{len(lines)} 条，最多 {MAX_LINES} 条")
    if any(batch_no in ("", ALL_BATCHES) for batch_no, _ in batches):
        return Refusal("BAD_FIELD", f"收费批次号不能为空，也不能是 {ALL_BATCHES}")
    keys: set[str] = set()
    for line in lines:
        if line.key in keys:
            return Refusal("FEE_DUPLICATE", f"feedetl_sn {line.key}")
        keys.add(line.key)
        if (refusal := _refuse_line(line)) is not None:
            return refusal
    for batch_no, batch in batches:
        if len({line.disease_code for line in batch}) > 1:
            return Refusal("BAD_FIELD", f"收费批次 {batch_no} 内的病种编码不一致")
    return None


def _refuse_line(line: FeeLine) -> Refusal | None:
    where = f"feedetl_sn {line.key}"
    if line.quantity_e4 <= 0 or line.price_micro < 0:
        return Refusal("QUANTITY_INVALID", where)
    if not 0 <= line.amount_fen <= MAX_FEN:
        return Refusal("AMOUNT_OUT_OF_RANGE", where)
    if abs(line.amount_fen - line.computed_fen) > TOLERANCE_FEN:
        stated, computed = format_yuan(line.amount_fen), format_yuan(line.computed_fen)
        return Refusal("AMOUNT_MISMATCH", f"{where} 明细金额 {stated}，单价×数量为 {computed}")
    return None


def main_diagnosis(diagnoses: Iterable[Diagnosis]) -> Diagnosis | None:
    """The valid diagnosis that stands first."""
    return min((d for d in diagnoses if d.valid), key=lambda d: (d.sort_no, d.diag_type), default=None)
