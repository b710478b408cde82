"""The workbench (工作台): today's work of whoever signs in, what waits for them, and what is about to go wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec
from django.http import HttpResponse
from django.urls import NoReverseMatch

from gongji.access import permitted
from gongji.base.sqlfiles import Connection
from gongji.catalog.mappings import MappingQuery, mapping_page
from gongji.desk.day.sent import lost
from gongji.desk.doctor.home import tasks
from gongji.desk.manager.agreement import standing, warnings
from gongji.desk.manager.common import MOST
from gongji.desk.manager.keys import KINDS as KEYS
from gongji.desk.manager.keys import Keyed, key_state, keyed
from gongji.desk.manager.stock import state_of
from gongji.desk.review_views import waiting
from gongji.prescriptions.selectors import PAGE, listed
from gongji.providers.values import PHARMACY
from gongji.providers.writing import read
from gongji.settlement.sums import Sums, institution_sums
from gongji.stock.selectors import batches_of
from gongji.web.pages import Page, page, url

__all__ = ["home"]

ISSUED: Final = {
    "returned": "被药店退回",
    "checked": "待医师签名",
    "signed": "待流转",
    "circulating": "流转中，等待取药",
}
HELD: Final = {"held": "待审方", "approved": "已审方，待取药"}
"""States of prescriptions that wait for an institution that wrote or that holds them."""
DISPENSING: Final = frozenset({"pharmacist", "cashier", "manager"})
COUNTER: Final = frozenset({"cashier", "manager"})


class Tile(msgspec.Struct, frozen=True):
    """A number with its words; ``kind`` as of a state (wait, bad, ok, info); ``link`` "" where the visitor may not look."""

    number: str
    words: str
    kind: str = "info"
    link: str = ""


@page("desk.home")
async def home(page: Page) -> HttpResponse:
    """Today's numbers, waiting work, warnings, ways to everything else."""
    code = page.visitor.institution
    place = page.platform.provider(code)
    if place is None:
        return await page.no(409, "机构不在登记中", "账号所属的医药机构没有登记，请向经办机构核实。")
    async with page.connection() as conn:
        today = await institution_sums(conn, code, page.today, page.today, "day")
        work = await _prescriptions(page, conn, place.kind)
        alerts = await _shelf(page, conn) + await _keys(page, conn)
    word, colour = standing(place.on(page.today))
    context = {
        "place": place,
        "standing": word,
        "colour": colour,
        "today": (today[0] if today else Sums(page.today)) if page.visitor.roles & COUNTER else None,
        "work": [*await _lost(page), *work],
        "alerts": alerts,
        "warnings": await warnings(page) if permitted(page.visitor.roles, "desk.agreement") else [],
        "ways": [way for way in (_way(page, *one) for one in WAYS) if way is not None],
    }
    return await page.show("desk/home.html", context)


WAYS: Final = (
    ("desk.doctor", "医生站", "核验身份、开方、送收费台", "doctor"),
    ("desk.cashier", "收费台", "读码、预结算、结算", "cash"),
    ("desk.till", "药店收银台", "扫码售药、凭处方取药", "scan"),
    ("desk.till_reviews", "审方", "等待药师审核的处方", "check"),
    ("desk.review", "院内审方", "医师签名、等待审核的处方", "check"),
    ("desk.day", "当日交易", "今天的结算和退费", "list"),
    ("desk.closing", "日结", "交班点款", "bill"),
    ("desk.reconcile", "对账", "与中心逐笔核对", "check"),
    ("desk.stock", "库存", "批次、效期、追溯码", "box"),
    ("desk.items", "目录对照", "本院项目对应的医保编码", "list"),
    ("desk.staff", "医务人员", "医师、药师和权限", "users"),
    ("desk.departments", "科室", "科室登记", "building"),
    ("desk.agreement", "协议状态", "定点、门诊统筹、期限", "shield"),
    ("desk.months", "月度合计", "每月结算与来源", "chart"),
    ("desk.keys", "接入密钥", "接口密钥和证书的期限", "key"),
)
KINDS: Final = {
    "desk.till": True, "desk.till_reviews": True, "desk.cashier": False, "desk.doctor": False, "desk.review": False,
}  # fmt: skip
"""Places of work that only pharmacies (True) or only the others (False) have."""


