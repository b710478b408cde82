"""The first page and the wall around the others."""

from tests.web.asgi import Browser, sign_in_as


async def test_the_front_page_says_what_this_is(browser: Browser) -> None:
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "共济" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_account_whose_generation_has_moved_on_is_signed_out(browser: Browser) -> None:
    account = await sign_in_as(browser, "cashier", institution="H14010000001")
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(
            "UPDATE access_account SET generation = generation + 1 WHERE id = $1", account.number
        )
    answer = await browser.get("/no-role")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/signin")
