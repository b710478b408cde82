"""Tables of the prescriptions room, and what Django reads of them."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


def key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql("gongji.prescriptions", name), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        run("010_upload"),
        run("020_tables"),
        run("030_advance"),
        run("040_views"),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("pk", key("psn_no", "rx_no", "visit_id")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("rx_no", models.TextField(verbose_name="处方号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("issuer", models.TextField(verbose_name="开方机构编号")),
                ("group_id", models.BigIntegerField(verbose_name="就诊组")),
                ("doctor_code", models.TextField(verbose_name="开方医师编码")),
                ("doctor_name", models.TextField(verbose_name="开方医师姓名")),
                ("issued_at", models.DateTimeField(verbose_name="开方时间")),
                ("valid_until", models.DateTimeField(verbose_name="流转有效期至")),
                ("items", models.JSONField(verbose_name="处方项目")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "明细上传的处方",
                "verbose_name_plural": "明细上传的处方",
                "db_table": "prescriptions_upload",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Prescription",
            fields=[
                ("pk", key("psn_no", "rx_id")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("rx_id", models.BigIntegerField(verbose_name="处方ID")),
                ("rx_no", models.TextField(verbose_name="医保处方编号")),
                ("issuer", models.TextField(verbose_name="开方机构编号")),
                ("hosp_rx_no", models.TextField(verbose_name="机构处方编号")),
                ("visit_id", models.BigIntegerField(verbose_name="就诊ID")),
                ("issued_at", models.DateTimeField(verbose_name="开方时间")),
                ("valid_until", models.DateTimeField(verbose_name="有效截止时间")),
                ("ends_at", models.DateTimeField(verbose_name="最后取药期限")),
                ("long", models.BooleanField(verbose_name="长期处方")),
                ("fills", models.IntegerField(verbose_name="取药次数")),
                ("drugs", models.IntegerField(verbose_name="药品数")),
                ("version", models.IntegerField(verbose_name="版本")),
                ("state", models.TextField(verbose_name="状态")),
                ("holder", models.TextField(verbose_name="接单药店")),
                ("held_until", models.DateTimeField(null=True, verbose_name="接单保留至")),
                ("fill", models.IntegerField(verbose_name="第几次取药")),
                ("due_at", models.DateTimeField(null=True, verbose_name="到时处理时间")),
                ("changed_at", models.DateTimeField(verbose_name="最近变动时间")),
            ],
            options={
                "verbose_name": "电子处方",
                "verbose_name_plural": "电子处方",
                "db_table": "prescriptions_v_prescription",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("pk", key("psn_no", "rx_id", "event_no")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("rx_id", models.BigIntegerField(verbose_name="处方ID")),
                ("event_no", models.IntegerField(verbose_name="序号")),
                ("verb", models.TextField(verbose_name="事项")),
                ("state", models.TextField(verbose_name="之后的状态")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("institution", models.TextField(verbose_name="机构")),
                ("reason", models.TextField(verbose_name="原因")),
                ("detail", models.JSONField(verbose_name="内容")),
            ],
            options={
                "verbose_name": "电子处方事项",
                "verbose_name_plural": "电子处方事项",
                "db_table": "prescriptions_event",
                "managed": False,
            },
        ),
    ]
