"""Applying for a binding (申请家庭共济绑定): one question a page, everything shown once more before it is sent.

What was answered travels in the address, sealed for this member: it is nobody else's to read, no name stands in it, and the way
back is the browser's own. The agency decides (``console.bindings``); until then nothing is bound.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from gongji.accounts.family import apply_binding
from gongji.accounts.selectors import account_state
from gongji.base.reasons import Refusal
from gongji.base.sealing import SealBroken
from gongji.gateway.visits import number_of
from gongji.members import selectors as members
from gongji.members.family import PROOFS, RELATIONS, FamilyRequest, allowed_relations, applications
from gongji.members.identity import mask_name
from gongji.portal.family_forms import CheckForm, PersonForm, ProofForm, RelationForm
from gongji.portal.kin import asked_of, office_of
from gongji.portal.ways import AGENCY, blocked, told
from gongji.web.pages import Page, page, url

__all__ = ["application", "apply"]

PERSON = ("psn_name", "certno")
RELATIONS_PARAMETER = "account.family.relations"


class Draft(msgspec.Struct, frozen=True):
    """What has been answered so far; the first empty field is the next question."""

    relation: str = ""
    user: str = ""
    proof: str = ""

    @property
    def step(self) -> int:
        """The number of the question that comes now, from 1."""
        answered = (self.relation, self.user, self.proof)
        return next((number for number, answer in enumerate(answered, start=1) if not answer), 4)

    def back(self) -> Draft | None:
        """The draft one question earlier; None at the first."""
        fields = ("relation", "user", "proof")[: self.step - 1]
        return msgspec.structs.replace(self, **{fields[-1]: ""}) if fields else None


def _context(page: Page) -> str:
    return f"portal.family_apply:{page.visitor.psn_no}"


def _address(page: Page, draft: Draft) -> str:
    if draft == Draft():
        return url("portal.family_apply")
    sealed = page.platform.vault.seal_bytes(msgspec.json.encode(draft), _context(page))
    return f"{url('portal.family_apply')}?{urlencode({'draft': base64.urlsafe_b64encode(sealed).decode()})}"


def _draft(page: Page) -> Draft:
    """The draft in the address; an empty one where there is none, or one that is not this member's."""
    try:
        sealed = base64.urlsafe_b64decode(page.request.GET.get("draft", ""))
        opened = page.platform.vault.open_bytes(sealed, _context(page)) if sealed else b"{}"
        return msgspec.json.decode(opened, type=Draft)
    except (SealBroken, binascii.Error, ValueError, msgspec.DecodeError):
        return Draft()


@page("portal.family_apply")
async def apply(page: Page) -> HttpResponse:
    """The next question, or after the last the whole application to check and send."""
    draft, psn_no = _draft(page), page.visitor.psn_no
    async with page.connection() as conn:
        standing = await members.standing(conn, psn_no, page.today)
        state = await account_state(conn, psn_no)
    if standing is None or state != "open" or standing.person.died_on is not None:
        code = "NO_PERSONAL_ACCOUNT" if state is None else "ACCOUNT_NOT_OPEN"
        refusal = Refusal("MEMBER_DECEASED" if standing and standing.person.died_on else code)
        return await page.show("portal/family_none.html", {"blocked": blocked(refusal)})
    allowed = allowed_relations(page.platform.law, standing.region, page.today)
    if isinstance(allowed, Refusal):
        return await page.show("portal/family_none.html", {"blocked": blocked(allowed)})
    posted = page.request.POST if page.request.method == "POST" else None
    if draft.step == 1:
        value = page.platform.law.value(RELATIONS_PARAMETER, standing.region, page.today)
        clause = None if isinstance(value, Refusal) else value.clause
        return await _ask(page, draft, RelationForm(allowed, posted), "relation", clause=clause)
    if draft.step == 2:
        return await _person(page, draft, PersonForm(posted))
    if draft.step == 3:
        return await _ask(page, draft, ProofForm(posted), "proof")
    return await _check(page, draft, CheckForm(posted))


async def _ask(page: Page, draft: Draft, form: forms.Form, field: str, **more: Any) -> HttpResponse:
    """A question whose answer is the form's only field."""
    if form.is_valid():
        answered = msgspec.structs.replace(draft, **{field: form.cleaned_data[field]})
        return HttpResponseRedirect(_address(page, answered))
    return await _question(page, draft, form, **more)


async def _question(page: Page, draft: Draft, form: forms.Form, **more: Any) -> HttpResponse:
    earlier = draft.back()
    back = _address(page, earlier) if earlier is not None else url("portal.family")
    context = {"form": form, "step": draft.step, "back": back, "relation": RELATIONS.get(draft.relation, "")}
    return await page.show("portal/family_apply.html", {**context, **more}, 400 if form.errors else 200)


async def _person(page: Page, draft: Draft, form: PersonForm) -> HttpResponse:
    """Who it is: name and number must be one member's; which of them is wrong is not told."""
    if form.is_valid():
        async with page.connection() as conn:
            found = await members.find(conn, page.platform.vault, cert_no=form.cleaned_data["cert_no"])
        if found is not None and found.psn_no == page.visitor.psn_no:
            form.add_error("cert_no", "这是您自己。请填要用您账户的那位家人")
            return await _question(page, draft, form)
        if found is not None and _plain(found.name) == _plain(form.cleaned_data["name"]):
            await page.look(found.psn_no, PERSON, "核对共济使用人")
            answered = msgspec.structs.replace(draft, user=found.psn_no)
            return HttpResponseRedirect(_address(page, answered))
        form.add_error("cert_no", "没有找到姓名和证件号码都相符的参保人，请核对；没有参保的家人不能绑定")
    return await _question(page, draft, form)


def _plain(name: str) -> str:
    return "".join(char for char in name if char not in " 　·•．.‧")


async def _check(page: Page, draft: Draft, form: CheckForm) -> HttpResponse:
    """Everything that will be sent; sending it is what counts, once."""
    async with page.connection() as conn:
        name = (await members.names(conn, [draft.user])).get(draft.user, "")
    if form.is_valid():
        request = FamilyRequest(
            page.visitor.psn_no, draft.user, draft.relation, draft.proof, True, page.today
        )
        async with page.connection() as conn:
            answer = await apply_binding(conn, office_of(page), request)
        if not isinstance(answer, Refusal):
            return HttpResponseRedirect(url("portal.family_application", answer))
        if answer.code == "DECLARATION_PENDING":
            return HttpResponseRedirect(url("portal.family_application", int(answer.detail)))
        form.add_error(None, _said(answer))
    return await _question(page, draft, form, name=mask_name(name), proof=PROOFS.get(draft.proof, ""))


def _said(refusal: Refusal) -> str:
    """Why not, and what to do. What is registered of the other person's life is not the applicant's to read here."""
    if refusal.code == "MEMBER_DECEASED":
        return f"这位家人现在不能绑定。需要核实的，{AGENCY}"
    return told(refusal)


@page("portal.family_application")
async def application(page: Page, number: str) -> HttpResponse:
    """The application as it was sent, and where it stands: its receipt."""
    wanted = number_of(number)
    async with page.connection() as conn:
        found = await applications(conn, page.visitor.psn_no, wanted) if wanted is not None else ()
        names = await members.names(conn, [one.request.user for one in found])
    if not found:
        return await page.no(404, "没有这件申请", "请从家庭共济页面打开。")
    masked = {psn_no: mask_name(name) for psn_no, name in names.items()}
    return await page.show("portal/family_application.html", {"one": asked_of(found[0], masked)})
