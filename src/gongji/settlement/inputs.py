"""What the other rooms know about a batch of commands, in a handful of reads for all of them together.

Institutions and the catalogue are held in memory and brought up to date when their tables say that they changed; persons,
visits, fee lines, accounts and prescriptions are read afresh for every batch.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from gongji.accounts import selectors as accounts
from gongji.base.ids import IdSource
from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.catalog import selectors as catalog
from gongji.catalog.values import Catalogue
from gongji.kernel import layout
from gongji.members import rules as member_rules
from gongji.members import selectors as members
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.providers import selectors as providers
from gongji.providers.values import ProviderBook, ProviderDay
from gongji.settlement.commands import SettleCommand
from gongji.settlement.facts import CHINA
from gongji.settlement.feelines import line_input
from gongji.settlement.filling import Filled, read_filled
from gongji.settlement.grounds import Ground, read_grounds
from gongji.settlement.lines import account_scope
from gongji.settlement.rules import VisitInput
from gongji.settlement.situation import Balance, Situation

__all__ = ["RoomInputs"]

REFRESH_S: Final = 1.0
"""How old the institutions and the catalogue in memory may be."""
VOUCHERS: Final = frozenset({"01", "03"})
"""mdtrt_cert_type of 医保电子凭证 and 社会保障卡; an identity card is not a voucher (SX2022-27 第二十六条)."""
CHRONIC_MED_TYPES: Final = frozenset({"14", "140104", "140201"})
"""med_type of 门诊慢特病."""


class RoomInputs:
    """The rooms as the engine sees them. ``ids`` numbers the visits of pharmacy sales; ``monotonic`` is a clock in seconds."""

    def __init__(
        self,
        book: ProviderBook,
        catalogue: Catalogue,
        ids: IdSource,
        *,
        allow_draft: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.book = book
        self.catalogue = catalogue
        self._ids = ids
        self._allow_draft = allow_draft
        self._monotonic = monotonic
        self._fresh_until = monotonic() + REFRESH_S
        self._days: dict[tuple[str, date], ProviderDay] = {}
        """Institutions on the days that were asked for since the last refresh."""

    @classmethod
    async def load(cls, conn: Connection, ids: IdSource, **options: Any) -> RoomInputs:
        """Institutions and catalogue as they are recorded now."""
        return cls(await providers.load(conn), await catalog.load(conn), ids, **options)

    async def refresh(self, conn: Connection) -> None:
        """Bring institutions and catalogue up to date, at most once in ``REFRESH_S``."""
        if self._monotonic() < self._fresh_until:
            return
        await providers.refresh(conn, self.book)
        await catalog.refresh(conn, self.catalogue)
        self._fresh_until = self._monotonic() + REFRESH_S
        self._days.clear()

    def _place(self, code: str, on: date) -> ProviderDay | None:
        """The institution on the day; None when there is none of this code."""
        day = self._days.get((code, on))
        if day is None and (provider := self.book.get(code)) is not None:
            day = self._days[code, on] = provider.on(on)
        return day

    async def situations(
        self, conn: Connection, law: Law, commands: Sequence[SettleCommand]
    ) -> list[Situation | Refusal]:
        """What is known about each command, in order; a Refusal where it cannot be settled at all."""
        await self.refresh(conn)
        grounds = await read_grounds(conn, commands, self._place, self._ids.next)
        known = [ground for ground in grounds if isinstance(ground, Ground)]
        standings = (
            await members.standings(conn, [(g.command.psn_no, g.service_on) for g in known]) if known else {}
        )
        owners = await self._owners(conn, known)
        wanted = {g.command.psn_no for g in known}.union(*owners.values())
        balances = await accounts.balances(conn, list(wanted)) if wanted else {}
        results: list[Situation | Refusal] = []
        for ground in grounds:
            if isinstance(ground, Refusal):
                results.append(ground)
                continue
            if ground.service_on > ground.command.received_at.astimezone(CHINA).date():
                results.append(Refusal("SERVICE_IN_FUTURE", str(ground.service_on)))
                continue
            standing = standings.get((ground.command.psn_no, ground.service_on))
            if standing is None:
                results.append(Refusal("UNKNOWN_MEMBER", ground.command.psn_no))
                continue
            if not standing.region:
                results.append(Refusal("NOT_INSURED", str(ground.service_on)))
                continue
            filled = await read_filled(conn, ground, self.book)
            family = owners.get(ground.command.psn_no, ())
            results.append(self._situation(law, ground, standing, filled, family, balances))
        return results

    async def _owners(self, conn: Connection, grounds: Iterable[Ground]) -> dict[str, tuple[str, ...]]:
        by_day: defaultdict[date, list[str]] = defaultdict(list)
        for ground in grounds:
            if ground.command.family_allowed:
                by_day[ground.service_on].append(ground.command.psn_no)
        owners: dict[str, tuple[str, ...]] = {}
        for on, psn_nos in by_day.items():
            owners |= await members.family_owners(conn, psn_nos, on)
        return owners

    def _situation(
        self,
        law: Law,
        ground: Ground,
        standing: Standing,
        filled: Filled,
        family: tuple[str, ...],
        balances: Mapping[str, tuple[int, int]],
    ) -> Situation | Refusal:
        if filled.refusal is not None:
            return filled.refusal
        command, place = ground.command, ground.place
        attributes = _attributes(law, ground, standing, filled)
        quota_fen = _quota_fen(law, ground, standing, attributes)
        if isinstance(quota_fen, Refusal):
            return quota_fen
        at_pharmacy = place.kind == "pharmacy"
        scope = account_scope(law, standing.region, ground.service_on)
        own_treats = law.item_treats(standing.region)
        lines = tuple(
            line_input(
                self.catalogue,
                line,
                ground.service_on,
                place.region,
                at_pharmacy=at_pharmacy,
                prescribed=filled.items,
                chronic=quota_fen != layout.NONE,
                scope=scope,
                own_treats=own_treats,
            )
            for line in ground.lines
        )
        group_id = filled.group_id or ground.group_id
        visit = VisitInput(
            region=standing.region,
            service_on=ground.service_on,
            benefit=command.benefit,
            attributes=attributes,
            lines=lines,
            own_allowed=command.own_allowed,
            family_allowed=command.family_allowed,
            allow_draft=self._allow_draft,
        )
        return Situation(
            visit=visit,
            visit_id=ground.visit_id,
            group_id=group_id,
            group_year=filled.group_year or ground.service_on.year,
            batch_no=ground.batch_no,
            med_type=ground.med_type,
            provider=command.caller,
            place_kind=place.kind,
            own=_balance(command.psn_no, balances),
            family=tuple(_balance(owner, balances) for owner in family if owner != command.psn_no),
            quota_key=ground.disease_code if quota_fen != layout.NONE else "",
            quota_fen=quota_fen,
            total_fen=sum(line.amount_fen for line in ground.lines),
            person=standing,
            place=place,
            effects=(self._sale(ground, group_id),) if command.purchase is not None else (),
        )

    def _sale(self, ground: Ground, group_id: int) -> dict[str, Any]:
        """The visit and fee lines of a pharmacy sale as ``encounters_record_purchases`` takes them."""
        command = ground.command
        assert command.purchase is not None
        registration = command.purchase.registration
        return {
            "psn_no": command.psn_no,
            "visit_id": ground.visit_id,
            "caller": command.caller,
            "ipt_otp_no": registration.ipt_otp_no,
            "insutype": registration.insutype,
            "voucher_type": registration.voucher_type,
            "med_type": ground.med_type,
            "begun_at": registration.begun_at,
            "service_on": ground.service_on,
            "group_id": group_id,
            "disease_code": ground.disease_code,
            "registered_at": command.received_at,
            "batch_no": ground.batch_no,
            "part_id": ground.visit_id,
            "lines": ground.lines,
            "line_keys": [line.key for line in ground.lines],
            "total_fen": sum(line.amount_fen for line in ground.lines),
        }


def _quota_fen(law: Law, ground: Ground, standing: Standing, attributes: Mapping[str, str]) -> int | Refusal:
    """The year's quota of the chronic disease that the visit is for, NONE when it is an ordinary visit (A17, A38).

    The person's own quota comes before the area's; a disease without the member's entitlement, or without any quota that is
    stated, is refused. A quota that is stated not to exist limits nothing.
    """
    if ground.med_type not in CHRONIC_MED_TYPES:
        return layout.NONE
    entitlement = standing.chronic.get(ground.disease_code)
    if entitlement is None:
        return Refusal("NOT_QUALIFIED_CHRONIC", ground.disease_code)
    if entitlement.quota_fen is not None:
        return entitlement.quota_fen
    facts = {**attributes, "disease": ground.disease_code}
    value = law.value("chronic.quota.per_year", standing.region, ground.service_on, facts)
    if isinstance(value, Refusal):
        return value
    return MAX_FEN if value.raw == layout.NONE else int(value.raw)  # type: ignore[arg-type]


def _balance(psn_no: str, balances: Mapping[str, tuple[int, int]]) -> Balance:
    fen, version = balances.get(psn_no, (0, None))
    return Balance(psn_no, fen, version)


def _attributes(law: Law, ground: Ground, standing: Standing, filled: Filled) -> dict[str, str]:
    """Facts of person and place as the law knows them; what the message states itself comes last.

    The age (周岁 on the day of service) is a fact of the visit only where the region's law asks for it.
    """
    facts = {
        **ground.place.attributes,
        "insured": _word(standing.insured),
        "has_account": _word(standing.has_account),
        "arrears": _word(standing.arrears),
        "waiting": _word(standing.waiting),
        "voucher": _word(ground.voucher_type in VOUCHERS),
        "prescription": filled.state,
        "offsite": member_rules.offsite(standing, ground.place.region),
        "excluded": "none",
        "emergency": "no",
        "manual": "no",
        **ground.command.extra,
    }
    if standing.status is not None:
        facts["status"] = standing.status
    if "age" in law.numbers(standing.region):
        facts.setdefault("age", str(member_rules.age_on(standing.person.born_on, ground.service_on)))
    return facts


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
