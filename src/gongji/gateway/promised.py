"""What was shown before: a counter that pre-settles shows who pays how much, and settles just that or nothing.

The split of 2101 or 2206 comes back with 2102 or 2207 in ``exp_content`` (PRE_INSCP_SCP, PRE_FUND_PAY, PRE_ACCT_PAY with the
family's share, PRE_CASH_PAY, in yuan; each may be missing). An agreement that was suspended in between, or a visit elsewhere
that used the balance, makes another split of the same fees, of which the member knows nothing yet.
"""

from collections.abc import Mapping

from gongji.base.money import format_yuan, parse_yuan
from gongji.base.reasons import Refusal
from gongji.gateway.rendering import in_scope_fen
from gongji.kernel import layout
from gongji.settlement.commands import Settled

__all__ = ["Changed", "broken", "promise"]

IN_SCOPE, FUND, ACCOUNT, CASH = "PRE_INSCP_SCP", "PRE_FUND_PAY", "PRE_ACCT_PAY", "PRE_CASH_PAY"
WORDS = {IN_SCOPE: "政策范围内金额", FUND: "统筹基金支付", ACCOUNT: "个人账户支付", CASH: "现金支付"}


class Changed(Exception):
    """Raised while an answer is made: what would be settled is not what the message counts on. Nothing is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def promise(in_scope: int, fund: int, account: int, cash: int) -> dict[str, str]:
    """The keys of exp_content by which the settlement of another split (fen) is refused."""
    shown = {IN_SCOPE: in_scope, FUND: fund, ACCOUNT: account, CASH: cash}
    return {name: format_yuan(fen) for name, fen in shown.items()}


def broken(exp: Mapping[str, str], settled: Settled) -> Refusal | None:
    """PRESETTLE_CHANGED where a promised amount is another one now; BAD_FIELD for one that is no amount."""
    water = settled.outcome.waterfall
    now = {
        IN_SCOPE: in_scope_fen(water),
        FUND: water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN],
        ACCOUNT: water[layout.W_ACCOUNT_FEN] + water[layout.W_MUTUAL_FEN],
        CASH: water[layout.W_CASH_FEN],
    }
    different = []
    for name, fen in now.items():
        if name not in exp:
            continue
        try:
            promised_fen = parse_yuan(exp[name])
        except ValueError:
            return Refusal("BAD_FIELD", f"exp_content.{name} 须为金额")
        if promised_fen != fen:
            different.append(f"{WORDS[name]}原为 {format_yuan(promised_fen)}、现为 {format_yuan(fen)}")
    return Refusal("PRESETTLE_CHANGED", "；".join(different) + "；请重新预结算") if different else None
