"""Where a checkout names the clauses. Files are read, nothing is run.

- **code**: a clause id anywhere in a file under ``src`` (docstring, comment or value). In the policy
  library only comments, and provisions that fix a value, a refusal or a requirement: words alone are no
  evidence.
- **tests**: ``pytest.mark.clause("…")`` on a test, a class, a module or a parameter set; and the
  ``clauses:`` of a golden case.
- **screens**: a clause id in a template; **documents**: a clause id in a page under ``docs``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from gongji.clauses.catalogue import Catalogue

__all__ = ["Citation", "Evidence", "collect", "find_root", "marks_in"]

GENERATED: Final = "docs/clauses.md"
CODE_SUFFIXES: Final = frozenset({".py", ".sql", ".yaml", ".toml"})
SCREEN_SUFFIXES: Final = frozenset({".html"})
OWN: Final = ("src/gongji/clauses/", "src/gongji/project/cli/clauses.py")
LIBRARY_FOLDER: Final = "src/gongji/policy/library/"
VALUE: Final = "value"
"""Name of a citation that is only a value of the policy library."""
RULE: Final = "rule"
"""Name of a citation that is a refusal rule of the policy library."""
PROVISION: Final = re.compile(r"\s*-?\s*\{?clause:\s*[\"']?([\w.-]+)")


class Citation(msgspec.Struct, frozen=True, order=True):
    """One place that names a clause: a file; in tests the test or case, in the library ``value`` or ``rule``."""

    file: str
    name: str = ""


class Evidence(msgspec.Struct, frozen=True):
    """What was found, by kind of place: clause id → places, sorted. ``unknown``: ids that no document has."""

    code: Mapping[str, tuple[Citation, ...]]
    tests: Mapping[str, tuple[Citation, ...]]
    screens: Mapping[str, tuple[Citation, ...]]
    documents: Mapping[str, tuple[Citation, ...]]
    unknown: tuple[tuple[str, Citation], ...]


def find_root(start: Path) -> Path | None:
    """The checkout that ``start`` lies in: the nearest folder upwards that looks like one, or None."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "src" / "gongji").is_dir():
            return folder
    return None


def collect(root: Path, catalogue: Catalogue) -> Evidence:
    """Read the checkout at ``root`` and find every place that names a clause.

    Raises SyntaxError for a test file that Python cannot read.
    """
    found: dict[str, dict[str, set[Citation]]] = {"code": {}, "tests": {}, "screens": {}, "documents": {}}
    unknown: set[tuple[str, Citation]] = set()
    for mention in _mentions(root, catalogue):
        if mention.cited in catalogue.clauses:
            found[mention.kind].setdefault(mention.cited, set()).add(mention.place)
        elif not catalogue.knows(mention.cited) and not (
            mention.prose and catalogue.is_article(mention.cited)
        ):
            unknown.add((mention.cited, mention.place))
    ordered = {
        kind: {key: tuple(sorted(v)) for key, v in sorted(places.items())} for kind, places in found.items()
    }
    return Evidence(**ordered, unknown=tuple(sorted(unknown)))


class _Mention(msgspec.Struct, frozen=True):
    """An id found somewhere. In ``prose`` a whole article may be named; a marker has to be exact."""

    kind: str
    cited: str
    place: Citation
    prose: bool


def _mentions(root: Path, catalogue: Catalogue) -> Iterator[_Mention]:
    pattern = _pattern(catalogue)
    for file in _files(root / "src", CODE_SUFFIXES | SCREEN_SUFFIXES):
        place = Citation(file.relative_to(root).as_posix())
        if not place.file.startswith((*OWN, LIBRARY_FOLDER)):
            kind = "screens" if file.suffix in SCREEN_SUFFIXES else "code"
            yield from (_Mention(kind, cited, place, True) for cited in pattern.findall(_read(file)))
    for file in _files(root / LIBRARY_FOLDER, frozenset({".yaml"})):
        place = Citation(file.relative_to(root).as_posix())
        for line in _read(file).splitlines():
            provision = PROVISION.match(line)
            if provision and provision[1] in catalogue.fixing:
                rule = RULE if provision[1] in catalogue.refusing else VALUE
                yield _Mention("code", provision[1], Citation(place.file, rule), False)
            yield from (_Mention("code", c, place, True) for c in pattern.findall(line.partition("#")[2]))
    for file in _files(root / "tests", frozenset({".py"})):
        name = file.relative_to(root).as_posix()
        for test, cited in marks_in(_read(file), name):
            yield _Mention("tests", cited, Citation(name, test), False)
    yield from (_Mention("tests", cited, place, False) for cited, place in _golden(root))
    for file in _files(root / "docs", frozenset({".md"})):
        place = Citation(file.relative_to(root).as_posix())
        if place.file != GENERATED:
            yield from (_Mention("documents", c, place, True) for c in pattern.findall(_read(file)))


def marks_in(source: str, name: str = "<test>") -> list[tuple[str, str]]:
    """(test, clause id) for every ``mark.clause(…)`` of a test file; a module's own mark has no test name."""
    marks: list[tuple[str, str]] = []

    def visit(node: ast.AST, inside: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{inside}::{node.name}" if inside else node.name
        if isinstance(node, ast.Call) and _is_clause_mark(node.func):
            marks.extend((inside, text) for arg in node.args if (text := _text(arg)) is not None)
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(source, name), "")
    return marks


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_clause_mark(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "clause"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    )


def _pattern(catalogue: Catalogue) -> re.Pattern[str]:
    """Ids of the documents known here: ``<document>.<part>[.<part>…]``, not followed by more of a word."""
    names = sorted({clause.document for clause in catalogue.clauses.values()} | set(catalogue.documents))
    heads = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(?<![\w.-])(?:{heads})(?:\.(?:pre|eff|art\d|s\d|\d|[a-z]\b)[0-9a-z]*)+(?![\w-])")


def _files(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and "__pycache__" not in path.parts and path.is_file():
            yield path


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _golden(root: Path) -> Iterator[tuple[str, Citation]]:
    for file in _files(root / "tests" / "golden", frozenset({".yaml"})):
        content = yaml.load(_read(file), Loader=yaml.CSafeLoader)
        name = file.relative_to(root).as_posix()
        for case in _cases(content):
            yield from ((cited, Citation(name, str(case["id"]))) for cited in case.get("clauses") or ())


def _cases(content: Any) -> Iterable[dict[str, Any]]:
    cases = content.get("cases") if isinstance(content, dict) else None
    return [case for case in cases or () if isinstance(case, dict) and "id" in case]
