"""One design system: what a template names is defined, colours stand in one place and can be read, nothing comes from elsewhere."""

import re
from itertools import product
from pathlib import Path

import pytest

import gongji

SOURCE = Path(gongji.__file__).parent
STYLES = {path.name: path.read_text("utf-8") for path in sorted(SOURCE.glob("*/static/**/*.css"))}
TEMPLATES = {
    path.relative_to(SOURCE).as_posix(): path.read_text("utf-8")
    for path in sorted(SOURCE.glob("*/templates/**/*.html"))
}
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(SOURCE.glob("*/static/**/*.js"))}
ALONE = ("project/templates/", "web/templates/web/receipt_file.html")
"""The page of the service itself, shown when nothing else works, and the file of a 结算单, which is kept by itself."""
PAPER = {"receipt.css", "print.css"}
"""Styles of paper: black on white, whatever the screen has."""
WHITE = re.compile(r"background: #fff\b")


def rules(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", STYLES[name], flags=re.DOTALL)


def test_every_class_of_a_template_has_a_rule() -> None:
    defined = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", " ".join(map(rules, STYLES))))
    missing = {}
    for name, text in TEMPLATES.items():
        if name.startswith(ALONE):
            continue
        for value in re.findall(r'class="([^"]*)"', text):
            plain = re.sub(r"\{%.*?%\}|[\w-]*\{\{.*?\}\}[\w-]*", " ", value)
            missing.update({word: name for word in plain.split() if word not in defined})
    assert missing == {}


def test_every_variable_of_a_style_is_a_token() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", rules("tokens.css")))
    used = {name: set(re.findall(r"var\((--[\w-]+)", rules(name))) - tokens for name in STYLES}
    assert {name: unknown for name, unknown in used.items() if unknown} == {}


def test_colours_are_written_in_the_tokens_alone() -> None:
    found = {
        name: re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", WHITE.sub("", rules(name)))
        for name in STYLES.keys() - PAPER - {"tokens.css"}
    }
    # a mask needs some opaque colour; which one does not show
    found["layout.css"] = [colour for colour in found["layout.css"] if colour != "#000"]
    assert {name: colours for name, colours in found.items() if colours} == {}


def scheme(dark: bool) -> dict[str, str]:
    """The colours of a scheme by token."""
    light, _, rest = rules("tokens.css").partition("@media (prefers-color-scheme: dark)")
    pattern = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;")
    return dict(pattern.findall(light)) | (dict(pattern.findall(rest)) if dark else {})


def contrast(one: str, other: str) -> float:
    """Of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dim, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dim + 0.05)


READ = (
    *product(("ink", "ink-soft", "brand", "bad"), ("ground", "paper", "raised")),
    ("on-brand", "brand"), ("on-brand", "fund"), ("on-brand", "account"), ("on-brand", "mutual"),
    ("brand", "brand-soft"), ("ink", "brand-soft"),
    ("wait", "wait-soft"), ("bad", "bad-soft"), ("ok", "ok-soft"), ("info", "info-soft"), ("on-cash", "cash"),
    ("ink", "wait-soft"), ("ink", "bad-soft"), ("ink", "ok-soft"), ("ink", "info-soft"),
)  # fmt: skip
"""Which colour is written on which."""
SEEN = (("line-strong", "paper"), ("focus", "paper"), ("focus", "ground"))
"""Borders of fields, and where the focus is."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_can_be_read_and_borders_seen_in_both_schemes(dark: bool) -> None:
    colours = scheme(dark)
    weak = [pair for pair in READ if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    weak += [pair for pair in SEEN if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert weak == []


def test_a_template_asks_nothing_of_elsewhere_and_writes_no_style_or_script() -> None:
    forbidden = re.compile(
        r"""(?:src|href|action)=["'](?:https?:)?//|\s(?:style|on\w+)=["']|<script>|<style|hx-on|javascript:"""
    )
    found = {name: forbidden.findall(text) for name, text in TEMPLATES.items() if not name.startswith(ALONE)}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_styles_and_scripts_fetch_nothing_from_elsewhere() -> None:
    for name, text in (STYLES | SCRIPTS).items():
        assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/)", text), name
