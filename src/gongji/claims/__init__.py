"""Manual claims (零星报销): applications with their documents, two reviews, settlement by the engine, payment, terms.

The room's verbs are in ``services`` (receipt to approval), ``settling`` and ``paying``; ``selectors`` reads.
"""

from gongji.claims.case import Case
from gongji.claims.office import Office
from gongji.claims.states import STATES
from gongji.claims.steps import Taker
from gongji.claims.values import Application, ClaimVisit, Payee, Personal, Place, Verdict

__all__ = [
    "STATES",
    "Application",
    "Case",
    "ClaimVisit",
    "Office",
    "Payee",
    "Personal",
    "Place",
    "Taker",
    "Verdict",
]
