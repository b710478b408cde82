"""The register of doctors and pharmacists: enter, change, leave; and the agency's suspension of the right to serve the insured.

A person may work at several institutions; each has an entry of its own. A suspension is proposed by one officer, decided by
another, and holds at all institutions of the person unless it is said to hold at one.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.members.personal import normal_cert_no
from gongji.members.rows import sealed_text
from gongji.members.validation import first, ordered, text
from gongji.providers.rows import StaffRow, SuspensionRow
from gongji.providers.sealing import seal_staff_cert, seal_staff_phone, staff_cert_index
from gongji.providers.staff_rules import (
    STEPS,
    StaffGiven,
    entry_on,
    refuse_entry,
    refuse_given,
    suspension_step,
)
from gongji.providers.writing import Act, Change, Entries, Entry, Written, change, changed

__all__ = ["change_entry", "enter", "enter_all", "leave", "propose_end", "propose_suspension", "second"]

CAUSE_MAX = 200


async def enter(conn: Connection, act: Act, vault: Vault, code: str, given: StaffGiven) -> Written | Refusal:
    """A person begins to work at the institution."""
    return await enter_all(conn, act, vault, code, (given,))


async def enter_all(
    conn: Connection, act: Act, vault: Vault, code: str, everybody: Sequence[StaffGiven]
) -> Written | Refusal:
    """Several persons, all or none."""
    unfit = first(*(refuse_given(given) for given in everybody))
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        known = entries.of(StaffRow)
        changes: list[Change] = []
        for given in everybody:
            row = _row(vault, code, given)
            overlap = refuse_entry(known, row)
            if overlap is not None:
                return overlap
            changes.append(entries.new(row, len(changes)))
            known.append(Entry(changes[-1].spell_no, 0, row))
        return changes

    return await change(conn, act, code, ("staff",), decide, by_institution=True)


async def change_entry(
    conn: Connection, act: Act, vault: Vault, code: str, given: StaffGiven
) -> Written | Refusal:
    """What is known of a person from ``given.from_on`` on is different: the entry of the day before ends, this one follows.

    A change from the entry's own first day corrects the entry. Identity number, telephone and certificates that are not given
    stay as they are. STAFF_NOT_FOUND, NOTHING_CHANGED.
    """
    unfit = refuse_given(given)
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        staff = entries.of(StaffRow)
        found = entry_on(staff, given.staff_code, given.from_on)
        if found is None:
            return Refusal("STAFF_NOT_FOUND", given.staff_code)
        row = _kept(_row(vault, code, given), found.row)
        if msgspec.structs.replace(row, from_on=found.row.from_on) == found.row:
            return Refusal("NOTHING_CHANGED")
        overlap = refuse_entry(staff, row, found.spell_no)
        if overlap is not None:
            return overlap
        if row.from_on == found.row.from_on:
            return [Change("staff", found.spell_no, found.revision, row)]
        return [changed(found, until_on=row.from_on - timedelta(days=1)), entries.new(row)]

    return await change(conn, act, code, ("staff",), decide, by_institution=True)


async def leave(conn: Connection, act: Act, code: str, staff_code: str, last_on: date) -> Written | Refusal:
    """A person's last day at the institution. STAFF_NOT_FOUND when not registered on that day."""

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        found = entry_on(entries.of(StaffRow), staff_code, last_on)
        if found is None:
            return Refusal("STAFF_NOT_FOUND", staff_code[:20])
        if found.row.until_on == last_on:
            return Refusal("NOTHING_CHANGED")
        return [changed(found, until_on=last_on)]

    return await change(conn, act, code, ("staff",), decide, by_institution=True)


