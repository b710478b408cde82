"""What the agency works with when it decides about institutions: law, calendar, keys, numbers; and who acts when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.sealing import Vault
from gongji.base.times import day_in_china
from gongji.policy import Law
from gongji.policy.calendar import Calendar
from gongji.providers.dossier import Dossier, Personal

__all__ = ["Office", "Taker", "open_personal", "representative_index", "seal_personal"]

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Personal).decode


class Office(msgspec.Struct, frozen=True):
    """What every verb of the lifecycle needs besides its own arguments."""

    law: Law
    calendar: Calendar
    vault: Vault
    ids: IdSource


class Taker(msgspec.Struct, frozen=True):
    """Who takes a step, and when."""

    actor: Actor
    at: datetime

    @property
    def on(self) -> date:
        return day_in_china(self.at)


def _context(code: str, dossier_id: int, step_no: int) -> str:
    """What authenticates a sealed value: table, column and primary key. Step 1 is the application itself."""
    if step_no == 1:
        return f"providers_dossier.sealed:{code}:{dossier_id}"
    return f"providers_step.sealed:{code}:{dossier_id}:{step_no}"


def seal_personal(vault: Vault, code: str, dossier_id: int, step_no: int, personal: Personal) -> bytes:
    return vault.seal_bytes(_encode(personal), _context(code, dossier_id, step_no))


def open_personal(vault: Vault, dossier: Dossier) -> Personal:
    """Representative and bank account of the dossier as stated last, in clear; whoever shows them answers for it."""
    found = Personal()
    sealed = [(1, dossier.sealed), *((step.step_no, step.sealed) for step in dossier.steps)]
    for step_no, one in sealed:
        if one is None:
            continue
        stated = _decode(vault.open_bytes(one, _context(dossier.code, dossier.dossier_id, step_no)))
        found = Personal(stated.representative or found.representative, stated.bank or found.bank)
    return found


def representative_index(vault: Vault, personal: Personal | None) -> bytes | None:
    """By which a representative is found again who has cost another institution its agreement."""
    person = personal.representative if personal else None
    number = "".join(person.cert_no.split()).upper() if person else ""
    return vault.index("representative", number) if number else None
