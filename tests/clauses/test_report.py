"""The generated page says what the evidence says, and the committed one is not stale."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongji.clauses import Catalogue, Clause, Evidence, collect, load_catalogue, render
from gongji.clauses.catalogue import Document
from gongji.clauses.evidence import GENERATED, Citation

REPO = Path(__file__).resolve().parents[2]

CATALOGUE = Catalogue(
    clauses={
        "SX2024-11.s1.a": Clause("SX2024-11.s1.a", "parameter", "system", "ceiling", date(2024, 7, 1), None),
        "QY.art2": Clause("QY.art2", "governance-only", "agency", "aim", date(2023, 1, 1), None),
    },
    words={"SX2024-11.s1.a": "年度最高支付限额|2500元\n提高", "QY.art2": "建立健全"},
    documents={"SX2024-11": Document("SX2024-11", "晋医保发〔2024〕11号", "通知")},
    fixing=frozenset(),
    refusing=frozenset(),
    other_ids=frozenset(),
)


def found(**places: dict[str, tuple[Citation, ...]]) -> Evidence:
    kinds = {kind: places.get(kind, {}) for kind in ("code", "tests", "screens", "documents")}
    return Evidence(**kinds, unknown=())


def row_of(page: str, clause_id: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"| {clause_id} "))


def test_the_committed_page_is_what_the_checkout_says() -> None:
    catalogue = load_catalogue()
    assert (REPO / GENERATED).read_text(encoding="utf-8") == render(catalogue, collect(REPO, catalogue)), (
        "make clauses"
    )


def test_every_clause_that_the_project_cites_exists() -> None:
    assert collect(REPO, load_catalogue()).unknown == ()


def test_an_open_clause_stands_out() -> None:
    assert "| **open** |" in row_of(render(CATALOGUE, found()), "SX2024-11.s1.a")


def test_a_closed_clause_links_its_code_and_names_its_test() -> None:
    page = render(
        CATALOGUE,
        found(
            code={"SX2024-11.s1.a": (Citation("src/gongji/kernel/visit.py"),)},
            tests={"SX2024-11.s1.a": (Citation("tests/kernel/test_visit.py", "test_the_ceiling_holds"),)},
        ),
    )
    row = row_of(page, "SX2024-11.s1.a")
    assert "| closed | [kernel/visit.py](../src/gongji/kernel/visit.py) |" in row
    assert "[kernel/test_visit.py](../tests/kernel/test_visit.py): the ceiling holds" in row


def test_golden_cases_stand_side_by_side() -> None:
    cases = tuple(Citation("tests/golden/settlement.yaml", name) for name in ("G001", "G002"))
    row = row_of(render(CATALOGUE, found(tests={"SX2024-11.s1.a": cases})), "SX2024-11.s1.a")
    assert "[golden/settlement.yaml](../tests/golden/settlement.yaml): G001 G002" in row


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, "; and 1 more"), (9, "; and 3 more")])
def test_many_tests_are_counted_after_the_sixth(count: int, more: str) -> None:
    tests = tuple(Citation("tests/a/test_b.py", f"test_{number}") for number in range(count))
    row = row_of(render(CATALOGUE, found(tests={"SX2024-11.s1.a": tests})), "SX2024-11.s1.a")
    assert f"test_b.py): 0; 1; 2; 3; 4; 5{more} |" in row.replace("../tests/a/", "")


def test_words_cannot_break_the_table() -> None:
    assert "年度最高支付限额\\|2500元 提高" in row_of(render(CATALOGUE, found()), "SX2024-11.s1.a")


def test_the_summary_counts_by_kind() -> None:
    page = render(CATALOGUE, found(documents={"QY.art2": (Citation("docs/governance.md"),)}))
    assert "| governance-only | 1 | 1 | 0 | 0 |" in page
    assert "| **all** | 2 | 1 | 0 | 1 |" in page
