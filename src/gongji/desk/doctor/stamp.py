"""When a form was made: a message sent twice must say the same time, so the form carries it with the message's number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gongji.base.times import CHINA
from gongji.web.pages import Page

__all__ = ["EXPIRED", "STAMP", "made_at", "number_of_form", "stamp"]

STAMP: Final = "%Y-%m-%d %H:%M:%S"
KEPT: Final = timedelta(hours=12)
EARLY: Final = timedelta(minutes=1)
EXPIRED: Final = (
    "页面已过期",
    "这一页打开得太久，或不是由本系统打开的。请返回后重新办理，已填写的医嘱都还在。",
)
LONGEST: Final = 24


def stamp(page: Page) -> str:
    """Now, as messages write it."""
    return page.at.astimezone(CHINA).strftime(STAMP)


def made_at(page: Page) -> datetime | None:
    """When the posted form was made; None when it says nothing, nothing possible, or too long ago."""
    try:
        made = datetime.strptime(page.request.POST.get("made", ""), STAMP).replace(tzinfo=CHINA)
    except ValueError:
        return None
    return made if page.at - KEPT <= made <= page.at + EARLY else None


def number_of_form(page: Page) -> str:
    """The number that the posted form carries for its messages; "" for none that a page makes."""
    number = page.request.POST.get("msgid", "")
    fits = number.startswith("W") and number[1:].isascii() and number[1:].isdigit() and len(number) <= LONGEST
    return number if fits else ""
