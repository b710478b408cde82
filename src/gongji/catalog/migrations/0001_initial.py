"""First tables of the room."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "from_on", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=50, verbose_name="医疗目录编码")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drug", "药品"),
                            ("service", "医疗服务项目"),
                            ("consumable", "医用耗材"),
                            ("device", "医疗器械"),
                            ("delivery", "配送费"),
                            ("health_food", "保健食品"),
                            ("fitness", "体育健身"),
                            ("wellness", "养生保健"),
                            ("public_health", "公共卫生"),
                        ],
                        max_length=16,
                        verbose_name="种类",
                    ),
                ),
                ("list_type", models.CharField(max_length=6, verbose_name="目录类别")),
                ("chrgitm_lv", models.CharField(max_length=3, verbose_name="收费项目等级")),
                ("charge_type", models.CharField(max_length=6, verbose_name="医疗收费项目类别")),
                ("spec", models.CharField(blank=True, default="", max_length=200, verbose_name="规格")),
                ("unit", models.CharField(blank=True, default="", max_length=50, verbose_name="计价单位")),
                ("dosform", models.CharField(blank=True, default="", max_length=200, verbose_name="剂型")),
                ("maker", models.CharField(blank=True, default="", max_length=200, verbose_name="生产企业")),
                ("restricted", models.BooleanField(default=False, verbose_name="限制使用")),
                (
                    "restriction",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="限定支付范围"),
                ),
                ("account_allowed", models.BooleanField(default=True, verbose_name="可用个人账户")),
                ("base_drug", models.BooleanField(default=False, verbose_name="基本药物")),
                ("negotiated", models.BooleanField(default=False, verbose_name="谈判药品")),
                ("child_drug", models.BooleanField(default=False, verbose_name="儿童用药")),
                ("prescription_only", models.BooleanField(default=False, verbose_name="处方药")),
                (
                    "dual_channel",
                    models.BooleanField(db_default=False, default=False, verbose_name="双通道管理"),
                ),
                (
                    "centralized",
                    models.BooleanField(db_default=False, default=False, verbose_name="集中带量采购中选"),
                ),
                (
                    "control",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("toxic", "医疗用毒性药品"),
                            ("radioactive", "放射性药品"),
                            ("precursor", "药品类易制毒化学品"),
                            ("narcotic", "麻醉药品"),
                            ("psychotropic1", "第一类精神药品"),
                            ("psychotropic2", "第二类精神药品"),
                        ],
                        db_default="",
                        default="",
                        max_length=16,
                        verbose_name="特殊管理类别",
                    ),
                ),
                (
                    "antimicrobial",
                    models.BooleanField(db_default=False, default=False, verbose_name="抗微生物药"),
                ),
                (
                    "special_storage",
                    models.BooleanField(db_default=False, default=False, verbose_name="有特殊贮存要求"),
                ),
                (
                    "long_excluded",
                    models.BooleanField(db_default=False, default=False, verbose_name="不适用长期处方"),
                ),
                (
                    "circulation_excluded",
                    models.BooleanField(db_default=False, default=False, verbose_name="不得流转"),
                ),
                (
                    "generic_name",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="通用名"
                    ),
                ),
                (
                    "approval_no",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="批准文号"
                    ),
                ),
                ("pack_units", models.IntegerField(db_default=0, default=0, verbose_name="最小包装数量")),
                (
                    "pack_unit",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=30, verbose_name="最小包装单位"
                    ),
                ),
                (
                    "min_unit",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=30, verbose_name="最小制剂单位"
                    ),
                ),
                (
                    "restrictions",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="限定条件",
                    ),
                ),
                ("version", models.BigIntegerField(default=0, editable=False, verbose_name="目录版本")),
            ],
            options={
                "verbose_name": "目录项目",
                "verbose_name_plural": "目录项目",
                "db_table": "catalog_item",
                "indexes": [models.Index(fields=["version"], name="catalog_item_version")],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code",
                        "region",
                        "from_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.CharField(max_length=50, verbose_name="医疗目录编码")),
                ("region", models.CharField(max_length=6, verbose_name="医保区划")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("standard_micro", models.BigIntegerField(verbose_name="支付标准（百万分之一元）")),
                ("version", models.BigIntegerField(default=0, editable=False, verbose_name="目录版本")),
            ],
            options={
                "verbose_name": "支付标准",
                "verbose_name_plural": "支付标准",
                "db_table": "catalog_price",
                "indexes": [models.Index(fields=["version"], name="catalog_price_version")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("region__regex", "^(CN|[0-9]{2})$")), name="catalog_price_area"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standard_micro__gte", 0)), name="catalog_price_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ceiling",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code",
                        "region",
                        "fee_class",
                        "from_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.CharField(max_length=50, verbose_name="医疗目录编码")),
                ("region", models.CharField(max_length=6, verbose_name="医保区划")),
                (
                    "fee_class",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=4, verbose_name="收费类别"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("ceiling_micro", models.BigIntegerField(verbose_name="最高限价（百万分之一元）")),
                (
                    "version",
                    models.BigIntegerField(db_default=0, default=0, editable=False, verbose_name="目录版本"),
                ),
            ],
            options={
                "verbose_name": "最高限价",
                "verbose_name_plural": "最高限价",
                "db_table": "catalog_ceiling",
                "indexes": [models.Index(fields=["version"], name="catalog_ceiling_version")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ceiling_micro__gte", 0)), name="catalog_ceiling_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region__regex", "^(CN|[0-9]{2}|[0-9]{4}|[0-9]{6})$")),
                        name="catalog_ceiling_area",
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql("gongji.catalog", "010_version"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.catalog", "020_batch"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.catalog", "060_mapping"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.catalog", "070_version_time"), migrations.RunSQL.noop),
    ]
