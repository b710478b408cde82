"""1304, 1312, 1316-1319 目录查询: pages of items, of the institution's own mappings, of price limits and of self-pay ratios.

``updt_time`` asks for what has changed since; ``query_date`` for what holds on a day. Nothing kept here is ever void: ``vali_flag``
is 1 but for mappings that were withdrawn or overtaken.
"""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.catalog import lists, mappings
from gongji.catalog.initials import initials
from gongji.catalog.lists import ListedItem
from gongji.gateway.calls import Call, Reply
from gongji.gateway.listfiles import version_number, version_text
from gongji.gateway.messages import t13
from gongji.gateway.values import day, flag

ETHNIC = "104"
"""list_type 民族药."""
EMPLOYEES, FIRST_SELF_PAY = "310", "10"
"""selfpay_prop_psn_type 城镇职工, selfpay_prop_type 目录先自付比例: the only ones there are here."""
LEVELS = ("1", "2", "3")
"""hilist_lmtpric_type: no limit here differs by the hospital's level, so each is said for every level."""
MAX_PAGE = 1_000
"""Rows of one page."""
FOUND_BY_INITIALS = 1_000


async def ethnic(call: Call) -> Reply:
    """1304: drugs of the minorities (民族药)."""
    asked = _asked(call, t13.EthnicQuery)
    if isinstance(asked, Refusal):
        return asked
    version = version_number(asked.ver) if asked.ver else 0
    if isinstance(version, Refusal):
        return version
    unheld = asked.genname_codg or asked.tcmherb_name or asked.cpnd_flag
    if unheld or asked.vali_flag == "0":
        return _page(asked, 0, [])
    query = lists.ItemQuery(
        list_types=(ETHNIC,),
        codes=_codes(asked.med_list_codg, asked.rid.rpartition("-")[0]),
        name_part=asked.drug_genname or asked.drug_prodname,
        since=max(filter(None, (asked.updt_time, asked.opt_begn_time)), default=None),
    )
    total, items = await _items(call, query, asked)
    return _page(asked, total, [_ethnic(item) for item in items])


def _ethnic(item: ListedItem) -> t13.EthnicRow:
    return t13.EthnicRow(
        **_listed(item),
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
    asked = _asked(call, t13.ItemQuery)
    if isinstance(asked, Refusal):
        return asked
    region = _region(call, asked.insu_admdvs)
    kinds = _list_types(asked.list_type)
    if isinstance(region, Refusal) or isinstance(kinds, Refusal):
        return region if isinstance(region, Refusal) else kinds  # type: ignore[return-value]
    if asked.vali_flag == "0" or asked.wubi:
        return _page(asked, 0, [])
    on = asked.query_date or day_in_china(call.received_at)
    named = None
    if asked.pinyin:
        named = call.platform.catalogue.search(asked.pinyin, on, limit=FOUND_BY_INITIALS)
    query = lists.ItemQuery(
        list_types=kinds,
        on=asked.query_date,
        codes=_codes(asked.hilist_code, among=None if named is None else [item.code for item in named]),
        name_part=asked.hilist_name,
        from_on=asked.begndate,
        charge_type=asked.med_chrgitm_type,
        level=asked.chrgitm_lv,
        limited=_choice(asked.lmt_used_flag),
        since=asked.updt_time,
    )
    total, items = await _items(call, query, asked)
    return _page(asked, total, [_item(item, region) for item in items])


def _item(item: ListedItem, region: str) -> t13.ItemRow:
    return t13.ItemRow(
        **_listed(item),
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
    asked = _asked(call, t13.MatchQuery)
    if isinstance(asked, Refusal):
        return asked
    region = _region(call, asked.insu_admdvs)
    kinds = _list_types(asked.list_type)
    if isinstance(region, Refusal) or isinstance(kinds, Refusal):
        return region if isinstance(region, Refusal) else kinds  # type: ignore[return-value]
    if asked.vali_flag == "0":
        return _page(asked, 0, [])
    among = None
    if asked.med_list_codg:
        among = await _standing_for(call, asked.med_list_codg, asked.query_date)
    query = lists.ItemQuery(
        list_types=kinds,
        on=asked.query_date,
        codes=_codes(asked.hilist_code, among=among),
        from_on=asked.begndate,
        since=asked.updt_time,
    )
    total, items = await _items(call, query, asked)
    return _page(
        asked,
        total,
        [
            t13.MatchRow(
                **_listed(item),
                med_list_codg=item.code,
                hilist_code=item.code,
                list_type=item.list_type,
                insu_admdvs=region,
            )
            for item in items
        ],
    )


async def _standing_for(call: Call, number: str, on: date | None) -> list[str]:
    """National codes that the number may mean: itself, and what the institution mapped it to."""
    query = mappings.MappingQuery(local_item=number, on=on, valid=True)
    async with call.platform.pool.acquire() as connection:
        _, found = await mappings.mapping_page(connection, call.caller, query, MAX_PAGE, 0)
    return [number, *(one.mapping.code for one in found)]


async def own_mappings(call: Call) -> Reply:
    """1317: the caller's own mappings, withdrawn ones too."""
    asked = _asked(call, t13.MappingQuery)
    if isinstance(asked, Refusal):
        return asked
    region = _region(call, asked.insu_admdvs)
    kinds = _list_types(asked.list_type)
    if isinstance(region, Refusal) or isinstance(kinds, Refusal):
        return region if isinstance(region, Refusal) else kinds  # type: ignore[return-value]
    if asked.fixmedins_code not in ("", call.caller):
        return Refusal("FORBIDDEN", "只能查询本机构的目录对照")
    query = mappings.MappingQuery(
        on=asked.query_date,
        local_item=asked.medins_list_codg,
        name_part=asked.medins_list_name,
        list_types=kinds or (),
        code=asked.med_list_codg,
        from_on=asked.begndate,
        valid=_choice(asked.vali_flag),
        since=asked.updt_time,
    )
    async with call.platform.pool.acquire() as connection:
        total, found = await mappings.mapping_page(
            connection, call.caller, query, asked.page_size, _offset(asked)
        )
    return _page(asked, total, [_mapping(call.caller, region, one) for one in found])


def _mapping(institution: str, region: str, listed: mappings.ListedMapping) -> t13.MappingRow:
    said = listed.mapping
    return t13.MappingRow(
        begndate=day(said.from_on),
        enddate=day(said.until_on),
        vali_flag=flag(listed.valid),
        rid=listed.record,
        updt_time=_china_day(listed.changed_at),
        crte_time=_china_day(listed.recorded_at),
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
