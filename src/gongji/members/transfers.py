"""Referrals to another area (转院备案): a hospital's filing, in force at once, taken back only while nobody used it.

An application like the others, but without a decision of the agency: the system approves it in the transaction in which it is
made, and the filing that follows names it. Source: national trades 2501, 2502, 5304; 晋医保办发〔2022〕27号 第二十四、二十六条.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.members.applications import Private, TransferApplication, follows
from gongji.members.declarations import (
    Declaration,
    Declared,
    Listed,
    declarations_of,
    declare,
    find_declaration,
)
from gongji.members.dossier import Dossier, withdrawn
from gongji.members.rows import FilingRow
from gongji.members.writing import Act, Plan, Written, decided, locked, write
from gongji.policy import Law

__all__ = ["Transfer", "take_back", "transfer", "transfers_of"]

DECIDE = sql("gongji.members", "decide")
FILED: Final = sql("gongji.members", "filed_declarations")
AT_ONCE: Final = "转院备案即时生效"

Used = Callable[[FilingRow], Awaitable[bool]]
"""Whether something was settled under a filing."""


class Transfer(msgspec.Struct, frozen=True):
    """A referral in force, with what it says."""

    listed: Listed
    application: TransferApplication


async def transfer(
    conn: Connection,
    act: Act,
    law: Law,
    vault: Vault,
    psn_no: str,
    application: TransferApplication,
    private: Private | None = None,
) -> Declared | Refusal:
    """File a referral; in force at once. Refused for the same reasons as any filing, after which nothing was written."""
    async with conn.transaction():
        declared = await declare(conn, act, law, vault, psn_no, application, private)
        if isinstance(declared, Refusal):
            return declared
        number = declared.declaration_id

        def decide(dossier: Dossier) -> Plan | Refusal:
            return follows(dossier, law, application, number, act.today, act.today)

        await conn.execute(DECIDE, psn_no, number, "approved", str(SYSTEM), act.at, AT_ONCE)
        written = await decided(conn, act, psn_no, decide)
        assert isinstance(written, Written), "the application was fit a moment ago and the person is locked"
        return declared


async def take_back(
    conn: Connection, act: Act, psn_no: str, declaration_id: int, used: Used
) -> Written | Refusal:
    """A referral that was not used had never been filed (转院备案撤销).

    Only who filed it (DECLARATION_OF_ANOTHER), once (DECLARATION_DECIDED), and nothing settled under it (FILING_USED).
    """
    async with conn.transaction():
        dossier = await locked(conn, psn_no)
        declaration = await find_declaration(conn, psn_no, declaration_id)
        if dossier is None or not _is_transfer(declaration):
            return Refusal("DECLARATION_NOT_FOUND", str(declaration_id))
        assert declaration is not None
        if declaration.listed.submitted_by != str(act.actor):
            return Refusal("DECLARATION_OF_ANOTHER")
        entry = next((e for e in dossier.filings if e.row.declaration_id == declaration_id), None)
        if entry is None:
            return Refusal("DECLARATION_DECIDED", "已撤销")
        if await used(entry.row):
            return Refusal("FILING_USED", f"{entry.row.region} {entry.row.from_on} 起")
        return await write(conn, act, psn_no, Plan((withdrawn(entry),)), dossier.recorded_at)


def _is_transfer(declaration: Declaration | None) -> bool:
    return declaration is not None and isinstance(declaration.application, TransferApplication)


async def transfers_of(
    conn: Connection, psn_no: str, submitted_by: str, since: date, until: date
) -> tuple[Transfer, ...]:
    """Referrals in force that ``submitted_by`` filed, with the day of transfer from ``since`` to ``until``."""
    filed = {row["declaration_id"] for row in await conn.fetch(FILED, psn_no)}
    found = (
        Transfer(listed, msgspec.json.decode(listed.content, type=TransferApplication))
        for listed in await declarations_of(conn, psn_no)
        if listed.kind == TransferApplication.kind
        and listed.submitted_by == submitted_by
        and listed.declaration_id in filed
    )
    return tuple(one for one in found if since <= one.application.transferred_on <= until)
