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
                ("state", models.TextField(verbose_name="状态")),
                ("receivable_fen", models.BigIntegerField(verbose_name="应追回（分）")),
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
                ("version", models.BigIntegerField(verbose_name="账户版本")),
                ("kind", models.TextField(verbose_name="种类")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("balance_after_fen", models.BigIntegerField(verbose_name="余额（分）")),
                ("settlement_id", models.BigIntegerField(null=True, verbose_name="结算ID")),
                ("reference", models.BigIntegerField(null=True, verbose_name="业务编号")),
                ("period", models.DateField(null=True, verbose_name="所属期")),
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
        migrations.CreateModel(
            name="Credit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "month",
                        "sequence",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("month", models.DateField(verbose_name="所属月份")),
                ("sequence", models.SmallIntegerField(verbose_name="次序")),
                ("rule", models.TextField(verbose_name="计入规则")),
                ("reason", models.TextField(verbose_name="不计入原因")),
                ("base_fen", models.BigIntegerField(verbose_name="缴费基数（分）")),
                ("rate_bp", models.IntegerField(verbose_name="计入比例（万分之一）")),
                ("target_fen", models.BigIntegerField(verbose_name="应计入（分）")),
                ("delta_fen", models.BigIntegerField(verbose_name="本次差额（分）")),
                ("receivable_fen", models.BigIntegerField(verbose_name="应追回变动（分）")),
                ("region", models.TextField(verbose_name="参保地")),
                ("clause", models.TextField(verbose_name="依据条款")),
                ("policy_digest", models.BinaryField(verbose_name="政策库摘要")),
                ("cause_id", models.BigIntegerField(verbose_name="批次或业务编号")),
                ("entry_id", models.BigIntegerField(verbose_name="流水号")),
                ("recovery_id", models.BigIntegerField(null=True, verbose_name="追回流水号")),
            ],
            options={
                "verbose_name": "个人账户划入",
                "verbose_name_plural": "个人账户划入",
                "db_table": "accounts_credit",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "through_on", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("through_on", models.DateField(verbose_name="计息至")),
                ("from_on", models.DateField(verbose_name="计息起")),
                ("region", models.TextField(verbose_name="参保地")),
                ("fen_bp_days", models.BigIntegerField(verbose_name="计息积数（分·万分之一·天）")),
                ("interest_fen", models.BigIntegerField(verbose_name="利息（分）")),
                ("clause", models.TextField(verbose_name="依据条款")),
                ("policy_digest", models.BinaryField(verbose_name="政策库摘要")),
                ("cause_id", models.BigIntegerField(verbose_name="批次或业务编号")),
                ("entry_id", models.BigIntegerField(null=True, verbose_name="流水号")),
            ],
            options={
                "verbose_name": "个人账户计息",
                "verbose_name_plural": "个人账户计息",
                "db_table": "accounts_interest",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("run_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="批次号")),
                ("kind", models.TextField(verbose_name="种类")),
                ("period", models.DateField(verbose_name="所属期")),
                ("region", models.TextField(verbose_name="统筹区")),
                ("policy_digest", models.BinaryField(verbose_name="政策库摘要")),
                ("actor", models.TextField(verbose_name="经办人")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
            ],
            options={
                "verbose_name": "个人账户批次",
                "verbose_name_plural": "个人账户批次",
                "db_table": "accounts_run",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="RunStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "step_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run_id", models.BigIntegerField(verbose_name="批次号")),
                ("step_no", models.IntegerField(verbose_name="步骤")),
                ("through", models.TextField(verbose_name="截至人员编号")),
                ("finished", models.BooleanField(verbose_name="完成")),
                ("tally", models.JSONField(verbose_name="统计")),
                ("actor", models.TextField(verbose_name="经办人")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
            ],
            options={
                "verbose_name": "个人账户批次进度",
                "verbose_name_plural": "个人账户批次进度",
                "db_table": "accounts_run_step",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("case_id", models.BigIntegerField(verbose_name="业务编号")),
                ("kind", models.TextField(verbose_name="种类")),
                ("region", models.TextField(verbose_name="参保地")),
                ("event_on", models.DateField(verbose_name="发生日期")),
                ("counterpart", models.TextField(verbose_name="对方经办机构")),
                ("reference", models.TextField(verbose_name="对方业务号")),
                ("due_on", models.DateField(null=True, verbose_name="办理期限")),
                ("content", models.JSONField(verbose_name="申请内容")),
                ("sealed", models.BinaryField(null=True, verbose_name="收款人（加密）")),
                ("clause", models.TextField(verbose_name="依据条款")),
                ("policy_digest", models.BinaryField(verbose_name="政策库摘要")),
                ("opened_by", models.TextField(verbose_name="受理人")),
                ("opened_at", models.DateTimeField(verbose_name="受理时间")),
            ],
            options={
                "verbose_name": "个人账户业务",
                "verbose_name_plural": "个人账户业务",
                "db_table": "accounts_case",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "case_id",
                        "step_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("case_id", models.BigIntegerField(verbose_name="业务编号")),
                ("step_no", models.SmallIntegerField(verbose_name="步骤")),
                ("action", models.TextField(verbose_name="办理事项")),
                ("state", models.TextField(verbose_name="办理后状态")),
                ("account_state", models.TextField(verbose_name="账户状态")),
                ("content", models.JSONField(verbose_name="办理内容")),
                ("sealed", models.BinaryField(null=True, verbose_name="收款人变更（加密）")),
                ("note", models.TextField(verbose_name="备注")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("at", models.DateTimeField(verbose_name="办理时间")),
            ],
            options={
                "verbose_name": "个人账户办理记录",
                "verbose_name_plural": "个人账户办理记录",
                "db_table": "accounts_case_step",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "limit_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="账户所有人编号")),
                ("limit_id", models.BigIntegerField(verbose_name="限额编号")),
                ("user_no", models.TextField(verbose_name="使用人编号，* 为全部")),
                ("per_settlement_fen", models.BigIntegerField(null=True, verbose_name="单笔限额（分）")),
                ("per_month_fen", models.BigIntegerField(null=True, verbose_name="月限额（分）")),
                ("per_year_fen", models.BigIntegerField(null=True, verbose_name="年限额（分）")),
                ("from_on", models.DateField(verbose_name="起始日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("actor", models.TextField(verbose_name="登记人")),
            ],
            options={
                "verbose_name": "共济限额",
                "verbose_name_plural": "共济限额",
                "db_table": "accounts_limit",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Premium",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "premium_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="账户所有人编号")),
                ("premium_id", models.BigIntegerField(verbose_name="缴费编号")),
                ("product", models.TextField(verbose_name="险种")),
                ("insured", models.TextField(verbose_name="被保险人编号")),
                ("year", models.SmallIntegerField(verbose_name="缴费年度")),
                ("attempt", models.SmallIntegerField(verbose_name="次序")),
                ("payee", models.TextField(verbose_name="收款方")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("relation", models.TextField(verbose_name="与账户所有人的关系")),
                ("region", models.TextField(verbose_name="参保地")),
                ("clause", models.TextField(verbose_name="依据条款")),
                ("policy_digest", models.BinaryField(verbose_name="政策库摘要")),
                ("caller", models.TextField(verbose_name="业务来源")),
                ("caller_no", models.TextField(verbose_name="业务号")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("paid_at", models.DateTimeField(verbose_name="缴费时间")),
            ],
            options={
                "verbose_name": "代缴保费",
                "verbose_name_plural": "代缴保费",
                "db_table": "accounts_premium",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PremiumRefund",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "premium_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="账户所有人编号")),
                ("premium_id", models.BigIntegerField(verbose_name="缴费编号")),
                ("entry_id", models.BigIntegerField(verbose_name="流水号")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("reason", models.TextField(verbose_name="原因")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("refunded_at", models.DateTimeField(verbose_name="退回时间")),
            ],
            options={
                "verbose_name": "代缴保费退回",
                "verbose_name_plural": "代缴保费退回",
                "db_table": "accounts_premium_refund",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Repayment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "repayment_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.TextField(verbose_name="人员编号")),
                ("repayment_id", models.BigIntegerField(verbose_name="归还编号")),
                ("means", models.TextField(verbose_name="方式")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                ("receipt_no", models.TextField(verbose_name="收据号")),
                ("case_id", models.BigIntegerField(null=True, verbose_name="业务编号")),
                ("actor", models.TextField(verbose_name="办理人")),
                ("repaid_at", models.DateTimeField(verbose_name="归还时间")),
            ],
            options={
                "verbose_name": "归还多计入",
                "verbose_name_plural": "归还多计入",
                "db_table": "accounts_repayment",
                "managed": False,
            },
        ),
        migrations.RunSQL(sql("gongji.accounts", "010_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "020_post"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "030_credit"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "031_credit_write"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "032_interest_write"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "040_limit"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "050_premium"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "060_case"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.accounts", "070_repayment"), migrations.RunSQL.noop),
    ]
