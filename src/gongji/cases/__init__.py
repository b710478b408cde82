"""Cases 案例: tests that an official can read, run by the same rules as the counter, and questions in the
same words.

``load`` reads a file, ``run_file`` runs it, ``document`` says everything computed as JSON; the form is
docs/cases.md.
"""

from gongji.cases.document import document
from gongji.cases.form import Case, CaseError, CaseFile
from gongji.cases.loader import load, read
from gongji.cases.runner import CaseResult, FileResult, StepResult, run_case, run_file

__all__ = [
    "Case",
    "CaseError",
    "CaseFile",
    "CaseResult",
    "FileResult",
    "StepResult",
    "document",
    "load",
    "read",
    "run_case",
    "run_file",
]
