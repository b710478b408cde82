"""Reading accounts through Django; only the database function ``accounts_post`` writes
(``sql/020_post.sql``).
"""

from django.db import models


class Balance(models.Model):
    """Balance of a personal account (个人账户余额): derived, the sum of the entries."""

    psn_no = models.TextField("人员编号", primary_key=True)
    balance_fen = models.BigIntegerField("余额（分）")
    version = models.BigIntegerField("版本")

    class Meta:
        managed = False
        db_table = "accounts_balance"
        verbose_name = verbose_name_plural = "个人账户余额"


class Entry(models.Model):
    """One movement of a personal account (个人账户流水); never changed."""

    pk = models.CompositePrimaryKey("psn_no", "entry_id")
    psn_no = models.TextField("人员编号")
    entry_id = models.BigIntegerField("流水号")
    kind = models.TextField("种类")
    amount_fen = models.BigIntegerField("金额（分）")
    balance_after_fen = models.BigIntegerField("余额（分）")
    settlement_id = models.BigIntegerField("结算ID", null=True)
    counterpart = models.TextField("共济使用人", null=True)
    occurred_at = models.DateTimeField("发生时间")

    class Meta:
        managed = False
        db_table = "accounts_entry"
        verbose_name = verbose_name_plural = "个人账户流水"
