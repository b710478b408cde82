"""Facts of settlement: tables, triggers, functions, views, grants. The SQL is in ``sql/``; Django only keeps the history."""

from django.db import migrations

from gongji.base.sqlfiles import sql

NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    """Tables first, then the functions that write them, the views that read them, and who may do what."""

    initial = True
    dependencies = [
        ("ledger", "0001_initial"),
        ("accounts", "0001_initial"),
        ("encounters", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(sql("gongji.settlement", "010_tables"), NOTHING),
        migrations.RunSQL(sql("gongji.encounters", "020_purchases"), NOTHING),
        migrations.RunSQL(sql("gongji.settlement", "020_functions"), NOTHING),
        migrations.RunSQL(sql("gongji.settlement", "030_views"), NOTHING),
        migrations.RunSQL(sql("gongji.settlement", "040_grants"), NOTHING),
    ]
