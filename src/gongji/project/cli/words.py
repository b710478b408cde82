"""Click's own sentences and kinds of values in Chinese: what an officer reads after a slip of the fingers."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["row_in_chinese", "sentence_in_chinese"]

KINDS: Final = {
    "TEXT": "文字",
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "PATH": "路径",
    "FILE": "文件",
    "DIRECTORY": "目录",
    "[%Y-%m-%d]": "日期",
    "[%Y-%m]": "年-月",
}
DAY: Final = {"%Y-%m-%d": "2024-07-01", "%Y-%m": "2024-07"}
SENTENCES: Final = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        (r"Option '(?P<a>.+)' requires an argument\.", "后面没有写内容"),
        (r"Option '(?P<a>.+)' requires (?P<n>\d+) arguments\.", "后面须写 {n} 项内容"),
        (r"Option '(?P<a>.+)' does not take a value\.", "后面不能写内容"),
        (r"Got unexpected extra arguments? \((?P<a>.*)\)", "多出的内容：{a}"),
        (r"Missing command\.", "没有写命令"),
        (r"Argument '(?P<a>.+)' takes (?P<n>\d+) values\.", "{a} 须写 {n} 项内容"),
        (r"'(?P<a>.*)' is not a valid integer(?: range)?\.", "{a} 不是整数"),
        (r"(?P<a>.*) is not in the range (?P<range>.+)\.", "{a} 不在范围内（{range}）"),
        (r"'(?P<a>.*)' does not match the formats? (?P<format>.+)\.", "{a} 不是日期，请写成 {format}"),
        (r"'(?P<a>.*)' is not one of (?P<choices>.+)\.", "没有 {a}，可以写 {choices}"),
        (r"'(?P<a>.*)' is not (?P<choices>'.+')\.", "没有 {a}，可以写 {choices}"),
        (r"\w+ '(?P<a>.*)' does not exist\.", "没有 {a}"),
        (r"\w+ '(?P<a>.*)' is a directory\.", "{a} 是目录，不是文件"),
        (r"\w+ '(?P<a>.*)' is a file\.", "{a} 是文件，不是目录"),
        (r"\w+ '(?P<a>.*)' is not readable\.", "没有权限读 {a}"),
        (r"\w+ '(?P<a>.*)' is not writable\.", "没有权限写 {a}"),
    )
)
LIMITS: Final = (
    (re.compile(r"(-?\d+)<=x<=(-?\d+)"), r"\1 至 \2"),
    (re.compile(r"x>=(-?\d+)"), r"不小于 \1"),
    (re.compile(r"x<=(-?\d+)"), r"不大于 \1"),
)


def sentence_in_chinese(message: str) -> str:
    """The Chinese sentence for one of click's; ``message`` itself where it is not click's."""
    for pattern, text in SENTENCES:
        if found := pattern.fullmatch(message):
            parts = found.groupdict()
            return text.format(**{name: PART_WORDS.get(name, str)(part) for name, part in parts.items()})
    return message


def row_in_chinese(option: str, text: str) -> tuple[str, str]:
    """A row of help with click's words for kinds of values, limits and defaults in Chinese."""
    head, _, kind = option.partition(" ")
    before, bracket, extra = text.rpartition("  [")
    if bracket:
        words = _limits(extra).replace("default: ", "默认 ").replace("required]", "必填]").replace("; ", "，")
        text = before + bracket + re.sub(r"默认 [(](.+?)[)]", r"默认 \1", words)
    return f"{head} {KINDS[kind]}" if kind in KINDS else option, text


def _limits(text: str) -> str:
    for pattern, words in LIMITS:
        text = pattern.sub(words, text)
    return text


def _formats(text: str) -> str:
    return " 或 ".join(DAY.get(form, form) for form in re.findall(r"'([^']+)'", text))


def _choices(text: str) -> str:
    return "、".join(re.findall(r"'([^']+)'", text))


PART_WORDS: Final = {"range": _limits, "format": _formats, "choices": _choices}
