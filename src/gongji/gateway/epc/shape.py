"""One shape of a prescription message for its handler: the main row in ``data``, other nodes beside it, whatever the envelope.

Clients of the national envelope put nodes beside ``data``, inside it, or wrap everything into one node of their own
(``rx_chk_up_info``); the sealed message has no ``data`` at all, it is the data. How fields are spelt is for the reader
(``gateway.folding``).
"""

from typing import Any

import msgspec

from gongji.gateway.fields import is_empty
from gongji.gateway.nodes import Node, find

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

SENDER = "fixmedinscode"
"""In every message of the centre the institution that sends it."""


def shaped(nodes: Node) -> Node:
    """``nodes`` in the one shape; what fits none of the known ones is left for the reader to refuse."""
    data = find(nodes, "data")
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if isinstance(data, dict):
        beside = {name: part for name, part in nodes.items() if name.lower() != "data"}
        return {**_nodes_in(data), **beside, "data": data}
    if data is not None:
        return nodes
    if len(nodes) == 1:
        (wrapped,) = nodes.values()
        if isinstance(wrapped, dict):
            nodes = wrapped
    return {**_nodes_in(nodes), "data": nodes}


def flat(output: bytes | None) -> dict[str, msgspec.Raw]:
    """An output as the sealed answer holds it: what stood in ``data`` at the top, other nodes beside it, digits as written."""
    nodes = _decode(output) if output else {}
    data = nodes.get("data")
    if data is None or not bytes(data).lstrip().startswith(b"{"):
        return nodes
    return {**_decode(data), **{name: part for name, part in nodes.items() if name != "data"}}


def names_another(nodes: Node, caller: str) -> bool:
    """Whether a shaped message says in any of its rows that another institution sends it."""
    rows = [part for part in nodes.values() if isinstance(part, dict)]
    named = [value for row in rows for name, value in row.items() if name.replace("_", "").lower() == SENDER]
    return any(not is_empty(code) and str(code).strip() != caller for code in named)


def _nodes_in(row: Node) -> Node:
    return {name: part for name, part in row.items() if _is_node(part)}


def _is_node(part: Any) -> bool:
    return isinstance(part, dict) or (
        isinstance(part, list) and bool(part) and all(isinstance(row, dict) for row in part)
    )
