"""First tables of the room."""

import django.contrib.postgres.fields
from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "visit_id",
                        "diag_type",
                        "sort_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("diag_type", models.CharField(max_length=3, verbose_name="诊断类别")),
                ("sort_no", models.BigIntegerField(verbose_name="诊断排序号")),
                ("code", models.CharField(max_length=30, verbose_name="诊断代码")),
                ("name", models.CharField(max_length=300, verbose_name="诊断名称")),
                ("dept", models.CharField(blank=True, max_length=50, verbose_name="诊断科室")),
                ("doctor_code", models.CharField(blank=True, max_length=30, verbose_name="诊断医生编码")),
                ("doctor_name", models.CharField(blank=True, max_length=50, verbose_name="诊断医生姓名")),
                ("diagnosed_at", models.DateTimeField(verbose_name="诊断时间")),
                ("valid", models.BooleanField(default=True, verbose_name="有效")),
            ],
            options={
                "verbose_name": "诊断",
                "verbose_name_plural": "诊断",
                "db_table": "encounters_diagnosis",
            },
        ),
        migrations.CreateModel(
            name="FeeBatch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "visit_id",
                        "batch_no",
                        "part_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("batch_no", models.CharField(max_length=30, verbose_name="收费批次号")),
                ("part_id", models.BigIntegerField(verbose_name="上传号")),
                ("lines", models.JSONField(verbose_name="费用明细")),
                ("line_count", models.BigIntegerField(verbose_name="条数")),
                ("total_fen", models.BigIntegerField(verbose_name="金额（分）")),
                (
                    "line_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="明细流水号"
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "费用批次",
                "verbose_name_plural": "费用批次",
                "db_table": "encounters_fee_batch",
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "visit_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("caller", models.CharField(max_length=12, verbose_name="定点医药机构编号")),
                ("ipt_otp_no", models.CharField(max_length=30, verbose_name="门诊号")),
                ("insutype", models.CharField(max_length=6, verbose_name="险种类型")),
                ("voucher_type", models.CharField(max_length=3, verbose_name="就诊凭证类型")),
                ("med_type", models.CharField(max_length=6, verbose_name="医疗类别")),
                ("dept_code", models.CharField(blank=True, max_length=30, verbose_name="科室编码")),
                ("dept_name", models.CharField(blank=True, max_length=100, verbose_name="科室名称")),
                ("caty", models.CharField(blank=True, max_length=10, verbose_name="科别")),
                ("doctor_code", models.CharField(blank=True, max_length=30, verbose_name="医师编码")),
                ("doctor_name", models.CharField(blank=True, max_length=50, verbose_name="医师姓名")),
                ("begun_at", models.DateTimeField(verbose_name="开始时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="就诊时间")),
                ("service_on", models.DateField(verbose_name="就诊日期")),
                ("group_id", models.BigIntegerField(verbose_name="就诊组")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "已登记"), ("cancelled", "已撤销")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("condition", models.CharField(blank=True, max_length=1000, verbose_name="主要病情描述")),
                ("disease_code", models.CharField(blank=True, max_length=30, verbose_name="病种编码")),
                ("disease_name", models.CharField(blank=True, max_length=500, verbose_name="病种名称")),
                ("registered_at", models.DateTimeField(verbose_name="登记时间")),
                ("changed_at", models.DateTimeField(verbose_name="变更时间")),
            ],
            options={
                "verbose_name": "就诊",
                "verbose_name_plural": "就诊",
                "db_table": "encounters_visit",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("psn_no", "caller", "ipt_otp_no"),
                        name="encounters_visit_number",
                    )
                ],
                "indexes": [models.Index(fields=["caller", "visit_id"], name="encounters_visit_caller")],
            },
        ),
        migrations.RunSQL(sql("gongji.encounters", "010_functions"), migrations.RunSQL.noop),
    ]
