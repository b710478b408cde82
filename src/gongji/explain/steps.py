"""From a settled visit to its steps: every amount of the waterfall with the numbers it was made of.

A step says its operation in data (``model.SUM`` …), so that anybody can compute it again; nothing here
calculates an amount of its own: what a step yields is the waterfall's number, and tests hold the two
together.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongji.base.money import BP_ONE, div_round, format_percent, format_yuan, mul_bp
from gongji.explain import model
from gongji.explain.citing import cite, rule_clauses
from gongji.explain.model import Decided, Input, Step
from gongji.kernel import layout
from gongji.kernel.pool import fill_bands
from gongji.policy import Law

TREATS = {
    layout.TREAT_FULL_SELFPAY: "全自费",
    layout.TREAT_A: "甲类",
    layout.TREAT_B_DRUG: "乙类药品",
    layout.TREAT_B_CONSUMABLE: "乙类耗材",
    layout.TREAT_B_SERVICE: "乙类医疗服务项目",
}
WINDOWS = {
    layout.DEDUCTIBLE_SETTLEMENT: "每次结算",
    layout.DEDUCTIBLE_VISIT: "每次就诊",
    layout.DEDUCTIBLE_DAY: "每日",
    layout.DEDUCTIBLE_MONTH: "每月",
    layout.DEDUCTIBLE_YEAR: "每年",
}
PERIODS = ("每次就诊", "每日", "每月", "每季度", "年度")

_SIGNS = {model.SUM: " + ", model.DIFFERENCE: " − ", model.REMAINING: " − "}


def steps(law: Law, decided: Decided) -> tuple[Step, ...]:
    """All steps of a visit in the order of the calculation (decision A01)."""
    builder = _Builder(law, decided)
    builder.lines()
    builder.sums()
    if decided.refusal is None:
        builder.chronic()
        builder.deductible()
        builder.rate()
        builder.ceilings()
    builder.personal()
    return tuple(builder.found)


class _Builder:
    def __init__(self, law: Law, decided: Decided) -> None:
        self.law = law
        self.decided = decided
        self.cells = decided.row.cells
        self.sources = decided.row.sources
        self.water = decided.waterfall
        self.found: list[Step] = []

    def add(
        self,
        code: str,
        name: str,
        operation: str,
        inputs: Sequence[Input],
        amount_fen: int,
        clauses: Sequence[str | None] = (),
        note: str = "",
    ) -> None:
        self.found.append(
            Step(
                code,
                name,
                operation,
                tuple(inputs),
                amount_fen,
                formula(operation, inputs, amount_fen),
                cite(self.law, clauses),
                note,
            )
        )

    def rule(self, name: str) -> tuple[str, ...]:
        return rule_clauses(self.decided.row.region, name)

    def lines(self) -> None:
        for number, line in enumerate(self.decided.lines, start=1):
            whole, over, prepay, in_scope = self.split(number - 1)
            title = f"第 {number} 条 {line.name or line.item}".rstrip()
            if line.treat == layout.TREAT_FULL_SELFPAY:
                self._full_selfpay(number, title, line.amount_fen, whole, line.reason)
                continue
            if line.standard_fen != layout.NONE:
                self.add(
                    f"line.{number}.over_limit",
                    f"{title}：超支付标准",
                    model.REMAINING,
                    (Input("金额", line.amount_fen), Input("支付标准", line.standard_fen)),
                    over,
                    self.rule("over_limit"),
                )
            at = layout.ROW_PREPAY_BP + line.treat
            if self.cells[at]:
                self.add(
                    f"line.{number}.prepay",
                    f"{title}：{TREATS.get(line.treat, '')}先行自付",
                    model.SHARE,
                    (
                        Input("标准以内金额", line.amount_fen - over),
                        Input("先行自付比例", self.cells[at], model.BP),
                    ),
                    prepay,
                    (self.sources[at],),
                )
            self.add(
                f"line.{number}.in_scope",
                f"{title}：政策范围内",
                model.DIFFERENCE,
                (Input("金额", line.amount_fen), Input("超支付标准", over), Input("先行自付", prepay)),
                in_scope,
            )

    def _full_selfpay(self, number: int, title: str, amount: int, whole: int, reason: str | None) -> None:
        refusal = self.decided.refusal
        clauses: tuple[str | None, ...] = self.rule(reason) if reason else self.rule("full_selfpay")
        if refusal is not None and reason == refusal.code:
            clauses = (refusal.clause,)
        self.add(
            f"line.{number}.full_selfpay",
            f"{title}：全自费",
            model.SUM,
            (Input("金额", amount),),
            whole,
            clauses,
            reason or "",
        )

    def split(self, index: int) -> tuple[int, int, int, int]:
        at = index * layout.SPLIT_SIZE
        whole, over, prepay, in_scope = self.decided.splits[at : at + layout.SPLIT_SIZE]
        return whole, over, prepay, in_scope

    def sums(self) -> None:
        water, count = self.water, len(self.decided.lines)
        amounts = [Input(f"第 {n} 条", line.amount_fen) for n, line in enumerate(self.decided.lines, start=1)]
        self.add("total", "医疗费总额", model.SUM, amounts, water[layout.W_TOTAL_FEN])
        parts = (
            ("full_selfpay", "全自费", layout.SPLIT_FULL_SELFPAY_FEN, layout.W_FULL_SELFPAY_FEN),
            ("over_limit", "超支付标准", layout.SPLIT_OVER_LIMIT_FEN, layout.W_OVER_LIMIT_FEN),
            ("prepay", "先行自付", layout.SPLIT_PREPAY_FEN, layout.W_PREPAY_FEN),
        )
        for code, name, part, position in parts:
            if water[position]:
                inputs = [
                    Input(f"第 {n + 1} 条", self.split(n)[part]) for n in range(count) if self.split(n)[part]
                ]
                self.add(code, name, model.SUM, inputs, water[position])

    def in_scope(self) -> None:
        water = self.water
        inputs = [
            Input("医疗费总额", water[layout.W_TOTAL_FEN]),
            Input("全自费", water[layout.W_FULL_SELFPAY_FEN]),
            Input("超支付标准", water[layout.W_OVER_LIMIT_FEN]),
            Input("先行自付", water[layout.W_PREPAY_FEN]),
        ]
        if water[layout.W_CHRONIC_FEE_FEN]:
            inputs.append(Input("慢特病费用", water[layout.W_CHRONIC_FEE_FEN]))
        self.add(
            "in_scope",
            "符合政策范围金额",
            model.DIFFERENCE,
            inputs,
            water[layout.W_IN_SCOPE_FEN],
            self.rule("in_scope"),
        )

    def chronic(self) -> None:
        water, bp = self.water, self.cells[layout.ROW_CARVE_OUT_BP]
        quota = self.decided.wallet[layout.WALLET_CARVE_OUT_QUOTA_FEN]
        related = [
            (n, self.split(n)[layout.SPLIT_IN_SCOPE_FEN])
            for n, line in enumerate(self.decided.lines)
            if line.flags & layout.FLAG_CARVE_OUT
        ]
        cost = sum(fen for _, fen in related)
        if quota != layout.NONE and bp > 0 and cost > 0:
            clauses = (self.sources[layout.ROW_CARVE_OUT_BP], *self.rule("chronic"))
            rate = Input("慢特病支付比例", bp, model.BP)
            room = div_round(quota * BP_ONE, bp)
            fee = water[layout.W_CHRONIC_FEE_FEN]
            self.add(
                "chronic_related",
                "慢特病相关费用",
                model.SUM,
                [Input(f"第 {n + 1} 条", fen) for n, fen in related],
                cost,
            )
            self.add(
                "chronic_room",
                "限额可用的费用",
                model.QUOTIENT,
                (Input("剩余限额", quota), rate),
                room,
                clauses,
            )
            self.add(
                "chronic_fee",
                "按慢特病支付的费用",
                model.MINIMUM,
                (Input("相关费用", cost), Input("限额可用", room)),
                fee,
                clauses,
            )
            share = mul_bp(fee, bp)
            self.add("chronic_share", "慢特病应付", model.SHARE, (Input("费用", fee), rate), share, clauses)
            self.add(
                "chronic_pay",
                "慢特病支付",
                model.MINIMUM,
                (Input("剩余限额", quota), Input("应付", share)),
                water[layout.W_CHRONIC_PAY_FEN],
                clauses,
            )
        self.in_scope()

    def deductible(self) -> None:
        cells, water, acc = self.cells, self.water, self.decided.acc_before
        kind = cells[layout.ROW_DEDUCTIBLE_KIND]
        source = self.sources[layout.ROW_DEDUCTIBLE_FEN]
        if kind != layout.DEDUCTIBLE_NONE:
            year = kind == layout.DEDUCTIBLE_YEAR
            charged = acc[layout.ACC_DEDUCTIBLE_YEAR_FEN if year else layout.ACC_DEDUCTIBLE_WINDOW_FEN]
            if kind == layout.DEDUCTIBLE_SETTLEMENT:
                charged = 0
            group = self.rule("visit_group") if kind == layout.DEDUCTIBLE_VISIT else ()
            self.add(
                "deductible_due",
                f"应付起付标准（{WINDOWS[kind]}）",
                model.REMAINING,
                (Input("起付标准", cells[layout.ROW_DEDUCTIBLE_FEN]), Input("已付起付", charged)),
                water[layout.W_DEDUCTIBLE_DUE_FEN],
                (source, *(group if charged else group[:1])),
            )
        limits = [
            Input("符合政策范围金额", water[layout.W_IN_SCOPE_FEN]),
            Input("应付起付标准", water[layout.W_DEDUCTIBLE_DUE_FEN]),
        ]
        stop = cells[layout.ROW_DEDUCTIBLE_STOP_FEN]
        clauses = [source]
        if stop >= 0:
            already = acc[layout.ACC_DEDUCTIBLE_YEAR_FEN]
            room = max(0, stop - already)
            clauses.append(self.sources[layout.ROW_DEDUCTIBLE_STOP_FEN])
            self.add(
                "deductible_room",
                "年度起付还可付",
                model.REMAINING,
                (Input("年度起付累计限额", stop), Input("今年已付起付", already)),
                room,
                clauses[1:],
            )
            limits.append(Input("年度还可付", room))
        self.add(
            "deductible", "实际支付起付线", model.MINIMUM, limits, water[layout.W_DEDUCTIBLE_FEN], clauses
        )
        self.add(
            "base",
            "起付线以上",
            model.DIFFERENCE,
            (
                Input("符合政策范围金额", water[layout.W_IN_SCOPE_FEN]),
                Input("起付线", water[layout.W_DEDUCTIBLE_FEN]),
            ),
            water[layout.W_BASE_FEN],
        )

    def rate(self) -> None:
        water = self.water
        inputs: list[Input] = []
        for band, fen in band_pieces(self.cells, self.decided.acc_before, water):
            name = (
                "起付线以上"
                if water[layout.W_BAND_LAST] == water[layout.W_BAND_FIRST]
                else f"第 {band + 1} 段"
            )
            inputs += [Input(name, fen), Input("支付比例", self.cells[layout.ROW_BAND_BP + band], model.BP)]
        clauses = (self.sources[layout.ROW_BAND_BP], self.sources[layout.ROW_BAND_BASIS])
        self.add(
            "pool_before_cap",
            "统筹基金应付",
            model.SHARE,
            inputs,
            water[layout.W_POOL_BEFORE_CAP_FEN],
            clauses,
        )

    def ceilings(self) -> None:
        water, rooms, clauses = self.water, [], []
        for period, name in enumerate(PERIODS):
            at = layout.ROW_CEILING_VISIT_FEN + period
            ceiling = self.cells[at]
            if ceiling < 0:
                continue
            paid = self.decided.acc_before[layout.ACC_FUND_VISIT_FEN + period]
            room = max(0, ceiling - paid)
            rooms.append(Input(f"{name}余额", room))
            clauses.append(self.sources[at])
            self.add(
                f"room.{('visit', 'day', 'month', 'quarter', 'year')[period]}",
                f"{name}限额余额",
                model.REMAINING,
                (Input(f"{name}最高支付限额", ceiling), Input("已支付", paid)),
                room,
                (self.sources[at],),
            )
        before = Input("统筹基金应付", water[layout.W_POOL_BEFORE_CAP_FEN])
        self.add(
            "pool_pay", "统筹基金支付", model.MINIMUM, (before, *rooms), water[layout.W_POOL_PAY_FEN], clauses
        )
        if water[layout.W_CAP_SHORTFALL_FEN]:
            self.add(
                "cap_shortfall",
                "超过限额不予支付",
                model.DIFFERENCE,
                (before, Input("统筹基金支付", water[layout.W_POOL_PAY_FEN])),
                water[layout.W_CAP_SHORTFALL_FEN],
                clauses,
            )

    def personal(self) -> None:
        water, wallet = self.water, self.decided.wallet
        inputs = [
            Input("医疗费总额", water[layout.W_TOTAL_FEN]),
            Input("统筹基金支付", water[layout.W_POOL_PAY_FEN]),
        ]
        if water[layout.W_CHRONIC_PAY_FEN]:
            inputs.append(Input("慢特病支付", water[layout.W_CHRONIC_PAY_FEN]))
        personal, payable = water[layout.W_PERSONAL_FEN], water[layout.W_ACCOUNT_PAYABLE_FEN]
        scope = self.sources[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY]
        self.add("personal_total", "个人负担", model.DIFFERENCE, inputs, personal)
        self.add(
            "account_payable",
            "可用个人账户支付",
            model.DIFFERENCE,
            (Input("个人负担", personal), Input("不得用账户支付", personal - payable)),
            payable,
            (scope,),
        )
        own, mutual = water[layout.W_ACCOUNT_FEN], water[layout.W_MUTUAL_FEN]
        self.add(
            "account_pay",
            "本人个人账户支付",
            model.MINIMUM,
            (Input("可用账户支付", payable), Input("账户余额", wallet[layout.WALLET_OWN_FEN])),
            own,
            self.rule("payment"),
        )
        if wallet[layout.WALLET_FAMILY_FEN]:
            self.add(
                "mutual_pay",
                "家庭共济账户支付",
                model.MINIMUM,
                (
                    Input("账户未付部分", payable - own),
                    Input("家庭账户余额", wallet[layout.WALLET_FAMILY_FEN]),
                ),
                mutual,
                self.rule("family"),
            )
        self.add(
            "cash_pay",
            "个人现金支付",
            model.DIFFERENCE,
            (Input("个人负担", personal), Input("本人账户", own), Input("家庭账户", mutual)),
            water[layout.W_CASH_FEN],
            self.rule("payment"),
        )


def band_pieces(cells: Sequence[int], acc: Sequence[int], waterfall: Sequence[int]) -> list[tuple[int, int]]:
    """Which part of the base fell into which band: (band, fen).

    The kernel's own function is asked where a smaller base would have ended, so that there is no second
    definition of bands.
    """
    first, last, base = (
        waterfall[layout.W_BAND_FIRST],
        waterfall[layout.W_BAND_LAST],
        waterfall[layout.W_BASE_FEN],
    )
    if first == last:
        return [(first, base)]
    basis = cells[layout.ROW_BAND_BASIS]
    position = 0
    if basis == layout.BASIS_YEAR_IN_SCOPE:
        position = acc[layout.ACC_IN_SCOPE_YEAR_FEN] + waterfall[layout.W_DEDUCTIBLE_FEN]
    elif basis == layout.BASIS_YEAR_FUND:
        position = acc[layout.ACC_FUND_YEAR_FEN]
    pieces, before = [], 0
    for band in range(first, last + 1):
        low, high = before, base
        while low < high:
            middle = (low + high + 1) // 2
            ends_in = fill_bands(cells, middle, position, basis == layout.BASIS_YEAR_FUND)[2]
            low, high = (middle, high) if ends_in <= band else (low, middle - 1)
        pieces.append((band, low - before))
        before = low
    return pieces


def formula(operation: str, inputs: Sequence[Input], amount_fen: int) -> str:
    """The step in numbers: ``160.00 × 65% = 104.00``. Zeros that add or take nothing are left out, the
    inputs keep them."""
    if operation in _SIGNS:
        inputs = [item for number, item in enumerate(inputs) if item.value or number == 0]
    shown = [
        format_percent(item.value) if item.unit == model.BP else format_yuan(item.value) for item in inputs
    ]
    result = format_yuan(amount_fen)
    if operation == model.SHARE:
        pairs = [f"{fen} × {rate}" for fen, rate in zip(shown[::2], shown[1::2], strict=True)]
        return f"{' + '.join(pairs)} = {result}"
    if operation == model.QUOTIENT:
        return f"{shown[0]} ÷ {shown[1]} = {result}"
    if len(shown) == 1:
        return result
    if operation == model.MINIMUM:
        return f"min({', '.join(shown)}) = {result}"
    if operation == model.REMAINING and sum(item.value for item in inputs[1:]) > inputs[0].value:
        return f"max(0, {' − '.join(shown)}) = {result}"
    return f"{_SIGNS[operation].join(shown)} = {result}"
