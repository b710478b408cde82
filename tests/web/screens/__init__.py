"""The main screens of every part. A page of the matrix has a screen here, or a word in ``EXCUSED`` on why it has none."""

from typing import Final

from tests.web.screens.console import CONSOLE
from tests.web.screens.desk import DESK
from tests.web.screens.excused import EXCUSED
from tests.web.screens.portal import PORTAL
from tests.web.screens.public import PUBLIC
from tests.web.screens.shape import Screen

__all__ = ["CONSOLE", "DESK", "EXCUSED", "PORTAL", "PUBLIC", "SCREENS", "Screen"]

SCREENS: Final = (*PUBLIC, *PORTAL, *DESK, *CONSOLE)
