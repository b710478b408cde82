"""Tables of the members room: what holds now, spell by spell; ``until_on`` is the last day, NULL is open.

They are derived: every row is written by ``members_write`` together with its line of ``members_change``, the append-only
history that knows what was known when (``sql/020_change.sql``). Contributions, applications and accesses are facts of their
own. ``psn_no`` leads every key, so that the tables can be distributed by person; no foreign key crosses or stays in the room.
"""

from django.db import models

from gongji.members.terms import (
    CATEGORY,
    CREDENTIAL_KIND,
    END_REASON,
    FAMILY_RELATION,
    FILING_KIND,
    FILING_SUBTYPE,
    NONBENEFIT_KIND,
    PAYER,
    RELATION_STATUS,
    REPORTER,
    TREATMENT,
)


class Person(models.Model):
    """One human being (参保人). Insured or not is said by the relations.

    Identity number and telephone are sealed; the indexes find them without opening (``base.sealing``).
    """

    psn_no = models.CharField("人员编号", max_length=30, primary_key=True)
    name = models.CharField("姓名", max_length=50)
    cert_type = models.CharField("证件类型", max_length=6, default="01")
    cert_sealed = models.BinaryField("证件号码（加密）")
    cert_index = models.BinaryField("证件号码索引")
    phone_sealed = models.BinaryField("电话（加密）", null=True, blank=True)
    phone_index = models.BinaryField("电话索引", null=True, blank=True)
    gender = models.CharField("性别", max_length=6)
    ethnicity = models.CharField("民族", max_length=3, blank=True, default="")
    born_on = models.DateField("出生日期")
    died_on = models.DateField("死亡日期", null=True, blank=True)

    class Meta:
        db_table = "members_person"
        verbose_name = verbose_name_plural = "参保人"
        indexes = (
            models.Index(fields=["cert_index"], name="members_person_cert"),
            models.Index(fields=["phone_index"], name="members_person_phone"),
        )

    def __str__(self) -> str:
        return str(self.psn_no)


class Spell(models.Model):
    """What holds for a person from one day to another; numbered within the person."""

    pk = models.CompositePrimaryKey("psn_no", "spell_no")
    psn_no = models.CharField("人员编号", max_length=30)
    spell_no = models.BigIntegerField("序号")
    from_on = models.DateField("开始日期")
    until_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        abstract = True


class Relation(Spell):
    """Insurance relation (参保关系): one employer, one status, one region."""

    insutype = models.CharField("险种类型", max_length=6, default="310")
    status = models.CharField("待遇身份", max_length=8, choices=RELATION_STATUS)
    category = models.CharField(
        "参保身份", max_length=16, choices=CATEGORY, default="employee", db_default="employee"
    )
    psn_type = models.CharField("人员类别", max_length=6)
    region = models.CharField("参保地医保区划", max_length=6)
    employer = models.CharField("单位名称", max_length=200, blank=True, default="")
    payer = models.CharField(
        "缴费来源", max_length=8, choices=PAYER, default="employer", db_default="employer"
    )
    civil_servant = models.BooleanField("公务员", default=False)
    has_account = models.BooleanField("建有个人账户", default=True)
    end_reason = models.CharField(
        "终止原因", max_length=16, choices=END_REASON, blank=True, default="", db_default=""
    )
    reported_on = models.DateField("终止申报日期", null=True, blank=True)
    reported_by = models.CharField("终止申报人", max_length=8, choices=REPORTER, null=True, blank=True)
    retired_on = models.DateField("退休日期", null=True, blank=True)

    class Meta:
        db_table = "members_relation"
        verbose_name = verbose_name_plural = "参保关系"
        constraints = (
            models.CheckConstraint(
                name="members_relation_order",
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
            ),
        )


class Nonbenefit(Spell):
    """Days on which the pooled fund does not pay for a member: arrears or waiting period (SX2022-27
    第二十六条).
    """

    kind = models.CharField("原因", max_length=8, choices=NONBENEFIT_KIND)

    class Meta:
        db_table = "members_nonbenefit"
        verbose_name = verbose_name_plural = "不享受待遇期间"


