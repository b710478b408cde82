"""Where the agency's people and the officers of the platform begin: what their roles let them do."""

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from gongji.access import OPERATIONS, ROLES, Visitor, permitted
from gongji.web.pages import Page, page

__all__ = ["home"]

PART = "console."


@page("console.home")
async def home(page: Page) -> HttpResponse:
    """The visitor's roles and the pages behind them."""
    roles = [role for code, role in ROLES.items() if code in page.visitor.roles]
    return await page.show("console/home.html", {"roles": roles, "tasks": tasks(page.visitor)})


def tasks(visitor: Visitor) -> list[tuple[str, str]]:
    """Name and address of every page of the console that this visitor may open; those about one thing are reached from lists."""
    found = []
    for code, operation in OPERATIONS.items():
        if not code.startswith(PART) or code == "console.home" or not permitted(visitor.roles, code):
            continue
        try:
            found.append((operation.name, reverse(code)))
        except NoReverseMatch:
            continue
    return found
