"""The page on prescriptions says what the program does."""

from __future__ import annotations

import re

from gongji.base.reasons import REASONS
from gongji.prescriptions.chart import chart
from gongji.prescriptions.states import STATES, VERBS
from gongji.project.cli.prescriptions import prescriptions
from tests.prescriptions.pages import PAGE, parts

TEXT = PAGE.read_text("utf-8")


def test_the_table_of_the_page_is_the_programs() -> None:
    assert parts(TEXT)[1] == chart()


def test_the_table_names_every_state_and_verb() -> None:
    table = chart()
    assert [
        name for name in (*STATES.values(), *VERBS.values()) if name not in table and name != "已撤销"
    ] == []


def test_every_reason_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:RX|VISIT|DOCTOR|SAME|NOT|OUT|UNKNOWN)_[A-Z_]+)`", TEXT))
    assert named
    assert named <= set(REASONS)


def test_every_command_that_the_page_names_exists() -> None:
    named = set(re.findall(r"gongji prescriptions ([a-z-]+)", TEXT))
    assert named == {"list", "show", "code", "expire", "states"}
    assert named <= set(prescriptions.commands)
