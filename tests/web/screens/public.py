"""Screens that everybody may open: the law, signing in, what cannot be shown."""

from typing import Final

from tests.web.screens.shape import Fill, Screen
from tests.web.serving import MEMBER

__all__ = ["PUBLIC"]

SEND: Final = "main form.form button[type=submit]"
PASSWORD: Final = "gongji-demo"

PUBLIC: Final = (
    Screen("web.front", "/"),
    Screen("law.home", "/law"),
    Screen("law.home", "/law?q=退休+支付比例", state="search", says="按词查到的条文"),
    Screen("law.home", "/law?q=退休后报销比例是多少？", state="question", says="问一句话"),
    Screen("law.home", "/law?q=火星", state="nothing", says="没有查到", empty=True),
    Screen("law.question", "/law/questions/rate"),
    Screen("law.clause", "/law/SX2024-11.s1.e1"),
    Screen("law.document", "/law/documents/SX2024-11"),
    Screen("law.standards", "/law/standards"),
    Screen("web.styleguide", "/styleguide", empty=True, latin=True),
    Screen("web.sign_in", "/signin", latin=True),
    Screen("web.sign_in", "/signin", steps=(SEND,), state="wrong", says="没有填写", latin=True, status=422),
    Screen("web.sign_in_voucher", "/signin/voucher", latin=True),
    Screen(
        "web.sign_in_code",
        "/signin",
        steps=(Fill("#id_username", "auditor"), Fill("#id_password", PASSWORD), SEND),
        latin=True,
    ),
    Screen("portal.report", "/portal/report"),
    Screen("portal.report_status", "/portal/report/status"),
    Screen("", "/nothing-here", state="not-found", says="没有这一页", status=404),
    Screen("desk.till", "/desk/till", MEMBER, state="forbidden", says="参保人打开收银台", status=403),
    Screen(
        "portal.home", "/portal/", "yd-cashier", state="forbidden", says="收费员打开参保人首页", status=403
    ),
)
