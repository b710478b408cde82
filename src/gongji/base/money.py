"""Exact money: integer fen, integer basis points, one rounding function.

Amounts enter as quoted yuan ("45.50") and leave as quoted yuan; between them they are ``int`` fen. Prices carry six
decimals of a yuan and quantities four (national field tables ``pric`` 16,6 and ``cnt`` 16,4), so a line amount is the
product of two integers, rounded once. Rounding is 四舍五入 to the fen at the points of decision A03 and nowhere else.
"""

from collections.abc import Sequence

YUAN_FEN = 100
BP_ONE = 10_000
PRICE_UNIT = 1_000_000
QUANTITY_UNIT = 10_000
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

    Raises ValueError for anything but optional sign, digits and one point, and for more than ``scale`` significant
    decimals: money is never silently truncated.
    """
    body = text.strip()
    negative = body.startswith("-")
    if negative or body.startswith("+"):
        body = body[1:]
    whole, point, fraction = body.partition(".")
    fraction = fraction.rstrip("0")
    digits = whole + fraction
    if not digits.isascii() or not (digits or "0").isdigit() or not (whole or point) or not (whole or fraction or "0" in body):
        raise ValueError(f"不是有效的数值: {text!r}")
    if len(fraction) > scale:
        raise ValueError(f"小数位超过 {scale} 位: {text!r}")
    value = int(whole or "0") * 10**scale + int((fraction or "0").ljust(scale, "0"))
    return -value if negative else value


def parse_yuan(text: str) -> int:
    """Fen of quoted yuan such as ``"45.50"``; more than two decimals are refused."""
    return parse_decimal(text, 2)


def format_yuan(fen: int) -> str:
    """Quoted yuan with two decimals of ``fen``: ``4550`` → ``"45.50"``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), YUAN_FEN)
    return f"{sign}{whole}.{rest:02d}"


def parse_percent(text: str) -> int:
    """Basis points of a quoted percentage: ``"65%"`` → 6500; at most two decimals of a percent."""
    if not text.endswith("%"):
        raise ValueError(f"比例须写成百分数, 如 \"65%\": {text!r}")
    return parse_decimal(text[:-1], 2)


def format_percent(bp: int) -> str:
    """Percentage of basis points without idle zeros: 6500 → ``"65%"``, 550 → ``"5.5%"``."""
    whole, rest = divmod(bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def apportion(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split ``total_fen`` over ``weights`` in proportion, by largest remainder, so that the parts add up (decision A03).

    Equal remainders go to the earlier part. All-zero weights give all-zero parts and need a zero total.
    """
    weight_sum = sum(weights)
    if weight_sum == 0:
        if total_fen:
            raise ValueError("nothing to apportion a non-zero total over")
        return [0] * len(weights)
    sign = -1 if total_fen < 0 else 1
    scaled = [abs(total_fen) * weight for weight in weights]
    parts = [value // weight_sum for value in scaled]
    missing = abs(total_fen) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda index: (-(scaled[index] % weight_sum), index))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
