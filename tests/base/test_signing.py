"""The software signer: signs with the keys it is given, by serial number, and shows none of them."""

from __future__ import annotations

import random

import pytest

from gongji.base import sm2
from gongji.base.signing import NoSuchKey, SigningKey, SoftwareSigner

PAIR = sm2.key_pair(random.Random(9).randbytes)
KEYS = {"CERT1": SigningKey(PAIR.public, PAIR.private), "CERT2": SigningKey(PAIR.public)}
SIGNER = SoftwareSigner(KEYS.get)


def test_what_it_signs_it_verifies_under_the_same_certificate() -> None:
    signature = SIGNER.sign("CERT1", b"prescription")
    assert SIGNER.verify("CERT1", b"prescription", signature)
    assert not SIGNER.verify("CERT1", b"prescription!", signature)
    assert sm2.verify(PAIR.public, b"prescription", signature)


def test_a_foreign_certificate_verifies_but_does_not_sign() -> None:
    assert SIGNER.verify("CERT2", b"x", SIGNER.sign("CERT1", b"x"))
    with pytest.raises(NoSuchKey, match="CERT2"):
        SIGNER.sign("CERT2", b"x")


def test_an_unknown_certificate_verifies_nothing() -> None:
    assert not SIGNER.verify("CERT3", b"x", SIGNER.sign("CERT1", b"x"))
    with pytest.raises(NoSuchKey, match="CERT3"):
        SIGNER.sign("CERT3", b"x")


def test_a_key_does_not_show_itself() -> None:
    assert repr(PAIR.private) not in repr(KEYS["CERT1"])
