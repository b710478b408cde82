"""People and goods for tests at a counter: prescriptions that doctors have issued, packs on a pharmacy's shelf, hands on a till."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import asyncpg
import httpx

from gongji.base.actors import Actor
from gongji.demo_data import World, generate
from gongji.demo_data.population import psn_no_of
from gongji.gateway.centre import office_at
from gongji.gateway.platform import Platform
from gongji.prescriptions import services
from gongji.project.history.hands import Clock, Hands, Place, stated
from gongji.project.history.prescribed import Issued, Prescribed
from gongji.project.history.shelves import Shelves
from gongji.project.story.cast import Good, Member, good_of
from tests.web.asgi import Browser, sign_in_as

HOSPITAL = "演示区人民医院"
PHARMACY, OTHER_PHARMACY = "演示大药房总店", "演示康民药房"
UNPOOLED = "演示惠民药房（未开通门诊统筹）"
ENDED = "演示福康药房（协议已终止）"
AMLODIPINE, VALSARTAN, BANLANGEN = "苯磺酸氨氯地平片", "缬沙坦胶囊", "板蓝根颗粒"
WORLD: World = generate()
_runs = count(1)


def _plain_members() -> Iterator[str]:
    """Members of the capital with all benefits, insured without an end, with account and voucher: one test, one member."""
    tables = WORLD.tables
    vouchers = {row["psn_no"] for row in tables["members_credential"] if row["kind"] == "voucher"}
    special = {psn_no_of(number) for number in range(40)} | {
        row["psn_no"] for row in tables["members_nonbenefit"]
    }
    spells = [str(row["psn_no"]) for row in tables["members_relation"]]
    for row in tables["members_relation"]:
        psn_no = str(row["psn_no"])
        lasting = row["until_on"] is None and row["region"] == "140100" and spells.count(psn_no) == 1
        if lasting and psn_no in vouchers and psn_no not in special and row.get("has_account", True):
            yield psn_no


_members = _plain_members()


class Counter:
    """What happens around a till: doctors, members, shelves; ``hands`` do the trades of others."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.shelves = Shelves(hands)
        self.doctor = Prescribed(hands, self.shelves)

    def place(self, name: str) -> Place:
        return self.hands.place(name)

    def member(self, archetype: str = "") -> Member:
        """A member of the kind, or one that no other test has met."""
        return self.hands.member(WORLD.member(archetype) if archetype else next(_members))

    async def on_shelf(self, pharmacy: str, name: str, packs: int, batch: str = "T") -> list[str]:
        """A new delivery of a drug; answers the trace codes of its packs."""
        place = self.place(pharmacy)
        await self.shelves.delivered(place, (name,), packs, prefix=batch)
        return list(self.shelves._batches[place.code, name][-1].codes)

    async def prescribed(self, member: Member, *names: str, packs: int = 1) -> Issued:
        """A prescription in circulation."""
        from gongji.project.story.sheets import Dose

        doses = tuple(Dose(self.doctor.good(name, packs), 7) for name in names)
        return await self.doctor.signed(self.place(HOSPITAL), member, *doses)

    async def code(self, issued: Issued) -> str:
        """The code on the member's telephone."""
        platform = self.hands.platform
        office = office_at(platform, Actor("member", issued.member.psn_no), platform.now())
        shown = await services.show_code(self.hands.conn, office, issued.member.psn_no, issued.rx_no)
        return stated(shown).text

    def good(self, name: str, quantity: int = 1) -> Good:
        return good_of(WORLD, name, quantity)


@asynccontextmanager
async def counter_on(platform: Platform, url: str) -> AsyncIterator[Counter]:
    """The hands around a till, on the platform's database."""
    conn = await asyncpg.connect(url)
    chance = random.Random(7)
    hands = Hands(
        platform=platform, conn=conn, world=WORLD, clock=Clock(platform.now()), chance=chance,
        _serial=next(_runs) * 100_000,
    )  # fmt: skip
    try:
        yield Counter(hands)
    finally:
        await conn.close()


class Till:
    """Somebody at a pharmacy's till, by its forms."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def do(self, what: str, **fields: str) -> str:
        """One post and the screen after it."""
        answer = await self.browser.send_form("/desk/till", {"do": what, **fields}, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def read(self, text: str, **fields: str) -> str:
        return await self.do("read", text=text, **fields)

    async def lines(self, what: str, page: str, **fields: str) -> str:
        """A post with everything that the page's fields hold, but for ``fields``."""
        return await self.do(what, **(fields_of(page) | fields))

    async def review(self, rx_no: str, verdict: str = "pass", **fields: str) -> httpx.Response:
        return await self.browser.send_form(
            f"/desk/till/reviews/{rx_no}",
            {"verdict": verdict, "from": "till", "msgid": f"T{random.getrandbits(60)}", **fields},
            follow_redirects=True,
        )

    async def settle(self, page: str, **fields: str) -> httpx.Response:
        return await self.browser.send_form(
            "/desk/till/settle", {"msgid": number_of(page), **fields}, follow_redirects=True
        )


async def at_till(browser: Browser, place: Place, *roles: str) -> Till:
    """The browser signed in as the pharmacy's pharmacist, who also sells."""
    await sign_in_as(
        browser, *(roles or ("cashier", "pharmacist")), institution=place.code,
        staff_code=place.pharmacists[0].code, name=place.pharmacists[0].name,
    )  # fmt: skip
    till = Till(browser)
    await till.do("drop")
    return till


def fields_of(page: str) -> dict[str, str]:
    """What the sale's form would send."""
    form = re.search(r'<form[^>]*id="sale".*?</form>', page, re.DOTALL)
    assert form is not None
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or (re.search(r'type="checkbox"', tag) and " checked" not in tag):
            continue
        fields[name[1]] = value[1] if value else ("on" if "checkbox" in tag else "")
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if name not in ("csrfmiddlewaretoken", "text")}


def number_of(page: str) -> str:
    """The number in the form that settles."""
    found = re.search(r'action="/desk/till/settle".*?name="msgid" value="([^"]+)"', page, re.DOTALL)
    assert found is not None, "nothing is pre-settled"
    return found[1]


def told(page: str) -> str:
    """What the screen says went wrong."""
    found = re.search(r'<p class="notice notice--bad" id="notice"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def settlement_of(answer: httpx.Response) -> str:
    """The number of the receipt on which a browser has arrived."""
    found = re.search(r"/desk/sold/(\d+)", str(answer.url))
    assert found is not None, (answer.url, told(answer.text))
    return found[1]


def amount(fen: int) -> str:
    from gongji.web.amounts import yuan

    return yuan(fen)


def row_of(conn: Any, number: str) -> Any:
    return conn.fetchrow("SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", int(number))
