"""The second factor (双因素): one-time codes by time (TOTP, RFC 6238), their secret sealed, each code good once."""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime
from typing import Final

import pyotp

from gongji.access.limits import CODE_STEP_S, CODE_STEPS_AROUND
from gongji.base.sealing import Vault

__all__ = ["address_of", "code_at", "demonstration_secret", "new_secret", "opened", "sealed", "step_of"]

ISSUER: Final = "共济"
DIGITS: Final = 6


def new_secret() -> str:
    """A secret for an authenticator, 160 bits."""
    return pyotp.random_base32()


def demonstration_secret(username: str) -> str:
    """The fixed secret of a demonstration's account: anybody can compute it, so that anybody can try."""
    return b32encode(
        hashlib.sha1(f"gongji demo totp {username}".encode(), usedforsecurity=False).digest()
    ).decode()


def address_of(secret: str, username: str) -> str:
    """What the QR code says: ``otpauth://totp/…``."""
    return pyotp.TOTP(secret, interval=CODE_STEP_S).provisioning_uri(name=username, issuer_name=ISSUER)


def code_at(secret: str, at: datetime) -> str:
    """The code that an authenticator shows at ``at``."""
    return pyotp.TOTP(secret, interval=CODE_STEP_S).at(at)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of time that ``code`` belongs to, if it is one of those around ``at``; None for a wrong code."""
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return None
    now = int(at.timestamp()) // CODE_STEP_S
    totp = pyotp.TOTP(secret, interval=CODE_STEP_S)
    steps = range(now - CODE_STEPS_AROUND, now + CODE_STEPS_AROUND + 1)
    found = [step for step in steps if hmac.compare_digest(totp.at(step * CODE_STEP_S), given)]
    return found[-1] if found else None


def sealed(vault: Vault, account: int, secret: str) -> bytes:
    return vault.seal(secret, _context(account))


def opened(vault: Vault, account: int, stored: bytes) -> str:
    """The secret of an account; raises SealBroken when it is another account's or the keys are others."""
    return vault.open(stored, _context(account))


def _context(account: int) -> str:
    return f"access_account.totp:{account}"
