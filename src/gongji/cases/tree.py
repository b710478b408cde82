"""YAML as plain text values: no float, no date and no boolean is guessed, nothing is overwritten silently."""

from __future__ import annotations

from typing import Any

import yaml

from gongji.cases.form import CaseError
from gongji.policy.yamltree import NOT_YAML

MAX_BYTES = 20_000_000
MAX_DEPTH = 40


class Map(dict[str, Any]):
    """A mapping that knows the line (from 1) it begins on."""

    line: int = 0


def parse(text: str, path: str) -> Any:
    """Mappings, lists, texts and None of a YAML document. Raises CaseError with file and line."""
    if len(text) > MAX_BYTES:
        raise CaseError(f"{path}：文件超过 {MAX_BYTES // 1_000_000} MB")
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        where = f"第 {error.problem_mark.line + 1} 行" if error.problem_mark else ""
        raise CaseError(f"{path}：{where}{NOT_YAML}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise CaseError(f"{path}：{NOT_YAML}") from None
    if node is None:
        raise CaseError(f"{path}：文件是空的")
    return _value(node, path, 0, {})


_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _value(node: Any, path: str, depth: int, seen: dict[int, Any]) -> Any:
    """The value of a node; one that aliases share is built once, so that a file of aliases cannot grow on
    reading."""
    if id(node) in seen:
        return seen[id(node)]
    seen[id(node)] = value = _build(node, path, depth, seen)
    return value


def _build(node: Any, path: str, depth: int, seen: dict[int, Any]) -> Any:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise CaseError(f"{path}：第 {line} 行嵌套太深")
    if isinstance(node, yaml.MappingNode):
        mapping = Map()
        mapping.line = line
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key in mapping:
                raise CaseError(f"{path}：第 {key_node.start_mark.line + 1} 行的键重复或不是文字：{key}")
            mapping[key] = _value(value_node, path, depth + 1, seen)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, path, depth + 1, seen) for child in node.value]
    if not node.style and node.value in ("", "~", "null", "Null", "NULL"):
        return None
    return node.value
