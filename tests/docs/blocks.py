"""Commands that the pages show, with what the pages say they print.

A block that is run stands below the comment ``<!-- run -->``, is fenced as ``console``, and starts each
command with ``$ ``. A line of the shown output that is only ``…`` stands for any number of lines. Only
``gongji`` is run, at the root of the checkout, without a database and without the caller's settings.
``python -m tests.docs.blocks`` writes the present output into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPO: Final = Path(__file__).resolve().parents[2]
BLOCK: Final = re.compile(r"(?m)^<!-- run -->\n```console\n(?P<body>(?:(?!```).*\n)+)```$")
REST: Final = "…"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page and the output shown below it."""

    page: str
    line: str
    shown: str


def pages() -> list[Path]:
    """Every page of the project, without the generated one."""
    found = [*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")]
    return sorted(page for page in found if page != REPO / "docs" / "clauses.md")


def commands_of(text: str, page: str) -> list[Command]:
    """The commands of the marked blocks of a page, in order."""
    commands = []
    for block in BLOCK.finditer(text):
        for part in re.split(r"(?m)^\$ ", block["body"])[1:]:
            line, _, shown = part.partition("\n")
            while line.endswith("\\"):
                more, _, shown = shown.partition("\n")
                line = f"{line[:-1].rstrip()} {more.strip()}"
            commands.append(Command(page, line, shown.rstrip("\n")))
    return commands


def run(line: str) -> str:
    """What the command prints, standard output and error together as a person sees them."""
    program, *arguments = shlex.split(line)
    if program != "gongji":
        raise ValueError(f"only gongji is run from a page, not {program}")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GONGJI_", "DATABASE_"))}
    result = subprocess.run(
        [str(Path(sys.executable).with_name("gongji")), *arguments],
        cwd=REPO,
        env=kept | {"COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if "Traceback (most recent call last)" in result.stdout:
        raise RuntimeError(f"{line}\n{result.stdout}")  # never written into a page
    return tidy(result.stdout)


def tidy(text: str) -> str:
    """The text without blanks at the ends of its lines and without empty lines at its end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def agrees(shown: str, printed: str) -> bool:
    """Whether the printed text is the shown one, where a line ``…`` stands for any lines."""
    parts = [r"(?:.*\n)*" if line == REST else re.escape(line) + r"\n" for line in tidy(shown).splitlines()]
    return re.fullmatch("".join(parts), printed + "\n" if printed else "") is not None


def refreshed(text: str) -> str:
    """The page with the present output in every marked block; a block with a line ``…`` is left as it is."""

    def renew(block: re.Match[str]) -> str:
        commands = commands_of(block[0], "")
        if any(REST in command.shown.splitlines() for command in commands):
            return block[0]
        heads = re.findall(r"(?m)^\$ (?:.*\\\n)*.*$", block["body"])
        body = "".join(
            f"{head}\n{printed}\n" if (printed := run(command.line)) else f"{head}\n"
            for head, command in zip(heads, commands, strict=True)
        )
        return f"<!-- run -->\n```console\n{body}```"

    return BLOCK.sub(renew, text)


if __name__ == "__main__":
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(page.relative_to(REPO))
