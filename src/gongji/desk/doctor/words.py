"""Refusals in the words of a screen: what happened and by which article, without the code that software reads."""

from __future__ import annotations

import re
from typing import Final

from gongji.base.reasons import Refusal

__all__ = ["plain", "told"]

CODE: Final = re.compile(r"〔[A-Z0-9_]+〕")


def plain(text: str) -> str:
    """A trade's text without its codes."""
    return CODE.sub("", text)


def told(refusal: Refusal | None) -> str:
    """A refusal in words; "" for none."""
    return plain(refusal.text) if refusal is not None else ""
