"""The page on prescriptions and the table in it; ``python -m tests.prescriptions.pages`` writes the present table into the page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gongji.prescriptions.chart import chart

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "prescriptions.md"
BEGIN, END = "<!-- states -->\n", "<!-- /states -->"


def parts(text: str) -> tuple[str, str, str]:
    """The page before its table, the table, and the rest."""
    before, _, rest = text.partition(BEGIN)
    table, _, after = rest.partition(END)
    return before + BEGIN, table.strip(), END + after


def refreshed(text: str) -> str:
    before, _, after = parts(text)
    return f"{before}{chart()}\n{after}"


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text("utf-8")), "utf-8")
