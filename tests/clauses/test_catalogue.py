"""The clauses themselves: complete, well formed, and their words in one place."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import resources

import pytest

from gongji.clauses import Catalogue, load_catalogue
from gongji.clauses.catalogue import ORDER


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def test_there_are_294_clauses() -> None:
    assert len(catalogue().clauses) == 294


def test_each_document_has_the_clauses_that_it_was_split_into() -> None:
    assert Counter(clause.document for clause in catalogue().clauses.values()) == {
        "SX2022-27": 79,
        "QY": 75,
        "SX2021-103": 55,
        "NHSA2023-4": 35,
        "SX2024-11": 27,
        "SX2023-2": 13,
        "YC2024-16": 9,
        "RC2024-8": 1,
    }


def test_every_clause_has_its_words_in_the_policy_library() -> None:
    assert [key for key in catalogue().clauses if not catalogue().words.get(key, "").strip()] == []


def test_no_file_of_clauses_repeats_official_words() -> None:
    folder = resources.files("gongji.clauses") / "data"
    for name in ORDER:
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
        assert [words for words in catalogue().words.values() if len(words) > 12 and words in text] == []


def test_every_document_is_named_by_the_policy_library() -> None:
    assert [name for name in ORDER if name not in catalogue().documents] == []


def test_what_changes_a_clause_is_a_clause() -> None:
    later = [cited for clause in catalogue().clauses.values() for cited in clause.changed_by]
    assert later
    assert all(cited in catalogue().clauses for cited in later)


@pytest.mark.parametrize(
    ("cited", "known"), [("SX2022-27.art22", True), ("SX2022-27.art20", False), ("QY.art99", False)]
)
def test_an_id_is_known_or_not(cited: str, known: bool) -> None:
    assert catalogue().knows(cited) is known


@pytest.mark.parametrize(
    ("cited", "whole"),
    [("SX2022-27.art20", True), ("SX2022-27.art22", False), ("SX2022-27.art2", True), ("QY.art99", False)],
)
def test_a_whole_article_is_the_head_of_several_clauses(cited: str, whole: bool) -> None:
    assert catalogue().is_article(cited) is whole
