"""What the other rooms know about a batch of commands, in a handful of reads for all of them together.

Institutions and the catalogue are held in memory and brought up to date when their tables say that they changed; persons,
visits, fee lines, accounts and prescriptions are read afresh for every batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.catalog import selectors as catalog
from gongji.catalog.values import Catalogue
from gongji.encounters import selectors as encounters
from gongji.members.quota import Quota, quota_of
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.providers import selectors as providers
from gongji.providers.values import ProviderBook, ProviderDay
from gongji.settlement.benefits import ORDINARY, benefit_of, dual_channel_apart
from gongji.settlement.commands import SettleCommand
from gongji.settlement.effects import NONE, Effects
from gongji.settlement.feelines import Items, line_input, too_dear
from gongji.settlement.filling import Filled, read_filled
from gongji.settlement.grounds import Ground, read_grounds
from gongji.settlement.lines import account_scope
from gongji.settlement.packs import Packs, read_packs
from gongji.settlement.patients import attributes_of, draws, standings
from gongji.settlement.purses import Purse, read_purses
from gongji.settlement.rules import LineInput, VisitInput
from gongji.settlement.situation import Situation
from gongji.settlement.uses import CHRONIC_MED_TYPES, Use, asks_diagnoses, care_of, completed_years

__all__ = ["RoomInputs"]

REFRESH_S: Final = 1.0
"""How old the institutions and the catalogue in memory may be."""


class RoomInputs:
    """The rooms as the engine sees them. ``ids`` numbers the visits of pharmacy sales, ``vault`` opens the institutions' secrets;
    ``monotonic`` is a clock in seconds.
    """

    def __init__(
        self,
        book: ProviderBook,
        catalogue: Catalogue,
        ids: IdSource,
        vault: Vault,
        *,
        allow_draft: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.book = book
        self.catalogue = catalogue
        self._ids = ids
        self._vault = vault
        self._allow_draft = allow_draft
        self._monotonic = monotonic
        self._fresh_until = monotonic() + REFRESH_S
        self._days: dict[tuple[str, date], ProviderDay] = {}
        """Institutions on the days that were asked for since the last refresh."""

    @classmethod
    async def load(cls, conn: Connection, ids: IdSource, vault: Vault, **options: Any) -> RoomInputs:
        """Institutions and catalogue as they are recorded now."""
        return cls(await providers.load(conn, vault), await catalog.load(conn), ids, vault, **options)

    async def refresh(self, conn: Connection) -> None:
        """Bring institutions and catalogue up to date, at most once in ``REFRESH_S``."""
        if self._monotonic() < self._fresh_until:
            return
        await providers.refresh(conn, self.book, self._vault)
        await catalog.refresh(conn, self.catalogue)
        self._fresh_until = self._monotonic() + REFRESH_S
        self._days.clear()

    def new_id(self) -> int:
        """A number for a visit that is only estimated."""
        return self._ids.next()

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
        return await self.of_grounds(
            conn, law, await read_grounds(conn, commands, self._place, self._ids.next)
        )

    async def of_grounds(
        self, conn: Connection, law: Law, grounds: Sequence[Ground | Refusal]
    ) -> list[Situation | Refusal]:
        """What is known about who is treated on each of the grounds, in order; refusals stay what they are."""
        known = [ground for ground in grounds if isinstance(ground, Ground)]
        persons = iter(await standings(conn, known))
        purses = iter(await read_purses(conn, known))
        fillings = iter(await read_filled(conn, known, self.book, law))
        packs = iter(await read_packs(conn, known, self.catalogue, self._vault))
        results: list[Situation | Refusal] = []
        for ground in grounds:
            if isinstance(ground, Refusal):
                results.append(ground)
                continue
            standing, purse, filled, wanted = next(persons), next(purses), next(fillings), next(packs)
            if ground.service_on > ground.received_on:
                results.append(Refusal("SERVICE_IN_FUTURE", str(ground.service_on)))
            elif standing is None:
                results.append(Refusal("UNKNOWN_MEMBER", ground.command.psn_no))
            elif not standing.region:
                results.append(Refusal("NOT_INSURED", str(ground.service_on)))
            elif filled.refusal is not None:
                results.append(filled.refusal)
            elif isinstance(wanted, Refusal):
                results.append(wanted)
            else:
                items = self._items(ground)
                use = await self._use(conn, ground, items, standing, filled)
                results.append(self._situation(law, ground, items, standing, filled, purse, wanted, use))
        return results

    def _items(self, ground: Ground) -> Items:
        """The catalogue's item of each line, in order: on the day of service, in the place's area (就医地目录, decision A21)."""
        on, place, supposed = ground.service_on, ground.place, ground.supposed
        known = supposed.items if supposed is not None else {}
        return [
            known.get(line.key) or self.catalogue.get(line.item, on, place.region, place.fee_class)
            for line in ground.lines
        ]

    def _situation(
        self,
        law: Law,
        ground: Ground,
        items: Items,
        standing: Standing,
        filled: Filled,
        purse: Purse,
        packs: Packs,
        use: Use,
    ) -> Situation | Refusal:
        dear = too_dear(ground.lines, items)
        if dear is not None:
            return dear
        command, place = ground.command, ground.place
        attributes = attributes_of(law, ground, standing, filled)
        terms = self._terms(law, ground, items, standing, attributes)
        if isinstance(terms, Refusal):
            return terms
        benefit, quota = terms
        if (
            quota is not None and quota.ratio_bp is None
        ):  # else the law's ratio, which may be by disease, is not asked for
            attributes["disease"] = quota.disease
        group_id, group_year = filled.group(law, standing.region, ground)
        visit = VisitInput(
            region=standing.region,
            service_on=ground.service_on,
            benefit=benefit,
            attributes=attributes,
            lines=self._lines(law, ground, items, standing, filled, use, chronic=quota is not None),
            own_allowed=command.own_allowed and draws(ground, standing),
            family_allowed=command.family_allowed and draws(ground, standing),
            allow_draft=self._allow_draft or ground.supposed is not None,
            chronic_bp=quota.ratio_bp if quota is not None else None,
        )
        return Situation(
            visit=visit,
            visit_id=ground.visit_id,
            group_id=group_id,
            group_year=group_year,
            batch_no=ground.batch_no,
            med_type=ground.med_type,
            provider=place.code if command.claim is not None else command.caller,
            place_kind=place.kind,
            own=purse.own,
            family=purse.family,
            quota=quota,
            claim=command.claim is not None,
            invoice_no=command.invoice_no,
            total_fen=sum(line.amount_fen for line in ground.lines),
            person=standing,
            place=place,
            retrievals=filled.retrievals,
            packs=packs,
            effects=Effects(purchases=(ground.sale(group_id),)) if command.purchase is not None else NONE,
        )

    def _terms(
        self, law: Law, ground: Ground, items: Items, standing: Standing, attributes: Mapping[str, str]
    ) -> tuple[str, Quota | None] | Refusal:
        """The benefit of the batch, and the quotas of the chronic disease that it is for (decisions A17, A27, A38)."""
        region, on, place = standing.region, ground.service_on, ground.place
        entitlement = standing.chronic.get(ground.disease_code)
        apart = dual_channel_apart(law, region, on)
        benefit = benefit_of(
            law,
            region,
            on,
            entitlement=entitlement,
            dual_channel=[item is not None and item.dual_channel for item in items] if apart else [],
            at_pharmacy=place.kind == "pharmacy",
        )
        if isinstance(benefit, Refusal):
            return benefit
        if benefit != ORDINARY or ground.med_type not in CHRONIC_MED_TYPES:
            return benefit, None
        if entitlement is None:
            return Refusal("NOT_QUALIFIED_CHRONIC", ground.disease_code)
        quota = quota_of(law, region, on, entitlement, attributes)
        return quota if isinstance(quota, Refusal) else (benefit, quota)

    def _lines(
        self,
        law: Law,
        ground: Ground,
        items: Items,
        standing: Standing,
        filled: Filled,
        use: Use,
        *,
        chronic: bool,
    ) -> tuple[LineInput, ...]:
        """The lines as the calculation sees them: the place's catalogue, the insured region's law (decision A21)."""
        scope = account_scope(law, standing.region, ground.service_on)
        own_treats = law.item_treats(standing.region)
        return tuple(
            line_input(
                item,
                filled.as_prescribed(line),
                at_pharmacy=ground.place.kind == "pharmacy",
                prescribed=filled.items,
                chronic=chronic,
                scope=scope,
                own_treats=own_treats,
                use=use,
            )
            for line, item in zip(ground.lines, items, strict=True)
        )

    async def _use(
        self, conn: Connection, ground: Ground, items: Items, standing: Standing, filled: Filled
    ) -> Use:
        """What the limits of the items are held against; the diagnoses are read only where an item asks for them. At a pharmacy
        the prescriber's level and diagnoses count, on the day of issue."""
        place, visit_id = ground.place, ground.visit_id
        if filled.issued_on is not None:
            place = self._place(filled.issued_by, filled.issued_on) or place
            visit_id = filled.issued_visit
        codes: tuple[str, ...] = ()
        if asks_diagnoses(items):
            found = await encounters.diagnoses(conn, ground.command.psn_no, visit_id)
            codes = tuple(diagnosis.code for diagnosis in found if diagnosis.valid)
        person = standing.person
        return Use(
            level=place.level,
            sex=person.gender,
            age=completed_years(person.born_on, ground.service_on),
            care=care_of(ground.med_type),
            diagnoses=codes,
        )
