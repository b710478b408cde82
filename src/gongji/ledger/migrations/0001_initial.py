"""The journal, its chart of accounts, and the trigger by which every room's facts refuse change."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(sql("gongji.ledger", "010_journal"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="JournalLeg",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "journal_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("journal_id", models.BigIntegerField(verbose_name="凭证号")),
                ("position", models.IntegerField(verbose_name="行次")),
                ("source", models.TextField(verbose_name="来源")),
                ("posted_on", models.DateField(verbose_name="记账日期")),
                ("posted_at", models.DateTimeField(verbose_name="记账时间")),
                ("account", models.IntegerField(verbose_name="科目")),
                ("account_name", models.TextField(null=True, verbose_name="科目名称")),
                ("party", models.TextField(verbose_name="往来方")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分，借正贷负）")),
            ],
            options={
                "verbose_name": "分录",
                "verbose_name_plural": "分录",
                "db_table": "ledger_v_leg",
                "managed": False,
            },
        ),
    ]
