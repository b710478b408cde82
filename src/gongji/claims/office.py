"""What the agency works with: the law, the calendar, the register of institutions, the keys, the numbers; and its judgement of
an application in their light."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.claims import rules
from gongji.claims.case import Case
from gongji.claims.values import Application, ClaimVisit, Personal
from gongji.members import selectors as members
from gongji.policy import Law
from gongji.policy.calendar import Calendar
from gongji.providers.values import ProviderBook, ProviderDay

__all__ = ["Judged", "Office", "judge", "open_personal", "place_on", "seal_personal"]

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Personal).decode


class Office(msgspec.Struct, frozen=True):
    """What every verb of the room needs besides its own arguments."""

    law: Law
    calendar: Calendar
    book: ProviderBook
    vault: Vault
    ids: IdSource


class Judged(msgspec.Struct, frozen=True):
    """An application as the law sees it: the region that bears it, the places on their days, the visits that the pool does not
    pay, the documents that are asked for."""

    region: str
    places: Mapping[int, ProviderDay]
    refused: Mapping[int, Refusal]
    required: tuple[str, ...]


def place_on(office: Office, application: Application, visit: ClaimVisit) -> ProviderDay:
    """The institution on the day of the visit: from the register where it is known there, else as the application states it."""
    stated = application.place
    provider = office.book.get(stated.code) if stated.code else None
    day = provider.on(visit.service_on) if provider is not None else stated.day()
    return msgspec.structs.replace(day, region=day.region or NATION, level=day.level or stated.level)


async def judge(
    conn: Connection, office: Office, application: Application, known_on: date
) -> Judged | Refusal:
    """What the law says about the application, seen from ``known_on``; a Refusal where nobody here is answerable for it."""
    stated = application.place
    if stated.code and not stated.region and office.book.get(stated.code) is None:
        return Refusal("UNKNOWN_INSTITUTION", stated.code)
    days = [(application.psn_no, visit.service_on) for visit in application.visits]
    standings = await members.standings(conn, days, known_on)
    if len(standings) < len(set(days)):
        return Refusal("UNKNOWN_MEMBER", application.psn_no)
    region = next((standings[day].region for day in days if standings[day].region), "")
    if not region:
        return Refusal("NOT_INSURED", str(application.visits[0].service_on))
    places = {visit.visit_no: place_on(office, application, visit) for visit in application.visits}
    refused: dict[int, Refusal] = {}
    for visit in application.visits:
        place, standing = places[visit.visit_no], standings[application.psn_no, visit.service_on]
        shown = rules.stated_facts(visit, place, system_failure=application.system_failure)
        refusal = rules.refuse_by_law(office.law, standing, place, visit, shown)
        if refusal is not None and refusal.code in rules.UNANSWERED:
            return refusal
        if refusal is not None:
            refused[visit.visit_no] = refusal
    designated = {number: place.designated for number, place in places.items()}
    required = rules.required_documents(office.law, region, application, designated)
    return required if isinstance(required, Refusal) else Judged(region, places, refused, required)


def _context(psn_no: str, claim_id: int, step_no: int) -> str:
    """What authenticates a sealed value: its table, column and primary key. Step 1 is the application itself."""
    if step_no == 1:
        return f"claims_claim.sealed:{psn_no}:{claim_id}"
    return f"claims_step.sealed:{psn_no}:{claim_id}:{step_no}"


def seal_personal(vault: Vault, psn_no: str, claim_id: int, step_no: int, personal: Personal) -> bytes:
    return vault.seal_bytes(_encode(personal), _context(psn_no, claim_id, step_no))


def open_personal(vault: Vault, case: Case) -> Personal:
    """The newest personal data of the claim, in clear: who shows them records the access (``members.access``)."""
    sealed, step_no = case.sealed, 1
    for step in case.steps:
        if step.sealed is not None:
            sealed, step_no = step.sealed, step.step_no
    return _decode(vault.open_bytes(sealed, _context(case.psn_no, case.claim_id, step_no)))
