"""Exact money: integer fen, integer basis points, one rounding function.

Amounts enter as quoted yuan ("45.50") and leave as quoted yuan; between them they are ``int`` fen. Prices carry six
decimals of a yuan and quantities four (national field tables ``pric`` 16,6 and ``cnt`` 16,4), so a line amount is the
product of two integers, rounded once. Rounding is 四舍五入 to the fen at the points of decision A03 and nowhere else.
"""

import re
from collections.abc import Sequence

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?=\.?[0-9])(?P<whole>[0-9]*)\.?(?P<fraction>[0-9]*)")

YUAN_FEN = 100
BP_ONE = 10_000
PRICE_DIGITS, PRICE_UNIT = 6, 1_000_000
QUANTITY_DIGITS, QUANTITY_UNIT = 4, 10_000
MICRO_PER_FEN = PRICE_UNIT // YUAN_FEN
MAX_FEN = 10**11
"""Largest amount of one line or one visit, 10⁹ yuan: keeps amount x basis points and sums of 1,000 lines inside int64."""


def div_round(numerator: int, denominator: int) -> int:
    """Quotient rounded half away from zero; the only rounding of money (decision A03).

    ``denominator`` must be positive. Symmetric in sign, so that a reversal mirrors its settlement to the fen.
    """
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def mul_bp(fen: int, bp: int) -> int:
    """Share ``bp`` (basis points) of ``fen``, rounded once to the fen."""
    return div_round(fen * bp, BP_ONE)


def line_fen(price_micro: int, quantity_e4: int) -> int:
    """Line amount in fen of a price in millionths of a yuan and a quantity in ten-thousandths (R1, R2 of decision A03)."""
    return div_round(price_micro * quantity_e4, PRICE_UNIT * QUANTITY_UNIT // YUAN_FEN)


def parse_decimal(text: str, scale: int) -> int:
    """Integer value of a plain decimal ``text`` in units of 10^-scale.

    Raises ValueError for anything but optional sign, ASCII digits and one point, and for more than ``scale`` significant
    decimals: money is never silently truncated.
    """
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"不是有效的数值: {text!r}")
    fraction = match["fraction"].rstrip("0")
    if len(fraction) > scale:
        raise ValueError(f"小数位超过 {scale} 位: {text!r}")
    value = int((match["whole"] + fraction.ljust(scale, "0")) or "0")
    return -value if match["sign"] == "-" else value


def parse_yuan(text: str) -> int:
    """Fen of quoted yuan such as ``"45.50"``; more than two decimals are refused."""
    return parse_decimal(text, 2)


def format_yuan(fen: int) -> str:
    """Quoted yuan with two decimals of ``fen``: ``4550`` → ``"45.50"``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), YUAN_FEN)
    return f"{sign}{whole}.{rest:02d}"


def format_scaled(value: int, scale: int, least: int = 0) -> str:
    """``value`` in units of 10^-scale without needless zeros, but with ``least`` decimals: quantities (4), unit prices (6)."""
    whole, rest = divmod(abs(value), 10**scale)
    digits = f"{rest:0{scale}d}".rstrip("0").ljust(least, "0")
    return f"{'-' if value < 0 else ''}{whole}{f'.{digits}' if digits else ''}"


def parse_percent(text: str) -> int:
    """Basis points of a quoted percentage: ``"65%"`` → 6500; at most two decimals of a percent."""
    if not text.endswith("%"):
        raise ValueError(f'比例须写成百分数, 如 "65%": {text!r}')
    return parse_decimal(text[:-1], 2)


def format_percent(bp: int) -> str:
    """Percentage of basis points without idle zeros: 6500 → ``"65%"``, 550 → ``"5.5%"``."""
    whole, rest = divmod(bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def share_of(total: int, weight: int, weight_sum: int) -> tuple[int, int]:
    """Whole part and remainder of ``total x weight / weight_sum``, all three between 0 and MAX_FEN.

    The product of two amounts passes int64, so the weight is taken in two halves of at most 20 bits: every
    intermediate stays under 2⁶⁰ and the compiled kernel computes the same bits as Python.
    """
    high, low = weight >> 20, weight & 0xFFFFF
    whole, rest = total * high // weight_sum, total * high % weight_sum
    scaled = (rest << 20) + total * low
    return (whole << 20) + scaled // weight_sum, scaled % weight_sum


def apportion(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split ``total_fen`` over ``weights`` in proportion, by largest remainder, so that the parts add up (decision A03).

    Equal remainders go to the earlier part. All-zero weights give all-zero parts and need a zero total. Weights are not
    negative. Compiled with the kernel: loops and a list of integers, no more.
    """
    count = len(weights)
    parts = [0] * count
    weight_sum = 0
    for weight in weights:
        weight_sum += weight
    if weight_sum == 0:
        if total_fen != 0:
            raise ValueError("nothing to apportion a non-zero total over")
        return parts
    missing = abs(total_fen)
    ranks = [0] * count
    for index in range(count):
        parts[index], remainder = share_of(abs(total_fen), weights[index], weight_sum)
        missing -= parts[index]
        ranks[index] = remainder * count + (count - 1 - index)
    if missing > 0:
        last_served = sorted(ranks)[count - missing]
        for index in range(count):
            if ranks[index] >= last_served:
                parts[index] += 1
    if total_fen < 0:
        for index in range(count):
            parts[index] = -parts[index]
    return parts
