"""What the pages show is true: commands print it, links lead somewhere, Chinese is Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongji.gateway.trades import TRADES
from tests.docs.blocks import REPO, Command, agrees, commands_of, pages, run

LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")
CODE = re.compile(r"(?ms)^```.*?^```$|`[^`\n]+`")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SETTING = re.compile(r"\b(?:GONGJI_[A-Z_]+|DATABASE_URL)\b")

CHINESE_PAGES = [page.relative_to(REPO).as_posix() for page in pages() if page.name.endswith(".zh-CN.md")]
COMMANDS = [
    c for page in pages() for c in commands_of(page.read_text("utf-8"), page.relative_to(REPO).as_posix())
]
LINKED = [
    (page.relative_to(REPO).as_posix(), link)
    for page in [*pages(), *REPO.glob("docs/clauses.md")]
    for link in sorted(set(LINK.findall(CODE.sub("", page.read_text("utf-8")))))
    if not link.startswith(("http://", "https://", "mailto:"))
]


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get: lower case, blanks as hyphens, punctuation gone."""
    headings = re.findall(r"(?m)^#+ (.+)$", CODE.sub(lambda m: m[0].strip("`"), page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def leads_somewhere(page: str, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (REPO / page).parent / path if path else REPO / page
    return target.exists() and (not anchor or anchor in anchors(target))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: f"{c.page}: {c.line}")
def test_a_shown_command_prints_what_the_page_shows(command: Command) -> None:
    printed = run(command.line)
    assert agrees(command.shown, printed), printed


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_a_readme_shows_a_quote_that_is_run(page: str) -> None:
    assert any(c.line.startswith("gongji quote") for c in COMMANDS if c.page == page)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_a_readme_lists_the_trades_that_are_offered(page: str) -> None:
    rows = re.findall(r"(?m)^\| ((?:\d{4}[AB]?[、, ]*)+)\|", (REPO / page).read_text("utf-8"))
    assert set(re.findall(r"\d{4}[AB]?", " ".join(rows))) == set(TRADES)


def test_every_link_inside_the_project_leads_somewhere() -> None:
    assert [(page, link) for page, link in LINKED if not leads_somewhere(page, link)] == []


def test_every_setting_that_the_code_reads_is_described() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((REPO / "src").rglob("*.py")))
    described = set(SETTING.findall((REPO / "docs" / "operations.md").read_text("utf-8")))
    assert set(SETTING.findall(source)) - described == set()


def test_every_setting_described_is_read_by_the_code() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((REPO / "src").rglob("*.py")))
    described = set(SETTING.findall((REPO / "docs" / "operations.md").read_text("utf-8")))
    assert described - set(SETTING.findall(source)) == set()


@pytest.mark.parametrize("page", CHINESE_PAGES)
def test_headings_of_a_chinese_page_are_chinese(page: str) -> None:
    text = CODE.sub("", (REPO / page).read_text("utf-8"))
    assert [heading for heading in re.findall(r"(?m)^#+ (.+)$", text) if not CHINESE.search(heading)] == []


@pytest.mark.parametrize("page", CHINESE_PAGES)
def test_no_english_sentence_is_left_in_a_chinese_page(page: str) -> None:
    text = LINK.sub("", CODE.sub("", (REPO / page).read_text("utf-8")))
    text = re.sub(r"<!--.*?-->", "", text)
    assert re.findall(r"(?:[A-Za-z]+ ){4,}[A-Za-z]+", text) == []


@pytest.mark.parametrize("number", range(1, 20))
def test_an_architecture_decision_has_its_four_parts(number: int) -> None:
    (page,) = (REPO / "docs" / "adr").glob(f"{number:04d}-*.md")
    text = page.read_text("utf-8")
    parts = ("**Context.**", "**Decision.**", "**Evidence.**", "**Consequence.**")
    assert text.startswith(f"# {number:04d} ")
    assert [part for part in parts if text.count(part) != 1] == []


def test_every_architecture_decision_is_listed() -> None:
    folder = REPO / "docs" / "adr"
    listed = set(LINK.findall((folder / "README.md").read_text("utf-8")))
    assert {page.name for page in folder.glob("0*.md")} - listed == set()
