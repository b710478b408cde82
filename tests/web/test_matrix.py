"""The matrix, cell by cell: every role at every operation, on the demonstration with its past."""

from __future__ import annotations

import pytest

from gongji.access import OPERATIONS, ROLES, may_combine, permitted
from gongji.access.operations.shape import Operation
from gongji.access.page import MARK, matrix_text
from gongji.web.pages import is_page
from tests.tidy.test_tidy import REPO
from tests.web.asgi import Browser, sign_in_as
from tests.web.wall import OTHERS, PEOPLE, Person, addresses, filled, found, sign_in_person

OWN = frozenset({200, 302, 400, 405, 422})
"""What a page that one may open answers to a bare GET: itself, its own way on, or that it wants a form."""


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


def test_every_address_of_the_web_stands_behind_the_matrix() -> None:
    assert [address.route for address in addresses() if not is_page(address.view)] == []


def test_every_operation_has_an_address_and_every_address_is_its_operations() -> None:
    rows = list(addresses())
    assert {row.code for row in rows} == set(OPERATIONS)
    assert [row.route for row in rows if is_page(row.view) and row.view.operation.code != row.code] == []
    assert len(rows) == len(OPERATIONS)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_each_cell_opens_or_refuses_as_the_matrix_says(browser: Browser, person: Person) -> None:
    reached = await found(browser, person)
    wrong = []
    for address in addresses():
        operation = OPERATIONS[address.code]
        if operation.code in ("web.sign_out", "account.session_end"):
            continue
        path = reached[address.code][0] if address.code in reached else filled(address)
        answer = await browser.get(path)
        if operation.scope == "public":
            fits = answer.status_code < 500
        elif permitted(frozenset({person.role}), address.code):
            fits = answer.status_code in OWN or (answer.status_code == 404 and address.code not in reached)
            fits = fits and not answer.headers.get("location", "").startswith("/signin")
        else:
            fits = answer.status_code == 403
        if not fits:
            wrong.append(f"{address.code} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_a_form_is_refused_to_whoever_may_not(browser: Browser, person: Person) -> None:
    await sign_in_person(browser, person)
    wrong = []
    for address in addresses():
        if OPERATIONS[address.code].scope != "public" and not permitted(
            frozenset({person.role}), address.code
        ):
            answer = await browser.send_form(filled(address), {})
            if answer.status_code != 403:
                wrong.append(f"{address.code}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


async def test_nobody_passes_anywhere_without_signing_in(browser: Browser) -> None:
    wrong = []
    for address in addresses():
        if OPERATIONS[address.code].scope != "public":
            answer = await browser.get(filled(address))
            if answer.status_code != 302 or not answer.headers["location"].startswith("/signin?next="):
                wrong.append(f"{address.code}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


async def test_an_account_without_a_role_opens_nothing(browser: Browser) -> None:
    await sign_in_as(browser, area="14")
    refused = [
        (await browser.get(filled(address))).status_code
        for address in addresses()
        if OPERATIONS[address.code].scope != "public"
    ]
    assert set(refused) == {403}


def test_the_people_of_these_tests_have_every_role() -> None:
    assert {person.role for person in PEOPLE} == {person.role for person in OTHERS} == set(ROLES)


def test_an_operation_that_is_not_listed_is_nobodys() -> None:
    assert not permitted(frozenset(ROLES), "portal.nothing")


def test_a_row_that_names_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown roles"):
        Operation(code="x.y", name="x", scope="anybody", roles=frozenset({"nobody"}))


@pytest.mark.parametrize(
    "roles",
    [
        {"system_officer", "security_officer"}, {"audit_officer", "clerk"}, {"clerk", "first_review"},
        {"first_review", "second_review"}, {"second_review", "finance"}, {"member", "doctor"}, {"doctor", "clerk"},
    ],
)  # fmt: skip
def test_roles_that_must_not_meet_do_not(roles: set[str]) -> None:
    assert not may_combine(frozenset(roles))


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    page = (REPO / "docs" / "access.md").read_text("utf-8")
    assert page.partition(MARK)[2].strip() == matrix_text().strip(), (
        "run: gongji access matrix --into docs/access.md"
    )
