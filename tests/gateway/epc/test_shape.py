"""Whatever the envelope, a handler finds its main row in ``data`` and the other nodes beside it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gongji.gateway.epc.shape import flat, names_another, shaped

ROW = {"hiRxno": "1", "codes": ["a", "b"]}
LINES = [{"medListCodg": "X"}]
WANTED = {"data": {**ROW, "lines": LINES}, "lines": LINES}


@pytest.mark.parametrize(
    "nodes",
    [
        {"data": {**ROW, "lines": LINES}},
        {**ROW, "lines": LINES},
        {"rx_info": {**ROW, "lines": LINES}},
        {"data": [{**ROW, "lines": LINES}]},
    ],
    ids=["inside", "bare", "wrapped", "one row"],
)
def test_nodes_inside_the_row_are_beside_it_too(nodes: dict[str, Any]) -> None:
    assert shaped(nodes) == WANTED


def test_nodes_beside_the_row_stay_there() -> None:
    assert shaped({"data": ROW, "lines": LINES}) == {"data": ROW, "lines": LINES}


def test_a_node_beside_wins_over_one_of_the_same_name_inside() -> None:
    assert shaped({"data": {"lines": [{"old": 1}]}, "lines": LINES})["lines"] == LINES


@pytest.mark.parametrize("nodes", [{"data": "text"}, {"data": 5}, {"data": [ROW, ROW]}, {"data": []}])
def test_what_fits_no_shape_is_left_to_the_reader(nodes: dict[str, Any]) -> None:
    assert shaped(nodes) == nodes


def test_nothing_is_an_empty_row() -> None:
    assert shaped({}) == {"data": {}}


@pytest.mark.parametrize(
    ("nodes", "another"),
    [
        ({"data": {"fixmedinsCode": "H1"}}, False),
        ({"data": {"fixmedins_code": " H1 "}}, False),
        ({"data": {"fixmedinsCode": ""}}, False),
        ({"data": {"fixmedinsCode": None}}, False),
        ({"data": {"fixmedinsCode": "H2"}}, True),
        ({"data": {"FIXMEDINS_CODE": "H2"}}, True),
        ({"data": {}, "mdtrtinfo": {"fixmedinsCode": "H2"}}, True),
        ({"data": {"fixmedinsCode": ["H1"]}}, True),
        ({"data": {}}, False),
    ],
)
def test_a_sender_that_is_another_is_noticed(nodes: dict[str, Any], another: bool) -> None:
    assert names_another(nodes, "H1") is another


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        (b'{"data":{"a":1.50},"rows":[{"b":2}]}', b'{"a":1.50,"rows":[{"b":2}]}'),
        (b'{"data":[{"a":1}]}', b'{"data":[{"a":1}]}'),
        (b'{"data":null}', b'{"data":null}'),
        (b'{"other":{"a":1}}', b'{"other":{"a":1}}'),
        (b"{}", b"{}"),
        (None, b"{}"),
    ],
)
def test_a_sealed_answer_holds_the_row_itself(output: bytes | None, seen: bytes) -> None:
    assert msgspec.json.encode(flat(output)) == seen
