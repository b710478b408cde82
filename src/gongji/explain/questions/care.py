"""Questions about accounts, prescriptions, care elsewhere and claims. Pure; every number is the law's."""

from __future__ import annotations

from typing import Final

from gongji.base.money import format_yuan
from gongji.explain.questions.figures import figure, figures, refusing, rules_of
from gongji.explain.questions.shape import UNSTATED, Answer, Asker, Fact, Figure, Question
from gongji.policy import Law

__all__ = ["QUESTIONS"]

YES: Final = "是"
"""How a switch that is on reads."""


def _given(law: Law, asker: Asker, *keys: str) -> tuple[Figure, ...]:
    """The figures of these keys that the region fixes, in order."""
    return tuple(
        one for key in keys if (one := figure(law, key, asker.region, asker.on, asker.attributes)) is not None
    )


def _family(law: Law, asker: Asker) -> Answer:
    given = _given(law, asker, "account.family.relations", "account.family.rules", "account.pay_order")
    who = given[0].text if given and given[0].key == "account.family.relations" else ""
    lead = "可以。您先把家人绑定到自己的个人账户，家人就医购药的个人负担部分就能从您的账户里付。"
    if who:
        lead += f"可以绑定的是：{who}。"
    return Answer(
        lead=lead + "统筹基金的报销额度不能给家人用。",
        figures=given,
        links=(("portal.family", "绑定家人"),),
    )


def _account(law: Law, asker: Asker) -> Answer:
    facts = (Fact("账户余额", f"{format_yuan(asker.own_fen)} 元"),) if asker.own_fen is not None else ()
    keys = ("account.uses", "account.pharmacy_kinds", "account.premiums", "account.forbidden")
    given = _given(law, asker, *keys)
    lead = "个人账户可以付在定点医院看病的个人负担部分，也可以在定点药店买药；能买什么、不能买什么，见下面的规定。"
    return Answer(
        lead=lead if given else UNSTATED.format("个人账户可以买什么"),
        facts=facts,
        figures=given,
        links=(("portal.account", "看账户的每一笔"),),
    )


def _money(law: Law, asker: Asker) -> Answer:
    keys = ("account.credit_rate", "account.retired_monthly", "account.retired_rate_of_pension")
    mine = keys[:1] if asker.status == "active" else keys[1:] if asker.status == "retired" else keys
    given = _given(law, asker, *mine, "account.employer_credit_rate")
    lead = "在职职工按本人缴费基数的一定比例、退休人员按定额，每月划入个人账户；单位缴的部分进统筹基金，用来给大家报销门诊费用。"
    return Answer(
        lead=lead if given else UNSTATED.format("每月划入多少"),
        facts=(Fact("您是", asker.status_name),) if asker.status_name else (),
        figures=given,
        links=(("portal.account", "看每月划入了多少"),),
    )


def _cash(law: Law, asker: Asker) -> Answer:
    keys = ("account.carry_over", "account.cash_withdrawal", "account.inheritable", "account.interest_rate")
    given = _given(law, asker, *keys)
    carried = any(one.key == keys[0] and one.text == YES for one in given)
    lead = "个人账户的钱是您的，用不完结转到下一年，不会过期；" if carried else "个人账户的钱"
    return Answer(lead=f"{lead}能不能取现、能不能继承按下面的规定。", figures=given)


def _validity(law: Law, asker: Asker) -> Answer:
    given = _given(
        law, asker, "prescription.valid_days", "prescription.validity_mode", "prescription.ordinary_days",
        "prescription.long_days", "prescription.long_refills",
    )  # fmt: skip
    days = next((one for one in given if one.key == "prescription.valid_days"), None)
    lead = (
        f"电子处方开出后 {days.text}内有效，过期要请医生重新开。"
        if days is not None
        else "有效期按下面的规定。"
    )
    lead += f"您现在有 {asker.waiting} 张处方等着取药。" if asker.waiting else "您现在没有等着取药的处方。"
    return Answer(
        lead=lead,
        figures=given,
        links=(("portal.prescriptions", "我的处方"), ("portal.collect", "到哪里取药")),
    )


