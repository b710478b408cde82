"""Steps of what the funds pay: chronic quota, deductible, rate, ceilings."""

from __future__ import annotations

from gongji.base.money import BP_ONE, div_round, mul_bp
from gongji.explain import model
from gongji.explain.bands import band_pieces
from gongji.explain.model import Input
from gongji.explain.sheet import Sheet
from gongji.kernel import layout

WINDOWS = {
    layout.DEDUCTIBLE_SETTLEMENT: "每次结算",
    layout.DEDUCTIBLE_VISIT: "每次就诊",
    layout.DEDUCTIBLE_DAY: "每日",
    layout.DEDUCTIBLE_MONTH: "每月",
    layout.DEDUCTIBLE_YEAR: "每年",
}
QUOTA_WINDOWS = (("month", "月限额"), ("quarter", "季度限额"), ("year", "年度限额"))
PERIODS = (("visit", "每次就诊"), ("day", "每日"), ("month", "每月"), ("quarter", "每季度"), ("year", "年度"))


def chronic(sheet: Sheet) -> None:
    """The chronic disease's cost that its quota pays first (A17); nothing when no quota was used."""
    water, bp = sheet.water, sheet.cells[layout.ROW_CARVE_OUT_BP]
    quota = sheet.decided.wallet[layout.WALLET_CARVE_OUT_QUOTA_FEN]
    related = [
        Input(f"第 {n + 1} 条", sheet.split(n)[layout.SPLIT_IN_SCOPE_FEN])
        for n, line in enumerate(sheet.decided.lines)
        if line.flags & layout.FLAG_CARVE_OUT
    ]
    cost = sum(item.value for item in related)
    if quota == layout.NONE or bp <= 0 or cost == 0:
        return
    source = sheet.sources[layout.ROW_CARVE_OUT_BP]
    clauses = (source, *sheet.rule("chronic"))
    rate = Input("慢特病支付比例" if source is not None else "本人核定的慢特病支付比例", bp, model.BP)
    _quota(sheet, quota)
    left = Input("剩余限额", quota)
    fee, room = water[layout.W_CHRONIC_FEE_FEN], div_round(quota * BP_ONE, bp)
    share = mul_bp(fee, bp)
    sheet.add("chronic_related", "慢特病相关费用", model.SUM, related, cost)
    sheet.add("chronic_room", "限额可用的费用", model.QUOTIENT, (left, rate), room, clauses)
    if fee == cost > room:
        overflow = (sheet.sources[layout.ROW_CHRONIC_OVERFLOW],)
        note = "限额用完，其余相关费用本次不进入统筹，由个人负担"
        sheet.add("chronic_fee", "慢特病的费用", model.SUM, (Input("相关费用", cost),), fee, overflow, note)
    else:
        limits = (Input("相关费用", cost), Input("限额可用", room))
        sheet.add("chronic_fee", "按慢特病支付的费用", model.MINIMUM, limits, fee, clauses)
    sheet.add("chronic_share", "慢特病应付", model.SHARE, (Input("费用", fee), rate), share, clauses)
    pay = water[layout.W_CHRONIC_PAY_FEN]
    sheet.add("chronic_pay", "慢特病支付", model.MINIMUM, (left, Input("应付", share)), pay, clauses)


def _quota(sheet: Sheet, left_fen: int) -> None:
    """Room under the quota of each window that has one; the smallest is what is left."""
    windows, rooms = sheet.decided.quota_windows, []
    for at, (code, name) in zip(range(0, len(windows), 2), QUOTA_WINDOWS, strict=False):
        limit, used = windows[at : at + 2]
        if limit == layout.NONE:
            continue
        room = max(0, limit - used)
        rooms.append(Input(f"{name}余额", room))
        inputs = (Input(f"慢特病{name}", limit), Input("已支付", used))
        sheet.add(f"chronic_quota.{code}", f"慢特病{name}余额", model.REMAINING, inputs, room)
    if len(rooms) > 1:
        sheet.add("chronic_left", "慢特病剩余限额", model.MINIMUM, rooms, left_fen)


