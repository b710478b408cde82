"""``setl_proc_info`` 结算过程信息: how one fund's amount came about, in one or two Chinese sentences with numbers and
articles, for the national interface.

The full explanation is for the other readers; this fits a counter's screen. Written for every settlement, thousands a second:
citations are kept by the clauses of a row, numbers come from the waterfall, nothing is calculated again.
"""

from __future__ import annotations

from functools import lru_cache

from gongji.base.money import format_percent, format_yuan, mul_bp
from gongji.explain.bands import band_pieces
from gongji.explain.fund import QUOTA_WINDOWS
from gongji.explain.model import Decided
from gongji.kernel import layout
from gongji.policy import Law

POOL = "pool"
CHRONIC = "chronic"
ACCOUNT = "account"
FAMILY = "family"
MAX_CHARACTERS = 4000
"""Length of the national field."""

CEILINGS = {
    layout.ROW_CEILING_VISIT_FEN: "每次就诊最高支付限额",
    layout.ROW_CEILING_DAY_FEN: "每日最高支付限额",
    layout.ROW_CEILING_MONTH_FEN: "每月最高支付限额",
    layout.ROW_CEILING_QUARTER_FEN: "每季度最高支付限额",
    layout.ROW_CEILING_YEAR_FEN: "年度最高支付限额",
}


def process_info(law: Law, decided: Decided, fund: str) -> str:
    """The text for ``fund`` (POOL, CHRONIC, ACCOUNT or FAMILY); at most MAX_CHARACTERS. Relatives are numbered, not named.
    Where the row's law is not known any more, amounts are told without standards. Raises KeyError for another fund.
    """
    return _WRITERS[fund](law, decided)[:MAX_CHARACTERS]


def reversal_info(original_id: int | None) -> str:
    """The text for every fund of a reversal: each source gets back its own money (decision A14)."""
    return f"撤销结算 {original_id}，原路退回"


def _pool(law: Law, decided: Decided) -> str:
    if decided.refusal is not None:
        return f"统筹基金不予支付：{decided.refusal.text}"
    water = decided.waterfall
    sources = _articles(law, _clauses(decided))
    return (
        f"政策范围内费用 {format_yuan(water[layout.W_IN_SCOPE_FEN])} 元；{_deductible(decided)}；{_rate(decided)}"
        f"{_ceiling(decided)}；统筹基金支付 {format_yuan(water[layout.W_POOL_PAY_FEN])} 元"
        + (f"。依据 {sources}" if sources else "")
        + (
            f"。注意：所用标准（{'、'.join(decided.unconfirmed)}）尚未经经办机构确认"
            if decided.unconfirmed
            else ""
        )
    )


