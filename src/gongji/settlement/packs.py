"""Trace codes (药品追溯码) of what is settled: each pack is paid for once, whoever sells it (NHSA2023-4 三(四))."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.catalog.values import Catalogue
from gongji.encounters.values import FeeLine
from gongji.settlement.grounds import Ground
from gongji.stock.selectors import trace_uses
from gongji.stock.traces import forged, trace_refusal, uses_of
from gongji.stock.values import TraceUse, Wanted

__all__ = ["Packs", "read_packs"]

Packs = tuple[Wanted, ...]
SPLIT: Final = "1"
"""trdn_flag: 拆零."""
NO_PACKS: Final[Packs] = ()
UNNUMBERED: Final = 0
"""Settlement number of what is only wanted; the real one is known when it is written."""


async def read_packs(
    conn: Connection, grounds: Sequence[Ground], catalogue: Catalogue, vault: Vault
) -> list[Packs | Refusal]:
    """What each settlement wants of the packs whose codes it brings, in order; a Refusal where a code may not be settled."""
    codes = {code for ground in grounds for line in ground.lines for code, _ in ground.traces(line)}
    if not codes and not any(ground.command.traces for ground in grounds):
        return [NO_PACKS for _ in grounds]
    used: dict[str, list[TraceUse]] = {}
    for use in await trace_uses(conn, codes):
        used.setdefault(use.code, []).append(use)
    return [_packs(ground, catalogue, vault, used) for ground in grounds]


def _packs(
    ground: Ground, catalogue: Catalogue, vault: Vault, used: dict[str, list[TraceUse]]
) -> Packs | Refusal:
    strange = set(ground.command.traces) - {line.key for line in ground.lines}
    if strange:
        return Refusal("BAD_FIELD", f"drug_trac_info.feedetl_sn {min(strange)} 不在本批费用中")
    wanted: list[Wanted] = []
    taken: dict[str, list[Wanted]] = {}
    for line in ground.lines:
        pieces = ground.traces(line)
        if not pieces:
            continue
        if any(forged(vault, ground.place.code, code) for code, _ in pieces):
            return Refusal("TRACE_CODE_FORGED", f"feedetl_sn {line.key}")
        line_uses = uses_of(
            [(code, flag == SPLIT) for code, flag in pieces],
            [use for code, _ in pieces for use in (*used.get(code, ()), *taken.get(code, ()))],
            quantity_e4=line.quantity_e4,
            capacity_e4=_content_e4(catalogue, ground, line),
            item=line.item,
            institution=ground.place.code,
            psn_no=ground.command.psn_no,
            settlement_id=UNNUMBERED,
            line_key=line.key,
        )
        wanted += line_uses
        for use in line_uses:
            taken.setdefault(use.code, []).append(use)
    known = [use for code in taken for use in used.get(code, ())]
    return trace_refusal(known, wanted) or tuple(wanted)


def _content_e4(catalogue: Catalogue, ground: Ground, line: FeeLine) -> int:
    """How many units a whole pack of the line's drug holds, in ten-thousandths; 0 when the catalogue does not say."""
    item = catalogue.get(line.item, ground.service_on, ground.place.region)
    return item.pack_units * QUANTITY_UNIT if item is not None else 0
