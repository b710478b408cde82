"""Stating stock by hand (登记): one form for each kind of movement, made for a scanner and a keyboard; and taking a batch back."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from gongji.base.money import format_scaled
from gongji.base.times import CHINA
from gongji.desk.manager.common import OwnItem, asked, at_field, by_whom, day_field, own_items, text_field
from gongji.desk.manager.stock import KIND_NAMES, tabs
from gongji.desk.manager.stock_rows import KINDS, Stated, find_item, message_row, written
from gongji.gateway.inside import Refused
from gongji.stock.rules import CHANGES, DELETABLE
from gongji.stock.selectors import Recorded, of_batch
from gongji.web.pages import Page, page, url

__all__ = ["add", "delete"]

FIELDS: Final = {
    "有效": "expires_on",
    "expy_end": "expires_on",
    "QUANTITY": "quantity",
    "_cnt": "quantity",
    "cnt": "quantity",
    "追溯码": "codes",
    "TRACE": "codes",
    "_time": "at",
    "invdate": "at",
    "FUTURE": "at",
    "inv_chg_type": "change_type",
    "spler_name": "supplier",
    "rtal_docno": "document",
    "pric": "price",
    "bchno": "batch",
    "med_list_codg": "item",
}
"""Where a refusal of the trades belongs in the form."""
QUANTITY_PLACES: Final = 4
MOMENT: Final = "%Y-%m-%dT%H:%M"


class StockForm(forms.Form):
    """Fields of every kind; a kind keeps those that its trade asks for (``KINDS``)."""

    item = text_field(
        "药品或耗材", 60, list="own-items", placeholder="本院编码、医保编码或名称", autofocus="autofocus"
    )
    batch = text_field("批次", 30, help_text="本机构的批次流水号；没有就写生产批号。")
    quantity = forms.DecimalField(
        label="数量", max_digits=16, decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "请填写数量。", "invalid": "数量须是数字。"},
    )  # fmt: skip
    change_type = forms.ChoiceField(
        label="变更类型", choices=[(code, name) for code, (name, _) in CHANGES.items()]
    )
    supplier = text_field("供货商", 200)
    document = text_field("零售单据号", 40)
    settlement = text_field("结算编号", 30, needed=False)
    lot = text_field("生产批号", 30, needed=False)
    made_on = day_field("生产日期", needed=False)
    expires_on = day_field("有效期至")
    price = forms.DecimalField(
        label="单价", required=False, max_digits=16, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-unit": "元"}),
        error_messages={"invalid": "单价须是数字。"},
    )  # fmt: skip
    invoice = text_field("发票号", 50, needed=False)
    at = forms.DateTimeField(
        label="发生时间", input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"required": "请填写发生时间。", "invalid": "时间须写成 2026-11-21 10:30 的样子。"},
    )  # fmt: skip
    codes = forms.CharField(
        label="追溯码", required=False, help_text="逐个扫描，一行一个。",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    memo = text_field("备注", 200, needed=False)
    msgid = forms.CharField(max_length=30, widget=forms.HiddenInput)

    def __init__(self, kind: str, items: dict[str, OwnItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        optional = {name for one in KINDS.values() for name in one.fields} - set(KINDS[kind].fields)
        for name in optional:
            del self.fields[name]

    def clean_item(self) -> OwnItem:
        """The item that is meant."""
        found = find_item(self.items, self.cleaned_data["item"])
        if found is None:
            raise forms.ValidationError(
                "没有这个编码，或有几个药品同名。请写本院编码；还没有对照的先在「目录对照」中登记。"
            )
        if not found.code:
            raise forms.ValidationError("这个药品还没有对照医保编码，请先在「目录对照」中登记。")
        return found

    @property
    def stated(self) -> Stated:
        """What was written, as texts."""
        given = {
            name: written(self.cleaned_data.get(name)) for name in Stated.__struct_fields__ if name != "item"
        }
        return Stated(item=self.cleaned_data["item"].local, **given)


@page("desk.stock.add")
async def add(page: Page) -> HttpResponse:
    """One movement by hand; its trade decides."""
    kind = page.request.GET.get("kind", "purchase")
    kind = kind if kind in KINDS else "purchase"
    items = await own_items(page)
    if page.request.method == "POST":
        form = StockForm(kind, items, page.request.POST)
        if form.is_valid() and await _stated(page, kind, form):
            query = {"batch": form.cleaned_data["batch"], "done": form.cleaned_data["msgid"], "days": "365"}
            return HttpResponseRedirect(f"{url('desk.stock.moves')}?{urlencode(query)}")
    else:
        now = page.at.astimezone(CHINA).replace(tzinfo=None, second=0, microsecond=0)
        form = StockForm(
            kind,
            items,
            initial={"at": now, "msgid": page.msgid(), "batch": page.request.GET.get("batch", "")},
        )
    context = {"form": form, "kind": kind, "kinds": KINDS, "items": items.values(), "tabs": tabs(page)}
    return await page.show("desk/manager/stock_add.html", context, 422 if form.errors else 200)


async def _stated(page: Page, kind: str, form: StockForm) -> bool:
    """Whether the trade has taken it; its refusal stands in the form."""
    trade = KINDS[kind]
    row = message_row(kind, form.stated, form.cleaned_data["item"])
    done = await page.trade(trade.infno, {trade.node: row}, form.cleaned_data["msgid"])
    if isinstance(done, Refused):
        at_field(form, done, FIELDS)
        return False
    return True


@page("desk.stock.delete")
async def delete(page: Page) -> HttpResponse:
    """3507: everything of one kind that was stated of a batch is taken back; first it is shown in full."""
    batch, data_type, msgid = asked(page, "batch", 30), asked(page, "type", 3), asked(page, "msgid", 30)
    async with page.connection() as conn:
        found = await of_batch(conn, page.visitor.institution, batch) if batch else []
    if not found:
        return await page.no(404, "没有这个批次", "本机构没有登记过这个批次，或者已经全部删除。")
    groups = [
        (code, "、".join(KIND_NAMES[kind] for kind in kinds), rows)
        for code, kinds in DELETABLE.items()
        if (rows := [_shown(one) for one in found if one.kind in kinds])
    ]
    error = ""
    if page.request.method == "POST":
        row = {
            "fixmedins_bchno": batch,
            "inv_data_type": data_type,
            "memo": by_whom(page, f"：{asked(page, 'reason', 100)}"),
        }
        done = await page.trade("3507", {"data": row}, msgid)
        if not isinstance(done, Refused):
            query = {"batch": batch, "days": "365", "done": msgid}
            return HttpResponseRedirect(f"{url('desk.stock.moves')}?{urlencode(query)}")
        error = done.text
    context = {"batch": batch, "groups": groups, "msgid": page.msgid(), "error": error, "tabs": tabs(page)}
    return await page.show("desk/manager/stock_delete.html", context, 422 if error else 200)


def _shown(one: Recorded) -> dict[str, Any]:
    return {
        "at": one.occurred_at,
        "kind": KIND_NAMES[one.kind],
        "name": one.local_name or one.item,
        "quantity": format_scaled(one.quantity_e4, QUANTITY_PLACES),
        "codes": len(one.traces),
    }