def _deductible(decided: Decided) -> str:
    water, cells = decided.waterfall, decided.row.cells
    taken = f"本次负担 {format_yuan(water[layout.W_DEDUCTIBLE_FEN])} 元"
    if cells[layout.ROW_DEDUCTIBLE_KIND] == layout.DEDUCTIBLE_NONE:
        return "不设起付标准"
    if cells[layout.ROW_DEDUCTIBLE_KIND] == layout.UNSET:
        return f"起付标准{taken}"
    before = decided.acc_before[layout.ACC_DEDUCTIBLE_WINDOW_FEN]
    counted = f"，此前已计 {format_yuan(before)} 元" if before else ""
    yearly = ""
    if water[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN:
        yearly = f"，年度起付累计达到 {format_yuan(cells[layout.ROW_DEDUCTIBLE_STOP_FEN])} 元"
    return f"起付标准 {format_yuan(cells[layout.ROW_DEDUCTIBLE_FEN])} 元{counted}{yearly}，{taken}"


def _rate(decided: Decided) -> str:
    water, cells = decided.waterfall, decided.row.cells
    base = format_yuan(water[layout.W_BASE_FEN])
    if cells[layout.ROW_DEDUCTIBLE_KIND] == layout.UNSET:
        return f"余额 {base} 元，按比例计 {format_yuan(water[layout.W_POOL_BEFORE_CAP_FEN])} 元"
    pieces = band_pieces(cells, decided.acc_before, water)
    if len(pieces) == 1:
        return f"余额 {base} 元按 {format_percent(cells[layout.ROW_BAND_BP + pieces[0][0]])} 支付"
    parts = "、".join(
        f"{format_yuan(fen)} 元按 {format_percent(cells[layout.ROW_BAND_BP + band])}" for band, fen in pieces
    )
    return f"余额 {base} 元分段支付：{parts}，计 {format_yuan(water[layout.W_POOL_BEFORE_CAP_FEN])} 元"


def _ceiling(decided: Decided) -> str:
    """What the ceiling took; empty when it took nothing."""
    water = decided.waterfall
    if water[layout.W_CAP_SHORTFALL_FEN] <= 0:
        return ""
    return (
        f"；{CEILINGS.get(water[layout.W_RULE_CAP], '最高支付限额')}内尚可支付 {format_yuan(water[layout.W_CAP_ROOM_FEN])} 元，"
        f"超出 {format_yuan(water[layout.W_CAP_SHORTFALL_FEN])} 元由个人负担"
    )


def _chronic(law: Law, decided: Decided) -> str:
    water = decided.waterfall
    fee, paid = water[layout.W_CHRONIC_FEE_FEN], water[layout.W_CHRONIC_PAY_FEN]
    rate = decided.row.cells[layout.ROW_CARVE_OUT_BP]
    sources = _articles(law, (decided.row.sources[layout.ROW_CARVE_OUT_BP],))
    return (
        f"门诊慢特病费用 {format_yuan(fee)} 元"
        + (f"按 {format_percent(rate)} " if rate > 0 else "，")
        + f"在限额内支付 {format_yuan(paid)} 元"
        + _quota(decided)
        + ("，超出限额的部分不进入统筹" if rate > 0 and mul_bp(fee, rate) > paid else "")
        + (f"。依据 {sources}" if sources else "")
    )


def _quota(decided: Decided) -> str:
    """Which quota was nearest, and what it had left; nothing where no window is known."""
    windows = decided.quota_windows
    stated = [
        (max(0, windows[at] - windows[at + 1]), name, windows[at], windows[at + 1])
        for at, (_, name) in zip(range(0, len(windows), 2), QUOTA_WINDOWS, strict=False)
        if windows[at] != layout.NONE
    ]
    if not stated:
        return ""
    room, name, limit, used = min(stated, key=lambda window: window[0])
    return (
        f"（{name} {format_yuan(limit)} 元，此前已支付 {format_yuan(used)} 元，尚余 {format_yuan(room)} 元）"
    )


def _account(_: Law, decided: Decided) -> str:
    water = decided.waterfall
    paid, before = water[layout.W_ACCOUNT_FEN], decided.wallet[layout.WALLET_OWN_FEN]
    return (
        f"个人负担中可用个人账户 {format_yuan(water[layout.W_ACCOUNT_PAYABLE_FEN])} 元；"
        f"本人账户余额 {format_yuan(before)} 元，支付 {format_yuan(paid)} 元，支付后 {format_yuan(before - paid)} 元"
    )


def _family(_: Law, decided: Decided) -> str:
    draws = "，".join(
        f"第 {number} 位授权人账户 {format_yuan(drawn)} 元"
        for number, (_owner, drawn) in enumerate(decided.family_draws, 1)
    )
    return f"家庭共济账户支付 {format_yuan(decided.waterfall[layout.W_MUTUAL_FEN])} 元" + (
        f"：{draws}" if draws else ""
    )


def _clauses(decided: Decided) -> tuple[str | None, ...]:
    """Clauses behind deductible, its yearly stop when that decided, rate, and the ceiling that was nearest."""
    water, sources = decided.waterfall, decided.row.sources
    stopped = water[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN
    cap = water[layout.W_RULE_CAP]
    return (
        sources[layout.ROW_DEDUCTIBLE_FEN],
        sources[layout.ROW_DEDUCTIBLE_STOP_FEN] if stopped else None,
        sources[layout.ROW_BAND_BP],
        sources[cap] if cap != layout.NONE else None,
    )


@lru_cache(maxsize=8192)
def _articles(law: Law, clauses: tuple[str | None, ...]) -> str:
    """Articles of ``clauses``, each once; a clause that the library does not hold is cited by its id."""
    known = law.library.provisions
    return "；".join(
        dict.fromkeys(
            known[clause].citation if clause in known else clause for clause in clauses if clause is not None
        )
    )


_WRITERS = {POOL: _pool, CHRONIC: _chronic, ACCOUNT: _account, FAMILY: _family}
