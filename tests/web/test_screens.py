"""The list of screens and its page of the documentation are complete."""

from collections import Counter

from gongji.access import OPERATIONS
from tests.web.gallery import PARTS, README, page_of
from tests.web.screens import EXCUSED, SCREENS
from tests.web.screenshots import WIDTHS

MOST_BYTES = 6 * 1024 * 1024


def test_every_page_of_the_matrix_has_a_screen_or_a_word_why_it_has_none() -> None:
    shown = {screen.operation for screen in SCREENS if screen.operation}
    assert sorted(OPERATIONS.keys() - shown - EXCUSED.keys()) == []
    assert sorted((shown | EXCUSED.keys()) - OPERATIONS.keys()) == []
    assert sorted(shown & EXCUSED.keys()) == []


def test_no_two_screens_share_a_name_and_no_two_of_a_part_a_caption() -> None:
    assert _twice([screen.name for screen in SCREENS]) == []
    for _, _, part in PARTS:
        assert _twice([screen.caption for screen in part]) == []


def test_every_screen_stands_in_one_part_of_the_page() -> None:
    assert sorted(screen.name for _, _, part in PARTS for screen in part) == sorted(
        screen.name for screen in SCREENS
    )


def test_the_page_and_the_pictures_are_those_of_the_list() -> None:
    assert README.read_text("utf-8") == page_of(SCREENS), "run: make screenshots"
    pictures = {f"{screen.name}-{width}.webp" for screen in SCREENS for width in WIDTHS}
    kept = {path.name: path.stat().st_size for path in README.parent.glob("*.webp")}
    assert sorted(pictures ^ kept.keys()) == [], "run: make screenshots"
    assert sum(kept.values()) < MOST_BYTES


def _twice(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(texts).items() if times > 1]