def deductible(sheet: Sheet) -> None:
    """Deductible due in its window, room to the yearly stop, what is charged, and what is left above it."""
    water, source = sheet.water, sheet.sources[layout.ROW_DEDUCTIBLE_FEN]
    _deductible_due(sheet)
    in_scope = Input("符合政策范围金额", water[layout.W_IN_SCOPE_FEN])
    limits, clauses = [in_scope, Input("应付起付标准", water[layout.W_DEDUCTIBLE_DUE_FEN])], [source]
    stop = sheet.cells[layout.ROW_DEDUCTIBLE_STOP_FEN]
    if stop >= 0:
        already = sheet.decided.acc_before[layout.ACC_DEDUCTIBLE_YEAR_FEN]
        room = max(0, stop - already)
        clauses.append(sheet.sources[layout.ROW_DEDUCTIBLE_STOP_FEN])
        inputs = (Input("年度起付累计限额", stop), Input("今年已付起付", already))
        sheet.add("deductible_room", "年度起付还可付", model.REMAINING, inputs, room, clauses[1:])
        limits.append(Input("年度还可付", room))
    charged = water[layout.W_DEDUCTIBLE_FEN]
    sheet.add("deductible", "实际支付起付线", model.MINIMUM, limits, charged, clauses)
    above = (in_scope, Input("起付线", charged))
    sheet.add("base", "起付线以上", model.DIFFERENCE, above, water[layout.W_BASE_FEN])


def _deductible_due(sheet: Sheet) -> None:
    """Standard less what the window of the law's own kind has charged; nothing where there is no
    deductible."""
    kind = sheet.cells[layout.ROW_DEDUCTIBLE_KIND]
    if kind == layout.DEDUCTIBLE_NONE:
        return
    acc, charged = sheet.decided.acc_before, 0
    if kind == layout.DEDUCTIBLE_YEAR:
        charged = acc[layout.ACC_DEDUCTIBLE_YEAR_FEN]
    elif kind != layout.DEDUCTIBLE_SETTLEMENT:
        charged = acc[layout.ACC_DEDUCTIBLE_WINDOW_FEN]
    merged = sheet.rule("visit_group") if kind == layout.DEDUCTIBLE_VISIT else ()
    clauses = (sheet.sources[layout.ROW_DEDUCTIBLE_FEN], *(merged if charged else merged[:1]))
    inputs = (Input("起付标准", sheet.cells[layout.ROW_DEDUCTIBLE_FEN]), Input("已付起付", charged))
    due = sheet.water[layout.W_DEDUCTIBLE_DUE_FEN]
    sheet.add("deductible_due", f"应付起付标准（{WINDOWS[kind]}）", model.REMAINING, inputs, due, clauses)


def rate(sheet: Sheet) -> None:
    """The pool's share of the base, band by band, rounded once."""
    pieces = band_pieces(sheet.cells, sheet.decided.acc_before, sheet.water)
    inputs: list[Input] = []
    for band, fen in pieces:
        name = "起付线以上" if len(pieces) == 1 else f"第 {band + 1} 段"
        inputs += [Input(name, fen), Input("支付比例", sheet.cells[layout.ROW_BAND_BP + band], model.BP)]
    clauses = (sheet.sources[layout.ROW_BAND_BP], sheet.sources[layout.ROW_BAND_BASIS])
    due = sheet.water[layout.W_POOL_BEFORE_CAP_FEN]
    sheet.add("pool_before_cap", "统筹基金应付", model.SHARE, inputs, due, clauses)


def ceilings(sheet: Sheet) -> None:
    """Room under every ceiling in force, what the pool pays, and what the ceiling cut off."""
    water, rooms, clauses = sheet.water, [], []
    for period, (code, name) in enumerate(PERIODS):
        at = layout.ROW_CEILING_VISIT_FEN + period
        ceiling = sheet.cells[at]
        if ceiling < 0:
            continue
        paid = sheet.decided.acc_before[layout.ACC_FUND_VISIT_FEN + period]
        room = max(0, ceiling - paid)
        rooms.append(Input(f"{name}余额", room))
        clauses.append(sheet.sources[at])
        inputs = (Input(f"{name}最高支付限额", ceiling), Input("已支付", paid))
        sheet.add(f"room.{code}", f"{name}限额余额", model.REMAINING, inputs, room, (sheet.sources[at],))
    before, paid_now = (
        Input("统筹基金应付", water[layout.W_POOL_BEFORE_CAP_FEN]),
        water[layout.W_POOL_PAY_FEN],
    )
    sheet.add("pool_pay", "统筹基金支付", model.MINIMUM, (before, *rooms), paid_now, clauses)
    cut = water[layout.W_CAP_SHORTFALL_FEN]
    if cut:
        inputs = (before, Input("统筹基金支付", paid_now))
        sheet.add("cap_shortfall", "超过限额不予支付", model.DIFFERENCE, inputs, cut, clauses)
