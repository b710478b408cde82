"""Tables of the providers room: institutions and what holds by date; the register's tables are SQL (``sql/030_register.sql``)."""

from django.db import models

INSTITUTION_KIND = {"hospital": "医院", "clinic": "诊所", "pharmacy": "零售药店", "internet": "互联网医院"}


class Institution(models.Model):
    """Designated hospital, clinic or pharmacy (定点医药机构); ``code`` is H or P and eleven digits."""

    code = models.CharField("定点医药机构编号", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=50)
    kind = models.CharField("类型", max_length=8, choices=INSTITUTION_KIND)
    hosp_lv = models.CharField("医院等级", max_length=6, blank=True, default="")
    region = models.CharField("医保区划", max_length=6)
    address = models.CharField("地址", max_length=200, blank=True, default="")

    class Meta:
        db_table = "providers_institution"
        verbose_name = verbose_name_plural = "定点医药机构"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class State(models.Model):
    """What holds for an institution from one day to another (SX2022-27 第四条; price class: decision A30)."""

    pk = models.CompositePrimaryKey("institution", "state_no")
    institution = models.ForeignKey(Institution, models.PROTECT, db_column="code", verbose_name="机构")
    state_no = models.BigIntegerField("序号")
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)
    designated = models.BooleanField("医保定点协议", default=True)
    pooled_agreement = models.BooleanField("门诊统筹协议", default=True)
    fee_class = models.CharField("收费类别", max_length=4, blank=True, default="")
    level = models.CharField("级别", max_length=8, blank=True, default="")
    direct_settlement = models.BooleanField("可直接结算", default=True)
    suspended = models.BooleanField("协议中止", default=False, db_default=False)
    ended = models.BooleanField("协议终止", default=False, db_default=False)
    host = models.CharField("依托机构", max_length=12, blank=True, default="", db_default="")

    class Meta:
        db_table = "providers_state"
        verbose_name = verbose_name_plural = "机构状态"
