"""Signing in by an identity provider: against a real one on this machine, and against tokens that no honest one would send."""

from __future__ import annotations

import hmac
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

from gongji.demo_data import generate
from gongji.web import oidc
from gongji.web.oidc import Departure, OidcFailed, Provider
from tests.web.asgi import HOST, Browser

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider's own, in its own thread

CLIENT, SECRET = "gongji", "made-up-secret"
PERSONS = {str(row["psn_no"]): str(row["cert_no"]) for row in generate().tables["members_person"]}
WORLD = generate()
MEMBER = WORLD.member("active")


@pytest.fixture(scope="module", params=[timedelta(hours=1)])
def issuer() -> Iterator[str]:
    yield from provider_for(timedelta(hours=1))


def provider_for(age: timedelta) -> Iterator[str]:
    """A provider in a thread, whose tokens are good for ``age``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread

        users = [
            User(sub="member", claims={"certno": PERSONS[MEMBER]}),
            User(sub="stranger", claims={"certno": "140199199001011234"}),
            User(sub="dead", claims={"certno": PERSONS[WORLD.member("deceased")]}),
            User(sub="nobody", claims={}),
            User(sub="odd", claims={"certno": ["140199199001011234"]}),
        ]
        with run_server_in_thread(user_claims=users, access_token_max_age=age) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    oidc._known.clear()
    if "issuer" in request.fixturenames:
        configure(monkeypatch, request.getfixturevalue("issuer"))


def configure(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("GONGJI_OIDC_ISSUER", issuer)
    monkeypatch.setenv("GONGJI_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("GONGJI_OIDC_CLIENT_SECRET", SECRET)


async def away(browser: Browser, where: str = "") -> str:
    """The address at the provider to which the browser is sent."""
    answer = await browser.get("/signin/oidc", params={"next": where} if where else {})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def agreed(address: str, sub: str) -> str:
    """Where the provider sends the browser back to, after somebody signed in there."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix(HOST)


async def reasons(browser: Browser) -> list[str]:
    async with browser.platform.pool.acquire() as conn:
        rows = await conn.fetch("SELECT detail FROM access_event WHERE kind = 'failed' ORDER BY event_no")
    return [row["detail"] for row in rows]


async def test_a_member_signs_in_by_the_provider_and_comes_where_wanted(
    browser: Browser, issuer: str
) -> None:
    assert "统一身份认证" in (await browser.get("/signin")).text
    address = await away(browser, "/portal/settlements")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{HOST}/signin/oidc/back"]
    answer = await browser.get(await agreed(address, "member"))
    assert (answer.status_code, answer.headers["location"]) == (302, "/portal/settlements")
    assert (await browser.get("/account/")).status_code == 200
    async with browser.platform.pool.acquire() as conn:
        way = await conn.fetchval(
            "SELECT detail FROM access_event WHERE kind = 'signed_in' ORDER BY event_no DESC"
        )
    assert way == "oidc"


@pytest.mark.parametrize("sub", ["stranger", "dead"])
async def test_somebody_the_register_does_not_know_alive_is_not_let_in(
    browser: Browser, issuer: str, sub: str
) -> None:
    answer = await browser.get(await agreed(await away(browser), sub))
    assert answer.status_code == 403
    assert "没有找到可以登录的参保人" in answer.text
    assert (await reasons(browser))[-1] == "oidc person"


@pytest.mark.parametrize("sub", ["nobody", "odd"])
async def test_a_token_without_the_person_is_not_believed(browser: Browser, issuer: str, sub: str) -> None:
    answer = await browser.get(await agreed(await away(browser), sub))
    assert answer.status_code == 403
    assert (await reasons(browser))[-1] == "oidc claim"


async def test_another_state_than_the_browser_left_with_is_refused(browser: Browser, issuer: str) -> None:
    back = await agreed(await away(browser), "member")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    answer = await browser.get("/signin/oidc/back?" + urlencode(query | {"state": "another"}))
    assert answer.status_code == 403
    assert (await reasons(browser))[-1] == "oidc state"


