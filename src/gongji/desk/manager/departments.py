"""Departments (科室): what the institution says of its own, by trades 3401 to 3403."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk.manager.common import asked, at_field, day_field, text_field
from gongji.desk.manager.lists import Column, Facet, Shown, exported, listing
from gongji.gateway.inside import Refused
from gongji.providers.departments import Department, departments
from gongji.web.pages import Page, page, url

__all__ = ["change", "close", "register", "start"]

FIELDS: Final = {
    "科室编码": "dept_code",
    "DEPARTMENT": "dept_code",
    "hosp_dept_codg": "dept_code",
    "科室名称": "name",
    "科别": "caty",
    "caty": "caty",
    "日期": "from_on",
    "床位": "beds",
}
COLOURS: Final = {"open": "ok", "later": "wait", "closed": "info"}
STATES: Final = (("open", "开放"), ("later", "尚未开放"), ("closed", "已撤销"))


def _state(one: Department, today: date) -> str:
    if one.until_on is not None and one.until_on < today:
        return "closed"
    return "later" if one.from_on > today else "open"


async def _departments(page: Page) -> list[Department]:
    async with page.connection() as conn:
        return await departments(conn, page.platform.vault, page.visitor.institution)


@page("desk.departments")
async def register(page: Page) -> HttpResponse:
    """All departments, closed ones too."""
    may_change = "manager" in page.visitor.roles
    made = listing(
        page.request,
        "科室",
        (
            Column("name", "科室"),
            Column("caty", "科别"),
            Column("head", "负责人"),
            Column("beds", "床位", "number", total=True),
            Column("doctors", "医师", "number", total=True),
            Column("from_on", "起始日", "day"),
            Column("until_on", "终止日", "day"),
            Column("state", "状态", "state"),
        ),
        [_row(one, page.today, may_change) for one in await _departments(page)],
        facets=(Facet("state", "状态", STATES, lambda row, wanted: row["state_code"] == wanted),),
        searched=("name", "caty", "head"),
    )
    context = {"list": made, "may_change": may_change}
    return exported(page.request, made) or await page.show("desk/manager/departments.html", context)


def _row(one: Department, today: date, may_change: bool) -> dict[str, Any]:
    state = _state(one, today)
    link = url("desk.departments.change", one.dept_code) if may_change and state != "closed" else ""
    return {
        "name": Shown(one.name, code=one.dept_code, link=link),
        "caty": one.caty,
        "head": one.head_name,
        "beds": one.beds,
        "doctors": one.doctors,
        "from_on": one.from_on,
        "until_on": one.until_on,
        "state": Shown(dict(STATES)[state], COLOURS[state]),
        "state_code": state,
    }


class DepartmentForm(forms.Form):
    """What the institution says of a department."""

    dept_code = text_field("科室编码", 20)
    name = text_field("科室名称", 100)
    caty = text_field("科别", 20, help_text="国家科室代码，如 A03（内科）。")
    head_name = text_field("负责人", 50, needed=False)
    scope = text_field("服务范围", 500, needed=False)
    beds = forms.IntegerField(
        label="批准床位数", required=False, min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "床位数须是整数。", "min_value": "床位数不能小于零。"},
    )  # fmt: skip
    from_on = day_field("起始日")
    memo = text_field("备注", 500, needed=False)
    msgid = forms.CharField(max_length=30, widget=forms.HiddenInput)

    def message(self, dept_code: str) -> dict[str, Any]:
        """deptinfo of 3401 and 3402."""
        said = self.cleaned_data
        return {
            "hosp_dept_codg": dept_code,
            "hosp_dept_name": said["name"],
            "caty": said["caty"],
            "begntime": str(said["from_on"]),
            "dept_resper_name": said["head_name"],
            "dept_med_serv_scp": said["scope"],
            **({"aprv_bed_cnt": said["beds"]} if said["beds"] is not None else {}),
            "memo": said["memo"],
        }


@page("desk.departments.open")
async def start(page: Page) -> HttpResponse:
    """3401: a department begins."""
    posted = page.request.method == "POST"
    form = DepartmentForm(
        page.request.POST if posted else None, initial={"from_on": page.today, "msgid": page.msgid()}
    )
    if posted and form.is_valid():
        row = form.message(form.cleaned_data["dept_code"])
        done = await page.trade("3401", {"deptinfo": row}, form.cleaned_data["msgid"])
        if not isinstance(done, Refused):
            return HttpResponseRedirect(url("desk.departments"))
        at_field(form, done, FIELDS)
    return await _form(page, form)


@page("desk.departments.change")
async def change(page: Page, dept_code: str) -> HttpResponse:
    """3402: a department is different from a day on."""
    known = await _latest(page, dept_code)
    if known is None:
        return await page.no(404, "没有这个科室", "本机构没有登记过这个编码的科室。")
    posted = page.request.method == "POST"
    initial = {name: getattr(known, name) for name in ("name", "caty", "head_name", "scope", "beds", "memo")}
    form = DepartmentForm(
        page.request.POST if posted else None,
        initial=initial | {"from_on": known.from_on, "msgid": page.msgid()},
    )
    del form.fields["dept_code"]
    form.fields["from_on"].help_text = "与登记时相同就是更正；之后的日期从那天起变更。"
    if posted and form.is_valid():
        done = await page.trade("3402", {"deptinfo": form.message(dept_code)}, form.cleaned_data["msgid"])
        if not isinstance(done, Refused):
            return HttpResponseRedirect(url("desk.departments"))
        at_field(form, done, FIELDS)
    return await _form(page, form, known)


async def _form(page: Page, form: DepartmentForm, known: Department | None = None) -> HttpResponse:
    context = {"form": form, "known": known}
    return await page.show("desk/manager/department_form.html", context, 422 if form.errors else 200)


@page("desk.departments.close")
async def close(page: Page, dept_code: str) -> HttpResponse:
    """3403: a department is taken back, after a look at what that means."""
    known = await _latest(page, dept_code)
    if known is None:
        return await page.no(404, "没有这个科室", "本机构没有登记过这个编码的科室。")
    error = ""
    if page.request.method == "POST":
        row = {"hosp_dept_codg": dept_code, "hosp_dept_name": known.name, "begntime": str(known.from_on)}
        done = await page.trade("3403", {"data": row}, asked(page, "msgid", 30))
        if not isinstance(done, Refused):
            return HttpResponseRedirect(url("desk.departments"))
        error = done.text
    context = {"known": known, "msgid": page.msgid(), "error": error}
    return await page.show("desk/manager/department_close.html", context, 422 if error else 200)


async def _latest(page: Page, dept_code: str) -> Department | None:
    own = [one for one in await _departments(page) if one.dept_code == dept_code]
    return own[-1] if own else None
