"""Tables of the desk; drafts are read and written by ``desk.drafts`` alone, because their content is sealed."""

from django.db import models

__all__ = ["Draft"]


class Draft(models.Model):
    """Work that somebody has begun at a workstation and not finished."""

    pk = models.CompositePrimaryKey("institution", "account", "kind", "key")
    institution = models.TextField("定点医药机构编号")
    account = models.BigIntegerField("账号")
    kind = models.TextField("种类")
    key = models.TextField("标识")
    content = models.BinaryField("内容（密封）")
    updated_at = models.DateTimeField("最近改动")

    class Meta:
        managed = False
        db_table = "desk_draft"
        verbose_name = verbose_name_plural = "未完成的业务"
