"""Every case of every golden file comes out exactly as an official calculated it by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gongji.cases.form import Case
from gongji.cases.insured.form import InsuredCase
from gongji.cases.insured.runner import run_insured
from gongji.cases.laws import Laws
from gongji.cases.loader import load
from gongji.cases.runner import run_case
from gongji.clauses.catalogue import load_catalogue

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))


@cache
def laws_of(path: Path) -> Laws:
    return Laws(load(path))


def cases_of(path: Path) -> tuple[Case | InsuredCase, ...]:
    file = laws_of(path).file
    return file.cases + file.insured


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
        for case in cases_of(path)
    ]


@pytest.mark.parametrize(("path", "case"), parameters())
def test_a_golden_case_comes_out_as_calculated_by_hand(path: Path, case: Case | InsuredCase) -> None:
    laws = laws_of(path)
    result = run_insured(case, laws) if isinstance(case, InsuredCase) else run_case(case, laws)
    assert [(step.step.index, step.differences) for step in result.steps if step.differences] == []


def test_all_golden_files_agree_with_the_library_and_override_nothing() -> None:
    overridden = {path.name: laws_of(path).overrides for path in FILES}
    assert {name for name, overrides in overridden.items() if overrides} <= {"own_parameters.yaml"}


def test_case_ids_are_unique_over_all_files() -> None:
    ids = [case.id for path in FILES for case in cases_of(path)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_of_a_golden_file_expects_something_and_shows_its_working(path: Path) -> None:
    steps = [(case.id, step) for case in cases_of(path) for step in case.steps]
    assert [case for case, step in steps if not step.expect or not step.working] == []


MEMBERS = [path for path in FILES if path.name.startswith("members")]


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: path.stem)
def test_every_case_of_the_insured_side_has_a_chinese_title_and_names_its_clauses(path: Path) -> None:
    cases = cases_of(path)
    assert all(isinstance(case, InsuredCase) for case in cases)
    assert [case.id for case in cases if not case.clauses or case.title == case.id] == []


def test_the_insured_side_is_shown_by_its_rules() -> None:
    """Every clause of kind eligibility and personal-account, and of offsite but those on reports and interfaces, has a case."""
    named = {clause for path in MEMBERS for case in cases_of(path) for clause in case.clauses}
    reports = {"SX2021-103.s2.6.g", "SX2021-103.s2.6.h"}
    wanted = {
        clause.id
        for clause in load_catalogue().clauses.values()
        if clause.kind in ("eligibility", "personal-account", "offsite") and clause.id not in reports
    }
    assert wanted - named == set()


SHARED = FOLDER.parents[2] / "shared" / "goldens" / "settlement.yaml"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference is not beside this checkout")
def test_the_project_s_copy_says_what_the_shared_goldens_say() -> None:
    def facts(path: Path) -> Any:
        file = load(path)
        cases = [msgspec.structs.replace(case, title="") for case in file.cases]
        return file.parameters, cases

    assert facts(FOLDER / "settlement.yaml") == facts(SHARED)
