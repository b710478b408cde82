"""Reads of the members room, by asyncpg."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from gongji.base.sealing import SealBroken, Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.members.personal import cert_index, open_cert_no
from gongji.members.rules import standing_on, voucher_state
from gongji.members.values import (
    ChronicEntitlement,
    Credential,
    FilingSpell,
    Identity,
    LateMonth,
    NonbenefitSpell,
    Person,
    Records,
    RelationSpell,
    Standing,
)

__all__ = [
    "family_owners",
    "find",
    "identify",
    "names",
    "records",
    "records_of_rows",
    "standing",
    "standings",
    "vault_fits",
    "voucher_holders",
]

RECORDS = sql("gongji.members", "records")
PERSON = sql("gongji.members", "person")
ANY_PERSON = sql("gongji.members", "any_person")
PERSONS_BY_CERT = sql("gongji.members", "persons_by_cert")
NAMES = sql("gongji.members", "names")
CREDENTIALS = sql("gongji.members", "credentials")
CREDENTIALS_MANY = sql("gongji.members", "credentials_many")
FAMILY_OWNERS = sql("gongji.members", "family_owners")

ID_DOCUMENT = "02"
CREDENTIAL_KIND = {"01": "voucher", "03": "card"}
"""National codes of mdtrt_cert_type: 01 医保电子凭证, 02 居民身份证, 03 社会保障卡."""


def _person(row: Any) -> Person:
    return Person(*row.values())


async def find(
    conn: Connection,
    vault: Vault,
    *,
    psn_no: str | None = None,
    cert_no: str | None = None,
    card_no: str | None = None,
    token: str | None = None,
) -> Person | None:
    """The one person with this number; None when there is none, and when two persons share it: identity is
    never guessed.

    Give exactly one number; raises TypeError otherwise. Whether a card or voucher is good on a day is said
    by ``identify``.
    """
    if sum(number is not None for number in (psn_no, cert_no, card_no, token)) != 1:
        raise TypeError("exactly one number identifies a person")
    if cert_no is not None:
        rows = await conn.fetch(PERSONS_BY_CERT, cert_index(vault, cert_no))
        return _person(rows[0]) if len(rows) == 1 else None
    if psn_no is None:
        kind, number = ("card", card_no) if card_no is not None else ("voucher", token)
        credential = await _credential(conn, kind, str(number))
        if credential is None:
            return None
        psn_no = credential.psn_no
    row = await conn.fetchrow(PERSON, psn_no)
    return _person(row) if row else None


async def names(conn: Connection, psn_nos: Sequence[str]) -> dict[str, str]:
    """Names in clear, for whoever masks them or has recorded the look; an unknown person is missing."""
    rows = await conn.fetch(NAMES, list(psn_nos)) if psn_nos else ()
    return {row["psn_no"]: row["name"] for row in rows}


async def _credential(conn: Connection, kind: str, number: str) -> Credential | None:
    rows = await conn.fetch(CREDENTIALS, kind, number)
    owners = {row["psn_no"] for row in rows}
    return _voucher(*rows[0].values()) if len(owners) == 1 else None


def _voucher(*columns: Any) -> Credential:
    """A row of ``sql/credentials.sql``; its last column is JSON."""
    *given, blocks = columns
    credential = Credential(*given)
    return msgspec.structs.replace(credential, earlier_blocks=_blocks(blocks)) if blocks else credential


async def identify(
    conn: Connection, vault: Vault, voucher_type: str, number: str, on: date, card_sn: str = ""
) -> Identity | None:
    """Who shows this voucher (mdtrt_cert_type, mdtrt_cert_no) on the day ``on``, and whether the voucher is
    good.

    A card read with another card_sn than the one on record is not that card. An identity document
    identifies, but is no voucher for the pooled fund (SX2022-27 第二十六条).
    """
    if voucher_type == ID_DOCUMENT:
        person = await find(conn, vault, cert_no=number)
        return Identity(person, voucher_type, "identity_document") if person else None
    kind = CREDENTIAL_KIND.get(voucher_type)
    credential = await _credential(conn, kind, number) if kind else None
    if credential is None or (card_sn and credential.card_sn and card_sn != credential.card_sn):
        return None
    row = await conn.fetchrow(PERSON, credential.psn_no)
    return Identity(_person(row), voucher_type, voucher_state(credential, on)) if row else None


async def voucher_holders(
    conn: Connection, asked: Sequence[tuple[str, str, date, str]]
) -> list[tuple[str, str] | None]:
    """(psn_no, state) of who holds each card or e-voucher, in order, in one read; ``asked`` are (voucher
    type, number, day, card_sn) as ``identify`` takes them.

    For a counter that already knows whom it serves; None for an unknown number, one that several persons
    share, another card_sn, and an identity document.
    """
    rows = await conn.fetch(
        CREDENTIALS_MANY, [CREDENTIAL_KIND.get(kind, "") for kind, *_ in asked], [a[1] for a in asked]
    )
    found: defaultdict[int, list[Credential]] = defaultdict(list)
    for row in rows:
        position, *credential = row.values()
        found[position - 1].append(_voucher(*credential))
    return [_holder(found[index], on, card_sn) for index, (_, _, on, card_sn) in enumerate(asked)]


def _holder(credentials: Sequence[Credential], on: date, card_sn: str) -> tuple[str, str] | None:
    if len({credential.psn_no for credential in credentials}) != 1:
        return None
    newest = credentials[0]
    if card_sn and newest.card_sn and card_sn != newest.card_sn:
        return None
    return newest.psn_no, voucher_state(newest, on)


async def standings(
    conn: Connection, keys: Sequence[tuple[str, date]], known_on: date | None = None
) -> dict[tuple[str, date], Standing]:
    """What holds for each person on each day, in one read, seen from ``known_on`` (``rules.standing_on``); a key whose person is
    unknown is missing from the answer.
    """
    found = await records(conn, list({psn_no for psn_no, _ in keys}))
    return {(psn_no, on): standing_on(found[psn_no], on, known_on) for psn_no, on in keys if psn_no in found}


async def vault_fits(conn: Connection, vault: Vault) -> bool:
    """Whether ``vault`` has the keys that this database's numbers were sealed and indexed under; True for one without persons.

    With other keys nobody would be found by number, and the same number could be registered a second time.
    """
    row = await conn.fetchrow(ANY_PERSON)
    if row is None:
        return True
    try:
        number = open_cert_no(vault, row["psn_no"], row["cert_sealed"])
    except SealBroken:
        return False
    return bool(cert_index(vault, number) == row["cert_index"])


async def standing(conn: Connection, psn_no: str, on: date) -> Standing | None:
    """What holds for one person on one day; None for somebody unknown."""
    return (await standings(conn, [(psn_no, on)])).get((psn_no, on))


async def records(conn: Connection, psn_nos: Sequence[str]) -> dict[str, Records]:
    """Everything dated about each person, as it is known now; unknown persons are missing."""
    return records_of_rows(await conn.fetch(RECORDS, list(psn_nos)))


def records_of_rows(rows: Sequence[Any]) -> dict[str, Records]:
    """Rows of ``sql/records.sql`` put together by person."""
    persons: dict[str, Person] = {}
    spells: defaultdict[str, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        part, psn_no, from_on, until_on, *given = tuple(row)
        texts, flags, numbers, (day, sealed) = given[:8], given[8:10], given[10:14], given[14:]
        if part == "person":
            name, cert_type, gender, ethnicity = texts[:4]
            persons[psn_no] = Person(psn_no, name, cert_type, sealed, gender, ethnicity, from_on, until_on)
        else:
            spells[psn_no][part].append(_SPELLS[part](from_on, until_on, texts, flags, numbers, day))
    return {psn_no: _record(person, spells[psn_no]) for psn_no, person in persons.items()}


def _relation(from_on: date, until_on: date | None, texts: Any, flags: Any, numbers: Any, day: Any) -> Any:
    fields: Any = (*texts[:7], *flags, texts[7])
    return RelationSpell(from_on, until_on, *fields)


def _nonbenefit(from_on: date, until_on: date | None, texts: Any, flags: Any, numbers: Any, day: Any) -> Any:
    return NonbenefitSpell(texts[0], from_on, until_on)


def _filing(from_on: date, until_on: date | None, texts: Any, flags: Any, numbers: Any, day: Any) -> Any:
    kind, region, subtype = texts[:3]
    return FilingSpell(kind, region, from_on, until_on, subtype, day, numbers[0])


def _chronic(from_on: date, until_on: date | None, texts: Any, flags: Any, numbers: Any, day: Any) -> Any:
    code, name, treatment = texts[:3]
    ratio_bp, month_fen, quarter_fen, year_fen = numbers
    return ChronicEntitlement(
        code, name, from_on, until_on, ratio_bp, year_fen, month_fen, quarter_fen, treatment
    )


def _late(due_on: date, paid_on: date | None, texts: Any, flags: Any, numbers: Any, month: Any) -> Any:
    return LateMonth(month, due_on, paid_on)


_blocks = msgspec.json.Decoder(tuple[tuple[date, date], ...]).decode

_SPELLS = {
    "relation": _relation,
    "nonbenefit": _nonbenefit,
    "filing": _filing,
    "chronic": _chronic,
    "late": _late,
}


def _record(person: Person, spells: defaultdict[str, list[Any]]) -> Records:
    parts = (tuple(spells[part]) for part in _SPELLS)
    return Records(person, *parts)


async def family_owners(conn: Connection, psn_nos: Sequence[str], on: date) -> dict[str, tuple[str, ...]]:
    """Owners whose accounts each person may use on the day, in the order of binding (decisions A18, A19)."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for row in await conn.fetch(FAMILY_OWNERS, list(psn_nos), on):
        owners[row["psn_no"]].append(row["owner"])
    return {psn_no: tuple(names) for psn_no, names in owners.items()}
