"""The first page, and what an account without a role sees."""

from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.explain.questions import QUESTIONS
from gongji.web.pages import Page, page, url

ASKED: Final = 6
"""So many common questions stand on the first page."""


@page("web.front")
async def front(page: Page) -> HttpResponse:
    """To one's own beginning, or what this is and where to sign in."""
    if page.who is not None:
        return HttpResponseRedirect(url(page.who.home))
    return await page.show("web/front.html", {"questions": list(QUESTIONS.values())[:ASKED]})


@page("web.no_role")
async def no_role(page: Page) -> HttpResponse:
    """An account without a role."""
    return await page.show("web/no_role.html")
