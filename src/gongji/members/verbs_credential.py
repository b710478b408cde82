"""Decisions about vouchers (社会保障卡、医保电子凭证): issue, loss report (挂失), release (解挂), replacement (补换), blocking.

Pure. A person has one voucher of a kind in force on a day. A voucher is blocked from a day on, and released from a day on;
who blocked it says who may release it: a loss the member, a block of the agency the agency, a death only its revocation.
Source: 晋医保办发〔2022〕27号 第二十六条 (凭证), decision A35.
"""

from datetime import date, timedelta
from typing import Any, Final

from gongji.base.reasons import Refusal
from gongji.members import validation
from gongji.members.dossier import Change, Dossier, Entry, changed, credential_of, new
from gongji.members.rows import CredentialRow
from gongji.members.rules import voucher_state
from gongji.members.terms import BLOCK_REASON, CREDENTIAL_KIND
from gongji.members.writing import Plan

__all__ = ["blocked", "blocked_again", "issued", "released", "replaced"]

DAY: Final = timedelta(days=1)
CARD_SN_MAX: Final = 32


def issued(dossier: Dossier, row: CredentialRow) -> Plan | Refusal:
    """A first voucher of its kind, or one after the last has ended; else it is a replacement (CREDENTIAL_IN_FORCE)."""
    refusal = _row_refusal(dossier, row)
    if refusal is not None:
        return refusal
    return _in_force(dossier, row) or Plan((new(dossier, row),))


def _in_force(
    dossier: Dossier, row: CredentialRow, but: Entry[CredentialRow] | None = None
) -> Refusal | None:
    """Another voucher of the kind that lasts when ``row`` begins, or begins later; ``but`` is the one that ends for it."""
    same = (e for e in dossier.credentials if e.row.kind == row.kind and e != but)
    force = next((e for e in same if _lasts(e, row.from_on)), None)
    if force is None:
        return None
    return Refusal("CREDENTIAL_IN_FORCE", f"{CREDENTIAL_KIND[row.kind]} {force.row.from_on} 起有效")


def _lasts(entry: Entry[CredentialRow], on: date) -> bool:
    return entry.row.until_on is None or on <= entry.row.until_on


def _row_refusal(dossier: Dossier, row: CredentialRow) -> Refusal | None:
    died_on = dossier.person.row.died_on
    return validation.first(
        Refusal("MEMBER_DECEASED", str(died_on)) if died_on is not None else None,
        validation.choice("凭证种类", row.kind, tuple(CREDENTIAL_KIND)),
        validation.number("凭证号码", row.number),
        validation.number("卡识别码", row.card_sn, CARD_SN_MAX) if row.card_sn else None,
        validation.at_least_birth("启用日期", row.from_on, dossier.person.row.born_on),
    )


def _find(dossier: Dossier, kind: str, number: str) -> Entry[CredentialRow] | None:
    return next((e for e in dossier.credentials if (e.row.kind, e.row.number) == (kind, number)), None)


def blocked(dossier: Dossier, kind: str, number: str, on: date, why: str) -> Plan | Refusal:
    """From ``on`` on the voucher opens nothing; ``why`` is lost or agency."""
    entry = _find(dossier, kind, number)
    if entry is None:
        return Refusal("CREDENTIAL_NOT_FOUND")
    state = voucher_state(credential_of(dossier.psn_no, entry.row), on)
    if state != "valid":
        return Refusal("CREDENTIAL_STATE", "已失效" if state == "expired" else _blocked_by(entry.row))
    if entry.row.blocked_from is not None and entry.row.blocked_from > on:
        return Refusal("CREDENTIAL_STATE", f"{_blocked_by(entry.row)}，{entry.row.blocked_from} 起")
    return Plan((blocked_again(entry, on, why),))


def blocked_again(entry: Entry[CredentialRow], on: date, why: str, **fields: Any) -> Change:
    """The voucher blocked from ``on`` on; the days of a block that was lifted before are kept."""
    row = entry.row
    earlier = row.earlier_blocks
    if (
        row.blocked_from is not None
        and row.blocked_until is not None
        and row.blocked_from <= row.blocked_until
    ):
        earlier = (*(earlier or ()), (row.blocked_from, row.blocked_until))
    return changed(
        entry,
        blocked_from=on,
        blocked_until=None,
        block_reason=why,
        earlier_blocks=earlier,
        **fields,
    )


def released(dossier: Dossier, kind: str, number: str, on: date, why: str) -> Plan | Refusal:
    """From ``on`` on the voucher is good again; only a block of the same ``why`` is lifted."""
    entry = _find(dossier, kind, number)
    if entry is None:
        return Refusal("CREDENTIAL_NOT_FOUND")
    row = entry.row
    if row.blocked_from is None or row.blocked_until is not None:
        return Refusal("CREDENTIAL_STATE", "没有挂失或冻结")
    if row.block_reason != why:
        return Refusal("CREDENTIAL_STATE", _blocked_by(row))
    if on < row.blocked_from:
        return Refusal("DATE_ORDER", f"解除日期 {on} 早于 {row.blocked_from}")
    return Plan((changed(entry, blocked_until=on - DAY),))


def _blocked_by(row: CredentialRow) -> str:
    return BLOCK_REASON.get(row.block_reason, "已冻结")


def replaced(dossier: Dossier, old_number: str, row: CredentialRow) -> Plan | Refusal:
    """A new voucher for one that is lost or worn out; the old one ends the day before and is blocked for good."""
    refusal = _row_refusal(dossier, row)
    if refusal is not None:
        return refusal
    old = _find(dossier, row.kind, old_number)
    if old is None:
        return Refusal("CREDENTIAL_NOT_FOUND")
    if not _lasts(old, row.from_on):
        return Refusal("CREDENTIAL_STATE", "已失效")
    force = _in_force(dossier, row, old)
    if force is not None:
        return force
    if row.from_on < old.row.from_on:
        return Refusal("DATE_ORDER", f"补换日期 {row.from_on} 早于原凭证 {old.row.from_on}")
    last_on = max(row.from_on - DAY, old.row.from_on)
    lost_on = old.row.blocked_from if old.row.blocked_from and old.row.blocked_until is None else row.from_on
    end = blocked_again(old, min(lost_on, row.from_on), "replaced", until_on=last_on)
    return Plan((end, new(dossier, row)))
