"""Tables of the stock room, and the classes through which Django reads them."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from gongji.base.sqlfiles import sql


def key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql("gongji.stock", "010_tables"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.stock", "020_traces"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Movement",
            fields=[
                ("pk", key("institution", "movement_id")),
                ("institution", models.TextField(verbose_name="定点医药机构编号")),
                ("movement_id", models.BigIntegerField(verbose_name="流水号")),
                ("kind", models.TextField(verbose_name="种类")),
                ("change_type", models.TextField(verbose_name="库存变更类型")),
                ("item", models.TextField(verbose_name="医疗目录编码")),
                ("local_item", models.TextField(verbose_name="机构目录编号")),
                ("local_name", models.TextField(verbose_name="机构目录名称")),
                ("batch", models.TextField(verbose_name="批次流水号")),
                ("lot_no", models.TextField(verbose_name="生产批号")),
                ("expires_on", models.DateField(null=True, verbose_name="有效期止")),
                ("quantity_e4", models.BigIntegerField(verbose_name="数量（万分之一）")),
                ("counted_e4", models.BigIntegerField(null=True, verbose_name="盘存数量（万分之一）")),
                ("document", models.TextField(verbose_name="单据号")),
                ("occurred_at", models.DateTimeField(verbose_name="发生时间")),
                ("recorded_at", models.DateTimeField(verbose_name="上传时间")),
                ("origin", models.TextField(verbose_name="交易编号")),
                ("undoes", models.BigIntegerField(null=True, verbose_name="删除的流水号")),
                ("returns", models.BigIntegerField(null=True, verbose_name="退回的流水号")),
                ("reason", models.TextField(verbose_name="原因")),
                ("marks", ArrayField(base_field=models.TextField(), size=None, verbose_name="问题")),
            ],
            options={
                "verbose_name": "进销存变动",
                "verbose_name_plural": "进销存变动",
                "db_table": "stock_movement",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="OnHand",
            fields=[
                ("pk", key("institution", "local_item", "batch")),
                ("institution", models.TextField(verbose_name="定点医药机构编号")),
                ("local_item", models.TextField(verbose_name="机构目录编号")),
                ("batch", models.TextField(verbose_name="批次流水号")),
                ("item", models.TextField(verbose_name="医疗目录编码")),
                ("local_name", models.TextField(verbose_name="机构目录名称")),
                ("lot_no", models.TextField(verbose_name="生产批号")),
                ("expires_on", models.DateField(null=True, verbose_name="有效期止")),
                ("quantity_e4", models.BigIntegerField(verbose_name="数量（万分之一）")),
                ("coded", models.BooleanField(verbose_name="按追溯码入库")),
                ("counted_at", models.DateTimeField(null=True, verbose_name="最近盘存")),
                ("moved_at", models.DateTimeField(verbose_name="最近变动")),
            ],
            options={
                "verbose_name": "库存",
                "verbose_name_plural": "库存",
                "db_table": "stock_on_hand",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="TraceUse",
            fields=[
                ("pk", key("code", "use_no")),
                ("code", models.TextField(verbose_name="药品追溯码")),
                ("use_no", models.IntegerField(verbose_name="序号")),
                (
                    "kind",
                    models.SmallIntegerField(choices=[(1, "结算"), (-1, "退费释放")], verbose_name="种类"),
                ),
                ("frees_no", models.IntegerField(null=True, verbose_name="释放的序号")),
                ("institution", models.TextField(verbose_name="定点医药机构编号")),
                ("item", models.TextField(verbose_name="医疗目录编码")),
                ("split", models.BooleanField(verbose_name="拆零")),
                ("quantity_e4", models.BigIntegerField(verbose_name="数量（万分之一）")),
                ("settlement_id", models.BigIntegerField(verbose_name="结算ID")),
            ],
            options={
                "verbose_name": "追溯码结算",
                "verbose_name_plural": "追溯码结算",
                "db_table": "stock_trace_use",
                "managed": False,
            },
        ),
    ]
