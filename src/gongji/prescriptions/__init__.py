"""Prescriptions (处方): what a visit prescribed, until when it may be filled, and where it was."""

from gongji.prescriptions.rules import same_drug_elsewhere, valid_until, validity
from gongji.prescriptions.values import PrescribedItem, Prescription

__all__ = ["PrescribedItem", "Prescription", "same_drug_elsewhere", "valid_until", "validity"]
