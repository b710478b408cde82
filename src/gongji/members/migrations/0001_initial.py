"""First tables of the room: spells, their history, contributions, applications, accesses."""

from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Chronic",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("disease_code", models.CharField(max_length=30, verbose_name="病种编码")),
                ("disease_name", models.CharField(max_length=300, verbose_name="病种名称")),
                (
                    "treatment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("chemo_radiotherapy", "恶性肿瘤放化疗"),
                            ("dialysis", "肾功能不全透析"),
                            ("anti_rejection", "器官移植抗排异"),
                            ("leukaemia_chemo", "白血病化疗"),
                        ],
                        db_default="",
                        default="",
                        max_length=24,
                        verbose_name="参照住院的治疗",
                    ),
                ),
                ("ratio_bp", models.IntegerField(blank=True, null=True, verbose_name="支付比例（万分比）")),
                (
                    "quota_month_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="月限额（分）"),
                ),
                (
                    "quota_quarter_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="季度限额（分）"),
                ),
                ("quota_fen", models.BigIntegerField(blank=True, null=True, verbose_name="年度限额（分）")),
            ],
            options={
                "verbose_name": "门诊慢特病待遇",
                "verbose_name_plural": "门诊慢特病待遇",
                "db_table": "members_chronic",
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LONG_TERM_IN_PROVINCE", "省内长期异地"),
                            ("LONG_TERM_OUT_OF_PROVINCE", "跨省长期异地"),
                            ("TEMPORARY", "临时外出就医"),
                        ],
                        max_length=32,
                        verbose_name="备案类型",
                    ),
                ),
                (
                    "subtype",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("resettled_retiree", "异地安置退休人员"),
                            ("long_term_resident", "异地长期居住人员"),
                            ("stationed_worker", "常驻异地工作人员"),
                            ("referral", "异地转诊人员"),
                            ("emergency", "异地急诊抢救人员"),
                            ("other_temporary", "其他临时外出就医人员"),
                        ],
                        db_default="",
                        default="",
                        max_length=24,
                        verbose_name="人员类型",
                    ),
                ),
                ("region", models.CharField(max_length=6, verbose_name="就医地医保区划")),
                ("filed_on", models.DateField(blank=True, null=True, verbose_name="备案日期")),
                ("declaration_id", models.BigIntegerField(blank=True, null=True, verbose_name="申请编号")),
            ],
            options={
                "verbose_name": "异地就医备案",
                "verbose_name_plural": "异地就医备案",
                "db_table": "members_filing",
            },
        ),
        migrations.CreateModel(
            name="Fixed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("biz_type", models.CharField(max_length=3, verbose_name="业务申请类型")),
                ("sort_no", models.IntegerField(verbose_name="定点排序号")),
                ("institution", models.CharField(max_length=30, verbose_name="定点医药机构编号")),
                ("institution_name", models.CharField(max_length=200, verbose_name="定点医药机构名称")),
                ("declaration_id", models.BigIntegerField(blank=True, null=True, verbose_name="申请编号")),
            ],
            options={
                "verbose_name": "人员定点",
                "verbose_name_plural": "人员定点",
                "db_table": "members_fixed",
            },
        ),
        migrations.CreateModel(
            name="Nonbenefit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("arrears", "欠费"), ("waiting", "等待期")],
                        max_length=8,
                        verbose_name="原因",
                    ),
                ),
            ],
            options={
                "verbose_name": "不享受待遇期间",
                "verbose_name_plural": "不享受待遇期间",
                "db_table": "members_nonbenefit",
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no",
                        "kind",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("card", "社会保障卡"), ("voucher", "医保电子凭证")],
                        max_length=8,
                        verbose_name="凭证种类",
                    ),
                ),
                ("number", models.CharField(max_length=64, verbose_name="卡号或令牌")),
                ("card_sn", models.CharField(blank=True, default="", max_length=32, verbose_name="卡识别码")),
                ("from_on", models.DateField(verbose_name="启用日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("blocked_from", models.DateField(blank=True, null=True, verbose_name="挂失或冻结日期")),
                ("blocked_until", models.DateField(blank=True, null=True, verbose_name="解挂日期")),
                (
                    "block_reason",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=8, verbose_name="挂失或冻结原因"
                    ),
                ),
                (
                    "earlier_blocks",
                    models.JSONField(blank=True, null=True, verbose_name="此前的挂失或冻结"),
                ),
            ],
            options={
                "verbose_name": "就诊凭证",
                "verbose_name_plural": "就诊凭证",
                "db_table": "members_credential",
                "indexes": [models.Index(fields=["kind", "number"], name="members_credential_number")],
            },
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("owner", models.CharField(max_length=30, verbose_name="账户所有人编号")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("spouse", "配偶"),
                            ("parent", "父母"),
                            ("child", "子女"),
                            ("sibling", "兄弟姐妹"),
                            ("grandparent", "祖父母、外祖父母"),
                            ("grandchild", "孙子女、外孙子女"),
                        ],
                        max_length=12,
                        verbose_name="使用人是所有人的",
                    ),
                ),
                ("declaration_id", models.BigIntegerField(blank=True, null=True, verbose_name="申请编号")),
            ],
            options={
                "verbose_name": "家庭共济绑定",
                "verbose_name_plural": "家庭共济绑定",
                "db_table": "members_family",
                "indexes": [models.Index(fields=["owner"], name="members_family_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("psn_no")), _negated=True),
                        name="members_family_other",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "psn_no",
                    models.CharField(
                        max_length=30, primary_key=True, serialize=False, verbose_name="人员编号"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("cert_type", models.CharField(default="01", max_length=6, verbose_name="证件类型")),
                ("cert_sealed", models.BinaryField(verbose_name="证件号码（加密）")),
                ("cert_index", models.BinaryField(verbose_name="证件号码索引")),
                ("phone_sealed", models.BinaryField(blank=True, null=True, verbose_name="电话（加密）")),
                ("phone_index", models.BinaryField(blank=True, null=True, verbose_name="电话索引")),
                ("gender", models.CharField(max_length=6, verbose_name="性别")),
                ("ethnicity", models.CharField(blank=True, default="", max_length=3, verbose_name="民族")),
                ("born_on", models.DateField(verbose_name="出生日期")),
                ("died_on", models.DateField(blank=True, null=True, verbose_name="死亡日期")),
            ],
            options={
                "verbose_name": "参保人",
                "verbose_name_plural": "参保人",
                "db_table": "members_person",
                "indexes": [
                    models.Index(fields=["cert_index"], name="members_person_cert"),
                    models.Index(fields=["phone_index"], name="members_person_phone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "psn_no", "spell_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("psn_no", models.CharField(max_length=30, verbose_name="人员编号")),
                ("spell_no", models.BigIntegerField(verbose_name="序号")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("insutype", models.CharField(default="310", max_length=6, verbose_name="险种类型")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "在职"), ("retired", "退休")],
                        max_length=8,
                        verbose_name="待遇身份",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("employee", "单位职工"),
                            ("retired", "退休人员"),
                            ("flexible", "灵活就业人员"),
                            ("bankrupt_retiree", "关闭破产企业退休人员"),
                            ("hardship_retiree", "困难企业退休人员"),
                        ],
                        db_default="employee",
                        default="employee",
                        max_length=16,
                        verbose_name="参保身份",
                    ),
                ),
                ("psn_type", models.CharField(max_length=6, verbose_name="人员类别")),
                ("region", models.CharField(max_length=6, verbose_name="参保地医保区划")),
                (
                    "employer",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="单位名称"),
                ),
                (
                    "payer",
                    models.CharField(
                        choices=[
                            ("employer", "单位"),
                            ("self", "个人"),
                            ("finance", "财政"),
                            ("none", "不缴费"),
                        ],
                        db_default="employer",
                        default="employer",
                        max_length=8,
                        verbose_name="缴费来源",
                    ),
                ),
                ("civil_servant", models.BooleanField(default=False, verbose_name="公务员")),
                ("has_account", models.BooleanField(default=True, verbose_name="建有个人账户")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("changed", "变更"),
                            ("suspended", "暂停参保"),
                            ("transfer_out", "转出"),
                            ("leaving", "终止参保"),
                            ("death", "死亡"),
                        ],
                        db_default="",
                        default="",
                        max_length=16,
                        verbose_name="终止原因",
                    ),
                ),
                (
                    "reported_on",
                    models.DateField(blank=True, null=True, verbose_name="终止申报日期"),
                ),
                (
                    "reported_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employer", "用人单位"),
                            ("relative", "亲属"),
                            ("member", "本人"),
                            ("agency", "经办机构"),
                        ],
                        max_length=8,
                        null=True,
                        verbose_name="终止申报人",
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="退休日期")),
            ],
            options={
                "verbose_name": "参保关系",
                "verbose_name_plural": "参保关系",
                "db_table": "members_relation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="members_relation_order",
                    )
                ],
            },
        ),
        migrations.RunSQL(sql("gongji.members", "015_residence"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.members", "020_change"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.members", "030_contribution"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.members", "040_declaration"), migrations.RunSQL.noop),
    ]
