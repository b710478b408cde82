"""Every main screen of every role in a real browser: nothing overflows, no English is left over, no list or chart is empty, and the
accessibility checker finds no serious fault. Members' screens on a phone, all others on a desk; ``make screenshots`` does both.
"""

import pytest

from tests.web.chromium import DESK, PHONE, Chrome, chrome, served
from tests.web.screens import PORTAL, PUBLIC, SCREENS, Screen
from tests.web.walking import faults_of, walk

__all__ = ["chrome", "served"]

WHO = sorted({screen.who for screen in SCREENS})


@pytest.mark.parametrize("who", WHO)
async def test_the_screens_of_each_role_have_no_fault(chrome: Chrome, who: str) -> None:
    tabs = {}
    faults = []
    for screen in (screen for screen in SCREENS if screen.who == who):
        width = _width(screen)
        if width not in tabs:
            tabs[width] = await chrome.tab(who, width=width)
        tab = tabs[width]
        status = await walk(tab, screen)
        faults += [f"{screen.name}: {fault}" for fault in await faults_of(tab, screen, status)]
    assert not faults, "\n".join(faults)


def _width(screen: Screen) -> int:
    """The one on which the screen is mostly used."""
    return PHONE if screen in (*PORTAL, *PUBLIC) else DESK
