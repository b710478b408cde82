"""Putting the demonstration data into a database: what is there already is left alone."""

from collections.abc import Callable
from typing import Any

import msgspec

from gongji.accounts.services import open_balances
from gongji.base.actors import SYSTEM
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.demo_data.population import Row
from gongji.demo_data.world import OPENED_AT, World
from gongji.members.personal import cert_index, seal_cert_no
from gongji.members.rows import sealed_text
from gongji.providers.sealing import (
    seal_app_secret,
    seal_private_key,
    seal_secret,
    seal_staff_cert,
    seal_staff_phone,
    staff_cert_index,
)

__all__ = ["KEYS", "load"]

KEYS: dict[str, tuple[str, ...]] = {
    "catalog_item": ("code", "from_on"),
    "catalog_price": ("code", "region", "from_on"),
    "providers_institution": ("code",),
    "providers_state": ("code", "state_no"),
    "providers_credential": ("access_key",),
    "providers_staff": ("code", "spell_no"),
    "providers_department": ("code", "spell_no"),
    "providers_place": ("code", "spell_no"),
    "providers_offer": ("code", "spell_no"),
    "providers_channel": ("app_id",),
    "providers_certificate": ("serial",),
    "members_person": ("psn_no",),
    "members_relation": ("psn_no", "spell_no"),
    "members_nonbenefit": ("psn_no", "spell_no"),
    "members_credential": ("psn_no", "kind", "number"),
    "members_family": ("psn_no", "spell_no"),
    "members_filing": ("psn_no", "spell_no"),
    "members_chronic": ("psn_no", "spell_no"),
    "members_residence": ("psn_no", "spell_no"),
}
"""Tables in the order of loading, with the columns that tell a row from another."""

ADOPT = (
    "SELECT members_adopt((SELECT coalesce(max(change_id), 0) + 1 FROM members_change WHERE change_id < 1000000000000),"
    " $1, $2, '演示数据')"
)
"""Rows of the members room enter its history, numbered after those of an earlier load and before any number of a clock."""
ADOPT_REGISTER = "SELECT providers_register_adopt($1, $2, '演示数据')"
"""So do the rows of the register of institutions."""

ADOPT_PROVIDERS = "SELECT providers_adopt(NULL, $1, $2)"
"""And the agreements that the institutions' dated states stand for."""

_encode = msgspec.json.Encoder().encode


async def load(conn: Connection, world: World, vault: Vault) -> dict[str, int]:
    """Insert what is missing, in one transaction; answers how many rows came new into each table (0: nothing changed).

    Identity numbers are sealed by ``vault`` on their way in; rows of the members room enter its history as well.
    """
    async with conn.transaction():
        added = {table: await _add(conn, table, world.tables.get(table, ()), vault) for table in KEYS}
        await conn.execute(ADOPT, OPENED_AT, str(SYSTEM))
        await conn.execute(ADOPT_REGISTER, OPENED_AT, str(SYSTEM))
        await conn.execute(ADOPT_PROVIDERS, OPENED_AT, str(SYSTEM))
        added["accounts_entry"] = await _open_accounts(conn, world)
    return added


async def _add(conn: Connection, table: str, rows: tuple[Row, ...], vault: Vault) -> int:
    """Rows whose key is not in the table yet. An empty insert is not sent: it would advance the catalogue's version."""
    columns = KEYS[table]
    known = {tuple(row.values()) for row in await conn.fetch(f"SELECT {', '.join(columns)} FROM {table}")}  # noqa: S608
    missing = [row for row in rows if tuple(row[column] for column in columns) not in known]
    if table in SEALED:
        missing = [SEALED[table](row, vault) for row in missing]
    if missing:
        statement = (
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)"  # noqa: S608
        )
        await conn.execute(statement, _encode(missing).decode())
    return len(missing)


def _sealed_person(row: Row, vault: Vault) -> Row:
    """A person's row as it is stored."""
    psn_no, number = str(row["psn_no"]), str(row["cert_no"])
    return {
        **_without(row, "cert_no"),
        "cert_sealed": sealed_text(seal_cert_no(vault, psn_no, number)),
        "cert_index": sealed_text(cert_index(vault, number)),
    }


def _sealed_credential(row: Row, vault: Vault) -> Row:
    sealed = seal_secret(vault, str(row["access_key"]), str(row["secret"]))
    return _without(row, "secret") | {"secret_sealed": sealed_text(sealed)}


def _sealed_staff(row: Row, vault: Vault) -> Row:
    key, number = (str(row["code"]), str(row["staff_code"])), str(row["cert_no"])
    return _without(row, "cert_no", "phone") | {
        "cert_sealed": sealed_text(seal_staff_cert(vault, *key, number)),
        "cert_index": sealed_text(staff_cert_index(vault, number)),
        "phone_sealed": sealed_text(seal_staff_phone(vault, *key, str(row["phone"]))),
    }


def _sealed_channel(row: Row, vault: Vault) -> Row:
    sealed = seal_app_secret(vault, str(row["app_id"]), str(row["app_secret"]))
    return _without(row, "app_secret") | {"app_secret_sealed": sealed_text(sealed)}


def _sealed_certificate(row: Row, vault: Vault) -> Row:
    sealed = seal_private_key(vault, str(row["serial"]), bytes.fromhex(str(row["private_key"])))
    return _without(row, "private_key") | {"private_key_sealed": sealed_text(sealed)}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


SEALED: dict[str, Callable[[Row, Vault], Row]] = {
    "members_person": _sealed_person,
    "providers_credential": _sealed_credential,
    "providers_staff": _sealed_staff,
    "providers_channel": _sealed_channel,
    "providers_certificate": _sealed_certificate,
}
"""Tables whose rows are stored with seals."""


async def _open_accounts(conn: Connection, world: World) -> int:
    openings = [(psn_no, fen, number) for number, (psn_no, fen) in enumerate(world.balances.items(), start=1)]
    return await open_balances(conn, openings, "opening", OPENED_AT)


def summary(added: dict[str, Any]) -> str:
    """What was loaded, in one Chinese sentence."""
    if not any(added.values()):
        return "演示数据已经在库中，没有改动。"
    return (
        f"演示数据：参保人 {added['members_person']}，定点医药机构 {added['providers_institution']}，"
        f"目录项目 {added['catalog_item']}，个人账户 {added['accounts_entry']}。"
    )
