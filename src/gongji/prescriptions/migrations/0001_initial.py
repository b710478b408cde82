"""First tables of the room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Prescription",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "rx_no",
                        "visit_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("rx_no", models.CharField(max_length=30, verbose_name="处方号")),
                ("issuer", models.CharField(max_length=12, verbose_name="开方机构编号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("group_id", models.BigIntegerField(verbose_name="就诊组")),
                ("doctor_code", models.CharField(blank=True, max_length=30, verbose_name="开方医师编码")),
                ("doctor_name", models.CharField(blank=True, max_length=50, verbose_name="开方医师姓名")),
                ("issued_at", models.DateTimeField(verbose_name="开方时间")),
                ("valid_until", models.DateField(verbose_name="流转有效期至")),
                ("items", models.JSONField(verbose_name="处方项目")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "处方",
                "verbose_name_plural": "处方",
                "db_table": "prescriptions_prescription",
            },
        ),
    ]
