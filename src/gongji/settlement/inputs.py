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

import msgspec

from gongji.accounts import selectors as accounts
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.catalog import selectors as catalog
from gongji.catalog.values import Catalogue
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeBatch, FeeLine, Visit
from gongji.kernel import layout
from gongji.members import rules as member_rules
from gongji.members import selectors as members
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.prescriptions import rules as prescription_rules
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.values import Prescription
from gongji.providers import selectors as providers
from gongji.providers.values import ProviderBook, ProviderDay
from gongji.settlement.commands import SettleCommand
from gongji.settlement.feelines import line_input
from gongji.settlement.rules import VisitInput
from gongji.settlement.situation import Balance, Situation

__all__ = ["RoomInputs"]

REFRESH_S: Final = 1.0
"""How old the institutions and the catalogue in memory may be."""
VOUCHERS: Final = frozenset({"01", "03"})
"""mdtrt_cert_type of 医保电子凭证 and 社会保障卡; an identity card is not a voucher (SX2022-27 第二十六条)."""
CHRONIC_MED_TYPES: Final = frozenset({"14", "140104", "140201"})
"""med_type of 门诊慢特病."""
PURCHASE_BATCH: Final = "1"


class _Ground(msgspec.Struct, frozen=True):
    """What a command settles, before anything about the person is known."""

    command: SettleCommand
    visit_id: int
    group_id: int
    batch_no: str
    med_type: str
    voucher_type: str
    disease_code: str
    service_on: date
    place: ProviderDay
    lines: tuple[FeeLine, ...]
    rx_no: str


