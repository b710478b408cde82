"""Sheets and cases without a database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case, Hold
from gongji.prescriptions.limits import end_of_day, last_instant
from gongji.prescriptions.values import Drug, Prescription, Term, Terms
from tests.prescriptions.centre import AT, DAY, DOCTOR, HOSPITAL, IDS, A, B, C, drug

TERMS = Terms(
    split_allowed=Term(on=True),
    split_reason=Term(on=True, clause="SX2022-27.art14.b", article="晋医保办发〔2022〕27号 第十四条"),
    one_institution=Term(on=True, clause="SX2022-27.art14.c", article="晋医保办发〔2022〕27号 第十四条"),
)


def sheet(*drugs: Drug, **changes: Any) -> Prescription:
    """A prescription of three drugs, two boxes each, valid for three days."""
    values: dict[str, Any] = {
        "psn_no": "S1", "visit_id": 1, "issuer": HOSPITAL, "hosp_rx_no": "H1", "issued_at": AT, "doctor_code": DOCTOR,
        "drugs": drugs or (drug(A), drug(B), drug(C)), "rx_id": IDS.next(), "trace_code": "T" * 20, "group_id": 1,
        "group_on": DAY, "valid_until": last_instant(AT, 3, "calendar_inclusive"),
        "ends_at": last_instant(AT, 3, "calendar_inclusive"), "terms": TERMS, "law": "L", "checked_at": AT,
    }  # fmt: skip
    return Prescription(**(values | changes))


def long_sheet(*drugs: Drug, fills: int = 3, interval_days: int = 28) -> Prescription:
    """A long prescription fetched in parts."""
    return sheet(
        *(drugs or (drug(A, 6, 84), drug(B, 7, 84))), long=True, fills=fills, interval_days=interval_days,
        ends_at=end_of_day(DAY + timedelta(days=84)),
    )  # fmt: skip


def hold(pharmacy: str, *, fill: int = 1, proof: bool = False, minutes: int = 120) -> Hold:
    return Hold(
        institution=pharmacy, name=f"某药房{pharmacy[-1]}", since=AT, until=AT + timedelta(minutes=minutes), fill=fill,
        token="", proxy=False, event_no=1, proof=d.VerifiedSheet(1, "", "") if proof else None,
    )  # fmt: skip


def taken_to(state: str, prescription: Prescription | None = None, **changes: Any) -> Case:
    """A case with the events that lead to ``checked``, ``signed`` or ``circulating``."""
    case = Case(prescription=prescription or sheet())
    details = {
        "check": d.Checked(), "sign": d.SignedSheet("", "", "", "", "", ""), "circulate": d.Circulated("", "", ""),
    }  # fmt: skip
    for verb, reached in (("check", "checked"), ("sign", "signed"), ("circulate", "circulating")):
        after = step(
            case,
            Step(
                verb=verb,
                actor=Actor("institution", HOSPITAL),
                at=AT,
                institution=HOSPITAL,
                detail=details[verb],
            ),
        )
        assert not isinstance(after, Refusal), after
        case = after
        if reached == state:
            return case
    raise ValueError(state)
