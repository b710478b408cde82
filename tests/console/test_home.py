"""The console's first page."""

from tests.web.asgi import Browser, sign_in_as


async def test_the_workbench_names_the_role_and_the_area(browser: Browser) -> None:
    await sign_in_as(browser, "clerk", area="1401", name="张经办")
    answer = await browser.get("/console/")
    assert answer.status_code == 200
    assert "经办受理" in answer.text
    assert "1401" in answer.text


async def test_a_member_has_no_workbench(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no="1401990000000012")
    answer = await browser.get("/console/")
    assert answer.status_code == 403
