"""The ``Signer`` port: signatures by a certificate's serial number, wherever its private key lives.

``SoftwareSigner`` keeps keys in memory, for demonstration and tests; a 密码机 or 签名验签服务器 is another class with the same
methods. Both block for a fraction of a millisecond or for a round trip: callers in an event loop go through ``asyncio.to_thread``.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from gongji.base import sm2

__all__ = ["NoSuchKey", "Signer", "SigningKey", "SoftwareSigner"]


class NoSuchKey(Exception):
    """The signer holds no private key of that certificate."""


class Signer(Protocol):
    """Signs and verifies with the keys of certificates; signatures are r‖s, by default under the default user id."""

    def holds(self, certificate_serial: str) -> bool:
        """Whether it can sign for the certificate."""
        ...

    def sign(self, certificate_serial: str, data: bytes, user_id: bytes = sm2.DEFAULT_ID) -> bytes:
        """r‖s over ``data``; raises NoSuchKey."""
        ...

    def verify(
        self, certificate_serial: str, data: bytes, signature: bytes, user_id: bytes = sm2.DEFAULT_ID
    ) -> bool:
        """Whether the certificate's key made ``signature``; False also for an unknown certificate."""
        ...


class SigningKey(msgspec.Struct, frozen=True):
    """What a software signer needs of a certificate: X‖Y, and D where it is held here."""

    public: bytes
    private: bytes | None = None

    def __repr__(self) -> str:
        return f"SigningKey({self.public[:4].hex()}…)"


class SoftwareSigner:
    """Signs with keys that ``load(serial)`` finds, in whatever register holds them opened."""

    __slots__ = ("_load",)

    def __init__(self, load: Callable[[str], SigningKey | None]) -> None:
        self._load = load

    def holds(self, certificate_serial: str) -> bool:
        key = self._load(certificate_serial)
        return key is not None and key.private is not None

    def sign(self, certificate_serial: str, data: bytes, user_id: bytes = sm2.DEFAULT_ID) -> bytes:
        key = self._load(certificate_serial)
        if key is None or key.private is None:
            raise NoSuchKey(certificate_serial)
        return sm2.sign(key.private, data, user_id)

    def verify(
        self, certificate_serial: str, data: bytes, signature: bytes, user_id: bytes = sm2.DEFAULT_ID
    ) -> bool:
        key = self._load(certificate_serial)
        return key is not None and sm2.verify(key.public, data, signature, user_id)
