"""How a pharmacy gets at a prescription: the member's code, the member's identity, or an authorisation online (7201–7203).

Each gives a grant with a token, which one download uses up. Source: SX2022-27 第十二条, 国家医保接口 7201–7203.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.prescriptions import codes, selectors
from gongji.prescriptions.advance import by_the_clock
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.states import Asked, transition
from gongji.providers.rules import standing_refusal
from gongji.providers.values import PHARMACY, ProviderDay

__all__ = ["Code", "Grant", "authorise", "authorise_online", "decode", "pharmacy_today", "show_code"]

OPEN_STATES: Final = ("circulating", "held", "approved")
SELLER_CLAUSE: Final = "SX2022-27.art10.b"


class Code(msgspec.Struct, frozen=True):
    """What the member shows (二维码), or the number of an online authorisation."""

    text: str
    until: datetime

    def __repr__(self) -> str:
        return f"Code(until {self.until})"


class Grant(msgspec.Struct, frozen=True):
    """Access to one prescription: 授权编号, 令牌, until when, and the prescription."""

    auth_no: str
    token: str
    until: datetime
    case: Case

    def __repr__(self) -> str:
        return f"Grant({self.auth_no!r})"


def pharmacy_today(office: RxOffice, code: str) -> ProviderDay | Refusal:
    """The retail pharmacy, if it may fill prescriptions today: designated and pooled (SX2022-27 第十条)."""
    place = office.place(code)
    if isinstance(place, Refusal):
        return place
    if place.kind != PHARMACY:
        return Refusal("FORBIDDEN", "处方在开方机构或零售药店取药", SELLER_CLAUSE)
    refusal = standing_refusal(place)
    if refusal is not None:
        return refusal
    return place if place.pooled_agreement else Refusal("NOT_POOLED_PROVIDER", place.name)


async def show_code(
    conn: Connection, office: RxOffice, psn_no: str, rx_no: str, *, pharmacy: str = ""
) -> Code | Refusal:
    """A code for the member's own prescription; with ``pharmacy`` an authorisation that only this one can use online."""
    case = await selectors.case(conn, rx_no)
    if case is None or case.psn_no != psn_no:
        return Refusal("RX_NOT_FOUND", rx_no[:40])
    refusal = _takeable(case, office.at, pharmacy)
    if refusal is not None:
        return refusal
    region = _region(office, case)
    until = region if isinstance(region, Refusal) else codes.lifetime(office, region)
    if isinstance(until, Refusal):
        return until
    kind = codes.ONLINE if pharmacy else codes.CODE
    return Code(await codes.issue(conn, office, case, kind, pharmacy=pharmacy, until=until), until)


async def authorise(
    conn: Connection, office: RxOffice, pharmacy: str, psn_no: str, evidence: str
) -> tuple[Grant, ...] | Refusal:
    """Grants for everything that the member can fetch at this pharmacy now (7201); the caller has verified who the member is.

    ``evidence`` says how (kept with the hold). Empty: nothing to fetch.
    """
    place = pharmacy_today(office, pharmacy)
    until = place if isinstance(place, Refusal) else codes.lifetime(office, place.region)
    if isinstance(until, Refusal):
        return until
    auth_id = office.ids.next()
    grants: list[Grant] = []
    async with conn.transaction():
        for case in await selectors.of_person(conn, psn_no, OPEN_STATES):
            if _takeable(case, office.at, pharmacy) is not None:
                continue
            token = await codes.issue(
                conn,
                office,
                case,
                codes.ACCESS,
                pharmacy=pharmacy,
                until=until,
                auth_id=auth_id,
                evidence=evidence,
            )
            grants.append(Grant(str(auth_id), token, until, case))
    return tuple(grants)


async def authorise_online(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, auth_sn: str
) -> Grant | Refusal:
    """The grant for an online authorisation (7202): the number is for this pharmacy and this prescription."""
    return await _redeem(conn, office, pharmacy, auth_sn, codes.ONLINE, rx_no)


async def decode(conn: Connection, office: RxOffice, pharmacy: str, code: str) -> Grant | Refusal:
    """The grant for the code that the member shows (7203)."""
    return await _redeem(conn, office, pharmacy, code, codes.CODE, None)


async def _redeem(
    conn: Connection, office: RxOffice, pharmacy: str, text: str, kind: str, rx_no: str | None
) -> Grant | Refusal:
    place = pharmacy_today(office, pharmacy)
    until = place if isinstance(place, Refusal) else codes.lifetime(office, place.region)
    if isinstance(until, Refusal):
        return until
    found = await codes.find(conn, office, text, kind, pharmacy)
    if isinstance(found, Refusal):
        return found
    case = await selectors.case(conn, str(found.rx_id))
    if case is None or (rx_no is not None and case.rx_no != rx_no):
        return Refusal("RX_CODE_UNKNOWN")
    refusal = _takeable(case, office.at, pharmacy)
    if refusal is not None:
        return refusal
    auth_id = office.ids.next()
    async with conn.transaction():
        if (refusal := await codes.use(conn, office, found, pharmacy)) is not None:
            return refusal
        token = await codes.issue(
            conn, office, case, codes.ACCESS, pharmacy=pharmacy, until=until, auth_id=auth_id, evidence=kind
        )
    return Grant(str(auth_id), token, until, case)


def _takeable(case: Case, at: datetime, pharmacy: str) -> Refusal | None:
    """Why the prescription could not be accepted now at ``pharmacy`` (empty: at any)."""
    now = by_the_clock(case, at)
    row = transition(Asked(now, pharmacy or "任一药店", at), "accept")
    return row if isinstance(row, Refusal) else None


def _region(office: RxOffice, case: Case) -> str | Refusal:
    place = office.place(case.issuer)
    return place if isinstance(place, Refusal) else place.region
