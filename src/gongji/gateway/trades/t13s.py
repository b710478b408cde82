"""1304, 1312, 1316, 1317 目录查询: pages of items, and of the institution's own mappings.

``updt_time`` asks for what has changed since; ``query_date`` for what holds on a day. Nothing of the catalogue is ever void:
``vali_flag`` is 1 but for mappings that were withdrawn or overtaken.
"""

import asyncio
from datetime import date

from gongji.base.reasons import Refusal
from gongji.catalog import lists, mappings
from gongji.catalog.initials import initials
from gongji.catalog.lists import ListedItem
from gongji.gateway.calls import Call, Reply
from gongji.gateway.listfiles import version_text
from gongji.gateway.messages import t13
from gongji.gateway.paging import (
    MAX_PAGE,
    RECORD_NEEDS_CODE,
    asked_of,
    china_day,
    choice,
    codes_of,
    listed,
    page,
    page_of,
    scope_of,
    window,
)
from gongji.gateway.values import day, flag

ETHNIC = "104"
"""list_type 民族药."""


async def _items(call: Call, query: lists.ItemQuery, asked: t13.Paged) -> tuple[int, list[ListedItem]]:
    async with call.platform.pool.acquire() as connection:
        return await lists.item_page(connection, query, *window(asked))


async def ethnic(call: Call) -> Reply:
    """1304: drugs of the minorities (民族药)."""
    asked = asked_of(call, t13.EthnicQuery)
    if isinstance(asked, Refusal):
        return asked
    if asked.rid and not asked.med_list_codg:
        return RECORD_NEEDS_CODE
    unheld = asked.genname_codg or asked.tcmherb_name or asked.cpnd_flag
    if unheld or asked.vali_flag == "0":
        return page(asked, 0, [])
    query = lists.ItemQuery(
        list_types=(ETHNIC,),
        codes=codes_of(asked.med_list_codg),
        name_part=asked.drug_genname or asked.drug_prodname,
        since=max(filter(None, (asked.updt_time, asked.opt_begn_time)), default=None),
    )
    total, items = await _items(call, query, asked)
    return await page_of(asked, total, items, _ethnic)


def _ethnic(item: ListedItem) -> t13.EthnicRow:
    return t13.EthnicRow(
        **listed(item),
        med_list_codg=item.code,
        drug_prodname=item.name,
        drug_genname=item.generic_name or item.name,
        dosform=item.dosform or None,
        drug_spec=item.spec or None,
        otc_flag=flag(not item.prescription_only),
        min_pac_cnt=item.pack_units or None,
        min_pacunt=item.pack_unit or None,
        min_prepunt=item.min_unit or None,
        min_prcunt=item.unit or None,
        pinyin=initials(item.name) or None,
        ver=version_text(item.version),
    )


async def hilist(call: Call) -> Reply:
    """1312: items of the three catalogues."""
    asked = asked_of(call, t13.ItemQuery)
    if isinstance(asked, Refusal):
        return asked
    scope = scope_of(call, asked.insu_admdvs, asked.list_type)
    if isinstance(scope, Refusal):
        return scope
    if asked.vali_flag == "0" or asked.wubi:
        return page(asked, 0, [])
    named = await _with_initials(call, asked) if asked.pinyin else None
    query = lists.ItemQuery(
        list_types=scope.list_types,
        on=asked.query_date,
        codes=codes_of(asked.hilist_code, among=named),
        name_part=asked.hilist_name,
        from_on=asked.begndate,
        charge_type=asked.med_chrgitm_type,
        level=asked.chrgitm_lv,
        limited=choice(asked.lmt_used_flag),
        since=asked.updt_time,
    )
    total, items = await _items(call, query, asked)
    return await page_of(asked, total, items, lambda item: _item(item, scope.admdvs))


async def _with_initials(call: Call, asked: t13.ItemQuery) -> list[str]:
    """Codes of items whose pinyin initials fit. In a thread: a search right after a change orders every name afresh."""
    platform = call.platform
    async with platform.listing:
        return await asyncio.to_thread(platform.catalogue.codes_with_initials, asked.pinyin, asked.query_date)


