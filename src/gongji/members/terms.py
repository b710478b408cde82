"""The members room's own codes with their Chinese names: what a relation, a voucher, a filing can be."""

from typing import Final

__all__ = [
    "BLOCK_REASON",
    "CATEGORY",
    "CREDENTIAL_KIND",
    "DECLARATION_STATE",
    "END_REASON",
    "FAMILY_RELATION",
    "FILING_KIND",
    "FILING_SUBTYPE",
    "LONG_TERM",
    "NONBENEFIT_KIND",
    "PAYER",
    "RELATION_STATUS",
    "REPORTER",
    "STATUS_OF",
    "SUBTYPES",
    "TREATMENT",
]

DECLARATION_STATE: Final = {
    "submitted": "待办",
    "approved": "已通过",
    "refused": "未通过",
    "cancelled": "已撤销",
}
RELATION_STATUS: Final = {"active": "在职", "retired": "退休"}
CATEGORY: Final = {
    "employee": "单位职工",
    "retired": "退休人员",
    "flexible": "灵活就业人员",
    "bankrupt_retiree": "关闭破产企业退休人员",
    "hardship_retiree": "困难企业退休人员",
}
PAYER: Final = {"employer": "单位", "self": "个人", "finance": "财政", "none": "不缴费"}
END_REASON: Final = {
    "": "",
    "changed": "变更",
    "suspended": "暂停参保",
    "transfer_out": "转出",
    "leaving": "终止参保",
    "death": "死亡",
}
REPORTER: Final = {"employer": "用人单位", "relative": "亲属", "member": "本人", "agency": "经办机构"}
"""Who reported the end of a relation (QY 第十条)."""
NONBENEFIT_KIND: Final = {"arrears": "欠费", "waiting": "等待期"}
CREDENTIAL_KIND: Final = {"card": "社会保障卡", "voucher": "医保电子凭证"}
BLOCK_REASON: Final = {"lost": "挂失", "agency": "经办机构冻结", "death": "死亡", "replaced": "已补换"}
FAMILY_RELATION: Final = {
    "spouse": "配偶",
    "parent": "父母",
    "child": "子女",
    "sibling": "兄弟姐妹",
    "grandparent": "祖父母、外祖父母",
    "grandchild": "孙子女、外孙子女",
}
"""What the user is to the owner of the account."""
FILING_KIND: Final = {
    "LONG_TERM_IN_PROVINCE": "省内长期异地",
    "LONG_TERM_OUT_OF_PROVINCE": "跨省长期异地",
    "TEMPORARY": "临时外出就医",
}
FILING_SUBTYPE: Final = {
    "": "",
    "resettled_retiree": "异地安置退休人员",
    "long_term_resident": "异地长期居住人员",
    "stationed_worker": "常驻异地工作人员",
    "referral": "异地转诊人员",
    "emergency": "异地急诊抢救人员",
    "other_temporary": "其他临时外出就医人员",
}
TREATMENT: Final = {
    "": "",
    "chemo_radiotherapy": "恶性肿瘤放化疗",
    "dialysis": "肾功能不全透析",
    "anti_rejection": "器官移植抗排异",
    "leukaemia_chemo": "白血病化疗",
}

STATUS_OF: Final = {
    "employee": "active",
    "flexible": "active",
    "retired": "retired",
    "bankrupt_retiree": "retired",
    "hardship_retiree": "retired",
}
"""Benefits of each category: the retired of closed enterprises have those of all retired (QY 第十三条)."""
LONG_TERM: Final = ("LONG_TERM_IN_PROVINCE", "LONG_TERM_OUT_OF_PROVINCE")
SUBTYPES: Final = {
    "LONG_TERM_IN_PROVINCE": ("resettled_retiree", "long_term_resident", "stationed_worker"),
    "LONG_TERM_OUT_OF_PROVINCE": ("resettled_retiree", "long_term_resident", "stationed_worker"),
    "TEMPORARY": ("referral", "emergency", "other_temporary"),
}
"""Which persons file which kind (医保发〔2022〕22号)."""
