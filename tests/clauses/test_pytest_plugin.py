"""A test run stops when a test claims to prove a clause that does not exist."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run_pytest(folder: Path, decorator: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(f"import pytest\n\n{decorator}\ndef test_it():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "gongji.clauses.pytest_plugin"]
    return subprocess.run(
        [*command, "--rootdir", folder, folder], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_known_clause_lets_the_run_pass(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, '@pytest.mark.clause("SX2022-27.art22")').returncode == 0


@pytest.mark.parametrize(
    ("decorator", "complaint"),
    [
        ('@pytest.mark.clause("SX2022-27.art99")', "test_it.py::test_it: no clause SX2022-27.art99"),
        ("@pytest.mark.clause()", "takes the ids of clauses"),
    ],
)
def test_a_wrong_marker_stops_the_run(tmp_path: Path, decorator: str, complaint: str) -> None:
    result = run_pytest(tmp_path, decorator)
    assert result.returncode == 4
    assert complaint in result.stderr
