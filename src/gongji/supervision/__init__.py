"""Supervision (监督): what people tell the agency about services, charges and fraud (投诉举报), step by step.

``services`` has the verbs, ``selectors`` the reads; the life of a complaint is the table of ``states``.
"""

from gongji.supervision.states import ACTIONS, STATES
from gongji.supervision.values import ANONYMOUS, KINDS, TOPICS, Case, Complaint, Personal, Step

__all__ = ["ACTIONS", "ANONYMOUS", "KINDS", "STATES", "TOPICS", "Case", "Complaint", "Personal", "Step"]
