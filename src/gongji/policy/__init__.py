"""The law as data: documents, provisions and dated values, compiled to integer rows for the kernel.

``load_library`` reads and checks the YAML files, ``compile_law`` makes the fast form that the other rooms
ask.
"""

from gongji.base.regions import normalise_region
from gongji.policy.answers import Matrix, Row, Value
from gongji.policy.cases import case_region, from_case_parameters, law_with_fixtures, overridden
from gongji.policy.law import Law, compile_law
from gongji.policy.loader import (
    DEMO_OVERLAY,
    dump_library,
    extend_library,
    library_files,
    library_from_texts,
    load_library,
    restore_library,
)
from gongji.policy.model import CONFIDENCE_WORDS, Library, LibraryError, Problem, Provision

__all__ = [
    "CONFIDENCE_WORDS",
    "DEMO_OVERLAY",
    "Law",
    "Library",
    "LibraryError",
    "Matrix",
    "Problem",
    "Provision",
    "Row",
    "Value",
    "case_region",
    "compile_law",
    "dump_library",
    "extend_library",
    "from_case_parameters",
    "law_with_fixtures",
    "library_files",
    "library_from_texts",
    "load_library",
    "normalise_region",
    "overridden",
    "restore_library",
]
