"""Reading what a step states about its visit: attributes of the law, and marks of lines, history and wallet."""

from __future__ import annotations

from gongji.cases import form
from gongji.cases.fields import Place
from gongji.cases.tree import Map


def visit_facts(place: Place, item: Map) -> tuple[dict[str, str], frozenset[str]]:
    """Attributes of the law and own marks that a step's ``flags``, ``age`` and ``attributes`` state; ``attributes``
    come first, the others win."""
    known = (*form.YES_NO_FLAGS, *form.WORD_FLAGS, *form.OWN_FLAGS, *form.NOTE_FLAGS)
    flags = place.mapping(item.get("flags"), "flags", known)
    stated = place.mapping(item.get("attributes"), "attributes")
    attributes = {name: place.text(text, f"attributes 的 {name}") for name, text in stated.items()}
    if "age" in item:
        attributes["age"] = place.text(item["age"], "周岁 age")
    marks = set()
    for name, value in flags.items():
        what = f"flags 的 {name}"
        if name in form.WORD_FLAGS:
            attributes[form.WORD_FLAGS[name]] = place.text(value, what)
        elif name in form.YES_NO_FLAGS:
            attributes[form.YES_NO_FLAGS[name]] = "yes" if place.yes_no(value, what) else "no"
        elif name in form.OWN_FLAGS:
            marks.add(name if place.yes_no(value, what) else f"no_{name}")
    return attributes, frozenset(marks)
