"""The prescription story's places and people, and what their software does: the hands that its chapters share.

The hospital and the pharmacies speak to the prescription centre in its own envelope with real SM2 signatures, and to the national
interface for visits, fees, stock and settlement; each has its own keys.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from gongji.accounts.services import open_balance
from gongji.base.actors import Actor
from gongji.demo_data import World
from gongji.gateway.centre import office_at
from gongji.members import entitlements, services
from gongji.prescriptions.office import RxOffice
from gongji.project.story.cast import Good, Member
from gongji.project.story.client import CallFailed
from gongji.project.story.household import Role, register
from gongji.project.story.messages import fee_row, paid, registration, settlement, sign_in, visit_info
from gongji.project.story.paper import paper
from gongji.project.story.sheets import (
    Dose,
    Pack,
    Person,
    Sheet,
    encoded,
    sheet_data,
    signed_fields,
)
from gongji.project.story.shops import Shop, shop_of
from gongji.project.story.telling import CLERK, REVIEWER, Telling, stated
from gongji.providers import staff
from gongji.providers.selectors import refresh
from gongji.providers.writing import Act as ProviderAct
from gongji.stock.selectors import on_hand

__all__ = ["Prescribing"]

SHELF_LIFE: Final = (date(2025, 1, 5), date(2027, 12, 31))
"""When the packs of the story were made, and how long they are good."""


@dataclass(kw_only=True)
class Prescribing(Telling):
    """The story's places by name, their people and goods, and what the hospital does."""

    world: World
    shops: dict[str, Shop] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    settled: dict[str, Any] = field(default_factory=dict)
    deductible: Decimal = Decimal(0)
    winner: str = ""
    other: str = ""
    shelf: Pack | None = None

    # people

    async def insure(self, key: str, role: Role, category: str) -> Member:
        """参保登记: relation, e-voucher and an account."""
        stage = self.stage
        member = self.people[key] = await register(stage, self.act(CLERK, "参保登记"), role)
        stated(
            await services.begin_relation(
                stage.conn, self.act(CLERK, "参保登记"), stage.law, member.psn_no,
                from_on=date(2015, 7, 1), category=category, region=role.region, employer="演示机械厂",
            )
        )  # fmt: skip
        stated(
            await entitlements.issue_credential(
                stage.conn, self.act(CLERK, "激活"), member.psn_no, "voucher", member.token, date(2024, 1, 1)
            )
        )
        await open_balance(
            stage.conn, member.psn_no, 100_000, "opening", stage.clock.now(), entry_id=stage.ids.next()
        )
        return member

    async def suspend(self, shop: Shop, doctor: Person) -> None:
        """Two officers suspend a doctor's right for today."""
        stage, today = self.stage, self.stage.clock.now().date()
        code = shop.place.code
        act = ProviderAct(CLERK, stage.clock.now(), "演示")
        proposed = stated(
            await staff.propose_suspension(stage.conn, act, code, doctor.code, today, today, "演示：超量开药")
        )
        second = ProviderAct(REVIEWER, stage.clock.now(), "演示")
        stated(await staff.second(stage.conn, second, code, proposed.changes[0].spell_no, confirmed=True))
        await refresh(stage.conn, stage.platform.providers, stage.vault)

    def shop(self, name: str) -> Shop:
        """The shop of that name; it calls when it is first needed."""
        if name not in self.shops:
            self.shops[name] = shop_of(self.stage, self.world, name)
        return self.shops[name]

    # calls

    async def national(self, shop: Shop, infno: str, nodes: dict[str, Any], insured_region: str = "") -> Any:
        """One trade of the national interface; the shop signs in when it first calls."""
        if not shop.desk.sign_no:
            shop.desk.sign_no = await asyncio.to_thread(sign_in, shop.desk)
        return await asyncio.to_thread(shop.desk.call, infno, nodes, insured_region=insured_region)

    async def centre(self, shop: Shop, function: str, data: dict[str, Any]) -> Any:
        """One function of the prescription centre."""
        return await asyncio.to_thread(shop.centre.call, function, data)

    async def refusal(self, shop: Shop, function: str, data: dict[str, Any]) -> str:
        """What the centre says no with; empty when it did not."""
        try:
            await self.centre(shop, function, data)
        except CallFailed as failed:
            return failed.message
        return ""

    async def national_refusal(self, shop: Shop, infno: str, nodes: dict[str, Any]) -> str:
        """What the platform says no with; empty when it did not."""
        try:
            await self.national(shop, infno, nodes)
        except CallFailed as failed:
            return failed.message
        return ""

    # goods

    def packs(self, good: Good, batch: str) -> Pack:
        """As many packs of a new batch as ``good`` counts, each with a trace code of its own."""
        batch = f"{batch}-{self.stage.ids.next() % 10**12}"
        return Pack(good, batch, tuple(f"8{self.stage.ids.next():019d}" for _ in range(good.quantity)))

    async def on_hand(self, shop: Shop, good: Good) -> int:
        """What the shop holds of the good, in ten-thousandths of a pack."""
        on = self.stage.clock.now().date()
        return (await on_hand(self.stage.conn, shop.place.code, [good.code], on))[good.code]

    async def stock(self, shop: Shop, *shelf: Pack) -> None:
        """3501: packs stand on the shop's shelf, with their codes."""
        made_on, good_until = SHELF_LIFE
        for pack in shelf:
            await self.national(
                shop,
                "3501",
                {
                    "invinfo": {
                        "med_list_codg": pack.good.code,
                        "fixmedins_hilist_id": pack.good.code,
                        "fixmedins_hilist_name": pack.good.name,
                        "rx_flag": "1",
                        "invdate": f"{shop.desk.now():%Y-%m-%d}",
                        "inv_cnt": pack.good.quantity,
                        "manu_lotnum": pack.batch,
                        "fixmedins_bchno": pack.batch,
                        "manu_date": str(made_on),
                        "expy_end": str(good_until),
                        "drugtracinfo": [{"drug_trac_codg": code} for code in pack.codes],
                    }
                },
            )

    # at the hospital

    async def registered(self, shop: Shop, member: Member) -> str:
        """2201 and 2203: the member sees a doctor; answers mdtrt_id."""
        number = f"MZ{shop.desk.next_msgid()[-14:]}"
        at = f"{shop.desk.now():%Y-%m-%d %H:%M:%S}"
        answer = await self.national(shop, "2201", registration(member, number, at), member.region)
        mdtrt_id = str(answer["data"]["mdtrt_id"])
        await self.national(shop, "2203", visit_info(member, mdtrt_id, at))
        return mdtrt_id

    def sheet(self, shop: Shop, member: Member, mdtrt_id: str, *doses: Dose, **more: Any) -> Sheet:
        """A prescription of the shop's first doctor, now."""
        at = shop.desk.now().replace(microsecond=0)
        number = f"CF{self.stage.ids.next()}"
        return Sheet(shop.place, shop.doctors[0], member, mdtrt_id, number, at, doses, **more)

    async def issued(self, shop: Shop, sheet: Sheet) -> dict[str, Any]:
        """7101, 7102 and 7103: checked, signed, reviewed by the hospital's pharmacist, in circulation; answers what 7101 did."""
        checked: dict[str, Any] = await self.centre(shop, "uploadChk", sheet_data(sheet))
        fields = signed_fields(sheet, checked, shop.pharmacists[0], self.now())
        signed = await self.centre(
            shop,
            "rxFixmedinsSign",
            {
                "fixmedinsCode": shop.place.code,
                "originalValue": encoded(fields),
                "originalRxFile": base64.b64encode(paper(sheet)).decode(),
            },
        )
        await self.centre(
            shop, "rxFileUpld", {**fields, "rxFile": signed["rxFile"], "signDigest": signed["signDigest"]}
        )
        return checked

    async def charged(self, shop: Shop, member: Member, mdtrt_id: str, *goods: Good, rx_no: str = "") -> Any:
        """2204 and 2207: the hospital's fees, drugs of a prescription named by its number; answers setlinfo."""
        at = f"{shop.desk.now():%Y-%m-%d %H:%M:%S}"
        rows = [
            fee_row(member, mdtrt_id, "1", number, good, at)
            | ({"rxno": rx_no} if good.is_drug and rx_no else {})
            for number, good in enumerate(goods, start=1)
        ]
        await self.national(shop, "2204", {"feedetail": rows})
        answer = await self.national(shop, "2207", settlement(member, mdtrt_id, "1", goods))
        self.say(shop.desk.now().date(), f"{member.name}在{shop.place.name}：{paid(answer['setlinfo'])}")
        return answer["setlinfo"]

    def office(self, actor: Actor) -> RxOffice:
        """What a verb of the prescriptions room works with, now."""
        return office_at(self.stage.platform, actor, self.stage.clock.now())

    def now(self) -> datetime:
        return self.stage.clock.now().replace(microsecond=0)
