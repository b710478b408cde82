"""The explanation for agency staff 经办: complete. Every line, every step, every value with its article,
what was before and after."""

from __future__ import annotations

from gongji.base.money import format_yuan
from gongji.explain.model import Citation, Context, Decided, Step
from gongji.explain.scope import treat_title
from gongji.explain.steps import steps
from gongji.explain.words import benefit_title, parameter_title, reason_text, value_title
from gongji.kernel import layout
from gongji.policy import CONFIDENCE_WORDS, Law

ACCUMULATORS = (
    ("年度起付累计", layout.ACC_DEDUCTIBLE_YEAR_FEN),
    ("年度政策范围内费用", layout.ACC_IN_SCOPE_YEAR_FEN),
    ("本次就诊统筹支付", layout.ACC_FUND_VISIT_FEN),
    ("当日统筹支付", layout.ACC_FUND_DAY_FEN),
    ("当月统筹支付", layout.ACC_FUND_MONTH_FEN),
    ("当季统筹支付", layout.ACC_FUND_QUARTER_FEN),
    ("年度统筹支付", layout.ACC_FUND_YEAR_FEN),
)


def agency(law: Law, decided: Decided, context: Context) -> tuple[str, ...]:
    """The complete record as lines of text."""
    found = steps(law, decided)
    return (
        *_head(law, decided, context),
        "",
        "费用明细",
        *_lines(law, decided),
        "",
        "计算步骤",
        *(
            f"  {number:>2}. {step.name}：{step.formula}{_marks(step)}"
            for number, step in enumerate(found, start=1)
        ),
        "",
        "家庭共济账户扣款" if decided.family_draws else "累计",
        *(f"  {owner}：{format_yuan(fen)}" for owner, fen in decided.family_draws),
        *(("", "累计") if decided.family_draws else ()),
        *_accumulators(decided),
        "",
        "依据",
        *_articles(found),
        *_warnings(law, decided, found),
    )


def _head(law: Law, decided: Decided, context: Context) -> tuple[str, ...]:
    facts = [
        ("结算编号", context.settlement),
        ("参保人", context.person),
        ("医药机构", context.institution),
        ("就诊日期", context.service_on.isoformat() if context.service_on else ""),
        ("参保地", decided.row.region),
        ("待遇", benefit_title(law, decided.row.benefit)),
        ("结算方式", "零星报销，基金支付部分付给参保人" if context.claim else ""),
        ("参保状态", value_title(law, "status", context.status) if context.status else ""),
        ("就医地点", value_title(law, "place", context.place) if context.place else ""),
        ("政策库", law.digest[:16]),
        ("统筹不予支付", decided.refusal.text if decided.refusal else ""),
    ]
    return tuple(f"{name}：{value}" for name, value in facts if value)


def _lines(law: Law, decided: Decided) -> tuple[str, ...]:
    rows = []
    for index, line in enumerate(decided.lines):
        at = index * layout.SPLIT_SIZE
        whole, over, prepay, in_scope = decided.splits[at : at + layout.SPLIT_SIZE]
        parts = [f"金额 {format_yuan(line.amount_fen)}"]
        if line.standard_fen != layout.NONE:
            parts.append(f"支付标准 {format_yuan(line.standard_fen)}")
        parts += [
            f"{name} {format_yuan(fen)}"
            for name, fen in (
                ("全自费", whole),
                ("超支付标准", over),
                ("先行自付", prepay),
                ("政策范围内", in_scope),
            )
            if fen or name == "政策范围内"
        ]
        if line.reason:
            parts.append(f"原因 {reason_text(line.reason)}")
        if not line.flags & layout.FLAG_ACCOUNT:
            parts.append("不得用个人账户")
        if line.flags & layout.FLAG_CARVE_OUT:
            parts.append("慢特病")
        title = f"{line.name or line.item}（{treat_title(law, decided.row.region, line.treat)}）"
        rows.append(f"  {index + 1}. {title}：{'，'.join(parts)}")
    return tuple(rows)


def _marks(step: Step) -> str:
    return "".join(
        f" [{citation.clause}{'' if citation.confirmed else '，未确认'}]" for citation in step.citations
    )


def _accumulators(decided: Decided) -> tuple[str, ...]:
    return tuple(
        f"  {name}：{format_yuan(decided.acc_before[at])} → {format_yuan(decided.acc_after[at])}"
        for name, at in ACCUMULATORS
    )


def _articles(found: tuple[Step, ...]) -> tuple[str, ...]:
    known: dict[str, Citation] = {item.clause: item for step in found for item in step.citations}
    return tuple(
        f"  [{item.clause}] {item.article}（自 {item.since} 起，{CONFIDENCE_WORDS[item.confidence]}"
        f"{'' if item.confirmed or item.confidence == 'unconfirmed' else '，未确认'}"
        f"{'，征求意见稿' if item.draft else ''}）：{item.text}"
        for item in known.values()
    )


def _warnings(law: Law, decided: Decided, found: tuple[Step, ...]) -> tuple[str, ...]:
    warnings = [f"  {parameter_title(law, name)}（{name}）尚未经经办机构确认" for name in decided.unconfirmed]
    if decided.row.draft:
        warnings.append("  该地区的规定是征求意见稿，只能用于测算")
    return ("", "注意", *warnings) if warnings else ()
