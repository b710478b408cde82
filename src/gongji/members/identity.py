"""Citizen identity numbers (公民身份号码, GB 11643): check digit, date of birth, masking.

A number is eighteen characters: area (6), date of birth (8), order (3, odd for men), check character (ISO
7064 MOD 11-2).
"""

from datetime import date

__all__ = ["born_on", "check_character", "gender", "is_valid_cert_no", "mask_cert_no", "mask_name"]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHARACTERS = "10X98765432"
ID_CARD = "01"


def check_character(body: str) -> str:
    """Eighteenth character for the first seventeen digits; raises ValueError for anything but seventeen
    digits.
    """
    if len(body) != 17 or not (body.isascii() and body.isdigit()):
        raise ValueError("an identity number's body is seventeen digits")
    return CHARACTERS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def born_on(cert_no: str) -> date | None:
    """Date of birth written in the number; None when it is not a calendar day."""
    digits = cert_no[6:14]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def gender(cert_no: str) -> str:
    """National code of the sex written in the number: 1 男, 2 女."""
    return "1" if int(cert_no[16]) % 2 else "2"


def is_valid_cert_no(cert_no: str) -> bool:
    """Whether ``cert_no`` is a well-formed identity number with a real date and the right check character."""
    body, check = cert_no[:17], cert_no[17:]
    if len(body) != 17 or not (body.isascii() and body.isdigit()):
        return False
    return born_on(cert_no) is not None and check.upper() == check_character(body)


def mask_cert_no(cert_no: str) -> str:
    """The number as it may be shown: the first six and the last two characters of a long one, nothing of a
    short one.
    """
    if len(cert_no) < 10:
        return "*" * len(cert_no)
    return cert_no[:6] + "*" * (len(cert_no) - 8) + cert_no[-2:]


def mask_name(name: str) -> str:
    """A name as it may be shown: its first character and a star for each further one, at most three: 张三丰 → 张**."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3) if name else ""
