"""Who pays what the funds leave: own account, family accounts, cash, and which lines accounts may not pay (A18, A19).

Plain integer code for Numba, like all of the kernel.
"""

from collections.abc import MutableSequence, Sequence

from gongji.base.money import apportion
from gongji.kernel.layout import (
    FLAG_ACCOUNT,
    FLAG_CARVE_OUT,
    LINE_FLAGS,
    LINE_SIZE,
    SPLIT_IN_SCOPE_FEN,
    SPLIT_SIZE,
    W_ACCOUNT_FEN,
    W_ACCOUNT_PAYABLE_FEN,
    W_CASH_FEN,
    W_CHRONIC_FEE_FEN,
    W_CHRONIC_PAY_FEN,
    W_MUTUAL_FEN,
    W_PERSONAL_FEN,
    W_POOL_PAY_FEN,
    W_TOTAL_FEN,
    WALLET_FAMILY_FEN,
    WALLET_OWN_FEN,
)


def pay_personal(payable: int, wallet: Sequence[int], waterfall: MutableSequence[int]) -> None:
    """Personal part from own account, family accounts, cash (decision A18; 晋医保办发〔2022〕27号 SX2022-27.art23.b)."""
    personal = waterfall[W_TOTAL_FEN] - waterfall[W_POOL_PAY_FEN] - waterfall[W_CHRONIC_PAY_FEN]
    own = min(wallet[WALLET_OWN_FEN], payable)
    mutual = min(wallet[WALLET_FAMILY_FEN], payable - own)
    waterfall[W_PERSONAL_FEN] = personal
    waterfall[W_ACCOUNT_PAYABLE_FEN] = payable
    waterfall[W_ACCOUNT_FEN] = own
    waterfall[W_MUTUAL_FEN] = mutual
    waterfall[W_CASH_FEN] = personal - own - mutual


def covered_on_barred(
    lines: Sequence[int], first: int, count: int, waterfall: Sequence[int], splits: Sequence[int]
) -> int:
    """What chronic quota and pool pay on the lines that accounts may not pay (decision A19; SX2021-103.s2.4.e).

    The chronic fee is apportioned over the disease's lines, its payment over those fees, the pool over what is left in
    scope; each by largest remainder, so no line is covered beyond its in-scope cost.
    """
    related, in_scope = [0] * count, [0] * count
    for index in range(count):
        in_scope[index] = splits[(first + index) * SPLIT_SIZE + SPLIT_IN_SCOPE_FEN]
        if lines[(first + index) * LINE_SIZE + LINE_FLAGS] & FLAG_CARVE_OUT:
            related[index] = in_scope[index]
    fees = related
    chronic = [0] * count
    if waterfall[W_CHRONIC_FEE_FEN] > 0:
        fees = apportion(waterfall[W_CHRONIC_FEE_FEN], related)
        chronic = apportion(waterfall[W_CHRONIC_PAY_FEN], fees)
        for index in range(count):
            in_scope[index] -= fees[index]
    pooled = [0] * count
    if waterfall[W_POOL_PAY_FEN] > 0:
        pooled = apportion(waterfall[W_POOL_PAY_FEN], in_scope)
    covered = 0
    for index in range(count):
        if not lines[(first + index) * LINE_SIZE + LINE_FLAGS] & FLAG_ACCOUNT:
            covered += chronic[index] + pooled[index]
    return covered
