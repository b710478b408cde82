"""申请零星报销: one form with photographs, a page on which everything is looked at once more, then the receipt with a number.

The form carries a signed number, under which its photographs wait and the claim will be kept: sent twice it is one claim.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.claims import Application, ClaimVisit, Payee, Personal, Place, files, receiving, rules, selectors
from gongji.claims.office import Judged, judge
from gongji.claims.receiving import Received
from gongji.claims.values import normal_text
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.members.selectors import standing
from gongji.portal.claim_forms import FIRST_ROWS, ClaimForm
from gongji.portal.claim_lines import NONE_OF_THEM, Choice, Written, choices_for, fee_lines
from gongji.portal.claims import asked_next, taker, uploads
from gongji.providers.values import Provider
from gongji.web.claiming import claim_office, picture
from gongji.web.pages import Page, page, url

__all__ = ["apply", "draft_file"]

MORE_ROWS: Final = 5
SALT: Final = "portal.claim"
DRAFT_DAYS: Final = 7
MOST_PLACES: Final = 300
BUTTONS: Final = frozenset(
    {"csrfmiddlewaretoken", "check", "send", "more", "upload", "draft", "document", "remove"}
)
"""Fields of the form that are no answers."""


def _signed(page: Page, claim_id: int) -> str:
    return signing.dumps([page.visitor.psn_no, str(claim_id)], salt=SALT)


def _draft_of(page: Page, token: str) -> int | None:
    """The number of the member's own draft in a token that this site has signed; None for any other."""
    try:
        psn_no, number = signing.loads(token, salt=SALT, max_age=DRAFT_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return number_of(number) if psn_no == page.visitor.psn_no else None


@page("portal.claim_apply")
async def apply(page: Page) -> HttpResponse:
    """The form, its photographs, the last look and the sending."""
    post = page.request.POST if page.request.method == "POST" else None
    claim_id = _draft_of(page, post.get("draft", "")) if post is not None else page.platform.ids.next()
    if claim_id is None:
        return await page.no(400, "这份申请已经过期", "请重新填写申请。")
    if post is None:
        return await _form(page, claim_id, ClaimForm(initial={"excluded": "none"}), [])
    async with page.connection() as conn:
        if await selectors.case(conn, claim_id, page.visitor.psn_no) is not None:
            return HttpResponseRedirect(url("portal.claim", claim_id))
    problems = await uploads(page, claim_id)
    rows = min(number_of(post.get("rows", "")) or FIRST_ROWS, 99)
    if "more" in post:
        rows += MORE_ROWS
    form = ClaimForm(post, rows=rows)
    if problems or not {"check", "send"} & post.keys():
        return await _form(page, claim_id, _unchecked(post, rows), problems)
    if not form.is_valid():
        return await _form(page, claim_id, form, [], 422)
    return await _checked(page, claim_id, form)


def _unchecked(post: Any, rows: int) -> ClaimForm:
    """The form with what was written so far, without complaints about what is still missing."""
    return ClaimForm(initial={name: post.get(name) for name in post}, rows=rows)


async def _checked(page: Page, claim_id: int, form: ClaimForm) -> HttpResponse:
    """What was written is whole: ask which items are meant, show the whole, or send it."""
    offered = await asyncio.to_thread(_offered, page, form.written, form)
    if offered:
        asking = ClaimForm(page.request.POST, rows=form.rows, offered=offered)
        return await _form(page, claim_id, asking, [], 422)
    async with page.connection() as conn:
        kept = await files.drafted(conn, page.visitor.psn_no, claim_id)
    documents = tuple(sorted({one.document for one in kept}))
    found = _known_place(page, form.cleaned_data["place"])
    if found is None and not form.cleaned_data["region"] and form.cleaned_data["excluded"] != "ABROAD":
        form.add_error("region", "本地名册里没有这家机构，请选它在哪里")
        return await _form(page, claim_id, form, [], 422)
    application = _application(page, form, found, documents)
    personal = Personal(
        Payee(*(_plain(form.cleaned_data[name]) for name in ("holder", "bank", "account_no"))),
        form.cleaned_data["phone"],
    )
    if "send" in page.request.POST:
        return await _send(page, claim_id, form, application, personal)
    return await _look(page, claim_id, form, application, personal)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _offered(page: Page, written: tuple[Written, ...], form: ClaimForm) -> dict[int, tuple[Choice, ...]]:
    """Rows whose name fits several items, none of which was chosen yet."""
    on, region = form.cleaned_data["service_on"], "CN"
    rows = [row for row in range(1, form.rows + 1) if form.cleaned_data.get(f"name_{row}")]
    offered = {}
    for row, line in zip(rows, written, strict=True):
        choices = choices_for(page.platform.catalogue, line.name, on, region)
        chosen = line.item == NONE_OF_THEM or any(one.code == line.item for one in choices)
        if len(choices) > 1 and not chosen:
            offered[row] = choices
    return offered


def _resolved(page: Page, form: ClaimForm, line: Written) -> str:
    if line.item == NONE_OF_THEM:
        return ""
    choices = choices_for(page.platform.catalogue, line.name, form.cleaned_data["service_on"], "CN")
    if any(one.code == line.item for one in choices):
        return line.item
    return choices[0].code if len(choices) == 1 else ""


def _known_place(page: Page, name: str) -> Provider | None:
    """The institution of the register that the member names, by name or number."""
    wanted = normal_text(name)
    fits = (one for one in page.platform.providers if wanted in (normal_text(one.name), one.code))
    return next(fits, None)


def _application(
    page: Page, form: ClaimForm, found: Provider | None, documents: tuple[str, ...]
) -> Application:
    data = form.cleaned_data
    lines = fee_lines(form.written, data["service_on"], lambda line: _resolved(page, form, line))
    place = Place(code=found.code) if found is not None else Place(
        name=_plain(data["place"]), region=data["region"], kind=data["kind"], level=data["level"],
        designated=data["designated"] == "yes",
    )  # fmt: skip
    visit = ClaimVisit(
        visit_no=1,
        service_on=data["service_on"],
        invoice_no=data["invoice_no"].strip(),
        lines=lines,
        diagnosis=_plain(data["diagnosis"]),
        voucher_type=data["voucher_type"],
        emergency=data["why"] == "emergency",
        excluded=data["excluded"],
        prescription=data["prescription"],
    )
    return Application(
        psn_no=page.visitor.psn_no,
        received_on=page.today,
        place=place,
        visits=(visit,),
        total_fen=data["total"],
        documents=documents,
        system_failure=data["why"] == "failure",
    )


async def _look(
    page: Page, claim_id: int, form: ClaimForm, application: Application, personal: Personal
) -> HttpResponse:
    """Everything once more, with what the law says of it already, before it is sent."""
    refusal = rules.refuse_application(application, page.today)
    judged: Judged | Refusal | None = None
    async with page.connection() as conn:
        if refusal is None:
            judged = await judge(conn, claim_office(page.platform), application, page.today)
        kept = await files.drafted(conn, page.visitor.psn_no, claim_id)
    if isinstance(judged, Refusal):
        refusal = judged
    if refusal is not None:
        return await _form(page, claim_id, form, [refusal_sentence(refusal)], 422)
    assert isinstance(judged, Judged)
    names = rules.documents(page.platform.law)
    missing = rules.missing_documents(judged.required, application.documents)
    refused = next(iter(judged.refused.values()), None)
    place = judged.places[1]
    context = {
        "draft": _signed(page, claim_id),
        "hidden": [(name, value) for name, value in page.request.POST.items() if name not in BUTTONS],
        "form": form,
        "application": application,
        "visit": application.visits[0],
        "place": place.name or application.place.name,
        "payee": personal.payee,
        "phone": personal.phone,
        "files": [(one, names.get(one.document, one.document)) for one in kept],
        "missing": rules.document_titles(page.platform.law, missing),
        "refused": refusal_sentence(refused) if refused is not None else "",
        "refused_clause": refused.clause if refused is not None else "",
        "lines": [(line.local_item, line.item, line.amount_fen) for line in application.visits[0].lines],
    }  # fmt: skip
    return await page.show("portal/claim_check.html", context)


async def _send(
    page: Page, claim_id: int, form: ClaimForm, application: Application, personal: Personal
) -> HttpResponse:
    async with page.connection() as conn:
        done = await receiving.receive(
            conn, claim_office(page.platform), application, personal, taker(page), claim_id
        )
    if isinstance(done, Received) or done.code == "CLAIM_MOVED_ON":
        return HttpResponseRedirect(f"{url('portal.claim', claim_id)}?sent=1")
    return await _form(page, claim_id, form, [refusal_sentence(done)], 422)


async def _form(
    page: Page, claim_id: int, form: ClaimForm, problems: list[str], status: int = 200
) -> HttpResponse:
    async with page.connection() as conn:
        kept = await files.drafted(conn, page.visitor.psn_no, claim_id)
        insured = await standing(conn, page.visitor.psn_no, page.today)
    names = rules.documents(page.platform.law)
    region = insured.region[:2] if insured is not None else ""
    nearby = [one.name for one in page.platform.providers if one.region.startswith(region)]
    context = {
        "form": form,
        "draft": _signed(page, claim_id),
        "files": [(one, names.get(one.document, one.document)) for one in kept],
        "choices": names.items(),
        "chosen": asked_next(page, names, kept, problems),
        "problems": problems,
        "places": sorted(nearby)[:MOST_PLACES],
    }
    return await page.show("portal/claim_apply.html", context, 422 if problems else status)


@page("portal.claim_draft_file")
async def draft_file(page: Page, draft: str, file_no: str) -> HttpResponse:
    """A photograph of an application that is still being written."""
    claim_id, place = _draft_of(page, draft), number_of(file_no)
    found = None
    if claim_id is not None and place is not None and place < 2**15:
        async with page.connection() as conn:
            found = await files.opened(
                conn, page.platform.vault, page.visitor.psn_no, claim_id, place, draft=True
            )
    return picture(found) if found is not None else await page.no(404, "没有这个文件", "请回到申请页面。")
