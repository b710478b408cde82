"""What other rooms write in a settlement's transaction: rows by the database function that takes them.

The engine knows no table of these rooms; ``settle_batch`` hands each list to the room's own function, so that a sale, the
prescription that it fills and the trace codes of its packs are settled together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

__all__ = ["NONE", "Effects", "encode"]

Rows = tuple[dict[str, Any], ...]


class Effects(msgspec.Struct, frozen=True):
    """``purchases``: visits with fee lines of pharmacy sales (``encounters_record_purchases``). ``traces``: uses of trace codes
    (``stock_use_traces``); ``freed``: settlements whose codes are free again (``stock_free_traces``). ``prescriptions``: events of
    prescriptions (``prescriptions_advance``).
    """

    purchases: Rows = ()
    traces: Rows = ()
    freed: Rows = ()
    prescriptions: Rows = ()


NONE: Final = Effects()


def encode(effects: Iterable[Effects]) -> str:
    """One JSON object for a whole batch: lists that nobody filled are left out."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for effect in effects:
        if effect is NONE:
            continue
        for name in Effects.__struct_fields__:
            if found := getattr(effect, name):
                rows.setdefault(name, []).extend(found)
    return msgspec.json.encode(rows).decode() if rows else "{}"
