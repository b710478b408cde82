"""The first page, and the pages about the pages."""

from django.http import HttpResponse, HttpResponseRedirect

from gongji.web.pages import Page, page, url


@page("web.front")
async def front(page: Page) -> HttpResponse:
    """To one's own beginning, or what this is and where to sign in."""
    if page.who is not None:
        return HttpResponseRedirect(url(page.who.home))
    return await page.show("web/front.html")


@page("web.no_role")
async def no_role(page: Page) -> HttpResponse:
    """An account without a role."""
    return await page.show("web/no_role.html")


@page("web.styleguide")
async def styleguide(page: Page) -> HttpResponse:
    """Colours, type and components on one page."""
    return await page.show("web/styleguide.html")
