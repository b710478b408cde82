"""``setl_proc_info`` 结算过程信息: how one fund's amount came about, in one short line for the national
interface."""

from __future__ import annotations

from gongji.base.money import format_percent, format_yuan
from gongji.explain.bands import band_pieces
from gongji.explain.model import Decided
from gongji.kernel import layout
from gongji.policy import Law

POOL = "pool"
CHRONIC = "chronic"
ACCOUNT = "account"
FAMILY = "family"
MAX_CHARACTERS = 4000
"""Length of the national field."""


def process_info(law: Law, decided: Decided, fund: str) -> str:
    """The line for ``fund`` (POOL, CHRONIC, ACCOUNT or FAMILY); at most MAX_CHARACTERS. Raises KeyError for
    another fund."""
    return _WRITERS[fund](law, decided)[:MAX_CHARACTERS]


def _pool(law: Law, decided: Decided) -> str:
    if decided.refusal is not None:
        return decided.refusal.text
    water, cells, sources = decided.waterfall, decided.row.cells, decided.row.sources
    pieces = "+".join(
        f"{format_yuan(fen)}×{format_percent(cells[layout.ROW_BAND_BP + band])}"
        for band, fen in band_pieces(cells, decided.acc_before, water)
    )
    text = (
        f"范围内{format_yuan(water[layout.W_IN_SCOPE_FEN])}-起付{format_yuan(water[layout.W_DEDUCTIBLE_FEN])}"
        f"={format_yuan(water[layout.W_BASE_FEN])}；{pieces}={format_yuan(water[layout.W_POOL_BEFORE_CAP_FEN])}"
    )
    if water[layout.W_CAP_ROOM_FEN] != layout.NONE:
        text += f"；限额余{format_yuan(water[layout.W_CAP_ROOM_FEN])}"
    clauses = [sources[layout.ROW_DEDUCTIBLE_FEN], sources[layout.ROW_BAND_BP]]
    if water[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN:
        clauses.insert(1, sources[layout.ROW_DEDUCTIBLE_STOP_FEN])
    if water[layout.W_RULE_CAP] != layout.NONE:
        clauses.append(sources[water[layout.W_RULE_CAP]])
    text += f"；支付{format_yuan(water[layout.W_POOL_PAY_FEN])}。依据{_articles(law, clauses)}"
    if decided.unconfirmed:
        text += "。含未确认标准"
    return text


def _chronic(law: Law, decided: Decided) -> str:
    water = decided.waterfall
    return (
        f"慢特病费用{format_yuan(water[layout.W_CHRONIC_FEE_FEN])}×"
        f"{format_percent(max(0, decided.row.cells[layout.ROW_CARVE_OUT_BP]))}；"
        f"支付{format_yuan(water[layout.W_CHRONIC_PAY_FEN])}。依据"
        f"{_articles(law, [decided.row.sources[layout.ROW_CARVE_OUT_BP]])}"
    )


def _account(law: Law, decided: Decided) -> str:
    water = decided.waterfall
    return (
        f"个人负担{format_yuan(water[layout.W_PERSONAL_FEN])}，可用账户{format_yuan(water[layout.W_ACCOUNT_PAYABLE_FEN])}；"
        f"本人账户支付{format_yuan(water[layout.W_ACCOUNT_FEN])}"
    )


def _family(law: Law, decided: Decided) -> str:
    return (
        f"家庭共济账户支付{format_yuan(decided.waterfall[layout.W_MUTUAL_FEN])}，"
        f"共{len(decided.family_draws)}个账户"
    )


def _articles(law: Law, clauses: list[str | None]) -> str:
    known = dict.fromkeys(clause for clause in clauses if clause is not None)
    return "、".join(dict.fromkeys(law.provision(clause).citation for clause in known))


_WRITERS = {POOL: _pool, CHRONIC: _chronic, ACCOUNT: _account, FAMILY: _family}
