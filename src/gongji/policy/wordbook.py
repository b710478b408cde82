"""Reading the vocabulary (parameters, attributes, benefits) and the decisions: the two files that are not
documents.
"""

from typing import TypeVar

from gongji.policy.fields import KINDS, Scope
from gongji.policy.model import Attribute, Decision, Parameter, Vocabulary
from gongji.policy.yamltree import Node

_T = TypeVar("_T")


def read_vocabulary(scope: Scope, node: Node, into: Vocabulary) -> None:
    """Add the words of one ``vocabulary:`` file to ``into``; a word defined twice is a problem."""
    fields = scope.fields(node, "vocabulary", "attributes benefits parameters slots")
    for name, item in _items(scope, fields.get("benefits"), "benefits"):
        _put(scope, into.benefits, name, scope.text(item, name), item)
    for name, item in _items(scope, fields.get("slots"), "slots"):
        _put(scope, into.slots, name, scope.text(item, name), item)
    for name, item in _items(scope, fields.get("attributes"), "attributes"):
        _put(scope, into.attributes, name, _attribute(scope, name, item), item)
    for name, item in _items(scope, fields.get("parameters"), "parameters"):
        _put(scope, into.parameters, name, _parameter(scope, name, item), item)


def _items(scope: Scope, node: Node | None, what: str) -> list[tuple[str, Node]]:
    if node is None:
        return []
    if node.kind != "map":
        scope.problem(f"{what} 必须是键值对", node)
        return []
    return list(node.items.items())


def _put(scope: Scope, words: dict[str, _T], name: str, word: _T, node: Node) -> None:
    if name in words:
        scope.problem(f"{name} 重复定义", node)
    words[name] = word


def _attribute(scope: Scope, name: str, node: Node) -> Attribute:
    fields = scope.fields(node, name, "name values default number", "name")
    values = tuple(
        (value, scope.text(item, value)) for value, item in _items(scope, fields.get("values"), name)
    )
    default = scope.text(fields["default"], name) if "default" in fields else None
    if default is not None and default not in dict(values):
        scope.problem(f"{name} 的默认值 {default} 不在取值之内", node)
    number = scope.text(fields.get("number"), name, "no") == "yes"
    if number and (values or default is not None):
        scope.problem(f"{name} 是数, 不列取值", node)
    return Attribute(name, scope.text(fields.get("name"), name), values, default, number)


def _parameter(scope: Scope, name: str, node: Node) -> Parameter:
    fields = scope.fields(node, name, "name kind slot unit choices", "name kind")
    kind = scope.text(fields.get("kind"), name)
    if kind not in KINDS:
        scope.problem(f"{name} 的 kind 须为 {' | '.join(KINDS)} 之一: {kind}", node)
        kind = "choice"
    choices = tuple(
        (choice, scope.text(item, choice)) for choice, item in _items(scope, fields.get("choices"), name)
    )
    title = scope.text(fields.get("name"), name)
    return Parameter(
        name,
        title,
        kind,
        scope.text(fields.get("slot"), name, name),
        scope.text(fields.get("unit"), name),
        choices,
    )


def read_decisions(scope: Scope, node: Node, into: dict[str, Decision]) -> None:
    """Add the decisions of one ``decisions:`` file to ``into``."""
    for item in scope.children(node, "decisions"):
        fields = scope.fields(item, "decision", "", "id question decision")
        identity = scope.text(fields.get("id"), "id")
        decision = Decision(
            identity,
            scope.text(fields.get("question"), "question"),
            scope.text(fields.get("decision"), "decision"),
        )
        _put(scope, into, identity, decision, item)
