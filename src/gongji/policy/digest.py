"""The digest that names one state of the law: SM3 of its canonical JSON.

Canonical: what the files mean, not how they are written. Order of files, of keys and comments do not matter; every value, date
and word does. Settlements store it, so that they can be replayed under exactly this law.
"""

from collections.abc import Mapping

import msgspec

from gongji.base.hashing import sm3_hex
from gongji.policy.model import Document, Vocabulary

_FORM = 1
"""Raised when the canonical form itself changes."""


def library_digest(documents: Mapping[str, Document], vocabulary: Vocabulary) -> str:
    """64 hexadecimal digits of SM3 over the documents and the vocabulary."""
    content = {
        "form": _FORM,
        "documents": {identity: _document(document) for identity, document in documents.items()},
        "vocabulary": vocabulary,
    }
    return sm3_hex(msgspec.json.encode(content, order="deterministic"))


def _document(document: Document) -> object:
    """A document with everything whose order means nothing put in order."""
    declares = msgspec.structs.replace(
        document.declares,
        attributes=tuple(sorted(document.declares.attributes)),
        labels=tuple(sorted(document.declares.labels)),
        dimensions=tuple(sorted(document.declares.dimensions)),
        categories=tuple(sorted(document.declares.categories)),
    )
    provisions = tuple(
        msgspec.structs.replace(
            provision,
            cells=tuple(sorted(provision.cells, key=lambda cell: (cell.key, cell.where))),
            refusals=tuple(
                msgspec.structs.replace(
                    rule, when=tuple(sorted(rule.when)), parameters=tuple(sorted(rule.parameters, key=str))
                )
                for rule in provision.refusals
            ),
        )
        for provision in document.provisions
    )
    return msgspec.structs.replace(document, declares=declares, provisions=provisions)
