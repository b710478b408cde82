"""The 294 clauses of the documents, and where each is carried out: law → code → test → screen or document.

`catalogue` knows the clauses, `evidence` finds what names them, `report` writes the table. The words of
a clause stand in the policy library and nowhere else.
"""

from gongji.clauses.catalogue import Catalogue, Clause, load_catalogue
from gongji.clauses.evidence import Evidence, collect, find_root
from gongji.clauses.report import State, render, state_of

__all__ = [
    "Catalogue",
    "Clause",
    "Evidence",
    "State",
    "collect",
    "find_root",
    "load_catalogue",
    "render",
    "state_of",
]
