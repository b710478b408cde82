"""Departments of an institution (科室), as it uploads them itself: open, change, close (trades 3401–3403)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.members.rows import sealed_text, unsealed_bytes
from gongji.members.validation import first, number, ordered, text
from gongji.providers.rows import DepartmentRow
from gongji.providers.sealing import open_head_phone, seal_head_phone
from gongji.providers.writing import Act, Change, Entries, Entry, Written, change, changed, read

__all__ = ["Department", "change_department", "close", "departments", "open_all"]


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """A department; ``caty`` is its national category, ``beds`` those approved, ``insured_beds`` those the insurance knows."""

    dept_code: str
    name: str
    caty: str
    from_on: date
    until_on: date | None = None
    introduction: str = ""
    head_name: str = ""
    head_phone: str = ""
    scope: str = ""
    established_on: date | None = None
    beds: int | None = None
    insured_beds: int | None = None
    pool_area: str = ""
    doctors: int | None = None
    pharmacists: int | None = None
    nurses: int | None = None
    technicians: int | None = None
    memo: str = ""

    def __repr__(self) -> str:
        """Fit for a log: no personal data."""
        return f"Department({self.dept_code!r})"


def refuse_department(given: Department) -> Refusal | None:
    """Why this cannot be true, or None."""
    counts = (
        given.beds,
        given.insured_beds,
        given.doctors,
        given.pharmacists,
        given.nurses,
        given.technicians,
    )
    if any(count is not None and not 0 <= count < 2**31 for count in counts):
        return Refusal("QUANTITY_INVALID", "床位数和人数不能小于零")
    return first(
        number("科室编码", given.dept_code, 20),
        text("科室名称", given.name, 100),
        text("科别", given.caty, 20),
        ordered("科室起止日期", given.from_on, given.until_on),
    )


async def open_all(
    conn: Connection, act: Act, vault: Vault, code: str, given: Sequence[Department]
) -> Written | Refusal:
    """Departments begin, all or none. DEPARTMENT_EXISTS for a code that is in use on a common day."""
    unfit = first(*(refuse_department(one) for one in given))
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        known = entries.of(DepartmentRow)
        changes: list[Change] = []
        for one in given:
            row = _row(vault, code, one)
            if any(_meet(entry.row, row) for entry in known):
                return Refusal("DEPARTMENT_EXISTS", one.dept_code)
            changes.append(entries.new(row, len(changes)))
            known.append(Entry(changes[-1].spell_no, 0, row))
        return changes

    return await change(conn, act, code, ("department",), decide, by_institution=True)


async def change_department(
    conn: Connection, act: Act, vault: Vault, code: str, given: Department
) -> Written | Refusal:
    """The department that is open on ``given.from_on``, or the last one of its code, becomes what is given.

    From its own first day or an earlier one this corrects it, from a later day it begins anew. DEPARTMENT_NOT_FOUND.
    """
    unfit = refuse_department(given)
    if unfit is not None:
        return unfit

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        own = [entry for entry in entries.of(DepartmentRow) if entry.row.dept_code == given.dept_code]
        found = _found(own, given.from_on)
        if found is None:
            return Refusal("DEPARTMENT_NOT_FOUND", given.dept_code)
        row = _row(vault, code, given)
        if row.head_phone_sealed is None:
            row = msgspec.structs.replace(row, head_phone_sealed=found.row.head_phone_sealed)
        if any(_meet(entry.row, row) for entry in own if entry.spell_no != found.spell_no):
            return Refusal("DEPARTMENT_EXISTS", given.dept_code)
        if row.from_on <= found.row.from_on:
            return [Change("department", found.spell_no, found.revision, row)]
        return [changed(found, until_on=row.from_on - timedelta(days=1)), entries.new(row)]

    return await change(conn, act, code, ("department",), decide, by_institution=True)


async def close(conn: Connection, act: Act, code: str, dept_code: str, from_on: date) -> Written | Refusal:
    """A department that began on ``from_on`` is taken back: it ends with the day before the act, or never was."""

    def decide(entries: Entries) -> Sequence[Change] | Refusal:
        for entry in entries.of(DepartmentRow):
            row = entry.row
            if row.dept_code == dept_code and row.from_on == from_on and _open(row, act.today):
                last_on = act.today - timedelta(days=1)
                if last_on < from_on:
                    return [Change("department", entry.spell_no, entry.revision, None)]
                return [changed(entry, until_on=last_on)]
        return Refusal("DEPARTMENT_NOT_FOUND", dept_code[:20])

    return await change(conn, act, code, ("department",), decide, by_institution=True)


async def departments(conn: Connection, vault: Vault, code: str) -> list[Department]:
    """Every department of the institution, ended ones too, by code and day."""
    rows = [entry.row for entry in (await read(conn, code, "department")).of(DepartmentRow)]
    return [_department(vault, code, row) for row in sorted(rows, key=lambda r: (r.dept_code, r.from_on))]


def _found(own: Sequence[Entry[DepartmentRow]], on: date) -> Entry[DepartmentRow] | None:
    """The one that is open on the day; else the last one, which may be corrected from an earlier day."""
    at = [e for e in own if e.row.from_on <= on and (e.row.until_on is None or on <= e.row.until_on)]
    return at[0] if at else max(own, key=lambda entry: entry.row.from_on, default=None)


def _open(row: DepartmentRow, on: date) -> bool:
    return row.until_on is None or row.until_on >= on


def _meet(one: DepartmentRow, other: DepartmentRow) -> bool:
    """Whether both hold on some day under one code."""
    if one.dept_code != other.dept_code:
        return False
    return (one.until_on is None or other.from_on <= one.until_on) and (
        other.until_on is None or one.from_on <= other.until_on
    )


def _row(vault: Vault, code: str, given: Department) -> DepartmentRow:
    stated: dict[str, Any] = msgspec.structs.asdict(given)
    told = stated.pop("head_phone")
    sealed = sealed_text(seal_head_phone(vault, code, given.dept_code, told)) if told else None
    return DepartmentRow(**stated, head_phone_sealed=sealed)


def _department(vault: Vault, code: str, row: DepartmentRow) -> Department:
    stated: dict[str, Any] = msgspec.structs.asdict(row)
    sealed = stated.pop("head_phone_sealed")
    told = open_head_phone(vault, code, row.dept_code, unsealed_bytes(sealed)) if sealed else ""
    return Department(**stated, head_phone=told)
