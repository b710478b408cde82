"""Entering, changing and leaving (登记、变更、离职): the register's own verbs, by the institution for its people."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.desk.manager.common import acting, at_field, by_whom, day_field, refreshed, text_field
from gongji.desk.manager.staff import latest, spells_of
from gongji.providers import staff
from gongji.providers.register import RIGHTS
from gongji.providers.rows import StaffRow
from gongji.providers.staff_rules import KINDS, StaffGiven
from gongji.providers.writing import Act, Entry
from gongji.web.pages import Page, page, url

__all__ = ["change", "enter", "leave"]

FIELDS: Final = {
    "STAFF_CODE_INVALID": "staff_code",
    "STAFF_OVERLAP": "staff_code",
    "STAFF_RIGHT_NOT_ALLOWED": "rights",
    "CERT_INVALID": "cert_no",
    "PHONE": "phone",
    "电话": "phone",
    "手机": "phone",
    "姓名": "name",
    "职称": "title",
    "科室": "department",
    "资格证书": "qualification_no",
    "执业证书": "licence_no",
    "日期": "from_on",
}


class StaffForm(forms.Form):
    """What the register keeps of a person. Empty identity and telephone of a change mean: as before."""

    staff_code = text_field("国家编码", 20, help_text="国家医保信息平台给医师、药师的编码。")
    name = text_field("姓名", 50)
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    rights = forms.MultipleChoiceField(
        label="权限", choices=list(RIGHTS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="医师可开方；药师可审方、调配；药士可调配。",
    )  # fmt: skip
    title = text_field("职称", 50, needed=False)
    department = text_field("科室", 100, needed=False)
    cert_no = text_field("身份证号", 50, needed=False, help_text="加密保存，页面上只显示一部分。")
    phone = text_field("电话", 20, needed=False, inputmode="tel")
    qualification_no = text_field("资格证书编码", 30, needed=False)
    licence_no = text_field("执业证书编号", 30, needed=False)
    from_on = day_field("起始日")

    def given(self, staff_code: str = "") -> StaffGiven:
        """As the register's verbs take it."""
        said = dict(self.cleaned_data)
        said["rights"] = frozenset(said["rights"])
        if staff_code:
            said["staff_code"] = staff_code
        return StaffGiven(**said)


def _act(page: Page, text: str) -> Act:
    return Act(acting(page), page.at, by_whom(page, text))


@page("desk.staff.enter")
async def enter(page: Page) -> HttpResponse:
    """A person begins to work here."""
    posted = page.request.method == "POST"
    form = StaffForm(page.request.POST if posted else None, initial={"from_on": page.today})
    if posted and form.is_valid():
        given = form.given()
        async with page.connection() as conn:
            done = await staff.enter(
                conn, _act(page, "登记"), page.platform.vault, page.visitor.institution, given
            )
        if not isinstance(done, Refusal):
            await refreshed(page)
            return HttpResponseRedirect(url("desk.staff.one", given.staff_code))
        at_field(form, done, FIELDS)
    context = {"form": form, "submit": "登记"}
    return await page.show("desk/manager/staff_form.html", context, 422 if form.errors else 200)


@page("desk.staff.change")
async def change(page: Page, staff_code: str) -> HttpResponse:
    """Something about a person is different from a day on."""
    row = await _now(page, staff_code)
    if row is None:
        return await page.no(404, "没有这个人", "本机构没有登记过这个编码的医务人员。")
    posted = page.request.method == "POST"
    form = StaffForm(page.request.POST if posted else None, initial=_initial(row, page.today))
    del form.fields["staff_code"]
    form.fields["cert_no"].help_text = "不改就空着。"
    form.fields["phone"].help_text = "不改就空着。"
    form.fields["from_on"].label = "从哪天起"
    if posted and form.is_valid():
        given = form.given(staff_code)
        async with page.connection() as conn:
            done = await staff.change_entry(
                conn, _act(page, "变更"), page.platform.vault, page.visitor.institution, given
            )
        if not isinstance(done, Refusal):
            await refreshed(page)
            return HttpResponseRedirect(url("desk.staff.one", staff_code))
        at_field(form, done, FIELDS)
    context = {"form": form, "row": row, "submit": "保存变更"}
    return await page.show("desk/manager/staff_form.html", context, 422 if form.errors else 200)


def _initial(row: StaffRow, today: date) -> dict[str, Any]:
    shown = ("name", "kind", "title", "department", "qualification_no", "licence_no")
    return {name: getattr(row, name) for name in shown} | {"rights": list(row.rights), "from_on": today}


class LeaveForm(forms.Form):
    """The last day."""

    last_on = day_field("最后一天", help_text="这一天仍可以为参保人服务，次日起不能。")


@page("desk.staff.leave")
async def leave(page: Page, staff_code: str) -> HttpResponse:
    """A person's last day here."""
    row = await _now(page, staff_code)
    if row is None:
        return await page.no(404, "没有这个人", "本机构没有登记过这个编码的医务人员。")
    posted = page.request.method == "POST"
    form = LeaveForm(page.request.POST if posted else None, initial={"last_on": page.today})
    if posted and form.is_valid():
        last_on = form.cleaned_data["last_on"]
        async with page.connection() as conn:
            done = await staff.leave(conn, _act(page, "离职"), page.visitor.institution, staff_code, last_on)
        if not isinstance(done, Refusal):
            await refreshed(page)
            return HttpResponseRedirect(url("desk.staff.one", staff_code))
        form.add_error("last_on", done.text)
    context = {"form": form, "row": row, "kind": KINDS.get(row.kind, row.kind)}
    return await page.show("desk/manager/staff_leave.html", context, 422 if form.errors else 200)


async def _now(page: Page, staff_code: str) -> StaffRow | None:
    rows = await spells_of(page, staff_code)
    return latest([Entry(0, 0, row) for row in rows], page.today)[0] if rows else None
