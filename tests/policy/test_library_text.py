"""The library holds every clause with its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gongji.policy import Law
from gongji.policy.model import CONFIDENCES

REPO = Path(__file__).resolve().parents[2]
REFERENCE = REPO.parent / "shared" / "reference" / "policy" / "clauses.yaml"
REFERRED = {
    "SX2022-12",
    "SXB2023-12",
    "GS2021-111",
    "GBF2021-14",
    "GBF2024-34",
    "NHSA2021-43",
    "NHSA2022-22",
    "CN-765",
    "CN-XKF",
    "GF1998-44",
    "CN-SBX",
    "CN-CF53",
    "CN-L2",
    "CN-L3",
    "NHC2021-17",
}
HELD = {
    "SX2021-103": 55,
    "SX2022-27": 79,
    "SX2023-2": 13,
    "NHSA2023-4": 35,
    "YC2024-16": 9,
    "RC2024-8": 1,
    "SX2024-11": 27,
    "QY": 75,
}


@pytest.mark.parametrize(("document", "count"), HELD.items())
def test_a_document_has_all_its_clauses(law: Law, document: str, count: int) -> None:
    assert len(law.library.documents[document].provisions) == count


def test_there_are_294_clauses_of_the_five_documents_and_what_they_contain(law: Law) -> None:
    assert sum(HELD.values()) == 294
    assert sum(provision.document in HELD for provision in law.library.provisions.values()) == 294


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference beside the checkout is absent")
def test_the_words_of_every_clause_are_those_of_the_documents(law: Law) -> None:
    expected = {clause["id"]: clause["text"] for clause in yaml.safe_load(REFERENCE.read_text("utf-8"))}
    held = {p.clause: p.text for p in law.library.provisions.values() if p.document in HELD}
    assert held == expected


def test_every_provision_has_words_an_article_and_a_number(law: Law) -> None:
    for provision in law.library.provisions.values():
        assert provision.text, provision.clause
        assert provision.article, provision.clause
        assert provision.number, provision.clause
        assert provision.confidence in CONFIDENCES


def test_what_is_only_referred_to_says_so(law: Law) -> None:
    statuses = {identity: document.status for identity, document in law.library.documents.items()}
    assert {identity for identity, status in statuses.items() if status == "referenced"} == REFERRED
    assert {identity for identity, status in statuses.items() if status == "draft"} == {"QY"}


def test_values_of_texts_not_held_are_never_passed_off_as_the_documents_words(law: Law) -> None:
    for identity in REFERRED - {"SX2022-12"}:
        for provision in law.library.documents[identity].provisions:
            assert provision.confidence != "seed", provision.clause


def test_all_decisions_are_known_and_those_that_fix_something_are_cited(law: Law) -> None:
    assert set(law.library.decisions) == {f"A{number:02d}" for number in range(1, 44)}
    cited = {decision for provision in law.library.provisions.values() for decision in provision.decisions}
    about_other_rooms = {"A39"}
    assert set(law.library.decisions) - cited == about_other_rooms


def test_a_citation_is_number_and_article(law: Law) -> None:
    assert law.provision("SX2022-27.art26.5a").citation == "晋医保办发〔2022〕27号 第二十六条（五）"
    assert law.provision("NHSA2023-4.s3.4.b").citation == "医保办发〔2023〕4号 三（四）"
