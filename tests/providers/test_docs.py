"""The guide for the agency shows what the program does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from gongji.project.cli.providers import providers
from gongji.providers.filing import read_application, read_panel, read_proofs, read_scores
from gongji.providers.states import table_text

GUIDE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text("utf-8")
APPLICATION, PROOFS, PANEL, SCORES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_table_of_states_is_the_programs() -> None:
    shown = GUIDE.partition("<!-- table -->\n")[2].partition("<!-- /table -->")[0]
    assert shown == table_text()


def test_every_command_that_the_guide_names_exists() -> None:
    named = set(re.findall(r"gongji providers ([a-z-]+)", GUIDE))
    assert named <= set(providers.commands)


def test_the_files_that_the_guide_shows_can_be_read() -> None:
    application, personal = read_application(APPLICATION, "申请", date(2024, 8, 5))
    assert (application.profile.code, application.received_on) == ("P14080012345", date(2024, 8, 5))
    assert personal.bank is not None
    conditions, documents = read_proofs(PROOFS, "补正")
    assert (len(conditions), len(documents)) == (1, 5)
    assert len(read_panel(PANEL, "小组")) == 3
    assert len(read_scores(SCORES, "评分")[0]) == 15
