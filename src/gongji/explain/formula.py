"""A step in numbers, as people write it."""

from __future__ import annotations

from collections.abc import Sequence

from gongji.base.money import format_percent, format_yuan
from gongji.explain import model
from gongji.explain.model import Input

_SIGNS = {model.SUM: " + ", model.DIFFERENCE: " − ", model.REMAINING: " − "}


def formula(operation: str, inputs: Sequence[Input], amount_fen: int) -> str:
    """The step in numbers: ``160.00 × 65% = 104.00``. Zeros that add or take nothing are left out, the
    inputs keep them."""
    if operation in _SIGNS:
        inputs = [item for number, item in enumerate(inputs) if item.value or number == 0]
    shown = [
        format_percent(item.value) if item.unit == model.BP else format_yuan(item.value) for item in inputs
    ]
    result = format_yuan(amount_fen)
    if operation == model.SHARE:
        pairs = [f"{fen} × {rate}" for fen, rate in zip(shown[::2], shown[1::2], strict=True)]
        return f"{' + '.join(pairs)} = {result}"
    if operation == model.QUOTIENT:
        return f"{shown[0]} ÷ {shown[1]} = {result}"
    if len(shown) == 1:
        return result
    if operation == model.MINIMUM:
        return f"min({', '.join(shown)}) = {result}"
    if operation == model.REMAINING and sum(item.value for item in inputs[1:]) > inputs[0].value:
        return f"max(0, {' − '.join(shown)}) = {result}"
    return f"{_SIGNS[operation].join(shown)} = {result}"
