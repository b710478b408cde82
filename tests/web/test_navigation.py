"""Where one can go from a page: what the matrix permits, in order, and where one is."""

import pytest
from django.urls import reverse

from gongji.access import OPERATIONS, ROLES, Visitor, permitted
from gongji.base.region_names import region_name
from gongji.web.icons import ICONS, STATE_ICONS
from gongji.web.navigation import BAR, ENTRIES, menu, part_of
from tests.web.asgi import Browser, sign_in_as


def visitor(*roles: str) -> Visitor:
    return Visitor(1, "u", "某人", frozenset(roles), psn_no="1" if "member" in roles else "")


@pytest.mark.parametrize("part", ENTRIES)
def test_every_entry_is_an_operation_of_its_part_with_an_address_and_an_icon(
    browser: Browser, part: str
) -> None:
    for entry in ENTRIES[part]:
        assert entry.code in OPERATIONS
        assert reverse(entry.code).startswith("/")
        assert entry.icon in ICONS
        assert len(entry.word) <= 6, "a short word: it stands in the bar of a phone"
    assert len({entry.code for entry in ENTRIES[part]}) == len(ENTRIES[part])


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_shown_what_the_matrix_refuses(browser: Browser, role: str) -> None:
    who = visitor(role)
    shown = {link.address for link in menu(who, who.home).links}
    for part in ENTRIES.values():
        for entry in part:
            if not permitted(who.roles, entry.code):
                assert reverse(entry.code) not in shown


def test_a_page_below_an_entry_marks_it(browser: Browser) -> None:
    here = [link.word for link in menu(visitor("member"), "portal.settlement").links if link.here]
    assert here == ["结算"], "a page of one thing stands under the list of things"
    here = [link.word for link in menu(visitor("member"), "portal.prescription_code").links if link.here]
    assert here == ["处方"]
    assert [link.word for link in menu(visitor("member"), "portal.home").links if link.here] == ["首页"]


def test_the_bar_of_a_phone_is_short(browser: Browser) -> None:
    assert len(menu(visitor("member"), "portal.home").first) <= BAR


def test_pages_beside_the_parts_stand_in_the_visitors_own() -> None:
    assert part_of(visitor("cashier"), "account.home") == "desk"
    assert part_of(visitor("finance"), "law.home") == "console"
    assert part_of(None, "law.home") == "public"
    assert part_of(visitor(), "web.no_role") == "public"


def test_each_state_has_a_shape() -> None:
    assert set(STATE_ICONS.values()) <= set(ICONS)


def test_regions_have_names_as_near_as_known() -> None:
    said = [region_name(code) for code in ("14", "1408", "140899", "CN", "97", "nonsense")]
    assert said == ["山西省", "运城市", "运城市（140899）", "全国", "97", "nonsense"]


async def test_the_head_says_who_is_there_and_for_whom(browser: Browser) -> None:
    await sign_in_as(browser, "finance", area="1408", name="郑芳")
    text = (await browser.get("/law")).text
    assert "郑芳" in text
    assert "财务 · 运城市" in text
    assert 'action="/signout"' in text
