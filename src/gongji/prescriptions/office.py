"""What the centre works with: law, catalogue, register of institutions, keys, signer, numbers, and who asks when."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.signing import Signer
from gongji.base.times import day_in_china
from gongji.catalog.values import Catalogue
from gongji.policy import Law
from gongji.prescriptions.case import Case, Event
from gongji.prescriptions.values import Private, Proxy
from gongji.providers.values import ProviderBook, ProviderDay

__all__ = ["RxOffice", "open_private", "open_proxy", "seal_event", "seal_private"]

_encode: Final = msgspec.json.Encoder().encode
_private: Final = msgspec.json.Decoder(Private).decode
_proxy: Final = msgspec.json.Decoder(Proxy).decode


class RxOffice(msgspec.Struct, frozen=True, kw_only=True):
    """What every verb of the room needs besides its own arguments. ``random`` makes codes and tokens."""

    law: Law
    catalogue: Catalogue
    book: ProviderBook
    vault: Vault
    ids: IdSource
    signer: Signer
    actor: Actor
    at: datetime
    random: Callable[[int], bytes] = secrets.token_bytes
    allow_draft: bool = False

    @property
    def on(self) -> date:
        return day_in_china(self.at)

    def place(self, code: str) -> ProviderDay | Refusal:
        """The institution today."""
        provider = self.book.get(code)
        return Refusal("UNKNOWN_INSTITUTION", code) if provider is None else provider.on(self.on)

    def number(self, key: str, region: str, on: date) -> int | Refusal:
        """A number of the law."""
        value = self.law.value(key, region, on)
        if isinstance(value, Refusal):
            return value
        if value.draft and not self.allow_draft:
            return Refusal("LAW_DRAFT", key, value.clause)
        assert isinstance(value.raw, int), key
        return value.raw

    async def sign(self, serial: str, data: bytes) -> bytes:
        """A signature, made outside the event loop."""
        return await asyncio.to_thread(self.signer.sign, serial, data)

    async def verify(self, serial: str, data: bytes, signature: bytes) -> bool:
        return await asyncio.to_thread(self.signer.verify, serial, data, signature)


def _context(table: str, psn_no: str, rx_id: int, number: int = 0) -> str:
    return f"prescriptions_{table}:{psn_no}:{rx_id}:{number}"


def seal_private(vault: Vault, psn_no: str, rx_id: int, private: Private) -> bytes:
    return vault.seal_bytes(_encode(private), _context("prescription", psn_no, rx_id))


def open_private(vault: Vault, case: Case) -> Private:
    """What the sheet says of the patient. Raises SealBroken under another key."""
    return _private(vault.open_bytes(case.sealed, _context("prescription", case.psn_no, case.rx_id)))


def seal_event(vault: Vault, case: Case, event_no: int, data: bytes) -> bytes:
    """What is personal in an event, for its sealed column."""
    return vault.seal_bytes(data, _context("event", case.psn_no, case.rx_id, event_no))


def open_proxy(vault: Vault, case: Case) -> Proxy | None:
    """Who fetches the drugs of the present hold for the member; None: the member does."""
    hold = case.hold
    if hold is None or not hold.proxy:
        return None
    return open_event_proxy(vault, case, next(e for e in case.events if e.event_no == hold.event_no))


def open_event_proxy(vault: Vault, case: Case, event: Event) -> Proxy:
    """Who an accepting event says came for the member."""
    assert event.sealed is not None
    return _proxy(vault.open_bytes(event.sealed, _context("event", case.psn_no, case.rx_id, event.event_no)))
