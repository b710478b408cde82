"""Secrets, private keys and personal data of the register in and out of their seals."""

from gongji.base.sealing import Vault

__all__ = [
    "open_app_secret",
    "open_head_phone",
    "open_private_key",
    "open_secret",
    "open_staff_cert",
    "seal_app_secret",
    "seal_head_phone",
    "seal_private_key",
    "seal_secret",
    "seal_staff_cert",
    "seal_staff_phone",
    "staff_cert_index",
]


def seal_secret(vault: Vault, access_key: str, secret: str) -> bytes:
    """The secret of message signatures."""
    return vault.seal(secret, _secret(access_key))


def open_secret(vault: Vault, access_key: str, sealed: bytes) -> str:
    return vault.open(sealed, _secret(access_key))


def seal_app_secret(vault: Vault, app_id: str, secret: str) -> bytes:
    """The secret of a channel to the prescription centre."""
    return vault.seal(secret, _app_secret(app_id))


def open_app_secret(vault: Vault, app_id: str, sealed: bytes) -> str:
    return vault.open(sealed, _app_secret(app_id))


def seal_private_key(vault: Vault, serial: str, key: bytes) -> bytes:
    """The private key of a certificate."""
    return vault.seal_bytes(key, _private_key(serial))


def open_private_key(vault: Vault, serial: str, sealed: bytes) -> bytes:
    return vault.open_bytes(sealed, _private_key(serial))


def seal_staff_cert(vault: Vault, code: str, staff_code: str, number: str) -> bytes:
    """The identity number of somebody who works at an institution."""
    return vault.seal(number, f"providers_staff.cert:{code}:{staff_code}")


def open_staff_cert(vault: Vault, code: str, staff_code: str, sealed: bytes) -> str:
    return vault.open(sealed, f"providers_staff.cert:{code}:{staff_code}")


def staff_cert_index(vault: Vault, number: str) -> bytes:
    """By which somebody is found from an identity number; another kind than the members', so that the two are not matched."""
    return vault.index("staff_cert", number)


def seal_staff_phone(vault: Vault, code: str, staff_code: str, phone: str) -> bytes:
    return vault.seal(phone, f"providers_staff.phone:{code}:{staff_code}")


def seal_head_phone(vault: Vault, code: str, dept_code: str, phone: str) -> bytes:
    """The telephone of a department's head."""
    return vault.seal(phone, f"providers_department.phone:{code}:{dept_code}")


def open_head_phone(vault: Vault, code: str, dept_code: str, sealed: bytes) -> str:
    return vault.open(sealed, f"providers_department.phone:{code}:{dept_code}")


def _secret(access_key: str) -> str:
    return f"providers_credential.secret:{access_key}"


def _app_secret(app_id: str) -> str:
    return f"providers_channel.app_secret:{app_id}"


def _private_key(serial: str) -> str:
    return f"providers_certificate.private_key:{serial}"
