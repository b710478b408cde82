"""Why the pool does not pay, in a member's words, and the way out of it (怎么办): one row a reason."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.explain.words import refusal_sentence

__all__ = ["Blocked", "blocked"]

AGENCY: Final = "请到参保地医保经办大厅，或拨打 12393 医保服务热线。"
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
    "ACCOUNT_NOT_OPEN": ("个人账户现在不能使用", f"账户已冻结或注销。{AGENCY}"),
    "ACCOUNT_BLOCKED": ("医保凭证或账户已冻结", f"卡丢了的请补卡；账户被冻结的，{AGENCY}"),
}


IN_CODES: Final = frozenset({"LAW_DRAFT", "NOT_EMPLOYEE_SCHEME", "REGION_UNKNOWN"})
"""Reasons whose detail is a code, which says nothing to a member."""


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
