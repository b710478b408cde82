"""setl_proc_info: how each fund's amount came about, in one or two Chinese sentences with numbers and articles.

The full explanation is the explain room's; here is what fits a counter's screen. Texts of the law are cached by row, numbers
come from the waterfall, nothing is calculated.
"""

from functools import lru_cache

from gongji.base.money import format_percent, format_yuan
from gongji.kernel import layout
from gongji.policy import Law
from gongji.policy.answers import Row
from gongji.settlement.rules import Outcome

CEILINGS = {
    layout.ROW_CEILING_VISIT_FEN: "每次就诊最高支付限额",
    layout.ROW_CEILING_DAY_FEN: "每日最高支付限额",
    layout.ROW_CEILING_MONTH_FEN: "每月最高支付限额",
    layout.ROW_CEILING_QUARTER_FEN: "每季度最高支付限额",
    layout.ROW_CEILING_YEAR_FEN: "年度最高支付限额",
}
MAX_WORDS = 4_000


def pool_words(law: Law, outcome: Outcome) -> str:
    """How the pooled fund's part came about, or why it pays nothing."""
    if outcome.refusal is not None:
        return f"统筹基金不予支付：{outcome.refusal.text}"[:MAX_WORDS]
    water, row = outcome.waterfall, outcome.row
    parts = [f"政策范围内费用 {format_yuan(water[layout.W_IN_SCOPE_FEN])} 元"]
    parts.append(_deductible(outcome))
    parts.append(_rate(outcome))
    cap = _ceiling(outcome)
    if cap:
        parts.append(cap)
    parts.append(f"统筹基金支付 {format_yuan(water[layout.W_POOL_PAY_FEN])} 元")
    sources = articles(law, row, water[layout.W_RULE_CAP])
    return ("；".join(parts) + (f"。依据 {sources}" if sources else "") + _unconfirmed(outcome))[:MAX_WORDS]


def chronic_words(outcome: Outcome) -> str:
    """How much of a chronic quota was used (decisions A17, A38)."""
    water = outcome.waterfall
    fee, paid = water[layout.W_CHRONIC_FEE_FEN], water[layout.W_CHRONIC_PAY_FEN]
    return f"门诊慢特病费用 {format_yuan(fee)} 元，在限额内支付 {format_yuan(paid)} 元"


def account_words(outcome: Outcome, before_fen: int, after_fen: int) -> str:
    """What the own account paid."""
    payable = format_yuan(outcome.waterfall[layout.W_ACCOUNT_PAYABLE_FEN])
    return (
        f"个人负担中可用个人账户 {payable} 元；本人账户余额 {format_yuan(before_fen)} 元，"
        f"支付 {format_yuan(outcome.waterfall[layout.W_ACCOUNT_FEN])} 元，支付后 {format_yuan(after_fen)} 元"
    )


def family_words(outcome: Outcome) -> str:
    """What relatives' accounts paid; owners are numbered, not named."""
    draws = "，".join(
        f"第 {number} 位授权人账户 {format_yuan(drawn)} 元"
        for number, (_, drawn) in enumerate(outcome.family_draws, 1)
    )
    return f"家庭共济账户支付 {format_yuan(outcome.waterfall[layout.W_MUTUAL_FEN])} 元：{draws}"


def reversal_words(original_id: int | None) -> str:
    """A reversal gives back to each source its own money (decision A14)."""
    return f"撤销结算 {original_id}，原路退回"


def _deductible(outcome: Outcome) -> str:
    water, cells = outcome.waterfall, outcome.row.cells
    taken = f"本次负担 {format_yuan(water[layout.W_DEDUCTIBLE_FEN])} 元"
    if cells[layout.ROW_DEDUCTIBLE_KIND] == layout.DEDUCTIBLE_NONE:
        return "不设起付标准"
    standard = format_yuan(cells[layout.ROW_DEDUCTIBLE_FEN])
    before = outcome.acc_before[layout.ACC_DEDUCTIBLE_WINDOW_FEN]
    counted = f"，此前已计 {format_yuan(before)} 元" if before else ""
    stop = cells[layout.ROW_DEDUCTIBLE_STOP_FEN]
    yearly = ""
    if stop >= 0 and water[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN:
        yearly = f"，年度起付累计达到 {format_yuan(stop)} 元"
    return f"起付标准 {standard} 元{counted}{yearly}，{taken}"


def _rate(outcome: Outcome) -> str:
    base = format_yuan(outcome.waterfall[layout.W_BASE_FEN])
    if outcome.ratio_bp is not None:
        return f"余额 {base} 元按 {format_percent(outcome.ratio_bp)} 支付"
    return f"余额 {base} 元按 {_bands(outcome)} 分段支付"


def _bands(outcome: Outcome) -> str:
    cells, water = outcome.row.cells, outcome.waterfall
    first, last = water[layout.W_BAND_FIRST], water[layout.W_BAND_LAST]
    return "、".join(format_percent(cells[layout.ROW_BAND_BP + band]) for band in range(first, last + 1))


def _ceiling(outcome: Outcome) -> str:
    water = outcome.waterfall
    if water[layout.W_CAP_SHORTFALL_FEN] <= 0:
        return ""
    name = CEILINGS.get(water[layout.W_RULE_CAP], "最高支付限额")
    return (
        f"{name}内尚可支付 {format_yuan(water[layout.W_CAP_ROOM_FEN])} 元，"
        f"超出 {format_yuan(water[layout.W_CAP_SHORTFALL_FEN])} 元由个人负担"
    )


def _unconfirmed(outcome: Outcome) -> str:
    if not outcome.unconfirmed:
        return ""
    return f"。注意：所用标准（{'、'.join(outcome.unconfirmed)}）尚未经经办机构确认"


@lru_cache(maxsize=4096)
def _citation(law: Law, clause: str) -> str:
    provision = law.library.provisions.get(clause)
    return provision.citation if provision is not None else clause


@lru_cache(maxsize=8192)
def _articles(law: Law, clauses: tuple[str, ...]) -> str:
    return "；".join(dict.fromkeys(_citation(law, clause) for clause in clauses))


def articles(law: Law, row: Row, cap_position: int) -> str:
    """Articles behind deductible, rate and the ceiling that bound (or the yearly one)."""
    positions = (
        layout.ROW_DEDUCTIBLE_FEN,
        layout.ROW_BAND_BP,
        cap_position if cap_position >= 0 else layout.ROW_CEILING_YEAR_FEN,
    )
    return _articles(law, tuple(clause for position in positions if (clause := row.sources[position])))
