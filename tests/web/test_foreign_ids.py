"""Numbers of other people's things, and numbers that are none: not found, never shown, never an error of the server."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

import pytest

from gongji.access import permitted
from gongji.web.addresses import addresses
from tests.web.asgi import Browser
from tests.web.wall import OTHERS, PEOPLE, Person, sign_in_person, walk, with_ids

REFUSED: Final = frozenset({400, 403, 404, 405})
TEXTS: Final = (
    "0", "-1", "999999999999", "9223372036854775808", "1" * 40, "x", "%00", "%2e%2e%2f", "' OR 1=1 --", "<script>",
    "${7*7}", "{{7*7}}", "演示", "\u202e", "NULL", "1e9", "0x10", " ", "a" * 500, "H14010090011", "1401990000000002",
)  # fmt: skip
"""What somebody may write into an address."""
PLACE: Final = re.compile(r"<(?:(\w+):)?\w+>")
NUMBERS: Final = (0, 999_999_999_999, 2**63, 10**30)


NOBODYS: Final = {
    "portal.question": "a question is the same for everybody, its answer is the visitor's own",
    "portal.account_file": "the kind of file in which one's own statement is written",
    "desk.departments.change": "every institution numbers its departments itself",
    "desk.departments.close": "the same",
}
"""Addresses whose last word is no number of one person's or institution's thing, with the reason."""


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


def name(pair: tuple[Person, Person]) -> str:
    return f"{pair[0].role}-{pair[0].institution or pair[0].area or 'own'}"


@pytest.mark.parametrize("pair", list(zip(PEOPLE, OTHERS, strict=True)), ids=name)
async def test_nobody_reads_by_number_what_another_of_the_same_role_reads(
    browser: Browser, pair: tuple[Person, Person]
) -> None:
    owner, other = pair
    own = with_ids((await walk(browser, owner)).paths)
    await sign_in_person(browser, other)
    shown = []
    for code, paths in own.items():
        for path in paths if code not in NOBODYS else ():
            answer = await browser.get(path)
            if answer.status_code not in REFUSED:
                shown.append(f"{code} {path}: {answer.status_code}")
            answer = await browser.send_form(urlsplit(path).path, {})
            if answer.status_code not in REFUSED:
                shown.append(f"POST {code} {path}: {answer.status_code}")
    assert not shown, "\n".join(shown)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_what_is_no_number_is_not_found(browser: Browser, person: Person) -> None:
    await sign_in_person(browser, person)
    wrong = []
    for address in addresses():
        if not address.has_ids or not permitted(frozenset({person.role}), address.code):
            continue
        for path in _paths(address.route):
            for method in ("GET", "POST"):
                answer = await (browser.get(path) if method == "GET" else browser.send_form(path, {}))
                allowed = REFUSED | (
                    {302} if method == "GET" else set()
                )  # what only takes forms leads back to its list
                if address.code.startswith(("law.", "account.")):
                    allowed |= {200, 302}
                if answer.status_code not in allowed:
                    wrong.append(f"{method} {address.code} {path[:80]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _paths(route: str) -> list[str]:
    """The address with each thing in each of its places in turn; the other places take a harmless one."""
    places = list(PLACE.finditer(route))
    return [
        f"{PLACE.sub('1', route[: place.start()])}{thing}{PLACE.sub('1', route[place.end() :])}"
        for place in places
        for thing in (map(str, NUMBERS) if place[1] == "int" else map(_quoted, TEXTS))
    ]


def _quoted(text: str) -> str:
    return text if text.startswith("%") else quote(text, safe="")
