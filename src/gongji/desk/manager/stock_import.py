"""Stock from a file (导入): read, shown row by row, and stated by the A form of its trade, which keeps the good rows."""

from __future__ import annotations

import asyncio
from datetime import time
from typing import Any, Final

import msgspec
from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.desk import drafts
from gongji.desk.manager.common import OwnItem, own_items
from gongji.desk.manager.files import FileForm, read_rows, template
from gongji.desk.manager.stock import tabs
from gongji.desk.manager.stock_rows import KINDS, STAMP, Stated, find_item, message_row
from gongji.gateway.inside import Refused
from gongji.web.pages import Page, page, url

__all__ = ["load"]

DRAFT: Final = "manager.stock"
COLUMNS: Final = {
    "item": ("本院编码", "编码", "医保编码", "药品"),
    "batch": ("批次", "批次号", "定点医药机构批次流水号"),
    "quantity": ("数量", "盘存数量"),
    "at": ("发生时间", "日期", "盘存日期", "入库时间", "出库时间"),
    "supplier": ("供货商", "供应商"),
    "lot": ("生产批号",),
    "made_on": ("生产日期",),
    "expires_on": ("有效期至", "有效期"),
    "price": ("单价", "单价（元）"),
    "invoice": ("发票号",),
    "change_type": ("变更类型",),
    "document": ("零售单据号", "单据"),
    "settlement": ("结算编号",),
    "codes": ("追溯码",),
    "memo": ("备注",),
}
NEEDED: Final = ("item", "batch", "quantity")
EXAMPLE: Final = (
    "YP000001", "P2611001", "20", "2026-11-21 09:30:00", "演示医药配送有限公司", "L2611001", "2026-10-01", "2028-09-30",
    "6.16", "", "", "", "", "", "",
)  # fmt: skip


class ReadRow(msgspec.Struct, frozen=True):
    """A row of a file: what it states, for which item, and what is wrong with it ("" nothing)."""

    line_no: int
    said: Stated
    item: OwnItem | None
    fault: str


class Loaded(msgspec.Struct, frozen=True):
    """A file that was read and waits for a word; afterwards what became of its rows, by line (``told``)."""

    kind: str
    name: str
    msgid: str
    rows: tuple[ReadRow, ...]
    told: tuple[tuple[int, bool, str], ...] = ()

    @property
    def good(self) -> tuple[ReadRow, ...]:
        return tuple(row for row in self.rows if not row.fault)


class StockFileForm(FileForm):
    """A file and what it tells of."""

    kind = forms.ChoiceField(label="类别", choices=[(code, one.name) for code, one in KINDS.items()])
    field_order = ("kind", "file")


@page("desk.stock.import")
async def load(page: Page) -> HttpResponse:
    """Read a file; show it; state it; show what was taken."""
    if page.request.GET.get("as") == "template":
        return template("库存导入", COLUMNS, EXAMPLE)
    loaded = await drafts.draft(page, DRAFT, "", Loaded)
    form = StockFileForm()
    if page.request.method == "POST":
        match page.request.POST.get("do"):
            case "drop":
                await drafts.drop(page, DRAFT, "")
                return HttpResponseRedirect(url("desk.stock.import"))
            case "send" if loaded is not None and not loaded.told:
                answer = await _send(page, loaded)
                if isinstance(answer, Loaded):
                    await drafts.keep(page, DRAFT, "", answer)
                    return HttpResponseRedirect(url("desk.stock.import"))
                return await _show(page, form, loaded, answer.text)
            case "read":
                form = StockFileForm(page.request.POST, page.request.FILES)
                read = await _read(page, form) if form.is_valid() else None
                if read is not None:
                    await drafts.keep(page, DRAFT, "", read)
                    return HttpResponseRedirect(url("desk.stock.import"))
    return await _show(page, form, loaded)


async def _show(page: Page, form: forms.Form, loaded: Loaded | None, error: str = "") -> HttpResponse:
    context = {
        "form": form,
        "loaded": loaded,
        "kind": KINDS[loaded.kind].name if loaded is not None else "",
        "rows": _lines(loaded) if loaded is not None else [],
        "taken": sum(taken for _, taken, _ in loaded.told) if loaded is not None else 0,
        "error": error,
        "tabs": tabs(page),
    }
    return await page.show("desk/manager/stock_import.html", context, 422 if form.errors or error else 200)


def _lines(loaded: Loaded) -> list[dict[str, Any]]:
    """Every row of the file with its state: wrong, to be sent, taken, not taken."""
    told = {line: (taken, text) for line, taken, text in loaded.told}
    lines = []
    for row in loaded.rows:
        if row.fault:
            state, text = "bad", row.fault
        elif row.line_no in told:
            taken, why = told[row.line_no]
            state, text = ("ok", why or "已登记") if taken else ("bad", why)
        else:
            state, text = "info", "待登记"
        lines.append({"line": row.line_no, "said": row.said, "item": row.item, "state": state, "text": text})
    return lines


async def _read(page: Page, form: StockFileForm) -> Loaded | None:
    """The file as rows; what is wrong with it as a whole stands in the form."""
    file = form.cleaned_data["file"]
    rows = await asyncio.to_thread(read_rows, file, COLUMNS, NEEDED)
    if isinstance(rows, Refusal):
        form.add_error("file", rows.text)
        return None
    items = await own_items(page)
    now = page.at.astimezone(CHINA).strftime(STAMP)
    read = tuple(_row(line_no, cells, items, now) for line_no, cells in rows)
    return Loaded(form.cleaned_data["kind"], str(file.name)[:100], page.msgid(), read)


def _row(line_no: int, cells: dict[str, str], items: dict[str, OwnItem], now: str) -> ReadRow:
    """A row with its item; a day without a time is meant from its beginning, nothing at all is now."""
    at = cells.get("at", "") or now
    if len(at) <= len("2026-11-21"):
        at = f"{at.replace('/', '-')} {time().isoformat()}"
    given = {name: cells.get(name, "") for name in ("item", "batch", "quantity")}
    said = Stated(**(cells | given | {"at": at}))
    item = find_item(items, said.item) if said.item else None
    faults = [f"{COLUMNS[name][0]}：没有填写" for name in NEEDED if not given[name]]
    if said.item and item is None:
        faults.append(f"{COLUMNS['item'][0]}：没有“{said.item[:20]}”，或有几个药品同名")
    elif item is not None and not item.code:
        faults.append(f"{COLUMNS['item'][0]}：还没有对照医保编码")
    return ReadRow(line_no, said, item, "；".join(faults))


async def _send(page: Page, loaded: Loaded) -> Loaded | Refused:
    """State the good rows; the trade says of each what became of it."""
    trade, good = KINDS[loaded.kind], loaded.good
    rows = [message_row(loaded.kind, row.said, row.item) for row in good if row.item is not None]
    done = await page.trade(f"{trade.infno}A", {trade.node_a: rows}, loaded.msgid)
    if isinstance(done, Refused):
        return done
    results: list[dict[str, Any]] = done.output.get("result", [])
    told = tuple(
        (row.line_no, one.get("retRslt") == "1", str(one.get("msgRslt") or ""))
        for row, one in zip(good, results, strict=False)
    )
    return msgspec.structs.replace(loaded, told=told)