async def test_a_sign_in_that_another_browser_began_is_refused(browser: Browser, issuer: str) -> None:
    back = await agreed(await away(browser), "member")
    browser.cookies.clear()
    assert (await browser.get(back)).status_code == 403


async def test_the_way_back_is_good_once(browser: Browser, issuer: str) -> None:
    back = await agreed(await away(browser), "member")
    assert (await browser.get(back)).status_code == 302
    assert (await browser.get(back)).status_code == 403


async def test_a_token_for_another_nonce_is_refused(browser: Browser, issuer: str) -> None:
    address = await away(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    changed = f"{address.partition('?')[0]}?{urlencode(asked | {'nonce': 'of-another-sign-in'})}"
    answer = await browser.get(await agreed(changed, "member"))
    assert answer.status_code == 403
    assert (await reasons(browser))[-1] == "oidc token nonce"


async def test_a_code_for_another_client_is_refused(browser: Browser, issuer: str) -> None:
    address = await away(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    changed = f"{address.partition('?')[0]}?{urlencode(asked | {'client_id': 'somebody-else'})}"
    assert (await browser.get(await agreed(changed, "member"))).status_code == 403


async def test_the_code_is_fetched_with_the_verifier_of_the_challenge_that_went_along(
    browser: Browser, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenges = []
    real = oidc._asked

    async def heard(method: str, address: str, **more: Any) -> dict[str, Any]:
        if method == "POST":
            challenges.append(create_s256_code_challenge(more["data"]["code_verifier"]))
        return await real(method, address, **more)

    monkeypatch.setattr(oidc, "_asked", heard)
    sent = []
    for _ in range(2):
        address = await away(browser)
        sent.append(parse_qs(urlsplit(address).query)["code_challenge"][0])
        assert (await browser.get(await agreed(address, "member"))).status_code == 302
    assert challenges == sent
    assert sent[0] != sent[1]


async def test_what_the_browser_was_sent_away_with_cannot_be_forged_and_grows_old(
    browser: Browser, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = await agreed(await away(browser), "member")
    monkeypatch.setattr("gongji.web.signin_oidc.UNDER_WAY_S", -1)
    assert (await browser.get(back)).status_code == 403
    monkeypatch.undo()
    configure(monkeypatch, issuer)
    back = await agreed(await away(browser), "member")
    kept = browser.cookies["gongji_oidc"]
    browser.cookies.clear()
    browser.cookies.set("gongji_oidc", kept.swapcase(), domain="127.0.0.1")
    assert (await browser.get(back)).status_code == 403


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_the_way_back_leads_to_no_other_site(browser: Browser, issuer: str, where: str) -> None:
    answer = await browser.get(await agreed(await away(browser, where), "member"))
    assert (answer.status_code, answer.headers["location"]) == (302, "/portal/")


async def test_whoever_declines_at_the_provider_is_told_so(browser: Browser, issuer: str) -> None:
    state = parse_qs(urlsplit(await away(browser)).query)["state"][0]
    answer = await browser.get(f"/signin/oidc/back?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "没有完成登录" in answer.text


async def test_an_expired_token_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    running = provider_for(timedelta(minutes=-10))
    configure(monkeypatch, next(running))
    answer = await browser.get(await agreed(await away(browser), "member"))
    assert answer.status_code == 403
    assert (await reasons(browser))[-1].startswith("oidc token")
    next(running, None)


async def test_a_provider_that_names_another_issuer_is_not_asked(
    browser: Browser, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, issuer.replace("localhost", "127.0.0.1") + "/")
    monkeypatch.setattr(oidc, "_asked", described_as(issuer))
    answer = await browser.get("/signin/oidc")
    assert answer.status_code == 502


def described_as(issuer: str) -> Any:
    async def asked(method: str, address: str, **more: Any) -> dict[str, Any]:
        return {"issuer": issuer, "jwks_uri": "https://x.example/jwks"}

    return asked


async def test_a_provider_that_cannot_be_reached_is_said_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, "http://127.0.0.1:9")
    answer = await browser.get("/signin/oidc")
    assert answer.status_code == 502
    assert "暂时不能登录" in answer.text


async def test_without_a_provider_there_is_no_such_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGJI_OIDC_ISSUER", raising=False)
    assert (await browser.get("/signin/oidc")).status_code == 404
    assert (await browser.get("/signin/oidc/back?code=x&state=y")).status_code == 404


@pytest.mark.parametrize(
    "env",
    [
        {"GONGJI_OIDC_ISSUER": "http://id.example"},
        {"GONGJI_OIDC_ISSUER": "https://id.example"},
        {"GONGJI_OIDC_ISSUER": "https://id.example", "GONGJI_OIDC_CLIENT_ID": "x"},
    ],
)
def test_half_of_a_description_is_refused_at_the_start(env: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="GONGJI_OIDC"):
        oidc.provider(env)


# tokens that no honest provider would send

ASKED = Provider("https://id.example", CLIENT, SECRET)
LEAVING = Departure("state", "nonce", "verifier")
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})
NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOOD = {
    "iss": ASKED.issuer, "aud": CLIENT, "sub": "member", "nonce": LEAVING.nonce, "certno": "140199199001011234",
    "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 300,
}  # fmt: skip


def answering(token: str, monkeypatch: pytest.MonkeyPatch, key: RSAKey = KEY) -> None:
    """A provider with this key whose token endpoint answers ``token``."""
    there = {
        f"{ASKED.issuer}/.well-known/openid-configuration": {
            "issuer": ASKED.issuer, "jwks_uri": f"{ASKED.issuer}/jwks", "token_endpoint": f"{ASKED.issuer}/token",
        },
        f"{ASKED.issuer}/jwks": {"keys": [key.as_dict(private=False)]},
        f"{ASKED.issuer}/token": {"id_token": token},
    }  # fmt: skip

    async def asked(method: str, address: str, **more: Any) -> dict[str, Any]:
        return there[address]

    monkeypatch.setattr(oidc, "_asked", asked)


def signed(claims: dict[str, Any], key: Any = KEY, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])


def base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def by_hand(alg: str, secret: bytes = b"") -> str:
    """A token that no library would make: unsigned, or signed with the public key taken for a secret."""
    body = ".".join(base64(msgspec.json.encode(part)) for part in ({"alg": alg, "kid": "one"}, GOOD))
    return f"{body}.{base64(hmac.digest(secret, body.encode(), 'sha256')) if secret else ''}"


async def who(token: str, monkeypatch: pytest.MonkeyPatch) -> str:
    answering(token, monkeypatch)
    return await oidc.person_claim(ASKED, LEAVING, "code", "https://we.example/back", NOW)


async def test_a_good_token_names_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await who(signed(GOOD), monkeypatch) == "140199199001011234"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"}, {"aud": "another"}, {"aud": ["another"]}, {"nonce": "another"}, {"nonce": None},
        {"exp": int(NOW.timestamp()) - 120}, {"iat": int(NOW.timestamp()) + 3600}, {"exp": "soon"}, {"sub": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {name: value for name, value in (GOOD | change).items() if value is not None}
    with pytest.raises(OidcFailed):
        await who(signed(claims), monkeypatch)


@pytest.mark.parametrize(
    "token",
    [
        signed(GOOD, OTHER_KEY),
        by_hand("none"),
        by_hand("HS256", KEY.as_pem(private=False)),
        "no token",
        "a.b.c",
        "",
    ],
    ids=["another key", "unsigned", "the public key as a secret", "words", "dots", "nothing"],
)
async def test_a_token_that_the_provider_has_not_signed_is_refused(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OidcFailed):
        await who(token, monkeypatch)


async def test_a_key_that_the_provider_has_changed_is_fetched_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    await who(signed(GOOD), monkeypatch)
    newer = RSAKey.generate_key(2048, {"kid": "two"})
    token = jwt.encode({"alg": "RS256", "kid": "two"}, GOOD, newer, algorithms=["RS256"])
    answering(token, monkeypatch, newer)
    assert await oidc.person_claim(ASKED, LEAVING, "code", "https://we.example/back", NOW) == GOOD["certno"]
