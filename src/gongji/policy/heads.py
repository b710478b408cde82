"""Reading the head of a document: identity, dates, precedence and what it declares for its region."""

from datetime import date

import msgspec

from gongji.base.regions import normalise_region
from gongji.policy.fields import Scope
from gongji.policy.model import STATUSES, Declarations, DeriveRule, Document, Relation
from gongji.policy.ranges import read_range
from gongji.policy.yamltree import Node

_TREATS = range(5, 8)
"""Treatment codes free for a region's own prepay categories (kernel layout)."""


def read_head(scope: Scope, tree: Node) -> Document | None:
    """The document of one file without its provisions; None when it has no usable identity."""
    fields = scope.fields(
        tree,
        "文件",
        "supersedes overrides confirms fills declares provisions vocabulary",
        "document in_force",
    )
    head = scope.fields(
        fields.get("document"),
        "document",
        "issuer issued_on known_from note number title",
        "id region status",
    )
    identity = scope.text(head.get("id"), "id")
    region = _region(scope, head.get("region"))
    if not identity or region is None:
        return None
    issued_on = scope.day(head.get("issued_on"), "issued_on")
    starts_on, ends_on = _in_force(scope, fields.get("in_force"))
    return Document(
        id=identity,
        number=scope.text(head.get("number"), "number", identity),
        title=scope.text(head.get("title"), "title"),
        issuer=scope.text(head.get("issuer"), "issuer"),
        region=region,
        status=_status(scope, head.get("status")),
        issued_on=issued_on,
        known_from=scope.day(head.get("known_from"), "known_from") or issued_on,
        starts_on=starts_on,
        ends_on=ends_on,
        supersedes=_relations(scope, fields.get("supersedes"), "supersedes"),
        overrides=_relations(scope, fields.get("overrides"), "overrides"),
        confirms=scope.texts(fields.get("confirms"), "confirms"),
        fills=scope.text(fields.get("fills"), "fills", "no") == "yes",
        note=scope.text(head.get("note"), "note"),
        declares=_declares(scope, fields.get("declares")),
        provisions=(),
    )


def _region(scope: Scope, node: Node | None) -> str | None:
    text = scope.text(node, "region")
    try:
        return normalise_region(text)
    except ValueError as error:
        scope.problem(str(error), node)
        return None


def _status(scope: Scope, node: Node | None) -> str:
    status = scope.text(node, "status", "in-force")
    if status not in STATUSES:
        scope.problem(f"status 须为 {' | '.join(STATUSES)} 之一: {status}", node)
        return "referenced"
    return status


def _in_force(scope: Scope, node: Node | None) -> tuple[date, date | None]:
    fields = scope.fields(node, "in_force", "until", "from")
    starts_on = scope.day(fields.get("from"), "from") or date.max
    ends_on = scope.day(fields.get("until"), "until")
    if ends_on is not None and ends_on < starts_on:
        scope.problem(f"施行日期矛盾: 自 {starts_on} 起, 至 {ends_on} 止", node)
    return starts_on, ends_on


def _relations(scope: Scope, node: Node | None, what: str) -> tuple[Relation, ...]:
    relations = []
    for child in scope.children(node, what):
        fields = scope.fields(child, what, "where wholly", "document")
        wholly = scope.text(fields.get("wholly"), "wholly", "no") == "yes"
        relations.append(
            Relation(scope.text(fields.get("document"), what), scope.text(fields.get("where"), what), wholly)
        )
    return tuple(relations)


def _declares(scope: Scope, node: Node | None) -> Declarations:
    if node is None:
        return Declarations()
    fields = scope.fields(node, "declares", "attributes by categories derive")
    named = _attribute_values(scope, fields.get("attributes"))
    return Declarations(
        attributes=tuple((name, tuple(values)) for name, values in named.items()),
        labels=tuple(
            (name, value, label) for name, values in named.items() for value, label in values.items() if label
        ),
        dimensions=_named_texts(scope, fields.get("by"), "by"),
        categories=_categories(scope, fields.get("categories")),
        items=_items(scope, fields.get("categories")),
        derive=tuple(_derive(scope, child) for child in scope.children(fields.get("derive"), "derive")),
    )


def _attribute_values(scope: Scope, node: Node | None) -> dict[str, dict[str, str]]:
    """Values of each attribute with their names: a list of values, or values with a Chinese name each."""
    if node is None or node.kind != "map":
        if node is not None:
            scope.problem("attributes 必须是键值对", node)
        return {}
    return {
        name: {value: scope.text(label, value) for value, label in item.items.items()}
        if item.kind == "map"
        else dict.fromkeys(scope.texts(item, name), "")
        for name, item in node.items.items()
    }


def _named_texts(scope: Scope, node: Node | None, what: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if node is None:
        return ()
    if node.kind != "map":
        scope.problem(f"{what} 必须是键值对", node)
        return ()
    return tuple((name, scope.texts(item, name)) for name, item in node.items.items())


def _categories(scope: Scope, node: Node | None) -> tuple[tuple[str, int], ...]:
    if node is None:
        return ()
    if node.kind != "map":
        scope.problem("categories 必须是键值对", node)
    categories = []
    for name, item in node.items.items():
        code = scope.fields(item, name, "items", "code").get("code") if item.kind == "map" else item
        treat = scope.count(code, name)
        if treat not in _TREATS:
            scope.problem(f"类别 {name} 的代码须为 5 至 7: {treat}", item)
        else:
            categories.append((name, treat))
    return tuple(categories)


def _items(scope: Scope, node: Node | None) -> tuple[tuple[str, tuple[str, ...]], ...] | msgspec.UnsetType:
    """The catalogue codes that categories list; a code belongs to one category."""
    listed = {
        name: scope.texts(item.items.get("items"), f"{name} 的 items")
        for name, item in (node.items if node is not None else {}).items()
        if item.kind == "map"
    }
    codes = [code for texts in listed.values() for code in texts]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        scope.problem(f"编码 {code} 列了不止一次", node)
    found = tuple((name, texts) for name, texts in listed.items() if texts)
    return found or msgspec.UNSET


def conditions(scope: Scope, node: Node | None, what: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Attribute conditions of a rule: each attribute with the values that satisfy it."""
    return _named_texts(scope, node, what)


def _derive(scope: Scope, node: Node) -> DeriveRule:
    """A rule of derivation; a condition written as a mapping is a range of a number."""
    fields = scope.fields(node, "derive", "when", "attribute value")
    when = fields.get("when", Node("map"))
    ranged = {name: item for name, item in when.items.items() if item.kind == "map"}
    words = {name: item for name, item in when.items.items() if name not in ranged}
    return DeriveRule(
        scope.text(fields.get("attribute"), "attribute"),
        scope.text(fields.get("value"), "value"),
        conditions(scope, msgspec.structs.replace(when, items=words), "when"),
        tuple(read_range(scope, name, item) for name, item in ranged.items()),
    )
