"""Rules of style that no linter knows, held by a test (docs of the house: small modules, pure money, no machine)."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
SOURCE = REPO / "src" / "gongji"
PURE_ROOMS = ("base", "policy", "kernel", "explain")
MOST_LINES = 450

# where a file would name somebody's machine, or a place that packages are fetched from
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home|Users|opt)/[\w.]")
INDEX_HOSTS = re.compile(
    r"\b(?:pypi|pythonhosted|artifactory|nexus)\.[a-z]+|--(?:extra-)?index-url|--find-links", re.IGNORECASE
)


def modules(*rooms: str) -> list[Path]:
    """The Python files of these rooms, of all of them if none is named; Django's migrations are not written here."""
    roots = [SOURCE / room for room in rooms] if rooms else [SOURCE]
    return sorted(path for root in roots for path in root.rglob("*.py") if "migrations" not in path.parts)


def money_modules() -> list[Path]:
    """Where amounts are decided: the pure rooms and every room's rules."""
    return sorted({*modules(*PURE_ROOMS), *(path for path in modules() if path.name == "rules.py")})


def name_of(path: Path) -> str:
    return str(path.relative_to(REPO))


def tracked_files() -> list[Path]:
    """Files that belong to the project: git's, or, in a copy without git, everything but what tools leave."""
    if (REPO / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=REPO, capture_output=True, check=False)
        if listed.returncode == 0:
            paths = [REPO / name for name in listed.stdout.decode().split("\0") if name]
            return [path for path in paths if path.is_file()]
    left_by_tools = {".venv", "build", "dist", ".gongji", "__pycache__"}
    return [
        path
        for path in REPO.rglob("*")
        if path.is_file() and not any(part in left_by_tools or part.endswith("_cache") for part in path.parts)
    ]


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_is_short_enough_to_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def float_uses(tree: ast.AST) -> Iterator[int]:
    """Lines with a float literal, a call or annotation of float, or a true division."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()) | ast.Name(id="float"):
                yield node.lineno
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield node.lineno


def is_a_refusal_of_float(line: str) -> bool:
    """`isinstance(x, float)` is how a loader refuses floats, and `Path / name` is no division of money."""
    return "isinstance" in line or bool(re.search(r"[\"')\w]\s*/\s*[\"'(\w]", line) and "_fen" not in line)


@pytest.mark.parametrize("path", money_modules(), ids=name_of)
def test_no_float_comes_near_money(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    found = [n for n in float_uses(ast.parse(text)) if not is_a_refusal_of_float(lines[n - 1])]
    assert found == []


def public_without_docstring(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and ast.get_docstring(node) is None:
            yield node.name


@pytest.mark.parametrize("path", modules(*PURE_ROOMS), ids=name_of)
def test_everything_public_in_a_pure_room_says_what_it_decides(path: Path) -> None:
    assert list(public_without_docstring(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_says_its_one_idea_first(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def lines_that_match(pattern: re.Pattern[str]) -> list[str]:
    here = Path(__file__).resolve()
    return [
        f"{name_of(path)}: {line.strip()[:80]}"
        for path in tracked_files()
        if path != here
        for line in text_of(path).splitlines()
        if pattern.search(line)
    ]


def test_no_file_names_a_machines_path() -> None:
    assert lines_that_match(MACHINE_PATHS) == []


def test_no_file_names_where_packages_come_from() -> None:
    assert lines_that_match(INDEX_HOSTS) == []


@pytest.mark.parametrize("path", sorted(REPO.glob("requirements*.lock")), ids=name_of)
def test_every_locked_version_has_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text("utf-8").strip())
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_smaller_locks_are_part_of_the_large_one() -> None:
    def versions(name: str) -> set[str]:
        return {line.split()[0] for line in (REPO / name).read_text("utf-8").splitlines() if "==" in line}

    everything = versions("requirements.lock")
    assert versions("requirements-run.lock") <= everything
    assert versions("requirements-build.lock") <= everything
