"""Reading accounts through Django; only database functions of this room write (``sql/020_post.sql``,
``sql/031_credit_write.sql``, ``sql/032_interest_write.sql``).
"""

from django.db import models

__all__ = ["Balance", "Credit", "Entry", "Interest", "Run", "RunStep"]


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
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        managed = False
        db_table = "accounts_run_step"
        verbose_name = verbose_name_plural = "个人账户批次进度"