def _split(law: Law, asker: Asker) -> Answer:
    keys = (
        "prescription.split_allowed",
        "prescription.split_reason_required",
        "prescription.same_drug_one_institution",
    )
    given = _given(law, asker, *keys)
    yes = {one.key for one in given if one.text == YES}
    lead = "可以，没买到的药可以到另一家买。" if keys[0] in yes else "参保地没有规定可以分开买。"
    if keys[1] in yes:
        lead += "药店会登记原因。"
    if keys[2] in yes:
        lead += "同一种药只能在一家买完。"
    return Answer(lead=lead, figures=given, links=(("portal.prescriptions", "我的处方"),))


def _offsite(law: Law, asker: Asker) -> Answer:
    held = f"您现在的备案：{'；'.join(asker.filings)}。" if asker.filings else "您现在没有异地就医备案。"
    temporary = figure(law, "offsite.temporary.pool_payable", asker.region, asker.on, asker.attributes)
    lead = held + "长期住在外地的先备案，就能在居住地的定点机构直接结算。"
    if temporary is not None and temporary.text == "否":
        lead += "临时外出看的普通门诊，参保地的统筹基金不付，可以用个人账户。"
    elif temporary is not None:
        lead += "临时外出看的普通门诊，统筹基金也可以付。"
    keys = (
        "offsite.filing.required",
        "offsite.policy",
        "offsite.catalogue",
        "offsite.filing.temporary_months",
        "offsite.filing.change_after_months",
    )
    return Answer(
        lead=lead,
        figures=((temporary,) if temporary is not None else ()) + _given(law, asker, *keys),
        rules=refusing(law, asker.region, asker.on, ("OFFSITE_TEMPORARY", "OFFSITE_NOT_OPEN")),
        links=(("portal.filing", "办理异地就医备案"), ("portal.claims", "没有直接结算的，申请报销")),
    )


def _claim(law: Law, asker: Asker) -> Answer:
    given = _given(law, asker, "claim.working_days", "claim.documents", "claim.return_working_days")
    days = next((one for one in given if one.key == "claim.working_days"), None)
    lead = "没有直接结算、自己先垫付的门诊费用，凭发票和材料申请零星报销。"
    if days is not None:
        lead += f"经办机构自收到申请起 {days.text}内办完。"
    return Answer(
        lead=lead,
        figures=given,
        rules=refusing(law, asker.region, asker.on, ("DIRECT_SETTLEMENT_AVAILABLE",)),
        links=(("portal.claim_apply", "申请零星报销"), ("portal.claims", "看办到哪一步了")),
    )


def _chronic(law: Law, asker: Asker) -> Answer:
    return Answer(
        lead="门诊慢特病有自己的支付比例和限额，与普通门诊统筹分开算；限额用完以后的相关费用按下面的规定处理。",
        figures=_given(law, asker, "chronic.rate", "chronic.overflow", "chronic.separate")
        + figures(law, "chronic.quota.per_year", asker.region, asker.on, asker.attributes),
        rules=rules_of(law, ("SX2021-103.s2.2.a",), asker.region, asker.on),
    )


QUESTIONS = (
    Question("family", "家里人能用我的账户吗？", _family, words="家庭共济 配偶 父母 子女 家人 绑定"),
    Question("account", "个人账户能买什么，不能买什么？", _account, words="个人账户 药店 保健品 器械"),
    Question("money", "每个月个人账户进多少钱，怎么来的？", _money, words="划入 计入 缴费基数 变少"),
    Question("cash", "账户里的钱会过期吗，能取现吗？", _cash, words="取现 继承 结转 利息"),
    Question("validity", "处方几天有效？", _validity, words="处方 有效期 过期 长期处方"),
    Question("split", "一家药店的药不全，能分开买吗？", _split, words="拆分 分开买 配不齐"),
    Question("offsite", "异地就医怎么办？", _offsite, words="异地 备案 外省 外地 出差 转诊"),
    Question("claim", "没刷医保、自己垫付的怎么报？", _claim, words="报销 发票 垫付 零星报销 急诊"),
    Question("chronic", "慢特病和普通门诊是分开算的吗？", _chronic, words="慢性病 高血压 糖尿病 限额"),
)
