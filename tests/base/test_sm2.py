"""SM2 against the published example, and against everything that a stranger may send instead of a signature."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base import sm2

PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
DIGEST = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
"""GB/T 32918.5-2017 (GM/T 0003.5-2012), annex A: id 1234567812345678."""


def test_the_public_key_of_the_standards_example() -> None:
    assert sm2.pair_of(PRIVATE).public == PUBLIC


def test_the_digest_of_the_standards_example() -> None:
    assert sm2.digest(PUBLIC, MESSAGE).hex() == DIGEST


def test_the_signature_of_the_standards_example() -> None:
    assert sm2.verify(PUBLIC, MESSAGE, SIGNATURE)


def test_a_second_published_signature() -> None:
    """An example of many copies of the national algorithms' test data: the same id, another key."""
    public = bytes.fromhex(
        "E1DA11ACFD9577EC1359D26FD9F68CC8117442D1D7ED0C29A124CC49DEC14C52"
        "23A9A80F6AF3E1597C38E0BDE2F6944D0B506EBD8C6982EE9CD60C70197ADD63"
    )
    private = bytes.fromhex("18D581D798DDC9B18EA5BD7A70A664342A483FC80CCF40A6D6DEDCBD9F9555F3")
    signature = bytes.fromhex(
        "FB0868E76F33DFEAEE709E9128FD13F9776829F06016244DCB56B4C207CCD885"
        "89053F7D3E8AF62FBEF554BF441CB0509E690DFF584488EEEBA229C7CCBBA1CF"
    )
    assert sm2.pair_of(private).public == public
    assert sm2.verify(public, bytes.fromhex("1234567890ABCDEF1234567890ABCDEF"), signature)


@pytest.mark.parametrize("user_id", [sm2.DEFAULT_ID, b"", "密钥".encode(), b"x" * 8_191])
def test_what_was_signed_under_an_id_is_verified_under_that_id_only(user_id: bytes) -> None:
    signature = sm2.sign(PRIVATE, MESSAGE, user_id)
    assert sm2.verify(PUBLIC, MESSAGE, signature, user_id)
    assert not sm2.verify(PUBLIC, MESSAGE, signature, b"another id")


def test_two_signatures_over_the_same_bytes_differ() -> None:
    assert sm2.sign(PRIVATE, MESSAGE) != sm2.sign(PRIVATE, MESSAGE)


@pytest.mark.parametrize("bit", range(0, 512, 7))
def test_a_signature_with_one_bit_changed_is_wrong(bit: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[bit // 8] ^= 1 << bit % 8
    assert not sm2.verify(PUBLIC, MESSAGE, bytes(changed))


def test_another_message_or_key_is_wrong() -> None:
    other = sm2.key_pair(random.Random(4).randbytes)
    assert not sm2.verify(PUBLIC, MESSAGE + b" ", SIGNATURE)
    assert not sm2.verify(other.public, MESSAGE, SIGNATURE)


def number(value: int) -> bytes:
    return value.to_bytes(32)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNATURE[:-1],
        SIGNATURE + b"\0",
        bytes(64),
        number(0) + SIGNATURE[32:],
        SIGNATURE[:32] + number(0),
        number(sm2.N) + SIGNATURE[32:],
        SIGNATURE[:32] + number(sm2.N),
        b"\xff" * 64,
        SIGNATURE[:32] + number(sm2.N - int.from_bytes(SIGNATURE[32:])),
        SIGNATURE[:32] + number(sm2.N - int.from_bytes(SIGNATURE[:32])),
        SIGNATURE[32:] + SIGNATURE[:32],
    ],
    ids=[
        "empty",
        "short",
        "long",
        "zeros",
        "r=0",
        "s=0",
        "r=n",
        "s=n",
        "beyond n",
        "-s",
        "r+s=n",
        "swapped",
    ],
)
def test_a_signature_out_of_form_or_range_is_wrong(signature: bytes) -> None:
    assert not sm2.verify(PUBLIC, MESSAGE, signature)


