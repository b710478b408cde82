"""Reading policy versions through Django; nothing is written through this class."""

from django.db import models


class Version(models.Model):
    """One library of law (政策库版本); never changed."""

    digest = models.TextField("摘要", primary_key=True)
    library = models.BinaryField("规范文本")
    source = models.TextField("来源")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        managed = False
        db_table = "lawbook_version"
        verbose_name = verbose_name_plural = "政策版本"

    def __str__(self) -> str:
        return str(self.digest)
