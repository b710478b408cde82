"""Tables of the stock room, and the classes through which Django reads them."""

from django.db import migrations

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql("gongji.stock", "010_tables"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("gongji.stock", "020_traces"), migrations.RunSQL.noop),
    ]
