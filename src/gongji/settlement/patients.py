"""Who is treated on a ground: what holds for the person on the day, whether accounts may pay, what facts the law asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from gongji.base.sqlfiles import Connection
from gongji.members import selectors as members
from gongji.members.eligibility import facts_of
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.settlement.filling import Filled
from gongji.settlement.grounds import Ground

__all__ = ["attributes_of", "draws", "standings"]

VOUCHERS: Final = frozenset({"01", "03"})
"""mdtrt_cert_type of 医保电子凭证 and 社会保障卡; an identity card is not a voucher (SX2022-27 第二十六条)."""


async def standings(conn: Connection, grounds: Sequence[Ground]) -> list[Standing | None]:
    """What holds for each ground's person on its day, in order, seen from the day of the settlement (decision A22)."""
    by_day: defaultdict[date, set[tuple[str, date]]] = defaultdict(set)
    for ground in grounds:
        by_day[ground.received_on].add((ground.command.psn_no, ground.service_on))
    seen = {day: await members.standings(conn, sorted(keys), day) for day, keys in by_day.items()}
    return [seen[g.received_on].get((g.command.psn_no, g.service_on)) for g in grounds]


def draws(ground: Ground, standing: Standing) -> bool:
    """Whether accounts may pay: not for a claim, whose member has paid already, and not for care after the member's death."""
    died_on = standing.person.died_on
    return ground.command.claim is None and (died_on is None or ground.service_on <= died_on)


def attributes_of(law: Law, ground: Ground, standing: Standing, filled: Filled) -> dict[str, str]:
    """Facts of person and place as the law knows them; what the message or the claim states itself comes last."""
    command, claim = ground.command, ground.command.claim
    return facts_of(
        standing,
        ground.place.attributes,
        ground.place.region,
        voucher=ground.voucher_type in VOUCHERS,
        prescription=filled.state,
        extra=command.extra if claim is None else {**command.extra, **claim.attributes, "manual": "yes"},
        on=ground.service_on,
        law=law,
    )
