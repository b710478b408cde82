"""The life of a prescription as one table: in which state what may happen, by whom, where it leads, what else must hold.

checked → signed → circulating → held → approved → filled; returned by the pharmacy's review, expired, withdrawn. A prescription of
which a part is taken is circulating again. Source: SX2022-27 第八至十四条, 国家医保接口 7101–7210, decisions A12, A16, A28.

Clauses: NHSA2023-4.s4.2.b.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.prescriptions.case import Case

__all__ = [
    "ROLES",
    "STATES",
    "TABLE",
    "VERBS",
    "Asked",
    "Transition",
    "clock_text",
    "held_by",
    "roles",
    "transition",
]

STATES: Final[dict[str, str]] = {
    "checked": "已预核验",
    "signed": "已签名",
    "circulating": "流转中",
    "held": "药店已接单",
    "approved": "审方通过",
    "returned": "药店退回，待开方医师确认",
    "filled": "已取完",
    "expired": "已失效",
    "withdrawn": "已撤销",
}
VERBS: Final[dict[str, str]] = {
    "check": "预核验",
    "sign": "医保电子签名",
    "circulate": "上传流转",
    "accept": "接单",
    "release": "释放",
    "lapse": "接单到时",
    "split": "登记拆分原因",
    "verify": "核验签名",
    "review_pass": "审方通过",
    "review_refuse": "审方不通过",
    "confirm": "医师确认",
    "dispense": "发药",
    "undispense": "撤销发药",
    "settle": "医保结算",
    "refund": "退费",
    "deliver": "配送",
    "sign_for": "签收",
    "expire": "失效",
    "withdraw": "撤销",
}
ROLES: Final[dict[str, str]] = {
    "issuer": "开方机构",
    "holder": "接单药店",
    "taker": "已取药的机构",
    "pharmacy": "定点零售药店",
    "system": "系统",
}
EXPIRY_CLAUSE: Final = "SX2022-27.art11"


class Asked(msgspec.Struct, frozen=True):
    """Something that an institution (empty: the system) wants to do with a prescription at an instant."""

    case: Case
    institution: str
    at: datetime


Guard = Callable[[Asked], Refusal | None]


def clock_text(at: datetime) -> str:
    """An instant as people read it, in China's time."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _in_time(asked: Asked) -> Refusal | None:
    """not after the last instant"""
    deadline = asked.case.deadline
    if asked.at <= deadline:
        return None
    return Refusal("RX_EXPIRED", f"有效至 {clock_text(deadline)}", EXPIRY_CLAUSE)


def _overdue(asked: Asked) -> Refusal | None:
    """the last instant has passed"""
    if asked.at > asked.case.deadline:
        return None
    return Refusal("RX_STATE", f"有效至 {clock_text(asked.case.deadline)}")


def _hold_live(asked: Asked) -> Refusal | None:
    """the hold has not run out"""
    until = asked.case.held_until
    if until is not None and asked.at <= until:
        return None
    return Refusal("RX_NOT_HELD", f"接单已于 {clock_text(until)} 失效" if until else "")


def _hold_over(asked: Asked) -> Refusal | None:
    """the hold has run out"""
    until = asked.case.held_until
    return Refusal("RX_STATE", "接单尚未到时") if until is None or asked.at <= until else None


def _untaken(asked: Asked) -> Refusal | None:
    """nothing is dispensed or settled"""
    if not asked.case.takings:
        return None
    taking = asked.case.takings[0]
    return Refusal("RX_ALREADY_DISPENSED", f"{taking.item} 已在 {taking.institution} 取药")


def _verified(asked: Asked) -> Refusal | None:
    """the signature is verified"""
    hold = asked.case.hold
    return None if hold is not None and hold.proof is not None else Refusal("RX_NOT_VERIFIED")


