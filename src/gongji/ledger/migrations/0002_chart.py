"""The chart of accounts, as the program knows it, for those who read the books in SQL."""

from typing import Any

from django.db import migrations

from gongji.ledger.chart import CHART


def load_chart(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_account (code, name, side) VALUES (%s, %s, %s) "
            "ON CONFLICT (code) DO UPDATE SET name = excluded.name, side = excluded.side",
            [(account.code, account.name, account.side) for account in CHART.values()],
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(load_chart, migrations.RunPython.noop)]
