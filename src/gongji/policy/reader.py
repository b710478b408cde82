"""Reading the provisions of a document: words, cells, refusal rules and requirements."""

from datetime import date

import msgspec

from gongji.base.reasons import REASONS
from gongji.policy.fields import Scope
from gongji.policy.heads import conditions
from gongji.policy.model import (
    ANY,
    CONFIDENCES,
    Cell,
    Document,
    Leaf,
    Parameter,
    Provision,
    RefusalRule,
    Requirement,
)
from gongji.policy.ranges import check_neighbours, check_ranges
from gongji.policy.world import World
from gongji.policy.yamltree import Node

_DEFAULT_CONFIDENCE = {
    "in-force": "seed",
    "draft": "seed",
    "referenced": "unconfirmed",
    "operator": "operator",
}
_DEFAULT_RANK = 100
Where = tuple[tuple[str, tuple[str, ...]], ...]


class ProvisionReader:
    """Reads the provisions of one document against the world it speaks in."""

    def __init__(self, scope: Scope, world: World, document: Document) -> None:
        self.scope = scope
        self.world = world
        self.document = document
        self.lines: dict[str, int] = {}

    def read(self, node: Node | None) -> tuple[Provision, ...]:
        """All provisions in the order of the file."""
        self._check_declarations()
        return tuple(self._provision(child) for child in self.scope.children(node, "provisions"))

    def _check_declarations(self) -> None:
        """What a document declares is spelt like the words it uses: a typo would only show at the counter."""
        declares, region = self.document.declares, self.document.region
        for key, attributes in declares.dimensions:
            if self._known(key) is None:
                self.scope.problem(f"by 里没有参数 {key}")
            for attribute in attributes:
                if not self.world.values(region, attribute):
                    self.scope.problem(f"by 里 {key} 的维度 {attribute} 没有声明取值")
        for name, _ in declares.attributes:
            if self.world.is_number(name):
                self.scope.problem(f"{name} 是数, 不列取值; 由它推出的属性写在 derive 里")
        for rule in declares.derive:
            if rule.value not in self.world.values(region, rule.attribute):
                self.scope.problem(f"derive 的 {rule.attribute} 没有取值 {rule.value}")
            self._check_conditions(rule.when, None)
            for one in rule.ranges:
                if not self.world.is_number(one.attribute):
                    self.scope.problem(f"derive 的 {rule.attribute} 所依的 {one.attribute} 不是数")
        check_ranges(self.scope, self.document)
        check_neighbours(self.scope, self.document, self.world.documents)

    def _provision(self, node: Node) -> Provision:
        scope, document = self.scope, self.document
        fields = scope.fields(
            node,
            "provision",
            "article from until confidence decision note sets refuses requires",
            "clause text",
        )
        clause = scope.text(fields.get("clause"), "clause")
        self.lines.setdefault(clause, node.line)
        starts_on, ends_on = self._dates(node, fields)
        return Provision(
            clause=clause,
            article=scope.text(fields.get("article"), "article"),
            text=scope.text(fields.get("text"), "text"),
            document=document.id,
            number=document.number,
            title=document.title,
            region=document.region,
            status=document.status,
            starts_on=starts_on,
            ends_on=ends_on,
            confidence=self._confidence(fields.get("confidence")),
            decisions=scope.texts(fields.get("decision"), "decision"),
            note=scope.text(fields.get("note"), "note"),
            cells=self._cells(fields.get("sets"), clause),
            refusals=tuple(
                self._refusal(child, clause) for child in scope.children(fields.get("refuses"), "refuses")
            ),
            requirements=tuple(
                self._requirement(child, clause)
                for child in scope.children(fields.get("requires"), "requires")
            ),
        )

    def _dates(self, node: Node, fields: dict[str, Node]) -> tuple[date, date | None]:
        """A provision is in force as long as its document unless it says less."""
        document = self.document
        starts_on = self.scope.day(fields.get("from"), "from") or document.starts_on
        ends_on = self.scope.day(fields.get("until"), "until") or document.ends_on
        outside = starts_on < document.starts_on or (
            document.ends_on is not None and (ends_on or date.max) > document.ends_on
        )
        if outside or (ends_on is not None and ends_on < starts_on):
            self.scope.problem(
                f"{self.scope.text(fields.get('clause'), 'clause')} 的日期矛盾: 自 {starts_on} 至 {ends_on or '长期'}, "
                f"文件自 {document.starts_on} 至 {document.ends_on or '长期'}",
                node,
            )
        return starts_on, ends_on

    def _confidence(self, node: Node | None) -> str:
        confidence = self.scope.text(node, "confidence", _DEFAULT_CONFIDENCE[self.document.status])
        if confidence not in CONFIDENCES:
            self.scope.problem(f"confidence 须为 {' | '.join(CONFIDENCES)} 之一: {confidence}", node)
            return "unconfirmed"
        return confidence

    def _cells(self, node: Node | None, clause: str) -> tuple[Cell, ...]:
        if node is None:
            return ()
        if node.kind != "map":
            self.scope.problem("sets 必须是键值对", node)
            return ()
        return tuple(cell for key, item in node.items.items() for cell in self._cells_of(key, item, clause))

    def _cells_of(self, key: str, node: Node, clause: str) -> list[Cell]:
        parameter = self._parameter(key, node)
        if parameter is None:
            return []
        dimensions = self.world.dimensions(self.document, key)
        for attribute in dimensions:
            if not self.world.values(self.document.region, attribute):
                self.scope.problem(f"{key} 的维度 {attribute} 没有声明取值", node)
                return []
        return self._walk(key, parameter, node, dimensions, (), clause)

    def _parameter(self, key: str, node: Node) -> Parameter | None:
        """The parameter behind a key; an unknown one is a problem."""
        parameter = self._known(key)
        if parameter is None:
            self.scope.problem(f"没有参数 {key}", node)
        return parameter

    def _known(self, key: str) -> Parameter | None:
        """The parameter of a key; a prepay category declared by the region counts as one."""
        _, parameter = self.world.vocabulary.split(key)
        if parameter is not None:
            return parameter
        for prefix in ("prepay.", *(f"{name}.prepay." for name in self.world.vocabulary.benefits)):
            if key.startswith(prefix) and key[len(prefix) :] in self.world.categories(self.document.region):
                return Parameter(key, key, "rate", key)
        return None

    def _walk(
        self,
        key: str,
        parameter: Parameter,
        node: Node,
        dimensions: tuple[str, ...],
        where: Where,
        clause: str,
    ) -> list[Cell]:
        """Cells of one value, nested by the remaining dimensions; a value that is no mapping holds for all
        of them.
        """
        if node.kind != "map" or not dimensions:
            if node.kind == "map":
                self.scope.problem(f"{key} 的值层次过多, 或没有声明维度 by", node)
                return []
            leaf = self.scope.leaf(node, parameter)
            slot = self.world.vocabulary.slot(key) or key
            return [] if leaf is None else [Cell(key, slot, where, _with_form(leaf, parameter), clause)]
        attribute, rest = dimensions[0], dimensions[1:]
        cells: list[Cell] = []
        for values, item in self._branches(key, attribute, node):
            cells += self._walk(key, parameter, item, rest, (*where, (attribute, values)), clause)
        return cells

    def _branches(self, key: str, attribute: str, node: Node) -> list[tuple[tuple[str, ...], Node]]:
        """The values named at one level; ``a|b`` names two, ``*`` all that the level does not name."""
        known = self.world.values(self.document.region, attribute)
        named: list[str] = []
        branches = []
        for label, item in node.items.items():
            if label == ANY:
                continue
            values = tuple(part.strip() for part in label.split("|"))
            for value in values:
                if value not in known:
                    self.scope.problem(
                        f"{key}: {attribute} 没有取值 {value}（已声明: {'、'.join(known)}）", item
                    )
                elif value in named:
                    self.scope.problem(f"{key}: {attribute} 的取值 {value} 重复", item)
                named.append(value)
            branches.append((values, item))
        if ANY in node.items:
            rest = tuple(value for value in known if value not in named)
            branches += [(rest, node.items[ANY])] if rest else []
        return branches

    def _refusal(self, node: Node, clause: str) -> RefusalRule:
        scope = self.scope
        fields = scope.fields(node, "refuses", "rank parameters", "reason when")
        reason = scope.text(fields.get("reason"), "reason")
        if reason not in REASONS:
            scope.problem(f"没有拒付原因 {reason}", node)
        when = conditions(scope, fields.get("when"), "when")
        self._check_conditions(when, node)
        return RefusalRule(
            reason,
            when,
            self._switches(fields.get("parameters")),
            scope.count(fields.get("rank"), "rank", _DEFAULT_RANK),
            clause,
        )

    def _check_conditions(self, when: Where, node: Node | None) -> None:
        for attribute, values in when:
            known = self.world.values(self.document.region, attribute)
            strange = [value for value in values if value not in known]
            if not known:
                self.scope.problem(f"没有属性 {attribute}", node)
            elif strange:
                self.scope.problem(f"属性 {attribute} 没有取值 {'、'.join(strange)}", node)

    def _switches(self, node: Node | None) -> tuple[tuple[str, bool | str], ...]:
        if node is None:
            return ()
        if node.kind != "map":
            self.scope.problem("parameters 必须是键值对", node)
        switches: list[tuple[str, bool | str]] = []
        for key, item in node.items.items():
            parameter = self._parameter(key, item)
            leaf = self.scope.leaf(item, parameter) if parameter else None
            if leaf is not None and isinstance(leaf.raw, bool | str):
                switches.append((key, leaf.raw))
            elif leaf is not None:
                self.scope.problem(f"拒付条件只能用开关或选项参数: {key}", item)
        return tuple(switches)

    def _requirement(self, node: Node, clause: str) -> Requirement:
        scope = self.scope
        fields = scope.fields(node, "requires", "at_least not_falling_by order", "parameter")
        key = scope.text(fields.get("parameter"), "parameter")
        parameter = self._parameter(key, node)
        floor = scope.leaf(fields["at_least"], parameter) if parameter and "at_least" in fields else None
        at_least = floor.raw if floor and isinstance(floor.raw, int) else None
        by = scope.text(fields.get("not_falling_by"), "not_falling_by") or None
        order = scope.texts(fields.get("order"), "order")
        return Requirement(key, at_least, by, order, clause)


def _with_form(leaf: Leaf, parameter: Parameter) -> Leaf:
    """The leaf marked with the parameter's own name when its slot is shared with others."""
    return leaf if parameter.slot == parameter.name else msgspec.structs.replace(leaf, form=parameter.name)
