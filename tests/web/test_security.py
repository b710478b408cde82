"""What a browser and a stranger are held to: headers, cookies, forms of other sites, made-up addresses, production settings."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings

import gongji.project
from gongji.access import sessions
from gongji.access.limits import IDLE, IDLE_OFFICER, LONGEST
from gongji.project.web import Web
from gongji.web.middleware import HEADERS
from gongji.web.visits import address_of
from tests.web.asgi import Browser, sign_in_as
from tests.web.staff import demo_accounts, sign_in
from tests.web.wall import PEOPLE, Person, walk

DANGEROUS = {
    "a script in the page": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a style in the page": r"<style|\sstyle=",
    "a handler in the page": r"\son[a-z]+=[\"']|hx-on",
    "an address that is a script": r"(?:href|src|action)=[\"']\s*(?:javascript|data:text)",
    "something from elsewhere": r"(?:src|href)=[\"'](?:https?:)?//(?!127\.0\.0\.1)",
}


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


@pytest.mark.parametrize(
    "path",
    [
        "/", "/signin", "/account/", "/no/such/page", "/styleguide", "/signin/oidc", "/law/none", "/signout",
        "/static/web/base.css", "/static/none.css", "/static/web/icon.svg", "/portal",
    ],
)  # fmt: skip
async def test_every_answer_keeps_the_browser_in_check(browser: Browser, path: str) -> None:
    fits(await browser.get(path))


async def test_a_refusal_an_export_and_what_only_django_refuses_keep_the_browser_in_check(
    browser: Browser,
) -> None:
    await sign_in_as(browser, "audit_officer")
    for path, status in (("/console/events.csv", 200), ("/portal/", 403), ("/console/accounts/1", 403)):
        answer = await browser.get(path)
        assert answer.status_code == status
        fits(answer)
    fits(await browser.get("/signin", headers={"Host": "evil.example"}))
    fits(await browser.post("/signin", data={"username": "x"}))
    fits(await browser.put("/account/"))


async def test_over_https_every_answer_says_to_come_back_by_https(browser: Browser) -> None:
    with override_settings(**SERVICE):
        async with Browser(Web(""), browser.platform) as strict:
            plain = await strict.get("/signin")
            assert (plain.status_code, plain.headers["location"]) == (301, "https://127.0.0.1/signin")
            fits(plain)
            strict.base_url = "https://127.0.0.1"
            for path in ("/signin", "/nothing", "/static/web/base.css"):
                said = (await strict.get(path)).headers["strict-transport-security"]
                assert said.startswith("max-age=31536000")


def fits(answer: httpx.Response) -> None:
    """The answer has every header; a picture or an asset may have stricter ones, none has weaker."""
    kept = {**HEADERS, "Cache-Control": "no-cache"} if "/static/" in str(answer.url) else HEADERS
    for name, value in kept.items():
        assert answer.headers[name] == value, (str(answer.url), name)


def test_the_policy_of_contents_lets_nothing_in_but_our_own_files() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy.replace("'self'", "")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_no_page_has_a_script_a_style_or_a_stranger_in_it(browser: Browser, person: Person) -> None:
    texts = (await walk(browser, person)).texts
    wrong = [
        f"{address}: {name}"
        for address, text in texts.items()
        for name, pattern in DANGEROUS.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert not wrong, "\n".join(wrong)
    assert texts


async def cookie(browser: Browser, name: str) -> str:
    """The line that sets the cookie at a sign-in."""
    await demo_accounts(str(browser.platform.dsn))
    fields = {"username": "shouli", "password": "gongji-demo"}
    answer = await browser.send_form("/signin", fields, headers={"Referer": str(browser.base_url)})
    assert answer.status_code == 302, answer.text
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


async def test_the_cookies_of_a_session_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    line = await cookie(browser, "gongji_session")
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Secure" not in line
    assert "HttpOnly" in await cookie(browser, "gongji_csrf")


def settings_in(**environment: str) -> dict[str, Any]:
    """Django's settings as a process with this environment has them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GONGJI_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        return runpy.run_path(str(Path(gongji.project.__file__).parent / "settings.py"))


SERVICE = {
    name: value
    for name, value in settings_in(GONGJI_SECRET_KEY="x" * 60).items()
    if name.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "SECURE_"))
}
"""What a server has that is not a demonstration: GONGJI_HTTPS is on unless it is turned off."""


async def test_over_https_the_cookies_belong_to_this_host_and_travel_in_no_other_way(
    browser: Browser,
) -> None:
    browser.base_url = "https://127.0.0.1"
    with override_settings(**SERVICE):
        for name in ("__Host-gongji_session", "__Host-gongji_csrf"):
            line = await cookie(browser, name)
            assert "Secure" in line
            assert "Path=/;" in f"{line};"
            assert "Domain" not in line
        out = await browser.send_form("/signout", {}, headers={"Referer": "https://127.0.0.1/"})
        gone = [
            line for line in out.headers.get_list("set-cookie") if line.startswith("__Host-gongji_session=")
        ]
        assert not gone or "Secure" in gone[0]