def _fill_open(asked: Asked) -> Refusal | None:
    """the fill is open"""
    fill = asked.case.fill_at(asked.at)
    opens = asked.case.opens_at(fill)
    if opens is not None and opens <= asked.at:
        return None
    return Refusal("RX_REFILL_TOO_EARLY", f"第 {fill} 次自 {clock_text(opens)[:10]} 起" if opens else "")


class Transition(msgspec.Struct, frozen=True):
    """One row: who (roles) may do ``verb`` in ``state``, which states it may lead to, what else must hold."""

    state: str
    verb: str
    who: tuple[str, ...]
    next: tuple[str, ...]
    guards: tuple[Guard, ...] = ()


_ISSUER: Final = ("issuer",)
_HOLDER: Final = ("holder",)
_TAKER: Final = ("taker",)
_SYSTEM: Final = ("system",)
_UNDO: Final = ("taker", "system")


def _afterwards(state: str, undone: tuple[str, ...]) -> tuple[Transition, ...]:
    """What the institution where drugs were taken may do in ``state``: take it back, deliver it."""
    return (
        Transition(state, "undispense", _TAKER, undone),
        Transition(state, "refund", _UNDO, undone),
        Transition(state, "deliver", _TAKER, (state,)),
        Transition(state, "sign_for", _TAKER, (state,)),
    )


