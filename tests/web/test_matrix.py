"""The matrix, cell by cell: every role at every operation, on the demonstration with its past."""

from __future__ import annotations

from types import ModuleType

import httpx
import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gongji.access import OPERATIONS, ROLES, may_combine, permitted
from gongji.access.matrix import Unguarded
from gongji.access.operations.shape import Operation
from gongji.access.page import MARK, matrix_text
from gongji.project.web import Web
from gongji.web.addresses import Address, addresses, faults
from gongji.web.front import front
from tests.tidy.test_tidy import REPO
from tests.web.asgi import Browser, sign_in_as
from tests.web.wall import OTHERS, PEOPLE, Person, filled, sign_in_person, walk

OWN = frozenset({200, 302, 400, 405, 422})
"""What a page that one may open answers to a bare GET: itself, its own way on, or that it wants a form."""


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


@pytest.mark.usefixtures("browser")
def test_every_address_has_a_row_of_the_matrix_and_every_row_an_address() -> None:
    assert faults() == []
    assert len(list(addresses())) == len(OPERATIONS)


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open by omission")


@pytest.mark.usefixtures("browser")
def test_a_view_outside_the_matrix_a_wrong_name_and_a_row_without_an_address_are_found() -> None:
    wrong = ModuleType("wrong")
    wrong.urlpatterns = [
        path("open", bare, name="web.open"),
        path("x/", include([path("y", front, name="web.law")])),
    ]  # type: ignore[attr-defined]
    said = faults(wrong)
    assert "/open：视图没有经过权限表" in said
    assert "/x/y：地址名 web.law 不是操作代码 web.front" in said
    assert "权限表的操作 portal.home 没有地址" in said


def test_a_server_with_a_page_outside_the_matrix_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "gongji.web.addresses.addresses", lambda _: iter((Address("web.open", "/open", bare),))
    )
    with pytest.raises(Unguarded, match="/open"):
        Web("")
    assert any("/open" in error.msg for error in run_checks(tags=["urls"]))


def to_sign_in(answer: httpx.Response) -> bool:
    return answer.headers.get("location", "").startswith("/signin")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_each_cell_opens_or_refuses_as_the_matrix_says(browser: Browser, person: Person) -> None:
    reached = (await walk(browser, person)).paths
    await sign_in_person(browser, person)
    wrong = []
    for address in addresses():
        operation = OPERATIONS[address.code]
        if operation.code in ("web.sign_out", "account.session_end"):
            continue
        where = next(iter(reached.get(address.code, ())), filled(address))
        answer = await browser.get(where)
        if operation.scope == "public":
            fits = answer.status_code < 500
        elif permitted(frozenset({person.role}), address.code):
            fits = answer.status_code in OWN or (answer.status_code == 404 and not reached.get(address.code))
            fits = fits and not to_sign_in(answer)
        else:
            fits = answer.status_code == 403
        if not fits:
            wrong.append(f"{address.code} {where}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: f"{p.role}-{p.institution or p.area or 'own'}")
async def test_each_cell_takes_or_refuses_a_form_as_the_matrix_says(browser: Browser, person: Person) -> None:
    reached = (await walk(browser, person)).paths
    await sign_in_person(browser, person)
    wrong = []
    for address in addresses():
        operation = OPERATIONS[address.code]
        if operation.code in ("web.sign_out", "account.session_end") or operation.scope == "public":
            continue
        where = next(iter(reached.get(address.code, ())), filled(address))
        answer = await browser.send_form(where, {})
        if permitted(frozenset({person.role}), address.code):
            fits = answer.status_code in OWN | {404, 409} and not to_sign_in(answer)
        else:
            fits = answer.status_code == 403
        if not fits:
            wrong.append(f"{address.code} {where}: {answer.status_code}")
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
