"""Sign-ins and answered messages."""

import django.db.models.functions.datetime
from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("prescriptions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "sign_no",
                    models.CharField(
                        max_length=30, primary_key=True, serialize=False, verbose_name="签到编号"
                    ),
                ),
                ("fixmedins_code", models.CharField(max_length=30, verbose_name="定点医药机构编号")),
                ("opter_no", models.CharField(max_length=50, verbose_name="操作员编号")),
                ("signed_in_at", models.DateTimeField(verbose_name="签到时间")),
                ("signed_out_at", models.DateTimeField(null=True, verbose_name="签退时间")),
            ],
            options={
                "verbose_name": "签到",
                "db_table": "gateway_signin",
                "indexes": [
                    models.Index(fields=["fixmedins_code", "signed_in_at"], name="gateway_signin_by_caller")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fixmedins_code",
                        "infno",
                        "msgid",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("fixmedins_code", models.CharField(max_length=30, verbose_name="定点医药机构编号")),
                ("infno", models.CharField(max_length=10, verbose_name="交易编号")),
                ("msgid", models.CharField(max_length=30, verbose_name="发送方报文ID")),
                ("request_hash", models.BinaryField(verbose_name="内容摘要")),
                ("output", models.BinaryField(null=True, verbose_name="输出")),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="接收时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "已答复报文",
                "db_table": "gateway_message",
                "indexes": [models.Index(fields=["received_at"], name="gateway_message_by_time")],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "file_no",
                    models.CharField(
                        max_length=30, primary_key=True, serialize=False, verbose_name="文件查询号"
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=30, verbose_name="定点医药机构编号")),
                (
                    "list_key",
                    models.CharField(max_length=100, null=True, unique=True, verbose_name="目录文件"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("row_count", models.IntegerField(verbose_name="数据量")),
                ("size", models.IntegerField(verbose_name="字节数")),
                ("content", models.BinaryField(verbose_name="内容")),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
                ("expires_at", models.DateTimeField(verbose_name="截止时间")),
            ],
            options={
                "verbose_name": "文件",
                "db_table": "gateway_file",
                "indexes": [
                    models.Index(fields=["owner", "expires_at"], name="gateway_file_by_owner"),
                    models.Index(fields=["expires_at"], name="gateway_file_by_expiry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "rx_id",
                        "event_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("rx_id", models.BigIntegerField(verbose_name="处方ID")),
                ("event_no", models.IntegerField(verbose_name="处方事项序号")),
                ("infno", models.CharField(max_length=10, verbose_name="交易编号")),
                ("institution", models.CharField(max_length=30, verbose_name="定点医药机构编号")),
                ("event_at", models.DateTimeField(verbose_name="事项时间")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("due_at", models.DateTimeField(null=True, verbose_name="下次发送时间")),
                ("tries", models.IntegerField(verbose_name="已发送次数")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                ("given_up_at", models.DateTimeField(null=True, verbose_name="停发时间")),
                ("remark", models.CharField(max_length=200, verbose_name="未送达原因")),
            ],
            options={
                "verbose_name": "处方通知",
                "db_table": "gateway_notice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="gateway_notice_due",
                    ),
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["event_at"],
                        name="gateway_notice_unsent",
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql("gongji.gateway", "020_notice"), migrations.RunSQL.noop),
    ]
