"""The law for everybody: found by words and numbers, shown with what it sets, replaced and since when."""

import re

import pytest

from gongji.explain.questions import QUESTIONS
from gongji.policy import Law
from gongji.web.lawsearch import ALIKE, LIMIT, Piece, like, pieces, search, words_of
from tests.web.asgi import Browser


def found(law: Law, question: str) -> list[str]:
    return [hit.provision.clause for hit in search(law, question)]


def test_every_word_must_be_there(law: Law) -> None:
    both = found(law, "退休 支付比例")
    assert both
    assert set(both) <= set(found(law, "退休")) & set(found(law, "支付比例"))
    assert found(law, "退休 火星") == []


@pytest.mark.parametrize("question", ["2500", "2,500", "2500.00", "２５００", "年度最高支付限额 2500"])
def test_a_number_is_found_however_it_is_written(law: Law, question: str) -> None:
    assert "SX2024-11.s1.a" in found(law, question)


def test_a_rate_finds_the_clause_that_sets_it_first(law: Law) -> None:
    first = search(law, "70%")[0]
    assert any("70%" in value for value in first.values)
    assert first.in_force


def test_a_document_number_finds_its_clauses(law: Law) -> None:
    assert all(clause.startswith("SX2024-11.") for clause in found(law, "晋医保发〔2024〕11号"))


def test_no_question_finds_nothing_and_a_common_one_is_bounded(law: Law) -> None:
    assert search(law, "  ") == ()
    assert len(search(law, "医保")) <= LIMIT
    assert len(words_of("一 " * 100 + " ".join("abcdefghijk"))) <= 8


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("退休后报销比例是多少？", "SX2024-11.s1."),
        ("异地看病要先备案吗", "SX2022-27.art24"),
        ("２５００元是什么限额", "SX2024-11.s1.a"),
    ],
)
def test_a_question_asked_as_a_sentence_finds_clauses_about_it(law: Law, question: str, clause: str) -> None:
    assert search(law, question) == ()
    found = like(law, question)
    assert any(hit.provision.clause.startswith(clause) for hit in found)
    assert all(hit.in_force for hit in found)
    assert len(found) <= ALIKE


@pytest.mark.parametrize("question", ["", "火星", "???", "hello world", "　"])
def test_what_the_law_says_nothing_of_finds_nothing(law: Law, question: str) -> None:
    assert like(law, question) == ()


def test_words_are_marked_in_the_text_and_the_text_stays_whole() -> None:
    cut = pieces("退休人员提高至60%、65%、70%", ("70%", "退休"))
    assert "".join(piece.text for piece in cut) == "退休人员提高至60%、65%、70%"
    assert [piece.text for piece in cut if piece.found] == ["退休", "70%"]
    assert pieces("a", ()) == (Piece("a", False),)


async def test_a_clause_says_its_words_since_when_and_what_was_before(browser: Browser) -> None:
    text = (await browser.get("/law/SX2024-11.s1.a")).text
    assert "职工门诊统筹年度最高支付限额在职职工提高至2500元" in text
    assert "2500.00 元" in text
    assert "2024-07-01" in text
    assert "晋医保发〔2022〕12号" in text, "what stood before"
    assert "山西省" in text


async def test_every_clause_and_document_has_its_page(browser: Browser, law: Law) -> None:
    for clause in law.library.provisions:
        assert (await browser.get(f"/law/{clause}")).status_code == 200, clause
    for document in law.library.documents:
        assert (await browser.get(f"/law/documents/{document}")).status_code == 200, document


@pytest.mark.parametrize("address", ["/law/none", "/law/documents/none", "/law/%00", "/law/" + "x" * 500])
async def test_an_unknown_clause_is_not_found(browser: Browser, address: str) -> None:
    answer = await browser.get(address)
    assert answer.status_code == 404
    assert "政策" in answer.text


async def test_the_search_answers_as_a_page_and_as_a_part(browser: Browser) -> None:
    whole = (await browser.get("/law", params={"q": "起付"})).text
    part = (await browser.get("/law", params={"q": "起付"}, headers={"HX-Request": "true"})).text
    assert "<html" in whole
    assert "<html" not in part
    assert '<mark class="mark">起付</mark>' in whole
    assert '<mark class="mark">起付</mark>' in part


async def test_a_question_is_shown_as_text(browser: Browser) -> None:
    text = (await browser.get("/law", params={"q": "<script>alert(1)</script>"})).text
    assert "<script>alert" not in text
    assert "没有同时含有" in text


async def test_standards_of_a_day_are_those_of_the_day(browser: Browser) -> None:
    def ceiling(text: str) -> str:
        rows = re.findall(r"<tr>.*?</tr>", text, flags=re.DOTALL)
        return next(row for row in rows if "年度最高支付限额" in row and "在职职工" in row)

    later = (await browser.get("/law/standards", params={"region": "14", "on": "2024-07-01"})).text
    earlier = (await browser.get("/law/standards", params={"region": "14", "on": "2024-06-30"})).text
    assert "2500.00 元" in ceiling(later)
    assert "2500.00 元" not in ceiling(earlier)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"on": "soon"}, "日期请写成"),
        ({"region": "99"}, "没有这个地区"),
        ({"region": "14", "on": "0001-01-01"}, "的标准"),
    ],
)
async def test_what_cannot_be_asked_is_said(browser: Browser, query: dict[str, str], words: str) -> None:
    answer = await browser.get("/law/standards", params=query)
    assert answer.status_code == 200
    assert words in answer.text


@pytest.mark.parametrize("region", ["14", "1408", "6210", "99", ""])
async def test_every_question_is_answered_for_everybody_in_every_region(
    browser: Browser, region: str
) -> None:
    for code, question in QUESTIONS.items():
        answer = await browser.get(f"/law/questions/{code}", params={"region": region})
        assert answer.status_code == 200, code
        assert question.general in answer.text
        assert "None" not in answer.text, code


async def test_an_unknown_question_is_not_found(browser: Browser) -> None:
    assert (await browser.get("/law/questions/why")).status_code == 404


async def test_a_sentence_leads_to_the_question_it_asks(browser: Browser) -> None:
    for words, code in (
        ("为什么我的报销比例是70%", "rate"),
        ("家里人可以用我的账户吗", "family"),
        ("一年最多报多少钱", "ceiling"),
        ("处方几天有效", "validity"),
    ):
        text = (await browser.get("/law", params={"q": words}, headers={"HX-Request": "true"})).text
        assert f'href="/law/questions/{code}"' in text, words
