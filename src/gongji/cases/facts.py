"""The facts of an ordinary visit, which a case or a question need not repeat: what it says differently
wins."""

from __future__ import annotations

from gongji.policy import Law
from gongji.policy.ranges import MAX_NUMBER, NUMBERS

_USUAL = {
    "insured": "yes",
    "has_account": "yes",
    "arrears": "no",
    "waiting": "no",
    "designated": "yes",
    "pooled_agreement": "yes",
    "voucher": "yes",
}
_KIND_OF_PLACE = {"pharmacy": "pharmacy", "clinic": "clinic", "internet": "internet"}


def usual_facts(place: str, kind: str = "") -> dict[str, str]:
    """Facts of a visit at ``place`` (value of the law's attribute) by an insured member in good standing.

    ``kind`` of institution follows from the place unless given; without a place the law derives it. Whether a
    pharmacy has a prescription is never assumed: without it the law answers ATTRIBUTE_MISSING.
    """
    facts = {"kind": kind or _KIND_OF_PLACE.get(place, "hospital"), **_USUAL}
    if place:
        facts["place"] = place
    if facts["kind"] != "pharmacy":
        facts["prescription"] = "not_needed"
    return facts


def strange_attribute(law: Law, name: str, value: str) -> str | None:
    """Why ``name`` = ``value`` is no fact the law knows, in Chinese; None when it is. A typing mistake must
    not count as "no"."""
    attribute = law.library.vocabulary.attributes.get(name)
    if attribute is None:
        return f"没有“{name}”这个属性；可用的有：{'、'.join(law.library.vocabulary.attributes)}"
    if attribute.number:
        return (
            None if value in NUMBERS else f"{attribute.title}（{name}）须为 0 至 {MAX_NUMBER} 的整数：{value}"
        )
    declared = {
        text
        for document in law.library.documents.values()
        for declared_name, texts in document.declares.attributes
        if declared_name == name
        for text in texts
    }
    values = dict.fromkeys([*(text for text, _ in attribute.values), *sorted(declared)])
    if values and value not in values:
        return f"{attribute.title}（{name}）没有“{value}”这个取值；可用的有：{'、'.join(values)}"
    return None