TABLE: Final = (
    Transition("", "check", _ISSUER, ("checked",)),
    Transition("checked", "sign", _ISSUER, ("signed",), (_in_time,)),
    Transition("checked", "settle", _ISSUER, ("checked",)),
    Transition("checked", "refund", _UNDO, ("checked",)),
    Transition("checked", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("checked", "expire", _SYSTEM, ("expired",), (_overdue,)),
    Transition("signed", "sign", _ISSUER, ("signed",), (_in_time,)),
    Transition("signed", "circulate", _ISSUER, ("circulating",), (_in_time,)),
    Transition("signed", "settle", _ISSUER, ("signed",)),
    Transition("signed", "refund", _UNDO, ("signed",)),
    Transition("signed", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("signed", "expire", _SYSTEM, ("expired",), (_overdue,)),
    Transition("circulating", "accept", ("pharmacy", "taker"), ("held",), (_in_time, _fill_open)),
    Transition("circulating", "split", ("issuer", "taker"), ("circulating",)),
    Transition("circulating", "settle", ("issuer", "taker"), ("circulating", "filled")),
    Transition("circulating", "dispense", _TAKER, ("circulating",)),
    *_afterwards("circulating", ("circulating",)),
    Transition("circulating", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("circulating", "expire", _SYSTEM, ("expired",), (_overdue,)),
    Transition("held", "accept", _HOLDER, ("held",), (_in_time, _fill_open)),
    Transition("held", "release", _HOLDER, ("circulating",)),
    Transition("held", "lapse", _SYSTEM, ("circulating",), (_hold_over,)),
    Transition("held", "split", ("holder", "taker"), ("held",)),
    Transition("held", "verify", _HOLDER, ("held",), (_hold_live,)),
    Transition("held", "review_pass", _HOLDER, ("approved",), (_hold_live, _verified)),
    Transition("held", "review_refuse", _HOLDER, ("returned",), (_hold_live, _verified)),
    Transition("held", "settle", _TAKER, ("held",)),
    Transition("held", "dispense", _TAKER, ("held",)),
    *_afterwards("held", ("held",)),
    Transition("held", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("approved", "accept", _HOLDER, ("held",), (_in_time, _fill_open)),
    Transition("approved", "release", _HOLDER, ("circulating",)),
    Transition("approved", "lapse", _SYSTEM, ("circulating",), (_hold_over,)),
    Transition("approved", "split", ("holder", "taker"), ("approved",)),
    Transition("approved", "verify", _HOLDER, ("approved",), (_hold_live,)),
    Transition("approved", "dispense", ("holder", "taker"), ("approved", "circulating", "filled")),
    Transition("approved", "settle", ("holder", "taker"), ("approved", "circulating", "filled")),
    *_afterwards("approved", ("approved",)),
    Transition("approved", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("returned", "confirm", _ISSUER, ("circulating",), (_in_time,)),
    Transition("returned", "settle", _TAKER, ("returned",)),
    Transition("returned", "dispense", _TAKER, ("returned",)),
    *_afterwards("returned", ("returned",)),
    Transition("returned", "withdraw", _ISSUER, ("withdrawn",), (_untaken,)),
    Transition("returned", "expire", _SYSTEM, ("expired",), (_overdue,)),
    Transition("filled", "settle", _TAKER, ("filled",)),
    Transition("filled", "dispense", _TAKER, ("filled",)),
    *_afterwards("filled", ("filled", "circulating", "expired")),
    Transition("expired", "settle", ("issuer", "taker"), ("expired",)),
    Transition("expired", "dispense", _TAKER, ("expired",)),
    *_afterwards("expired", ("expired",)),
)
_BY_KEY: Final = {(row.state, row.verb): row for row in TABLE}


def roles(case: Case, institution: str) -> frozenset[str]:
    """What an institution is to the prescription; no institution: the system."""
    if not institution:
        return frozenset(("system",))
    found = {"issuer"} if institution == case.issuer else {"pharmacy"}
    if institution == case.holder:
        found.add("holder")
    if case.was_taken_at(institution):
        found.add("taker")
    return frozenset(found)


def transition(asked: Asked, verb: str) -> Transition | Refusal:
    """The row by which ``verb`` may be done now, or why it may not.

    Who is too late is told what happened meanwhile: withdrawn, expired, taken, or held by whom since when.
    """
    case = asked.case
    row = _BY_KEY.get((case.state, verb))
    mine = roles(case, asked.institution)
    if row is None or not mine.intersection(row.who):
        return _refusal(asked, verb, mine)
    for guard in row.guards:
        if (refusal := guard(asked)) is not None:
            return refusal
    return row


def _refusal(asked: Asked, verb: str, mine: frozenset[str]) -> Refusal:
    """Why there is no row: what is not one's own is not found, or not held; otherwise what happened meanwhile."""
    case = asked.case
    if _WHO[verb] == set(_ISSUER) and "issuer" not in mine:
        return Refusal("RX_NOT_FOUND", case.rx_no)
    if case.state == "withdrawn":
        return Refusal("RX_REVOKED", f"{case.rx_no} 于 {clock_text(case.events[-1].at)} 撤销")
    if case.state == "expired":
        return Refusal("RX_EXPIRED", f"有效至 {clock_text(case.deadline)}", EXPIRY_CLAUSE)
    if case.state == "filled" and verb != "check":
        return Refusal("RX_ALREADY_DISPENSED", case.rx_no)
    if verb in _OF_A_HOLDER and "holder" not in mine:
        known = verb in ("accept", "settle") or any(e.institution == asked.institution for e in case.events)
        if case.hold is not None and known:
            return held_by(case)
        if "issuer" not in mine:
            return Refusal("RX_NOT_HELD", STATES.get(case.state, "") if known else "")
    return Refusal("RX_STATE", f"{STATES.get(case.state, '未预核验')}，不能{VERBS[verb]}")


def held_by(case: Case) -> Refusal:
    """RX_HELD: which pharmacy was faster, since when, until when."""
    hold = case.hold
    assert hold is not None
    return Refusal(
        "RX_HELD",
        f"{hold.name or hold.institution} 于 {clock_text(hold.since)} 接单，保留至 {clock_text(hold.until)}",
    )


_WHO: Final = {verb: {role for row in TABLE if row.verb == verb for role in row.who} for verb in VERBS}
_OF_A_HOLDER: Final = frozenset(
    ("accept", "release", "split", "verify", "review_pass", "review_refuse", "dispense", "settle")
)
