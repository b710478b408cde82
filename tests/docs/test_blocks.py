"""The runner of the pages' commands finds what it should and compares what it should."""

from __future__ import annotations

import pytest

from tests.docs.blocks import agrees, commands_of, refreshed, run

PAGE = (
    "Text.\n\n<!-- run -->\n```console\n$ gongji --version\nold words\n```\n\n"
    "```console\n$ gongji serve\n```\n"
)


def test_only_marked_blocks_are_run() -> None:
    assert [command.line for command in commands_of(PAGE, "p.md")] == ["gongji --version"]


def test_two_commands_of_one_block_have_their_own_outputs() -> None:
    text = "<!-- run -->\n```console\n$ gongji a\n1\n2\n$ gongji b\n3\n```\n"
    assert [(c.line, c.shown) for c in commands_of(text, "p.md")] == [("gongji a", "1\n2"), ("gongji b", "3")]


def test_a_command_may_go_on_in_the_next_line() -> None:
    text = "<!-- run -->\n```console\n$ gongji quote \\\n    --line A\nout\n```\n"
    assert [(c.line, c.shown) for c in commands_of(text, "p.md")] == [("gongji quote --line A", "out")]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nc", False),
        ("a\n…\nd", "a\nb\nc\nd", True),
        ("a\n…\nd", "a\nd", True),
        ("a\n…\nd", "a\nb\nc", False),
        ("a.c", "abc", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_shown_and_printed_agree_line_by_line(shown: str, printed: str, same: bool) -> None:
    assert agrees(shown, printed) is same


def test_another_program_is_not_run() -> None:
    with pytest.raises(ValueError, match="only gongji"):
        run("rm -r docs")


def test_a_refreshed_page_shows_the_present_output() -> None:
    assert "$ gongji --version\ngongji 0" in refreshed(PAGE)


def test_a_refreshed_page_leaves_other_blocks_alone() -> None:
    assert refreshed(PAGE).endswith("```console\n$ gongji serve\n```\n")
