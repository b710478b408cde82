"""The documents that docs/policy.md shows load, and do what the page says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout as at
from gongji.policy import compile_law, library_from_texts
from gongji.policy.check import check
from tests.policy.help import row

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- yaml: ([\w ]+) -->\n```yaml\n(.*?)```", PAGE, re.DOTALL))
DAY = date(2025, 6, 1)


def test_the_page_shows_a_document_and_an_overlay() -> None:
    assert set(BLOCKS) == {"a document", "an overlay"}


def test_the_document_of_the_page_settles() -> None:
    law = compile_law(library_from_texts({"page.yaml": BLOCKS["a document"]}))
    facts = {"status": "retired", "kind": "hospital", "level": "1", "age": "69"}
    attributes = law.derive("3391", DAY, facts)
    cells = row(law, "3391", DAY, attributes).cells
    assert (cells[at.ROW_DEDUCTIBLE_FEN], cells[at.ROW_DEDUCTIBLE_STOP_FEN]) == (2_000, 20_000)
    assert (cells[at.ROW_BAND_BP], cells[at.ROW_CEILING_YEAR_FEN]) == (7500, 200_000)
    older = row(law, "3391", DAY, law.derive("3391", DAY, {**facts, "age": "70"}))
    assert older.cells[at.ROW_CEILING_YEAR_FEN] == 240_000
    assert [finding for finding in check(law, DAY) if finding.level == "error"] == []


@pytest.mark.clause("SX2021-103.s3.2.b")
def test_the_overlay_of_the_page_fills_for_its_city_only_and_confirms_what_it_names() -> None:
    law = compile_law(library_from_texts({"page.yaml": BLOCKS["an overlay"]}))
    case = {"status": "active", "place": "class1"}
    city, other = row(law, "1408", DAY, case), row(law, "1401", DAY, case)
    assert city.cells[at.ROW_PREPAY_BP + at.TREAT_B_SERVICE] == 1000
    assert other.cells[at.ROW_PREPAY_BP + at.TREAT_B_SERVICE] == at.UNSET
    assert city.unconfirmed == ()


@pytest.mark.parametrize("name", re.findall(r"`([a-z_]+)\(", PAGE))
def test_every_function_of_the_page_exists(name: str) -> None:
    import gongji.policy as policy

    assert hasattr(policy, name)


def test_what_the_page_leaves_open_is_refused_when_used() -> None:
    law = compile_law(library_from_texts({"page.yaml": BLOCKS["a document"]}))
    answer = law.value("prepay.b_service", "3391", DAY)
    assert isinstance(answer, Refusal)
    assert answer.clause == "YY2025-7.art6"
