"""What a member still has of what was prescribed: the same drug is not prescribed twice (处方管理办法 第三十五条). Pure.

A drug runs from the day of its first taking, or while it may still be taken, for the days the doctor wrote. What was withdrawn or
has expired untaken runs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from gongji.base.times import day_in_china
from gongji.prescriptions.case import Case

__all__ = ["Running", "running"]

OVER = ("withdrawn", "expired")


class Running(msgspec.Struct, frozen=True):
    """One drug of one prescription that has days left on a day, the day itself included."""

    item: str
    name: str
    quantity_e4: int
    unit: str
    days_left: int
    until_on: date
    taken: bool
    rx_no: str
    issuer: str
    issued_on: date


def running(cases: Iterable[Case], on: date) -> list[Running]:
    """What of these prescriptions has days left on ``on``, the longest first."""
    found = [one for case in cases for one in _of(case, on)]
    return sorted(found, key=lambda one: (-one.days_left, one.item))


def _of(case: Case, on: date) -> Iterator[Running]:
    sheet = case.prescription
    for drug in sheet.drugs:
        takings = [taking for taking in case.takings if taking.item == drug.item]
        if not takings and case.state in OVER:
            continue
        begun_on = min((day_in_china(taking.at) for taking in takings), default=on)
        until_on = begun_on + timedelta(days=max(-(-drug.days_e2 // 100), 1) - 1)
        if until_on < on:
            continue
        yield Running(
            item=drug.item,
            name=drug.name,
            quantity_e4=drug.quantity_e4,
            unit=drug.unit,
            days_left=(until_on - on).days + 1,
            until_on=until_on,
            taken=bool(takings),
            rx_no=case.rx_no,
            issuer=case.issuer,
            issued_on=sheet.issued_on,
        )
