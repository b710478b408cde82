"""Known time: the law as it was known on a day, whatever was published later."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout as at
from gongji.policy import Law, Library, LibraryError, compile_law, library_from_texts, load_library
from tests.policy.help import document, row, sets

NOTICE_PUBLISHED = date(2024, 5, 21)


def rate(law: Law, on: date) -> int:
    return row(law, "14", on, {"status": "active", "place": "class3"}).cells[at.ROW_BAND_BP]


def test_the_day_before_a_notice_was_published_its_rate_is_not_known() -> None:
    before = compile_law(load_library(published_on=date(2024, 5, 20)))
    after = compile_law(load_library(published_on=NOTICE_PUBLISHED))
    assert rate(before, date(2024, 8, 15)) == 6000
    assert rate(after, date(2024, 8, 15)) == 6500
    assert rate(after, date(2024, 5, 10)) == 6000


def test_what_is_known_on_different_days_has_different_digests() -> None:
    digests = {load_library(published_on=day).digest for day in (date(2024, 5, 20), NOTICE_PUBLISHED)}
    assert len(digests) == 2


def retroactive(published_on: date | None) -> Library:
    """A ceiling, and a notice of May that raises it from January on."""
    old = document(sets("T1.a", 'ceiling.per_year: "1000.00"'), "T1")
    body = "supersedes: [{document: T1}]\n" + sets("T2.a", 'ceiling.per_year: "1500.00"')
    notice = document(body, "T2", issued="2024-05-10")
    return library_from_texts({"a.yaml": old, "b.yaml": notice}, published_on)


@pytest.mark.parametrize(
    ("published_on", "fen"), [(date(2024, 5, 9), 100_000), (date(2024, 5, 10), 150_000), (None, 150_000)]
)
def test_a_retroactive_notice_counts_from_the_day_it_is_known(published_on: date | None, fen: int) -> None:
    value = compile_law(retroactive(published_on)).value("ceiling.per_year", "9901", date(2024, 2, 1))
    assert not isinstance(value, Refusal)
    assert value.raw == fen


def test_a_document_may_be_known_later_than_it_was_issued() -> None:
    text = document("provisions: []\n").replace(
        "issued_on: 2023-12-01", "issued_on: 2023-12-01, known_from: 2024-02-02"
    )
    known = library_from_texts({"a.yaml": text}, date(2024, 2, 2))
    assert "T1" in known.documents
    assert "T1" not in library_from_texts({"a.yaml": text}, date(2024, 2, 1)).documents


def test_a_document_without_a_date_has_always_been_known() -> None:
    assert "SX2022-27" in load_library(published_on=date(2023, 1, 1)).documents


def test_an_unreadable_day_is_a_problem() -> None:
    with pytest.raises(LibraryError, match="不是日期"):
        library_from_texts({"a.yaml": document("provisions: []\n", issued="last week")})
