"""Every case of every golden file comes out exactly as an official calculated it by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gongji.cases.form import Case
from gongji.cases.laws import Laws
from gongji.cases.loader import load
from gongji.cases.runner import run_case

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))


@cache
def laws_of(path: Path) -> Laws:
    return Laws(load(path))


def parameters() -> list[Any]:
    """One parameter a case, named by its id and marked with the clauses it names."""
    return [
        pytest.param(
            path,
            case,
            id=case.id,
            marks=[pytest.mark.clause(clause) for clause in case.clauses],
        )
        for path in FILES
        for case in laws_of(path).file.cases
    ]


@pytest.mark.parametrize(("path", "case"), parameters())
def test_a_golden_case_comes_out_as_calculated_by_hand(path: Path, case: Case) -> None:
    result = run_case(case, laws_of(path))
    assert [(step.step.index, step.differences) for step in result.steps if step.differences] == []


def test_all_golden_files_agree_with_the_library_and_override_nothing() -> None:
    overridden = {path.name: laws_of(path).overrides for path in FILES}
    assert {name for name, overrides in overridden.items() if overrides} <= {"own_parameters.yaml"}


def test_case_ids_are_unique_over_all_files() -> None:
    ids = [case.id for path in FILES for case in laws_of(path).file.cases]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_of_a_golden_file_expects_something_and_shows_its_working(path: Path) -> None:
    steps = [(case.id, step) for case in laws_of(path).file.cases for step in case.steps]
    assert [case for case, step in steps if not step.expect or not step.working] == []


SHARED = FOLDER.parents[2] / "shared" / "goldens" / "settlement.yaml"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference is not beside this checkout")
def test_the_project_s_copy_says_what_the_shared_goldens_say() -> None:
    def facts(path: Path) -> Any:
        file = load(path)
        cases = [msgspec.structs.replace(case, title="") for case in file.cases]
        return file.parameters, cases

    assert facts(FOLDER / "settlement.yaml") == facts(SHARED)
