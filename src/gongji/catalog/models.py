"""Tables of the catalogue: what an item is by date, and what the fund recognises for it by area and date."""

from django.db import models

from gongji.catalog.values import CONTROLS, KINDS


class Item(models.Model):
    """A drug, service or consumable of the three catalogues (医保目录), one row for each change of what it
    is.

    ``version`` is written by the database (``sql/010_version.sql``): which change of the catalogue brought
    the row.
    """

    pk = models.CompositePrimaryKey("code", "from_on")
    code = models.CharField("医疗目录编码", max_length=50)
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("种类", max_length=16, choices=KINDS)
    list_type = models.CharField("目录类别", max_length=6)
    chrgitm_lv = models.CharField("收费项目等级", max_length=3)
    charge_type = models.CharField("医疗收费项目类别", max_length=6)
    spec = models.CharField("规格", max_length=200, blank=True, default="")
    unit = models.CharField("计价单位", max_length=50, blank=True, default="")
    dosform = models.CharField("剂型", max_length=200, blank=True, default="")
    maker = models.CharField("生产企业", max_length=200, blank=True, default="")
    restricted = models.BooleanField("限制使用", default=False)
    restriction = models.CharField("限定支付范围", max_length=500, blank=True, default="")
    account_allowed = models.BooleanField("可用个人账户", default=True)
    base_drug = models.BooleanField("基本药物", default=False)
    negotiated = models.BooleanField("谈判药品", default=False)
    child_drug = models.BooleanField("儿童用药", default=False)
    prescription_only = models.BooleanField("处方药", default=False)
    dual_channel = models.BooleanField("双通道管理", default=False, db_default=False)
    centralized = models.BooleanField("集中带量采购中选", default=False, db_default=False)
    control = models.CharField(
        "特殊管理类别", max_length=16, choices=CONTROLS, blank=True, default="", db_default=""
    )
    antimicrobial = models.BooleanField("抗微生物药", default=False, db_default=False)
    special_storage = models.BooleanField("有特殊贮存要求", default=False, db_default=False)
    long_excluded = models.BooleanField("不适用长期处方", default=False, db_default=False)
    circulation_excluded = models.BooleanField("不得流转", default=False, db_default=False)
    generic_name = models.CharField("通用名", max_length=200, blank=True, default="", db_default="")
    approval_no = models.CharField("批准文号", max_length=100, blank=True, default="", db_default="")
    pack_units = models.IntegerField("最小包装数量", default=0, db_default=0)
    pack_unit = models.CharField("最小包装单位", max_length=30, blank=True, default="", db_default="")
    min_unit = models.CharField("最小制剂单位", max_length=30, blank=True, default="", db_default="")
    restrictions = models.JSONField(
        "限定条件", blank=True, default=list, db_default=models.Value([], models.JSONField())
    )
    version = models.BigIntegerField("目录版本", default=0, editable=False)

    class Meta:
        db_table = "catalog_item"
        verbose_name = verbose_name_plural = "目录项目"
        indexes = (models.Index(fields=["version"], name="catalog_item_version"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Price(models.Model):
    """Payment standard (医保支付标准) of an item in an area from a day on; what is above it the member bears
    (art. 21).
    """

    pk = models.CompositePrimaryKey("code", "region", "from_on")
    code = models.CharField("医疗目录编码", max_length=50)
    region = models.CharField("医保区划", max_length=6)
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)
    standard_micro = models.BigIntegerField("支付标准（百万分之一元）")
    version = models.BigIntegerField("目录版本", default=0, editable=False)

    class Meta:
        db_table = "catalog_price"
        verbose_name = verbose_name_plural = "支付标准"
        indexes = (models.Index(fields=["version"], name="catalog_price_version"),)
        constraints = (
            models.CheckConstraint(name="catalog_price_positive", condition=models.Q(standard_micro__gte=0)),
            # one table a province, and no city of its own (SX2022-27 第二十一条)
            models.CheckConstraint(
                name="catalog_price_area", condition=models.Q(region__regex=r"^(CN|[0-9]{2})$")
            ),
        )


class Ceiling(models.Model):
    """Highest price (最高限价) of an item in an area from a day on, for one class of institutions (收费类别) or for all."""

    pk = models.CompositePrimaryKey("code", "region", "fee_class", "from_on")
    code = models.CharField("医疗目录编码", max_length=50)
    region = models.CharField("医保区划", max_length=6)
    fee_class = models.CharField("收费类别", max_length=4, blank=True, default="", db_default="")
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)
    ceiling_micro = models.BigIntegerField("最高限价（百万分之一元）")
    version = models.BigIntegerField("目录版本", default=0, db_default=0, editable=False)

    class Meta:
        db_table = "catalog_ceiling"
        verbose_name = verbose_name_plural = "最高限价"
        indexes = (models.Index(fields=["version"], name="catalog_ceiling_version"),)
        constraints = (
            models.CheckConstraint(name="catalog_ceiling_positive", condition=models.Q(ceiling_micro__gte=0)),
            models.CheckConstraint(
                name="catalog_ceiling_area",
                condition=models.Q(region__regex=r"^(CN|[0-9]{2}|[0-9]{4}|[0-9]{6})$"),
            ),
        )
