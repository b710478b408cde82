"""What the history's places do: trades of the national interface in this process, under a clock that the history turns."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

import asyncpg

from gongji.base.actors import Actor
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA, day_in_china
from gongji.demo_data import World
from gongji.demo_data.register import doctors, pharmacists
from gongji.gateway import inside
from gongji.gateway.platform import Platform
from gongji.members.writing import Act
from gongji.project.story.cast import Good, Member, institution_of, member_of
from gongji.project.story.client import Institution
from gongji.project.story.messages import charged, fee_row, registration, settlement, visit_info
from gongji.project.story.sheets import STAMP, Pack, Person

__all__ = [
    "CASHIER",
    "CLERK",
    "REVIEWER",
    "Clock",
    "Hands",
    "HistoryBroken",
    "Place",
    "Visited",
    "own_code",
    "stated",
]

CLERK, REVIEWER, CASHIER = (Actor("agency", name) for name in ("经办员甲", "复核员乙", "财务员丙"))
ORDINARY, CHRONIC = "11", "14"
HYPERTENSION: Final = ("M03900", "高血压")
T = TypeVar("T")


class HistoryBroken(Exception):
    """Something that the history takes for granted was refused; the text says what and why."""


class Clock:
    """The history's time: stands still until it is turned, but for a quarter of a second at each look."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def turn(self, at: datetime) -> None:
        """A later instant; an earlier one leaves the time as it is."""
        self._at = max(self._at, at)

    def now(self) -> datetime:
        self._at += timedelta(milliseconds=250)
        return self._at

    def ms(self) -> int:
        """The time as numbers carry it; looking costs nothing."""
        return int(self._at.timestamp() * 1_000)


@dataclass(frozen=True)
class Place:
    """An institution with its people."""

    institution: Institution
    doctors: tuple[Person, ...]
    pharmacists: tuple[Person, ...]
    cashier: str

    @property
    def code(self) -> str:
        return self.institution.code


@dataclass(frozen=True)
class Visited:
    """A settled visit or purchase."""

    place: Place
    member: Member
    mdtrt_id: str
    info: dict[str, Any]

    @property
    def settlement_id(self) -> str:
        return str(self.info["setl_id"])


