"""Whatever a file contains, loading it gives a library or a list of problems, never a crash."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.policy import LibraryError, library_from_texts
from tests.policy.help import SCHEMES

TEXTS = [path.read_text("utf-8") for path in sorted(SCHEMES.glob("*.yaml"))]
SCALARS = st.sampled_from(
    ["", "~", "yes", "3", "3.5", '"65%"', '"1.00"', "none", "unspecified", "2024-13-01", "*", "a|b", "甲"]
)
STRANGE = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["a", "clause", "status", "up_to", '"*"']), inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=4,
)


def slots_of(node: yaml.Node) -> Iterator[tuple[list[object], int]]:
    """Every place of the tree where another node could stand: the list that holds it and its position."""
    if isinstance(node, yaml.MappingNode):
        for pair, (_, value) in enumerate(node.value):
            yield node.value, pair
            yield from slots_of(value)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield node.value, position
            yield from slots_of(value)


def changed(text: str, place: int, strange: str) -> str:
    """``text`` with the node number ``place`` replaced."""
    tree = yaml.compose(text)
    assert tree is not None
    slots = list(slots_of(tree))
    holder, position = slots[place % len(slots)]
    try:
        node = yaml.compose(strange) or yaml.ScalarNode("tag:yaml.org,2002:null", "")
    except yaml.YAMLError:
        node = yaml.ScalarNode("tag:yaml.org,2002:str", strange)
    held = holder[position]
    holder[position] = (held[0], node) if isinstance(held, tuple) else node
    return str(yaml.serialize(tree, allow_unicode=True))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000), STRANGE)
def test_a_document_with_something_strange_in_it_loads_or_is_refused(
    text: str, place: int, strange: str
) -> None:
    assert all(problems_of_file(changed(text, place, strange)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_loads_or_is_refused(text: str) -> None:
    assert all(problems_of_file(text))


def problems_of_file(text: str) -> list[str]:
    """The words of everything that is wrong with the file; none when it loads."""
    try:
        library_from_texts({"strange.yaml": text}, builtin=False)
    except LibraryError as error:
        return [problem.text for problem in error.problems] or [""]
    return []