def test_debugging_is_off_and_no_secret_stands_in_the_settings() -> None:
    service = settings_in(GONGJI_SECRET_KEY="x" * 60)
    assert service["DEBUG"] is False
    assert service["SECRET_KEY"] == "x" * 60
    assert service["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert "*" not in settings_in(GONGJI_HOSTS="gongji.example")["ALLOWED_HOSTS"]


async def test_a_form_of_another_site_is_refused_even_with_a_token(browser: Browser) -> None:
    await browser.get("/styleguide")
    token = browser.cookies["gongji_csrf"]
    answer = await browser.post(
        "/signin", data={"username": "x"}, headers={"X-CSRFToken": token, "Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_a_strange_host_is_refused(browser: Browser) -> None:
    answer = await browser.get("/signin", headers={"Host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "'; DROP TABLE access_session; --", "a" * 5000])
async def test_a_made_up_session_is_nobodys(browser: Browser, token: str) -> None:
    browser.cookies.set("gongji_session", token)
    answer = await browser.get("/account/")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/signin")


async def test_the_database_does_not_hold_what_opens_a_session(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution="H14010090011")
    token = browser.cookies["gongji_session"]
    async with browser.platform.pool.acquire() as conn:
        rows = await conn.fetch("SELECT row_to_json(s)::text AS line FROM access_session s")
    assert rows
    assert not any(token in row["line"] for row in rows)


@pytest.mark.parametrize(
    ("role", "bound", "limit"),
    [
        ("manager", {"institution": "H14010090011"}, IDLE),
        ("member", {"psn_no": "1401990000000001"}, IDLE),
        ("audit_officer", {}, IDLE_OFFICER),
    ],
)
async def test_an_idle_session_is_over_at_its_limit(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, role: str, bound: dict[str, str], limit: timedelta
) -> None:
    await sign_in_as(browser, role, **bound)
    start = browser.platform.now()
    monkeypatch.setattr(browser.platform, "now", lambda: start + limit - timedelta(seconds=5))
    assert (await browser.get("/account/", headers={"X-Poll": "1"})).status_code == 200
    monkeypatch.setattr(browser.platform, "now", lambda: start + limit + timedelta(seconds=1))
    assert (await browser.get("/account/")).status_code == 302


async def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in_as(browser, "manager", institution="H14010090011")
    start = browser.platform.now()
    for minutes in (10, 20, 29):
        monkeypatch.setattr(browser.platform, "now", lambda at=start + timedelta(minutes=minutes): at)
        assert (await browser.get("/account/", headers={"X-Poll": "1"})).status_code == 200
    monkeypatch.setattr(browser.platform, "now", lambda: start + timedelta(minutes=31))
    assert (await browser.get("/account/")).status_code == 302


async def test_a_session_in_steady_use_is_over_after_a_shift(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in_as(browser, "manager", institution="H14010090011")
    start = browser.platform.now()
    steps = int(LONGEST / timedelta(minutes=20))
    answers = []
    for step in range(1, steps + 1):
        monkeypatch.setattr(browser.platform, "now", lambda at=start + step * timedelta(minutes=20): at)
        answers.append((await browser.get("/account/")).status_code)
    assert answers == [200] * (steps - 1) + [302]


async def test_the_sweep_ends_what_is_over_and_says_why(browser: Browser) -> None:
    account = await sign_in_as(browser, "cashier", institution="H14010090012")
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(
            "UPDATE access_session SET seen_at = seen_at - interval '1 hour' WHERE account_id = $1",
            account.number,
        )
        assert await sessions.sweep(conn, browser.platform.now()) >= 1
        assert (
            await conn.fetchval("SELECT count(*) FROM access_session WHERE account_id = $1", account.number)
            == 0
        )
        why = await conn.fetchval(
            "SELECT detail FROM access_event WHERE account_id = $1 AND kind = 'session_ended'", account.number
        )
    assert why == "idle"


class Asked:
    """A request as far as its address goes."""

    def __init__(self, peer: str, forwarded: str) -> None:
        self.scope = {"client": (peer, 1)}
        self.headers = {"X-Forwarded-For": forwarded} if forwarded else {}


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ("", "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1,10.0.0.2", "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1", "<script>", "unknown"),
    ],
)
def test_nobody_makes_up_an_address_of_one_s_own(
    monkeypatch: pytest.MonkeyPatch, proxies: str, peer: str, forwarded: str, address: str
) -> None:
    monkeypatch.setenv("GONGJI_PROXIES", proxies)
    request: Any = Asked(peer, forwarded)
    assert address_of(request) == address


def test_django_finds_nothing_to_say_about_production_settings() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGJI_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "gongji.project.settings",
        "GONGJI_SECRET_KEY": "a-secret-of-the-operator-that-is-long-enough-and-has-many-characters-0123456789",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


async def test_a_server_that_only_reads_signs_nobody_in(browser: Browser) -> None:
    import msgspec

    await demo_accounts(str(browser.platform.dsn))
    browser.platform.settings = msgspec.structs.replace(browser.platform.settings, read_only=True)
    answer = await sign_in(browser, "sq-cashier")
    assert answer.status_code == 503
    answer = await browser.send_form("/signin/voucher", {"voucher": "demo-voucher-000001"})
    assert answer.status_code == 503
