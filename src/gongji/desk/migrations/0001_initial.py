"""Tables of the desk, and the classes through which Django knows them."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql("gongji.desk", "010_tables"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.desk", "020_sent"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.desk", "030_reviews"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "institution", "account", "kind", "key",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("institution", models.TextField(verbose_name="定点医药机构编号")),
                ("account", models.BigIntegerField(verbose_name="账号")),
                ("kind", models.TextField(verbose_name="种类")),
                ("key", models.TextField(verbose_name="标识")),
                ("content", models.BinaryField(verbose_name="内容（密封）")),
                ("updated_at", models.DateTimeField(verbose_name="最近改动")),
            ],
            options={
                "verbose_name": "未完成的业务",
                "verbose_name_plural": "未完成的业务",
                "db_table": "desk_draft",
                "managed": False,
            },
        ),
    ]  # fmt: skip