class _Filled(msgspec.Struct, frozen=True):
    """The prescription that a pharmacy fills: its state on the day, its items, its group, why it cannot be filled here."""

    state: str
    items: frozenset[str] | None = None
    group_id: int = 0
    group_year: int = 0
    refusal: Refusal | None = None


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

    async def situations(
        self, conn: Connection, law: Law, commands: Sequence[SettleCommand]
    ) -> list[Situation | Refusal]:
        """What is known about each command, in order; a Refusal where it cannot be settled at all."""
        await self.refresh(conn)
        grounds = await self._grounds(conn, commands)
        known = [ground for ground in grounds if isinstance(ground, _Ground)]
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
            standing = standings.get((ground.command.psn_no, ground.service_on))
            if standing is None:
                results.append(Refusal("UNKNOWN_MEMBER", ground.command.psn_no))
                continue
            if not standing.region:
                results.append(Refusal("NOT_INSURED", str(ground.service_on)))
                continue
            filled = await self._filled(conn, ground)
            family = owners.get(ground.command.psn_no, ())
            results.append(self._situation(ground, standing, filled, family, balances))
        return results

    async def _grounds(self, conn: Connection, commands: Sequence[SettleCommand]) -> list[_Ground | Refusal]:
        uploaded = [command for command in commands if command.purchase is None]
        visits: Mapping[tuple[str, int], Visit] = {}
        batches: Mapping[tuple[str, int, str], FeeBatch] = {}
        if uploaded:
            visits = await encounters.visits(conn, [(c.psn_no, c.visit_id) for c in uploaded])
            batches = await encounters.fee_batches(
                conn, [(c.psn_no, c.visit_id, c.batch_no) for c in uploaded]
            )
        return [
            self._purchase(command)
            if command.purchase is not None
            else self._uploaded(
                command,
                visits.get((command.psn_no, command.visit_id)),
                batches.get((command.psn_no, command.visit_id, command.batch_no)),
            )
            for command in commands
        ]

    def _uploaded(
        self, command: SettleCommand, visit: Visit | None, batch: FeeBatch | None
    ) -> _Ground | Refusal:
        if visit is None:
            return Refusal("UNKNOWN_VISIT", str(command.visit_id))
        if visit.caller != command.caller:
            return Refusal("VISIT_OF_ANOTHER_INSTITUTION", str(command.visit_id))
        if visit.state != "open":
            return Refusal("VISIT_CLOSED", str(command.visit_id))
        if batch is None:
            return Refusal("FEE_BATCH_UNKNOWN", command.batch_no)
        provider = self.book.get(command.caller)
        if provider is None:
            return Refusal("UNKNOWN_INSTITUTION", command.caller)
        return _Ground(
            command=command,
            visit_id=visit.visit_id,
            group_id=visit.group_id,
            batch_no=command.batch_no,
            med_type=command.med_type or visit.med_type,
            voucher_type=visit.voucher_type,
            disease_code=visit.disease_code,
            service_on=visit.service_on,
            place=provider.on(visit.service_on),
            lines=batch.lines,
            rx_no=next((line.rx_no for line in batch.lines if line.rx_no), ""),
        )

    def _purchase(self, command: SettleCommand) -> _Ground | Refusal:
        purchase = command.purchase
        assert purchase is not None
        registration = purchase.registration
        provider = self.book.get(command.caller)
        if provider is None:
            return Refusal("UNKNOWN_INSTITUTION", command.caller)
        visit_id = self._ids.next()
        return _Ground(
            command=command,
            visit_id=visit_id,
            group_id=visit_id,
            batch_no=PURCHASE_BATCH,
            med_type=command.med_type or registration.med_type,
            voucher_type=registration.voucher_type,
            disease_code=purchase.disease_code,
            service_on=registration.service_on,
            place=provider.on(registration.service_on),
            lines=purchase.lines,
            rx_no=purchase.rx_no or next((line.rx_no for line in purchase.lines if line.rx_no), ""),
        )

    async def _owners(self, conn: Connection, grounds: Iterable[_Ground]) -> dict[str, tuple[str, ...]]:
        by_day: defaultdict[date, list[str]] = defaultdict(list)
        for ground in grounds:
            if ground.command.family_allowed:
                by_day[ground.service_on].append(ground.command.psn_no)
        owners: dict[str, tuple[str, ...]] = {}
        for on, psn_nos in by_day.items():
            owners |= await members.family_owners(conn, psn_nos, on)
        return owners

    async def _filled(self, conn: Connection, ground: _Ground) -> _Filled:
        """The prescription behind a pharmacy's lines (decisions A10, A12, A16); elsewhere none is needed."""
        if ground.place.kind != "pharmacy":
            return _Filled("not_needed")
        if not ground.rx_no:
            return _Filled("none")
        psn_no = ground.command.psn_no
        found = await prescriptions.find(conn, psn_no, ground.rx_no)
        if found is None:
            return _Filled("none")
        items = frozenset(item.item for item in found.items)
        charged = await encounters.dispensed(conn, psn_no, ground.rx_no)
        refusal = prescription_rules.same_drug_elsewhere(
            [line.item for line in ground.lines if line.item in items],
            [(entry.item, entry.caller) for entry in charged if entry.settled],
            ground.command.caller,
        )
        return _Filled(
            prescription_rules.validity(found, ground.service_on),
            items,
            found.group_id,
            await self._group_year(conn, found),
            refusal,
        )

    async def _group_year(self, conn: Connection, found: Prescription) -> int:
        """The year of the visit with which the group began."""
        key = (found.psn_no, found.group_id)
        visit = (await encounters.visits(conn, [key])).get(key)
        issued_on = found.issued_at.astimezone(prescription_rules.CHINA).date()
        return visit.service_on.year if visit is not None else issued_on.year

    def _situation(
        self,
        ground: _Ground,
        standing: Standing,
        filled: _Filled,
        family: tuple[str, ...],
        balances: Mapping[str, tuple[int, int]],
    ) -> Situation | Refusal:
        if filled.refusal is not None:
            return filled.refusal
        command, place = ground.command, ground.place
        entitlement = (
            standing.chronic.get(ground.disease_code) if ground.med_type in CHRONIC_MED_TYPES else None
        )
        at_pharmacy = place.kind == "pharmacy"
        lines = tuple(
            line_input(
                self.catalogue,
                line,
                ground.service_on,
                place.region,
                at_pharmacy=at_pharmacy,
                prescribed=filled.items,
                chronic=entitlement is not None,
            )
            for line in ground.lines
        )
        group_id = filled.group_id or ground.group_id
        visit = VisitInput(
            region=standing.region,
            service_on=ground.service_on,
            benefit=command.benefit,
            attributes=_attributes(ground, standing, filled),
            lines=lines,
            own_allowed=command.own_allowed,
            family_allowed=command.family_allowed,
            allow_draft=self._allow_draft,
        )
        quota = entitlement.quota_fen if entitlement is not None else None
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
            quota_key=ground.disease_code if quota is not None else "",
            quota_fen=quota if quota is not None else layout.NONE,
            total_fen=sum(line.amount_fen for line in ground.lines),
            person=standing,
            place=place,
            effects=(self._sale(ground, group_id),) if command.purchase is not None else (),
        )

    def _sale(self, ground: _Ground, group_id: int) -> dict[str, Any]:
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


def _balance(psn_no: str, balances: Mapping[str, tuple[int, int]]) -> Balance:
    fen, version = balances.get(psn_no, (0, None))
    return Balance(psn_no, fen, version)


def _attributes(ground: _Ground, standing: Standing, filled: _Filled) -> dict[str, str]:
    """Facts of person and place as the law knows them; what the message states itself comes last."""
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
    return facts


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
