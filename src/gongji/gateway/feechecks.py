"""What fee lines are refused for before they are recorded: a suspended doctor, a fee after the end of its visit.

Doctors' codes that the register does not know are taken as they come, as before there was one.
"""

from collections.abc import Iterable
from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.encounters.values import FeeLine
from gongji.gateway.calls import Call
from gongji.prescriptions.limits import end_of_day, read_validity

__all__ = ["after_visit", "suspended_doctor"]


def suspended_doctor(call: Call, lines: Iterable[FeeLine]) -> Refusal | None:
    """DOCTOR_SUSPENDED for the first line that names somebody who is registered here and suspended on the fee's day, as the one
    who ordered or the one who carried out.
    """
    book = call.platform.providers
    for line in lines:
        on = day_in_china(line.occurred_at)
        for code in dict.fromkeys((line.doctor_code, line.receiving_doctor_code)):
            found = book.staff(call.caller, code, on) if code else None
            if found is not None and found.suspended:
                return Refusal("DOCTOR_SUSPENDED", f"feedetl_sn {line.key}，{found.name}（{code}），{on}")
    return None


def after_visit(call: Call, service_on: date, lines: Iterable[FeeLine]) -> Refusal | None:
    """VISIT_PERIOD_OVER for the first fee of a day on which the visit is no longer open (decision A09): it is so to the end
    of the days for which a prescription of the service day is valid. When the fee is uploaded does not matter. In an area whose
    documents the library does not hold, nothing is known of that period.
    """
    validity = read_validity(call.platform.law, call.provider.region, service_on)
    if isinstance(validity, Refusal):
        return None
    last = validity.last(end_of_day(service_on))
    for line in lines:
        if line.occurred_at > last:
            on, last_on = day_in_china(line.occurred_at), day_in_china(last)
            detail = f"feedetl_sn {line.key} 发生于 {on}，就诊有效至 {last_on}"
            return Refusal("VISIT_PERIOD_OVER", detail, validity.days.clause, validity.days.citation)
    return None
