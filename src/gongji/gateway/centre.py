"""What the trades of the prescription centre share: who may call which side, whose number it names, what is recorded.

Another institution's prescription does not exist for a caller: an answer must not confirm a guess.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import day_in_china
from gongji.gateway.accesses import IDENTITY
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.filing import actor_of
from gongji.gateway.idempotency import once
from gongji.gateway.rendering import encode
from gongji.members.access import Access, record_all
from gongji.members.values import Person
from gongji.prescriptions import selectors
from gongji.prescriptions.granting import pharmacy_today
from gongji.prescriptions.office import RxOffice
from gongji.providers.values import PHARMACY

if TYPE_CHECKING:
    from gongji.gateway.platform import Platform

__all__ = [
    "SHEET_FIELDS",
    "answered",
    "for_hospitals",
    "for_sellers",
    "office_at",
    "office_of",
    "once_here",
    "own",
    "record_shown",
    "same_certificate",
    "same_staff",
    "today",
]

SHEET_FIELDS = (*IDENTITY, "rxDetlList", "rxDiseList", "rxOtpinfo")
"""What a whole prescription shows of the person."""


def today(call: Call) -> date:
    return day_in_china(call.received_at)


def own(call: Call, code: str) -> Refusal | None:
    """An institution speaks for itself only."""
    return None if code == call.caller else Refusal("FORBIDDEN", "fixmedinsCode 须为本机构")


def for_hospitals(call: Call, code: str) -> Refusal | None:
    """Medical institutions prescribe; a pharmacy does not."""
    if call.provider.kind == PHARMACY:
        return Refusal("FORBIDDEN", f"【{call.message.infno}】只受理定点医疗机构的业务")
    return own(call, code)


def for_sellers(call: Call, code: str) -> Refusal | None:
    """Whoever fills prescriptions is a designated institution with the pooled agreement in force today."""
    wrong = own(call, code)
    if wrong is not None:
        return wrong
    place = pharmacy_today(office_of(call), call.caller)
    return place if isinstance(place, Refusal) else None


async def once_here(call: Call, rx_no: str, effect: Callable[[Connection], Awaitable[Reply]]) -> Reply:
    """``effect`` at most once, on a prescription that this institution has had in hand; another one does not exist here."""

    async def known(connection: Connection) -> Reply:
        if not await selectors.in_hand_of(connection, rx_no, call.caller):
            return Refusal("RX_NOT_FOUND")
        return await effect(connection)

    return await once(call, known)


def same_certificate(person: Person, cert_type: str, where: str) -> Refusal | None:
    """The kind of certificate must be the one that 1101 answers."""
    if cert_type.zfill(2) == person.cert_type.zfill(2):
        return None
    return Refusal("VOUCHER_MISMATCH", f"{where} 与参保登记的证件类型不一致")


def same_staff(call: Call, staff_code: str, name: str, where: str) -> Refusal | None:
    """A name in the message that is not the one under which the register knows this person. Who is not in the register, and who
    may do what, is for the verbs to say."""
    known = call.platform.providers.staff(call.caller, staff_code, today(call))
    if known is None or "".join(known.name.split()) == "".join(name.split()):
        return None
    return Refusal("BAD_FIELD", f"{where} 与医保医师、药师登记的姓名不一致")


def office_of(call: Call) -> RxOffice:
    """What a verb of the prescriptions room needs, for this message."""
    return office_at(call.platform, actor_of(call), call.received_at)


def office_at(platform: "Platform", actor: Actor, at: datetime) -> RxOffice:
    """The same for anybody who acts on this platform."""
    return RxOffice(
        law=platform.law,
        catalogue=platform.catalogue,
        book=platform.providers,
        vault=platform.vault,
        ids=platform.ids,
        signer=platform.signer,
        actor=actor,
        at=at,
        allow_draft=platform.allow_draft,
    )


def answered(row: msgspec.Struct | tuple[msgspec.Struct, ...]) -> Output:
    """A successful output that is nothing but ``data``."""
    return Output(b'{"data":%b}' % encode(row))


async def record_shown(connection: Connection, call: Call, psn_no: str, fields: tuple[str, ...]) -> None:
    """Record, in the transaction of a writing trade, that its answer shows ``fields`` of the person to the caller."""
    access = Access(
        psn_no, call.platform.ids.next(), call.received_at, actor_of(call), call.message.infno, fields
    )
    await record_all(connection, [access])