def _address(page: Page, code: str) -> str:
    """Where the operation is, for a visitor who may; else ""."""
    if not permitted(page.visitor.roles, code):
        return ""
    try:
        return url(code)
    except NoReverseMatch:
        return ""


def _way(page: Page, code: str, word: str, about: str, icon: str) -> dict[str, str] | None:
    place = page.platform.provider(page.visitor.institution)
    if code in KINDS and place is not None and (place.kind == PHARMACY) != KINDS[code]:
        return None
    link = _address(page, code)
    return {"link": link, "word": word, "about": about, "icon": icon} if link else None


async def _lost(page: Page) -> list[Tile]:
    """Settlements whose answer never came: before anything else."""
    link = _address(page, "desk.lost")
    missing = len(await lost(page)) if link else 0
    return [Tile(str(missing), "笔结算没有收到回答，请先处理", "bad", link)] if missing else []


async def _prescriptions(page: Page, conn: Connection, kind: str) -> list[Tile]:
    """Prescriptions that wait: for the doctor who wrote them, the pharmacist of the house, the institution's manager, the pharmacy
    that holds them."""
    roles, who = page.visitor.roles, page.visitor.institution
    if kind == PHARMACY:
        link = _address(page, "desk.till_reviews") or _address(page, "desk.till")
        return await _counted(conn, who, "holder", HELD, link) if roles & DISPENSING else []
    if "doctor" in roles:
        told = Counter((task.words.partition("：")[0], task.kind) for task in await tasks(page))
        link = _address(page, "desk.doctor")
        return [Tile(str(count), f"张处方{words}", kind, link) for (words, kind), count in told.items()]
    if "pharmacist" in roles:
        count = len(await waiting(page, conn))
        return [Tile(str(count), "张处方待院内审方", "wait", _address(page, "desk.review"))] if count else []
    return await _counted(conn, who, "issuer", ISSUED, "") if "manager" in roles else []


async def _counted(
    conn: Connection, institution: str, side: str, states: Mapping[str, str], link: str
) -> list[Tile]:
    """How many prescriptions on the institution's ``side`` (issuer, holder) are in each of the states."""
    tiles = []
    for state, words in states.items():
        rows = await listed(conn, institution, state, limit=PAGE)
        if own := sum(getattr(one, side) == institution for one in rows):
            tiles.append(
                Tile(_many(own), f"张处方{words}", "info" if state == "circulating" else "wait", link)
            )
    return tiles


def _many(number: int) -> str:
    return f"{PAGE}+" if number >= PAGE else str(number)


async def _shelf(page: Page, conn: Connection) -> list[Tile]:
    """Batches that are over or end soon, counts below zero, items without a national code."""
    if not page.visitor.roles & {"manager", "pharmacist"}:
        return []
    code = page.visitor.institution
    batches = await batches_of(conn, code)
    _, said = await mapping_page(conn, code, MappingQuery(on=page.today, valid=True), MOST, 0)
    link = _address(page, "desk.stock")
    words = {
        "over": ("个批次已过有效期", "bad"),
        "below": ("个批次账面小于零", "bad"),
        "soon": ("个批次快到有效期", "wait"),
    }
    tiles = []
    for state, (text, kind) in words.items():
        if count := sum(state_of(one, page.today) == state for one in batches):
            tiles.append(Tile(str(count), text, kind, f"{link}?state={state}" if link else ""))
    missing = {one.local_item for one in batches} - {one.mapping.local_item for one in said}
    if missing:
        items = _address(page, "desk.items")
        tiles.append(
            Tile(
                str(len(missing)),
                "个库存药品未对照医保编码",
                "wait",
                f"{items}?state=missing" if items else "",
            )
        )
    return tiles


async def _keys(page: Page, conn: Connection) -> list[Tile]:
    """Keys that end soon."""
    link = _address(page, "desk.keys")
    if not link:
        return []
    entries = await read(conn, page.visitor.institution, *KEYS)
    ending = sum(_ends(row, page) for rows in keyed(entries).values() for row in rows)
    return [Tile(str(ending), "个密钥快要失效", "wait", link)] if ending else []


def _ends(row: Keyed, page: Page) -> bool:
    return row.until_on is not None and key_state(row, page.today)[1] == "wait"
