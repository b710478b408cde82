"""SM3 against the example of the standard, by whichever library computes it."""

from __future__ import annotations

import pytest

from gongji.base import hashing
from gongji.base.hashing import sm3, sm3_hex

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
"""GB/T 32905-2016, A.1."""


def test_sm3_of_the_standards_example() -> None:
    assert sm3_hex(b"abc") == ABC
    assert sm3(b"abc").hex() == ABC


@pytest.mark.parametrize("data", [b"", b"abc", b"abcd" * 16, bytes(1000)])
def test_the_fallback_computes_the_same(data: bytes) -> None:
    assert hashing._cryptography_sm3(data) == sm3(data)
