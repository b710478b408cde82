"""The digest that names one state of the law, and the canonical text that it is the hash of.

Canonical: what the files mean, not how they are written. Order of files, of keys and comments do not matter;
every value, date and word does. A settlement stores the digest; whoever keeps the canonical text can restore
the very law.
"""

from collections.abc import Mapping

import msgspec

from gongji.base.hashing import sm3_hex
from gongji.policy.model import Cell, Decision, Document, Provision, RefusalRule, Vocabulary

_FORM = 1
"""Raised when the canonical form itself changes."""


class Canonical(msgspec.Struct, frozen=True):
    """Everything a library is made from, in canonical order."""

    form: int
    documents: dict[str, Document]
    vocabulary: Vocabulary
    decisions: dict[str, Decision]


def canonical_text(
    documents: Mapping[str, Document], vocabulary: Vocabulary, decisions: Mapping[str, Decision]
) -> bytes:
    """The canonical JSON of a library."""
    ordered = {identity: _document(document) for identity, document in documents.items()}
    content = Canonical(_FORM, ordered, _vocabulary(vocabulary), dict(decisions))
    return msgspec.json.encode(content, order="deterministic")


def digest_of(text: bytes) -> str:
    """64 hexadecimal digits of SM3 over a canonical text."""
    return sm3_hex(text)


def parse_canonical(text: bytes) -> Canonical:
    """The content of a canonical text. Raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(text, type=Canonical)


def _vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Choices and values are sets; their order in the file means nothing."""
    return Vocabulary(
        {
            name: msgspec.structs.replace(parameter, choices=tuple(sorted(parameter.choices)))
            for name, parameter in vocabulary.parameters.items()
        },
        {
            name: msgspec.structs.replace(attribute, values=tuple(sorted(attribute.values)))
            for name, attribute in vocabulary.attributes.items()
        },
        vocabulary.benefits,
        vocabulary.slots,
    )


def _document(document: Document) -> Document:
    declares = msgspec.structs.replace(
        document.declares,
        attributes=tuple(
            sorted((name, tuple(sorted(values))) for name, values in document.declares.attributes)
        ),
        labels=tuple(sorted(document.declares.labels)),
        dimensions=tuple(sorted(document.declares.dimensions)),
        categories=tuple(sorted(document.declares.categories)),
        items=tuple(sorted((name, tuple(sorted(codes))) for name, codes in document.declares.items or ()))
        or msgspec.UNSET,
    )
    provisions = tuple(_provision(provision) for provision in document.provisions)
    return msgspec.structs.replace(document, declares=declares, provisions=provisions)


def _provision(provision: Provision) -> Provision:
    cells = sorted((_cell(cell) for cell in provision.cells), key=lambda cell: (cell.key, cell.where))
    return msgspec.structs.replace(
        provision, cells=tuple(cells), refusals=tuple(_rule(rule) for rule in provision.refusals)
    )


def _cell(cell: Cell) -> Cell:
    return msgspec.structs.replace(
        cell, where=tuple((name, tuple(sorted(values))) for name, values in cell.where)
    )


def _rule(rule: RefusalRule) -> RefusalRule:
    return msgspec.structs.replace(
        rule,
        when=tuple(sorted(rule.when)),
        parameters=tuple(sorted(rule.parameters, key=lambda pair: pair[0])),
    )
