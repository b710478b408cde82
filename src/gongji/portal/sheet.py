"""A prescription as its member sees it: where it stands, until when, what is bought and what is open, what happened. Pure but for
names."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.gateway.platform import Platform
from gongji.portal.words import left, moment, place_name, quantity
from gongji.prescriptions import STATES, Case, Event
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, by_the_clock, step
from gongji.prescriptions.values import Drug

__all__ = ["DrugLine", "Fill", "Happened", "Sheet", "drugs_to_take", "history", "seen_at", "sheet_of"]

WAITING: Final = ("circulating", "held", "approved", "returned")
OVER: Final = ("filled", "expired", "withdrawn")
_BADGE: Final = {
    "circulating": "wait",
    "held": "info",
    "approved": "info",
    "returned": "bad",
    "filled": "ok",
    "expired": "bad",
}
_WORDS: Final = {"checked": "等医师签名", "signed": "等医院药师审核", "circulating": "待取药"}
"""Where the centre's own word says little to a member."""
_SAID: Final = {
    "check": "{place}开出处方，医保平台核验通过",
    "sign": "{place}签名",
    "circulate": "{place}的药师审核后上传，可以到药店取药",
    "accept": "{place}接单",
    "release": "{place}释放处方，可以到别处取药",
    "lapse": "接单到时，处方自动释放",
    "split": "{place}登记了部分药品到别处购买",
    "verify": "{place}核验了医院的签名",
    "review_pass": "{place}的药师审方通过",
    "review_refuse": "{place}的药师审方未通过，等待开方医师确认",
    "confirm": "{place}的医师确认处方",
    "dispense": "{place}发药",
    "undispense": "{place}撤销发药",
    "settle": "在{place}医保结算",
    "refund": "{place}退费，退回的药品可以再取",
    "deliver": "{place}配送中",
    "sign_for": "已签收{place}配送的药品",
    "expire": "处方已过有效期",
    "withdraw": "{place}撤销了处方",
}


class DrugLine(msgspec.Struct, frozen=True):
    """One drug: how much was prescribed, how much is this fill's, where it was taken."""

    drug: Drug
    whole: str
    share: str
    taken: str
    at: str


class Fill(msgspec.Struct, frozen=True):
    """One fetching of a long prescription. ``kind`` is a badge's."""

    number: int
    text: str
    kind: str


class Happened(msgspec.Struct, frozen=True):
    """A step in words."""

    at: datetime
    text: str
    more: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages show of a prescription."""

    rx_no: str
    case: Case
    state: str
    word: str
    kind: str
    group: str
    issuer: str
    left: str
    deadline: datetime
    opens: datetime | None
    holder: str
    can_show: bool
    drugs: tuple[DrugLine, ...]
    fills: tuple[Fill, ...]

    @property
    def drug_names(self) -> list[str]:
        return [line.drug.name or line.drug.item for line in self.drugs]

    @property
    def open_drugs(self) -> tuple[DrugLine, ...]:
        return tuple(line for line in self.drugs if not line.taken)

    @property
    def taken_drugs(self) -> tuple[DrugLine, ...]:
        return tuple(line for line in self.drugs if line.taken)


def seen_at(case: Case, at: datetime) -> Case:
    """The case as the clock has left it, written down or not: holds that have run out are over, what is past its last instant has
    expired."""
    now = by_the_clock(case, at)
    expired = step(now, Step(verb="expire", actor=SYSTEM, at=at))
    return now if isinstance(expired, Refusal) else expired


def drugs_to_take(case: Case, at: datetime) -> tuple[Drug, ...]:
    """What is open of the fill that may be taken next."""
    missing = case.missing(case.fill_at(at))
    return tuple(drug for drug in case.prescription.drugs if drug.item in missing)


def sheet_of(platform: Platform, stored: Case, at: datetime) -> Sheet:
    """The prescription at an instant."""
    case = seen_at(stored, at)
    fill = case.fill_at(at)
    opens = case.opens_at(fill)
    waits = opens if opens is not None and opens > at else None
    shows = case.state == "circulating" and waits is None
    word = (
        "未到取药时间"
        if case.state == "circulating" and waits
        else _WORDS.get(case.state, STATES[case.state])
    )
    return Sheet(
        rx_no=case.rx_no,
        case=case,
        state=case.state,
        word=word,
        kind="info" if waits and case.state == "circulating" else _BADGE.get(case.state, "info"),
        group="waiting" if case.state in WAITING else "over" if case.state in OVER else "begun",
        issuer=place_name(platform, case.issuer),
        left=left(case.deadline, at) if case.state not in OVER else "",
        deadline=case.deadline,
        opens=waits,
        holder=case.hold.name or place_name(platform, case.holder) if case.hold else "",
        can_show=shows,
        drugs=tuple(_line(platform, case, fill, drug) for drug in case.prescription.drugs),
        fills=_fills(case, at) if case.prescription.fills > 1 else (),
    )


def _line(platform: Platform, case: Case, fill: int, drug: Drug) -> DrugLine:
    taking = case.taken(fill, drug.item)
    share_e4 = case.prescription.share_e4(drug.item, fill)
    whole, share = quantity(drug.quantity_e4, drug.unit), quantity(share_e4, drug.unit)
    if taking is None:
        return DrugLine(drug, whole, share, "", "")
    return DrugLine(drug, whole, share, place_name(platform, taking.institution), moment(taking.at))


def _fills(case: Case, at: datetime) -> tuple[Fill, ...]:
    found = []
    for number in range(1, case.prescription.fills + 1):
        begun, opens = case.begun_at(number), case.opens_at(number)
        if begun is not None and case.complete(number):
            found.append(Fill(number, f"已于 {moment(begun)} 取完", "ok"))
        elif begun is not None:
            found.append(
                Fill(number, f"{moment(begun)} 取了一部分", "wait" if number == case.fill_at(at) else "info")
            )
        elif opens is None:
            found.append(Fill(number, f"上一次取药 {case.prescription.interval_days} 天后可取", "info"))
        elif opens > at:
            found.append(Fill(number, f"{moment(opens)[:5]} 起可取", "info"))
        else:
            found.append(Fill(number, "现在可取", "wait"))
    return tuple(found)


def history(platform: Platform, case: Case) -> tuple[Happened, ...]:
    """What happened, newest first."""
    return tuple(_happened(platform, event) for event in reversed(case.events))


def _happened(platform: Platform, event: Event) -> Happened:
    place = place_name(platform, event.institution) if event.institution else ""
    more = event.reason
    if isinstance(event.detail, d.Accepted):
        more = f"为您保留至 {moment(event.detail.held_until)}" + (
            "；由代购人办理" if event.detail.proxy else ""
        )
    elif isinstance(event.detail, d.Delivered):
        more = event.detail.note or event.detail.carrier
    return Happened(event.at, _SAID[event.verb].format(place=place), more)
