"""What may be said in a region: the vocabulary together with what the documents of the region and its
parents declare.
"""

from collections.abc import Iterable

from gongji.base.regions import ancestry
from gongji.policy.model import DeriveRule, Document, Vocabulary

TREATS = {"a": 1, "b_drug": 2, "b_consumable": 3, "b_service": 4}
"""Prepay categories that every region knows, with their treatment code (kernel layout)."""


class World:
    """Attribute values, dimensions and categories by region. Built once from all document heads."""

    def __init__(self, vocabulary: Vocabulary, documents: Iterable[Document]) -> None:
        self.vocabulary = vocabulary
        self.documents = sorted(documents, key=lambda document: document.id)

    def lineage(self, region: str) -> list[Document]:
        """Documents of the region and its parents, nearest region first."""
        order = {code: position for position, code in enumerate(ancestry(region))}
        return sorted(
            (document for document in self.documents if document.region in order),
            key=lambda document: (order[document.region], document.id),
        )

    def values(self, region: str, attribute: str) -> tuple[str, ...]:
        """Values an attribute may have in a region, in order of declaration; empty for an unknown
        attribute.
        """
        known = self.vocabulary.attributes.get(attribute)
        found = dict.fromkeys(value for value, _ in known.values) if known else {}
        for document in reversed(self.lineage(region)):
            for name, values in document.declares.attributes:
                if name == attribute:
                    found.update(dict.fromkeys(values))
        return tuple(found)

    def labels(self) -> dict[tuple[str, str], str]:
        """Chinese names of attribute values; yes and no are named with their attribute."""
        named: dict[tuple[str, str], str] = {}
        for attribute in self.vocabulary.attributes.values():
            for value, label in attribute.values:
                short = label in ("是", "否", "无")
                named[(attribute.name, value)] = f"{attribute.title}：{label}" if short else label
        for document in self.documents:
            for name, value, label in document.declares.labels:
                named.setdefault((name, value), label)
        return named

    def dimensions(self, document: Document, key: str) -> tuple[str, ...]:
        """Attributes by which ``document`` nests the values of ``key``: as it declares itself, else as its
        region does.
        """
        lineage = [document, *self.lineage(document.region)]
        for source in lineage:
            for name, attributes in source.declares.dimensions:
                if name == key:
                    return attributes
        return ()

    def categories(self, region: str) -> dict[str, int]:
        """Prepay categories of a region with their treatment code."""
        found = dict(TREATS)
        for document in reversed(self.lineage(region)):
            found.update(document.declares.categories)
        return found

    def item_treats(self, region: str) -> dict[str, int]:
        """Treatment code of each catalogue code that the region lists in a category of its own."""
        treats = self.categories(region)
        found: dict[str, int] = {}
        for document in reversed(self.lineage(region)):
            for name, codes in document.declares.items or ():
                found.update(dict.fromkeys(codes, treats[name]))
        return found

    def is_number(self, attribute: str) -> bool:
        """Whether an attribute is a whole number, of which others are derived."""
        known = self.vocabulary.attributes.get(attribute)
        return known is not None and known.number

    def numbers(self, region: str) -> frozenset[str]:
        """The numbers that the region's rules of derivation ask for."""
        return frozenset(one.attribute for rule in self.derive_rules(region) for one in rule.ranges)

    def derive_rules(self, region: str) -> tuple[DeriveRule, ...]:
        """Rules that derive attributes, nearest region first."""
        return tuple(rule for document in self.lineage(region) for rule in document.declares.derive)
