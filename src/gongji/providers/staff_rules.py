"""What the register of staff may say: codes, kinds, rights, days, and the steps of a suspension. Pure.

Who may do what: 处方管理办法 第八条 (执业医师开方), 第二十九、三十一条 (药师审核、药学人员调配).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.codes import is_known
from gongji.base.reasons import Refusal
from gongji.members.identity import ID_CARD, is_valid_cert_no
from gongji.members.validation import choice, first, number, ordered, phone, text
from gongji.providers.register import RIGHTS
from gongji.providers.rows import StaffRow, SuspensionRow
from gongji.providers.writing import Entry

__all__ = [
    "KINDS",
    "NATIONAL_KIND",
    "StaffGiven",
    "entry_on",
    "refuse_entry",
    "refuse_given",
    "suspension_step",
]

KINDS: Final = {"doctor": "医师", "pharmacist": "药师", "technician": "药士", "nurse": "护士"}
NATIONAL_KIND: Final = {"doctor": "1", "nurse": "2", "pharmacist": "3", "technician": "4"}
"""medins_psn_type 医务人员类别."""
MAY_HAVE: Final = {
    "doctor": frozenset({"prescribe"}),
    "pharmacist": frozenset({"review", "dispense"}),
    "technician": frozenset({"dispense"}),
    "nurse": frozenset[str](),
}
STAFF_CODE: Final = re.compile(r"[A-Za-z0-9]{1,20}")
STEPS: Final = {
    ("proposed", "confirm"): "in_force",
    ("proposed", "refuse"): "refused",
    ("in_force", "propose_end"): "end_proposed",
    ("end_proposed", "confirm"): "in_force",
    ("end_proposed", "refuse"): "in_force",
}


class StaffGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody states about one who works at an institution."""

    staff_code: str
    name: str
    kind: str
    from_on: date
    until_on: date | None = None
    title: str = ""
    department: str = ""
    rights: frozenset[str] = frozenset()
    cert_type: str = ID_CARD
    cert_no: str = ""
    phone: str = ""
    qualification_no: str = ""
    licence_no: str = ""

    def __repr__(self) -> str:
        """Fit for a log: no personal data."""
        return f"StaffGiven({self.staff_code!r})"


def refuse_given(given: StaffGiven) -> Refusal | None:
    """Why this cannot be true, or None. The details repeat no personal data."""
    if STAFF_CODE.fullmatch(given.staff_code) is None:
        return Refusal("STAFF_CODE_INVALID", "须为不超过 20 位的字母和数字")
    return first(
        text("姓名", given.name, 50),
        choice("医务人员类别", given.kind, tuple(KINDS)),
        _rights(given.kind, given.rights),
        text("职称", given.title, 50, optional=True),
        text("科室", given.department, 100, optional=True),
        ordered("执业日期", given.from_on, given.until_on),
        _cert(given),
        phone(given.phone) if given.phone else None,
        number("资格证书编码", given.qualification_no, 30) if given.qualification_no else None,
        number("执业证书编号", given.licence_no, 30) if given.licence_no else None,
    )


def _rights(kind: str, rights: Iterable[str]) -> Refusal | None:
    for right in sorted(rights):
        if right not in RIGHTS:
            return Refusal("UNKNOWN_CODE", f"权限 {right[:20]!r}")
        if right not in MAY_HAVE.get(kind, frozenset()):
            return Refusal("STAFF_RIGHT_NOT_ALLOWED", f"{KINDS.get(kind, '')}不能有{RIGHTS[right]}权")
    return None


def _cert(given: StaffGiven) -> Refusal | None:
    if not given.cert_no:
        return None
    if not is_known("psn_cert_type", given.cert_type):
        return Refusal("UNKNOWN_CODE", "证件类型")
    fit = is_valid_cert_no(given.cert_no) if given.cert_type == ID_CARD else not number("", given.cert_no, 50)
    return None if fit else Refusal("CERT_INVALID", "证件号码不正确")


def refuse_entry(
    entries: Sequence[Entry[StaffRow]], row: StaffRow, except_spell: int | None = None
) -> Refusal | None:
    """A person has one entry at an institution on a day."""
    for entry in entries:
        other = entry.row
        if entry.spell_no == except_spell or other.staff_code != row.staff_code:
            continue
        begins_before = row.until_on is None or other.from_on <= row.until_on
        if begins_before and (other.until_on is None or row.from_on <= other.until_on):
            return Refusal("STAFF_OVERLAP", f"{row.staff_code} 自 {other.from_on} 已经登记")
    return None


def entry_on(entries: Iterable[Entry[StaffRow]], staff_code: str, on: date) -> Entry[StaffRow] | None:
    """The person's entry that holds on the day."""
    for entry in entries:
        row = entry.row
        if (
            row.staff_code == staff_code
            and row.from_on <= on
            and (row.until_on is None or on <= row.until_on)
        ):
            return entry
    return None


def suspension_step(row: SuspensionRow, step: str, actor: str) -> SuspensionRow | Refusal:
    """The suspension after a second officer's ``step`` (confirm, refuse); proposals are made by one person, decided by another."""
    state = STEPS.get((row.state, step))
    if state is None:
        return Refusal("SUSPENSION_STATE")
    if actor == row.proposed_by:
        return Refusal("SECOND_PERSON_REQUIRED")
    ends = row.state == "end_proposed" and step == "confirm"
    return msgspec.structs.replace(
        row,
        state=state,
        decided_by=actor,
        until_on=row.proposed_until if ends else row.until_on,
        proposed_until=None,
    )
