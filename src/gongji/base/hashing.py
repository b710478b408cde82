"""SM3, the one hash of the project: policy digests, request hashes and the chain of settled facts (GB/T
32905-2016).
"""

import hashlib
from collections.abc import Callable


def _copying(name: str) -> Callable[[bytes], bytes]:
    """Digest by a copy of one prepared state: looking the algorithm up anew costs more than hashing a kilobyte."""
    prepared = hashlib.new(name)

    def digest(data: bytes) -> bytes:
        state = prepared.copy()
        state.update(data)
        return state.digest()

    return digest


def _cryptography_sm3(data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes

    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


# Some distributions build OpenSSL without SM3; the cryptography wheel always carries its own.
_IMPLEMENTATION: Callable[[bytes], bytes] = (
    _copying("sm3") if "sm3" in hashlib.algorithms_available else _cryptography_sm3
)


def sm3(data: bytes) -> bytes:
    """The 32 bytes of SM3 over ``data``."""
    return _IMPLEMENTATION(data)


def sm3_hex(data: bytes) -> str:
    """SM3 over ``data`` as 64 lower-case hexadecimal digits."""
    return _IMPLEMENTATION(data).hex()
