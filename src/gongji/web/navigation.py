"""Where one can go from a page: the list of each part, cut to what the matrix permits this visitor."""

from __future__ import annotations

from typing import Final

import msgspec
from django.urls import NoReverseMatch, reverse

from gongji.access import Visitor, permitted
from gongji.base.region_names import region_name
from gongji.gateway.platform import Platform

__all__ = ["ENTRIES", "Entry", "Link", "Menu", "belongs_to", "menu", "part_of"]

BAR: Final = 4
"""So many links stand in the bar at the bottom of a phone; the others behind 更多."""


class Entry(msgspec.Struct, frozen=True):
    """A place in the navigation: an operation whose address needs no argument, a short word for it, its icon."""

    code: str
    word: str
    icon: str
    only: str = ""
    """For institutions whose national number begins like this: H for medical institutions, P for retail pharmacies."""


class Link(msgspec.Struct, frozen=True):
    """An entry as one visitor sees it."""

    address: str
    word: str
    icon: str
    here: bool


class Menu(msgspec.Struct, frozen=True):
    """``part``: portal, desk, console or public; ``first`` the links of the bar, ``more`` the others."""

    part: str
    first: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()

    @property
    def in_more(self) -> bool:
        """Whether the page stands under one of the links behind 更多."""
        return any(link.here for link in self.more)

    @property
    def links(self) -> tuple[Link, ...]:
        """All of them, in order."""
        return self.first + self.more


ENTRIES: Final[dict[str, tuple[Entry, ...]]] = {
    # a builder adds the pages of a part here, in the order of the screen; the matrix decides who sees them
    "portal": (
        Entry("portal.home", "首页", "home"),
        Entry("portal.settlements", "结算", "bill"),
        Entry("portal.prescriptions", "处方", "pill"),
        Entry("portal.account", "账户", "wallet"),
        Entry("portal.estimate", "算一算", "calculator"),
        Entry("portal.family", "家庭共济", "family"),
        Entry("portal.claims", "零星报销", "upload"),
        Entry("portal.filing", "异地备案", "plane"),
        Entry("portal.complaints", "投诉举报", "speak"),
        Entry("portal.questions", "常见问题", "info"),
    ),
    "desk": (
        Entry("desk.home", "工作台", "home"),
        Entry("desk.till", "收银台", "scan", "P"),
        Entry("desk.till_reviews", "审方", "check", "P"),
        Entry("desk.cashier", "收费台", "cash", "H"),
        Entry("desk.day", "当日交易", "bill"),
        Entry("desk.closing", "日结", "clock"),
        Entry("desk.reconcile", "对账", "calculator"),
        Entry("desk.lost", "没有回音", "warn"),
        Entry("desk.doctor", "医生站", "doctor", "H"),
        Entry("desk.review", "院内审方", "check", "H"),
        Entry("desk.stock", "库存", "box"),
        Entry("desk.items", "目录对照", "list"),
        Entry("desk.staff", "医务人员", "users"),
        Entry("desk.departments", "科室", "building"),
        Entry("desk.agreement", "协议状态", "shield"),
        Entry("desk.months", "月度合计", "chart"),
        Entry("desk.keys", "接入密钥", "key"),
    ),
    "console": (
        Entry("console.home", "工作台", "home"),
        Entry("console.claims", "零星报销", "upload"),
        Entry("console.complaints", "投诉举报", "speak"),
        Entry("console.bindings", "家庭共济", "family"),
        Entry("console.accounts", "账号管理", "users"),
        Entry("console.events", "安全事件", "list"),
        Entry("console.accesses", "查看记录", "search"),
    ),
    "public": (Entry("law.home", "政策问答", "law"), Entry("portal.report", "匿名举报", "speak")),
}
PUBLIC: Final = "public"


def part_of(visitor: Visitor | None, code: str) -> str:
    """The part in which a page stands: by its code, or, for pages beside the parts, that of the visitor's own beginning."""
    part = code.partition(".")[0]
    if part in ENTRIES and part != PUBLIC:
        return part
    home = visitor.home.partition(".")[0] if visitor is not None else PUBLIC
    return home if home in ENTRIES else PUBLIC


def menu(visitor: Visitor | None, code: str) -> Menu:
    """What the visitor may open from a page of operation ``code``; the entry whose code begins like it is marked."""
    part = part_of(visitor, code)
    roles = visitor.roles if visitor is not None else frozenset()
    place = visitor.institution if visitor is not None else ""
    allowed = [
        entry for entry in ENTRIES[part] if permitted(roles, entry.code) and place.startswith(entry.only)
    ]
    here = _here([entry.code for entry in allowed], code)
    links = [
        Link(address, entry.word, entry.icon, entry.code == here)
        for entry in allowed
        if (address := _address(entry.code))
    ]
    return Menu(part, tuple(links[:BAR]), tuple(links[BAR:]))


def _here(codes: list[str], code: str) -> str:
    """The entry under which a page stands: its own, or the one that it begins with (``bill_print`` under ``bills``)."""
    fitting = []
    for each in codes:
        one = each.removesuffix("s")
        if code in (each, one) or code.startswith((f"{each}.", f"{each}_", f"{one}.", f"{one}_")):
            fitting.append(each)
    return max(fitting, key=len, default="")


def _address(code: str) -> str:
    try:
        return reverse(code)
    except NoReverseMatch:
        return ""


def belongs_to(visitor: Visitor, platform: Platform) -> str:
    """For whom somebody acts: the institution's name, or the insured region's."""
    if visitor.institution:
        place = platform.provider(visitor.institution)
        return place.name if place is not None else visitor.institution
    if visitor.area:
        return region_name(visitor.area)
    return ""