async def propose_suspension(
    conn: Connection,
    act: Act,
    code: str,
    staff_code: str,
    from_on: date,
    until_on: date | None,
    cause: str,
    *,
    everywhere: bool = True,
) -> Written | Refusal:
    """An officer proposes to suspend a person who is registered at the institution; it holds once a second one confirms it."""
    unfit = first(text("暂停原因", cause, CAUSE_MAX), ordered("暂停日期", from_on, until_on))
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        if not any(entry.row.staff_code == staff_code for entry in entries.of(StaffRow)):
            return Refusal("STAFF_NOT_FOUND", staff_code[:20])
        row = SuspensionRow(
            staff_code, from_on, until_on, everywhere, "proposed", cause.strip(), str(act.actor)
        )
        return [entries.new(row)]

    return await change(conn, act, code, ("staff", "suspension"), decide)


async def propose_end(
    conn: Connection, act: Act, code: str, spell_no: int, last_on: date
) -> Written | Refusal:
    """An officer proposes that a suspension ends with ``last_on``; until a second one confirms, it goes on as it was."""

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        found = _suspension(entries, spell_no)
        if found is None:
            return Refusal("SUSPENSION_NOT_FOUND")
        state = STEPS.get((found.row.state, "propose_end"))
        if state is None:
            return Refusal("SUSPENSION_STATE")
        unfit = ordered("暂停日期", found.row.from_on, last_on)
        if unfit is not None:
            return unfit
        return [
            changed(found, state=state, proposed_until=last_on, proposed_by=str(act.actor), decided_by="")
        ]

    return await change(conn, act, code, ("suspension",), decide)


async def second(
    conn: Connection, act: Act, code: str, spell_no: int, *, confirmed: bool
) -> Written | Refusal:
    """The second officer confirms or refuses what was proposed. SECOND_PERSON_REQUIRED, SUSPENSION_STATE, SUSPENSION_NOT_FOUND."""

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        found = _suspension(entries, spell_no)
        if found is None:
            return Refusal("SUSPENSION_NOT_FOUND")
        row = suspension_step(found.row, "confirm" if confirmed else "refuse", str(act.actor))
        return row if isinstance(row, Refusal) else [Change("suspension", spell_no, found.revision, row)]

    return await change(conn, act, code, ("suspension",), decide)


def _suspension(entries: Entries, spell_no: int) -> Entry[SuspensionRow] | None:
    return next((entry for entry in entries.of(SuspensionRow) if entry.spell_no == spell_no), None)


def _row(vault: Vault, code: str, given: StaffGiven) -> StaffRow:
    """What was stated as the register keeps it."""
    number = normal_cert_no(given.cert_no)
    sealed: dict[str, Any] = {}
    if number:
        sealed["cert_sealed"] = sealed_text(seal_staff_cert(vault, code, given.staff_code, number))
        sealed["cert_index"] = sealed_text(staff_cert_index(vault, number))
    if given.phone:
        sealed["phone_sealed"] = sealed_text(seal_staff_phone(vault, code, given.staff_code, given.phone))
    return StaffRow(
        staff_code=given.staff_code,
        from_on=given.from_on,
        until_on=given.until_on,
        name=given.name.strip(),
        kind=given.kind,
        title=given.title.strip(),
        department=given.department.strip(),
        rights=tuple(sorted(given.rights)),
        cert_type=given.cert_type,
        qualification_no=given.qualification_no,
        licence_no=given.licence_no,
        **sealed,
    )


def _kept(row: StaffRow, before: StaffRow) -> StaffRow:
    """The row with what was known before where nothing new was stated; the same number sealed again is the same number."""
    same_number = row.cert_index is None or row.cert_index == before.cert_index
    return msgspec.structs.replace(
        row,
        cert_type=before.cert_type if same_number else row.cert_type,
        cert_sealed=before.cert_sealed if same_number else row.cert_sealed,
        cert_index=before.cert_index if same_number else row.cert_index,
        phone_sealed=row.phone_sealed or before.phone_sealed,
        qualification_no=row.qualification_no or before.qualification_no,
        licence_no=row.licence_no or before.licence_no,
    )
