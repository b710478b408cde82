"""Tables of the supervision room."""

from django.db import migrations

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(sql("gongji.supervision", "010_tables"), migrations.RunSQL.noop)]
