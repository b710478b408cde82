"""Personal data at rest: sealed values that only a key opens, and blind indexes by which they are found again.

A value is sealed with SM4 in GCM mode (GB/T 32907-2016) under a numbered key, so that keys can be changed without losing
what older ones sealed; ``context`` (table, column and primary key) is authenticated with it, so that a value moved to another
row does not open. A blind index is HMAC-SM3 under a key of its own: equal texts have equal indexes, and nothing else is told.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["KEY_BYTES", "SealBroken", "Vault"]

KEY_BYTES = 16
INDEX_KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """A sealed value does not open: another key, another place, or changed bytes."""


class Vault:
    """Seals and opens with ``keys`` (number 1–255 → 16 bytes), the highest number seals; ``index_key`` has 32 bytes.

    ``random`` gives that many random bytes. Raises ValueError for keys of another length or number.
    """

    __slots__ = ("_current", "_index_key", "_keys", "_random")

    def __init__(
        self,
        keys: Mapping[int, bytes],
        index_key: bytes,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if not keys or any(not 1 <= number <= 255 or len(key) != KEY_BYTES for number, key in keys.items()):
            raise ValueError(f"keys are {KEY_BYTES} bytes each, numbered from 1 to 255")
        if len(index_key) != INDEX_KEY_BYTES:
            raise ValueError(f"the index key has {INDEX_KEY_BYTES} bytes")
        self._keys = {number: algorithms.SM4(key) for number, key in keys.items()}
        self._current = max(keys)
        self._index_key = index_key
        self._random = random

    def __repr__(self) -> str:
        return f"Vault(key {self._current})"

    def seal(self, text: str, context: str) -> bytes:
        """``text`` sealed for ``context``: key number, nonce, cipher text, tag."""
        return self.seal_bytes(text.encode(), context)

    def open(self, sealed: bytes, context: str) -> str:
        """The text of ``sealed``; raises SealBroken when key, context or bytes are not those of its sealing."""
        return self.open_bytes(sealed, context).decode()

    def seal_bytes(self, data: bytes, context: str) -> bytes:
        nonce = self._random(NONCE_BYTES)
        head = bytes((self._current,)) + nonce
        encryptor = Cipher(self._keys[self._current], modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context.encode())
        return head + encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        key = self._keys.get(sealed[0]) if len(sealed) > NONCE_BYTES + TAG_BYTES else None
        if key is None:
            raise SealBroken(context)
        nonce, tag = sealed[1 : 1 + NONCE_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(key, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(context.encode())
        try:
            return decryptor.update(sealed[1 + NONCE_BYTES : -TAG_BYTES]) + decryptor.finalize()
        except InvalidTag:
            raise SealBroken(context) from None

    def index(self, kind: str, text: str) -> bytes:
        """32 bytes by which equal texts of one ``kind`` (cert, phone, …) are found; the caller normalises the text."""
        return hmac.digest(self._index_key, f"{kind}\0{text}".encode(), "sm3")

    def is_current(self, sealed: bytes) -> bool:
        """Whether ``sealed`` was sealed under the newest key."""
        return sealed[:1] == bytes((self._current,))
