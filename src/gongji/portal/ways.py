"""Why the pool does not pay, in a member's words, and the way out of it (怎么办): one row a reason."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.explain.words import refusal_sentence

__all__ = ["AGENCY", "Blocked", "blocked", "told"]

AGENCY: Final = "请到参保地医保经办大厅，或拨打 12393 医保服务热线。"
CHANGED: Final = "请回到上一页，刷新以后看现在的情况。"
WAYS: Final = {
    "ARREARS": (
        "欠费期间，门诊统筹暂不报销",
        "请联系单位的人事或财务（灵活就业人员自己到税务部门）补缴医保费。补缴到账后，到经办大厅申请恢复。个人账户里的钱现在仍可使用。",
    ),
    "WAITING_PERIOD": (
        "还在待遇等待期，门诊统筹暂不报销",
        "等待期满后自动恢复，不需要办理。这段时间个人账户里的钱仍可使用。",
    ),
    "INSURANCE_PAUSED": (
        "参保关系已暂停",
        "请联系原单位或现单位办理续保；自己缴费的，到参保地经办大厅办理续保登记。",
    ),
    "NOT_INSURED": ("现在没有有效的职工医保参保关系", f"换了单位的，请新单位尽快办理参保登记。{AGENCY}"),
    "NOT_EMPLOYEE_SCHEME": (
        "参加的不是职工医保",
        "这里办理的是职工医保门诊待遇；城乡居民医保的待遇请到参保地经办大厅咨询。",
    ),
    "NO_PERSONAL_ACCOUNT": (
        "没有建立个人账户，不享受门诊统筹",
        "灵活就业人员可以选择“统账结合”的缴费档次，建立个人账户后享受门诊统筹，请到参保地经办大厅办理。",
    ),
    "MEMBER_DECEASED": (
        "参保人已登记死亡",
        "个人账户余额可以由继承人申请支取，请带材料到参保地经办大厅办理。",
    ),
    "LAW_DRAFT": (
        "您参保的地区只有征求意见稿，还不能正式结算",
        "下面的数字按征求意见稿测算，只供参考。正式办法发布后才能在这里报销，请留意参保地医保局的通知。",
    ),
    "REGION_UNKNOWN": (
        "本平台没有您参保地区的待遇规定",
        "请使用参保地的医保服务平台查询，或拨打参保地的 12393。",
    ),
    "NO_PRESCRIPTION": (
        "没有凭医院的处方，统筹基金不付",
        "下次先在门诊统筹定点的医院、社区或诊所看病，请医生开电子处方，再到药店买药，就能报销。个人账户的钱照样可以用。",
    ),
    "RX_EXPIRED": ("处方过了有效期，统筹基金不付", "请医生重新开处方；新处方请在有效期内取药。"),
    "NOT_DESIGNATED": (
        "这里不是医保定点，统筹基金不付",
        "下次请到医保定点机构。急诊抢救的，可以凭发票、病历和急诊证明申请零星报销。",
    ),
    "NOT_POOLED_PROVIDER": (
        "这里没有开通门诊统筹，统筹基金不付",
        "下次请到开通门诊统筹的医院或药店，在“到哪里取药”里可以查到。个人账户的钱照样可以用。",
    ),
    "PROVIDER_SUSPENDED": ("这家机构的医保协议中止了", "恢复之前，请到别的定点机构看病买药。"),
    "PROVIDER_TERMINATED": ("这家机构已经不是医保定点", "请到别的定点机构看病买药。"),
    "NO_VALID_VOUCHER": (
        "没有用医保凭证结算，统筹基金不付",
        "下次请出示医保电子凭证或社会保障卡；只有身份证的，先激活医保电子凭证。",
    ),
    "OFFSITE_TEMPORARY": (
        "临时在外地看的普通门诊，统筹基金不付",
        "长期在外地住的，先办异地就医备案，就能在那里直接报销。",
    ),
    "OFFSITE_NOT_OPEN": (
        "当地这家机构还不能异地直接结算",
        "请换一家开通异地直接结算的机构；已经付过钱的，可以凭票据申请零星报销。",
    ),
    "CLINIC_EXCLUDED": ("参保地规定诊所不报销", "请到定点医院、社区卫生服务中心或卫生院看病。"),
    "INTERNET_NOT_OPEN": ("参保地还不能报销互联网看病", "请到定点医院或社区看病。"),
    "WORK_INJURY": ("工伤的费用由工伤保险付", "请单位向工伤保险申请。"),
    "THIRD_PARTY": (
        "由造成伤害的一方负担",
        "请先向责任方索赔。责任方不付或者找不到的，到经办大厅申请先行支付。",
    ),
    "ACCOUNT_NOT_OPEN": ("个人账户现在不能使用", f"账户已冻结或注销。{AGENCY}"),
    "FAMILY_OVERLAP": (
        "这位家人已经可以用您的账户",
        "不用再申请；要改限额或解除，请在家庭共济页面点开这位家人。",
    ),
    "FAMILY_TWO_SPOUSES": (
        "同一时期只能绑定一位配偶",
        f"配偶关系变了的，先解除原来的绑定，再申请。需要核实的，{AGENCY}",
    ),
    "FAMILY_RELATION_NOT_ALLOWED": (
        "这种亲属关系不能绑定",
        "请返回选择别的亲属关系；关系填错了的，改过来再提交。",
    ),
    "FAMILY_NOT_BOUND": ("现在没有这项绑定", CHANGED),
    "FAMILY_ORDER_INVALID": ("账户有变化", CHANGED),
    "DECLARATION_DECIDED": ("这件申请已经办理完了", CHANGED),
    "DECLARATION_PENDING": ("已经有一件在办理", "请等办理结果，或者先撤回那一件再申请。"),
    "PARAMETER_UNSPECIFIED": (
        "参保地的政策没有写明这一项（未规定），算不出来",
        "请拨打参保地的 12393 医保服务热线问清楚；只看其他项目的，去掉这一项再算。",
    ),
    "ACCOUNT_BLOCKED": ("医保凭证或账户已冻结", f"卡丢了的请补卡；账户被冻结的，{AGENCY}"),
}


IN_CODES: Final = frozenset(
    {
        "ACCOUNT_NOT_OPEN",
        "DECLARATION_NOT_FOUND",
        "FAMILY_NOT_BOUND",
        "FAMILY_ORDER_INVALID",
        "LAW_DRAFT",
        "NOT_EMPLOYEE_SCHEME",
        "NO_PERSONAL_ACCOUNT",
        "REGION_UNKNOWN",
        "UNKNOWN_MEMBER",
    }
)
"""Reasons whose detail is a code or somebody's number, which says nothing to a member or too much."""


class Blocked(msgspec.Struct, frozen=True):
    """What stands in a member's way: in short, the law's own sentence, what to do, and the clause behind it."""

    title: str
    sentence: str
    way_out: str
    clause: str | None


def blocked(refusal: Refusal) -> Blocked:
    """The refusal for a member; a reason without a row of its own keeps its own text and names the hotline."""
    said = msgspec.structs.replace(refusal, detail="") if refusal.code in IN_CODES else refusal
    title, way_out = WAYS.get(refusal.code, (refusal.reason.text, AGENCY))
    return Blocked(title, refusal_sentence(said), way_out, refusal.clause)


def told(refusal: Refusal) -> str:
    """Why not and what to do, in a line, for a form."""
    found = blocked(refusal)
    return f"{found.sentence}。{found.way_out}"