@pytest.mark.parametrize(
    "public",
    [
        b"",
        PUBLIC[:-1],
        PUBLIC + b"\0",
        b"\x04" + PUBLIC,
        bytes(64),
        b"\xff" * 64,
        PUBLIC[:-1] + b"\0",
        PUBLIC[32:] + PUBLIC[:32],
        number(sm2.P) + number(sm2.P),
    ],
    ids=["empty", "short", "long", "prefixed", "zeros", "beyond p", "off the curve", "swapped", "p"],
)
def test_a_key_that_is_no_point_verifies_nothing(public: bytes) -> None:
    assert not sm2.verify(public, MESSAGE, SIGNATURE)


def test_a_user_id_longer_than_the_digest_can_say_verifies_nothing() -> None:
    assert not sm2.verify(PUBLIC, MESSAGE, SIGNATURE, b"x" * 8_192)


@given(st.binary(max_size=80), st.binary(max_size=40), st.binary(max_size=80), st.binary(max_size=40))
def test_verify_never_raises(public: bytes, data: bytes, signature: bytes, user_id: bytes) -> None:
    assert sm2.verify(public, data, signature, user_id) is False


@pytest.mark.parametrize("private", [b"", PRIVATE[:-1], bytes(32), number(sm2.N - 1), number(sm2.N)])
def test_a_private_key_out_of_range_signs_nothing(private: bytes) -> None:
    with pytest.raises(ValueError, match="private key"):
        sm2.sign(private, MESSAGE)


def test_a_key_pair_skips_random_bytes_that_are_no_key() -> None:
    drawn = iter([bytes(32), b"\xff" * 32, PRIVATE])
    assert sm2.key_pair(lambda size: next(drawn)[:size]).private == PRIVATE


@pytest.mark.parametrize(
    ("factor", "x"),
    [
        (1, sm2.GX),
        (sm2.N - 2, 0x56CEFD60D7C87C000D58EF57FA73BA4D9C0DFA08C08A7331495C2E1DA3F2BD52),
    ],
    ids=["G", "-2G"],
)
def test_the_ends_of_the_range_have_their_points(factor: int, x: int) -> None:
    pair = sm2.pair_of(number(factor))
    assert pair.public[:32] == number(x)
    assert sm2.public_key(pair.public) == pair.public


@pytest.mark.parametrize("seed", range(20))
def test_keys_made_here_are_the_librarys_keys(seed: int) -> None:
    pair = sm2.key_pair(random.Random(seed).randbytes)
    assert sm2.verify(pair.public, MESSAGE, sm2.sign(pair.private, MESSAGE))


def test_a_public_key_is_read_with_and_without_its_prefix() -> None:
    assert sm2.public_key(b"\x04" + PUBLIC) == PUBLIC == sm2.public_key(PUBLIC)
    assert sm2.public_key(b"\x02" + PUBLIC) is None


def test_a_key_pair_does_not_show_its_private_key() -> None:
    assert PRIVATE.hex() not in repr(sm2.pair_of(PRIVATE)).lower()
    assert repr(PRIVATE) not in repr(sm2.pair_of(PRIVATE))


@given(st.integers(1, sm2.N - 1), st.integers(1, sm2.N - 1))
def test_der_and_raw_say_the_same(r: int, s: int) -> None:
    raw = number(r) + number(s)
    encoded = sm2.to_der(raw)
    if (r + s) % sm2.N:
        assert encoded is not None
        assert sm2.from_der(encoded) == raw


@given(st.binary(max_size=90))
def test_other_bytes_than_der_are_no_signature(data: bytes) -> None:
    assert sm2.from_der(data) is None or sm2.to_der(sm2.from_der(data) or b"") == data


def test_der_with_a_longer_form_a_leading_zero_or_something_behind_is_refused() -> None:
    encoded = sm2.to_der(number(5) + number(7))
    assert encoded == bytes.fromhex("3006020105020107")
    for other in (
        "308106020105020107",
        "300702020005020107",
        "300602010502010700",
        "300502010502",
        "3106020105020107",
    ):
        assert sm2.from_der(bytes.fromhex(other)) is None
