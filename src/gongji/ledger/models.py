"""Reading the journal through its view; nothing is written through these classes."""

from django.db import models

__all__ = ["JournalLeg"]


class JournalLeg(models.Model):
    """One leg of one journal entry (分录)."""

    pk = models.CompositePrimaryKey("psn_no", "journal_id", "position")
    psn_no = models.TextField("人员编号")
    journal_id = models.BigIntegerField("凭证号")
    position = models.IntegerField("行次")
    source = models.TextField("来源")
    posted_on = models.DateField("记账日期")
    posted_at = models.DateTimeField("记账时间")
    account = models.IntegerField("科目")
    account_name = models.TextField("科目名称", null=True)
    party = models.TextField("往来方")
    amount_fen = models.BigIntegerField("金额（分，借正贷负）")

    class Meta:
        managed = False
        db_table = "ledger_v_leg"
        verbose_name = verbose_name_plural = "分录"