class Credential(models.Model):
    """Social security card or electronic voucher (社会保障卡、医保电子凭证)."""

    pk = models.CompositePrimaryKey("psn_no", "kind", "number")
    psn_no = models.CharField("人员编号", max_length=30)
    kind = models.CharField("凭证种类", max_length=8, choices=CREDENTIAL_KIND)
    number = models.CharField("卡号或令牌", max_length=64)
    card_sn = models.CharField("卡识别码", max_length=32, blank=True, default="")
    from_on = models.DateField("启用日期")
    until_on = models.DateField("失效日期", null=True, blank=True)
    blocked_from = models.DateField("挂失或冻结日期", null=True, blank=True)
    blocked_until = models.DateField("解挂日期", null=True, blank=True)
    block_reason = models.CharField("挂失或冻结原因", max_length=8, blank=True, default="", db_default="")
    earlier_blocks = models.JSONField("此前的挂失或冻结", null=True, blank=True)
    """[first day, last day] of each time before the one above."""

    class Meta:
        db_table = "members_credential"
        verbose_name = verbose_name_plural = "就诊凭证"
        indexes = (models.Index(fields=["kind", "number"], name="members_credential_number"),)

    def __str__(self) -> str:
        return f"{self.psn_no} {self.kind}"


class Family(Spell):
    """Family binding (家庭共济): the person may use the owner's account; ``spell_no`` is the binding order
    (A18, A19).
    """

    owner = models.CharField("账户所有人编号", max_length=30)
    relation = models.CharField("使用人是所有人的", max_length=12, choices=FAMILY_RELATION)
    declaration_id = models.BigIntegerField("申请编号", null=True, blank=True)

    class Meta:
        db_table = "members_family"
        verbose_name = verbose_name_plural = "家庭共济绑定"
        indexes = (models.Index(fields=["owner"], name="members_family_owner"),)
        constraints = (
            models.CheckConstraint(
                name="members_family_other", condition=~models.Q(owner=models.F("psn_no"))
            ),
        )


class Filing(Spell):
    """Off-site filing (异地就医备案)."""

    kind = models.CharField("备案类型", max_length=32, choices=FILING_KIND)
    subtype = models.CharField(
        "人员类型", max_length=24, choices=FILING_SUBTYPE, blank=True, default="", db_default=""
    )
    region = models.CharField("就医地医保区划", max_length=6)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    declaration_id = models.BigIntegerField("申请编号", null=True, blank=True)

    class Meta:
        db_table = "members_filing"
        verbose_name = verbose_name_plural = "异地就医备案"


class Chronic(Spell):
    """Entitlement for one chronic disease (门诊慢特病待遇); ratio and quota where the area fixes them for
    the person.
    """

    disease_code = models.CharField("病种编码", max_length=30)
    disease_name = models.CharField("病种名称", max_length=300)
    treatment = models.CharField(
        "参照住院的治疗", max_length=24, choices=TREATMENT, blank=True, default="", db_default=""
    )
    ratio_bp = models.IntegerField("支付比例（万分比）", null=True, blank=True)
    quota_month_fen = models.BigIntegerField("月限额（分）", null=True, blank=True)
    quota_quarter_fen = models.BigIntegerField("季度限额（分）", null=True, blank=True)
    quota_fen = models.BigIntegerField("年度限额（分）", null=True, blank=True)

    class Meta:
        db_table = "members_chronic"
        verbose_name = verbose_name_plural = "门诊慢特病待遇"


class Fixed(Spell):
    """Institution that a member has chosen for a kind of benefit (人员定点)."""

    biz_type = models.CharField("业务申请类型", max_length=3)
    sort_no = models.IntegerField("定点排序号")
    institution = models.CharField("定点医药机构编号", max_length=30)
    institution_name = models.CharField("定点医药机构名称", max_length=200)
    declaration_id = models.BigIntegerField("申请编号", null=True, blank=True)

    class Meta:
        db_table = "members_fixed"
        verbose_name = verbose_name_plural = "人员定点"
