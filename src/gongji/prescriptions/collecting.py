"""Who collected drugs for the member (代购), told of one settlement: what the printed 结算单 has to say and who signs it. Pure.

Clauses: SX2022-27.art12.d, SX2022-27.art13.d.
"""

from __future__ import annotations

import msgspec

from gongji.base.sealing import Vault
from gongji.prescriptions import details as d
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_event_proxy
from gongji.prescriptions.values import Proxy

__all__ = ["Collected", "collected"]


class Collected(msgspec.Struct, frozen=True):
    """``proxy`` is who came for the member, None for the member himself; ``signed``: the proxy's signature is kept."""

    proxy: Proxy | None
    signed: bool


def collected(vault: Vault, case: Case, settlement_id: int) -> Collected:
    """Who stood at the counter when the settlement took its part of the prescription."""
    held, proxy, signed, settled = "", None, False, False
    for event in case.events:
        detail = event.detail
        if isinstance(detail, d.Accepted) and not settled:
            held = event.institution
            proxy = open_event_proxy(vault, case, event) if detail.proxy else None
            signed = False
        elif isinstance(detail, d.SettledParts) and detail.settlement_id == settlement_id:
            settled = True
            if event.institution != held:
                return Collected(None, False)
        elif isinstance(detail, d.Sold) and event.institution == held:
            signed = signed or bool(detail.signature)
    return Collected(proxy, signed and proxy is not None) if settled else Collected(None, False)
