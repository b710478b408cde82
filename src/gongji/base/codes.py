"""National dictionaries (字典表) of the interface: which values a field may have and what they are called.

``data/dictionaries.yaml`` holds them as facts; nothing here decides what a value means for a settlement.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

__all__ = ["Code", "Dictionary", "dictionary", "fields", "is_known", "label", "values"]


class Code(msgspec.Struct, frozen=True):
    """One value of a dictionary; ``parent`` is empty without a hierarchy, ``sort`` counts from 1."""

    value: str
    label: str
    parent: str
    sort: int


class Dictionary(msgspec.Struct, frozen=True):
    """All values of one field, in the order of the published list."""

    field: str
    name: str
    codes: tuple[Code, ...]
    labels: dict[str, str]


def _parent(value: str, known: dict[str, str]) -> str:
    """The longest known code that the value begins with."""
    return next((value[:end] for end in range(len(value) - 1, 0, -1) if value[:end] in known), "")


def _dictionary(field: str, given: dict[str, Any]) -> Dictionary:
    labels: dict[str, str] = given["values"]
    tree = given.get("tree", False)
    codes = tuple(
        Code(value, text, _parent(value, labels) if tree else "", sort)
        for sort, (value, text) in enumerate(labels.items(), start=1)
    )
    return Dictionary(field, given["name"], codes, labels)


@cache
def _all() -> dict[str, Dictionary]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("gongji.base").joinpath("data", "dictionaries.yaml").read_text(encoding="utf-8")
    # the C loader is the safe loader, ten times faster; it is missing where libyaml is
    return {field: _dictionary(field, given) for field, given in yaml.load(text, Loader=loader).items()}  # noqa: S506


def fields() -> tuple[str, ...]:
    """Names of all fields that have a dictionary."""
    return tuple(_all())


def dictionary(field: str) -> Dictionary | None:
    """The dictionary of a field, by its national name; case does not matter. None when the field has none."""
    found = _all()
    return found.get(field) or next(
        (entry for name, entry in found.items() if name.lower() == field.lower()), None
    )


def values(field: str) -> tuple[Code, ...]:
    """Values of the field in their order; empty when the field has no dictionary."""
    entry = dictionary(field)
    return entry.codes if entry else ()


def label(field: str, value: str) -> str | None:
    """Chinese name of a value, None when the dictionary does not have it."""
    entry = dictionary(field)
    return entry.labels.get(value) if entry else None


def is_known(field: str, value: str) -> bool:
    """Whether the field's dictionary has the value."""
    return label(field, value) is not None
