"""Decides whether a settlement may use drug trace codes (药品追溯码): a whole pack once, a split one up to its content.

A code is the mark of one pack. A second use of a whole pack, at whatever institution and for whomever, is the sign of a drug sold
back (回流药). A split pack (拆零) is used many times, by one institution, for one item, together at most its content in the units
that are billed; where the catalogue does not know the content, the uses within the institution are counted and not limited.
Refunds free codes. The same rules stand in ``sql/020_traces.sql``, where they hold against everybody at once; here they name
the reason. Sources: NHSA2023-4 三(四), SX2021-103 二(二).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.stock.values import TraceUse, Wanted

__all__ = ["allot", "code_refusal", "forged", "is_virtual", "trace_refusal", "uses_of", "virtual_code"]

CODE: Final = re.compile(r"[0-9A-Za-z]{8,100}")
VIRTUAL: Final = re.compile(r"GJV[0-9]{19}[0-9A-F]{16}")
"""Codes that 3592B gives out: ours, the number of the code, and a seal by which a guessed one is known."""


def code_refusal(code: str) -> Refusal | None:
    """Why ``code`` cannot be a trace code: 20 digits are usual, letters and digits between 8 and 100 are taken."""
    if CODE.fullmatch(code):
        return None
    return Refusal("TRACE_CODE_INVALID", "须为 8 至 100 位字母或数字")


def is_virtual(code: str) -> bool:
    """Whether the code was made up for a drug without one (3592B); such a code is never split."""
    return VIRTUAL.fullmatch(code) is not None


def virtual_code(vault: Vault, institution: str, code_id: int) -> str:
    """The one-time code number ``code_id`` of an institution; nobody without the key can make another."""
    return f"GJV{code_id:019d}{_seal(vault, institution, code_id)}"


def forged(vault: Vault, institution: str, code: str) -> bool:
    """Whether ``code`` has the form of a virtual code and was not given to this institution."""
    return is_virtual(code) and code[22:] != _seal(vault, institution, int(code[3:22]))


def _seal(vault: Vault, institution: str, code_id: int) -> str:
    return vault.index("virtual_code", f"{institution}|{code_id}")[:8].hex().upper()


def uses_of(
    codes: Sequence[tuple[str, bool]],
    uses: Iterable[TraceUse | Wanted],
    *,
    quantity_e4: int,
    capacity_e4: int,
    item: str,
    institution: str,
    psn_no: str,
    settlement_id: int,
    line_key: str,
) -> tuple[Wanted, ...]:
    """What a fee line with ``codes`` (code, split) wants to use; ``uses`` are the codes' uses so far, those by the
    settlement's earlier lines too."""
    pieces = [(code, split and not is_virtual(code)) for code, split in codes]
    parts = iter(allot([code for code, split in pieces if split], uses, quantity_e4, capacity_e4))
    return tuple(
        Wanted(code, split, next(parts) if split else QUANTITY_UNIT, capacity_e4 if split else 0, item, institution, psn_no,
               settlement_id, line_key)
        for code, split in pieces
    )  # fmt: skip


def allot(
    codes: Sequence[str], uses: Iterable[TraceUse | Wanted], quantity_e4: int, capacity_e4: int
) -> tuple[int, ...]:
    """How much of a line's quantity comes out of each split pack: what each has left in turn, the rest out of the last."""
    if not capacity_e4 and codes:
        share, rest = divmod(quantity_e4, len(codes))
        return (*(share for _ in codes[1:]), share + rest)
    used: dict[str, int] = {}
    for use in uses:
        if isinstance(use, Wanted) or not use.freed:
            used[use.code] = used.get(use.code, 0) + use.quantity_e4
    parts: list[int] = []
    left = quantity_e4
    for position, code in enumerate(codes, start=1):
        part = left if position == len(codes) else min(left, max(0, capacity_e4 - used.get(code, 0)))
        parts.append(part)
        left -= part
    return tuple(parts)


def trace_refusal(uses: Iterable[TraceUse], wanted: Sequence[Wanted]) -> Refusal | None:
    """Why the codes of one settlement cannot be used, or None. ``uses``: every use of these codes so far, freed or not."""
    held: dict[str, list[TraceUse | Wanted]] = {}
    for use in uses:
        if not use.freed:
            held.setdefault(use.code, []).append(use)
    for want in wanted:
        refusal = code_refusal(want.code) or _clash(held.get(want.code, ()), want)
        if refusal is not None:
            return refusal
        held.setdefault(want.code, []).append(want)
    return None


def _clash(held: Sequence[TraceUse | Wanted], want: Wanted) -> Refusal | None:
    shown = f"追溯码 {want.code}"
    settled = next((use for use in held if use.settlement_id != want.settlement_id), None)
    if held and not want.split:
        code = "TRACE_CODE_SETTLED" if settled else "TRACE_CODE_TWICE"
        return Refusal(code, shown)
    for use in held:
        if not use.split:
            return Refusal("TRACE_CODE_SETTLED" if settled else "TRACE_CODE_TWICE", f"{shown} 已按整盒结算")
        if use.institution != want.institution:
            return Refusal("TRACE_CODE_SETTLED", f"{shown} 已在其他定点医药机构拆零结算")
        if use.item != want.item:
            return Refusal("TRACE_CODE_OTHER_ITEM", f"{shown} 已用于 {use.item}")
    used_e4 = sum(use.quantity_e4 for use in held)
    if want.split and want.capacity_e4 and used_e4 + want.quantity_e4 > want.capacity_e4:
        return Refusal(
            "TRACE_PACK_EXCEEDED",
            f"{shown} 每盒 {amount(want.capacity_e4)}，已用 {amount(used_e4)}，本次 {amount(want.quantity_e4)}",
        )
    return None


def amount(quantity_e4: int) -> str:
    """A quantity for people: no idle zeros."""
    sign = "-" if quantity_e4 < 0 else ""
    whole, rest = divmod(abs(quantity_e4), QUANTITY_UNIT)
    return f"{sign}{whole}.{rest:04d}".rstrip("0").rstrip(".")
