"""Steps from the fee lines to what is in scope: each line's parts, then their sums."""

from __future__ import annotations

from gongji.explain import model
from gongji.explain.model import Input, LineLike
from gongji.explain.sheet import Sheet
from gongji.kernel import layout
from gongji.policy import Law

TREATS = {
    layout.TREAT_FULL_SELFPAY: "全自费",
    layout.TREAT_A: "甲类",
    layout.TREAT_B_DRUG: "乙类药品",
    layout.TREAT_B_CONSUMABLE: "乙类耗材",
    layout.TREAT_B_SERVICE: "乙类医疗服务项目",
}
_PARTS = (
    ("full_selfpay", "全自费", layout.SPLIT_FULL_SELFPAY_FEN, layout.W_FULL_SELFPAY_FEN),
    ("over_limit", "超支付标准", layout.SPLIT_OVER_LIMIT_FEN, layout.W_OVER_LIMIT_FEN),
    ("prepay", "先行自付", layout.SPLIT_PREPAY_FEN, layout.W_PREPAY_FEN),
)


def treat_title(law: Law, region: str, treat: int) -> str:
    """What a treatment is called; a region's own prepay category by the name its document gives it."""
    if treat in TREATS:
        return TREATS[treat]
    return next((name for name, code in law.categories(region).items() if code == treat), str(treat))


def lines(sheet: Sheet) -> None:
    """Every line: full self-pay with its reason, or excess, prepay and in-scope part."""
    for number, line in enumerate(sheet.decided.lines, start=1):
        title = f"第 {number} 条 {line.name or line.item}".rstrip()
        if line.treat == layout.TREAT_FULL_SELFPAY:
            _full_selfpay(sheet, number, title, line)
        else:
            _payable(sheet, number, title, line)


def _full_selfpay(sheet: Sheet, number: int, title: str, line: LineLike) -> None:
    refusal = sheet.decided.refusal
    clauses: tuple[str | None, ...] = sheet.rule(line.reason or "full_selfpay")
    if refusal is not None and line.reason == refusal.code:
        clauses = (refusal.clause,)
    whole = sheet.split(number - 1)[layout.SPLIT_FULL_SELFPAY_FEN]
    amount = (Input("金额", line.amount_fen),)
    code = f"line.{number}.full_selfpay"
    sheet.add(code, f"{title}：全自费", model.SUM, amount, whole, clauses, line.reason or "")


def _payable(sheet: Sheet, number: int, title: str, line: LineLike) -> None:
    _, over, prepay, in_scope = sheet.split(number - 1)
    amount = Input("金额", line.amount_fen)
    if line.standard_fen != layout.NONE:
        limits = (amount, Input("支付标准", line.standard_fen))
        code = f"line.{number}.over_limit"
        sheet.add(code, f"{title}：超支付标准", model.REMAINING, limits, over, sheet.rule("over_limit"))
    at = layout.ROW_PREPAY_BP + line.treat
    if sheet.cells[at]:
        within = Input("标准以内金额", line.amount_fen - over)
        share = (within, Input("先行自付比例", sheet.cells[at], model.BP))
        kind = treat_title(sheet.law, sheet.decided.row.region, line.treat)
        name = f"{title}：{kind}先行自付"
        sheet.add(f"line.{number}.prepay", name, model.SHARE, share, prepay, (sheet.sources[at],))
    parts = (amount, Input("超支付标准", over), Input("先行自付", prepay))
    sheet.add(f"line.{number}.in_scope", f"{title}：政策范围内", model.DIFFERENCE, parts, in_scope)


def sums(sheet: Sheet) -> None:
    """Total of the visit and the sums of what is outside the scope."""
    water, count = sheet.water, len(sheet.decided.lines)
    amounts = [Input(f"第 {n} 条", line.amount_fen) for n, line in enumerate(sheet.decided.lines, start=1)]
    sheet.add("total", "医疗费总额", model.SUM, amounts, water[layout.W_TOTAL_FEN])
    for code, name, part, position in _PARTS:
        if water[position]:
            found = [Input(f"第 {n + 1} 条", fen) for n in range(count) if (fen := sheet.split(n)[part])]
            sheet.add(code, name, model.SUM, found, water[position])


def in_scope(sheet: Sheet) -> None:
    """What enters the deductible: total less everything outside the scope and the chronic fee."""
    water = sheet.water
    inputs = [Input("医疗费总额", water[layout.W_TOTAL_FEN])]
    inputs += [Input(name, water[position]) for _, name, _, position in _PARTS]
    if water[layout.W_CHRONIC_FEE_FEN]:
        inputs.append(Input("慢特病费用", water[layout.W_CHRONIC_FEE_FEN]))
    found = water[layout.W_IN_SCOPE_FEN]
    sheet.add("in_scope", "符合政策范围金额", model.DIFFERENCE, inputs, found, sheet.rule("in_scope"))
