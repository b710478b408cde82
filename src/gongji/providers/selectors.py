"""Reads of the providers room: the book in memory, and its refresh."""

from typing import Any

import msgspec

from gongji.base.sealing import SealBroken, Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.providers.register import (
    Certificate,
    Channel,
    Credential,
    Keys,
    Offer,
    Place,
    Roster,
    Staff,
    Suspension,
)
from gongji.providers.sealing import open_app_secret, open_private_key, open_secret
from gongji.providers.values import Provider, ProviderBook, ProviderState

__all__ = ["find", "load", "refresh", "vault_fits"]

VERSION = sql("gongji.providers", "version")
PROVIDERS = sql("gongji.providers", "providers")
STAFF = sql("gongji.providers", "staff")
STAFF_TOUCHED = sql("gongji.providers", "staff_touched")
SUSPENSIONS = sql("gongji.providers", "suspensions")
CREDENTIALS = sql("gongji.providers", "credentials")
CHANNELS = sql("gongji.providers", "channels")
CERTIFICATES = sql("gongji.providers", "certificates")
ANY_CREDENTIAL = sql("gongji.providers", "any_credential")

_states = msgspec.json.Decoder(tuple[ProviderState, ...]).decode
_offers = msgspec.json.Decoder(tuple[Offer, ...]).decode
_place = msgspec.json.Decoder(Place).decode


async def load(conn: Connection, vault: Vault) -> ProviderBook:
    """A book of everything that is recorded now; ``vault`` opens the secrets, raises SealBroken if its keys are others."""
    book = ProviderBook()
    await refresh(conn, book, vault)
    return book


async def refresh(conn: Connection, book: ProviderBook, vault: Vault) -> bool:
    """Bring the book up to date; True when something had changed. Costs one small read when nothing has.

    The versions are read first: a change that commits in between is read now and once more at the next
    refresh, never missed. Institutions, staff and keys are read apart, each only when it has changed.
    """
    versions = await conn.fetchrow(VERSION)
    changed = False
    if versions["version"] != book.version:
        providers = [_provider(row) for row in await conn.fetch(PROVIDERS, None)]
        book.replace_providers(versions["version"], providers)
        changed = True
    if versions["staff_version"] != book.staff_version:
        book.replace_roster(versions["staff_version"], await _roster(conn, book))
        changed = True
    if versions["keys_version"] != book.keys_version:
        book.replace_keys(versions["keys_version"], await _keys(conn, vault))
        changed = True
    return changed


async def find(conn: Connection, code: str) -> Provider | None:
    """The institution of this code as it is recorded now, without the book."""
    row = await conn.fetchrow(PROVIDERS, code)
    return None if row is None else _provider(row)


async def vault_fits(conn: Connection, vault: Vault) -> bool:
    """Whether ``vault`` has the keys that this database's secrets were sealed under; True for one without secrets."""
    row = await conn.fetchrow(ANY_CREDENTIAL)
    try:
        return row is None or bool(open_secret(vault, row["access_key"], row["secret_sealed"]))
    except SealBroken:
        return False


def _provider(row: Any) -> Provider:
    place = row["place"]
    read = {
        "states": _states(row["states"]),
        "offers": _offers(row["offers"]),
        "place": None if place is None else _place(place),
    }
    return Provider(**{**dict(row.items()), **read})


async def _roster(conn: Connection, book: ProviderBook) -> Roster:
    """The staff, of which only the institutions concerned are read when the book knew the others before."""
    suspensions = [Suspension(*row.values()) for row in await conn.fetch(SUSPENSIONS)]
    if book.staff_version < 0:
        return Roster(await _staff(conn, None), suspensions)
    codes = [row["code"] for row in await conn.fetch(STAFF_TOUCHED, book.staff_version)]
    return book.roster.changed(codes, await _staff(conn, codes) if codes else (), suspensions)


async def _staff(conn: Connection, codes: list[str] | None) -> list[Staff]:
    rows = await conn.fetch(STAFF, codes)
    return [Staff(**{**dict(row.items()), "rights": frozenset(row["rights"])}) for row in rows]


async def _keys(conn: Connection, vault: Vault) -> Keys:
    credentials = [
        Credential(key, code, open_secret(vault, key, sealed), *rest)
        for key, code, sealed, *rest in await conn.fetch(CREDENTIALS)
    ]
    channels = [
        Channel(app_id, code, open_app_secret(vault, app_id, sealed), *rest)
        for app_id, code, sealed, *rest in await conn.fetch(CHANNELS)
    ]
    certificates = [
        Certificate(
            serial,
            code,
            subject,
            public,
            None if sealed is None else open_private_key(vault, serial, sealed),
            *rest,
        )
        for serial, code, subject, public, sealed, *rest in await conn.fetch(CERTIFICATES)
    ]
    return Keys(credentials, channels, certificates)
