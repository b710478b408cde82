"""Bringing dispensed drugs to the member: where a delivery is, and that it was signed for (7209, 7210).

Address, consignee and courier are personal and stored sealed with the event. Source: 国家医保接口 7209、7210.

Clauses: NHSA2023-4.s3.1.c.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case, Event
from gongji.prescriptions.office import RxOffice, seal_event
from gongji.prescriptions.values import Texts
from gongji.prescriptions.writing import change

__all__ = ["Delivery", "Receipt", "deliver", "sign_for"]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Where a delivery is (7209); ``private``: address, consignee, courier, by national name, stored sealed."""

    delivery_no: str
    status: str
    status_at: datetime
    carrier: str = ""
    note: str = ""
    private: Texts = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The member has the drugs (7210); ``private`` as in ``Delivery``."""

    received_at: datetime
    delivery_no: str = ""
    way: str = ""
    note: str = ""
    private: Texts = ()


async def deliver(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, delivery: Delivery
) -> Case | Refusal:
    """Where a delivery of dispensed drugs is (7209)."""
    detail = d.Delivered(
        delivery.delivery_no, delivery.status, delivery.status_at, delivery.carrier, delivery.note
    )
    return await _delivery_step(conn, office, pharmacy, rx_no, "deliver", detail, delivery.private)


async def sign_for(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, receipt: Receipt
) -> Case | Refusal:
    """The member has signed for a delivery (7210). DELIVERY_UNKNOWN: none of that number is on its way."""
    detail = d.Received(receipt.delivery_no, receipt.received_at, receipt.way, receipt.note)
    return await _delivery_step(conn, office, pharmacy, rx_no, "sign_for", detail, receipt.private)


async def _delivery_step(
    conn: Connection,
    office: RxOffice,
    pharmacy: str,
    rx_no: str,
    verb: str,
    detail: d.Delivered | d.Received,
    private: Texts,
) -> Case | Refusal:
    def decide(case: Case) -> Case | Refusal:
        sealed = (
            seal_event(office.vault, case, case.version + 1, msgspec.json.encode(private))
            if private
            else None
        )
        wanted = Step(
            verb=verb, actor=office.actor, at=office.at, institution=pharmacy, detail=detail, sealed=sealed
        )
        after = step(case, wanted)
        if (
            isinstance(after, Case)
            and verb == "sign_for"
            and not _on_its_way(case.events, pharmacy, detail.delivery_no)
        ):
            return Refusal("DELIVERY_UNKNOWN", detail.delivery_no)
        return after

    return await change(conn, rx_no, office.at, decide)


def _on_its_way(events: Iterable[Event], pharmacy: str, delivery_no: str) -> bool:
    return any(
        isinstance(event.detail, d.Delivered)
        and event.institution == pharmacy
        and delivery_no in ("", event.detail.delivery_no)
        for event in events
    )
