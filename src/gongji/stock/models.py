"""Reading stock through Django; everything is written by ``stock.services`` and the functions in ``sql/`` alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

__all__ = ["Movement", "OnHand", "TraceUse"]


class Movement(models.Model):
    """One movement of a batch (进销存变动), a fact; deletions are movements of their own."""

    pk = models.CompositePrimaryKey("institution", "movement_id")
    institution = models.TextField("定点医药机构编号")
    movement_id = models.BigIntegerField("流水号")
    kind = models.TextField("种类")
    change_type = models.TextField("库存变更类型")
    item = models.TextField("医疗目录编码")
    local_item = models.TextField("机构目录编号")
    local_name = models.TextField("机构目录名称")
    batch = models.TextField("批次流水号")
    lot_no = models.TextField("生产批号")
    expires_on = models.DateField("有效期止", null=True)
    quantity_e4 = models.BigIntegerField("数量（万分之一）")
    counted_e4 = models.BigIntegerField("盘存数量（万分之一）", null=True)
    document = models.TextField("单据号")
    occurred_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("上传时间")
    origin = models.TextField("交易编号")
    undoes = models.BigIntegerField("删除的流水号", null=True)
    returns = models.BigIntegerField("退回的流水号", null=True)
    reason = models.TextField("原因")
    marks = ArrayField(models.TextField(), verbose_name="问题")

    class Meta:
        managed = False
        db_table = "stock_movement"
        verbose_name = verbose_name_plural = "进销存变动"


class OnHand(models.Model):
    """Running stock of a batch (库存)."""

    pk = models.CompositePrimaryKey("institution", "local_item", "batch")
    institution = models.TextField("定点医药机构编号")
    local_item = models.TextField("机构目录编号")
    batch = models.TextField("批次流水号")
    item = models.TextField("医疗目录编码")
    local_name = models.TextField("机构目录名称")
    lot_no = models.TextField("生产批号")
    expires_on = models.DateField("有效期止", null=True)
    quantity_e4 = models.BigIntegerField("数量（万分之一）")
    coded = models.BooleanField("按追溯码入库")
    counted_at = models.DateTimeField("最近盘存", null=True)
    moved_at = models.DateTimeField("最近变动")

    class Meta:
        managed = False
        db_table = "stock_on_hand"
        verbose_name = verbose_name_plural = "库存"


class TraceUse(models.Model):
    """A use of a trace code by a settlement (追溯码结算), or its release by a refund."""

    KIND = {1: "结算", -1: "退费释放"}

    pk = models.CompositePrimaryKey("code", "use_no")
    code = models.TextField("药品追溯码")
    use_no = models.IntegerField("序号")
    kind = models.SmallIntegerField("种类", choices=KIND)
    frees_no = models.IntegerField("释放的序号", null=True)
    institution = models.TextField("定点医药机构编号")
    item = models.TextField("医疗目录编码")
    split = models.BooleanField("拆零")
    quantity_e4 = models.BigIntegerField("数量（万分之一）")
    settlement_id = models.BigIntegerField("结算ID")

    class Meta:
        managed = False
        db_table = "stock_trace_use"
        verbose_name = verbose_name_plural = "追溯码结算"
