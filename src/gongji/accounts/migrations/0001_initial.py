"""First tables of the room."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("psn_no", models.TextField(primary_key=True, serialize=False, verbose_name="人员编号")),
                ("balance_fen", models.BigIntegerField(verbose_name="余额（分）")),
                ("version", models.BigIntegerField(verbose_name="版本")),
            ],
            options={
                "verbose_name": "个人账户余额",
                "verbose_name_plural": "个人账户余额",
                "db_table": "accounts_balance",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "entry_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("entry_id", models.BigIntegerField(verbose_name="流水号")),
                ("kind", models.TextField(verbose_name="种类")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("balance_after_fen", models.BigIntegerField(verbose_name="余额（分）")),
                ("settlement_id", models.BigIntegerField(null=True, verbose_name="结算ID")),
                ("counterpart", models.TextField(null=True, verbose_name="共济使用人")),
                ("occurred_at", models.DateTimeField(verbose_name="发生时间")),
            ],
            options={
                "verbose_name": "个人账户流水",
                "verbose_name_plural": "个人账户流水",
                "db_table": "accounts_entry",
                "managed": False,
            },
        ),
        migrations.RunSQL(sql("gongji.accounts", "010_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "020_post"), migrations.RunSQL.noop),
    ]
