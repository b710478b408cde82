"""The names of case files and what they mean: every amount a step computes, by the name an expectation
uses."""

from __future__ import annotations

from typing import Any

from gongji.base.money import YUAN_FEN, format_percent, format_yuan
from gongji.cases import form
from gongji.cases.form import Step
from gongji.kernel import layout
from gongji.settlement.book import Book, Refunded, Settled
from gongji.settlement.rules import Outcome

_AMOUNTS = {
    "total": layout.W_TOTAL_FEN,
    "full_selfpay": layout.W_FULL_SELFPAY_FEN,
    "over_limit": layout.W_OVER_LIMIT_FEN,
    "prepay": layout.W_PREPAY_FEN,
    "chronic_fee": layout.W_CHRONIC_FEE_FEN,
    "chronic_pay": layout.W_CHRONIC_PAY_FEN,
    "in_scope": layout.W_IN_SCOPE_FEN,
    "deductible_due": layout.W_DEDUCTIBLE_DUE_FEN,
    "deductible": layout.W_DEDUCTIBLE_FEN,
    "base": layout.W_BASE_FEN,
    "pool_before_cap": layout.W_POOL_BEFORE_CAP_FEN,
    "pool_pay": layout.W_POOL_PAY_FEN,
    "cap_shortfall": layout.W_CAP_SHORTFALL_FEN,
    "personal_total": layout.W_PERSONAL_FEN,
    "account_payable": layout.W_ACCOUNT_PAYABLE_FEN,
    "account_pay": layout.W_ACCOUNT_FEN,
    "mutual_pay": layout.W_MUTUAL_FEN,
    "cash_pay": layout.W_CASH_FEN,
}
_INPATIENT = {"inpatient_deductible": "deductible", "inpatient_pay": "pool_pay", "inpatient_ratio": "ratio"}


def outcome_amounts(outcome: Outcome) -> dict[str, Any]:
    """Every amount of one decided visit by name, without what only a person's book knows."""
    water = outcome.waterfall
    room = water[layout.W_CAP_ROOM_FEN]
    return {
        **{name: water[position] for name, position in _AMOUNTS.items()},
        "reason": outcome.refusal.code if outcome.refusal else None,
        "ratio": outcome.ratio_bp,
        "rates": _rates(outcome),
        "cap_room": None if outcome.refusal or room == layout.NONE else room,
        "fund_total": water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN],
    }


def settle_amounts(book: Book, settled: Settled, op: str) -> dict[str, Any]:
    """Everything a settlement computed, by name; the accumulators are those of the visit's year after it."""
    year = settled.purchase.visit.service_on.year
    found = {
        **outcome_amounts(settled.outcome),
        "own_account": settled.own_after_fen,
        "family_account": sum(fen for _, fen in settled.family_after),
        "chronic_quota_left": None if settled.quota_after_fen == layout.NONE else settled.quota_after_fen,
        "year": year,
        **_sums(book, year),
    }
    if op == form.AS_INPATIENT:
        found |= {name: found[source] for name, source in _INPATIENT.items()}
        found |= _inpatient_sums(book, year)
    return {name: found[name] for name in form.EXPECTATIONS[op] if name in found}


def quoted_amounts(outcome: Outcome) -> dict[str, Any]:
    """Everything a question's answer computed, by the names of case files, as written (yuan, ratios as
    text)."""
    water, after = outcome.waterfall, outcome.acc_after
    quota, own, family = outcome.wallet
    found = {
        **outcome_amounts(outcome),
        "ytd_deductible": after[layout.ACC_DEDUCTIBLE_YEAR_FEN],
        "ytd_in_scope": after[layout.ACC_IN_SCOPE_YEAR_FEN],
        "ytd_pool": after[layout.ACC_FUND_YEAR_FEN],
        "own_account": own - water[layout.W_ACCOUNT_FEN],
        "family_account": family - water[layout.W_MUTUAL_FEN],
        "chronic_quota_left": None if quota == layout.NONE else quota - water[layout.W_CHRONIC_PAY_FEN],
    }
    kinds = form.EXPECTATIONS[form.SETTLE]
    return {name: written(kinds[name], found[name]) for name in kinds if name in found}


