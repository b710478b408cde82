"""The table of policy versions."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False, verbose_name="摘要")),
                ("library", models.BinaryField(verbose_name="规范文本")),
                ("source", models.TextField(verbose_name="来源")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "政策版本",
                "verbose_name_plural": "政策版本",
                "db_table": "lawbook_version",
                "managed": False,
            },
        ),
        migrations.RunSQL(sql("gongji.lawbook", "010_version"), migrations.RunSQL.noop),
    ]
