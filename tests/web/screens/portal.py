"""Screens of members."""

from typing import Final

from tests.web.screens.shape import FIRST, Screen
from tests.web.serving import MEMBER

__all__ = ["PORTAL"]

FAMILY: Final = "demo-voucher-000012"
"""The member whose family pays for each other."""
AWAY: Final = "demo-voucher-000007"
"""The member who lives in another city, with claims in every state."""

_MONEY: Final = (
    Screen("portal.home", "/portal/", MEMBER),
    Screen("portal.settlements", "/portal/settlements", MEMBER),
    Screen("portal.settlement", "/portal/settlements", MEMBER, (FIRST,)),
    Screen(
        "portal.settlement",
        "/portal/settlements",
        MEMBER,
        (FIRST, "main a[href='?open=1']"),
        state="unfolded",
        says="逐项说明展开",
    ),
    Screen("portal.receipt", "/portal/settlements", MEMBER, (FIRST, "main a[href$=print]")),
    Screen("portal.account", "/portal/account", MEMBER),
    Screen(
        "portal.account",
        "/portal/account",
        MEMBER,
        ("main details[open] p a",),
        state="month",
        says="只看一个月",
    ),
    Screen("portal.estimate", "/portal/estimate", MEMBER),
    Screen("portal.estimate_goods", "/portal/estimate", MEMBER, (FIRST,)),
    Screen(
        "portal.estimate_goods",
        "/portal/estimate/goods?where=class1&q=氨氯地平&find=1",
        MEMBER,
        state="found",
        says="找药品",
    ),
    Screen(
        "portal.estimate_result",
        "/portal/estimate/result?where=class1&drug_a=300.00&drug_b=86.40&selfpay=20.00",
        MEMBER,
    ),
    Screen("portal.family", "/portal/family", MEMBER),
    Screen("portal.family", "/portal/family", FAMILY, state="lenders", says="家人替我付", empty=True),
    Screen("portal.family_user", "/portal/family", MEMBER, (FIRST,)),
    Screen("portal.family_limit", "/portal/family", MEMBER, (FIRST, "main a[href$=limit]")),
    Screen("portal.family_revoke", "/portal/family", MEMBER, (FIRST, "main a[href$=revoke]")),
    Screen("portal.family_apply", "/portal/family/apply", MEMBER),
    Screen("portal.family_application", "/portal/family", MEMBER, ("main a[href*='/applications/']",)),
)
_CARE: Final = (
    Screen("portal.prescriptions", "/portal/prescriptions", MEMBER),
    Screen("portal.prescription", "/portal/prescriptions", MEMBER, (FIRST,)),
    Screen(
        "portal.prescription_code",
        "/portal/prescriptions",
        MEMBER,
        (FIRST, "main form button[type=submit]"),
        latin=True,
    ),
    Screen("portal.collect", "/portal/collect", MEMBER),
    Screen(
        "portal.collect",
        "/portal/prescriptions",
        MEMBER,
        (FIRST, "main a[href*=collect]"),
        state="rx",
        says="这张处方谁家有货",
    ),
    Screen("portal.filing", "/portal/filing", AWAY),
    Screen("portal.filing_apply", "/portal/filing/apply", MEMBER),
    Screen("portal.filing_apply", "/portal/filing/apply?kind=TEMPORARY", MEMBER, state="form", says="填写"),
    Screen("portal.filing_cancel", "/portal/filing", AWAY, ("main a[href$=cancel]",)),
    Screen("portal.claims", "/portal/claims", AWAY),
    Screen("portal.claim", "/portal/claims", AWAY, (FIRST,)),
    Screen(
        "portal.claim",
        "/portal/claims",
        AWAY,
        ("main li:nth-child(5) a.list__item",),
        state="settled",
        says="已经结算",
    ),
    Screen("portal.claim_supplement", "/portal/claims", AWAY, (FIRST, "main a[href$=supplement]")),
    Screen("portal.claim_withdraw", "/portal/claims", AWAY, (FIRST, "main a[href$=withdraw]")),
    Screen("portal.claim_apply", "/portal/claims/apply", MEMBER),
    Screen("portal.complaints", "/portal/complaints", MEMBER),
    Screen("portal.complaint", "/portal/complaints", MEMBER, (FIRST,)),
    Screen("portal.complaint_new", "/portal/complaints/new", MEMBER),
    Screen(
        "portal.complaint_new",
        "/portal/complaints/new?kind=complaint",
        MEMBER,
        state="form",
        says="填写",
    ),
    Screen("portal.questions", "/portal/questions", MEMBER),
    Screen("portal.question", "/portal/questions", MEMBER, (FIRST,)),
    Screen("portal.question", "/portal/questions/rate", MEMBER, state="rate", says="为什么报这么多"),
    Screen("portal.question", "/portal/questions/deductible", MEMBER, state="deductible", says="起付标准"),
    Screen("portal.question", "/portal/questions/place?name=药房", MEMBER, state="place", says="哪里能报"),
    Screen("account.home", "/account/", MEMBER, state="member", says="参保人"),
)
PORTAL: Final = (*_MONEY, *_CARE)
