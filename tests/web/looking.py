"""What is checked on every screen: nothing overflows, nothing English is left over, no list is empty, no fault of access."""

import re
from pathlib import Path
from typing import Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

__all__ = ["access_faults", "empty_parts", "foreign_words", "overflow"]

CHECKS: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").strip()
SERIOUS: Final = ("serious", "critical")
MANY: Final = {"exclude": [["tbody tr:nth-of-type(n+9)"]]}
"""Further rows of a table are like the first ones, and take the checker as long."""
STRUCTURE: Final = frozenset(
    (
        "empty-heading",
        "heading-order",
        "landmark-one-main",
        "landmark-unique",
        "page-has-heading-one",
        "region",
        "skip-link",
        "tabindex",
    )
)
"""What the checker thinks less of, but a reader with a screen reader finds the way by."""
LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'’]+")
CODE: Final = re.compile(r"[\w.-]*[\d_@./:-][\w@./:-]*", re.ASCII)
"""What has a digit or a sign in it is a number of something, not a word."""
ALLOWED: Final = frozenset(
    "App CSV Ctrl DEMO Enter Esc GB HIS ID IP JPEG JPG OIDC PDF PNG QR"
    " TOTP Tab URL UTC Home End mm ml mg kg XLSX ICD WebP MB KB Excel"
    .lower().split(" ")
)  # fmt: skip
"""Words of Latin letters that are Chinese usage here."""


async def overflow(page: Page) -> list[str]:
    """What is wider than the screen, or cut off at its own edge."""
    found: list[str] = await page.evaluate(f"{CHECKS}.overflow()")
    return found


async def foreign_words(page: Page) -> list[str]:
    """Words of Latin letters that a reader of Chinese would stumble over."""
    words = [
        word
        for text in await page.evaluate(f"{CHECKS}.texts()")
        for word in LATIN.findall(CODE.sub(" ", text))
    ]
    return sorted({word for word in words if word.lower() not in ALLOWED})


async def empty_parts(page: Page) -> list[str]:
    """Lists, tables and charts with nothing in them."""
    found: list[str] = await page.evaluate(f"{CHECKS}.empty()")
    return found


async def access_faults(page: Page) -> list[str]:
    """Faults that the accessibility checker finds serious or critical, or in the structure of the page, with where."""
    result = await Axe().run(page, context=MANY)
    return [
        f"{fault['id']}: {fault['help']}: {node['target']}"
        for fault in result.response["violations"]
        if fault["impact"] in SERIOUS or fault["id"] in STRUCTURE
        for node in fault["nodes"][:3]
    ]
