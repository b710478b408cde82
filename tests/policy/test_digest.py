"""The digest names what the law says, not how the files are written; the canonical text restores the very law."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.base.hashing import sm3_hex
from gongji.policy import (
    DEMO_OVERLAY,
    Law,
    LibraryError,
    compile_law,
    dump_library,
    library_files,
    library_from_texts,
    load_library,
    restore_library,
)
from tests.policy.help import SCHEMES, row

SCHEME = (SCHEMES / "age_and_doctor.yaml").read_text("utf-8")
VALUES = (
    "50%",
    "20.00",
    "2024-01-01",
    "800.00",
    "第二条",
    "每日起付20元，全年累计不超过400元",
    "仿真〔2024〕3号",
    "from80",
)


def shuffled(node: yaml.Node, data: st.DataObject) -> yaml.Node:
    """The same tree with the keys of every mapping in another order."""
    if isinstance(node, yaml.MappingNode):
        order = data.draw(st.permutations(node.value))
        node.value = [(key, shuffled(value, data)) for key, value in order]
    elif isinstance(node, yaml.SequenceNode):
        node.value = [shuffled(child, data) for child in node.value]
    return node


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_the_order_of_keys_does_not_change_the_digest(data: st.DataObject) -> None:
    tree = yaml.compose(SCHEME)
    assert tree is not None
    other = yaml.serialize(shuffled(tree, data), allow_unicode=True)
    assert digest(other) == digest(SCHEME)


def digest(text: str) -> str:
    return library_from_texts({"scheme.yaml": text}, builtin=False).digest


def test_comments_and_the_files_name_do_not_change_the_digest() -> None:
    plain = digest(SCHEME)
    assert digest("# 另一个注释\n" + SCHEME) == plain
    assert library_from_texts({"other.yaml": SCHEME}, builtin=False).digest == plain


@settings(max_examples=5, deadline=None)
@given(st.permutations(sorted(library_files())))
def test_the_order_of_files_does_not_change_the_digest(files: list[object]) -> None:
    assert load_library(files).digest == load_library().digest  # type: ignore[arg-type]


@pytest.mark.parametrize("value", VALUES)
def test_any_changed_value_changes_the_digest(value: str) -> None:
    other = {
        "50%": "51%",
        "20.00": "20.01",
        "2024-01-01": "2024-01-02",
        "800.00": "800.10",
        "from80": "from85",
    }.get(value, value + "改")
    assert digest(SCHEME.replace(value, other)) != digest(SCHEME)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9_999), st.integers(0, 9_999))
def test_two_rates_have_one_digest_only_if_they_are_equal(one: int, two: int) -> None:
    texts = [SCHEME.replace("50%", f"{bp // 100}.{bp % 100:02d}%") for bp in (one, two)]
    assert (digest(texts[0]) == digest(texts[1])) == (one == two)


def test_the_digest_is_the_sm3_of_the_canonical_text() -> None:
    library = load_library()
    assert library.digest == sm3_hex(dump_library(library))


def test_a_library_is_restored_from_its_canonical_text(demo_law: Law) -> None:
    restored = restore_library(dump_library(demo_law.library))
    assert restored.digest == demo_law.digest
    law = Law(restored)
    for place in ("class1", "class3", "pharmacy"):
        case = {"status": "retired", "place": place}
        assert law.row("14", date(2024, 8, 15), case) == demo_law.row("14", date(2024, 8, 15), case)


def test_bands_survive_the_canonical_text() -> None:
    library = load_library([*library_files(), SCHEMES / "bands.yaml"])
    case = {"status": "active", "place": "level2"}
    restored = Law(restore_library(dump_library(library)))
    assert row(restored, "3190", date(2024, 3, 3), case) == row(Law(library), "3190", date(2024, 3, 3), case)


def test_a_text_that_is_no_library_is_refused() -> None:
    with pytest.raises(LibraryError, match="规范文本"):
        restore_library(b"[]")


def test_the_same_library_is_compiled_once() -> None:
    assert compile_law(load_library()) is compile_law(load_library())
    assert compile_law(load_library()) is not compile_law(load_library(overlay=DEMO_OVERLAY))
