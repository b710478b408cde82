"""Region codes (医保区划): normal form, parents and names of the levels nation → province → city → county.

Normal form is ``CN`` or a code of two, four or six digits without idle zeros: ``140000`` → ``14``,
``140800`` → ``1408``. A city's own districts (``149900`` 省本级 and the like) are ordinary codes of their
level.
"""

from functools import lru_cache

NATION = "CN"
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""直辖市: one area of pooling each, whatever the middle digits of its districts and counties say (500101, 500229)."""
PROVINCE_DIGITS, CITY_DIGITS = 2, 4


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


def pooling_area(code: str) -> str:
    """The city, or the municipality, in which ``code`` lies (统筹地区); a province for its own code."""
    region = normalise_region(code)
    return region[: PROVINCE_DIGITS if region[:PROVINCE_DIGITS] in MUNICIPALITIES else CITY_DIGITS]
