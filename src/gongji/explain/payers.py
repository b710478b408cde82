"""Steps of who pays the personal part: own account, relatives, cash."""

from __future__ import annotations

from gongji.explain import model
from gongji.explain.model import Input
from gongji.explain.sheet import Sheet
from gongji.kernel import layout


def personal(sheet: Sheet) -> None:
    """The personal part, what of it accounts may pay, and what each source pays (A18, A19)."""
    water = sheet.water
    inputs = [
        Input("医疗费总额", water[layout.W_TOTAL_FEN]),
        Input("统筹基金支付", water[layout.W_POOL_PAY_FEN]),
    ]
    if water[layout.W_CHRONIC_PAY_FEN]:
        inputs.append(Input("慢特病支付", water[layout.W_CHRONIC_PAY_FEN]))
    borne, payable = water[layout.W_PERSONAL_FEN], water[layout.W_ACCOUNT_PAYABLE_FEN]
    sheet.add("personal_total", "个人负担", model.DIFFERENCE, inputs, borne)
    scope = (sheet.sources[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY],)
    parts = (Input("个人负担", borne), Input("不得用账户支付", borne - payable))
    sheet.add("account_payable", "可用个人账户支付", model.DIFFERENCE, parts, payable, scope)
    _sources(sheet, borne, payable)


def _sources(sheet: Sheet, borne: int, payable: int) -> None:
    water, wallet = sheet.water, sheet.decided.wallet
    own, mutual = water[layout.W_ACCOUNT_FEN], water[layout.W_MUTUAL_FEN]
    limits = (Input("可用账户支付", payable), Input("账户余额", wallet[layout.WALLET_OWN_FEN]))
    sheet.add("account_pay", "本人个人账户支付", model.MINIMUM, limits, own, sheet.rule("payment"))
    offered = wallet[layout.WALLET_FAMILY_FEN]
    if offered:
        limits = (Input("账户未付部分", payable - own), Input("家庭账户余额", offered))
        sheet.add("mutual_pay", "家庭共济账户支付", model.MINIMUM, limits, mutual, sheet.rule("family"))
    rest = (Input("个人负担", borne), Input("本人账户", own), Input("家庭账户", mutual))
    cash = water[layout.W_CASH_FEN]
    sheet.add("cash_pay", "个人现金支付", model.DIFFERENCE, rest, cash, sheet.rule("payment"))
