"""What becomes of a row beside what is on record: every reason for which it is not taken, and what is."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.members.identity import mask_name
from gongji.members.import_rules import (
    Figures,
    Known,
    RelationOfMonth,
    Row,
    Terms,
    change_of,
    decide,
    figures_faults,
)
from tests.members.contribution_files import MONTH
from tests.members.people import cert_no

TERMS = Terms("甲公司", MONTH, date(2024, 6, 10))
FIGURES = Figures(500_000, 10_000, 32_500, date(2024, 5, 31), date(2024, 5, 20), "normal")
UNPAID = msgspec.structs.replace(FIGURES, paid_on=None)
WORKING = RelationOfMonth("active", "employer", "甲公司")
GOOD = Row(cert_no(), "测试", MONTH, FIGURES)
KNOWN = Known(1, "测试", None, (WORKING,))


def codes(found: object) -> list[str]:
    assert isinstance(found, tuple), found
    return [refusal.code for refusal in found]


def known(**changed: object) -> Known:
    return msgspec.structs.replace(KNOWN, **changed)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"persons": 0}, "UNKNOWN_MEMBER"),
        ({"persons": 2}, "MEMBER_AMBIGUOUS"),
        ({"other_line": 7}, "ROW_DUPLICATE"),
        ({"name": "别人"}, "NAME_DIFFERS"),
        ({"died_on": date(2024, 4, 30)}, "MEMBER_DECEASED"),
        ({"relations": ()}, "CONTRIBUTION_NO_RELATION"),
        ({"relations": (RelationOfMonth("retired", "none", "甲公司"),)}, "CONTRIBUTION_OF_RETIRED"),
        (
            {"relations": (RelationOfMonth("active", "employer", "乙公司"),)},
            "CONTRIBUTION_OTHER_EMPLOYER",
        ),
        ({"latest": msgspec.structs.replace(FIGURES, base_fen=1_000_000)}, "CONTRIBUTION_NEEDS_CORRECTION"),
        ({"latest": msgspec.structs.replace(FIGURES, kind="correction")}, "CONTRIBUTION_NEEDS_CORRECTION"),
    ],
)
def test_what_the_register_says_against_a_row_has_a_reason_of_its_own(
    changed: dict[str, object], code: str
) -> None:
    assert codes(decide(GOOD, known(**changed), TERMS)) == [code]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"name": "测 试"},
        {"died_on": date(2024, 5, 1)},
        {"relations": (RelationOfMonth("retired", "none", ""), WORKING)},
        {"relations": (RelationOfMonth("retired", "finance", "已关闭的厂"),)},
        {"latest": UNPAID},
        {"latest": msgspec.structs.replace(UNPAID, base_fen=1)},
    ],
)
def test_what_the_register_allows_is_added(changed: dict[str, object]) -> None:
    assert decide(GOOD, known(**changed), TERMS) == "add"


@pytest.mark.parametrize("employer", ["", "厂" * 201])
def test_an_employer_has_a_name_that_can_be_kept(employer: str) -> None:
    financed = known(relations=(RelationOfMonth("retired", "finance", ""),))
    terms = Terms(employer, MONTH, TERMS.today)
    assert codes(decide(GOOD, financed, terms)) == ["CONTRIBUTION_OTHER_EMPLOYER"]


def test_a_row_on_record_changes_nothing_even_when_its_relation_was_taken_back_since() -> None:
    assert decide(GOOD, known(latest=FIGURES, relations=()), TERMS) == "unchanged"


def test_a_name_that_differs_is_shown_masked() -> None:
    (found,) = decide(msgspec.structs.replace(GOOD, name="欧阳测试"), KNOWN, TERMS)
    assert "欧***" in found.text  # type: ignore[union-attr]
    assert "欧阳" not in found.text  # type: ignore[union-attr]


def test_a_duplicate_names_the_other_line() -> None:
    (found,) = decide(GOOD, known(other_line=7), TERMS)
    assert "第 7 行" in found.text  # type: ignore[union-attr]


def test_an_earlier_delivery_sent_once_more_does_not_undo_what_came_after() -> None:
    paid, unpaid = FIGURES, UNPAID
    assert change_of(unpaid, paid, repeated=True) == "unchanged"
    refused = change_of(unpaid, paid)
    assert isinstance(refused, Refusal)
    assert refused.code == "CONTRIBUTION_NEEDS_CORRECTION"


def test_a_correction_may_go_back_to_what_was_before() -> None:
    back = msgspec.structs.replace(FIGURES, kind="correction")
    assert change_of(back, msgspec.structs.replace(back, base_fen=1), repeated=True) == "add"


def test_there_is_nothing_to_correct_before_anything_was_declared() -> None:
    found = change_of(msgspec.structs.replace(FIGURES, kind="correction"), None)
    assert isinstance(found, Refusal)
    assert found.code == "CONTRIBUTION_NOTHING_TO_CORRECT"


def test_a_contribution_of_nothing_is_lawful() -> None:
    nothing = msgspec.structs.replace(FIGURES, base_fen=0, personal_fen=0, employer_fen=0)
    assert figures_faults(nothing, MONTH, TERMS.today) == ()


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳测试", "欧***"), ("李", "李*"), ("", "")]
)
def test_a_masked_name_shows_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked
