"""The explanation for the member 参保人: at most eight plain lines that answer why."""

from __future__ import annotations

from gongji.base.money import format_percent, format_yuan
from gongji.explain.bands import band_pieces
from gongji.explain.citing import cite
from gongji.explain.model import Context, Decided
from gongji.explain.words import parameter_title, reason_text, refusal_sentence, value_title
from gongji.kernel import layout
from gongji.policy import Law

MAX_LINES = 8
SPANS = {
    layout.DEDUCTIBLE_SETTLEMENT: "本次结算",
    layout.DEDUCTIBLE_VISIT: "本次就诊",
    layout.DEDUCTIBLE_DAY: "当日",
    layout.DEDUCTIBLE_MONTH: "当月",
    layout.DEDUCTIBLE_YEAR: "今年",
}
"""What a deductible is counted over, seen from the visit."""


def member(law: Law, decided: Decided, context: Context) -> tuple[str, ...]:
    """At most ``MAX_LINES`` sentences: what it cost, why, who pays, by which articles."""
    lines = [_headline(law, decided, context)]
    if decided.refusal is not None:
        lines.append(f"统筹基金不支付，因为：{refusal_sentence(decided.refusal)}。")
    else:
        lines += [
            line
            for line in (
                _outside(decided),
                _chronic(decided),
                _deductible(decided),
                _pool(decided),
            )
            if line
        ]
    lines.append(_payment(decided))
    sources = _sources(law, decided)
    if sources:
        lines.append(sources)
    warning = _warning(law, decided)
    if warning:
        lines.append(warning)
    assert len(lines) <= MAX_LINES
    return tuple(lines)


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"


def _headline(law: Law, decided: Decided, context: Context) -> str:
    water = decided.waterfall
    when = f"{context.service_on:%Y年%-m月%-d日}" if context.service_on else ""
    where = context.institution or (
        value_title(law, "place", context.place, decided.row.region) if context.place else ""
    )
    fund = water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN]
    start = "，".join(part for part in (when, where) if part)
    to_whom = "（零星报销，付给您本人）" if context.claim else ""
    return (
        f"{start + '：' if start else ''}费用 {_yuan(water[layout.W_TOTAL_FEN])}，"
        f"医保基金支付 {_yuan(fund)}{to_whom}，个人负担 {_yuan(water[layout.W_PERSONAL_FEN])}。"
    )


def _outside(decided: Decided) -> str:
    water = decided.waterfall
    parts = [
        f"{name} {_yuan(water[position])}"
        for name, position in (
            (f"全自费{_why_full_selfpay(decided)}", layout.W_FULL_SELFPAY_FEN),
            ("超过支付标准", layout.W_OVER_LIMIT_FEN),
            ("乙类先行自付", layout.W_PREPAY_FEN),
        )
        if water[position]
    ]
    if not parts:
        return ""
    counted = water[layout.W_IN_SCOPE_FEN] + water[layout.W_CHRONIC_FEE_FEN]
    return f"不计入报销的有：{'，'.join(parts)}；计入报销的是 {_yuan(counted)}。"


def _why_full_selfpay(decided: Decided) -> str:
    whole = [line for line in decided.lines if line.treat == layout.TREAT_FULL_SELFPAY]
    reasons = dict.fromkeys(reason_text(line.reason) if line.reason else "丙类" for line in whole)
    return f"（{'、'.join(reasons)}）" if reasons else ""


def _chronic(decided: Decided) -> str:
    water = decided.waterfall
    if not water[layout.W_CHRONIC_FEE_FEN]:
        return ""
    fee, pay = water[layout.W_CHRONIC_FEE_FEN], water[layout.W_CHRONIC_PAY_FEN]
    rest = (
        f"，其余 {_yuan(water[layout.W_IN_SCOPE_FEN])} 按普通门诊结算" if water[layout.W_IN_SCOPE_FEN] else ""
    )
    return f"慢特病限额先支付：费用 {_yuan(fee)} 中支付 {_yuan(pay)}{rest}。"


