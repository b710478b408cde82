"""家庭共济: who may use my account and whose I may use, what was paid; limits, order, ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from gongji.accounts.family import reorder_accounts, revoke_binding, withdraw_application
from gongji.accounts.limits import set_limit
from gongji.accounts.values import Limit
from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.gateway.visits import number_of
from gongji.members.family import applications
from gongji.portal.family_forms import LimitForm, limit_texts
from gongji.portal.kin import Family, User, family_of, office_of
from gongji.portal.settled import Settlement, of_member
from gongji.portal.ways import told
from gongji.web.pages import Page, page, url

__all__ = ["family", "helped_in", "limit", "order", "revoke", "user", "withdraw"]

LATEST = 10


@page("portal.family")
async def family(page: Page) -> HttpResponse:
    """Both directions, applications on their way, and what was paid this year from whose account."""
    async with page.connection() as conn:
        found = await family_of(page, conn)
        settled = await of_member(page, conn, page.visitor.psn_no)
    helped = helped_in(settled, page.today.year)
    return await page.show(
        "portal/family.html",
        {
            "family": found,
            "now": [one for one in found.users if one.state != "over"],
            "over": [one for one in found.users if one.state == "over"],
            "draws": found.draws[:LATEST],
            "more_draws": len(found.draws) > LATEST,
            "drawn_fen": sum(one.amount_fen for one in found.draws),
            "helped": helped[:LATEST],
            "helped_fen": sum(one.sums.mutual_fen for one in helped),
        },
    )


def helped_in(settled: Sequence[Settlement], year: int) -> list[Settlement]:
    """What relatives paid or got back in the year, by the day of payment: as the owners' accounts count it."""
    return [one for one in settled if one.sums.mutual_fen and day_in_china(one.at).year == year]


@page("portal.family_user")
async def user(page: Page, key: str) -> HttpResponse:
    """One relative who may use my account: since when, what was used, the limit, the way to end it."""
    async with page.connection() as conn:
        found = await family_of(page, conn)
    one = found.user(key)
    return (
        await _missing(page)
        if one is None
        else await page.show("portal/family_user.html", _about(found, one))
    )


def _about(found: Family, one: User) -> dict[str, Any]:
    return {
        "one": one,
        "draws": [draw for draw in found.draws if draw.user == one.binding.user],
        "limit": limit_texts(one.limit) if one.limit is not None else (),
        "shared": one.limit is not None and one.limit.user != one.binding.user,
    }


async def _missing(page: Page) -> HttpResponse:
    return await page.no(404, "没有这项绑定", "请从家庭共济页面打开。")


@page("portal.family_limit")
async def limit(page: Page, key: str) -> HttpResponse:
    """What this relative may use at most: a settlement, a month, a year; empty fields are no limit. It holds from today."""
    async with page.connection() as conn:
        one = (await family_of(page, conn)).user(key)
    if one is None or one.state == "over":
        return await _missing(page)
    sent = page.request.POST if page.request.method == "POST" else None
    own = one.limit if one.limit is not None and one.limit.user == one.binding.user else None
    form = LimitForm(sent, initial=LimitForm.of(own))
    if form.is_valid():
        amounts = form.fens()
        wanted = Limit(page.visitor.psn_no, one.binding.user, *amounts, max(page.today, one.binding.from_on))
        async with page.connection() as conn:
            answer = await set_limit(conn, office_of(page), wanted)
        if not isinstance(answer, Refusal):
            return HttpResponseRedirect(url("portal.family_user", key))
        form.add_error(None, told(answer))
    return await page.show(
        "portal/family_limit.html", {"one": one, "form": form}, 200 if sent is None else 400
    )


@page("portal.family_revoke")
async def revoke(page: Page, key: str) -> HttpResponse:
    """End a binding from today on; what will happen is shown before it does."""
    async with page.connection() as conn:
        one = (await family_of(page, conn)).user(key)
    if one is None or one.state == "over":
        return await _missing(page)
    why_not = ""
    if page.request.method == "POST":
        from_on = max(page.today, one.binding.from_on)
        async with page.connection() as conn:
            refusal = await revoke_binding(
                conn, office_of(page), page.visitor.psn_no, one.binding.user, from_on
            )
        if refusal is None:
            return HttpResponseRedirect(f"{url('portal.family')}?ended={page.today}")
        why_not = told(refusal)
    return await page.show(
        "portal/family_revoke.html", {"one": one, "why_not": why_not}, 409 if why_not else 200
    )


@page("portal.family_order")
async def order(page: Page) -> HttpResponse:
    """Put one of the accounts that I may use before the one above it; from today on."""
    async with page.connection() as conn:
        found = await family_of(page, conn)
        owners = [one.owner for one in found.lenders]
        keys = [one.key for one in found.lenders]
        at = keys.index(up) if (up := page.request.POST.get("up", "")) in keys else 0
        if page.request.method == "POST" and at > 0:
            owners[at - 1], owners[at] = owners[at], owners[at - 1]
            refusal = await reorder_accounts(conn, office_of(page), page.visitor.psn_no, owners, page.today)
            if refusal is not None:
                return await page.no(409, "没有改变顺序", told(refusal))
    return HttpResponseRedirect(url("portal.family"))


@page("portal.family_withdraw")
async def withdraw(page: Page, number: str) -> HttpResponse:
    """Take back an application that nobody has decided."""
    wanted, psn_no = number_of(number), page.visitor.psn_no
    async with page.connection() as conn:
        if wanted is None or not await applications(conn, psn_no, wanted):
            return await page.no(404, "没有这件申请", "请从家庭共济页面打开。")
        if page.request.method == "POST":
            refusal = await withdraw_application(conn, office_of(page), psn_no, wanted)
            if refusal is not None:
                return await page.no(409, "没有撤回", told(refusal))
    return HttpResponseRedirect(url("portal.family"))
