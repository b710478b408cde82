"""YAML as a tree that remembers lines and quotes, so that a mistake is named by file and line and no number
is guessed.

PyYAML alone would turn ``2500.00`` into a float and ``yes`` into True. Here every scalar keeps its text and
whether it was quoted; the reader decides what it means.
"""

from datetime import date
from pathlib import Path

import msgspec
import yaml

from gongji.base.os_errors import os_error_text
from gongji.policy.model import Problem

NOT_YAML = "不是有效的 YAML；请检查这里和上一行的冒号、缩进、引号、括号"
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node(msgspec.Struct):
    """A scalar (``text``), a mapping (``items``) or a list (``children``), and the line it begins on (from
    1; 0 unknown).
    """

    kind: str
    line: int = 0
    text: str = ""
    quoted: bool = False
    null: bool = False
    items: dict[str, "Node"] = {}
    children: list["Node"] = []


def parse_file(path: Path, name: str, problems: list[Problem]) -> Node | None:
    """The tree of one file; unreadable or malformed YAML is added to ``problems``."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        problems.append(Problem(f"文件读不出来: {os_error_text(error)}", name))
        return None
    except UnicodeDecodeError:
        problems.append(Problem("文件不是 UTF-8 编码", name))
        return None
    return parse_text(text, name, problems)


def parse_text(text: str, name: str, problems: list[Problem]) -> Node | None:
    """The tree of ``text``; ``name`` stands for the file in problems."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(NOT_YAML, name, line))
        return None
    except yaml.YAMLError:
        problems.append(Problem(NOT_YAML, name))
        return None
    if root is None:
        problems.append(Problem("文件是空的", name))
        return None
    return _convert(root, name, problems, set())


def _convert(node: yaml.Node, name: str, problems: list[Problem], seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in seen:
        # A few nested aliases unfold into millions of nodes; law is written out.
        problems.append(Problem("不使用别名 (&, *)", name, line))
        return Node("scalar", line, null=True)
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        null = node.tag == "tag:yaml.org,2002:null" and node.style is None
        return Node("scalar", line, text=node.value, quoted=node.style in ("'", '"'), null=null)
    if isinstance(node, yaml.SequenceNode):
        return Node("list", line, children=[_convert(child, name, problems, seen) for child in node.value])
    items: dict[str, Node] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem("键必须是文字", name, key_line))
        elif key.value in items:
            problems.append(Problem(f"键 {key.value} 重复", name, key_line))
        else:
            items[key.value] = _convert(value, name, problems, seen)
    return Node("map", line, items=items)


def wrap(value: object) -> Node:
    """The tree of plain Python data, for laws made in code. Text counts as quoted; a float stays unquoted,
    so it is refused.
    """
    if isinstance(value, dict):
        return Node("map", items={str(key): wrap(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return Node("list", children=[wrap(item) for item in value])
    if value is None:
        return Node("scalar", null=True)
    if isinstance(value, bool):
        return Node("scalar", text="yes" if value else "no")
    if isinstance(value, date):
        return Node("scalar", text=value.isoformat())
    return Node("scalar", text=str(value), quoted=isinstance(value, str))
