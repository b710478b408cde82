"""Prescriptions of the history: issued, fetched in whole, in part or in parts of a long one, taken back, left to expire; and
those that wait for a pharmacist, in the hospital or in the pharmacy."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from gongji.base.actors import Actor
from gongji.desk import drafts
from gongji.desk.till.sheet import HELD
from gongji.desk.till.steps import taken_over
from gongji.gateway.centre import office_at
from gongji.gateway.sweeping import sweep
from gongji.prescriptions import services
from gongji.project.history.hands import Hands, Place, Visited, own_code, stated
from gongji.project.history.shelves import Shelves
from gongji.project.story.cast import Good, Member, good_of
from gongji.project.story.paper import paper
from gongji.project.story.sheets import (
    Dose,
    Pack,
    Sheet,
    encoded,
    purchase,
    review,
    sale,
    sheet_data,
    signed_fields,
)

__all__ = ["Issued", "Prescribed"]

WEEK = 7
PART_DAYS = 28


@dataclass(frozen=True)
class Issued:
    """A prescription in circulation."""

    hospital: Place
    member: Member
    mdtrt_id: str
    rx_no: str


@dataclass(frozen=True)
class Held:
    """A prescription that a pharmacy has accepted."""

    rx_no: str
    token: str
    answer: dict[str, Any]
    """The whole output of 7204."""

    @property
    def download(self) -> dict[str, Any]:
        return dict(self.answer["data"])


@dataclass(frozen=True)
class Prescribed:
    """What doctors and pharmacies do with prescriptions."""

    hands: Hands
    shelves: Shelves

    def good(self, name: str, quantity: int = 1) -> Good:
        return good_of(self.hands.world, name, quantity)

    async def checked(
        self, hospital: Place, member: Member, *doses: Dose, fills: int = 1, interval: int = 0
    ) -> tuple[Issued, Sheet, dict[str, Any]]:
        """2201, 2203, 7101: written and checked, not signed yet."""
        hands = self.hands
        mdtrt_id = await hands.registered(hospital, member)
        sheet = Sheet(
            hospital.institution, hospital.doctors[0], member, mdtrt_id, f"CF{hands.number():08d}", hands.now(),
            doses, fills=fills, interval=interval, reason="病情稳定，长期服药" if fills > 1 else "",
        )  # fmt: skip
        answer = await hands.centre(hospital, "7101", sheet_data(sheet))
        return Issued(hospital, member, mdtrt_id, str(answer["hiRxno"])), sheet, answer

    async def issued(self, hospital: Place, member: Member, *names: str) -> Issued:
        """In circulation: a week of each drug."""
        return await self.signed(hospital, member, *(Dose(self.good(name), WEEK) for name in names))

    async def long(self, hospital: Place, member: Member, name: str, fills: int) -> Issued:
        """A long prescription in ``fills`` parts of four weeks each."""
        dose = Dose(self.good(name, fills), fills * PART_DAYS)
        return await self.signed(hospital, member, dose, fills=fills, interval=PART_DAYS)

    async def signed(
        self, hospital: Place, member: Member, *doses: Dose, fills: int = 1, interval: int = 0
    ) -> Issued:
        """7101, 7102, 7103."""
        issued, sheet, answer = await self.checked(hospital, member, *doses, fills=fills, interval=interval)
        fields = signed_fields(sheet, answer, hospital.pharmacists[0], self.hands.now())
        signature = await self._signature(hospital, sheet, fields)
        signed = {"rxFile": signature["rxFile"], "signDigest": signature["signDigest"]}
        await self.hands.centre(hospital, "7103", fields | signed)
        return issued

    async def unreviewed(self, hospital: Place, member: Member, *names: str) -> Issued:
        """7101, 7102: the doctor has signed, the hospital's pharmacist has not looked yet."""
        doses = (Dose(self.good(name), WEEK) for name in names)
        issued, sheet, answer = await self.checked(hospital, member, *doses)
        fields = signed_fields(sheet, answer, hospital.pharmacists[0], self.hands.now())
        fields |= {name: "" for name in fields if name.startswith("phar")}
        await self._signature(hospital, sheet, fields)
        return issued

    async def _signature(self, hospital: Place, sheet: Sheet, fields: dict[str, Any]) -> dict[str, Any]:
        """7102."""
        said = {
            "fixmedinsCode": hospital.code,
            "originalValue": encoded(fields),
            "originalRxFile": base64.b64encode(paper(sheet)).decode(),
        }
        return dict(await self.hands.centre(hospital, "7102", said))

    async def withdrawn(self, issued: Issued, reason: str) -> None:
        """7104: the doctor takes it back."""
        hands, doctor = self.hands, issued.hospital.doctors[0]
        await hands.centre(
            issued.hospital,
            "7104",
            {
                "hiRxno": issued.rx_no,
                "fixmedinsCode": issued.hospital.code,
                "drCode": doctor.code,
                "undoDrName": doctor.name,
                "undoDrCertType": "01",
                "undoDrCertno": doctor.cert_no,
                "undoRea": reason,
                "undoTime": hands.stamp(),
            },
        )

    async def held(self, pharmacy: Place, issued: Issued) -> Held:
        """7203, 7204: the member shows the code, the pharmacy accepts."""
        hands = self.hands
        actor = Actor("member", issued.member.psn_no)
        office = office_at(hands.platform, actor, hands.clock.now())
        code = stated(await services.show_code(hands.conn, office, issued.member.psn_no, issued.rx_no)).text
        who = {"fixmedinsCode": pharmacy.code, "opter": "0001", "opterName": pharmacy.cashier}
        grant = await hands.centre(pharmacy, "7203", {"epcQrcd": code, **who})
        token = str(grant["epcToken"])
        answer = await hands.trade(
            pharmacy, "7204", {"epcToken": token, "authRxno": grant["authRxno"], **who}
        )
        return Held(issued.rx_no, token, answer)

    async def in_hand(self, pharmacy: Place, issued: Issued) -> None:
        """Accepted and seen to be genuine at the pharmacy's till, where its pharmacist finds it."""
        held, hands = await self.held(pharmacy, issued), self.hands
        await self._verified(pharmacy, held)
        vault, at = hands.platform.vault, hands.clock.now()
        kept = taken_over(held.answer, held.token)
        await drafts.keep_shared(hands.conn, vault, pharmacy.code, HELD, held.rx_no, kept, at)

    async def _verified(self, pharmacy: Place, held: Held) -> dict[str, Any]:
        """7205."""
        said = {
            "hiRxno": held.rx_no,
            "fixmedinsCode": pharmacy.code,
            "rxTraceCode": held.download["rxTraceCode"],
            "rxFile": held.download["rxFile"],
            "epcToken": held.token,
        }
        return dict(await self.hands.centre(pharmacy, "7205", said))

    async def reviewed(self, pharmacy: Place, held: Held, *, passed: bool = True) -> str:
        """7205, 7206; answers the number of the review."""
        hands = self.hands
        verified = await self._verified(pharmacy, held)
        said = review(
            pharmacy.institution, pharmacy.pharmacists[0], {"hiRxno": held.rx_no, "epcToken": held.token},
            verified, hands.now(), passed=passed,
        )  # fmt: skip
        return str((await hands.centre(pharmacy, "7206", said))["rxChkBizSn"])

    async def fetched(
        self, pharmacy: Place, issued: Issued, *goods: Good, reason: str = "", hand_out: bool = True
    ) -> tuple[Visited, tuple[Pack, ...]]:
        """Held, reviewed, bought and handed out: all that is asked for."""
        hands = self.hands
        held = await self.held(pharmacy, issued)
        review_sn = await self.reviewed(pharmacy, held)
        packs = tuple(self.shelves.take(pharmacy, good) for good in goods)
        nodes = purchase(issued.member, held.rx_no, packs, hands.now(), reason=reason)
        info = (await hands.trade(pharmacy, "2102", nodes, region=issued.member.region))["setlinfo"]
        bought = Visited(pharmacy, issued.member, str(info["mdtrt_id"]), info)
        if hand_out:
            document = f"LS{hands.number():08d}"
            said = sale(pharmacy.institution, held.rx_no, review_sn, packs, hands.now(), document)
            for row in said["rxSaleDrugDetl"]:
                row["medinsListCodg"] = own_code(str(row["medListCodg"]))
            await hands.centre(pharmacy, "7207", said)
        return bought, packs

    async def swept(self) -> None:
        """What the clock has ended is written down, as the server does by itself."""
        await sweep(self.hands.platform)
