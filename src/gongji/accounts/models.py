"""Reading accounts through Django; only database functions of this room write (``sql/020_post.sql``,
``sql/031_credit_write.sql``, ``sql/032_interest_write.sql``).
"""

from django.db import models

__all__ = ["Balance", "Credit", "Entry", "Interest", "Repayment", "Run", "RunStep"]


class Balance(models.Model):
    """Balance of a personal account (个人账户余额): derived, the sum of the entries."""

    psn_no = models.TextField("人员编号", primary_key=True)
    balance_fen = models.BigIntegerField("余额（分）")
    version = models.BigIntegerField("版本")
    state = models.TextField("状态")
    receivable_fen = models.BigIntegerField("应追回（分）")

    class Meta:
        managed = False
        db_table = "accounts_balance"
        verbose_name = verbose_name_plural = "个人账户余额"


class Entry(models.Model):
    """One movement of a personal account (个人账户流水); never changed."""

    pk = models.CompositePrimaryKey("psn_no", "entry_id")
    psn_no = models.TextField("人员编号")
    entry_id = models.BigIntegerField("流水号")
    version = models.BigIntegerField("账户版本")
    kind = models.TextField("种类")
    amount_fen = models.BigIntegerField("金额（分）")
    balance_after_fen = models.BigIntegerField("余额（分）")
    settlement_id = models.BigIntegerField("结算ID", null=True)
    reference = models.BigIntegerField("业务编号", null=True)
    period = models.DateField("所属期", null=True)
    counterpart = models.TextField("共济使用人", null=True)
    occurred_at = models.DateTimeField("发生时间")

    class Meta:
        managed = False
        db_table = "accounts_entry"
        verbose_name = verbose_name_plural = "个人账户流水"


class Credit(models.Model):
    """What one month gives to an account, and the difference posted (个人账户划入)."""

    pk = models.CompositePrimaryKey("psn_no", "month", "sequence")
    psn_no = models.TextField("人员编号")
    month = models.DateField("所属月份")
    sequence = models.SmallIntegerField("次序")
    rule = models.TextField("计入规则")
    reason = models.TextField("不计入原因")
    base_fen = models.BigIntegerField("缴费基数（分）")
    rate_bp = models.IntegerField("计入比例（万分之一）")
    target_fen = models.BigIntegerField("应计入（分）")
    delta_fen = models.BigIntegerField("本次差额（分）")
    receivable_fen = models.BigIntegerField("应追回变动（分）")
    region = models.TextField("参保地")
    clause = models.TextField("依据条款")
    policy_digest = models.BinaryField("政策库摘要")
    cause_id = models.BigIntegerField("批次或业务编号")
    entry_id = models.BigIntegerField("流水号")
    recovery_id = models.BigIntegerField("追回流水号", null=True)

    class Meta:
        managed = False
        db_table = "accounts_credit"
        verbose_name = verbose_name_plural = "个人账户划入"


class Interest(models.Model):
    """Interest of the days of one year (个人账户计息)."""

    pk = models.CompositePrimaryKey("psn_no", "through_on")
    psn_no = models.TextField("人员编号")
    through_on = models.DateField("计息至")
    from_on = models.DateField("计息起")
    region = models.TextField("参保地")
    fen_bp_days = models.BigIntegerField("计息积数（分·万分之一·天）")
    interest_fen = models.BigIntegerField("利息（分）")
    clause = models.TextField("依据条款")
    policy_digest = models.BinaryField("政策库摘要")
    cause_id = models.BigIntegerField("批次或业务编号")
    entry_id = models.BigIntegerField("流水号", null=True)

    class Meta:
        managed = False
        db_table = "accounts_interest"
        verbose_name = verbose_name_plural = "个人账户计息"


class Run(models.Model):
    """A run over all members (批次): monthly crediting or yearly interest."""

    run_id = models.BigIntegerField("批次号", primary_key=True)
    kind = models.TextField("种类")
    period = models.DateField("所属期")
    region = models.TextField("统筹区")
    policy_digest = models.BinaryField("政策库摘要")
    actor = models.TextField("经办人")
    started_at = models.DateTimeField("开始时间")

    class Meta:
        managed = False
        db_table = "accounts_run"
        verbose_name = verbose_name_plural = "个人账户批次"


class RunStep(models.Model):
    """One committed part of a run (批次进度)."""

    pk = models.CompositePrimaryKey("run_id", "step_no")
    run_id = models.BigIntegerField("批次号")
    step_no = models.IntegerField("步骤")
    through = models.TextField("截至人员编号")
    finished = models.BooleanField("完成")
    tally = models.JSONField("统计")
    actor = models.TextField("经办人")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        managed = False
        db_table = "accounts_run_step"
        verbose_name = verbose_name_plural = "个人账户批次进度"


