"""First tables of the room."""

import django.db.models.deletion
from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Institution",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=12, primary_key=True, serialize=False, verbose_name="定点医药机构编号"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("uscc", models.CharField(max_length=50, verbose_name="统一社会信用代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hospital", "医院"),
                            ("clinic", "诊所"),
                            ("pharmacy", "零售药店"),
                            ("internet", "互联网医院"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("hosp_lv", models.CharField(blank=True, default="", max_length=6, verbose_name="医院等级")),
                ("region", models.CharField(max_length=6, verbose_name="医保区划")),
                ("address", models.CharField(blank=True, default="", max_length=200, verbose_name="地址")),
            ],
            options={
                "verbose_name": "定点医药机构",
                "verbose_name_plural": "定点医药机构",
                "db_table": "providers_institution",
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "institution",
                        "state_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("state_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("designated", models.BooleanField(default=True, verbose_name="医保定点协议")),
                ("pooled_agreement", models.BooleanField(default=True, verbose_name="门诊统筹协议")),
                (
                    "fee_class",
                    models.CharField(blank=True, default="", max_length=4, verbose_name="收费类别"),
                ),
                ("level", models.CharField(blank=True, default="", max_length=8, verbose_name="级别")),
                ("direct_settlement", models.BooleanField(default=True, verbose_name="可直接结算")),
                ("suspended", models.BooleanField(db_default=False, default=False, verbose_name="协议中止")),
                ("ended", models.BooleanField(db_default=False, default=False, verbose_name="协议终止")),
                (
                    "host",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=12, verbose_name="依托机构"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        db_column="code",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="providers.institution",
                        verbose_name="机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构状态",
                "verbose_name_plural": "机构状态",
                "db_table": "providers_state",
            },
        ),
        migrations.RunSQL(sql("gongji.providers", "010_version"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.providers", "020_dossier"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.providers", "030_register"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.providers", "040_change"), migrations.RunSQL.noop),
    ]
