"""What counts as naming a clause: a small checkout is written and read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongji.clauses import Catalogue, Clause, Evidence, State, collect, find_root, state_of
from gongji.clauses.catalogue import Document
from gongji.clauses.evidence import Citation, marks_in


def clause(clause_id: str, kind: str = "settlement-rule") -> Clause:
    return Clause(clause_id, kind, "system", "what it asks", date(2024, 7, 1), None)  # type: ignore[arg-type]


CATALOGUE = Catalogue(
    clauses={
        c.id: c
        for c in (clause("SX2024-11.s1.a"), clause("SX2024-11.s1.b"), clause("QY.art2", "governance-only"))
    },
    words={},
    documents={"SX2022-12": Document("SX2022-12", "晋医保发〔2022〕12号", "办法")},
    fixing=frozenset({"SX2024-11.s1.a"}),
    refusing=frozenset(),
    other_ids=frozenset({"SX2022-12.class1"}),
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    for folder in ("src/gongji/policy/library", "src/gongji/clauses", "tests/golden", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def put(checkout: Path, name: str, text: str) -> None:
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def read(checkout: Path) -> Evidence:
    return collect(checkout, CATALOGUE)


def test_a_docstring_that_cites_a_clause_is_code(checkout: Path) -> None:
    put(checkout, "src/gongji/kernel/visit.py", '"""The ceiling (SX2024-11.s1.a)."""\n')
    assert read(checkout).code == {"SX2024-11.s1.a": (Citation("src/gongji/kernel/visit.py"),)}


def test_a_provision_that_fixes_a_value_is_code(checkout: Path) -> None:
    put(checkout, "src/gongji/policy/library/x.yaml", "provisions:\n  - clause: SX2024-11.s1.a\n")
    assert list(read(checkout).code) == ["SX2024-11.s1.a"]


def test_a_provision_that_only_carries_words_is_no_code(checkout: Path) -> None:
    put(checkout, "src/gongji/policy/library/x.yaml", "provisions:\n  - clause: SX2024-11.s1.b\n")
    assert read(checkout).code == {}


def test_a_comment_in_the_library_is_code(checkout: Path) -> None:
    put(checkout, "src/gongji/policy/library/x.yaml", "in_force: {from: 2024-07-01}  # SX2024-11.s1.b\n")
    assert list(read(checkout).code) == ["SX2024-11.s1.b"]


def test_the_clause_data_itself_is_no_evidence(checkout: Path) -> None:
    put(checkout, "src/gongji/clauses/data.yaml", "id: SX2024-11.s1.a\n")
    assert read(checkout).code == {}


def test_a_marked_test_is_found_with_its_name(checkout: Path) -> None:
    put(
        checkout,
        "tests/a/test_b.py",
        '@pytest.mark.clause("SX2024-11.s1.a")\ndef test_it_holds():\n    pass\n',
    )
    assert read(checkout).tests == {"SX2024-11.s1.a": (Citation("tests/a/test_b.py", "test_it_holds"),)}


def test_a_golden_case_proves_the_clauses_it_lists(checkout: Path) -> None:
    put(checkout, "tests/golden/g.yaml", "cases:\n- id: G001\n  clauses: [SX2024-11.s1.b]\n")
    assert read(checkout).tests == {"SX2024-11.s1.b": (Citation("tests/golden/g.yaml", "G001"),)}


def test_a_template_is_a_screen(checkout: Path) -> None:
    put(checkout, "src/gongji/portal/templates/limits.html", "<!-- SX2024-11.s1.a -->")
    assert list(read(checkout).screens) == ["SX2024-11.s1.a"]


def test_a_page_is_a_document_and_the_generated_page_is_not(checkout: Path) -> None:
    put(checkout, "docs/governance.md", "QY.art2 is an aim.\n")
    put(checkout, "docs/clauses.md", "SX2024-11.s1.a\n")
    assert list(read(checkout).documents) == ["QY.art2"]


def test_an_unknown_clause_in_code_is_named_with_its_file(checkout: Path) -> None:
    put(checkout, "src/gongji/a.py", "# SX2024-11.s9.z\n")
    assert read(checkout).unknown == (("SX2024-11.s9.z", Citation("src/gongji/a.py")),)


def test_an_unknown_clause_in_a_marker_is_named_with_its_test(checkout: Path) -> None:
    put(checkout, "tests/test_a.py", '@pytest.mark.clause("QY.art99")\ndef test_x():\n    pass\n')
    assert read(checkout).unknown == (("QY.art99", Citation("tests/test_a.py", "test_x")),)


def test_code_may_cite_a_whole_section_without_closing_its_clauses(checkout: Path) -> None:
    put(checkout, "src/gongji/a.py", "# SX2024-11.s1\n")
    found = read(checkout)
    assert (found.code, found.unknown) == ({}, ())


def test_a_marker_may_not_name_a_whole_section(checkout: Path) -> None:
    put(checkout, "tests/test_a.py", '@pytest.mark.clause("SX2024-11.s1")\ndef test_x():\n    pass\n')
    assert [cited for cited, _ in read(checkout).unknown] == ["SX2024-11.s1"]


def test_a_clause_of_a_document_only_referred_to_is_known(checkout: Path) -> None:
    put(checkout, "src/gongji/a.py", "# SX2022-12.class1\n")
    assert read(checkout).unknown == ()


def test_an_id_at_the_end_of_a_sentence_is_read_without_the_full_stop(checkout: Path) -> None:
    put(checkout, "src/gongji/a.py", "# as in SX2024-11.s1.a.\n")
    assert list(read(checkout).code) == ["SX2024-11.s1.a"]


def test_marks_are_found_on_modules_classes_and_parameter_sets() -> None:
    source = (
        'pytestmark = pytest.mark.clause("A")\n'
        '@pytest.mark.clause("B", "C")\n'
        "class TestIt:\n"
        '    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("D"))])\n'
        "    def test_x(self, x): ...\n"
    )
    assert sorted(marks_in(source)) == [("", "A"), ("TestIt", "B"), ("TestIt", "C"), ("TestIt::test_x", "D")]


def test_a_call_of_another_marker_is_not_a_clause() -> None:
    assert marks_in('@pytest.mark.parametrize("clause", ["A"])\ndef test_x(clause): ...\n') == []


def evidence(**places: tuple[str, ...]) -> Evidence:
    kinds = {
        kind: dict.fromkeys(places.get(kind, ()), (Citation("f"),))
        for kind in ("code", "tests", "screens", "documents")
    }
    return Evidence(**kinds, unknown=())


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, State.OPEN),
        ({"code": ("SX2024-11.s1.a",)}, State.HALF),
        ({"tests": ("SX2024-11.s1.a",)}, State.HALF),
        ({"documents": ("SX2024-11.s1.a",)}, State.OPEN),
        ({"code": ("SX2024-11.s1.a",), "tests": ("SX2024-11.s1.a",)}, State.CLOSED),
        ({"screens": ("SX2024-11.s1.a",), "tests": ("SX2024-11.s1.a",)}, State.CLOSED),
    ],
)
def test_a_rule_is_closed_by_code_and_a_test_together(
    found: dict[str, tuple[str, ...]], expected: State
) -> None:
    assert state_of(CATALOGUE.clauses["SX2024-11.s1.a"], evidence(**found)) is expected


@pytest.mark.parametrize(("kind", "expected"), [("parameter", State.CLOSED), ("clearing", State.HALF)])
def test_a_value_of_the_library_closes_only_what_consists_of_values(kind: str, expected: State) -> None:
    library = {"SX2024-11.s1.a": (Citation("src/gongji/policy/library/SX2024-11.yaml", "value"),)}
    tests = {"SX2024-11.s1.a": (Citation("tests/policy/test_shanxi.py"),)}
    found = Evidence(code=library, tests=tests, screens={}, documents={}, unknown=())
    assert state_of(clause("SX2024-11.s1.a", kind), found) is expected


def test_a_governance_clause_is_closed_by_a_document() -> None:
    assert state_of(CATALOGUE.clauses["QY.art2"], evidence(documents=("QY.art2",))) is State.CLOSED


def test_a_governance_clause_without_a_document_is_open() -> None:
    assert state_of(CATALOGUE.clauses["QY.art2"], evidence(code=("QY.art2",))) is State.OPEN


def test_the_checkout_is_found_from_a_folder_inside_it(checkout: Path) -> None:
    (checkout / "docs" / "adr").mkdir()
    assert find_root(checkout / "docs" / "adr") == checkout


def test_outside_a_checkout_there_is_no_root(tmp_path: Path) -> None:
    assert find_root(tmp_path) is None
