"""Keys (接入密钥): by which the institution's software is known, and until when. Secrets are shown to nobody."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse

from gongji.providers.rows import CertificateRow, ChannelRow, CredentialRow
from gongji.providers.writing import Entries, read
from gongji.web.pages import Page, page

__all__ = ["Keyed", "key_state", "keyed", "keys"]

SOON_DAYS: Final = 60
"""From when on a key is shown as ending soon: time enough to ask for another."""
KINDS: Final = {
    "credential": ("国家接口接入密钥", "报文签名用的密钥对"),
    "channel": ("电子处方中心渠道", "医院处方流转、药店取方用的应用编号和公钥"),
    "certificate": ("签名证书", "处方和审方的电子签名"),
}
Keyed = CredentialRow | ChannelRow | CertificateRow


def keyed(entries: Entries) -> dict[str, list[Keyed]]:
    """The rows by part of the register."""
    return {
        CredentialRow.part: [entry.row for entry in entries.of(CredentialRow)],
        ChannelRow.part: [entry.row for entry in entries.of(ChannelRow)],
        CertificateRow.part: [entry.row for entry in entries.of(CertificateRow)],
    }


def key_state(row: Keyed, today: date) -> tuple[str, str]:
    """Word and colour."""
    if row.until_on is not None and row.until_on < today:
        return "已失效", "info"
    if row.from_on > today:
        return "尚未生效", "wait"
    if row.until_on is not None and (row.until_on - today).days <= SOON_DAYS:
        return f"还有 {(row.until_on - today).days} 天失效", "wait"
    return "有效", "ok"


def _number(row: Keyed) -> str:
    if isinstance(row, CredentialRow):
        return row.access_key
    return row.app_id if isinstance(row, ChannelRow) else row.serial


@page("desk.keys")
async def keys(page: Page) -> HttpResponse:
    """Every key of the institution with its state."""
    async with page.connection() as conn:
        entries = await read(conn, page.visitor.institution, *KINDS)
    groups: list[dict[str, Any]] = []
    for part, held in keyed(entries).items():
        title, purpose = KINDS[part]
        rows = [
            {
                "number": _number(row),
                "from_on": row.from_on,
                "until_on": row.until_on,
                "state": key_state(row, page.today),
                "callback": row.callback_url if isinstance(row, ChannelRow) else "",
            }
            for row in held
        ]
        groups.append({"title": title, "purpose": purpose, "rows": rows})
    return await page.show("desk/manager/keys.html", {"groups": groups})
