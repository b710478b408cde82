"""Region codes (医保区划): normal form, parents and names of the levels nation → province → city → county.

Normal form is ``CN`` or a code of two, four or six digits without idle zeros: ``140000`` → ``14``,
``140800`` → ``1408``. A city's own districts (``149900`` 省本级 and the like) are ordinary codes of their
level.
"""

from functools import lru_cache

NATION = "CN"


@lru_cache(maxsize=4096)
def normalise_region(code: str) -> str:
    """Normal form of ``code``. Raises ValueError for anything that is not CN or a code of 2, 4 or 6
    digits.
    """
    text = code.strip().upper()
    if text in (NATION, "000000", "00"):
        return NATION
    if not (text.isascii() and text.isdigit() and len(text) in (2, 4, 6)):
        raise ValueError(f"不是有效的医保区划: {code!r}")
    while len(text) > 2 and text.endswith("00"):
        text = text[:-2]
    return text


@lru_cache(maxsize=4096)
def ancestry(code: str) -> tuple[str, ...]:
    """``code`` and its parents, nearest first: ``140830`` → ``("140830", "1408", "14", "CN")``."""
    region = normalise_region(code)
    if region == NATION:
        return (NATION,)
    return (*(region[:length] for length in range(len(region), 0, -2)), NATION)


def is_within(code: str, region: str) -> bool:
    """Whether ``code`` lies in ``region`` (or is it)."""
    return normalise_region(region) in ancestry(code)
