"""What tests of the matrix walk along: every address of the web, somebody for each role, and the addresses that each really finds.

Nothing has to be listed for a new page: addresses are those of the URL table, and which numbers stand in them is learned by
following links, forms and parts from the visitor's own first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from django.urls import Resolver404, resolve

from gongji.access import OPERATIONS, Operation
from gongji.demo_data import generate
from gongji.demo_data.accounts import AREA
from gongji.demo_data.register import doctors, pharmacists
from tests.web.asgi import HOST, Browser, sign_in_as

__all__ = [
    "OTHERS",
    "PEOPLE",
    "Address",
    "Person",
    "addresses",
    "filled",
    "found",
    "operation_at",
    "sign_in_person",
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


class Address(msgspec.Struct, frozen=True):
    """A row of the URL table: its name, its path with ``<converter:name>`` in it, its view."""

    code: str
    route: str
    view: Any

    @property
    def has_ids(self) -> bool:
        return "<" in self.route


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


def addresses() -> Iterator[Address]:
    """Every row of the URL table."""
    from django.urls import get_resolver

    def rows(resolver: Any, before: str) -> Iterator[Address]:
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from rows(pattern, route)
            else:
                yield Address(str(pattern.name), f"/{route}", pattern.callback)

    yield from rows(get_resolver("gongji.project.urls"), "")


def filled(address: Address, text: str = "x1", number: int = 1) -> str:
    """The path with something in each of its places: ``text``, or ``number`` where only a number fits."""
    return re.sub(
        r"<(?:(\w+):)?\w+>", lambda place: str(number) if place[1] == "int" else text, address.route
    )


def operation_at(path: str) -> Operation | None:
    """The operation behind a path; None where there is no page."""
    try:
        return getattr(resolve(path).func, "operation", None)
    except Resolver404:
        return None


async def found(
    browser: Browser, person: Person, texts: dict[str, str] | None = None
) -> dict[str, list[str]]:
    """Addresses by operation that ``person`` comes to from the own first page, as they were linked; ``texts`` takes what the pages
    said.
    """
    await sign_in_person(browser, person)
    first = await browser.get("/", follow_redirects=True)
    waiting, seen, reached = _links(first), set[str](), dict[str, list[str]]()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        operation = operation_at(urlsplit(address).path)
        if address in seen or operation is None or operation.code in LEAVES:
            continue
        if len(reached.get(operation.code, [])) >= OF_EACH:
            continue
        seen.add(address)
        answer = await browser.get(address)
        if answer.status_code == httpx.codes.OK:
            reached.setdefault(operation.code, []).append(address)
            waiting += _links(answer)
            if texts is not None and "html" in answer.headers.get("content-type", ""):
                texts[address] = answer.text
        elif (
            answer.status_code < httpx.codes.BAD_REQUEST
            or answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
        ):
            reached.setdefault(operation.code, []).append(address)
    return reached


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
