"""异地就医备案: filings that hold, applications under way, and applying for another one, kind first, then a last look.

What an application leads to is asked of the room before it is sent (``applications.follows``), so that it is refused at the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.explain.questions import Figure, figure
from gongji.gateway.visits import number_of
from gongji.members import declarations, entitlements, selectors
from gongji.members.applications import APPLICATIONS, OffsiteApplication, TransferApplication, follows
from gongji.members.declarations import Listed
from gongji.members.rows import FilingRow
from gongji.members.terms import DECLARATION_STATE, FILING_KIND, FILING_SUBTYPE
from gongji.members.values import FilingSpell
from gongji.members.writing import Act, Plan, locked, read
from gongji.policy import Law
from gongji.portal.filing_forms import KINDS, FilingForm
from gongji.portal.ways import told
from gongji.web.pages import Page, page, url

__all__ = ["apply", "cancel", "filing", "withdraw"]

_BADGE: Final = {"submitted": "wait", "approved": "ok", "refused": "bad", "cancelled": "info"}
_TERMS: Final = {
    "LONG_TERM_IN_PROVINCE": ("offsite.filing.required", "offsite.filing.change_after_months"),
    "LONG_TERM_OUT_OF_PROVINCE": (
        "offsite.catalogue",
        "offsite.policy",
        "offsite.filing.change_after_months",
    ),
    "TEMPORARY": ("offsite.temporary.pool_payable", "offsite.filing.temporary_months", "offsite.filing.late"),
}
"""What the law says of each kind, as parameters."""


YES: Final = "是"
"""How a switch that is on reads."""


class Held(msgspec.Struct, frozen=True):
    """A filing in words; ``now`` says whether it holds today."""

    spell: FilingSpell
    kind: str
    subtype: str
    place: str
    now: bool
    over: bool


class Applied(msgspec.Struct, frozen=True):
    """An application in words."""

    listed: Listed
    title: str
    place: str
    from_on: str
    state: str
    badge: str
    reason: str


def _act(page: Page, reason: str) -> Act:
    return Act(page.visitor.actor, page.at, reason, page.platform.ids)


def _held(spell: FilingSpell, page: Page) -> Held:
    now = spell.from_on <= page.today and (spell.until_on is None or page.today <= spell.until_on)
    over = spell.until_on is not None and spell.until_on < page.today
    return Held(
        spell,
        FILING_KIND[spell.kind],
        FILING_SUBTYPE.get(spell.subtype, ""),
        area_name(spell.region),
        now,
        over,
    )


def _applied(listed: Listed) -> Applied:
    content = msgspec.json.decode(listed.content, type=APPLICATIONS[listed.kind])
    title = "转院备案" if isinstance(content, TransferApplication) else FILING_KIND[content.filing_kind]
    return Applied(
        listed,
        title,
        area_name(content.region),
        str(content.from_on),
        DECLARATION_STATE[listed.state],
        _BADGE[listed.state],
        listed.reason or "",
    )


@page("portal.filing")
async def filing(page: Page) -> HttpResponse:
    """What is filed, what is applied for."""
    psn_no = page.visitor.psn_no
    async with page.connection() as conn:
        found = (await selectors.records(conn, [psn_no])).get(psn_no)
        applied = await declarations.declarations_of(conn, psn_no)
    spells = found.filings if found is not None else ()
    held = sorted((_held(spell, page) for spell in spells), key=lambda one: one.spell.from_on, reverse=True)
    shown = [_applied(one) for one in reversed(applied) if one.kind in ("offsite", "transfer")]
    context = {
        "now": [one for one in held if not one.over],
        "over": [one for one in held if one.over],
        "applied": shown,
        "sent": page.request.GET.get("sent", ""),
    }
    return await page.show("portal/filing.html", context)


@page("portal.filing_apply")
async def apply(page: Page) -> HttpResponse:
    """Kind, particulars, the last look, and the application."""
    post = page.request.POST if page.request.method == "POST" else None
    kind = (post or page.request.GET).get("kind", "")
    async with page.connection() as conn:
        insured = await selectors.standing(conn, page.visitor.psn_no, page.today)
    if insured is None or not insured.region:
        return await page.no(409, "没有参保关系", "没有职工医保参保关系的，不能办理异地就医备案。")
    home = insured.region
    if kind not in KINDS:
        given = {code: _figures(page, home, code) for code in KINDS}
        kinds = [(code, *words, _effect(given[code]), given[code]) for code, words in KINDS.items()]
        return await page.show("portal/filing_kinds.html", {"kinds": kinds})
    form = (
        FilingForm(kind, home, page.today, post) if post is not None else FilingForm(kind, home, page.today)
    )
    figures = _figures(page, home, kind)
    context: dict[str, Any] = {
        "form": form, "kind": KINDS[kind][0], "figures": figures, "effect": _effect(figures),
    }  # fmt: skip
    if post is None or "back" in post or not form.is_valid():
        return await page.show(
            "portal/filing_apply.html", context, 422 if form.errors and post and "back" not in post else 200
        )
    outcome = await (_send if "send" in post else _tried)(page, form)
    if isinstance(outcome, Refusal):
        context |= {"problems": [told(outcome)]}
        return await page.show("portal/filing_apply.html", context, 422)
    if isinstance(outcome, int):
        return HttpResponseRedirect(f"{url('portal.filing')}?sent={outcome}")
    row = next(change.row for change in outcome.changes if isinstance(change.row, FilingRow))
    context |= {
        "row": row,
        "place": area_name(row.region),
        "subtype": FILING_SUBTYPE[row.subtype],
        "private": form.private,
        "hidden": [(name, post.get(name, "")) for name in form.fields],
    }
    return await page.show("portal/filing_check.html", context)


def _figures(page: Page, region: str, kind: str) -> tuple[Figure, ...]:
    law: Law = page.platform.law
    return tuple(one for key in _TERMS[kind] if (one := figure(law, key, region, page.today, {})) is not None)


def _effect(figures: Sequence[Figure]) -> str:
    """What a filing of the kind changes for the member, as the law has it today."""
    said = {one.key: one.text for one in figures}
    if temporary := said.get("offsite.temporary.pool_payable"):
        if temporary == YES:
            return "备案以后，临时外出看的普通门诊，统筹基金也可以付。"
        return "即使备了案，临时外出看的普通门诊统筹基金也不付，可以用个人账户。"
    if said.get("offsite.filing.required") == YES:
        return "备案以后，在那里的门诊统筹定点机构看病买药，统筹基金才能直接报销。"
    if {"offsite.catalogue", "offsite.policy"} <= said.keys():
        catalogue, policy = said["offsite.catalogue"], said["offsite.policy"]
        return f"备案以后在那里报销，药品和项目按{catalogue}的目录，起付标准、比例和限额按{policy}的政策。"
    return ""


async def _tried(page: Page, form: FilingForm) -> Plan | Refusal:
    """What the application would lead to if it were approved today."""
    async with page.connection() as conn:
        dossier = await read(conn, page.visitor.psn_no)
    if dossier is None:
        return Refusal("UNKNOWN_MEMBER")
    return follows(dossier, page.platform.law, form.application, 0, page.today, page.today)


async def _send(page: Page, form: FilingForm) -> int | Refusal:
    """Apply; the same application that waits already is the answer to a form that is sent twice."""
    psn_no, platform = page.visitor.psn_no, page.platform
    async with page.connection() as conn, conn.transaction():
        await locked(conn, psn_no)
        known = _waiting(await declarations.declarations_of(conn, psn_no), form.application)
        if known is not None:
            return known
        done = await declarations.declare(
            conn, _act(page, "网上申请"), platform.law, platform.vault, psn_no, form.application, form.private
        )
    return done if isinstance(done, Refusal) else done.declaration_id


def _waiting(listed: Sequence[Listed], application: OffsiteApplication) -> int | None:
    waiting = (one for one in listed if one.kind == application.kind and one.state == "submitted")
    same = (
        one for one in waiting if msgspec.json.decode(one.content, type=OffsiteApplication) == application
    )
    return next((one.declaration_id for one in same), None)


@page("portal.filing_withdraw")
async def withdraw(page: Page, number: str) -> HttpResponse:
    """Take back an application that nobody has decided."""
    declaration_id = number_of(number)
    async with page.connection() as conn:
        applied = await declarations.declarations_of(conn, page.visitor.psn_no)
    found = next(
        (
            one
            for one in applied
            if one.declaration_id == declaration_id and one.kind in ("offsite", "transfer")
        ),
        None,
    )
    if found is None:
        return await page.no(404, "没有这件申请", "请从「异地就医备案」中选择。")
    refusal: Refusal | None = None
    if page.request.method == "POST":
        async with page.connection() as conn:
            done = await declarations.cancel(
                conn, _act(page, "本人撤回"), page.visitor.psn_no, found.declaration_id
            )
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("portal.filing"))
        refusal = done
    context = {"one": _applied(found), "problems": [told(refusal)] if refusal else []}
    return await page.show("portal/filing_withdraw.html", context, 409 if refusal else 200)


@page("portal.filing_cancel")
async def cancel(page: Page, number: str) -> HttpResponse:
    """End a filing from today on, where the law lets it end."""
    psn_no, spell_no = page.visitor.psn_no, number_of(number)
    async with page.connection() as conn:
        found = (await selectors.records(conn, [psn_no])).get(psn_no)
    spell = next((one for one in found.filings if one.spell_no == spell_no), None) if found else None
    if spell is None:
        return await page.no(404, "没有这项备案", "请从「异地就医备案」中选择。")
    refusal: Refusal | None = None
    if page.request.method == "POST":
        async with page.connection() as conn:
            done = await entitlements.cancel_filing(
                conn, _act(page, "本人取消"), page.platform.law, psn_no, spell.spell_no, page.today
            )
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("portal.filing"))
        refusal = done
    context = {"one": _held(spell, page), "problems": [told(refusal)] if refusal else []}
    return await page.show("portal/filing_cancel.html", context, 409 if refusal else 200)
