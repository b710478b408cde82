"""Putting the demonstration data into a database: what is there already is left alone."""

from typing import Any

import msgspec

from gongji.accounts.services import open_balances
from gongji.base.sqlfiles import Connection
from gongji.demo_data.population import Row
from gongji.demo_data.world import OPENED_AT, World

__all__ = ["KEYS", "load"]

KEYS: dict[str, tuple[str, ...]] = {
    "catalog_item": ("code", "from_on"),
    "catalog_price": ("code", "region", "from_on"),
    "providers_institution": ("code",),
    "providers_state": ("code", "state_no"),
    "providers_credential": ("access_key",),
    "members_person": ("psn_no",),
    "members_relation": ("psn_no", "spell_no"),
    "members_nonbenefit": ("psn_no", "spell_no"),
    "members_credential": ("psn_no", "kind", "number"),
    "members_family": ("psn_no", "spell_no"),
    "members_filing": ("psn_no", "spell_no"),
    "members_chronic": ("psn_no", "spell_no"),
}
"""Tables in the order of loading, with the columns that tell a row from another."""

_encode = msgspec.json.Encoder().encode


async def load(conn: Connection, world: World) -> dict[str, int]:
    """Insert what is missing, in one transaction; answers how many rows came new into each table (0: nothing changed)."""
    async with conn.transaction():
        added = {table: await _add(conn, table, world.tables.get(table, ())) for table in KEYS}
        added["accounts_entry"] = await _open_accounts(conn, world)
    return added


async def _add(conn: Connection, table: str, rows: tuple[Row, ...]) -> int:
    """Rows whose key is not in the table yet. An empty insert is not sent: it would advance the catalogue's version."""
    columns = KEYS[table]
    known = {tuple(row.values()) for row in await conn.fetch(f"SELECT {', '.join(columns)} FROM {table}")}  # noqa: S608
    missing = [row for row in rows if tuple(row[column] for column in columns) not in known]
    if missing:
        statement = (
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)"  # noqa: S608
        )
        await conn.execute(statement, _encode(missing).decode())
    return len(missing)


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
