"""Explain 结算说明: the same settlement for 参保人, 经办 and machine, each amount as formula, inputs and
article."""

from __future__ import annotations

import json

from gongji.explain.agency import agency
from gongji.explain.citing import cite
from gongji.explain.machine import machine
from gongji.explain.member import member
from gongji.explain.model import SCHEMA, Citation, Context, Decided, Input, Step
from gongji.explain.process import ACCOUNT, CHRONIC, FAMILY, POOL, process_info, reversal_info
from gongji.explain.reversal import reversal_for_agency, reversal_for_member
from gongji.explain.steps import steps
from gongji.policy import Law

READERS = ("member", "agency", "machine")

__all__ = [
    "ACCOUNT",
    "CHRONIC",
    "FAMILY",
    "POOL",
    "READERS",
    "SCHEMA",
    "Citation",
    "Context",
    "Decided",
    "Input",
    "Step",
    "agency",
    "cite",
    "explain",
    "machine",
    "member",
    "process_info",
    "reversal_for_agency",
    "reversal_for_member",
    "reversal_info",
    "steps",
]


def explain(law: Law, decided: Decided, context: Context, reader: str) -> str:
    """The explanation as text for ``reader`` (one of ``READERS``); JSON for ``machine``. Raises ValueError
    for another reader."""
    if reader == "member":
        return "\n".join(member(law, decided, context))
    if reader == "agency":
        return "\n".join(agency(law, decided, context))
    if reader == "machine":
        return json.dumps(machine(law, decided, context), ensure_ascii=False)
    raise ValueError(f"unknown reader {reader}")
