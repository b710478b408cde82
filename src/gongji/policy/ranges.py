"""Attributes that follow from a number, such as 年龄段 from 周岁: reading the ranges and checking that they leave nobody out.

A region writes ``{attribute: age_band, value: from60, when: {age: {at_least: 60, below: 80}}}``. Numbers are whole, from 0 to
``MAX_NUMBER``; the rules of one document that give an attribute by one number must meet end to end from 0 upwards, so
that every number has exactly one value.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from gongji.policy.fields import Scope
from gongji.policy.model import DeriveRule, Document, Range
from gongji.policy.yamltree import Node

MAX_NUMBER = 150
"""The largest number that a fact may state: no age is higher, and what may be remembered stays bounded."""
NUMBERS: Mapping[str, int] = {str(number): number for number in range(MAX_NUMBER + 1)}
"""Every number as a fact writes it (``72``; neither ``072`` nor ``72.5``)."""

_Case = tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]]


def read_range(scope: Scope, attribute: str, node: Node) -> Range:
    """``{at_least: 60, below: 80}``; either end may be left out."""
    fields = scope.fields(node, attribute, "at_least below")
    at_least = _edge(scope, attribute, fields.get("at_least")) or 0
    below = _edge(scope, attribute, fields.get("below"))
    if not fields:
        scope.problem(f"{attribute} 的范围须写 at_least 或 below", node)
    if below is not None and below <= at_least:
        scope.problem(f"{attribute} 的范围是空的: 自 {at_least} 至不满 {below}", node)
    return Range(attribute, at_least, below)


def _edge(scope: Scope, attribute: str, node: Node | None) -> int | None:
    if node is None:
        return None
    edge = NUMBERS.get(node.text) if node.kind == "scalar" else None
    if edge is None:
        scope.problem(f"{attribute} 的范围须为 0 至 {MAX_NUMBER} 的整数: {node.text}", node)
    return edge


def check_ranges(scope: Scope, document: Document) -> None:
    """Note gaps and overlaps of a document's own ranges, with the document's id."""
    for (attribute, number, _), rules in _by_case(document.declares.derive).items():
        ranges = sorted((one for rule in rules for one in rule.ranges), key=lambda one: one.at_least)
        where = f"{document.id} 由 {number} 推出 {attribute} 的各段"
        if ranges[0].at_least > 0:
            scope.problem(f"{where}有空缺: {ranges[0].at_least} 以下没有取值")
        for one, after in pairwise(ranges):
            if one.below is None or one.below > after.at_least:
                scope.problem(f"{where}重叠: {after.at_least} 属于两段")
            elif one.below < after.at_least:
                scope.problem(f"{where}有空缺: {one.below} 至不满 {after.at_least} 没有取值")
        if ranges[-1].below is not None:
            scope.problem(f"{where}有空缺: {ranges[-1].below} 及以上没有取值")


def check_neighbours(scope: Scope, document: Document, others: Iterable[Document]) -> None:
    """Note where another document of the same region draws the ranges of an attribute differently: one of the two would
    win by its name."""
    own = _by_case(document.declares.derive)
    for other in others:
        if other.id == document.id or other.region != document.region:
            continue
        for case, rules in _by_case(other.declares.derive).items():
            if case in own and sorted(map(_drawn, rules)) != sorted(map(_drawn, own[case])):
                scope.problem(f"{document.id} 与 {other.id} 由 {case[1]} 推出 {case[0]} 的分段不同")


def _by_case(rules: Iterable[DeriveRule]) -> dict[_Case, list[DeriveRule]]:
    """Rules with ranges by attribute, number and their other conditions, within which they must meet."""
    found: defaultdict[_Case, list[DeriveRule]] = defaultdict(list)
    for rule in rules:
        for one in rule.ranges:
            found[rule.attribute, one.attribute, rule.when].append(rule)
    return found


def _drawn(rule: DeriveRule) -> tuple[str, list[tuple[int, int]]]:
    return rule.value, [
        (one.at_least, MAX_NUMBER + 1 if one.below is None else one.below) for one in rule.ranges
    ]
