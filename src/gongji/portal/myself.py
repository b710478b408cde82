"""The member before the page: how insured today, what the year has used, what the account holds."""

from __future__ import annotations

from typing import Any

import msgspec

from gongji.accounts import selectors as accounts
from gongji.base.sqlfiles import Connection
from gongji.members import selectors as members
from gongji.members.eligibility import ORDINARY, Answer, Eligibility, eligibility, facts_of
from gongji.members.values import Standing
from gongji.portal.places import PlaceKind, place_kinds
from gongji.providers.values import ProviderDay
from gongji.settlement import selectors as settlement
from gongji.settlement.limits import Used
from gongji.settlement.years import YearState
from gongji.web.pages import Page

__all__ = ["Myself", "facts_at", "myself"]


class Myself(msgspec.Struct, frozen=True):
    """``balance_fen``, also of a frozen account; None: no account. ``account_state`` open, frozen or closed.
    ``owners``: whose accounts may be used today.
    ``places``: the kinds of places that the region's law tells apart, ``entitled`` what holds at the first of them.
    """

    standing: Standing
    year: YearState
    used: Used
    balance_fen: int | None
    account_state: str
    owners: tuple[str, ...]
    places: tuple[PlaceKind, ...]
    entitled: Eligibility

    @property
    def ordinary(self) -> Answer:
        """Whether the pool pays ordinary care today, or why not."""
        answer = self.entitled.answer(ORDINARY)
        assert answer is not None, "eligibility always answers for ordinary care"
        return answer


def facts_at(page: Page, standing: Standing, place: ProviderDay) -> dict[str, str]:
    """The member's facts at a place today, seen with a voucher and, at a pharmacy, with a prescription."""
    return facts_of(
        standing,
        place.attributes,
        place.region,
        voucher=True,
        prescription="valid" if place.kind == "pharmacy" else "not_needed",
        extra={},
        on=page.today,
        law=page.platform.law,
    )


async def myself(page: Page, conn: Connection) -> Myself | None:
    """The visitor as a member; None when no member has the number of the account."""
    psn_no, on, platform = page.visitor.psn_no, page.today, page.platform
    standing = await members.standing(conn, psn_no, on)
    if standing is None:
        return None
    owners = (await members.family_owners(conn, [psn_no], on)).get(psn_no, ())
    places = place_kinds(platform.law, standing.region, on)
    facts: dict[str, Any] = facts_at(page, standing, places[0].day) if places else {}
    held = await accounts.holding(conn, psn_no)
    return Myself(
        standing=standing,
        year=await settlement.year(conn, psn_no, on.year),
        used=await settlement.used(conn, psn_no, ORDINARY, on),
        balance_fen=held[0] if held is not None else None,
        account_state=held[1] if held is not None else "",
        owners=owners,
        places=places,
        entitled=eligibility(
            platform.law, standing, on, facts, owners=owners, allow_draft=platform.allow_draft
        ),
    )
