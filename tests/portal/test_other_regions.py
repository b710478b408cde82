"""The portal in regions that are only files: deductibles of a day, a month, a year or none, ceilings of a visit, a month, a quarter
or none, rates by age or in bands. Every word and bar is that region's; amounts are worked by hand from the schemes' words."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from gongji.gateway.platform import Platform
from gongji.policy import Law
from tests.gateway.rx_world import Clock
from tests.portal.other_regions import (
    AGED,
    BANDS,
    MONTHLY,
    PAID,
    REGIONS,
    YEARLY,
    Region,
    build,
    law_of_all,
    settled,
)
from tests.web.asgi import Browser, sign_in_as

BILLS = {AGED: "330.00", BANDS: "620.00", MONTHLY: "330.00", PAID: "330.00", YEARLY: "330.00"}
PAYS = {AGED: (20, 155), BANDS: (500, 84), MONTHLY: (100, 161), PAID: (0, 231), YEARLY: (300, 15)}
"""Deductible and fund of the bill: AGED (330 − 20) × 50 %; BANDS (620 − 500) × 70 %; MONTHLY (330 − 100) × 70 %; PAID 330 × 70 %;
YEARLY (330 − 300) × 50 %."""


@pytest.fixture(scope="session")
def law() -> Law:
    return law_of_all()


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    return build(pg_url)


class Going(Clock):
    """Time goes on a little whenever somebody looks, so that a later session is the later one."""

    def __call__(self) -> datetime:
        self.wait(milliseconds=1)
        return self.at


@pytest.fixture(scope="module")
def now() -> Clock:
    return Going()


def plain(text: str) -> str:
    """The words of a page, between tags."""
    inner = text[text.index("<main") : text.index("</main")]
    return re.sub(r"\s+", " ", re.sub(r"<title>.*?</title>|<[^>]+>", " ", inner).replace("\u2009", ""))


async def read(browser: Browser, region: Region, address: str) -> str:
    await sign_in_as(browser, "member", psn_no=region.member)
    answer = await browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return plain(answer.text)


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[float, float]]:
    """What the interface answered, by region: the world is the module's, so each bill is settled once."""
    return {}


@pytest.fixture(autouse=True)
async def bills(platform: Platform, told: dict[str, tuple[float, float]]) -> None:
    for region in REGIONS:
        if region.code not in told:
            info = await settled(platform, region, BILLS[region])
            told[region.code] = (info["act_pay_dedc"], info["hifp_pay"])


@pytest.mark.parametrize("region", REGIONS, ids=lambda one: one.code)
async def test_the_bills_pay_as_the_schemes_words_say(
    region: Region, told: dict[str, tuple[float, float]]
) -> None:
    assert told[region.code] == PAYS[region]


@pytest.mark.parametrize("region", REGIONS, ids=lambda one: one.code)
async def test_no_page_denies_the_regions_law_or_shows_a_code_or_an_empty_bar(
    browser: Browser, region: Region
) -> None:
    for address in (
        "/portal/",
        "/portal/estimate",
        "/portal/questions",
        "/portal/settlements",
        "/portal/filing",
    ):
        text = await read(browser, region, address)
        assert "没有您参保地区的待遇规定" not in text
        assert "缺少确定待遇所需的信息" not in text
        assert not re.search(r"age_band|None|共 0\.00 元|ROW_", text), (address, text)


async def test_a_month_has_bars_of_its_own(browser: Browser) -> None:
    text = await read(browser, MONTHLY, "/portal/")
    assert "本月起付标准 已满 已用 100.00 元，共 100.00 元" in text
    assert "本月统筹报销额度 还剩 39.00 元 已用 161.00 元，共 200.00 元" in text
    assert "今年还能报销 1639.00 元，但不超过下面的限额" in text
    assert "每次就诊" not in text
    assert "每月 100.00 元" in text


async def test_a_day_and_a_quarter_have_bars_of_their_own(browser: Browser) -> None:
    text = await read(browser, AGED, "/portal/")
    assert "今日起付标准 已满 已用 20.00 元，共 20.00 元" in text
    assert "今年累计起付 还剩 380.00 元 已用 20.00 元，共 400.00 元" in text
    assert "本季度统筹报销额度 还剩 445.00 元 已用 155.00 元，共 600.00 元" in text
    assert "每次就诊" not in text


async def test_no_deductible_and_a_ceiling_of_a_visit_are_said_in_words(browser: Browser) -> None:
    text = await read(browser, PAID, "/portal/")
    assert "不设起付标准。" in text
    assert "每次就诊最多报销 300.00 元。" in text
    assert "今年累计起付" not in text
    assert "今年基金已付 1000.00 元以内 70%，以上 50%" in text


async def test_no_ceiling_is_said_and_a_band_tells_what_it_runs_over(browser: Browser) -> None:
    text = await read(browser, BANDS, "/portal/")
    assert "不设最高支付限额。" in text
    assert "今年统筹报销额度" not in text
    assert "今年起付标准 已满 已用 500.00 元，共 500.00 元" in text
    assert "今年政策范围内费用累计 5000.00 元以内 70%，20000.00 元以内 77.5%，以上 85%" in text
    assert "二级医院" in text
    assert "一级医院" in text, "the same value is called 一级及以下医疗机构 in another region"


