"""Reading claims through Django; facts are written by ``claims.services`` alone (``sql/010_tables.sql``)."""

from django.db import models

__all__ = ["Claim", "Due", "Invoice", "Step"]


class Claim(models.Model):
    """A manual claim with where it stands (view over the application and its steps)."""

    pk = models.CompositePrimaryKey("psn_no", "claim_id")
    psn_no = models.TextField("人员编号")
    claim_id = models.BigIntegerField("报销编号")
    region = models.TextField("参保地医保区划")
    received_on = models.DateField("受理日期")
    received_at = models.DateTimeField("受理时间")
    received_by = models.TextField("受理人")
    institution = models.TextField("就诊机构")
    total_fen = models.BigIntegerField("费用总额（分）")
    due_on = models.DateField("办结期限", null=True)
    step_no = models.SmallIntegerField("步骤")
    action = models.TextField("最近办理")
    state = models.TextField("状态")
    actor = models.TextField("最近办理人")
    changed_at = models.DateTimeField("最近办理时间")
    finished = models.BooleanField("已办结")
    fund_fen = models.BigIntegerField("基金应付（分）")
    paid_fen = models.BigIntegerField("已支付（分）")

    class Meta:
        managed = False
        db_table = "claims_v_claim"
        verbose_name = verbose_name_plural = "零星报销"


class Step(models.Model):
    """One step taken with a claim (办理步骤)."""

    pk = models.CompositePrimaryKey("psn_no", "claim_id", "step_no")
    psn_no = models.TextField("人员编号")
    claim_id = models.BigIntegerField("报销编号")
    step_no = models.SmallIntegerField("步骤")
    action = models.TextField("办理")
    state = models.TextField("办理后的状态")
    actor = models.TextField("办理人")
    at = models.DateTimeField("办理时间")
    fund_fen = models.BigIntegerField("基金应付变动（分）")
    paid_fen = models.BigIntegerField("支付变动（分）")
    content = models.JSONField("内容")

    class Meta:
        managed = False
        db_table = "claims_step"
        verbose_name = verbose_name_plural = "零星报销办理步骤"


class Due(models.Model):
    """The last day of a claim's term (办结期限)."""

    pk = models.CompositePrimaryKey("psn_no", "claim_id")
    psn_no = models.TextField("人员编号")
    claim_id = models.BigIntegerField("报销编号")
    due_on = models.DateField("办结期限")
    set_at = models.DateTimeField("确定时间")

    class Meta:
        managed = False
        db_table = "claims_due"
        verbose_name = verbose_name_plural = "零星报销办结期限"


class Invoice(models.Model):
    """Which claim holds an invoice now (票据占用)."""

    pk = models.CompositePrimaryKey("institution", "invoice_no")
    institution = models.TextField("就诊机构")
    invoice_no = models.TextField("票据号码")
    holder = models.TextField("人员编号")
    claim_id = models.BigIntegerField("报销编号")

    class Meta:
        managed = False
        db_table = "claims_invoice"
        verbose_name = verbose_name_plural = "零星报销票据"
