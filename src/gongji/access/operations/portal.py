"""Operations of the portal."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import MEMBER

# prescriptions, offsite filing, manual claims, complaints, questions
_MEMBER: Final = frozenset({MEMBER})


def _own(code: str, name: str, *, changes: bool = False) -> Operation:
    return Operation(code=code, name=name, scope="own person", roles=_MEMBER, changes=changes)


_CARE: Final = (
    _own("portal.claim", "零星报销详情"),
    _own("portal.claim_apply", "申请零星报销", changes=True),
    _own("portal.claim_draft_file", "申请中的材料照片"),
    _own("portal.claim_file", "零星报销材料"),
    _own("portal.claim_supplement", "零星报销补正", changes=True),
    _own("portal.claim_withdraw", "撤回零星报销", changes=True),
    _own("portal.claims", "零星报销"),
    _own("portal.collect", "到哪里取药"),
    _own("portal.complaint", "投诉举报详情"),
    _own("portal.complaint_new", "提出投诉举报", changes=True),
    _own("portal.complaint_step", "投诉举报：补充、撤回、异议、办结", changes=True),
    _own("portal.complaints", "投诉举报"),
    _own("portal.filing", "异地就医备案"),
    _own("portal.filing_apply", "申请异地就医备案", changes=True),
    _own("portal.filing_cancel", "取消异地就医备案", changes=True),
    _own("portal.filing_withdraw", "撤回备案申请", changes=True),
    _own("portal.prescription", "处方详情"),
    _own("portal.prescription_code", "出示处方码、授权药店", changes=True),
    _own("portal.prescriptions", "我的处方"),
    _own("portal.question", "常见问题的回答"),
    _own("portal.questions", "常见问题"),
    Operation(code="portal.report", name="匿名举报欺诈骗保", scope="public", changes=True),
    Operation(code="portal.report_status", name="查询匿名举报", scope="public", changes=True),
)

# home, settlements, account, estimates, family
_MONEY: Final = (
    _own("portal.account", "个人账户"),
    _own("portal.account_file", "导出个人账户明细"),
    _own("portal.estimate", "这次要花多少钱：去哪里"),
    _own("portal.estimate_goods", "这次要花多少钱：项目和金额"),
    _own("portal.estimate_result", "这次要花多少钱：测算结果"),
    _own("portal.family", "家庭共济"),
    _own("portal.family_application", "家庭共济申请详情"),
    Operation(
        code="portal.family_apply",
        name="申请家庭共济绑定",
        scope="own person",
        roles=_MEMBER,
        shows=True,
        changes=True,
    ),
    _own("portal.family_limit", "设定家人的共济限额", changes=True),
    _own("portal.family_order", "改变共济账户的支付顺序", changes=True),
    _own("portal.family_revoke", "解除家庭共济绑定", changes=True),
    _own("portal.family_user", "家人使用我的账户"),
    _own("portal.family_withdraw", "撤回家庭共济申请", changes=True),
    _own("portal.home", "首页"),
    _own("portal.receipt", "打印结算单"),
    _own("portal.settlement", "结算说明"),
    _own("portal.settlements", "结算记录"),
)

OPERATIONS: Final[tuple[Operation, ...]] = (*_CARE, *_MONEY)