class Limit(models.Model):
    """What an owner lets the family take (共济限额)."""

    pk = models.CompositePrimaryKey("psn_no", "limit_id")
    psn_no = models.TextField("账户所有人编号")
    limit_id = models.BigIntegerField("限额编号")
    user_no = models.TextField("使用人编号，* 为全部")
    per_settlement_fen = models.BigIntegerField("单笔限额（分）", null=True)
    per_month_fen = models.BigIntegerField("月限额（分）", null=True)
    per_year_fen = models.BigIntegerField("年限额（分）", null=True)
    from_on = models.DateField("起始日期")
    recorded_at = models.DateTimeField("登记时间")
    actor = models.TextField("登记人")

    class Meta:
        managed = False
        db_table = "accounts_limit"
        verbose_name = verbose_name_plural = "共济限额"


class Premium(models.Model):
    """A premium paid from an account (代缴保费)."""

    pk = models.CompositePrimaryKey("psn_no", "premium_id")
    psn_no = models.TextField("账户所有人编号")
    premium_id = models.BigIntegerField("缴费编号")
    product = models.TextField("险种")
    insured = models.TextField("被保险人编号")
    year = models.SmallIntegerField("缴费年度")
    attempt = models.SmallIntegerField("次序")
    payee = models.TextField("收款方")
    amount_fen = models.BigIntegerField("金额（分）")
    relation = models.TextField("与账户所有人的关系")
    region = models.TextField("参保地")
    clause = models.TextField("依据条款")
    policy_digest = models.BinaryField("政策库摘要")
    caller = models.TextField("业务来源")
    caller_no = models.TextField("业务号")
    actor = models.TextField("办理人")
    paid_at = models.DateTimeField("缴费时间")

    class Meta:
        managed = False
        db_table = "accounts_premium"
        verbose_name = verbose_name_plural = "代缴保费"


class PremiumRefund(models.Model):
    """A premium given back (代缴保费退回)."""

    pk = models.CompositePrimaryKey("psn_no", "premium_id")
    psn_no = models.TextField("账户所有人编号")
    premium_id = models.BigIntegerField("缴费编号")
    entry_id = models.BigIntegerField("流水号")
    amount_fen = models.BigIntegerField("金额（分）")
    reason = models.TextField("原因")
    actor = models.TextField("办理人")
    refunded_at = models.DateTimeField("退回时间")

    class Meta:
        managed = False
        db_table = "accounts_premium_refund"
        verbose_name = verbose_name_plural = "代缴保费退回"


class Case(models.Model):
    """An application about an account (个人账户业务): transfer, withdrawal, reopening."""

    pk = models.CompositePrimaryKey("psn_no", "case_id")
    psn_no = models.TextField("人员编号")
    case_id = models.BigIntegerField("业务编号")
    kind = models.TextField("种类")
    region = models.TextField("参保地")
    event_on = models.DateField("发生日期")
    counterpart = models.TextField("对方经办机构")
    reference = models.TextField("对方业务号")
    due_on = models.DateField("办理期限", null=True)
    content = models.JSONField("申请内容")
    sealed = models.BinaryField("收款人（加密）", null=True)
    clause = models.TextField("依据条款")
    policy_digest = models.BinaryField("政策库摘要")
    opened_by = models.TextField("受理人")
    opened_at = models.DateTimeField("受理时间")

    class Meta:
        managed = False
        db_table = "accounts_case"
        verbose_name = verbose_name_plural = "个人账户业务"


class CaseStep(models.Model):
    """One step of a case (办理记录)."""

    pk = models.CompositePrimaryKey("psn_no", "case_id", "step_no")
    psn_no = models.TextField("人员编号")
    case_id = models.BigIntegerField("业务编号")
    step_no = models.SmallIntegerField("步骤")
    action = models.TextField("办理事项")
    state = models.TextField("办理后状态")
    account_state = models.TextField("账户状态")
    content = models.JSONField("办理内容")
    sealed = models.BinaryField("收款人变更（加密）", null=True)
    note = models.TextField("备注")
    actor = models.TextField("办理人")
    at = models.DateTimeField("办理时间")

    class Meta:
        managed = False
        db_table = "accounts_case_step"
        verbose_name = verbose_name_plural = "个人账户办理记录"


class Repayment(models.Model):
    """What a member paid of an over-credit that was owed (归还多计入)."""

    pk = models.CompositePrimaryKey("psn_no", "repayment_id")
    psn_no = models.TextField("人员编号")
    repayment_id = models.BigIntegerField("归还编号")
    means = models.TextField("方式")
    amount_fen = models.BigIntegerField("金额（分）")
    receipt_no = models.TextField("收据号")
    case_id = models.BigIntegerField("业务编号", null=True)
    actor = models.TextField("办理人")
    repaid_at = models.DateTimeField("归还时间")

    class Meta:
        managed = False
        db_table = "accounts_repayment"
        verbose_name = verbose_name_plural = "归还多计入"
