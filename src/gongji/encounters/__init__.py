"""Encounters (就诊): visits, diagnoses and fee lines that institutions upload before they settle."""

from gongji.encounters.rules import ALL_BATCHES, MAX_LINES, main_diagnosis, refuse_lines
from gongji.encounters.values import (
    Diagnosis,
    Dispensed,
    FeeBatch,
    FeeLine,
    Registration,
    Visit,
    VisitInfo,
)

__all__ = [
    "ALL_BATCHES",
    "MAX_LINES",
    "Diagnosis",
    "Dispensed",
    "FeeBatch",
    "FeeLine",
    "Registration",
    "Visit",
    "VisitInfo",
    "main_diagnosis",
    "refuse_lines",
]
