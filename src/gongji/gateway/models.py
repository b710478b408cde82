"""Tables of the interface itself: who signed in, which messages have been answered, files that come and go,
and notices of the prescription centre.

Settlements keep their messages beside the facts (``settlement_message``); this table does the same for the other writing
trades, written in the transaction of their effect.
"""

from django.db import models
from django.db.models.functions import Now


class SignIn(models.Model):
    """An operator's sign-in of the day (9001) and when it was ended (9002)."""

    sign_no = models.CharField("签到编号", max_length=30, primary_key=True)
    fixmedins_code = models.CharField("定点医药机构编号", max_length=30)
    opter_no = models.CharField("操作员编号", max_length=50)
    signed_in_at = models.DateTimeField("签到时间")
    signed_out_at = models.DateTimeField("签退时间", null=True)

    class Meta:
        db_table = "gateway_signin"
        verbose_name = "签到"
        indexes = (models.Index(fields=["fixmedins_code", "signed_in_at"], name="gateway_signin_by_caller"),)


class Message(models.Model):
    """One answered writing message: the caller's number, the digest of its content, the answer it will always get."""

    pk = models.CompositePrimaryKey("fixmedins_code", "infno", "msgid")
    fixmedins_code = models.CharField("定点医药机构编号", max_length=30)
    infno = models.CharField("交易编号", max_length=10)
    msgid = models.CharField("发送方报文ID", max_length=30)
    request_hash = models.BinaryField("内容摘要")
    output = models.BinaryField("输出", null=True)
    received_at = models.DateTimeField("接收时间", db_default=Now())

    class Meta:
        db_table = "gateway_message"
        verbose_name = "已答复报文"
        indexes = (models.Index(fields=["received_at"], name="gateway_message_by_time"),)


class File(models.Model):
    """A file to be fetched by 9102: a list for everybody (``owner`` empty, kept once by ``list_key``), or what an institution
    sent by 9101 or asked for (``content`` sealed).
    """

    file_no = models.CharField("文件查询号", max_length=30, primary_key=True)
    owner = models.CharField("定点医药机构编号", max_length=30, blank=True)
    list_key = models.CharField("目录文件", max_length=100, null=True, unique=True)
    name = models.CharField("文件名", max_length=200)
    row_count = models.IntegerField("数据量")
    size = models.IntegerField("字节数")
    content = models.BinaryField("内容")
    created_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("截止时间")

    class Meta:
        db_table = "gateway_file"
        verbose_name = "文件"
        indexes = (
            models.Index(fields=["owner", "expires_at"], name="gateway_file_by_owner"),
            models.Index(fields=["expires_at"], name="gateway_file_by_expiry"),
        )


class Notice(models.Model):
    """One notice (7108, 7109) of the prescription centre to a hospital, made of one event: due, sent or given up."""

    pk = models.CompositePrimaryKey("psn_no", "rx_id", "event_no")
    psn_no = models.CharField("人员编号", max_length=30)
    rx_id = models.BigIntegerField("处方ID")
    event_no = models.IntegerField("处方事项序号")
    infno = models.CharField("交易编号", max_length=10)
    institution = models.CharField("定点医药机构编号", max_length=30)
    event_at = models.DateTimeField("事项时间")
    made_at = models.DateTimeField("生成时间")
    due_at = models.DateTimeField("下次发送时间", null=True)
    tries = models.IntegerField("已发送次数")
    sent_at = models.DateTimeField("送达时间", null=True)
    given_up_at = models.DateTimeField("停发时间", null=True)
    remark = models.CharField("未送达原因", max_length=200)

    class Meta:
        db_table = "gateway_notice"
        verbose_name = "处方通知"
        indexes = (
            models.Index(
                fields=["due_at"], name="gateway_notice_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(
                fields=["event_at"], name="gateway_notice_unsent", condition=models.Q(sent_at__isnull=True)
            ),
        )
