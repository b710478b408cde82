"""Tables of the encounters room. They are written by the database functions in ``sql/``, one transaction a
trade.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

VISIT_STATE = {"open": "已登记", "cancelled": "已撤销"}


class Visit(models.Model):
    """One visit (就诊, mdtrt_id): unit of the deductible together with its group (decisions A09, A10)."""

    pk = models.CompositePrimaryKey("psn_no", "visit_id")
    psn_no = models.CharField("人员编号", max_length=30)
    visit_id = models.BigIntegerField("就诊ID")
    caller = models.CharField("定点医药机构编号", max_length=12)
    ipt_otp_no = models.CharField("门诊号", max_length=30)
    insutype = models.CharField("险种类型", max_length=6)
    voucher_type = models.CharField("就诊凭证类型", max_length=3)
    med_type = models.CharField("医疗类别", max_length=6)
    dept_code = models.CharField("科室编码", max_length=30, blank=True)
    dept_name = models.CharField("科室名称", max_length=100, blank=True)
    caty = models.CharField("科别", max_length=10, blank=True)
    doctor_code = models.CharField("医师编码", max_length=30, blank=True)
    doctor_name = models.CharField("医师姓名", max_length=50, blank=True)
    begun_at = models.DateTimeField("开始时间")
    seen_at = models.DateTimeField("就诊时间", null=True)
    service_on = models.DateField("就诊日期")
    group_id = models.BigIntegerField("就诊组")
    state = models.CharField("状态", max_length=10, choices=VISIT_STATE, default="open")
    condition = models.CharField("主要病情描述", max_length=1000, blank=True)
    disease_code = models.CharField("病种编码", max_length=30, blank=True)
    disease_name = models.CharField("病种名称", max_length=500, blank=True)
    registered_at = models.DateTimeField("登记时间")
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        db_table = "encounters_visit"
        verbose_name = verbose_name_plural = "就诊"
        constraints = (
            models.UniqueConstraint(
                fields=["psn_no", "caller", "ipt_otp_no"],
                condition=~models.Q(state="cancelled"),
                name="encounters_visit_number",
            ),
        )
        indexes = (models.Index(fields=["caller", "visit_id"], name="encounters_visit_caller"),)


class Diagnosis(models.Model):
    """One diagnosis of a visit (诊断); voided ones stay."""

    pk = models.CompositePrimaryKey("psn_no", "visit_id", "diag_type", "sort_no")
    psn_no = models.CharField("人员编号", max_length=30)
    visit_id = models.BigIntegerField("就诊ID")
    diag_type = models.CharField("诊断类别", max_length=3)
    sort_no = models.BigIntegerField("诊断排序号")
    code = models.CharField("诊断代码", max_length=30)
    name = models.CharField("诊断名称", max_length=300)
    dept = models.CharField("诊断科室", max_length=50, blank=True)
    doctor_code = models.CharField("诊断医生编码", max_length=30, blank=True)
    doctor_name = models.CharField("诊断医生姓名", max_length=50, blank=True)
    diagnosed_at = models.DateTimeField("诊断时间")
    valid = models.BooleanField("有效", default=True)

    class Meta:
        db_table = "encounters_diagnosis"
        verbose_name = verbose_name_plural = "诊断"


class FeeBatch(models.Model):
    """One upload of fee lines (费用明细) to one batch; ``lines`` is an array of
    ``encounters.values.FeeLine``.
    """

    pk = models.CompositePrimaryKey("psn_no", "visit_id", "batch_no", "part_id")
    psn_no = models.CharField("人员编号", max_length=30)
    visit_id = models.BigIntegerField("就诊ID")
    batch_no = models.CharField("收费批次号", max_length=30)
    part_id = models.BigIntegerField("上传号")
    lines = models.JSONField("费用明细")
    line_count = models.BigIntegerField("条数")
    total_fen = models.BigIntegerField("金额（分）")
    line_keys = ArrayField(models.CharField(max_length=30), verbose_name="明细流水号")
    uploaded_at = models.DateTimeField("上传时间")
    cancelled_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        db_table = "encounters_fee_batch"
        verbose_name = verbose_name_plural = "费用批次"
