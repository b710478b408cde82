"""What docs/cases.md shows works, and it names everything that exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongji.cases import form
from gongji.cases.document import SCHEMA
from gongji.cases.insured.ops import OPS
from gongji.cases.insured.people import PERSON
from gongji.cases.insured.reading import CASE, START
from gongji.cases.loader import read
from gongji.cases.runner import run_file
from gongji.explain import SCHEMA as EXPLANATION
from gongji.explain.model import DIFFERENCE, MINIMUM, QUOTIENT, REMAINING, SHARE, SUM
from gongji.members.terms import CATEGORY, FILING_KIND
from gongji.project.cli import main
from gongji.settlement.lines import KINDS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "cases.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([\w./]+)`", TEXT))
QUOTES = re.findall(r"^gongji (quote .+)$", TEXT, re.MULTILINE)


EXAMPLES = re.findall(r"```yaml\n(.+?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_of_cases_pass(number: int) -> None:
    assert all(result.passed for result in run_file(read(EXAMPLES[number], "docs/cases.md")).cases)


def test_both_kinds_of_case_have_an_example() -> None:
    files = [read(example, "docs/cases.md") for example in EXAMPLES]
    assert any(file.cases for file in files)
    assert any(file.insured for file in files)


@pytest.mark.parametrize("command", QUOTES)
def test_every_quote_shown_answers(command: str) -> None:
    assert CliRunner().invoke(main, shlex.split(command)).exit_code == 0


def test_every_expectation_flag_fixture_start_and_kind_is_described() -> None:
    names = {name for known in form.EXPECTATIONS.values() for name in known}
    flags = {*form.YES_NO_FLAGS, *form.WORD_FLAGS, *form.OWN_FLAGS, *form.NOTE_FLAGS}
    everything = names | flags | set(form.FIXTURES) | set(form.START_MONEY) | KINDS | set(form.OPS)
    assert everything - NAMED == set()


def test_every_name_of_the_insured_side_is_described() -> None:
    fields = {name for op in OPS.values() for name in op.fields}
    words = {word for op in OPS.values() for field in op.fields.values() for word in field.words}
    computed = {name for op in OPS.values() for name in op.expect}
    everything = {*OPS, *fields, *words, *computed, *PERSON, *CASE, *START, *CATEGORY, *FILING_KIND}
    assert everything - NAMED == set()


def test_both_schemas_and_every_operation_are_described() -> None:
    assert {SCHEMA, EXPLANATION, SUM, DIFFERENCE, REMAINING, MINIMUM, SHARE, QUOTIENT} - NAMED == set()
