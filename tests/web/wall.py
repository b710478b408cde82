"""What tests of the matrix walk along: every address of the web, somebody for each role, and the addresses that each really finds.

Nothing has to be listed for a new page: addresses are those of the URL table, and which numbers stand in them is learned by
following links, forms and parts from the visitor's own first page.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from django.urls import Resolver404, resolve

from gongji.access import OPERATIONS, Operation
from gongji.demo_data import generate
from gongji.demo_data.accounts import AREA
from gongji.demo_data.register import doctors, pharmacists
from gongji.web.addresses import Address, addresses
from gongji.web.pages import operation_of
from tests.web.asgi import HOST, Browser, sign_in_as

__all__ = [
    "OTHERS",
    "PEOPLE",
    "Person",
    "Walk",
    "filled",
    "operation_at",
    "sign_in_person",
    "walk",
    "with_ids",
]

LINKS: Final = re.compile(r'(?:href|action|src|hx-get|hx-post|data-href|data-address)="(/[^"#]*)')
OF_EACH: Final = 3
"""So many addresses of one operation are followed."""
MOST: Final = 250
LEAVES: Final = frozenset({"web.sign_out", "account.session_end"})


class Person(msgspec.Struct, frozen=True):
    """Somebody with a role: what ``sign_in_as`` takes."""

    role: str
    psn_no: str = ""
    institution: str = ""
    staff_code: str = ""
    area: str = ""


class Walk(msgspec.Struct):
    """What somebody came to: addresses by operation as they were linked, texts of pages, who was looked at on each of them."""

    paths: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    looks: dict[str, set[str]] = {}


def _people(member: str, hospital: str, pharmacy: str, area: str) -> tuple[Person, ...]:
    world = generate()
    ward, shop = world.institution(hospital), world.institution(pharmacy)
    return (
        Person("member", psn_no=world.member(member)),
        Person("doctor", institution=ward.code, staff_code=doctors(ward)[0]),
        Person("cashier", institution=ward.code),
        Person("cashier", institution=shop.code),
        Person("pharmacist", institution=ward.code, staff_code=pharmacists(ward)[0]),
        Person("pharmacist", institution=shop.code, staff_code=pharmacists(shop)[0]),
        Person("manager", institution=ward.code),
        Person("manager", institution=shop.code),
        *(
            Person(role, area=area)
            for role in (
                "clerk",
                "first_review",
                "second_review",
                "finance",
                "inspector",
                "designation",
                "policy",
            )
        ),
        *(Person(role) for role in ("system_officer", "security_officer", "audit_officer")),
    )


PEOPLE: Final = _people("active", "演示街道社区卫生服务中心", "演示大药房总店", AREA)
"""Everybody's own: a role may stand at a hospital and at a pharmacy."""
OTHERS: Final = _people("civil_servant", "演示县古魏镇卫生院", "演示芮城药房", "62")
"""The same roles elsewhere, with nothing in common with the first."""


async def sign_in_person(browser: Browser, person: Person) -> None:
    """Signed in as ``person`` in this browser."""
    browser.cookies.clear()
    bound = {
        "psn_no": person.psn_no,
        "institution": person.institution,
        "staff_code": person.staff_code,
        "area": person.area,
    }
    await sign_in_as(browser, person.role, **bound)


def filled(address: Address, text: str = "x1", number: int = 1) -> str:
    """The path with something in each of its places: ``text``, or ``number`` where only a number fits."""
    return re.sub(
        r"<(?:(\w+):)?\w+>", lambda place: str(number) if place[1] == "int" else text, address.route
    )


def operation_at(path: str) -> Operation | None:
    """The operation behind a path; None where there is no page."""
    try:
        return operation_of(resolve(path).func)
    except Resolver404:
        return None


_walks: dict[tuple[Person, str], Walk] = {}
"""Of this process: all modules walk on copies of one database, so a walk need not be taken twice.

But the officers of the platform see the accounts, which each module makes of its own when it signs somebody in.
"""


async def walk(browser: Browser, person: Person) -> Walk:
    """Where ``person`` comes to from the own first page by following links. To be taken on the lived-in demonstration."""
    bound = person.psn_no or person.institution or person.area
    key = (person, "" if bound else await _database(browser))
    if key not in _walks:
        _walks[key] = await _walked(browser, person)
    return _walks[key]


async def _walked(browser: Browser, person: Person) -> Walk:
    await sign_in_person(browser, person)
    first = await browser.get("/", follow_redirects=True)
    taken, waiting, seen = Walk(), _links(first), set[str]()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        operation = operation_at(urlsplit(address).path)
        if address in seen or operation is None or operation.code in LEAVES:
            continue
        paths = taken.paths.setdefault(operation.code, [])
        if len(paths) >= OF_EACH:
            continue
        seen.add(address)
        before = await _newest_look(browser)
        answer = await browser.get(address)
        if (
            answer.status_code < httpx.codes.BAD_REQUEST
            or answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
        ):
            paths.append(address)
        if answer.status_code == httpx.codes.OK:
            waiting += _links(answer)
            if "html" in answer.headers.get("content-type", ""):
                taken.texts[address] = answer.text
                taken.looks[address] = await _looks_since(browser, before)
    return taken


async def _database(browser: Browser) -> str:
    async with browser.platform.pool.acquire() as conn:
        return str(await conn.fetchval("SELECT current_database()"))


async def _newest_look(browser: Browser) -> int:
    async with browser.platform.pool.acquire() as conn:
        return int(await conn.fetchval("SELECT coalesce(max(access_id), 0) FROM members_access"))


async def _looks_since(browser: Browser, newest: int) -> set[str]:
    """Whose data was shown to anybody since, as the record has it."""
    async with browser.platform.pool.acquire() as conn:
        rows = await conn.fetch("SELECT psn_no FROM members_access WHERE access_id > $1", newest)
    return {str(row["psn_no"]) for row in rows}


def _links(answer: httpx.Response) -> list[str]:
    """Addresses of our own on a page, in their order."""
    if "html" not in answer.headers.get("content-type", ""):
        return []
    base = str(answer.url).removeprefix(HOST)
    return list(dict.fromkeys(urljoin(base, unescape(link)) for link in LINKS.findall(answer.text)))


def with_ids(operations: dict[str, list[str]]) -> dict[str, list[str]]:
    """Those whose path has something of somebody's in it."""
    owned = {address.code for address in addresses() if address.has_ids}
    kept = ("own person", "own institution", "own area")
    return {
        code: paths for code, paths in operations.items() if code in owned and OPERATIONS[code].scope in kept
    }
