"""Reporting a change of the institution's particulars (信息变更): first what has changed, then only what that asks for."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from gongji.base.reasons import Refusal
from gongji.desk.manager.agreement import coded, office_of
from gongji.desk.manager.agreement_forms import DOCUMENT, FIELDS, choice, personal_of, taker
from gongji.desk.manager.common import at_field, by_whom, day_field, text_field
from gongji.gateway.platform import Platform
from gongji.providers import changing
from gongji.providers.dossier import CHANGES
from gongji.providers.values import PHARMACY, Provider
from gongji.web.pages import Page, page, url

__all__ = ["report"]

OF_HOSPITALS: Final = frozenset({"hosp_lv", "level", "fee_class"})
ASKED: Final = {
    "representative": ("representative_name", "representative_cert", "representative_phone"),
    "bank": ("bank_holder", "bank_name", "bank_number"),
}
"""What a change asks for instead of ``value``."""


class ReportForm(forms.Form):
    """What is new, from when, and the paper by which it was approved."""

    value = text_field("变更后的内容", DOCUMENT)
    representative_name = text_field("新的法定代表人", 50)
    representative_cert = text_field("身份证号", 20, help_text="加密保存，不再显示。")
    representative_phone = text_field("电话", 20, needed=False)
    bank_holder = text_field("新账户户名", 100)
    bank_name = text_field("开户行", 100)
    bank_number = text_field("银行账号", 32, help_text="加密保存，不再显示。", inputmode="numeric")
    from_on = day_field("生效日")
    document = text_field("批准文件", DOCUMENT)
    approved_on = day_field("批准日期")
    note = text_field("说明", 200, needed=False)

    def __init__(self, platform: Platform, field: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, choices = f"新的{CHANGES[field]}", coded(platform).get(field)
        self.fields["value"] = choice(label, choices) if choices else text_field(label, DOCUMENT)
        wanted = ASKED.get(field, ("value",))
        for name in ("value", *ASKED["representative"], *ASKED["bank"]):
            if name not in wanted:
                del self.fields[name]


def _changes(place: Provider) -> dict[str, str]:
    """What an institution of the kind may report: a pharmacy has no grade."""
    return {
        field: name for field, name in CHANGES.items() if place.kind != PHARMACY or field not in OF_HOSPITALS
    }


@page("desk.agreement.report")
async def report(page: Page) -> HttpResponse:
    """Report a change; it holds once an officer of the agency has confirmed it."""
    place = page.platform.provider(page.visitor.institution)
    if place is None:
        return await page.no(404, "机构不在登记中", "请向经办机构核实机构编码。")
    changes = _changes(place)
    field = page.request.GET.get("field", "")
    field = field if field in changes else next(iter(changes))
    posted = page.request.method == "POST"
    initial = {"from_on": page.today, "approved_on": page.today}
    form = ReportForm(page.platform, field, page.request.POST if posted else None, initial=initial)
    if posted and form.is_valid():
        said = form.cleaned_data
        change = changing.Change(
            field=field, from_on=said["from_on"], document=said["document"], approved_on=said["approved_on"],
            value=said.get("value", ""), note=by_whom(page, f"：{said['note']}" if said["note"] else ""),
        )  # fmt: skip
        personal = personal_of(said) if field in ASKED else None
        async with page.connection() as conn:
            done = await changing.report(
                conn, office_of(page.platform), page.visitor.institution, change, taker(page), personal
            )
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("desk.agreement.dossier", done.dossier_id))
        at_field(form, done, FIELDS)
    lead = "名称、地址等自批准之日起按规定期限报告；经办机构复核后生效，收费类别和级别从生效日起计算。"
    chips = [(f"?{urlencode({'field': code})}", name, code == field) for code, name in changes.items()]
    context = {"form": form, "heading": "报告信息变更", "submit": "报告", "lead": lead, "chips": chips}
    return await page.show("desk/manager/agreement_form.html", context, 422 if form.errors else 200)
