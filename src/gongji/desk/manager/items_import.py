"""Mappings from a file (导入): compared with what holds, shown as a difference, said by one 3301 and a 3302 a withdrawal."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final, Literal

import msgspec
from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.catalog.mapping_rules import Key, Mapping, problem
from gongji.catalog.mappings import MappingQuery
from gongji.desk import drafts
from gongji.desk.manager.files import FileForm, read_rows, template
from gongji.desk.manager.items import mappings_of, row_of
from gongji.gateway.inside import Refused
from gongji.web.pages import Page, page, url

__all__ = ["load"]

DRAFT: Final = "manager.items"
COLUMNS: Final = {
    "local": ("本院编码", "定点医药机构目录编号"),
    "name": ("本院名称", "名称"),
    "code": ("医保目录编码", "医保编码", "国家编码"),
    "from_on": ("起始日", "开始日期"),
    "until_on": ("终止日", "结束日期"),
    "spec": ("规格",),
    "unit": ("计价单位", "单位"),
    "approval": ("批准文号",),
    "verb": ("操作",),
    "memo": ("备注",),
}
NEEDED: Final = ("local", "code")
EXAMPLE: Final = (
    "YP000001",
    "阿司匹林肠溶片",
    "XB01ACA055A001010190030",
    "2026-11-21",
    "",
    "100mg×30片",
    "盒",
    "",
    "对照",
    "",
)
MAP, WITHDRAW = "对照", "撤销"
VERBS: Final = frozenset({"", MAP, WITHDRAW})
WORDS: Final = {"new": "新增", "changed": "变更", "same": "不变", "withdraw": "撤销", "bad": "有误"}
COLOURS: Final = {"new": "ok", "changed": "wait", "same": "info", "withdraw": "wait", "bad": "bad"}


class Line(msgspec.Struct, frozen=True):
    """A row of the file against what holds; ``was`` are the fields that differ, with what they are now."""

    line_no: int
    what: Literal["new", "changed", "same", "withdraw", "bad"]
    mapping: Mapping
    was: tuple[tuple[str, str], ...] = ()
    fault: str = ""


class Loaded(msgspec.Struct, frozen=True):
    """A file that was compared; ``done``: it has been said."""

    name: str
    msgid: str
    lines: tuple[Line, ...]
    done: bool = False

    def of(self, *kinds: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.what in kinds)


@page("desk.items.import")
async def load(page: Page) -> HttpResponse:
    """Read and compare a file; show the difference; say it."""
    if page.request.GET.get("as") == "template":
        return template("目录对照导入", COLUMNS, EXAMPLE)
    loaded, form, error = await drafts.draft(page, DRAFT, "", Loaded), FileForm(), ""
    if page.request.method == "POST":
        do = page.request.POST.get("do")
        if do == "drop":
            await drafts.drop(page, DRAFT, "")
            return HttpResponseRedirect(url("desk.items.import"))
        if do == "send" and loaded is not None and not loaded.done:
            refused = await _send(page, loaded)
            if refused is None:
                await drafts.keep(page, DRAFT, "", msgspec.structs.replace(loaded, done=True))
                return HttpResponseRedirect(url("desk.items.import"))
            error = refused.text
        elif do == "read":
            form = FileForm(page.request.POST, page.request.FILES)
            read = await _read(page, form) if form.is_valid() else None
            if read is not None:
                await drafts.keep(page, DRAFT, "", read)
                return HttpResponseRedirect(url("desk.items.import"))
    counts = (
        [(WORDS[kind], len(loaded.of(kind)), COLOURS[kind]) for kind in WORDS] if loaded is not None else []
    )
    context = {
        "form": form,
        "loaded": loaded,
        "lines": [(line, WORDS[line.what], COLOURS[line.what]) for line in loaded.lines]
        if loaded is not None
        else [],
        "counts": counts,
        "sending": len(loaded.of("new", "changed", "withdraw")) if loaded is not None else 0,
        "error": error,
    }
    return await page.show("desk/manager/items_import.html", context, 422 if form.errors or error else 200)


async def _read(page: Page, form: forms.Form) -> Loaded | None:
    file = form.cleaned_data["file"]
    rows = await asyncio.to_thread(read_rows, file, COLUMNS, NEEDED)
    if isinstance(rows, Refusal):
        form.add_error("file", rows.text)
        return None
    held: dict[Key, Mapping] = {}
    for one in await mappings_of(page, MappingQuery(valid=True)):
        held[one.mapping.key] = one.mapping
    lines = tuple(_line(page, line_no, cells, held) for line_no, cells in rows)
    return Loaded(str(file.name)[:100], page.msgid(), lines)


def _line(page: Page, line_no: int, cells: dict[str, str], held: dict[Key, Mapping]) -> Line:
    """What the row would change."""
    code, local = cells.get("code", ""), cells.get("local", "")
    from_on, until_on = _day(cells.get("from_on", "")), _day(cells.get("until_on", ""))
    item = page.platform.catalogue.get(code, from_on or page.today) if code else None
    said = Mapping(
        item.list_type if item is not None else "", local, code, from_on or page.today, until_on,
        local_name=cells.get("name", "") or (item.name if item is not None else ""), spec=cells.get("spec", ""),
        unit=cells.get("unit", ""), approval_no=cells.get("approval", ""), memo=cells.get("memo", ""),
    )  # fmt: skip
    if wrong := _wrong_cells(cells):
        return Line(line_no, "bad", said, fault=wrong)
    if item is None:
        return Line(
            line_no, "bad", said, fault=f"{COLUMNS['code'][0]}：医保目录在 {said.from_on} 没有 {code[:50]}"
        )
    before = held.get(said.key)
    if cells.get("verb") == WITHDRAW:
        fits = before is not None and before.code == code
        return Line(line_no, "withdraw" if fits else "bad", said, fault="" if fits else "没有可以撤销的对照")
    refusal = problem(page.platform.catalogue, said)
    if refusal is not None:
        return Line(line_no, "bad", said, fault=refusal.text)
    if before is None:
        return Line(line_no, "new", said)
    if not cells.get("from_on"):
        said = msgspec.structs.replace(said, from_on=before.from_on) if before.code == code else said
    was = tuple(
        (name, str(getattr(before, field) or ""))
        for field, name in SHOWN
        if getattr(before, field) != getattr(said, field)
    )
    return Line(line_no, "changed" if was else "same", said, was)


def _wrong_cells(cells: dict[str, str]) -> str:
    """What is wrong with single cells, each by its column; "" nothing."""
    faults = [f"{COLUMNS[field][0]}：没有填写" for field in NEEDED if not cells.get(field)]
    faults += [
        f"{COLUMNS[field][0]}：“{cells[field][:20]}”不是日期，须写成 2026-11-21 的样子"
        for field in ("from_on", "until_on")
        if cells.get(field) and _day(cells[field]) is None
    ]
    if cells.get("verb", "") not in VERBS:
        faults.append(f"{COLUMNS['verb'][0]}：“{cells['verb'][:20]}”不是{MAP}或{WITHDRAW}")
    return "；".join(faults)


SHOWN: Final = (
    ("code", "医保编码"), ("local_name", "名称"), ("from_on", "起始日"), ("until_on", "终止日"), ("spec", "规格"), ("unit", "单位"),
    ("approval_no", "批准文号"), ("memo", "备注"),
)  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-").strip()[:10])
    except ValueError:
        return None


async def _send(page: Page, loaded: Loaded) -> Refused | None:
    """Say what is new or different in one message, and withdraw what is to go; sent again, nothing happens twice."""
    rows: list[dict[str, Any]] = [row_of(line.mapping) for line in loaded.of("new", "changed")]
    if rows:
        done = await page.trade("3301", {"data": rows}, loaded.msgid)
        if isinstance(done, Refused):
            return done
    for line in loaded.of("withdraw"):
        said = line.mapping
        row = {
            "fixmedins_hilist_id": said.local_item,
            "list_type": said.list_type,
            "med_list_codg": said.code,
        }
        done = await page.trade("3302", {"data": row}, f"{loaded.msgid}-{line.line_no}")
        if isinstance(done, Refused):
            return done
    return None
