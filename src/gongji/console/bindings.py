"""家庭共济申请: what waits for a reviewer of the area, and one application with the decision. By another one than who applied."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.accounts.family import decide_binding
from gongji.accounts.printing import STATES as ACCOUNT_STATES
from gongji.accounts.selectors import account_state
from gongji.accounts.values import Office
from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within, normalise_region
from gongji.base.sqlfiles import Connection
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.members import selectors as members
from gongji.members.declarations import open_declarations
from gongji.members.family import PROOFS, RELATIONS, Application, FamilyRequest, bindings_of_owner
from gongji.members.family_reading import application_of
from gongji.members.identity import mask_cert_no, mask_name
from gongji.members.personal import cert_no
from gongji.web.pages import Page, page, url

__all__ = ["listing", "one"]

KIND: Final = "family"
SHOWN: Final = ("psn_name", "certno")
STATES: Final = {
    "submitted": ("待复核", "wait"),
    "approved": ("已通过", "ok"),
    "refused": ("未通过", "bad"),
    "cancelled": ("已撤回", "info"),
}


class Waiting(msgspec.Struct, frozen=True):
    """An application that waits, in words; names are masked."""

    number: int
    owner: str
    user: str
    relation: str
    proof: str
    area: str
    submitted_at: Any
    by_member: bool


@page("console.bindings")
async def listing(page: Page) -> HttpResponse:
    """What waits in the area, oldest first."""
    area = normalise_region(page.visitor.area)
    async with page.connection() as conn:
        found = await open_declarations(conn, KIND, None if area == NATION else area)
        asked = [(one, msgspec.json.decode(one.content, type=FamilyRequest)) for one in found]
        names = await members.names(conn, [number for _, ask in asked for number in (ask.owner, ask.user)])
        standings = await members.standings(conn, [(ask.owner, page.today) for _, ask in asked])
    rows = [
        Waiting(
            one.declaration_id,
            mask_name(names.get(ask.owner, "")),
            mask_name(names.get(ask.user, "")),
            RELATIONS.get(ask.relation, ask.relation),
            PROOFS.get(ask.proof, ask.proof),
            area_name(standings[ask.owner, page.today].region),
            one.submitted_at,
            one.submitted_by.startswith("member:"),
        )
        for one, ask in asked
        if (ask.owner, page.today) in standings
    ]
    return await page.show("console/bindings.html", {"rows": rows})


async def _in_area(page: Page, conn: Connection, number: str) -> Application | None:
    """The application, if its owner is insured in the visitor's area."""
    wanted = number_of(number)
    found = await application_of(conn, wanted) if wanted is not None else None
    standing = await members.standing(conn, found.request.owner, page.today) if found is not None else None
    if standing is None or not standing.region or not is_within(standing.region, page.visitor.area):
        return None
    return found


@page("console.binding")
async def one(page: Page, number: str) -> HttpResponse:
    """Both persons, the relation and its proof, what stands in the way; to approve, or to refuse with a reason."""
    async with page.connection() as conn:
        found = await _in_area(page, conn, number)
    if found is None:
        return await page.no(404, "没有这件申请", "它不在您的区域，或编号不对。")
    why_not, reason = "", page.request.POST.get("reason", "").strip()[:200]
    if page.request.method == "POST":
        why_not = await _decide(page, found, reason)
        if not why_not:
            return HttpResponseRedirect(url("console.binding", number))
    for psn_no in (found.request.owner, found.request.user):
        await page.look(psn_no, SHOWN, f"申请 {number}")
    context = await _context(page, found)
    return await page.show(
        "console/binding.html", {**context, "why_not": why_not, "reason": reason}, 409 if why_not else 200
    )


async def _decide(page: Page, found: Application, reason: str) -> str:
    """Approve or refuse as the button says; answers why it was not done, or nothing."""
    approve = page.request.POST.get("decision") == "approve"
    if not approve and not reason:
        return "不同意要写明原因，申请人会看到"
    platform = page.platform
    office = Office(
        platform.law, platform.ids, platform.vault, page.visitor.actor, page.at, platform.allow_draft
    )
    async with page.connection() as conn:
        refusal = await decide_binding(
            conn, office, found.request.owner, found.declaration_id, approve=approve, reason=reason
        )
    return refusal_sentence(refusal) if isinstance(refusal, Refusal) else ""


async def _context(page: Page, found: Application) -> dict[str, Any]:
    request = found.request
    async with page.connection() as conn:
        owner = await members.find(conn, page.platform.vault, psn_no=request.owner)
        user = await members.find(conn, page.platform.vault, psn_no=request.user)
        state = await account_state(conn, request.owner)
        bound = [
            each for each in await bindings_of_owner(conn, request.owner) if each.meets(page.today, None)
        ]
        names = await members.names(conn, [each.user for each in bound])
    vault = page.platform.vault
    return {
        "one": found,
        "state": STATES[found.state],
        "people": [
            (words, person.name, mask_cert_no(cert_no(vault, person)), person.psn_no)
            for words, person in (("账户所有人", owner), ("使用人", user))
            if person is not None
        ],
        "relation": RELATIONS.get(request.relation, request.relation),
        "proof": PROOFS.get(request.proof, request.proof),
        "account": ACCOUNT_STATES.get(state or "", "没有个人账户"),
        "bound": [
            (
                mask_name(names.get(each.user, "")),
                RELATIONS.get(each.relation, ""),
                each.from_on,
                each.until_on,
            )
            for each in bound
        ],
        "by_member": found.submitted_by.startswith("member:"),
    }
