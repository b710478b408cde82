"""The prescription story at the counters of its pharmacies, and what is looked up about a prescription."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gongji.base.actors import Actor
from gongji.gateway.sweeping import sweep
from gongji.prescriptions import selectors
from gongji.prescriptions import services as prescriptions
from gongji.prescriptions.details import Checked
from gongji.project.story.cast import Good, Member
from gongji.project.story.messages import paid
from gongji.project.story.prescribing import Prescribing
from gongji.project.story.sheets import (
    Pack,
    Sheet,
    purchase,
    review,
    sale,
)
from gongji.project.story.shops import Held, Shop
from gongji.project.story.telling import stated

__all__ = ["Dispensary"]

SHELF_LIFE: Final = (date(2025, 1, 5), date(2027, 12, 31))
"""When the packs of the story were made, and how long they are good."""


@dataclass(kw_only=True)
class Dispensary(Prescribing):
    """What the pharmacies do."""

    async def code_of(self, member: Member, rx_no: str) -> str:
        """The code that the member's phone shows for a prescription."""
        office = self.office(Actor("member", member.psn_no))
        shown = await prescriptions.show_code(self.stage.conn, office, member.psn_no, rx_no)
        return stated(shown).text

    def operator(self, shop: Shop) -> dict[str, str]:
        return {
            "fixmedinsCode": shop.place.code,
            "devInfo": "收银台1",
            "ipInfo": "127.0.0.1",
            "opter": "0001",
            "opterName": "收银员",
            "optinsNo": shop.place.code,
        }

    async def granted(self, shop: Shop, code: str) -> dict[str, Any]:
        """7203: the code read at the counter; answers the token."""
        answer: dict[str, Any] = await self.centre(
            shop, "rxQrCodeDecode", {"epcQrcd": code, **self.operator(shop)}
        )
        return answer

    def download(self, shop: Shop, grant: dict[str, Any], **proxy: str) -> dict[str, Any]:
        """Data of 7204."""
        return {"epcToken": grant["epcToken"], "authRxno": grant["authRxno"], **self.operator(shop), **proxy}

    async def accepted(self, shop: Shop, grant: dict[str, Any], **proxy: str) -> Held:
        """7204: the prescription is downloaded, and held."""
        answer = await self.centre(shop, "rxDetlDownload", self.download(shop, grant, **proxy))
        found = answer.get("data", answer)
        return Held(str(found["hiRxno"]), str(grant["epcToken"]), found)

    async def reviewed(self, shop: Shop, held: Held, *, passed: bool = True) -> str:
        """7205 and 7206: signature and file are genuine, the pharmacist has reviewed; answers the number of the review."""
        verified = await self.centre(
            shop,
            "rxFileVerify",
            {
                "hiRxno": held.rx_no,
                "fixmedinsCode": shop.place.code,
                "rxTraceCode": held.download["rxTraceCode"],
                "rxFile": held.download["rxFile"],
                "epcToken": held.token,
            },
        )
        answer = await self.centre(
            shop,
            "rxChkUpld",
            review(shop.place, shop.pharmacists[0], held.data, verified, self.now(), passed=passed),
        )
        return str(answer["rxChkBizSn"])

    async def bought(
        self, shop: Shop, member: Member, held: Held, *packs: Pack, reason: str = "", account: str = "1"
    ) -> Any:
        """2102: settled on the prescription; answers setlinfo."""
        nodes = purchase(member, held.rx_no, packs, self.now(), reason=reason, account=account)
        answer = await self.national(shop, "2102", nodes, member.region)
        self.say(shop.desk.now().date(), f"{member.name}在{shop.place.name}：{paid(answer['setlinfo'])}")
        return answer["setlinfo"]

    def sale(self, shop: Shop, held: Held, review_sn: str, *packs: Pack, **more: Any) -> dict[str, Any]:
        """Data of 7207."""
        document = f"LS{self.stage.ids.next()}"
        return sale(shop.place, held.rx_no, review_sn, packs, self.now(), document, **more)

    async def handed_out(self, shop: Shop, held: Held, review_sn: str, *packs: Pack, **more: Any) -> str:
        """7207: the drugs leave the shelf; answers the number of the sale."""
        answer = await self.centre(shop, "rxSaleDetlUpld", self.sale(shop, held, review_sn, *packs, **more))
        return str(answer["selStooutSn"])

    async def let_go(self, shop: Shop, held: Held, reason: str, *goods: Good) -> None:
        """7291: what is missing goes elsewhere; the hold is given up."""
        await self.centre(
            shop,
            "rxReleaSplit",
            {
                "hiRxno": held.rx_no,
                "fixmedinsCode": shop.place.code,
                "epcToken": held.token,
                "releaFlag": "1",
                "splitRea": reason,
                "medListCodgs": [good.code for good in goods],
            },
        )

    async def sweep(self) -> None:
        """What the clock has ended is written down, as the server does by itself."""
        await sweep(self.stage.platform)

    async def state(self, rx_no: str) -> str:
        """Where the prescription stands now."""
        case = await selectors.case(self.stage.conn, rx_no)
        return case.state if case is not None else ""

    async def self_paid(self, sheet: Sheet) -> tuple[str, ...]:
        """Drugs of the visit's sheet that the check marked as self-paid."""
        key = (sheet.member.psn_no, int(sheet.mdtrt_id))
        cases = (await selectors.cases_of_visits(self.stage.conn, [key])).get(key, ())
        found = next(case for case in cases if case.prescription.hosp_rx_no == sheet.number)
        detail = found.events[0].detail
        return detail.self_paid if isinstance(detail, Checked) else ()
