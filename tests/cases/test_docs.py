"""What docs/cases.md shows works, and it names everything that exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongji.cases import form
from gongji.cases.document import SCHEMA
from gongji.cases.loader import read
from gongji.cases.runner import run_file
from gongji.explain import SCHEMA as EXPLANATION
from gongji.explain.model import DIFFERENCE, MINIMUM, QUOTIENT, REMAINING, SHARE, SUM
from gongji.project.cli import main
from gongji.settlement.lines import KINDS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "cases.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([\w./]+)`", TEXT))
QUOTES = re.findall(r"^gongji (quote .+)$", TEXT, re.MULTILINE)


def test_the_example_of_a_case_passes() -> None:
    block = re.search(r"```yaml\n(.+?)```", TEXT, re.DOTALL)
    assert block is not None
    assert all(result.passed for result in run_file(read(block[1], "docs/cases.md")).cases)


@pytest.mark.parametrize("command", QUOTES)
def test_every_quote_shown_answers(command: str) -> None:
    assert CliRunner().invoke(main, shlex.split(command)).exit_code == 0


def test_every_expectation_flag_fixture_start_and_kind_is_described() -> None:
    names = {name for known in form.EXPECTATIONS.values() for name in known}
    flags = {*form.YES_NO_FLAGS, *form.WORD_FLAGS, *form.OWN_FLAGS, *form.NOTE_FLAGS}
    everything = names | flags | set(form.FIXTURES) | set(form.START_MONEY) | KINDS | set(form.OPS)
    assert everything - NAMED == set()


def test_both_schemas_and_every_operation_are_described() -> None:
    assert {SCHEMA, EXPLANATION, SUM, DIFFERENCE, REMAINING, MINIMUM, SHARE, QUOTIENT} - NAMED == set()
