"""The member's first page: money, limits by the law of the member's region, and the way out for whom the law refuses."""

from datetime import UTC, datetime

import msgspec
import pytest

from gongji.base.times import day_in_china
from gongji.demo_data import generate
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.members import selectors as members
from gongji.members.eligibility import facts_of
from gongji.policy import Law
from gongji.portal.limits import Limits, limits_of
from gongji.portal.places import place_kinds
from gongji.settlement import selectors
from gongji.settlement.benefits import ORDINARY
from tests.portal.test_settlements import shown
from tests.vaults import VAULT
from tests.web.asgi import Browser, sign_in_as, web_on

WORLD = generate()


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    """The demonstration with its past."""
    return lived_url


async def home_of(browser: Browser, archetype: str) -> str:
    await sign_in_as(browser, "member", psn_no=WORLD.member(archetype))
    answer = await browser.get("/portal/")
    assert answer.status_code == 200
    return answer.text


async def test_a_member_sees_balance_yearly_stop_and_ceiling_with_the_law_behind(browser: Browser) -> None:
    text = await home_of(browser, "active")
    assert "300.00 元" in text
    assert "2\u2009500.00 元" in text
    assert '/law/SX2024-11.s1.d"' in text
    assert '/law/SX2024-11.s1.a"' in text
    assert "正常参保" in text


@pytest.mark.parametrize(
    ("archetype", "ceiling"),
    [("active", 250_000), ("retired", 300_000), ("chronic", 300_000), ("filed_in_province", 300_000)],
)
async def test_the_bars_say_what_the_years_settlements_have_used(
    browser: Browser, platform: Platform, archetype: str, ceiling: int
) -> None:
    async with platform.pool.acquire() as conn:
        year = await selectors.year(conn, WORLD.member(archetype), platform.now().year)
    deductible_fen, _, fund_fen = year.sums(ORDINARY)
    assert fund_fen
    text = await home_of(browser, archetype)
    for used_fen, total_fen in ((deductible_fen, 30_000), (fund_fen, ceiling)):
        assert f"已用 {shown(used_fen)} 元，共 {shown(total_fen)} 元" in text
        left = f"还剩 {shown(total_fen - used_fen)} 元" if used_fen < total_fen else "已满"
        assert f'<span class="money">{left}</span>' in text


async def test_a_new_year_begins_with_nothing_used(world_url: str, law: Law, browser: Browser) -> None:
    assert "已用 0.00 元，共 300.00 元" not in await home_of(browser, "active")

    def new_year() -> datetime:
        return datetime(2026, 12, 31, 16, 0, 1, tzinfo=UTC)  # a second past midnight in China

    settings = GatewaySettings(signature="off", demo=True)
    async with (
        open_platform(world_url, settings, law, VAULT, now=new_year) as later,
        Browser(await web_on(world_url), later) as early,
    ):
        text = await home_of(early, "active")
    assert "已用 0.00 元，共 300.00 元" in text
    assert "已用 0.00 元，共 2\u2009500.00 元" in text


async def test_who_moves_sees_the_new_regions_figures_with_what_the_year_has_used(platform: Platform) -> None:
    today, law = day_in_china(platform.now()), platform.law
    async with platform.pool.acquire() as conn:
        standing = await members.standing(conn, WORLD.member("active"), today)
        year = await selectors.year(conn, WORLD.member("active"), today.year)
    assert standing is not None
    _, _, fund_fen = year.sums(ORDINARY)
    for region, ceiling_fen in ((standing.region, 250_000), ("621000", 200_000)):
        there = msgspec.structs.replace(standing, region=region)
        places = place_kinds(law, region, today)
        facts = {
            place.code: facts_of(
                there, place.day.attributes, place.day.region, voucher=True, prescription="valid", extra={}, on=today, law=law
            )
            for place in places
        }  # fmt: skip
        found = limits_of(law, there, year, today, places, facts)
        assert isinstance(found, Limits)
        assert found.ceiling is not None
        assert (found.ceiling.total_fen, found.ceiling.used_fen) == (ceiling_fen, fund_fen)
        assert found.draft == (region == "621000")
        assert len(found.terms) == len(places)


@pytest.mark.parametrize("archetype", ["arrears", "waiting", "flexible_without_account"])
async def test_what_is_left_is_not_promised_to_whom_the_pool_pays_nothing(
    browser: Browser, archetype: str
) -> None:
    text = await home_of(browser, archetype)
    assert "现在不能报销，原因见上面" in text
    assert "恢复待遇以后最多还能报销" in text
    assert "现在不能报销" not in await home_of(browser, "active")


async def test_who_is_not_insured_now_reads_that_and_not_that_the_region_has_no_law(browser: Browser) -> None:
    text = await home_of(browser, "paused")
    assert "现在没有参加职工医保，没有可以报销的额度" in text
    assert "没有您参保地区的待遇规定" not in text


@pytest.mark.parametrize(
    ("archetype", "said", "way_out"),
    [
        ("arrears", "处于医保欠费期间", "补缴"),
        ("waiting", "处于医保待遇等待期", "等待期满后自动恢复"),
        ("paused", "参保关系已暂停", "续保"),
        ("deceased", "参保人已登记死亡", "继承人"),
        ("flexible_without_account", "没有医保个人账户", "统账结合"),
        ("qingyang_active", "征求意见稿", "参保地医保局"),
    ],
)
async def test_whom_the_law_refuses_is_told_why_and_what_to_do(
    browser: Browser, archetype: str, said: str, way_out: str
) -> None:
    text = await home_of(browser, archetype)
    assert said in text
    assert "怎么办" in text
    assert way_out in text


async def test_a_region_with_a_yearly_deductible_shows_its_own_and_not_a_stop(browser: Browser) -> None:
    text = await home_of(browser, "qingyang_active")
    assert "今年起付标准" in text
    assert "今年累计起付" not in text
    assert '/law/QY.art15.b"' in text
    assert "2\u2009000.00 元" in text


async def test_an_account_without_member_is_told_so(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no="14019909999999999")
    answer = await browser.get("/portal/")
    assert answer.status_code == 404
    assert "没有找到您的参保信息" in answer.text


async def test_somebody_who_is_no_member_has_no_home_here(browser: Browser) -> None:
    await sign_in_as(browser, "cashier", institution=WORLD.institution("演示区人民医院").code)
    assert (await browser.get("/portal/")).status_code == 403
