"""Reading prescriptions through Django; facts are written by ``prescriptions.services`` alone (``sql/020_tables.sql``)."""

from django.db import models

__all__ = ["Event", "Prescription", "Upload"]


class Upload(models.Model):
    """A prescription that fee lines named (2204)."""

    pk = models.CompositePrimaryKey("psn_no", "rx_no", "visit_id")
    psn_no = models.TextField("人员编号")
    rx_no = models.TextField("处方号")
    visit_id = models.BigIntegerField("就诊ID")
    issuer = models.TextField("开方机构编号")
    group_id = models.BigIntegerField("就诊组")
    doctor_code = models.TextField("开方医师编码")
    doctor_name = models.TextField("开方医师姓名")
    issued_at = models.DateTimeField("开方时间")
    valid_until = models.DateTimeField("流转有效期至")
    items = models.JSONField("处方项目")
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        managed = False
        db_table = "prescriptions_upload"
        verbose_name = verbose_name_plural = "明细上传的处方"


class Prescription(models.Model):
    """A prescription of the centre with where it stands (view over the sheet and its current row)."""

    pk = models.CompositePrimaryKey("psn_no", "rx_id")
    psn_no = models.TextField("人员编号")
    rx_id = models.BigIntegerField("处方ID")
    rx_no = models.TextField("医保处方编号")
    issuer = models.TextField("开方机构编号")
    hosp_rx_no = models.TextField("机构处方编号")
    visit_id = models.BigIntegerField("就诊ID")
    issued_at = models.DateTimeField("开方时间")
    valid_until = models.DateTimeField("有效截止时间")
    ends_at = models.DateTimeField("最后取药期限")
    long = models.BooleanField("长期处方")
    fills = models.IntegerField("取药次数")
    drugs = models.IntegerField("药品数")
    version = models.IntegerField("版本")
    state = models.TextField("状态")
    holder = models.TextField("接单药店")
    held_until = models.DateTimeField("接单保留至", null=True)
    fill = models.IntegerField("第几次取药")
    due_at = models.DateTimeField("到时处理时间", null=True)
    changed_at = models.DateTimeField("最近变动时间")

    class Meta:
        managed = False
        db_table = "prescriptions_v_prescription"
        verbose_name = verbose_name_plural = "电子处方"


class Event(models.Model):
    """One thing that happened to a prescription (事项)."""

    pk = models.CompositePrimaryKey("psn_no", "rx_id", "event_no")
    psn_no = models.TextField("人员编号")
    rx_id = models.BigIntegerField("处方ID")
    event_no = models.IntegerField("序号")
    verb = models.TextField("事项")
    state = models.TextField("之后的状态")
    at = models.DateTimeField("时间")
    actor = models.TextField("办理人")
    institution = models.TextField("机构")
    reason = models.TextField("原因")
    detail = models.JSONField("内容")

    class Meta:
        managed = False
        db_table = "prescriptions_event"
        verbose_name = verbose_name_plural = "电子处方事项"