def _deductible(decided: Decided) -> str:
    water, cells = decided.waterfall, decided.row.cells
    charged, due = water[layout.W_DEDUCTIBLE_FEN], water[layout.W_DEDUCTIBLE_DUE_FEN]
    standard = cells[layout.ROW_DEDUCTIBLE_FEN]
    stop = cells[layout.ROW_DEDUCTIBLE_STOP_FEN]
    if cells[layout.ROW_DEDUCTIBLE_KIND] == layout.DEDUCTIBLE_NONE or not water[layout.W_IN_SCOPE_FEN]:
        return ""
    unit = SPANS[cells[layout.ROW_DEDUCTIBLE_KIND]]
    if charged == 0 and due == 0:
        return f"{unit}的起付标准 {_yuan(standard)} 之前已经付过，这次不再扣。"
    if water[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN:
        if charged == 0:
            return f"今年起付累计已满 {_yuan(stop)}，这次不扣起付。"
        return f"今年起付累计只差 {_yuan(charged)} 满 {_yuan(stop)}，这次只扣 {_yuan(charged)}。"
    if charged < due < standard:
        paid, rest = _yuan(standard - due), _yuan(due)
        return f"起付标准 {_yuan(standard)} 已付过 {paid}，还差 {rest}；这次的费用没有超过它，{_yuan(charged)} 由个人负担。"
    if charged < due:
        return f"费用没有超过起付标准 {_yuan(standard)}，这 {_yuan(charged)} 由个人负担。"
    before = f"（标准 {_yuan(standard)}，已付过 {_yuan(standard - due)}）" if due < standard else ""
    return f"先扣起付 {_yuan(charged)}{before}，起付以上是 {_yuan(water[layout.W_BASE_FEN])}。"


def _pool(decided: Decided) -> str:
    water, cells = decided.waterfall, decided.row.cells
    if not water[layout.W_BASE_FEN]:
        return ""
    pieces = [
        f"{format_yuan(fen)} × {format_percent(cells[layout.ROW_BAND_BP + band])}"
        for band, fen in band_pieces(cells, decided.acc_before, water)
        if fen
    ]
    text = f"统筹基金支付 {' + '.join(pieces)} = {_yuan(water[layout.W_POOL_BEFORE_CAP_FEN])}"
    rule = water[layout.W_RULE_CAP]
    if rule == layout.NONE:
        return text + "。"
    period = ("这次就诊", "今天", "本月", "本季度", "今年")[rule - layout.ROW_CEILING_VISIT_FEN]
    return (
        f"{text}；{period}最高支付限额 {_yuan(cells[rule])} 只剩 {_yuan(water[layout.W_CAP_ROOM_FEN])}，"
        f"所以支付 {_yuan(water[layout.W_POOL_PAY_FEN])}。"
    )


def _payment(decided: Decided) -> str:
    water = decided.waterfall
    parts = [
        f"{name} {_yuan(water[position])}"
        for name, position in (
            ("本人账户", layout.W_ACCOUNT_FEN),
            ("家庭共济账户", layout.W_MUTUAL_FEN),
            ("现金", layout.W_CASH_FEN),
        )
        if water[position]
    ]
    return f"个人负担 {_yuan(water[layout.W_PERSONAL_FEN])}" + (f"：{'，'.join(parts)}。" if parts else "。")


def _sources(law: Law, decided: Decided) -> str:
    if decided.refusal is not None:
        return ""
    water = decided.waterfall
    quota = [layout.ROW_CARVE_OUT_BP, layout.ROW_CHRONIC_OVERFLOW] if water[layout.W_CHRONIC_FEE_FEN] else []
    pooled = (
        [layout.ROW_BAND_BP, layout.ROW_DEDUCTIBLE_FEN] if water[layout.W_IN_SCOPE_FEN] or not quota else []
    )
    positions = [*quota, *pooled]
    if decided.waterfall[layout.W_RULE_DEDUCTIBLE] == layout.ROW_DEDUCTIBLE_STOP_FEN:
        positions.append(layout.ROW_DEDUCTIBLE_STOP_FEN)
    if decided.waterfall[layout.W_RULE_CAP] != layout.NONE:
        positions.append(decided.waterfall[layout.W_RULE_CAP])
    citations = cite(law, [decided.row.sources[at] for at in positions])
    articles = dict.fromkeys(citation.article for citation in citations)
    return f"依据：{'；'.join(articles)}。" if articles else ""


def _warning(law: Law, decided: Decided) -> str:
    if decided.row.draft:
        return "注意：该地区的规定是征求意见稿，结果只供测算。"
    names = [parameter_title(law, name) for name in decided.unconfirmed]
    return f"注意：{'、'.join(dict.fromkeys(names))}尚未经经办机构确认。" if names else ""
