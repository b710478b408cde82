"""First tables of the room: accounts, roles, sessions, events."""

import django.db.models.deletion
from django.db import migrations, models

from gongji.base.sqlfiles import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("username", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=64)),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                ("generation", models.IntegerField(db_default=1, default=1)),
                ("psn_no", models.CharField(db_default="", default="", max_length=30)),
                ("institution", models.CharField(db_default="", default="", max_length=12)),
                ("staff_code", models.CharField(db_default="", default="", max_length=30)),
                ("area", models.CharField(db_default="", default="", max_length=6)),
                ("created_at", models.DateTimeField()),
                ("password", models.CharField(db_default="", default="", max_length=128)),
                ("must_change", models.BooleanField(db_default=False, default=False)),
                ("totp_sealed", models.BinaryField(null=True)),
                ("totp_step", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "db_table": "access_account",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("psn_no", ""), _negated=True),
                        fields=("psn_no",),
                        name="access_account_of_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("generation", models.IntegerField()),
                ("complete", models.BooleanField()),
                ("factor", models.BooleanField()),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("idle_s", models.IntegerField()),
                ("address", models.CharField(max_length=64)),
                ("agent", models.CharField(max_length=120)),
                ("pending_sealed", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="access.account",
                    ),
                ),
            ],
            options={
                "db_table": "access_session",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="access.account",
                    ),
                ),
            ],
            options={
                "db_table": "access_grant",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "role"), name="access_grant_once")
                ],
            },
        ),
        migrations.RunSQL(sql("gongji.access", "010_event"), migrations.RunSQL.noop),
    ]