async def test_a_years_deductible_is_not_one_of_a_visit(browser: Browser) -> None:
    text = await read(browser, YEARLY, "/portal/")
    assert "今年起付标准 已满 已用 300.00 元，共 300.00 元" in text
    assert "每年 300.00 元" in text
    assert "每次就诊" not in text
    assert "零售药店" in text
    assert "60%" in text


@pytest.mark.parametrize(
    ("region", "question", "said", "unsaid"),
    [
        (AGED, "rate", "统筹基金的支付比例是 50%。", "65%"),
        (BANDS, "rate", "比例分段计算，还要看去哪一类机构", "几档"),
        (YEARLY, "rate", "比例看您去哪一类机构，有 50%、60%几档", ""),
        (PAID, "deductible", "参保地不设起付标准", "按下面的规定扣除"),
        (MONTHLY, "deductible", "按月起付标准： 100.00 元", "每次就诊"),
        (YEARLY, "deductible", "今年的起付标准已经扣满 300.00 元", ""),
        (AGED, "ceiling", "没有年度最高支付限额，按季度最高支付限额计算", "年度最高支付限额见下面"),
        (BANDS, "ceiling", "参保地不设最高支付限额。今年统筹基金已经为您付了 84.00 元", ""),
        (MONTHLY, "ceiling", "同时受月最高支付限额的限制", ""),
        (PAID, "ceiling", "同时受单次最高支付限额的限制", ""),
        (MONTHLY, "prepay", "乙类药品先行自付 5%", "晋医保"),
        (YEARLY, "chronic", "慢特病", "晋政办"),
        (BANDS, "account", "（未规定）", "可以在定点药店买下面"),
        (BANDS, "money", "（未规定）", "退休人员按定额"),
        (YEARLY, "claim", "30 个工作日内办完", "30 工作日"),
    ],
)
async def test_a_question_is_answered_by_the_members_own_region(
    browser: Browser, region: Region, question: str, said: str, unsaid: str
) -> None:
    text = await read(browser, region, f"/portal/questions/{question}")
    assert said in text
    assert not unsaid or unsaid not in text


async def test_a_settlements_words_name_the_window_of_its_deductible(
    browser: Browser, platform: Platform
) -> None:
    """A second bill of the day: the day's, the month's and the year's deductible are paid, no visit's."""
    for region, window in ((AGED, "当日"), (MONTHLY, "当月"), (YEARLY, "今年")):
        await settled(platform, region, "10.00")
        await sign_in_as(browser, "member", psn_no=region.member)
        listed = (await browser.get("/portal/settlements")).text
        latest = re.findall(r'/portal/settlements/\d+(?=")', listed)[0]
        for address in (latest, f"{latest}/print"):
            text = await read(browser, region, address)
            assert f"{window}的起付标准" in text, (region.code, text)
            assert "本次就诊的起付标准" not in text


@pytest.mark.parametrize(
    ("region", "where", "total", "own", "assumed"),
    [
        (PAID, "hospital", "100.00", "30.00", "这是单独的一次就诊。"),
        (YEARLY, "hospital", "100.00", "50.00", "这是单独的一次就诊。"),
        (YEARLY, "pharmacy", "100.00", "40.00", "医生开了电子处方"),
        (BANDS, "level1", "100.00", "20.00", "这是单独的一次就诊。"),
        (AGED, "hospital", "100.00", "50.00", "这是单独的一次就诊。"),
        (MONTHLY, "hospital", "40.00", "18.00", "这是单独的一次就诊。"),
    ],
)
async def test_an_estimate_counts_by_the_members_own_region(
    browser: Browser, region: Region, where: str, total: str, own: str, assumed: str
) -> None:
    """The deductible of the day, month or year is paid already, so only the rate counts."""
    text = await read(browser, region, f"/portal/estimate/result?where={where}&drug_a={total}")
    assert f"大约要您自己负担 {own} 元" in text
    assert assumed in text
    assert "起付另算" not in text


async def test_what_no_document_fixes_is_called_so_with_a_way_out(browser: Browser) -> None:
    """PAID fixes no prepayment of 乙类."""
    text = await read(browser, PAID, "/portal/estimate/result?where=hospital&drug_b=100.00")
    assert "未规定" in text
    assert "12393" in text


@pytest.mark.parametrize(
    ("region", "said"),
    [(MONTHLY, "按月起付标准"), (AGED, "季度最高支付限额"), (PAID, "单次最高支付限额"), (BANDS, "不设")],
)
async def test_the_standards_of_a_day_are_the_regions(browser: Browser, region: Region, said: str) -> None:
    text = await read(browser, region, f"/law/standards?region={region.code[:4]}&on=2024-08-15")
    assert said in text


async def test_a_question_from_somebody_unknown_names_the_figures_and_denies_none(browser: Browser) -> None:
    """Nobody in particular: what depends on status is listed, not called unstated."""
    for question, region, said in (
        ("deductible", BANDS, "300.00 元"),
        ("ceiling", MONTHLY, "月最高支付限额"),
        ("ceiling", YEARLY, "2000.00 元"),
    ):
        text = plain((await browser.get(f"/law/questions/{question}?region={region.code[:4]}")).text)
        assert said in text
        assert "未规定" not in text
