"""Keys by which institutions are known: secrets of message signatures, channels to the prescription centre, certificates.

The agency gives them out and withdraws them. A secret is returned once, to whoever gives it out, and is sealed from then on.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar

import msgspec

from gongji.base import sm2
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.members.rows import sealed_text
from gongji.members.validation import first, number, ordered, text
from gongji.providers.rows import CertificateRow, ChannelRow, CredentialRow
from gongji.providers.sealing import seal_app_secret, seal_private_key, seal_secret
from gongji.providers.writing import Act, Change, Entries, Written, change, changed

__all__ = ["Issued", "install_certificate", "issue_credential", "open_channel", "withdraw_key"]

SECRET_BYTES: Final = 16
CALLBACK: Final = re.compile(r"https?://[A-Za-z0-9.\-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~%/\-]{0,200})?")
Keyed = TypeVar("Keyed", CredentialRow, ChannelRow, CertificateRow)


class Issued(msgspec.Struct, frozen=True):
    """A key that was given out; the secret is shown to nobody again."""

    number: str
    secret: str

    def __repr__(self) -> str:
        return f"Issued({self.number!r})"


async def issue_credential(
    conn: Connection,
    act: Act,
    vault: Vault,
    code: str,
    access_key: str,
    from_on: date,
    until_on: date | None,
    random: Callable[[int], bytes],
) -> Issued | Refusal:
    """Key and secret of an institution's message signatures. KEY_EXISTS for an access key that anybody has."""
    unfit = first(number("访问密钥", access_key, 64), ordered("有效日期", from_on, until_on))
    if unfit is not None:
        return unfit
    secret = random(SECRET_BYTES).hex()
    sealed = sealed_text(seal_secret(vault, access_key, secret))

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        return [entries.new(CredentialRow(access_key, sealed, from_on, until_on))]

    written = await change(conn, act, code, ("credential",), decide)
    return written if isinstance(written, Refusal) else Issued(access_key, secret)


async def open_channel(
    conn: Connection,
    act: Act,
    vault: Vault,
    code: str,
    app_id: str,
    public_key: bytes,
    callback_url: str,
    from_on: date,
    until_on: date | None,
    random: Callable[[int], bytes],
) -> Issued | Refusal:
    """An institution's access to the prescription centre, with its SM2 key and the address that takes notices ("" none)."""
    unfit = first(
        number("应用编号", app_id, 64),
        ordered("有效日期", from_on, until_on),
        _public(public_key),
        callback_refusal(callback_url),
    )
    if unfit is not None:
        return unfit
    secret = random(SECRET_BYTES).hex().upper()
    sealed = sealed_text(seal_app_secret(vault, app_id, secret))

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        row = ChannelRow(app_id, sealed, sealed_text(public_key), callback_url, from_on, until_on)
        return [entries.new(row)]

    written = await change(conn, act, code, ("channel",), decide)
    return written if isinstance(written, Refusal) else Issued(app_id, secret)


async def install_certificate(
    conn: Connection,
    act: Act,
    vault: Vault,
    code: str,
    serial: str,
    subject: str,
    public_key: bytes,
    private_key: bytes | None,
    from_on: date,
    until_on: date | None,
) -> Written | Refusal:
    """A signing certificate of an institution or of the platform (``EPC``); a private key must belong to its public one."""
    unfit = first(
        number("证书序列号", serial, 64),
        text("证书主体", subject, 200),
        ordered("有效日期", from_on, until_on),
        _public(public_key),
        _private(private_key, public_key),
    )
    if unfit is not None:
        return unfit
    sealed = None if private_key is None else sealed_text(seal_private_key(vault, serial, private_key))

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        return [
            entries.new(CertificateRow(serial, subject, sealed_text(public_key), sealed, from_on, until_on))
        ]

    return await change(conn, act, code, ("certificate",), decide)


async def withdraw_key(
    conn: Connection, act: Act, code: str, kind: type[Keyed], identifier: str, from_on: date
) -> Written | Refusal:
    """A key (``kind`` of row, its number) holds no more from ``from_on`` on; before its first day it is taken back whole.

    KEY_NOT_FOUND, NOTHING_CHANGED.
    """
    last_on = from_on - timedelta(days=1)

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        for entry in entries.of(kind):
            if _number(entry.row) != identifier:
                continue
            if last_on < entry.row.from_on:
                return [Change(kind.part, entry.spell_no, entry.revision, None)]
            if entry.row.until_on is not None and entry.row.until_on <= last_on:
                return Refusal("NOTHING_CHANGED")
            return [changed(entry, until_on=last_on)]
        return Refusal("KEY_NOT_FOUND")

    return await change(conn, act, code, (kind.part,), decide)


def callback_refusal(url: str) -> Refusal | None:
    """Why notices cannot be sent there: only a plain address of http or https, without user, query or fragment."""
    return (
        None if not url or CALLBACK.fullmatch(url) else Refusal("CALLBACK_INVALID", "须为 http 或 https 地址")
    )


def _number(row: CredentialRow | ChannelRow | CertificateRow) -> str:
    if isinstance(row, CredentialRow):
        return row.access_key
    return row.app_id if isinstance(row, ChannelRow) else row.serial


def _public(key: bytes) -> Refusal | None:
    fits = len(key) == sm2.PUBLIC_BYTES and sm2.public_key(key) is not None
    return None if fits else Refusal("PUBLIC_KEY_INVALID", f"须为 {sm2.PUBLIC_BYTES} 字节的 X‖Y")


def _private(private: bytes | None, public: bytes) -> Refusal | None:
    if private is None:
        return None
    try:
        fits = sm2.pair_of(private).public == public
    except ValueError:
        fits = False
    return None if fits else Refusal("PUBLIC_KEY_INVALID", "私钥与公钥不符")