@dataclass(kw_only=True)
class Hands:
    """Platform, clock and chance; messages and trace codes are numbered, so that the same past has the same numbers."""

    platform: Platform
    conn: asyncpg.Connection[Any]
    world: World
    clock: Clock
    chance: random.Random
    _places: dict[str, Place] = field(default_factory=dict)
    _members: dict[str, Member] = field(default_factory=dict)
    _serial: int = 0

    # who and when

    def place(self, name: str) -> Place:
        """The demonstration's institution of that name with the people of its register."""
        if name not in self._places:
            demo = self.world.institution(name)
            staff = {
                row["staff_code"]: Person(str(row["staff_code"]), str(row["name"]), str(row["cert_no"]))
                for row in self.world.tables["providers_staff"]
                if row["code"] == demo.code
            }
            self._places[name] = Place(
                institution_of(self.world, name),
                tuple(staff[code] for code in doctors(demo)),
                tuple(staff[code] for code in pharmacists(demo)),
                f"收费员{self.chance.choice('张王李赵')}",
            )
        return self._places[name]

    def member(self, psn_no: str) -> Member:
        if psn_no not in self._members:
            self._members[psn_no] = member_of(self.world, psn_no)
        return self._members[psn_no]

    def now(self) -> datetime:
        """The time as a message writes it, without fractions; China time."""
        return self.clock.now().astimezone(CHINA).replace(microsecond=0)

    @property
    def today(self) -> date:
        return day_in_china(self.clock.now())

    def stamp(self) -> str:
        return self.now().strftime(STAMP)

    def number(self) -> int:
        self._serial += 1
        return self._serial

    def act(self, actor: Actor, reason: str) -> Act:
        return Act(actor, self.clock.now(), reason, self.platform.ids)

    # trades

    async def trade(
        self, place: Place, infno: str, nodes: dict[str, Any], *, region: str = "", msgid: str = ""
    ) -> Any:
        """The output of a trade that has to succeed. Raises HistoryBroken with what was answered."""
        operator = inside.Operator(place.code, "0001", place.cashier, region)
        number = msgid or f"HISTORY{self.number():08d}"
        answer = await inside.trade(self.platform, operator, infno, nodes, number)
        if isinstance(answer, inside.Refused):
            raise HistoryBroken(f"{self.today} {place.institution.name}【{infno}】{answer.text}")
        return answer.output

    async def centre(self, place: Place, infno: str, data: dict[str, Any]) -> Any:
        """The same of the prescription centre; answers the content of ``data``."""
        output = await self.trade(place, infno, data)
        return output.get("data", output)

    # at the desk of a hospital or clinic

    async def registered(self, place: Place, member: Member, *, chronic: bool = False) -> str:
        """2201 and 2203: the member sees one of the doctors; answers mdtrt_id."""
        doctor, at = place.doctors[0], self.stamp()
        said = registration(member, f"MZ{self.number():08d}", at)
        said["data"] |= {"atddr_no": doctor.code, "dr_name": doctor.name}
        answer = await self.trade(place, "2201", said, region=member.region)
        mdtrt_id = str(answer["data"]["mdtrt_id"])
        told = visit_info(member, mdtrt_id, at)
        if chronic:
            code, name = HYPERTENSION
            told["mdtrtinfo"] |= {"med_type": CHRONIC, "dise_codg": code, "dise_name": name}
        for row in told["diseinfo"]:
            row |= {"dise_dor_no": doctor.code, "dise_dor_name": doctor.name}
        await self.trade(place, "2203", told)
        return mdtrt_id

    async def charged(
        self, place: Place, member: Member, mdtrt_id: str, goods: tuple[Good, ...], *,
        chronic: bool = False, rx_no: str = "", account: bool = True,
    ) -> Visited:  # fmt: skip
        """2204 and 2207; drugs of a prescription of the centre are named by its number."""
        doctor, at, batch = place.doctors[0], self.stamp(), f"{self.number():08d}"
        rows = [
            fee_row(member, mdtrt_id, batch, number, good, at)
            | {"bilg_dr_codg": doctor.code, "bilg_dr_name": doctor.name}
            | ({"rxno": rx_no} if good.is_drug and rx_no else {})
            for number, good in enumerate(goods, start=1)
        ]
        await self.trade(place, "2204", {"feedetail": rows})
        asked = settlement(member, mdtrt_id, batch, goods)
        asked["data"] |= {
            "med_type": CHRONIC if chronic else ORDINARY,
            "acct_used_flag": "1" if account else "0",
        }
        info = (await self.trade(place, "2207", asked))["setlinfo"]
        return Visited(place, member, mdtrt_id, info)

    async def visit(
        self, place: Place, member: Member, *goods: Good, chronic: bool = False, account: bool = True
    ) -> Visited:
        """A whole visit: registered, seen, charged, settled."""
        mdtrt_id = await self.registered(place, member, chronic=chronic)
        return await self.charged(place, member, mdtrt_id, goods, chronic=chronic, account=account)

    async def refund(self, visited: Visited) -> None:
        """2208 or 2103."""
        infno = "2208" if visited.place.doctors else "2103"
        which = {
            "psn_no": visited.member.psn_no,
            "setl_id": visited.settlement_id,
            "mdtrt_id": visited.mdtrt_id,
        }
        await self.trade(visited.place, infno, {"data": which}, region=visited.member.region)

    # at the counter of a pharmacy

    async def over_the_counter(self, place: Place, member: Member, pack: Pack) -> Visited:
        """2102 and 3505: bought without a prescription, out of stock."""
        at, good = self.stamp(), pack.good
        nodes = {
            "druginfo": {
                "psn_no": member.psn_no,
                "mdtrt_cert_type": "01",
                "mdtrt_cert_no": member.token,
                "begntime": at,
                "med_type": "41",
                "insutype": "310",
                "medfee_sumamt": format_yuan(good.amount_fen),
                "acct_used_flag": "1",
            },
            "drugdetail": [{"feedetl_sn": "D1", "rxno": "", "rx_circ_flag": "0", **charged(good, at)}],
            "drug_trac_info": [
                {"feedetl_sn": "D1", "drug_trac_codg": code, "trdn_flag": "0"} for code in pack.codes
            ],
        }
        info = (await self.trade(place, "2102", nodes, region=member.region))["setlinfo"]
        bought = Visited(place, member, str(info["mdtrt_id"]), info)
        await self.sold(bought, pack)
        return bought

    async def sold(self, bought: Visited, pack: Pack) -> None:
        """3505: the pack leaves the shelf."""
        await self.trade(bought.place, "3505", {"selinfo": self._sale(bought, pack)})

    async def brought_back(self, bought: Visited, pack: Pack) -> None:
        """3506: a pack comes back to the shelf after a refund."""
        await self.trade(bought.place, "3506", {"selinfo": self._sale(bought, pack)})

    def _sale(self, bought: Visited, pack: Pack) -> dict[str, Any]:
        good = pack.good
        return {
            "med_list_codg": good.code,
            "fixmedins_hilist_id": own_code(good.code),
            "fixmedins_hilist_name": good.name,
            "fixmedins_bchno": pack.batch,
            "manu_lotnum": pack.batch,
            "rtal_docno": f"LS{bought.settlement_id}",
            "setl_id": bought.settlement_id,
            "psn_no": bought.member.psn_no,
            "sel_retn_cnt": good.quantity,
            "sel_retn_time": self.stamp(),
            "finl_trns_pric": str(Decimal(good.price_micro) / 1_000_000),
            "drugtracinfo": [{"drug_trac_codg": code} for code in pack.codes],
        }


def own_code(code: str) -> str:
    """The number under which every demonstration institution keeps the national item."""
    return f"YP{code[-6:]}"


def stated(answer: T | Refusal | None) -> T:
    """``answer``, which the history takes for granted. Raises HistoryBroken with the reason when it was refused."""
    if isinstance(answer, Refusal):
        raise HistoryBroken(answer.text)
    return answer  # type: ignore[return-value]
