"""Sealed values: only the right key, place and bytes open them, and equal texts are found by their index."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongji.base.sealing import SealBroken, Vault
from tests.vaults import VAULT

NUMBER = "11010519491231002X"
PLACE = "members_person.cert:1"


def test_what_was_sealed_opens_to_the_same_text() -> None:
    assert VAULT.open(VAULT.seal(NUMBER, PLACE), PLACE) == NUMBER


def test_the_cipher_is_the_standards_one() -> None:
    """GB/T 32907-2016, annex A: one block."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block, as the standard shows it
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_a_sealed_value_shows_nothing_of_the_text_and_is_never_the_same_twice() -> None:
    one, two = VAULT.seal(NUMBER, PLACE), VAULT.seal(NUMBER, PLACE)
    assert one != two
    assert NUMBER.encode() not in one


@pytest.mark.parametrize("position", range(47))
def test_a_changed_byte_does_not_open(position: int) -> None:
    sealed = bytearray(VAULT.seal(NUMBER, PLACE))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        VAULT.open(bytes(sealed), PLACE)


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.seal(NUMBER, PLACE), "members_person.cert:2")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(28)])
def test_what_is_too_short_to_be_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(sealed, PLACE)


def test_after_a_change_of_keys_the_old_ones_still_open_and_the_new_one_seals() -> None:
    before = Vault({1: bytes(16)}, bytes(32))
    after = Vault({1: bytes(16), 2: bytes(range(16))}, bytes(32))
    sealed = before.seal(NUMBER, PLACE)
    assert after.open(sealed, PLACE) == NUMBER
    assert not after.is_current(sealed)
    assert after.is_current(after.seal(NUMBER, PLACE))
    with pytest.raises(SealBroken):
        before.open(after.seal(NUMBER, PLACE), PLACE)


def test_equal_texts_have_equal_indexes_and_kinds_do_not_meet() -> None:
    assert VAULT.index("cert", NUMBER) == VAULT.index("cert", NUMBER)
    assert VAULT.index("cert", NUMBER) != VAULT.index("phone", NUMBER)
    assert VAULT.index("cert", NUMBER) != Vault({1: bytes(16)}, bytes(32)).index("cert", NUMBER)


@pytest.mark.parametrize(
    ("keys", "index_key"),
    [({}, bytes(32)), ({0: bytes(16)}, bytes(32)), ({1: bytes(8)}, bytes(32)), ({1: bytes(16)}, b"")],
)
def test_keys_of_another_length_or_number_are_refused(keys: dict[int, bytes], index_key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(keys, index_key)


def test_a_vault_does_not_show_its_keys() -> None:
    assert repr(VAULT) == "Vault(key 1)"
