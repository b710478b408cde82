"""Reading single fields of the tree: every mistake becomes a problem with its line, and reading goes on."""

import re
from datetime import date

from gongji.base.money import MAX_FEN, parse_percent, parse_yuan
from gongji.policy.model import Band, Leaf, Parameter, Problem
from gongji.policy.yamltree import Node

_YUAN = re.compile(r"\d+\.\d{2}")
_PERCENT = re.compile(r"\d+(\.\d{1,2})?%")
_COUNT = re.compile(r"\d{1,9}")
MAX_BANDS = 8


class Scope:
    """Where problems of one file are collected."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def problem(self, text: str, node: Node | None = None) -> None:
        """Note one mistake at ``node``."""
        self.problems.append(Problem(text, self.file, node.line if node else 0))

    def fields(self, node: Node | None, what: str, allowed: str, required: str = "") -> dict[str, Node]:
        """The items of a mapping; unknown keys and missing required keys are problems. Names are space
        separated.
        """
        if node is None or node.kind != "map":
            self.problem(f"{what} 必须是键值对", node)
            return {}
        known = set(allowed.split()) | set(required.split())
        for key, item in node.items.items():
            if key not in known:
                self.problem(f"{what} 里没有 {key} 这个键", item)
        for key in required.split():
            if key not in node.items:
                self.problem(f"{what} 缺少 {key}", node)
        return {key: item for key, item in node.items.items() if key in known}

    def text(self, node: Node | None, what: str, default: str = "") -> str:
        """The text of a scalar."""
        if node is None or node.null:
            return default
        if node.kind != "scalar":
            self.problem(f"{what} 必须是文字", node)
            return default
        return node.text.strip()

    def day(self, node: Node | None, what: str) -> date | None:
        """A date written 2024-07-01; None when absent or null."""
        text = self.text(node, what)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problem(f"{what} 不是日期: {text}", node)
            return None

    def count(self, node: Node | None, what: str, default: int = 0) -> int:
        """A whole number."""
        text = self.text(node, what)
        if not text:
            return default
        if not _COUNT.fullmatch(text):
            self.problem(f"{what} 必须是整数: {text}", node)
            return default
        return int(text)

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        if node is None or node.null:
            return ()
        children = node.children if node.kind == "list" else [node]
        return tuple(self.text(child, what) for child in children)

    def children(self, node: Node | None, what: str) -> list[Node]:
        """The members of a list."""
        if node is None or node.null:
            return []
        if node.kind != "list":
            self.problem(f"{what} 必须是列表", node)
            return []
        return node.children

    def leaf(self, node: Node, parameter: Parameter) -> Leaf | None:
        """One value of ``parameter``; None and a problem when it is not written as its kind demands."""
        if node.kind == "scalar" and node.text == "unspecified":
            return Leaf("unspecified")
        read = getattr(self, f"_{parameter.kind}")
        leaf: Leaf | None = read(node, parameter)
        return leaf

    def _money(self, node: Node, parameter: Parameter) -> Leaf | None:
        if node.kind == "scalar" and node.text == "none":
            return Leaf("none")
        fen = self._fen(node, parameter.name)
        return None if fen is None else Leaf("money", fen)

    def _fen(self, node: Node, what: str) -> int | None:
        if node.kind != "scalar" or not node.quoted or not _YUAN.fullmatch(node.text):
            self.problem(f'{what} 的金额须写成带引号、两位小数的元, 如 "300.00": {_shown(node)}', node)
            return None
        fen = parse_yuan(node.text)
        if fen > MAX_FEN:
            self.problem(f"{what} 的金额超出范围: {node.text}", node)
            return None
        return fen

    def _rate(self, node: Node, parameter: Parameter) -> Leaf | None:
        bp = self._bp(node, parameter.name)
        return None if bp is None else Leaf("rate", bp)

    def _bp(self, node: Node, what: str) -> int | None:
        if node.kind != "scalar" or not node.quoted or not _PERCENT.fullmatch(node.text):
            self.problem(f'{what} 的比例须写成带引号的百分数, 如 "65%": {_shown(node)}', node)
            return None
        bp = parse_percent(node.text)
        if bp > 10_000:
            self.problem(f"{what} 的比例超过 100%: {node.text}", node)
            return None
        return bp

    def _banded_rate(self, node: Node, parameter: Parameter) -> Leaf | None:
        if node.kind != "list":
            return self._rate(node, parameter)
        bands = [
            self._band(child, parameter.name, last=child is node.children[-1]) for child in node.children
        ]
        good = tuple(band for band in bands if band is not None)
        if not good or len(good) < len(bands):
            return None
        edges = [band.up_to_fen for band in good[:-1] if band.up_to_fen is not None]
        if len(good) > MAX_BANDS or edges != sorted(set(edges)):
            self.problem(f"{parameter.name} 的分段上限须递增, 且不超过 {MAX_BANDS} 段", node)
            return None
        return Leaf("bands", bands=good) if len(good) > 1 else Leaf("rate", good[0].rate_bp)

    def _band(self, node: Node, what: str, last: bool) -> Band | None:
        fields = self.fields(node, f"{what} 的分段", "rate up_to", "rate" if last else "rate up_to")
        if last and "up_to" in fields:
            self.problem(f"{what} 的最后一段不写上限 up_to", node)
            return None
        edge = self._fen(fields["up_to"], what) if "up_to" in fields else None
        rate = self._bp(fields["rate"], what) if "rate" in fields else None
        if rate is None or (edge is None and not last):
            return None
        return Band(edge, rate)

    def _count(self, node: Node, parameter: Parameter) -> Leaf | None:
        if node.kind != "scalar" or not _COUNT.fullmatch(node.text):
            self.problem(f"{parameter.name} 必须是整数: {_shown(node)}", node)
            return None
        return Leaf("count", int(node.text))

    def _switch(self, node: Node, parameter: Parameter) -> Leaf | None:
        if node.kind != "scalar" or node.text not in ("yes", "no"):
            self.problem(f"{parameter.name} 必须写 yes 或 no: {_shown(node)}", node)
            return None
        return Leaf("switch", node.text == "yes")

    def _choice(self, node: Node, parameter: Parameter) -> Leaf | None:
        known = dict(parameter.choices)
        if node.kind != "scalar" or node.text not in known:
            self.problem(f"{parameter.name} 须为 {' | '.join(known)} 之一: {_shown(node)}", node)
            return None
        return Leaf("choice", node.text)

    def _list(self, node: Node, parameter: Parameter) -> Leaf | None:
        if node.kind != "list" or any(child.kind != "scalar" for child in node.children):
            self.problem(f"{parameter.name} 必须是文字列表", node)
            return None
        texts = tuple(child.text for child in node.children)
        strange = [text for text in texts if parameter.choices and text not in dict(parameter.choices)]
        if strange or len(set(texts)) < len(texts):
            self.problem(f"{parameter.name} 有不认识或重复的取值: {'、'.join(strange or texts)}", node)
            return None
        return Leaf("list", texts)


KINDS = ("money", "rate", "banded_rate", "count", "switch", "choice", "list")


def _shown(node: Node) -> str:
    return node.text if node.kind == "scalar" else {"map": "键值对", "list": "列表"}[node.kind]
