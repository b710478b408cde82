"""The guide for the agency shows what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from gongji.claims.states import ACTIONS
from gongji.project.cli.claims import claims

GUIDE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text("utf-8")
EXAMPLE = Path(__file__).with_name("application.yaml").read_text("utf-8")


def test_the_application_that_the_guide_shows_is_the_one_that_is_tested() -> None:
    _, _, shown = EXAMPLE.partition("\n")
    assert f"```yaml\n{shown}```" in GUIDE


def test_every_step_is_in_the_table() -> None:
    table = GUIDE.partition("| 状态 |")[2].partition("## 申请文件")[0]
    assert [name for name in ACTIONS.values() if name != "受理" and name not in table] == []


def test_every_command_that_the_guide_names_exists() -> None:
    named = set(re.findall(r"gongji claims ([a-z-]+)", GUIDE))
    assert named <= set(claims.commands)
    assert {"receive", "review", "approve", "settle", "pay", "close", "overdue", "refuse"} <= named
