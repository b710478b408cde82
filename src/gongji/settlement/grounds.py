"""What a command settles: an uploaded fee batch of a visit, a pharmacy's sale or a manual claim; and where. Nothing about the
person yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA, day_in_china
from gongji.catalog.values import Item
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeBatch, FeeLine, Visit
from gongji.providers.values import ProviderDay
from gongji.settlement.commands import Claim, Purchase, SettleCommand

__all__ = ["ONLY_BATCH", "Ground", "PlaceOn", "Prescribing", "Supposed", "read_grounds"]

ONLY_BATCH: Final = "1"
"""Batch number of what comes in one piece: a sale, a claim."""
PlaceOn = Callable[[str, date], ProviderDay | None]
"""The institution of a code on a day."""


class Prescribing(msgspec.Struct, frozen=True):
    """The visit that is to write a prescription: where, its number, its group and the day."""

    institution: str
    visit_id: int
    group_id: int
    on: date


class Supposed(msgspec.Struct, frozen=True):
    """What an estimate assumes of care that has not happened (``trials``). ``items``: what a line is, by its number, where it is an
    amount of a category and no item of the catalogue; ``prescribed``: the lines of a sale are on a prescription of their own,
    or on one that the visit ``by`` is to write.
    """

    items: Mapping[str, Item] = {}
    prescribed: bool = False
    by: Prescribing | None = None


class Ground(msgspec.Struct, frozen=True):
    """What a command settles, before anything about the person is known; with ``supposed`` it is only estimated."""

    command: SettleCommand
    visit_id: int
    group_id: int
    batch_no: str
    med_type: str
    voucher_type: str
    disease_code: str
    service_on: date
    place: ProviderDay
    lines: tuple[FeeLine, ...]
    rx_no: str
    supposed: Supposed | None = None

    def traces(self, line: FeeLine) -> tuple[tuple[str, str], ...]:
        """Trace codes of a line, each with its 拆零标志: sent with the line, or beside a settlement of uploaded lines."""
        return line.traces or self.command.traces.get(line.key, ())

    @property
    def received_on(self) -> date:
        """The day in China on which it is settled, and money moves."""
        return day_in_china(self.command.received_at)

    @property
    def sold_at(self) -> datetime:
        """When a pharmacy's sale or what is claimed began, as message or application says; an estimate: now or that day's end."""
        if self.supposed is not None:
            return min(self.command.received_at, datetime.combine(self.service_on, time.max, CHINA))
        asked = self.command.purchase or self.command.claim
        assert asked is not None
        return asked.registration.begun_at

    def sale(self, group_id: int) -> dict[str, Any]:
        """The visit and fee lines of a pharmacy sale as ``encounters_record_purchases`` takes them."""
        command = self.command
        assert command.purchase is not None
        registration = command.purchase.registration
        return {
            "psn_no": command.psn_no,
            "visit_id": self.visit_id,
            "caller": command.caller,
            "ipt_otp_no": registration.ipt_otp_no,
            "insutype": registration.insutype,
            "voucher_type": registration.voucher_type,
            "med_type": self.med_type,
            "begun_at": registration.begun_at,
            "service_on": self.service_on,
            "group_id": group_id,
            "disease_code": self.disease_code,
            "registered_at": command.received_at,
            "batch_no": self.batch_no,
            "part_id": self.visit_id,
            "lines": self.lines,
            "line_keys": [line.key for line in self.lines],
            "total_fen": sum(line.amount_fen for line in self.lines),
        }


async def read_grounds(
    conn: Connection, commands: Sequence[SettleCommand], place: PlaceOn, next_id: Callable[[], int]
) -> list[Ground | Refusal]:
    uploaded = [command for command in commands if command.purchase is None and command.claim is None]
    visits: Mapping[tuple[str, int], Visit] = {}
    batches: Mapping[tuple[str, int, str], FeeBatch] = {}
    if uploaded:
        visits = await encounters.visits(conn, [(c.psn_no, c.visit_id) for c in uploaded])
        batches = await encounters.fee_batches(conn, [(c.psn_no, c.visit_id, c.batch_no) for c in uploaded])
    found: list[Ground | Refusal] = []
    for command in commands:
        if command.claim is not None:
            found.append(_claim(command, command.claim))
        elif command.purchase is not None:
            found.append(_purchase(command, command.purchase, place, next_id))
        else:
            visit = visits.get((command.psn_no, command.visit_id))
            batch = batches.get((command.psn_no, command.visit_id, command.batch_no))
            found.append(_uploaded(command, place, visit, batch))
    return found


def _claim(command: SettleCommand, claim: Claim) -> Ground:
    registration = claim.registration
    return Ground(
        command=command,
        visit_id=claim.claim_id,
        group_id=claim.claim_id,
        batch_no=ONLY_BATCH,
        med_type=command.med_type or registration.med_type,
        voucher_type=registration.voucher_type,
        disease_code=claim.disease_code,
        service_on=registration.service_on,
        place=claim.place,
        lines=claim.lines,
        rx_no=next((line.rx_no for line in claim.lines if line.rx_no), ""),
    )


def _uploaded(
    command: SettleCommand, place_on: PlaceOn, visit: Visit | None, batch: FeeBatch | None
) -> Ground | Refusal:
    if visit is None:
        return Refusal("UNKNOWN_VISIT", str(command.visit_id))
    if visit.caller != command.caller:
        return Refusal("VISIT_OF_ANOTHER_INSTITUTION", str(command.visit_id))
    if visit.state != "open":
        return Refusal("VISIT_CLOSED", str(command.visit_id))
    if batch is None:
        return Refusal("FEE_BATCH_UNKNOWN", command.batch_no)
    place = place_on(command.caller, visit.service_on)
    if place is None:
        return Refusal("UNKNOWN_INSTITUTION", command.caller)
    return Ground(
        command=command,
        visit_id=visit.visit_id,
        group_id=visit.group_id,
        batch_no=command.batch_no,
        med_type=command.med_type or visit.med_type,
        voucher_type=visit.voucher_type,
        disease_code=batch.lines[0].disease_code or visit.disease_code,
        service_on=visit.service_on,
        place=place,
        lines=batch.lines,
        rx_no=next((line.rx_no for line in batch.lines if line.rx_no), ""),
    )


def _purchase(
    command: SettleCommand, purchase: Purchase, place_on: PlaceOn, next_id: Callable[[], int]
) -> Ground | Refusal:
    registration = purchase.registration
    place = place_on(command.caller, registration.service_on)
    if place is None:
        return Refusal("UNKNOWN_INSTITUTION", command.caller)
    visit_id = next_id()
    return Ground(
        command=command,
        visit_id=visit_id,
        group_id=visit_id,
        batch_no=ONLY_BATCH,
        med_type=command.med_type or registration.med_type,
        voucher_type=registration.voucher_type,
        disease_code=purchase.disease_code,
        service_on=registration.service_on,
        place=place,
        lines=purchase.lines,
        rx_no=purchase.rx_no or next((line.rx_no for line in purchase.lines if line.rx_no), ""),
    )
