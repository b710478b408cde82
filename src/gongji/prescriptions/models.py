"""Table of the prescriptions room."""

from django.db import models


class Prescription(models.Model):
    """A prescription (处方) that a visit issued; ``items`` is an array of
    ``prescriptions.values.PrescribedItem``.
    """

    pk = models.CompositePrimaryKey("psn_no", "rx_no", "visit_id")
    psn_no = models.CharField("人员编号", max_length=30)
    rx_no = models.CharField("处方号", max_length=30)
    issuer = models.CharField("开方机构编号", max_length=12)
    visit_id = models.BigIntegerField("就诊ID")
    group_id = models.BigIntegerField("就诊组")
    doctor_code = models.CharField("开方医师编码", max_length=30, blank=True)
    doctor_name = models.CharField("开方医师姓名", max_length=50, blank=True)
    issued_at = models.DateTimeField("开方时间")
    valid_until = models.DateField("流转有效期至")
    items = models.JSONField("处方项目")
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        db_table = "prescriptions_prescription"
        verbose_name = verbose_name_plural = "处方"
