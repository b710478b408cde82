"""Tables of the claims room, and the views through which Django reads them."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


def key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial"), ("settlement", "0001_initial")]

    operations = [
        migrations.RunSQL(sql("gongji.claims", "010_tables"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.claims", "020_views"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.claims", "030_files"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("pk", key("psn_no", "claim_id")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("claim_id", models.BigIntegerField(verbose_name="报销编号")),
                ("region", models.TextField(verbose_name="参保地医保区划")),
                ("received_on", models.DateField(verbose_name="受理日期")),
                ("received_at", models.DateTimeField(verbose_name="受理时间")),
                ("received_by", models.TextField(verbose_name="受理人")),
                ("institution", models.TextField(verbose_name="就诊机构")),
                ("total_fen", models.BigIntegerField(verbose_name="费用总额（分）")),
                ("due_on", models.DateField(null=True, verbose_name="办结期限")),
                ("step_no", models.SmallIntegerField(verbose_name="步骤")),
                ("action", models.TextField(verbose_name="最近办理")),
                ("state", models.TextField(verbose_name="状态")),
                ("actor", models.TextField(verbose_name="最近办理人")),
                ("changed_at", models.DateTimeField(verbose_name="最近办理时间")),
                ("finished", models.BooleanField(verbose_name="已办结")),
                ("fund_fen", models.BigIntegerField(verbose_name="基金应付（分）")),
                ("paid_fen", models.BigIntegerField(verbose_name="已支付（分）")),
            ],
            options={
                "verbose_name": "零星报销",
                "verbose_name_plural": "零星报销",
                "db_table": "claims_v_claim",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("pk", key("psn_no", "claim_id", "step_no")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("claim_id", models.BigIntegerField(verbose_name="报销编号")),
                ("step_no", models.SmallIntegerField(verbose_name="步骤")),
                ("action", models.TextField(verbose_name="办理")),
                ("state", models.TextField(verbose_name="办理后的状态")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("at", models.DateTimeField(verbose_name="办理时间")),
                ("fund_fen", models.BigIntegerField(verbose_name="基金应付变动（分）")),
                ("paid_fen", models.BigIntegerField(verbose_name="支付变动（分）")),
                ("content", models.JSONField(verbose_name="内容")),
            ],
            options={
                "verbose_name": "零星报销办理步骤",
                "verbose_name_plural": "零星报销办理步骤",
                "db_table": "claims_step",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("pk", key("psn_no", "claim_id")),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("claim_id", models.BigIntegerField(verbose_name="报销编号")),
                ("due_on", models.DateField(verbose_name="办结期限")),
                ("set_at", models.DateTimeField(verbose_name="确定时间")),
            ],
            options={
                "verbose_name": "零星报销办结期限",
                "verbose_name_plural": "零星报销办结期限",
                "db_table": "claims_due",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("pk", key("institution", "invoice_no")),
                ("institution", models.TextField(verbose_name="就诊机构")),
                ("invoice_no", models.TextField(verbose_name="票据号码")),
                ("holder", models.TextField(verbose_name="人员编号")),
                ("claim_id", models.BigIntegerField(verbose_name="报销编号")),
            ],
            options={
                "verbose_name": "零星报销票据",
                "verbose_name_plural": "零星报销票据",
                "db_table": "claims_invoice",
                "managed": False,
            },
        ),
    ]
