"""What became of a prescription at the pharmacy, as the hospital is told: review (7106) and what was taken (7107)."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from gongji.base.codes import label
from gongji.gateway.messages import rxout
from gongji.gateway.rxsheet import fetched, status
from gongji.gateway.values import flag, moment, quantity
from gongji.prescriptions.case import Case, Event
from gongji.prescriptions.details import Reviewed, SettledParts, Sold
from gongji.prescriptions.values import Drug, SaleLine

__all__ = ["collection", "review"]


def review(case: Case, at: datetime) -> rxout.ReviewFound:
    """data of 7106: the newest review by a pharmacy; nulls while there is none."""
    found, stands = _last_event(case, Reviewed), status(case, at)
    detail = found.detail if found else None
    reviewed = detail if isinstance(detail, Reviewed) else None
    passed = flag(found.verb == "review_pass") if found else None
    return rxout.ReviewFound(
        hiRxno=case.rx_no,
        pharName=reviewed.reviewer_name if reviewed else None,
        pharCode=reviewed.reviewer_code if reviewed else None,
        rxChkStasCodg=passed,
        rxChkOpnn=reviewed.opinion if reviewed else None,
        rxChkTime=moment(reviewed.reviewed_at) if reviewed else None,
        rxStasCodg=stands.code,
        rxStasName=stands.name,
        rxChkStasName=label("rx_chk_stas_codg", passed) if passed else None,
    )


def collection(case: Case, at: datetime) -> rxout.CollectionFound:
    """7107: what was taken of each drug so far, and when it was settled last."""
    settled, stands = _last_event(case, SettledParts), status(case, at)
    in_force = {taking.settlement_id for taking in case.takings}
    settled_at = settled.at if settled and _settlement(settled) in in_force else None
    return rxout.CollectionFound(
        data=rxout.Collection(
            hiRxno=case.rx_no,
            setlTime=moment(settled_at),
            rxStasCodg=stands.code,
            rxStasName=stands.name,
            rxUsedStasCodg=stands.used_code,
            rxUsedStasName=stands.used_name,
        ),
        seltdelts=tuple(_taken(case, drug) for drug in case.prescription.drugs),
    )


def _settlement(event: Event) -> int:
    return event.detail.settlement_id if isinstance(event.detail, SettledParts) else 0


def _taken(case: Case, drug: Drug) -> rxout.TakenDrug:
    taken = [taking for taking in case.takings if taking.item == drug.item]
    lines = [line for line in _sold(case) if line.item == drug.item]
    line = lines[-1] if lines else None
    more = {**dict(drug.more), **dict(line.more if line else ())}
    return rxout.TakenDrug(
        medListCodg=drug.item,
        drugGenname=drug.name,
        drugProdname=more.get("drugProdname"),
        drugDosform=drug.dosform,
        drugSpec=drug.spec,
        cnt=quantity(sum(taking.quantity_e4 for taking in taken)),
        aprvno=more.get("aprvno"),
        bchno=line.batch or None if line else None,
        manuLotnum=line.lot or None if line else None,
        prdrName=more.get("prdrName"),
        takeDrugFlag=flag(bool(taken) and all(map(fetched, taken))),
    )


def _last_event(case: Case, kind: type[msgspec.Struct]) -> Event | None:
    return next((event for event in reversed(case.events) if isinstance(event.detail, kind)), None)


def _sold(case: Case) -> Iterator[SaleLine]:
    """Lines of sales that are still in force."""
    sales = {taking.sale_sn for taking in case.takings}
    for event in case.events:
        if isinstance(event.detail, Sold) and event.detail.sale_sn in sales:
            yield from event.detail.lines
