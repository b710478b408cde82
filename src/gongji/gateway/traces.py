"""Trace codes (药品追溯码) of a sale or settlement: from a node beside the lines, or from within them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gongji.base.reasons import Refusal
from gongji.gateway.messages.t21 import TraceRow
from gongji.gateway.nodes import Node, many, read

__all__ = ["Traces", "trace_codes"]

TRACE_NODES: Final = ("durg_trac_info", "drug_trac_info", "drugtracinfo")
"""The specification's spelling, its changelog's, and the later trades'."""
MAX_CODES: Final = 10_000
"""Codes of one message: ten a line of the longest."""

Traces = dict[str, tuple[tuple[str, str], ...]]
"""Codes of each line (feedetl_sn), each with its 拆零标志."""


def trace_codes(nodes: Node, within: Iterable[tuple[dict[str, Any], Any]] = ()) -> Traces | Refusal:
    """The codes by line. ``within``: what encloses codes, as (fields that each of them inherits, the enclosed node)."""
    beside = many(nodes, *TRACE_NODES)
    if isinstance(beside, Refusal):
        return beside
    found: list[Node] = list(beside)
    for inherited, enclosed in within:
        rows = enclosed if isinstance(enclosed, list) else [enclosed]
        told = [row for row in rows if row not in (None, "", "null")]
        if not all(isinstance(row, dict) for row in told):
            return Refusal("BAD_FIELD", "drug_trac_info 的每一行须为 JSON 对象")
        found += [{**inherited, **row} for row in told]
    if len(found) > MAX_CODES:
        return Refusal("TOO_MANY_LINES", f"drug_trac_info 最多 {MAX_CODES:,} 个追溯码")
    traces: dict[str, list[tuple[str, str]]] = {}
    for number, node in enumerate(found, start=1):
        trace = read(TraceRow, node, f"drug_trac_info[{number}]")
        if isinstance(trace, Refusal):
            return trace
        traces.setdefault(trace.feedetl_sn, []).append((trace.drug_trac_codg, trace.trdn_flag))
    return {key: tuple(codes) for key, codes in traces.items()}
