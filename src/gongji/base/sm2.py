"""SM2 signatures over SM3 (GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017): who said these bytes, and were they changed.

A key pair is D (32 bytes, 1 ≤ D ≤ n−2) and the point X‖Y (64 bytes), a signature is r‖s (64 bytes), the user id (用户身份标识)
enters the digest. ``verify`` answers False to whatever foreigners send and never raises; ``sign`` raises ValueError for a
private key that is none, because only the platform's own keys come there. The curve's arithmetic on secrets is GmSSL's; here
are the digest, the strict forms, and the one multiplication that finds a public key.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache

import gmssl_pyx  # type: ignore[import-untyped] # ships stubs, no marker
import msgspec

from gongji.base.hashing import sm3

__all__ = [
    "DEFAULT_ID",
    "PRIVATE_BYTES",
    "PUBLIC_BYTES",
    "SIGNATURE_BYTES",
    "KeyPair",
    "digest",
    "from_der",
    "key_pair",
    "pair_of",
    "public_key",
    "sign",
    "to_der",
    "verify",
]

DEFAULT_ID = b"1234567812345678"
"""The user id where none is agreed (GM/T 0009-2012, 10)."""
MAX_ID_BYTES = 8_191
"""The digest holds the id's length in bits in two bytes."""
PRIVATE_BYTES = 32
PUBLIC_BYTES = 64
SIGNATURE_BYTES = 64

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

_CURVE = b"".join(number.to_bytes(32) for number in (A, B, GX, GY))


class KeyPair(msgspec.Struct, frozen=True):
    """A private key and the point that belongs to it."""

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        return f"KeyPair({self.public[:4].hex()}…)"


def key_pair(random: Callable[[int], bytes]) -> KeyPair:
    """A new key pair from ``random(n)``, a source of n random bytes."""
    while True:
        private = random(PRIVATE_BYTES)
        if 1 <= int.from_bytes(private) <= N - 2:
            return pair_of(private)


def pair_of(private: bytes) -> KeyPair:
    """The pair of a private key. Raises ValueError if it is none."""
    number = int.from_bytes(private)
    if len(private) != PRIVATE_BYTES or not 1 <= number <= N - 2:
        raise ValueError("not a private key of SM2")
    x, y = _times_base(number)
    return KeyPair(private, x.to_bytes(32) + y.to_bytes(32))


_pair_of = lru_cache(maxsize=64)(pair_of)


def public_key(data: bytes) -> bytes | None:
    """X‖Y of a public key written as 64 bytes X‖Y or 65 bytes 04‖X‖Y; None if that is no point of the curve."""
    if len(data) == PUBLIC_BYTES + 1 and data[0] == 4:
        data = data[1:]
    if len(data) != PUBLIC_BYTES:
        return None
    x, y = int.from_bytes(data[:32]), int.from_bytes(data[32:])
    on_curve = x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0
    return bytes(data) if on_curve else None


def digest(public: bytes, data: bytes, user_id: bytes = DEFAULT_ID) -> bytes:
    """What is signed: SM3(Z ‖ data), Z = SM3(length of the id ‖ id ‖ curve ‖ public key). Raises ValueError for too long an id."""
    if len(user_id) > MAX_ID_BYTES:
        raise ValueError(f"a user id has at most {MAX_ID_BYTES} bytes")
    return sm3(sm3((len(user_id) * 8).to_bytes(2) + user_id + _CURVE + public) + data)


def sign(private: bytes, data: bytes, user_id: bytes = DEFAULT_ID) -> bytes:
    """r‖s over ``data``. The random number of the signature is drawn from the system by the library."""
    pair = _pair_of(private)
    signature = from_der(gmssl_pyx.sm2_sign_sm3_digest(private, digest(pair.public, data, user_id)))
    if signature is None:
        raise ValueError("the library made a signature of another form")
    return signature


def verify(public: bytes, data: bytes, signature: bytes, user_id: bytes = DEFAULT_ID) -> bool:
    """Whether ``signature`` (r‖s) over ``data`` was made with the private key of ``public`` (X‖Y) under ``user_id``."""
    if len(public) != PUBLIC_BYTES or public_key(public) is None or len(user_id) > MAX_ID_BYTES:
        return False
    encoded = to_der(signature)
    if encoded is None:
        return False
    try:
        return bool(gmssl_pyx.sm2_verify_sm3_digest(public, digest(public, data, user_id), encoded))
    except gmssl_pyx.GmsslInnerError:
        return False


def to_der(signature: bytes) -> bytes | None:
    """SEQUENCE { r, s } of r‖s; None when it has another length or a number outside 1 … n−1."""
    if len(signature) != SIGNATURE_BYTES:
        return None
    numbers = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not all(1 <= number < N for number in numbers) or sum(numbers) == N:
        return None
    content = b"".join(_integer(number) for number in numbers)
    return bytes((0x30, len(content))) + content


def from_der(encoded: bytes) -> bytes | None:
    """r‖s of SEQUENCE { r, s }, only in the one DER form of it: shortest lengths, no leading zeros, nothing behind."""
    rest, numbers = bytes(encoded[2:]), []
    for _ in range(2):
        size = rest[1] if len(rest) > 1 else 0
        numbers.append(int.from_bytes(rest[2 : 2 + size]))
        rest = rest[2 + size :]
    if any(number >> 256 for number in numbers):
        return None
    signature = b"".join(number.to_bytes(32) for number in numbers)
    canonical = to_der(signature)
    same = canonical is not None and hmac.compare_digest(canonical, bytes(encoded))
    return signature if same else None


def _integer(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1)
    return bytes((0x02, len(content))) + content


def _times_base(number: int) -> tuple[int, int]:
    """``number`` times the base point, affine. A ladder: each bit costs one addition and one doubling, set or not."""
    low, high = (0, 1, 0), (GX, GY, 1)
    for bit in range(255, -1, -1):
        total = _add(low, high)
        if number >> bit & 1:
            low, high = total, _double(high)
        else:
            low, high = _double(low), total
    x, y, z = low
    inverse = pow(z, -1, P)
    return x * inverse * inverse % P, y * inverse * inverse * inverse % P


Point = tuple[int, int, int]
"""Jacobian coordinates; z = 0 is the point at infinity."""


def _double(point: Point) -> Point:
    x, y, z = point
    if not z:
        return point
    yy, zz = y * y % P, z * z % P
    s = 4 * x * yy % P
    m = 3 * (x - zz) * (x + zz) % P
    doubled = (m * m - 2 * s) % P
    return doubled, (m * (s - doubled) - 8 * yy * yy) % P, 2 * y * z % P


def _add(one: Point, other: Point) -> Point:
    """The sum of two different points: in the ladder they always differ by the base point."""
    (x1, y1, z1), (x2, y2, z2) = one, other
    if not z1 or not z2:
        return other if not z1 else one
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u, h = x1 * zz2 % P, (x2 * zz1 - x1 * zz2) % P
    s, r = y1 * z2 * zz2 % P, (y2 * z1 * zz1 - y1 * z2 * zz2) % P
    hh = h * h % P
    hhh, v = hh * h % P, u * hh % P
    x = (r * r - hhh - 2 * v) % P
    return x, (r * (v - x) - s * hhh) % P, h * z1 * z2 % P
