"""The guide of the workstations says what stands on the screens: its buttons and its keys."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gongji

ROOM = Path(gongji.__file__).parent
GUIDE = (ROOM.parents[1] / "docs" / "desk.md").read_text(encoding="utf-8")
PAGES = ROOM / "desk" / "templates" / "desk"
SECTIONS = {
    "医生站": ("doctor",),
    "院内审方": ("doctor",),
    "收费台": ("cashier", "day"),
    "药店收银台": ("till", "cashier", "day"),
    "机构管理": ("manager", "parts"),
}
"""Whose templates show the keys that a section names."""
SCREEN_KEY = {"Esc": "Escape", "P": "p"}
SEARCH = 'type="search"'
"""What "/" goes to where nothing else is named for it."""


def texts(*folders: Path) -> str:
    """Templates and code of the folders, where the words of screens stand."""
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in (".html", ".py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


SCREENS = texts(ROOM / "desk", ROOM / "web", ROOM / "access" / "operations")


def quoted() -> list[str]:
    """What the guide quotes from the screens: “…” and 「…」."""
    return sorted({one or other for one, other in re.findall(r"“([^”]+)”|「([^」]+)」", GUIDE)})


def keys_named() -> Iterator[tuple[str, str]]:
    """Section and key, as ``F8`` or ``/`` in the guide."""
    parts = re.split(r"^## (.+)$", GUIDE, flags=re.MULTILINE)[1:]
    for section, text in zip(parts[::2], parts[1::2], strict=True):
        for key in sorted(set(re.findall(r"`(F\d{1,2}|/|Esc|[A-Z])`", text))):
            yield section, key


def test_the_guide_has_the_sections_and_quotes_that_are_looked_at() -> None:
    assert len(quoted()) > 25
    assert {section for section, _ in keys_named()} == set(SECTIONS)


@pytest.mark.parametrize("words", quoted())
def test_what_the_guide_quotes_stands_on_a_screen(words: str) -> None:
    assert words in SCREENS


@pytest.mark.parametrize(("section", "key"), list(keys_named()))
def test_a_key_that_the_guide_names_works_in_its_part(section: str, key: str) -> None:
    shown = texts(*(PAGES / folder for folder in SECTIONS[section]))
    code = texts(*(ROOM / "desk" / folder for folder in SECTIONS[section]))
    bound = f'data-key="{SCREEN_KEY.get(key, key)}"' in shown or re.search(rf'key="{re.escape(key)}"', code)
    assert bound or (key == "/" and SEARCH in shown), f"{section} has no key {key}"


def test_a_button_with_a_key_says_its_key() -> None:
    """A key that is not written on its button is one that nobody finds; twins that are hidden aside."""
    pattern = re.compile(r'<(button|a)\b([^>]*data-key="[^"{]+"[^>]*)>(.*?)</\1>', re.DOTALL)
    silent = [
        (path.name, found[2])
        for path in sorted(PAGES.rglob("*.html"))
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
        if "<kbd>" not in found[3] and not found[2].endswith(" hidden")
    ]
    assert silent == []