def _item(item: ListedItem, region: str) -> t13.ItemRow:
    return t13.ItemRow(
        **listed(item),
        memo=item.restriction or None,
        hilist_code=item.code,
        hilist_name=item.name,
        insu_admdvs=region,
        med_chrgitm_type=item.charge_type,
        chrgitm_lv=item.chrgitm_lv,
        lmt_used_flag=flag(item.limited),
        list_type=item.list_type,
        pinyin=initials(item.name) or None,
    )


async def matches(call: Call) -> Reply:
    """1316: 医疗目录 to 医保目录. Both are coded alike here; asked by the institution's own number, its mappings say the code."""
    asked = asked_of(call, t13.MatchQuery)
    if isinstance(asked, Refusal):
        return asked
    scope = scope_of(call, asked.insu_admdvs, asked.list_type)
    if isinstance(scope, Refusal):
        return scope
    if asked.vali_flag == "0":
        return page(asked, 0, [])
    among = None
    if asked.med_list_codg:
        among = await _standing_for(call, asked.med_list_codg, asked.query_date)
    query = lists.ItemQuery(
        list_types=scope.list_types,
        on=asked.query_date,
        codes=codes_of(asked.hilist_code, among=among),
        from_on=asked.begndate,
        since=asked.updt_time,
    )
    total, items = await _items(call, query, asked)
    return await page_of(asked, total, items, lambda item: _match(item, scope.admdvs))


def _match(item: ListedItem, region: str) -> t13.MatchRow:
    return t13.MatchRow(
        **listed(item),
        med_list_codg=item.code,
        hilist_code=item.code,
        list_type=item.list_type,
        insu_admdvs=region,
    )


async def _standing_for(call: Call, number: str, on: date | None) -> list[str]:
    """National codes that the number may mean: itself, and what the institution mapped it to."""
    query = mappings.MappingQuery(local_item=number, on=on, valid=True)
    async with call.platform.pool.acquire() as connection:
        _, found = await mappings.mapping_page(connection, call.caller, query, MAX_PAGE, 0)
    return [number, *(one.mapping.code for one in found)]


async def own_mappings(call: Call) -> Reply:
    """1317: the caller's own mappings, withdrawn ones too."""
    asked = asked_of(call, t13.MappingQuery)
    if isinstance(asked, Refusal):
        return asked
    scope = scope_of(call, asked.insu_admdvs, asked.list_type)
    if isinstance(scope, Refusal):
        return scope
    if asked.fixmedins_code not in ("", call.caller):
        return Refusal("FORBIDDEN", "只能查询本机构的目录对照")
    query = mappings.MappingQuery(
        on=asked.query_date,
        local_item=asked.medins_list_codg,
        name_part=asked.medins_list_name,
        list_types=scope.list_types or (),
        code=asked.med_list_codg,
        from_on=asked.begndate,
        valid=choice(asked.vali_flag),
        since=asked.updt_time,
    )
    async with call.platform.pool.acquire() as connection:
        total, found = await mappings.mapping_page(connection, call.caller, query, *window(asked))
    return await page_of(asked, total, found, lambda one: _mapping(call.caller, scope.admdvs, one))


def _mapping(institution: str, region: str, listed: mappings.ListedMapping) -> t13.MappingRow:
    said = listed.mapping
    return t13.MappingRow(
        begndate=day(said.from_on),
        enddate=day(said.until_on),
        vali_flag=flag(listed.valid),
        rid=listed.record,
        updt_time=china_day(listed.changed_at),
        crte_time=china_day(listed.recorded_at),
        memo=said.memo or None,
        fixmedins_code=institution,
        medins_list_codg=said.local_item,
        medins_list_name=said.local_name or None,
        insu_admdvs=region,
        list_type=said.list_type,
        med_list_codg=said.code,
        aprvno=said.approval_no or None,
        dosform=said.dosform or None,
        exct_cont=said.excluded or None,
        item_cont=said.content or None,
        prcunt=said.unit or None,
        spec=said.spec or None,
        pacspec=said.pack_spec or None,
    )
