"""The explanation for programs: one versioned JSON value with every step, input, article and amount
(docs/cases.md)."""

from __future__ import annotations

from typing import Any

from gongji.explain.citing import cite
from gongji.explain.model import SCHEMA, Citation, Context, Decided, Step
from gongji.explain.steps import steps
from gongji.kernel import layout
from gongji.kernel.layout import KERNEL_VERSION
from gongji.policy import Law

AMOUNTS = {
    "total_fen": layout.W_TOTAL_FEN,
    "full_selfpay_fen": layout.W_FULL_SELFPAY_FEN,
    "over_limit_fen": layout.W_OVER_LIMIT_FEN,
    "prepay_fen": layout.W_PREPAY_FEN,
    "chronic_fee_fen": layout.W_CHRONIC_FEE_FEN,
    "chronic_pay_fen": layout.W_CHRONIC_PAY_FEN,
    "in_scope_fen": layout.W_IN_SCOPE_FEN,
    "deductible_due_fen": layout.W_DEDUCTIBLE_DUE_FEN,
    "deductible_fen": layout.W_DEDUCTIBLE_FEN,
    "base_fen": layout.W_BASE_FEN,
    "pool_before_cap_fen": layout.W_POOL_BEFORE_CAP_FEN,
    "cap_room_fen": layout.W_CAP_ROOM_FEN,
    "pool_pay_fen": layout.W_POOL_PAY_FEN,
    "cap_shortfall_fen": layout.W_CAP_SHORTFALL_FEN,
    "personal_fen": layout.W_PERSONAL_FEN,
    "account_payable_fen": layout.W_ACCOUNT_PAYABLE_FEN,
    "account_fen": layout.W_ACCOUNT_FEN,
    "mutual_fen": layout.W_MUTUAL_FEN,
    "cash_fen": layout.W_CASH_FEN,
}
"""Names of the waterfall's amounts; ``cap_room_fen`` is null without a ceiling."""

ACCUMULATORS = {
    "deductible_window_fen": layout.ACC_DEDUCTIBLE_WINDOW_FEN,
    "deductible_year_fen": layout.ACC_DEDUCTIBLE_YEAR_FEN,
    "in_scope_year_fen": layout.ACC_IN_SCOPE_YEAR_FEN,
    "fund_visit_fen": layout.ACC_FUND_VISIT_FEN,
    "fund_day_fen": layout.ACC_FUND_DAY_FEN,
    "fund_month_fen": layout.ACC_FUND_MONTH_FEN,
    "fund_quarter_fen": layout.ACC_FUND_QUARTER_FEN,
    "fund_year_fen": layout.ACC_FUND_YEAR_FEN,
}


def machine(law: Law, decided: Decided, context: Context) -> dict[str, Any]:
    """The whole settlement as JSON values: integers of fen and basis points, ISO dates, no float."""
    water = decided.waterfall
    found = steps(law, decided)
    refusal = decided.refusal
    return {
        "schema": SCHEMA,
        "kernel_version": KERNEL_VERSION,
        "law_digest": law.digest,
        "region": decided.row.region,
        "benefit": decided.row.benefit,
        "row": decided.row.key,
        "draft": decided.row.draft,
        "service_on": context.service_on.isoformat() if context.service_on else None,
        "place": context.place or None,
        "status": context.status or None,
        "refusal": None
        if refusal is None
        else {"code": refusal.code, "text": refusal.text, "clause": refusal.clause},
        "amounts": {
            name: None
            if position == layout.W_CAP_ROOM_FEN and water[position] == layout.NONE
            else water[position]
            for name, position in AMOUNTS.items()
        },
        "family_draws": [{"owner": owner, "fen": fen} for owner, fen in decided.family_draws],
        "accumulators_before": {name: decided.acc_before[at] for name, at in ACCUMULATORS.items()},
        "accumulators_after": {name: decided.acc_after[at] for name, at in ACCUMULATORS.items()},
        "unconfirmed": list(decided.unconfirmed),
        "steps": [_step(step) for step in found],
        "citations": _citations(law, decided, found),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.name,
        "operation": step.operation,
        "inputs": [{"name": item.name, "value": item.value, "unit": item.unit} for item in step.inputs],
        "amount_fen": step.amount_fen,
        "formula": step.formula,
        "clauses": [citation.clause for citation in step.citations],
        "note": step.note or None,
    }


def _citations(law: Law, decided: Decided, found: tuple[Step, ...]) -> dict[str, dict[str, Any]]:
    """Each cited clause once, by its id."""
    known: dict[str, Citation] = {item.clause: item for step in found for item in step.citations}
    if decided.refusal is not None:
        known |= {item.clause: item for item in cite(law, [decided.refusal.clause])}
    return {
        clause: {
            "article": item.article,
            "text": item.text,
            "since": item.since.isoformat(),
            "confidence": item.confidence,
            "confirmed": item.confirmed,
            "draft": item.draft,
        }
        for clause, item in known.items()
    }
