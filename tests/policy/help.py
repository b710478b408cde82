"""Small laws written in a test: a document in a few words, and the rows and problems that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gongji.policy import Law, LibraryError, Row, compile_law, library_files, library_from_texts, load_library

SCHEMES = Path(__file__).parent / "schemes"
SUMMER = date(2024, 8, 15)
"""A day under 晋医保发〔2024〕11号."""
BEFORE = date(2024, 5, 10)
"""A day before it."""

HEAD = """
document: {{id: {id}, number: 测试〔{id}〕, title: 测试, region: "{region}", status: {status}, issued_on: {issued}}}
in_force: {{from: {since}{until}}}
"""


def document(
    body: str,
    identity: str = "T1",
    region: str = "9901",
    since: str = "2024-01-01",
    until: str = "",
    status: str = "in-force",
    issued: str = "2023-12-01",
) -> str:
    """A document of the test region with ``body`` (declares, provisions, …)."""
    head = HEAD.format(
        id=identity,
        region=region,
        status=status,
        issued=issued,
        since=since,
        until=f", until: {until}" if until else "",
    )
    return head + body


def sets(clause: str, values: str, extra: str = "") -> str:
    """One provision that sets ``values`` (flow YAML)."""
    return f"provisions:\n  - {{clause: {clause}, article: 第一条, text: 测试, {extra}sets: {{{values}}}}}\n"


def law_of(*texts: str) -> Law:
    """The law of these documents beside the built-in ones."""
    return compile_law(library_from_texts({f"t{number}.yaml": text for number, text in enumerate(texts)}))


def problems_of(*texts: str) -> list[str]:
    """Everything that loading these documents complains of."""
    try:
        library_from_texts({f"t{number}.yaml": text for number, text in enumerate(texts)})
    except LibraryError as error:
        return [str(problem) for problem in error.problems]
    return []


def scheme(name: str) -> Law:
    """The law with one of the schemes beside the built-in documents."""
    return compile_law(load_library([*library_files(), SCHEMES / f"{name}.yaml"]))


def row(law: Law, region: str, on: date, attributes: Mapping[str, str], benefit: str = "ordinary") -> Row:
    """The row, which must exist."""
    found = law.row(region, on, attributes, benefit)
    assert isinstance(found, Row), found.text
    return found


FACTS = {
    "insured": "yes",
    "has_account": "yes",
    "arrears": "no",
    "waiting": "no",
    "designated": "yes",
    "pooled_agreement": "yes",
    "voucher": "yes",
    "prescription": "valid",
    "status": "active",
    "place": "pharmacy",
}
"""A visit that nothing speaks against."""
