"""What an institution may do about its agreements itself: apply, hand in what is missing, withdraw.

Conditions and papers are those of the law on the day, each with its article; the verbs of the providers room decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.desk.manager.agreement import office_of, open_layers, own_dossier
from gongji.desk.manager.common import acting, at_field, by_whom, day_field, text_field
from gongji.gateway.platform import Platform
from gongji.providers import applying, files, rules
from gongji.providers.dossier import (
    LAYERS,
    Application,
    Bank,
    Evidence,
    Personal,
    Profile,
    Representative,
)
from gongji.providers.office import Taker
from gongji.providers.rules import Condition
from gongji.providers.values import Provider
from gongji.web.pages import Page, page, url

__all__ = ["DOCUMENT", "FIELDS", "apply", "attribute", "choice", "personal_of", "step", "taker"]

DOCUMENT: Final = 200
PROOF, PAPER = "proof_", "paper_"
FIELDS: Final = {
    "开业日期": "opened_on",
    "OPERATING_TOO_SHORT": "opened_on",
    "收费类别的批准文件": "class_document",
    "收费类别": "fee_class",
    "级别": "level",
    "依托": "host",
    "HOST_NOT_POOLED": "host",
    "法定代表人": "representative_name",
    "银行账号": "bank_number",
    "银行账户": "bank_holder",
    "变更后的内容": "value",
    "批准日期": "approved_on",
    "document": "document",
}


def choice(label: str, choices: Sequence[tuple[str, str]], *, needed: bool = True) -> forms.ChoiceField:
    empty = [] if needed else [("", "不适用")]
    return forms.ChoiceField(
        label=label,
        choices=[*empty, *choices],
        required=needed,
        error_messages={"required": f"请选择{label}。"},
    )


def attribute(platform: Platform, name: str) -> list[tuple[str, str]]:
    return [(str(code), str(word)) for code, word in platform.law.library.vocabulary.attributes[name].values]


class ProofForm(forms.Form):
    """A line for each condition that is proved and each paper that is handed in; empty ones may follow later."""

    def ask(self, proofs: Sequence[Condition], papers: Sequence[Condition]) -> None:
        """Add the lines."""
        for prefix, wanted in ((PROOF, proofs), (PAPER, papers)):
            for one in wanted:
                self.fields[f"{prefix}{one.code}"] = text_field(
                    one.title, DOCUMENT, needed=False, help_text=f"依据 {one.article}。写明证明材料或文号。"
                )

    def evidence(self, prefix: str) -> tuple[Evidence, ...]:
        """What was filled in."""
        return tuple(
            Evidence(name.removeprefix(prefix), str(value))
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
        )


class ApplicationForm(ProofForm):
    """What an application states besides what the register knows."""

    opened_on = day_field("开业日期")
    level = choice("级别", [], needed=False)
    fee_class = choice("收费类别", [], needed=False)
    class_document = text_field(
        "收费类别批准文件", DOCUMENT, needed=False, help_text="由价格主管部门定，不由等级推定。"
    )
    scope = text_field("诊疗科目或经营范围", DOCUMENT, needed=False)
    host = text_field("依托的实体医疗机构编码", 12)
    representative_name = text_field("法定代表人", 50)
    representative_cert = text_field("法定代表人身份证号", 20, help_text="加密保存，不再显示。")
    representative_phone = text_field("法定代表人电话", 20, needed=False)
    bank_holder = text_field("账户户名", 100)
    bank_name = text_field("开户行", 100)
    bank_number = text_field("银行账号", 32, help_text="加密保存，不再显示。", inputmode="numeric")

    def __init__(self, platform: Platform, layer: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("level", "fee_class"):
            self.fields[name].choices = [("", "不适用"), *attribute(platform, name)]  # type: ignore[attr-defined]
        if layer != "internet":
            del self.fields["host"]
        if layer == "pooled":
            for name in [one for one in self.fields if one.startswith(("representative_", "bank_"))]:
                del self.fields[name]

    def application(self, place: Provider, layer: str, page: Page) -> tuple[Application, Personal]:
        """As the verb takes it."""
        said = self.cleaned_data
        profile = Profile(
            code=place.code, name=place.name, uscc=place.uscc, kind=place.kind, region=place.region, hosp_lv=place.hosp_lv,
            address=place.address, opened_on=said["opened_on"], scope=said["scope"], level=said["level"],
            fee_class=said["fee_class"], class_document=said["class_document"],
        )  # fmt: skip
        application = Application(
            layer=layer, profile=profile, received_on=page.today, host=said.get("host", ""),
            conditions=self.evidence(PROOF), documents=self.evidence(PAPER),
        )  # fmt: skip
        return application, personal_of(said)


def personal_of(said: dict[str, Any]) -> Personal:
    """The sealed part; nothing where the form does not ask for it."""
    person = bank = None
    if said.get("representative_name"):
        person = Representative(
            said["representative_name"], said["representative_cert"], said["representative_phone"]
        )
    if said.get("bank_holder"):
        bank = Bank(said["bank_holder"], said["bank_name"], said["bank_number"])
    return Personal(person, bank)


def taker(page: Page) -> Taker:
    return Taker(acting(page), page.at)


@page("desk.agreement.apply")
async def apply(page: Page, layer: str) -> HttpResponse:
    """An application of the institution for itself."""
    place = page.platform.provider(page.visitor.institution)
    if place is None or layer not in LAYERS:
        return await page.no(404, "没有这种协议", "请从协议状态页进入。")
    async with page.connection() as conn:
        dossiers = await files.dossiers(conn, [place.code])
    if layer not in dict(open_layers(dossiers, place.on(page.today), page.today)):
        return await page.no(
            409, "现在不能申请", f"{LAYERS[layer]}已经申请或正在执行，或者还没有它所依托的协议。"
        )
    office = office_of(page.platform)
    where = (layer, place.kind, place.region, page.today)
    proofs, papers = rules.conditions(office.law, *where), rules.documents(office.law, *where)
    if isinstance(proofs, Refusal) or isinstance(papers, Refusal):
        refused = proofs if isinstance(proofs, Refusal) else papers
        assert isinstance(refused, Refusal)
        return await page.no(409, "现在不能申请", refused.text)
    posted = page.request.method == "POST"
    day = place.on(page.today)
    form = ApplicationForm(
        page.platform,
        layer,
        page.request.POST if posted else None,
        initial={"level": day.level, "fee_class": day.fee_class},
    )
    form.ask(proofs, papers)
    if posted and form.is_valid():
        application, personal = form.application(place, layer, page)
        async with page.connection() as conn:
            done = await applying.apply(conn, office, application, personal, taker(page))
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("desk.agreement.dossier", done.dossier_id))
        at_field(form, done, FIELDS)
    context = {"form": form, "heading": f"申请{LAYERS[layer]}", "submit": "提交申请", "lead": APPLY_LEAD}
    return await page.show("desk/manager/agreement_form.html", context, 422 if form.errors else 200)


APPLY_LEAD: Final = "一次交不齐也可以先提交；经办机构会把缺少的材料一次告知，之后在档案中补交。"
STEP_WORDS: Final = {"supplement": "补交材料", "withdraw": "撤回申请"}


class StepForm(ProofForm):
    """Words to a step, and what is handed in."""

    note = text_field("说明", 200, needed=False)


@page("desk.agreement.step")
async def step(page: Page, number: int, action: str) -> HttpResponse:
    """Hand in what is missing, or withdraw the application."""
    found = await own_dossier(page, number)
    if found is None or action not in STEP_WORDS:
        return await page.no(404, "没有这份档案", "本机构没有这个编号的档案。")
    office = office_of(page.platform)
    lacking = (
        rules.missing(office.law, found) if found.application is not None and action == "supplement" else ()
    )
    if isinstance(lacking, Refusal):
        return await page.no(409, "现在不能补交", lacking.text)
    papers = rules.documents(office.law, found.layer, found.kind, found.region, found.received_on)
    named = set() if isinstance(papers, Refusal) else {one.code for one in papers}
    posted = page.request.method == "POST"
    form = StepForm(page.request.POST if posted else None)
    form.ask([one for one in lacking if one.code not in named], [one for one in lacking if one.code in named])
    if posted and form.is_valid():
        note = by_whom(page, f"：{form.cleaned_data['note']}" if form.cleaned_data["note"] else "")
        async with page.connection() as conn:
            if action == "withdraw":
                done = await applying.withdraw(conn, office, number, taker(page), note)
            else:
                done = await applying.supplement(
                    conn, office, number, taker(page), form.evidence(PROOF), form.evidence(PAPER), note
                )
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("desk.agreement.dossier", number))
        at_field(form, done, FIELDS)
    context = {
        "form": form,
        "heading": f"{STEP_WORDS[action]}：{LAYERS[found.layer]}",
        "submit": STEP_WORDS[action],
        "danger": action == "withdraw",
        "lead": "撤回之后档案结束，要再申请须重新提交。"
        if action == "withdraw"
        else "把缺少的逐项补上，可以分几次。",
    }
    return await page.show("desk/manager/agreement_form.html", context, 422 if form.errors else 200)
