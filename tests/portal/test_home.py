"""The member's first page: money, limits by the law of the member's region, and the way out for whom the law refuses."""

import pytest

from gongji.demo_data import generate
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()


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
