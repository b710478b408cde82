"""Items and mapping (目录对照): own items beside the national ones they stand for, the own price beside what the law allows;
proposing and withdrawing one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from gongji.base.codes import label, values
from gongji.catalog.items import Item
from gongji.catalog.mapping_rules import Mapping
from gongji.catalog.mappings import ListedMapping, MappingQuery, mapping_page
from gongji.desk.manager.common import MOST, asked, at_field, day_field, text_field
from gongji.desk.manager.lists import Column, Facet, Shown, exported, listing
from gongji.encounters.selectors import prices_charged
from gongji.gateway.inside import Refused
from gongji.stock.asking import prices
from gongji.stock.selectors import batches_of
from gongji.web.pages import Page, page, url

__all__ = ["FIELDS", "map_item", "mappings_of", "register", "row_of", "withdraw"]

STATES: Final = (
    ("holds", "生效"),
    ("later", "尚未生效"),
    ("gone", "目录已停用"),
    ("over", "已失效"),
    ("missing", "未对照"),
)
HELD: Final = frozenset({"holds", "later", "gone"})
COLOURS: Final = {"holds": "ok", "later": "wait", "gone": "bad", "over": "info", "missing": "bad"}
PRICES: Final = (("over", "高于最高限价"), ("above", "高于支付标准"))
PRICE_COLOURS: Final = {"over": "bad", "above": "wait"}
FIELDS: Final = {
    "MAPPING_CODE_UNKNOWN": "code",
    "MAPPING_LIST_TYPE": "code",
    "med_list_codg": "code",
    "fixmedins_hilist_id": "local",
    "MAPPING_TWICE": "local",
    "MAPPING_TOO_OFTEN": "local",
    "DATE_ORDER": "until_on",
    "begndate": "from_on",
}
SEARCHED: Final = 12


async def mappings_of(page: Page, query: MappingQuery | None = None) -> list[ListedMapping]:
    """All that the institution has said, also what no longer holds."""
    async with page.connection() as conn:
        _, found = await mapping_page(conn, page.visitor.institution, query or MappingQuery(), MOST, 0)
    return found


@page("desk.items")
async def register(page: Page) -> HttpResponse:
    """Own items with the national ones, and what stands on the shelves without a mapping."""
    may_change = "manager" in page.visitor.roles
    said = await mappings_of(page)
    async with page.connection() as conn:
        institution, codes = page.visitor.institution, [one.mapping.code for one in said]
        shelf = await batches_of(conn, institution)
        own = await prices(conn, institution, codes) | await prices_charged(conn, institution, codes)
    rows = [_row(page, one, may_change, own.get(one.mapping.code)) for one in said]
    mapped = {one.mapping.local_item for one in said if one.valid}
    rows += [
        _missing(local, name, code)
        for local, (name, code) in {one.local_item: (one.local_name, one.item) for one in shelf}.items()
        if local not in mapped
    ]
    made = listing(
        page.request,
        "目录对照",
        (
            Column("name", "本院项目"),
            Column("national", "医保目录项目"),
            Column("spec", "规格"),
            Column("level", "等级", "word"),
            Column("price", "本院价（元）", "price"),
            Column("standard", "支付标准（元）", "price"),
            Column("ceiling", "最高限价（元）", "price"),
            Column("from_on", "起始日", "day"),
            Column("until_on", "终止日", "day"),
            Column("state", "状态", "state"),
        ),
        rows,
        facets=(
            Facet("state", "状态", STATES, lambda row, wanted: row["state_code"] == wanted),
            Facet("price", "价格", PRICES, lambda row, wanted: row["dear"] == wanted),
            Facet("list", "目录", _lists(said), lambda row, wanted: row["list_type"] == wanted),
        ),
        searched=("name", "national"),
        order="name",
    )
    context = {
        "list": made,
        "may_change": may_change,
        "missing": sum(row["state_code"] == "missing" for row in rows),
        "gone": sum(row["state_code"] == "gone" for row in rows),
        "over": sum(row["dear"] == "over" for row in rows),
    }
    return exported(page.request, made) or await page.show("desk/manager/items.html", context)


def _lists(said: list[ListedMapping]) -> tuple[tuple[str, str], ...]:
    there = {one.mapping.list_type for one in said}
    return tuple((code.value, code.label) for code in values("list_type") if code.value in there)


def _state(one: ListedMapping, item: Item | None, today: date) -> str:
    said = one.mapping
    if not one.valid or (said.until_on is not None and said.until_on < today):
        return "over"
    if said.from_on > today:
        return "later"
    return "holds" if item is not None else "gone"


def _dear(price: int | None, item: Item | None) -> str:
    """Whether the price is above the highest one (over) or above what the insurance counts (above)."""
    if price is None or item is None:
        return ""
    if item.ceiling_micro is not None and price > item.ceiling_micro:
        return "over"
    return "above" if item.standard_micro is not None and price > item.standard_micro else ""


def _row(page: Page, one: ListedMapping, may_change: bool, price: int | None) -> dict[str, Any]:
    said = one.mapping
    item = page.platform.catalogue.get(said.code, page.today, *_where(page))
    state = _state(one, item, page.today)
    dear = _dear(price, item) if state in HELD else ""
    word, colour = dict(STATES)[state], COLOURS[state]
    if dear:
        word, colour = f"{word}，{dict(PRICES)[dear]}", PRICE_COLOURS[dear]
    link = ""
    if may_change and state in HELD:
        link = f"{url('desk.items.withdraw')}?{urlencode({'list': said.list_type, 'local': said.local_item})}"
    return {
        "name": Shown(said.local_name, code=said.local_item, link=link),
        "national": Shown(item.name if item is not None else "—", code=said.code),
        "spec": said.spec or (item.spec if item is not None else ""),
        "level": label("chrgitm_lv", item.chrgitm_lv) or item.chrgitm_lv if item is not None else "",
        "price": price,
        "standard": item.standard_micro if item is not None else None,
        "ceiling": item.ceiling_micro if item is not None else None,
        "dear": dear,
        "from_on": said.from_on,
        "until_on": said.until_on,
        "state": Shown(word, colour),
        "state_code": state,
        "list_type": said.list_type,
    }


def _missing(local: str, name: str, code: str) -> dict[str, Any]:
    return {
        "name": Shown(
            name or code, code=local, link=f"{url('desk.items.map')}?{urlencode({'local': local})}"
        ),
        "national": Shown("库存中有，还没有对照", code=code),
        "state": Shown("未对照", "bad"),
        "state_code": "missing",
        "list_type": "",
        "dear": "",
    }


def _where(page: Page) -> tuple[str, str]:
    """Region and fee class (收费类别) of the institution today: by them the catalogue has prices."""
    place = page.platform.provider(page.visitor.institution)
    return (place.region, place.on(page.today).fee_class) if place is not None else ("CN", "")


def row_of(said: Mapping) -> dict[str, Any]:
    """data of 3301."""
    row = {
        "fixmedins_hilist_id": said.local_item,
        "fixmedins_hilist_name": said.local_name,
        "list_type": said.list_type,
        "med_list_codg": said.code,
        "begndate": str(said.from_on),
        "enddate": "" if said.until_on is None else str(said.until_on),
        "aprvno": said.approval_no,
        "dosform": said.dosform,
        "prcunt": said.unit,
        "spec": said.spec,
        "pacspec": said.pack_spec,
        "memo": said.memo,
    }
    return {name: value for name, value in row.items() if value}


class MapForm(forms.Form):
    """One own item and what it stands for."""

    code = text_field("医保目录编码", 50, help_text="在上面查找，点选后自动填入。")
    local = text_field("本院编码", 150)
    name = text_field("本院名称", 200)
    spec = text_field("规格", 200, needed=False)
    unit = text_field("计价单位", 100, needed=False)
    from_on = day_field("起始日")
    until_on = day_field("终止日", needed=False)
    msgid = forms.CharField(max_length=30, widget=forms.HiddenInput)


@page("desk.items.map")
async def map_item(page: Page) -> HttpResponse:
    """3301 of one item, found by name, code or pinyin initials."""
    text, local, catalogue = asked(page, "q", 60), asked(page, "local", 150), page.platform.catalogue
    found = catalogue.search(text, page.today, limit=SEARCHED, region=_where(page)[0]) if text else []
    posted = page.request.method == "POST"
    if posted:
        form = MapForm(page.request.POST)
        if form.is_valid() and await _mapped(page, form):
            return HttpResponseRedirect(f"{url('desk.items')}?q={form.cleaned_data['local']}")
    else:
        chosen = catalogue.get(asked(page, "code", 50), page.today, *_where(page))
        given = {"from_on": page.today, "msgid": page.msgid(), "local": local}
        if chosen is not None:
            given |= {"code": chosen.code, "name": chosen.name, "spec": chosen.spec, "unit": chosen.unit}
        form = MapForm(initial=given)
    context = {"form": form, "found": found, "query": text, "local": local}
    return await page.show("desk/manager/items_map.html", context, 422 if form.errors else 200)


async def _mapped(page: Page, form: MapForm) -> bool:
    said = form.cleaned_data
    item = page.platform.catalogue.get(said["code"].strip(), said["from_on"])
    mapping = Mapping(
        item.list_type if item is not None else "", said["local"], said["code"].strip(), said["from_on"],
        said["until_on"], local_name=said["name"], spec=said["spec"], unit=said["unit"],
    )  # fmt: skip
    if item is None:
        form.add_error("code", f"医保目录在 {said['from_on']} 没有这个编码。")
        return False
    done = await page.trade("3301", {"data": [row_of(mapping)]}, said["msgid"])
    if isinstance(done, Refused):
        at_field(form, done, FIELDS)
    return not isinstance(done, Refused)


@page("desk.items.withdraw")
async def withdraw(page: Page) -> HttpResponse:
    """3302 of one item, after a look at what it means."""
    local, list_type = asked(page, "local", 150), asked(page, "list", 6)
    held = [
        one.mapping
        for one in await mappings_of(page, MappingQuery(local_item=local, valid=True))
        if one.mapping.local_item == local and one.mapping.list_type == list_type
    ]
    if not local or not held:
        return await page.no(404, "没有这个对照", "本机构没有登记过这个编码的对照，或者已经撤销。")
    said, error = held[0], ""
    if page.request.method == "POST":
        row = {"fixmedins_hilist_id": local, "list_type": list_type, "med_list_codg": said.code}
        done = await page.trade("3302", {"data": row}, asked(page, "msgid", 30))
        if not isinstance(done, Refused):
            return HttpResponseRedirect(f"{url('desk.items')}?state=over")
        error = done.text
    item = page.platform.catalogue.get(said.code, page.today)
    context = {"said": said, "item": item, "msgid": page.msgid(), "error": error}
    return await page.show("desk/manager/items_withdraw.html", context, 422 if error else 200)
