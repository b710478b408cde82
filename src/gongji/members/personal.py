"""Personal data of members in and out of its seals: identity number and telephone (个人信息).

Where a number is opened for somebody to see, ``access.record`` says so.
"""

from gongji.base.sealing import Vault
from gongji.members.values import Person

__all__ = [
    "cert_index",
    "cert_no",
    "mask_phone",
    "normal_cert_no",
    "open_cert_no",
    "phone",
    "phone_index",
    "seal_cert_no",
    "seal_phone",
]


def normal_cert_no(number: str) -> str:
    """The number as it is compared: without blanks, letters in capitals."""
    return "".join(number.split()).upper()


def cert_index(vault: Vault, number: str) -> bytes:
    """By which a person is found from the number of an identity document."""
    return vault.index("cert", normal_cert_no(number))


def phone_index(vault: Vault, phone: str) -> bytes:
    return vault.index("phone", "".join(phone.split()))


def seal_cert_no(vault: Vault, psn_no: str, number: str) -> bytes:
    return vault.seal(normal_cert_no(number), f"members_person.cert:{psn_no}")


def seal_phone(vault: Vault, psn_no: str, phone: str) -> bytes:
    return vault.seal("".join(phone.split()), f"members_person.phone:{psn_no}")


def cert_no(vault: Vault, person: Person) -> str:
    """The identity number of ``person``, in clear."""
    return open_cert_no(vault, person.psn_no, person.cert_sealed)


def open_cert_no(vault: Vault, psn_no: str, sealed: bytes) -> str:
    return vault.open(sealed, f"members_person.cert:{psn_no}")


def phone(vault: Vault, psn_no: str, sealed: bytes) -> str:
    """The telephone, in clear."""
    return vault.open(sealed, f"members_person.phone:{psn_no}")


def mask_phone(phone: str) -> str:
    """The telephone as it may be shown: the first three and the last two digits of a long one, nothing of a short one."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 5) + phone[-2:]
