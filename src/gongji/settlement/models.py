"""Reading settlements through their views; nothing is written through these classes.

Amounts are fen; those of a reversal (``kind`` -1) are negative, so that sums over rows are sums of what was settled.
"""

from django.db import models

__all__ = ["PersonYear", "Settlement", "SettlementFund", "SettlementLine"]


class Settlement(models.Model):
    """One settlement (结算) or reversal (撤销)."""

    KIND = {1: "结算", -1: "撤销"}

    pk = models.CompositePrimaryKey("psn_no", "settlement_id")
    psn_no = models.TextField("人员编号")
    settlement_id = models.BigIntegerField("结算ID")
    kind = models.SmallIntegerField("种类", choices=KIND)
    original_id = models.BigIntegerField("原结算ID", null=True)
    reversed_by = models.BigIntegerField("撤销结算ID", null=True)
    year = models.SmallIntegerField("年度")
    seq = models.IntegerField("序号")
    service_on = models.DateField("就诊日期")
    received_at = models.DateTimeField("接收时间")
    settled_at = models.DateTimeField("结算时间")
    caller = models.TextField("发送方")
    infno = models.TextField("交易编号")
    msgid = models.TextField("报文编号")
    provider = models.TextField("定点医药机构编号")
    place_kind = models.TextField("机构类型")
    visit_id = models.BigIntegerField("就诊ID")
    group_id = models.BigIntegerField("就诊组")
    batch_no = models.TextField("收费批次号")
    med_type = models.TextField("医疗类别")
    invoice_no = models.TextField("发票号")
    region = models.TextField("参保区划")
    benefit = models.TextField("待遇类型")
    refusal = models.TextField("统筹不予支付的原因")
    ratio_bp = models.IntegerField("支付比例（基点）", null=True)
    total_fen = models.BigIntegerField("医疗费总额")
    full_selfpay_fen = models.BigIntegerField("全自费")
    over_limit_fen = models.BigIntegerField("超限价自费")
    prepay_fen = models.BigIntegerField("先行自付")
    chronic_fee_fen = models.BigIntegerField("门诊慢特病费用")
    chronic_pay_fen = models.BigIntegerField("门诊慢特病支付")
    in_scope_fen = models.BigIntegerField("符合政策范围")
    deductible_fen = models.BigIntegerField("起付线")
    base_fen = models.BigIntegerField("起付线以上")
    pool_fen = models.BigIntegerField("统筹基金支付")
    cap_shortfall_fen = models.BigIntegerField("超过限额")
    personal_fen = models.BigIntegerField("个人负担")
    account_fen = models.BigIntegerField("个人账户支付")
    mutual_fen = models.BigIntegerField("家庭共济支付")
    cash_fen = models.BigIntegerField("现金")
    policy_digest = models.TextField("政策库摘要")
    kernel_version = models.SmallIntegerField("计算核版本")
    hash = models.TextField("哈希")
    claim = models.BooleanField("零星报销")

    class Meta:
        managed = False
        db_table = "settlement_v_settlement"
        verbose_name = verbose_name_plural = "结算"


class SettlementLine(models.Model):
    """One fee line of a settlement with its split (明细分割)."""

    pk = models.CompositePrimaryKey("psn_no", "settlement_id", "position")
    psn_no = models.TextField("人员编号")
    settlement_id = models.BigIntegerField("结算ID")
    position = models.IntegerField("行次")
    kind = models.SmallIntegerField("种类")
    provider = models.TextField("定点医药机构编号")
    visit_id = models.BigIntegerField("就诊ID")
    batch_no = models.TextField("收费批次号")
    service_on = models.DateField("就诊日期")
    settled_at = models.DateTimeField("结算时间")
    key = models.TextField("费用明细流水号")
    item = models.TextField("医疗目录编码")
    name = models.TextField("名称")
    item_kind = models.TextField("类别")
    reason = models.TextField("自费原因", null=True)
    amount_fen = models.BigIntegerField("金额")
    standard_fen = models.BigIntegerField("支付标准金额", null=True)
    treat = models.BigIntegerField("支付类别")
    flags = models.BigIntegerField("标志")
    full_selfpay_fen = models.BigIntegerField("全自费")
    over_limit_fen = models.BigIntegerField("超限价自费")
    prepay_fen = models.BigIntegerField("先行自付")
    in_scope_fen = models.BigIntegerField("符合政策范围")

    class Meta:
        managed = False
        db_table = "settlement_v_line"
        verbose_name = verbose_name_plural = "结算明细"


class SettlementFund(models.Model):
    """Who paid which part of a settlement (基金分项)."""

    pk = models.CompositePrimaryKey("psn_no", "settlement_id", "source", "owner")
    psn_no = models.TextField("人员编号")
    settlement_id = models.BigIntegerField("结算ID")
    kind = models.SmallIntegerField("种类")
    provider = models.TextField("定点医药机构编号")
    place_kind = models.TextField("机构类型")
    region = models.TextField("参保区划")
    benefit = models.TextField("待遇类型")
    service_on = models.DateField("就诊日期")
    settled_at = models.DateTimeField("结算时间")
    source = models.TextField("来源")
    owner = models.TextField("账户所有人")
    amount_fen = models.BigIntegerField("金额")
    claim = models.BooleanField("零星报销")

    class Meta:
        managed = False
        db_table = "settlement_v_fund"
        verbose_name = verbose_name_plural = "基金分项"


class PersonYear(models.Model):
    """Where a person's year stands (年度累计); derived from the facts."""

    pk = models.CompositePrimaryKey("psn_no", "year")
    psn_no = models.TextField("人员编号")
    year = models.SmallIntegerField("年度")
    version = models.BigIntegerField("版本")
    seq = models.IntegerField("序号")

    class Meta:
        managed = False
        db_table = "settlement_person_year"
        verbose_name = verbose_name_plural = "年度累计"
