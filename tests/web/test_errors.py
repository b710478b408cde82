"""What cannot be shown is said in Chinese and in the look of the others: wrong addresses and bodies, a lost database."""

import io
import json
import re
from typing import Any

import pytest

from gongji.gateway import journal
from gongji.project import web as project_web
from tests.web.asgi import HOST, Browser, sign_in_as


def in_the_look(text: str) -> bool:
    return "/static/web/tokens.css" in text and "回到首页" in text


async def test_an_address_that_does_not_exist_is_a_page_in_chinese(browser: Browser) -> None:
    answer = await browser.get("/portal/nothing/here")
    assert answer.status_code == 404
    assert "没有这一页" in answer.text
    assert in_the_look(answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_form_without_its_token_says_that_nothing_was_sent(browser: Browser) -> None:
    answer = await browser.post("/signin", data={"username": "x"}, headers={"Referer": HOST + "/"})
    assert answer.status_code == 403
    assert "没有提交任何内容" in answer.text
    assert in_the_look(answer.text)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b"--x--"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&" * 5),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
        ("multipart/form-data; boundary=" + "x" * 300, b""),
    ],
)
async def test_a_malformed_body_is_refused_in_words(browser: Browser, kind: str, body: bytes) -> None:
    answer = await browser.post(
        "/signin", content=body, headers={"Content-Type": kind, "Referer": HOST + "/"}
    )
    assert answer.status_code in (400, 403)
    assert in_the_look(answer.text)


async def test_too_many_fields_and_too_much_text_are_too_large(browser: Browser) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Referer": HOST + "/"}
    await browser.get("/signin")
    for body in (b"a=1&" * 1_200, b"a=" + b"x" * 3_000_000):
        answer = await browser.post("/signin", content=body, headers=form)
        assert answer.status_code == 413
        assert "文件太大" in answer.text


async def test_a_body_beyond_the_limit_is_read_to_its_end_and_dropped(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_web, "MAX_BODY", 10_000)
    answer = await browser.post("/signin", content=b"x" * 30_000)
    assert answer.status_code == 413
    assert in_the_look(answer.text)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_page_that_fails_says_so_without_a_word_of_the_program(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("gongji.web.law.search", broken)
    journal.configure(log := io.BytesIO())
    answer = await browser.get("/law?q=1401990000000001")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "secret" not in answer.text
    number = re.search(r"请报编号 <code>([0-9A-F]{8})</code>", answer.text)
    line = json.loads(log.getvalue())
    assert number
    assert (line["event"], line["operation"], line["number"]) == ("page failed", "law.home", number[1])
    assert "secret" not in str(line)
    assert "1401990000000001" not in str(line)


async def test_a_lost_database_is_said_as_such(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr("gongji.web.law.search", lost)
    answer = await browser.get("/law")
    assert answer.status_code == 503
    assert "不会丢失" in answer.text


async def test_a_part_of_a_page_that_fails_shows_the_whole_page(browser: Browser) -> None:
    answer = await browser.get("/nothing", headers={"HX-Request": "true"})
    assert answer.headers["hx-retarget"] == "#main"


async def test_assets_are_there_and_what_is_not_is_not_an_error(browser: Browser) -> None:
    style = await browser.get("/static/web/tokens.css")
    assert style.status_code == 200
    assert style.headers["cache-control"] == "no-cache"
    assert style.headers["x-content-type-options"] == "nosniff"
    again = await browser.get("/static/web/tokens.css", headers={"If-None-Match": style.headers["etag"]})
    assert again.status_code == 304
    for missing in ("/static/web/none.css", "/static/../pyproject.toml", "/static/", "/static/web/js"):
        assert (await browser.get(missing)).status_code == 404
    assert (await browser.post("/static/web/tokens.css")).status_code == 405


async def test_no_role_says_whom_to_ask(browser: Browser) -> None:
    await sign_in_as(browser, "cashier", institution="H14010000001")
    answer = await browser.get("/no-role")
    assert "您的账号还没有角色" in answer.text


@pytest.mark.parametrize(
    ("way", "address", "fields"),
    [
        ("GET", "/desk/lost?number=a%00b", {}),
        ("GET", "/desk/day?%00=1", {}),
        ("POST", "/desk/cashier", {"msgid": "a\0b"}),
        ("POST", "/signin", {"username": "a\0b", "password": "x"}),
    ],
)
async def test_a_nul_is_a_bad_request_wherever_it_stands(
    browser: Browser, way: str, address: str, fields: dict[str, str]
) -> None:
    await sign_in_as(browser, "cashier", institution="H14010090011")
    answer = await (browser.get(address) if way == "GET" else browser.send_form(address, fields))
    assert answer.status_code == 400
    assert "请求无法识别" in answer.text
    assert in_the_look(answer.text)


@pytest.mark.parametrize("way", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
async def test_a_page_is_asked_for_and_sent_to_and_nothing_else(browser: Browser, way: str) -> None:
    await sign_in_as(browser, "cashier", institution="H14010090011")
    await browser.get("/styleguide")
    token = {"X-CSRFToken": browser.cookies["gongji_csrf"], "Referer": HOST + "/"}
    answer = await browser.request(way, "/desk/day", headers=token)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert "当日交易" not in answer.text
    assert in_the_look(answer.text)
