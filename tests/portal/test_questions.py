"""常见问题: answered for the member who asks, from the law of the day."""

from __future__ import annotations

import pytest

from gongji.explain.questions import QUESTIONS
from gongji.gateway.platform import Platform
from tests.portal.rx import MEMBER, WORLD
from tests.web.asgi import Browser, sign_in_as


@pytest.fixture
async def member(browser: Browser) -> Browser:
    await sign_in_as(browser, "member", psn_no=MEMBER)
    return browser


@pytest.mark.parametrize("code", QUESTIONS)
@pytest.mark.parametrize("kind", ["active", "retired", "qingyang_active", "arrears", "deceased"])
async def test_every_question_has_an_answer_for_everybody(browser: Browser, code: str, kind: str) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member(kind))
    page = await browser.get(f"/portal/questions/{code}")
    assert page.status_code == 200
    assert "None" not in page.text


async def test_the_question_names_the_members_own_rate(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("active"))
    assert "为什么我的报销比例是 65%？" in (await browser.get("/portal/questions")).text
    await sign_in_as(browser, "member", psn_no=WORLD.member("retired"))
    page = await browser.get("/portal/questions/rate")
    assert "为什么我的报销比例是 70%？" in page.text
    assert "以前是 65%" in page.text
    assert "/law/SX2024-11.s1.f3" in page.text


async def test_another_regions_law_gives_another_answer(browser: Browser) -> None:
    """The same questions in Taiyuan (Shanxi) and in Qingyang (Gansu), each from its own documents."""
    for code, taiyuan, qingyang in (
        ("rate", "SX2024-11", "QY."),
        ("deductible", "SX2", "QY."),
        ("claim", "CN-765", "QY.art22"),
    ):
        texts = []
        for kind, library in (("active", taiyuan), ("qingyang_active", qingyang)):
            await sign_in_as(browser, "member", psn_no=WORLD.member(kind))
            page = await browser.get(f"/portal/questions/{code}")
            assert f"/law/{library}" in page.text, (code, kind)
            texts.append(page.text[page.text.index("<h1>") : page.text.index("其他问题")])
        assert texts[0] != texts[1], code


async def test_a_whole_sentence_finds_its_question(member: Browser) -> None:
    for words, title in (
        ("为什么我的报销比例是70%", "报销比例是"),
        ("300元起付线还差多少", "起付线还差多少"),
        ("我妈妈能用我的个人账户吗 父母", "家里人能用我的账户吗"),
        ("高血压药和普通门诊一起算吗", "慢特病和普通门诊是分开算的吗"),
        ("处方过期了怎么办", "处方几天有效"),
        ("出差外地看病能报吗", "异地就医怎么办"),
    ):
        page = await member.get("/portal/questions", params={"q": words})
        assert title in page.text, words


async def test_free_words_find_questions_and_go_on_to_the_law(member: Browser) -> None:
    page = await member.get("/portal/questions?q=外地看病")
    assert "异地就医怎么办" in page.text
    assert "/law?q=" in page.text
    nothing = await member.get("/portal/questions?q=zzz")
    assert "没有找到" in nothing.text


async def test_an_institution_is_looked_up_as_it_stands_today(member: Browser, platform: Platform) -> None:
    page = await member.get("/portal/questions/place?name=药房")
    assert "演示惠民药房（未开通门诊统筹）" in page.text
    assert "只能用个人账户" in page.text
    assert "演示福康药房（协议已终止）" in page.text
    assert "不能报销" in page.text
    away = await member.get("/portal/questions/place?name=仁和")
    assert "badge--ok" not in away.text, "another city, without a filing"
    assert "临时外出" in away.text


async def test_an_unknown_question_is_not_found(member: Browser) -> None:
    assert (await member.get("/portal/questions/nothing")).status_code == 404


async def test_what_is_left_is_not_promised_while_the_pool_pays_nothing(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=WORLD.member("arrears"))
    page = await browser.get("/portal/questions/ceiling")
    assert "现在统筹基金不付，恢复待遇以后最多还能付" in page.text
    await sign_in_as(browser, "member", psn_no=WORLD.member("active"))
    assert "恢复待遇以后" not in (await browser.get("/portal/questions/ceiling")).text


@pytest.mark.parametrize("code", ["deductible", "ceiling", "rate"])
async def test_whose_status_is_unknown_sees_the_figures_and_not_that_the_law_is_silent(
    browser: Browser, code: str
) -> None:
    """The paused and the dead have no status: what depends on it is listed for both."""
    for kind in ("paused", "deceased"):
        await sign_in_as(browser, "member", psn_no=WORLD.member(kind))
        page = await browser.get(f"/portal/questions/{code}")
        assert "未规定" not in page.text
        assert "/law/SX" in page.text
