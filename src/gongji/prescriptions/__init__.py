"""Prescriptions (处方): the e-prescription centre (电子处方中心), and what fee lines say where it is not used.

``services`` has the verbs, ``selectors`` the reads, ``settling`` what a settlement asks, ``uploaded`` the prescriptions of 2204.
"""

from gongji.prescriptions.case import Case, Event, Hold, Taking
from gongji.prescriptions.states import STATES, VERBS
from gongji.prescriptions.values import (
    Bought,
    Diagnosis,
    Drug,
    Issue,
    Prescription,
    Private,
    Proxy,
    Sale,
    SaleLine,
)

__all__ = [
    "STATES",
    "VERBS",
    "Bought",
    "Case",
    "Diagnosis",
    "Drug",
    "Event",
    "Hold",
    "Issue",
    "Prescription",
    "Private",
    "Proxy",
    "Sale",
    "SaleLine",
    "Taking",
]