def _rates(outcome: Outcome) -> tuple[int, ...]:
    """Rates of the bands that the base ran through; none when the pool refused."""
    if outcome.refusal is not None:
        return ()
    first, last = outcome.waterfall[layout.W_BAND_FIRST], outcome.waterfall[layout.W_BAND_LAST]
    return outcome.row.cells[layout.ROW_BAND_BP + first : layout.ROW_BAND_BP + last + 1]


def refund_amounts(book: Book, refunded: Refunded, step: Step) -> dict[str, Any]:
    """Everything a refund computed: mirrored amounts, sums of the original's year, sums of the year of the
    refund."""
    water = refunded.mirror.waterfall
    year = refunded.of.purchase.visit.service_on.year
    current = step.on.year if step.on else year
    found: dict[str, Any] = {name: water[position] for name, position in _AMOUNTS.items()}
    quota = book.quotas.get(refunded.of.purchase.quota_key)
    found |= {
        "fund_total": water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN],
        "own_account": refunded.own_after_fen,
        "family_account": sum(fen for _, fen in refunded.family_after),
        "chronic_quota_left": quota,
        "year": year,
        "replay_proposals": tuple(
            (item.key, item.deductible_delta_fen, item.pool_delta_fen) for item in refunded.proposals
        ),
        **_sums(book, year),
        **_inpatient_sums(book, year),
        **{f"current_year_{name}": fen for name, fen in _sums(book, current).items()},
    }
    return {name: found[name] for name in form.EXPECTATIONS[form.REFUND] if name in found}


def _sums(book: Book, year: int) -> dict[str, int]:
    sums = book.year(year)
    return {
        "ytd_deductible": sums.deductible_fen,
        "ytd_in_scope": sums.in_scope_fen,
        "ytd_pool": sums.fund_fen,
    }


def _inpatient_sums(book: Book, year: int) -> dict[str, int]:
    sums = book.year(year, form.AS_INPATIENT)
    return {"ytd_inpatient_deductible": sums.deductible_fen, "ytd_inpatient_pay": sums.fund_fen}


def written(kind: str, value: Any) -> Any:
    """A computed value as a case file writes it (JSON types): "45.50", "0.65", a number, a text, a list."""
    if value is None or kind in (form.TEXT, form.NUMBER, form.SWITCH):
        return value
    if kind == form.MONEY:
        return format_yuan(value)
    if kind == form.RATIO:
        return _ratio(value)
    if kind == form.RATES:
        return [_ratio(bp) for bp in value]
    if kind == form.MONEYS:
        return [format_yuan(fen) for fen in value]
    if kind == form.WORDS:
        return list(value)
    if kind == form.DAY:
        return value.isoformat()
    return [
        {"step": step, "deductible_delta": format_yuan(deductible), "pool_delta": format_yuan(pool)}
        for step, deductible, pool in value
    ]


def _ratio(bp: int) -> str:
    """0.65 of 6500, 0.655 of 6550."""
    whole, rest = divmod(bp, YUAN_FEN * YUAN_FEN)
    digits = f"{rest:04d}"
    return f"{whole}.{digits[:2]}{digits[2:].rstrip('0')}"


def shown(kind: str, value: Any) -> str:
    """A value for people."""
    if value is None:
        return "无"
    if kind == form.PROPOSALS:
        items = [f"第 {step} 步 起付 {format_yuan(d)} 统筹 {format_yuan(p)}" for step, d, p in value]
        return "；".join(items) or "无"
    if kind == form.RATES:
        return "、".join(format_percent(bp) for bp in value) or "无"
    if kind in (form.MONEYS, form.WORDS):
        return "、".join(written(kind, value)) or "无"
    if kind == form.SWITCH:
        return "是" if value else "否"
    text = written(kind, value)
    return str(text)
