"""Whether what settlements read of institutions is what their agreements say, for ``gongji verify``.

Compared by meaning, day by day: rows of another system may overlap, ours do not. Also: every step is one that the table has, and
steps are numbered without a gap. An institution whose rows nobody adopted is a difference (``services.adopt``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.providers import files
from gongji.providers.dossier import Dossier
from gongji.providers.spells import canonical, derived
from gongji.providers.states import BACK, TABLE
from gongji.providers.values import ProviderState

__all__ = ["Difference", "differences"]

LISTED: Final = 1_000
_STEPS: Final = {(row.state, row.action, row.next) for row in TABLE}


class Difference(msgspec.Struct, frozen=True):
    """``field``: providers_state (what settlements read), providers_step (a step that cannot be)."""

    code: str
    field: str
    stored: str
    recomputed: str


async def differences(conn: Connection) -> tuple[Difference, ...]:
    """What does not follow; nothing may."""
    stored = await files.all_states(conn)
    by_code: dict[str, list[Dossier]] = {}
    for dossier in await files.dossiers(conn):
        by_code.setdefault(dossier.code, []).append(dossier)
    found: list[Difference] = []
    known: dict[str, tuple[ProviderState, ...]] = {}
    for code in sorted({*stored, *by_code}):
        rows = canonical(_derived(code, by_code, known))
        kept = canonical(stored.get(code, ()))
        if rows != kept:
            found.append(Difference(code, "providers_state", _text(kept), _text(rows)))
        found += [one for dossier in by_code.get(code, ()) for one in _steps(dossier)]
    return tuple(found[:LISTED])


def _derived(
    code: str, by_code: dict[str, list[Dossier]], known: dict[str, tuple[ProviderState, ...]]
) -> tuple[ProviderState, ...]:
    if code not in known:
        own = by_code.get(code, [])
        known[code] = ()
        hosts = {one.host for one in own if one.host}
        known[code] = derived(own, {host: _derived(host, by_code, known) for host in hosts})
    return known[code]


def _steps(dossier: Dossier) -> list[Difference]:
    state, earlier = "", ""
    for number, step in enumerate(dossier.steps, start=1):
        fits = {(state, step.action, step.state)} | (
            {(state, step.action, BACK)} if step.state == earlier else set()
        )
        if step.step_no != number or not fits & _STEPS:
            text = f"{dossier.dossier_id} 第 {step.step_no} 步 {step.action}"
            return [Difference(dossier.code, "providers_step", text, state or "—")]
        state, earlier = step.state, state
    return []


def _text(rows: Sequence[ProviderState]) -> str:
    return "；".join(
        f"{row.from_on} 至 {row.until_on or '—'} "
        + ("定点" if row.designated else "中止" if row.suspended else "终止" if row.ended else "非定点")
        + ("、门诊统筹" if row.pooled_agreement else "")
        + f" 类别 {row.fee_class or '—'} 级别 {row.level or '—'}"
        for row in rows
    )
