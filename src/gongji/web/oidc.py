"""The seam for a real identity provider (OIDC): code flow with PKCE, an id_token checked in full, one claim that names the person.

The provider is described by the environment: GONGJI_OIDC_ISSUER, GONGJI_OIDC_CLIENT_ID, GONGJI_OIDC_CLIENT_SECRET,
GONGJI_OIDC_CLAIM (``certno`` unless said otherwise: the number of the identity document), GONGJI_OIDC_SCOPE and GONGJI_OIDC_NAME
(what the button says). Nothing is fetched but from the issuer and the addresses that its own description names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

__all__ = ["Departure", "OidcFailed", "Provider", "depart", "person_claim", "provider"]

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key pair only: ``none`` and shared secrets are no proof."""
KNOWN_FOR: Final = timedelta(hours=1)
TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
LARGEST: Final = 256 * 1024
LEEWAY_S: Final = 60
VERIFIER: Final = 48
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class OidcFailed(Exception):
    """The provider cannot be reached or does not answer as it should; ``reason`` is a word for the events, nobody's data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(msgspec.Struct, frozen=True):
    """The provider as the operator describes it."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str = "certno"
    scope: str = "openid profile"
    name: str = "统一身份认证"

    def __repr__(self) -> str:
        return f"Provider({self.issuer!r})"


class Departure(msgspec.Struct, frozen=True):
    """A sign-in under way at the provider: kept by the browser, signed by us, until it comes back."""

    state: str
    nonce: str
    verifier: str
    next: str = ""


class _Known(msgspec.Struct, frozen=True):
    """What was fetched of the provider, and when."""

    at: datetime
    description: dict[str, Any]
    keys: KeySet


_known: dict[str, _Known] = {}
"""By issuer; a worker asks again after an hour, and when a token is signed by a key that it has not seen."""


def provider(env: Mapping[str, str] = os.environ) -> Provider | None:
    """The provider that the operator has set up; None without one. Raises ValueError (Chinese) for half of a description."""
    issuer = env.get("GONGJI_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("GONGJI_OIDC_ISSUER 须为 https 地址")
    client_id, secret = env.get("GONGJI_OIDC_CLIENT_ID", ""), env.get("GONGJI_OIDC_CLIENT_SECRET", "")
    if not client_id or not secret:
        raise ValueError(
            "设置了 GONGJI_OIDC_ISSUER，还须设置 GONGJI_OIDC_CLIENT_ID 和 GONGJI_OIDC_CLIENT_SECRET"
        )
    chosen = {
        field: env[name]
        for field, name in (
            ("claim", "GONGJI_OIDC_CLAIM"),
            ("scope", "GONGJI_OIDC_SCOPE"),
            ("name", "GONGJI_OIDC_NAME"),
        )
        if env.get(name)
    }
    return Provider(issuer, client_id, secret, **chosen)


async def depart(asked: Provider, back: str, at: datetime, where: str) -> tuple[str, Departure]:
    """The address to send the browser to, and what it has to bring back. Raises OidcFailed."""
    leaving = Departure(generate_token(32), generate_token(32), generate_token(VERIFIER), where)
    known = await _provider_known(asked, at)
    address = prepare_grant_uri(
        _address(known, "authorization_endpoint"),
        asked.client_id,
        "code",
        redirect_uri=back,
        scope=asked.scope,
        state=leaving.state,
        nonce=leaving.nonce,
        code_challenge=create_s256_code_challenge(leaving.verifier),
        code_challenge_method="S256",
    )
    return str(address), leaving


async def person_claim(asked: Provider, leaving: Departure, code: str, back: str, at: datetime) -> str:
    """Who signed in at the provider: the value of the claim that names the person. Raises OidcFailed for whatever does not fit."""
    known = await _provider_known(asked, at)
    token = await _id_token(asked, known, leaving, code, back)
    claims = _checked(asked, known.keys, leaving, token, at)
    if claims is None:
        known = await _provider_known(asked, at, afresh=True)
        claims = _checked(asked, known.keys, leaving, token, at)
    value = claims.get(asked.claim) if claims is not None else None
    if not isinstance(value, str) or not value.strip():
        raise OidcFailed("key" if claims is None else "claim")
    return value.strip()


def _checked(
    asked: Provider, keys: KeySet, leaving: Departure, token: str, at: datetime
) -> Mapping[str, Any] | None:
    """The token's claims: signature, issuer, audience, nonce and time hold. None when it is signed by a key not among ``keys``."""
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        return None
    except (JoseError, ValueError) as error:
        raise OidcFailed("signature") from error
    wanted = {
        "iss": {"essential": True, "value": asked.issuer},
        "aud": {"essential": True, "value": asked.client_id},
        "nonce": {"essential": True, "value": leaving.nonce},
        "exp": {"essential": True},
    }
    claims = CodeIDToken(
        decoded.claims, decoded.header, wanted, {"nonce": leaving.nonce, "client_id": asked.client_id}
    )
    try:
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_S)
    except JoseError as error:
        raise OidcFailed(f"token {getattr(error, 'claim', '') or error.error}") from error
    return dict(decoded.claims)


async def _id_token(asked: Provider, known: _Known, leaving: Departure, code: str, back: str) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": asked.client_id,
        "code_verifier": leaving.verifier,
    }
    answer = await _asked(
        "POST", _address(known, "token_endpoint"), data=form, auth=(asked.client_id, asked.client_secret)
    )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise OidcFailed("no token")
    return token


async def _provider_known(asked: Provider, at: datetime, *, afresh: bool = False) -> _Known:
    """The provider's description and keys, an hour old at most."""
    known = _known.get(asked.issuer)
    if known is not None and not afresh and known.at <= at < known.at + KNOWN_FOR:
        return known
    description = await _asked("GET", f"{asked.issuer}/.well-known/openid-configuration")
    if str(description.get("issuer", "")).rstrip("/") != asked.issuer:
        raise OidcFailed("issuer")
    keys = await _asked("GET", str(description.get("jwks_uri", "")))
    try:
        known = _Known(at, description, KeySet.import_key_set(keys))  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError) as error:
        raise OidcFailed("keys") from error
    _known[asked.issuer] = known
    return known


def _address(known: _Known, name: str) -> str:
    address = known.description.get(name)
    if not isinstance(address, str):
        raise OidcFailed("description")
    return address


async def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """A JSON object from the provider: over TLS (but on this machine), no redirects, no proxy of the environment, not too large."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise OidcFailed("not https")
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            answer = await client.request(method, address, headers={"Accept": "application/json"}, **more)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OidcFailed("unreachable") from error
    if answer.status_code != httpx.codes.OK or len(answer.content) > LARGEST:
        raise OidcFailed("answer")
    try:
        found = answer.json()
    except ValueError as error:
        raise OidcFailed("answer") from error
    if not isinstance(found, dict):
        raise OidcFailed("answer")
    return found
