"""Where the database is, and that its tables are what the models say."""

import os
import subprocess
import sys

import psycopg
import pytest

from gongji.base.sqlfiles import sql
from gongji.project.dbtools import databases
from tests.databases import create_database

SETTINGS = {"DJANGO_SETTINGS_MODULE": "gongji.project.settings"}


def python(code: str, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own: Django is bound to one database for the life of a process."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | SETTINGS | {"DATABASE_URL": url},
        check=False,
    )


def test_a_server_on_a_socket_is_named_by_its_folder():
    database = databases("postgresql://gongji@/gongji?host=%2Frun%2Fpg")["default"]
    assert (database["HOST"], database["USER"], database["NAME"], database["PORT"]) == (
        "/run/pg",
        "gongji",
        "gongji",
        "",
    )


def test_a_server_on_the_network_is_named_by_host_and_port():
    database = databases("postgresql://u%40x:p%2Fw@db.example:5433/money?sslmode=require")["default"]
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "5433", "money")
    assert (database["USER"], database["PASSWORD"], database["OPTIONS"]) == (
        "u@x",
        "p/w",
        {"sslmode": "require"},
    )


def test_without_a_url_there_is_no_database():
    assert databases(None) == {}


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="PostgreSQL"):
        databases("mysql://u@h/d")


def test_an_sql_file_that_does_not_exist_is_an_error():
    with pytest.raises(FileNotFoundError):
        sql("gongji.accounts", "nothing")


def test_a_migrated_database_lacks_no_migration(pg_url):
    done = python(
        "import sys; from gongji.project.dbtools import pending; print(pending(sys.argv[1]))", pg_url, pg_url
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_migrating_again_changes_nothing(pg_url):
    done = python(
        "import sys; from gongji.project.dbtools import migrate; migrate(sys.argv[1])", pg_url, pg_url
    )
    assert done.returncode == 0, done.stderr


def test_the_migrations_say_what_the_models_say(pg_url):
    code = (
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('makemigrations', check_changes=True, dry_run=True)"
    )
    done = python(code, pg_url)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_model_reads_its_table_or_view(pg_url):
    code = (
        "import django; django.setup(); from django.apps import apps\n"
        "for model in apps.get_models():\n    list(model.objects.all()[:1])"
    )
    done = python(code, pg_url)
    assert done.returncode == 0, done.stderr


async def test_keys_of_personal_tables_begin_with_the_person(conn):
    """A distributed database keeps a person's rows together and refuses unique keys without the person."""
    rows = await conn.fetch(
        "SELECT c.relname AS name, a.attname AS first FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND EXISTS ("
        " SELECT FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'psn_no')"
        " AND c.relname NOT IN ('settlement_message', 'gateway_message')"
    )
    assert rows
    assert {row["name"]: row["first"] for row in rows if row["first"] != "psn_no"} == {
        "prescriptions_number": "issuer",  # a hospital's number is used once, for whomever
        "stock_movement": "institution",  # a shelf is an institution's
        "access_account": "username",  # an officer's account is no member's
        "desk_sent": "institution",  # a counter's own record
        "supervision_complaint": "code_index",  # whoever reports need not be a person of ours
        "stock_trace_use": "code",  # a pack is settled once, for whomever (docs/adr/0017)
    }


async def test_no_foreign_key_crosses_a_room(conn):
    rows = await conn.fetch(
        "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    crossing = [
        (row["child"], row["parent"])
        for row in rows
        if row["child"].split("_")[0] != row["parent"].split("_")[0]
        and not row["child"].startswith(("auth_", "django_"))
    ]
    assert crossing == []


async def test_the_application_may_not_change_or_delete_any_fact(conn):
    facts = await conn.fetch(
        "SELECT DISTINCT t.tgrelid::regclass::text AS name FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE p.proname = 'refuse_change'"
    )
    names = {row["name"] for row in facts}
    assert {
        "accounts_entry",
        "ledger_journal",
        "settlement_fact",
        "settlement_message",
        "lawbook_version",
    } <= names
    for name in names:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            assert not await conn.fetchval("SELECT has_table_privilege('gongji_app', $1, $2)", name, right), (
                name
            )
        assert await conn.fetchval("SELECT has_table_privilege('gongji_app', $1, 'INSERT')", name), name


def test_a_migrated_database_lacks_no_column(pg_url):
    done = python(
        "import sys; from gongji.project import dbtools; dbtools.configure(sys.argv[1]); print(dbtools.drift())",
        pg_url,
        pg_url,
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_a_database_of_an_earlier_build_is_named_before_anything_works_on_it(pg_server, pg_template):
    url = create_database(pg_server, "earlier_build", pg_template)
    with psycopg.connect(url, autocommit=True) as made:
        made.execute("ALTER TABLE members_person DROP COLUMN cert_index CASCADE")
    done = subprocess.run(
        [sys.executable, "-m", "gongji", "migrate"],
        capture_output=True,
        text=True,
        env=os.environ | {"DATABASE_URL": url},
        check=False,
    )
    assert done.returncode == 1
    assert "较早的开发版本" in done.stderr
    assert "members_person.cert_index" in done.stderr
    assert "Traceback" not in done.stderr
