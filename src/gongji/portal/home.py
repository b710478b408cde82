"""The member's first page: how insured, what is left this year, what the account holds, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse

from gongji.base.reasons import Refusal
from gongji.base.region_names import region_name
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.explain.words import refusal_sentence
from gongji.members.family import applications
from gongji.members.terms import CATEGORY, RELATION_STATUS
from gongji.portal.limits import Limits, limits_of
from gongji.portal.myself import Myself, facts_at, myself
from gongji.portal.settled import Settlement, of_member
from gongji.portal.ways import AGENCY, Blocked, blocked
from gongji.prescriptions import selectors as prescriptions
from gongji.web.pages import Page, page

__all__ = ["home"]

COLLECTABLE: Final = ("circulating", "held", "approved")
LATEST: Final = 3
GREETINGS: Final = ((5, "夜深了"), (11, "上午好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))
STATES: Final = {"normal": ("正常参保", "ok"), "paused": ("暂停参保", "wait"), "ended": ("已终止", "bad")}
NEVER: Final = ("没有参保记录", "bad")


@page("portal.home")
async def home(page: Page) -> HttpResponse:
    """Everything on one screen of a phone: money first, then what waits, then what was."""
    psn_no = page.visitor.psn_no
    async with page.connection() as conn:
        me = await myself(page, conn)
        if me is None:
            return await page.no(
                404, "没有找到您的参保信息", "这个账号没有对应的参保人，请到经办大厅核对身份。"
            )
        latest = await of_member(page, conn, psn_no)
        waiting = await prescriptions.of_person(conn, psn_no, COLLECTABLE)
        asked = await _open_applications(conn, psn_no)
    limits = _limits(page, me)
    standing = me.standing
    return await page.show(
        "portal/home.html",
        {
            "greeting": _greeting(page),
            "name": standing.person.name,
            "me": me,
            "state": STATES.get(me.entitled.state, NEVER),
            "category": _category(me),
            "flexible": standing.category == "flexible",
            "deceased": standing.person.died_on is not None,
            "region": region_name(standing.region) if standing.region else "",
            "blocked": _blocked(me),
            "limits": limits if isinstance(limits, Limits) and not _elsewhere(me) else None,
            "no_limits": _no_limits(me, limits),
            "unpaid": _unpaid(me),
            "latest": _without_undone(latest)[:LATEST],
            "waiting": len(waiting),
            "asked": asked,
            "identities": [identity.memo for identity in me.entitled.identities if identity.memo],
        },
    )


def _greeting(page: Page) -> str:
    hour = page.at.astimezone(CHINA).hour
    return next(words for until, words in GREETINGS if hour < until)


def _category(me: Myself) -> str:
    """What the member is to the insurance, in words."""
    standing = me.standing
    parts = (
        RELATION_STATUS.get(standing.status or "", ""),
        CATEGORY.get(standing.category, "") if standing.category not in ("retired", "") else "",
        "公务员" if standing.civil_servant else "",
    )
    return " · ".join(part for part in parts if part)


def _blocked(me: Myself) -> Blocked | None:
    """Why the pool does not pay today, or why the account does not."""
    if me.ordinary.refusal is not None:
        return blocked(me.ordinary.refusal)
    if me.account_state == "frozen":
        return blocked(Refusal("ACCOUNT_BLOCKED", "个人账户"))
    return None


def _unpaid(me: Myself) -> bool:
    """Whether the pool pays nothing now, so that what is left of a limit is not to be had; a draft is only estimated anyway."""
    return me.ordinary.refusal is not None and me.ordinary.refusal.code != "LAW_DRAFT"


def _elsewhere(me: Myself) -> bool:
    """Whether the member belongs to another scheme, whose limits nobody here knows."""
    return me.ordinary.refusal is not None and me.ordinary.refusal.code == "NOT_EMPLOYEE_SCHEME"


def _no_limits(me: Myself, limits: Limits | Refusal) -> str:
    """Why no limit can be shown."""
    if me.entitled.state != "normal" or _elsewhere(me):
        return "现在没有参加职工医保，没有可以报销的额度，原因和办法见上面。"
    if isinstance(limits, Refusal) and limits.code != "REGION_UNKNOWN":
        return f"现在算不出额度：{refusal_sentence(limits)}。{AGENCY}"
    return "本平台没有您参保地区的待遇规定，没有可显示的额度。"


def _limits(page: Page, me: Myself) -> Limits | Refusal:
    facts = {place.code: facts_at(page, me.standing, place.day) for place in me.places}
    return limits_of(page.platform.law, me.standing, me.year, page.today, me.places, facts, me.used)


def _without_undone(found: Sequence[Settlement]) -> list[Settlement]:
    """A refund tells of its original; the original is not told beside it."""
    return [one for one in found if one.reversed_by is None]


async def _open_applications(conn: Connection, psn_no: str) -> int:
    return sum(one.state == "submitted" for one in await applications(conn, psn_no))
