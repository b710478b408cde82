"""A screen opened in a browser as its visitor opens it, and what is wrong with it there."""

from __future__ import annotations

from playwright.async_api import Page

from tests.web.looking import access_faults, empty_parts, foreign_words, overflow
from tests.web.screens.shape import Bring, Fill, Screen

__all__ = ["faults_of", "walk"]


async def walk(tab: Page, screen: Screen) -> int:
    """Open the screen's address and take its steps; answers the status of the page that it ends on."""
    answer = await tab.goto(screen.path)
    for step in screen.steps:
        if isinstance(step, Fill):
            await tab.fill(step.selector, step.text)
        elif isinstance(step, Bring):
            await tab.locator(step.selector).first.click()
            await tab.locator(step.until).first.wait_for()
        else:
            async with tab.expect_navigation() as after:
                await tab.locator(step).first.click()
            answer = await after.value
    if answer is None:
        return 0
    return answer.status


async def faults_of(tab: Page, screen: Screen, status: int) -> list[str]:
    """Everything that is wrong with the screen as it stands in ``tab``."""
    faults = [] if status == screen.status else [f"answered {status} instead of {screen.status}"]
    operation = await tab.evaluate("document.body.dataset.page ?? ''")
    if operation != screen.operation:
        faults.append(f"ended on {operation or tab.url} instead of {screen.operation}")
    faults += [f"overflows: {each}" for each in await overflow(tab)]
    if not screen.latin:
        faults += [f"foreign word: {each}" for each in await foreign_words(tab)]
    if not screen.empty:
        faults += [f"empty: {each}" for each in await empty_parts(tab)]
    return faults + [f"access: {each}" for each in await access_faults(tab)]
