"""Every view of personal data is recorded: who was shown whose, on which page, when. Found by walking: a new page is tried too."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from gongji.demo_data import generate
from gongji.members.access import AccessFilter, read
from gongji.web.pages import url
from tests.web.asgi import Browser
from tests.web.wall import PEOPLE, Person, operation_at, sign_in_person, walk

WORLD = generate()
MEMBERS = {str(row["psn_no"]): row for row in WORLD.tables["members_person"]}
STAFF = {str(row["name"]) for row in WORLD.tables["providers_staff"]}
BY_NAME: dict[str, set[str]] = {}
for _psn_no, _row in MEMBERS.items():
    if str(_row["name"]) not in STAFF | {
        "孙子"
    }:  # staff are named on pages as staff, and grandsons as grandsons
        BY_NAME.setdefault(str(_row["name"]), set()).add(_psn_no)
BY_NUMBER = {number: psn for psn, row in MEMBERS.items() for number in (psn, str(row["cert_no"]))}
BY_NUMBER_ONLY = ("console.accesses", "console.events")
"""The auditor's lists name people by their numbers alone; reading them is an event of its own."""
NUMBER = re.compile(r"[0-9]{15,18}X?")
WORD = re.compile(r"[\u4e00-\u9fff]{2,4}")


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


def shown_on(text: str) -> list[set[str]]:
    """Of whom a page tells: for each name or number on it those whom it may mean."""
    words = re.sub(r"<[^>]+>", "\n", text)
    people = [BY_NAME[word] for word in set(WORD.findall(words)) if word in BY_NAME]
    return people + [{BY_NUMBER[number]} for number in set(NUMBER.findall(words)) if number in BY_NUMBER]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_who_is_shown_on_a_page_is_in_the_record_of_looks(browser: Browser, person: Person) -> None:
    taken = await walk(browser, person)
    unrecorded = []
    for address, text in taken.texts.items():
        operation = operation_at(urlsplit(address).path)
        if operation is None or operation.code in BY_NUMBER_ONLY:
            continue
        unrecorded += [
            f"{operation.code} {address}: {sorted(people)[:3]}"
            for people in shown_on(text)
            if person.psn_no not in people and not people & taken.looks[address]
        ]
    assert not unrecorded, "\n".join(unrecorded)
    assert taken.texts


@pytest.mark.parametrize("code", BY_NUMBER_ONLY)
async def test_the_auditor_reads_numbers_and_no_names_and_the_reading_is_an_event(
    browser: Browser, code: str
) -> None:
    await sign_in_person(browser, next(person for person in PEOPLE if person.role == "audit_officer"))
    answer = await browser.get(url(code))
    words = set(WORD.findall(re.sub(r"<[^>]+>", "\n", answer.text)))
    assert not BY_NAME.keys() & words
    async with browser.platform.pool.acquire() as conn:
        read_by = await conn.fetchval(
            "SELECT actor FROM access_event WHERE kind = 'log_read' AND detail = $1", code
        )
    assert read_by == "agency:t-audit_officer-"


async def test_a_look_says_who_saw_what_of_whom_when_and_why(browser: Browser) -> None:
    began = browser.platform.now()
    inspector = next(person for person in PEOPLE if person.role == "inspector")
    case = (await walk(browser, inspector)).paths["console.complaint"][0]
    await sign_in_person(browser, inspector)
    assert (await browser.get(case)).status_code == 200
    async with browser.platform.pool.acquire() as conn:
        looks = await read(conn, AccessFilter(began, browser.platform.now(), most=5))
    assert str(looks[0].actor).startswith("agency:t-inspector")
    assert looks[0].purpose.startswith("console.complaint ")
    assert looks[0].psn_no in MEMBERS
    assert looks[0].fields
