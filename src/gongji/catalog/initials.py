"""Pinyin initials of names (拼音首字母): 复方丹参滴丸 → fffdsdw, 维生素B12片 → wssb12p.

Characters with several readings are read in their phrase. A dictionary of general Chinese reads the language of medicine wrongly
in a few places: what is listed here comes first. Letters and digits stay, in lower case; signs are left out.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin, pinyin

__all__ = ["initials"]

MEDICAL: Final = {
    "白术": "bz",
    "苍术": "cz",
    "莪术": "ez",
    "苓术": "lz",
    "术苓": "zl",
    "重楼": "cl",
    "重组": "cz",
    "阿胶": "ej",
    "藏药": "zy",
    "藏红花": "zhh",
    "海参崴": "hsw",
    "血竭": "xj",
    "参": "s",
    "柏": "b",
    "咳": "k",
    "朴": "p",
    "枸橼": "jy",
    "栓": "s",
    "嗪": "q",
    "单": "d",
    "仔": "z",
    "调脂": "tz",
}
"""Readings of words of medicine; a longer word comes before a shorter one."""
_MEDICAL: Final = re.compile("|".join(sorted(MEDICAL, key=len, reverse=True)))
_PRIVATE: Final = 0xE000
"""Where the letters of words already read are kept while the rest is read: code points that no name uses."""


def initials(name: str) -> str:
    """Lower-case initials of ``name``."""
    text = unicodedata.normalize("NFKC", name).lower()
    text = _MEDICAL.sub(lambda found: "".join(chr(_PRIVATE + ord(c)) for c in MEDICAL[found[0]]), text)
    letters = [_letters(char) for char in text]
    if any(len(found) > 1 for found in letters):
        read = lazy_pinyin(text, style=Style.FIRST_LETTER)  # what is no Chinese comes as it stood, in runs
        letters = [_letters(char) for given in read for char in given]
    return "".join(letters)


@lru_cache(maxsize=32768)
def _letters(char: str) -> str:
    """Every initial that the character may have: one for most, none for signs."""
    code = ord(char)
    if _PRIVATE <= code < _PRIVATE + 128:
        return chr(code - _PRIVATE)
    if char.isascii():
        return char if char.isalnum() else ""
    found = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(sorted({letter for letter in found[0] if letter})) if found else ""
