"""1318 限价, 1319 先自付比例: what may be charged and recognised at most, and what the member bears first.

A limit here is a payment standard (医保支付标准, SX2022-27 第二十一条) or a highest price (最高限价); ``tabname`` tells which.
Ratios are the law's (``selfpay``): items whose ratio no document states are left out, and the warning says why.
"""

from datetime import date, datetime

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.catalog import lists
from gongji.catalog.lists import ListedItem, ListedLimit
from gongji.gateway.calls import Call, Reply
from gongji.gateway.messages import t13
from gongji.gateway.paging import (
    RECORD_NEEDS_CODE,
    Scope,
    asked_of,
    china_day,
    codes_of,
    listed,
    page,
    page_of,
    scope_of,
    six,
    window,
)
from gongji.gateway.selfpay import SelfPay, Term, self_pay
from gongji.gateway.values import day, price, proportion

LEVELS = ("1", "2", "3")
"""hilist_lmtpric_type: no limit here differs by the hospital's level, so each is said for every level."""
EMPLOYEES, FIRST_SELF_PAY = "310", "10"
"""selfpay_prop_psn_type 城镇职工, selfpay_prop_type 目录先自付比例: the only ones there are here."""


async def limits(call: Call) -> Reply:
    """1318: limits in the area asked about or around it; of those for one class of institutions, the caller's own."""
    asked = asked_of(call, t13.LimitQuery)
    if isinstance(asked, Refusal):
        return asked
    scope = scope_of(call, asked.insu_admdvs or asked.poolarea_no)
    if isinstance(scope, Refusal):
        return scope
    if asked.rid and not asked.hilist_code:
        return RECORD_NEEDS_CODE
    wanted = asked.hilist_lmtpric_type.lstrip("0")
    if asked.vali_flag == "0" or asked.overlmt_dspo_way or (wanted and wanted not in LEVELS):
        return page(asked, 0, [])
    on = asked.query_date or day_in_china(call.received_at)
    query = lists.LimitQuery(
        region=scope.region,
        fee_class=call.provider.on(on).fee_class,
        on=asked.query_date,
        code=asked.hilist_code,
        from_on=asked.begndate,
        until_on=asked.enddate,
        source=asked.tabname,
        since=asked.updt_time,
        levels=(wanted,) if wanted else LEVELS,
    )
    async with call.platform.pool.acquire() as connection:
        total, found = await lists.limit_page(connection, query, *window(asked))
    return await page_of(asked, total, found, _limit)


def _limit(one: ListedLimit) -> t13.LimitRow:
    return t13.LimitRow(
        begndate=day(one.from_on),
        enddate=day(one.until_on),
        vali_flag="1",
        rid=one.record[:40],
        updt_time=china_day(one.changed_at),
        hilist_code=one.code,
        hilist_lmtpric_type=one.level,
        insu_admdvs=six(one.region),
        hilist_pric_uplmt_amt=price(one.limit_micro),
        tabname=one.source,
        poolarea_no=six(one.region),
    )


async def self_pays(call: Call) -> Reply:
    """1319: the first self-pay ratio of items on a day, today's when none is named."""
    asked = asked_of(call, t13.SelfPayQuery)
    if isinstance(asked, Refusal):
        return asked
    scope = scope_of(call, asked.insu_admdvs or asked.poolarea_no)
    if isinstance(scope, Refusal):
        return scope
    if asked.rid and not asked.hilist_code:
        return RECORD_NEEDS_CODE
    on = asked.query_date or day_in_china(call.received_at)
    platform = call.platform
    stated = self_pay(platform.law, scope.region, on, allow_draft=platform.allow_draft)
    if isinstance(stated, Refusal):
        return stated
    warning = "；".join(stated.remarks)
    if not _of_this_kind(asked):
        return page(asked, 0, [], warning)
    query = lists.ItemQuery(
        on=on,
        codes=codes_of(asked.hilist_code),
        from_on=asked.begndate,
        since=_since(asked.updt_time, stated),
        selection=stated.selection,
    )
    async with platform.pool.acquire() as connection:
        total, items = await lists.item_page(connection, query, *window(asked))
    return await page_of(asked, total, items, lambda item: _self_pay(item, stated.of(item), scope), warning)


def _of_this_kind(asked: t13.SelfPayQuery) -> bool:
    """Whether ratios are asked for that exist here: of employees, first self-pay, valid."""
    return (
        asked.vali_flag != "0"
        and asked.selfpay_prop_psn_type in ("", EMPLOYEES)
        and asked.selfpay_prop_type in ("", FIRST_SELF_PAY)
    )


def _since(updated: datetime | None, stated: SelfPay) -> datetime | None:
    """Items changed after the instant; every item when a ratio itself is younger."""
    if updated is not None and stated.changed_on >= day_in_china(updated):
        return None
    return updated


def _self_pay(item: ListedItem, term: Term, scope: Scope) -> t13.SelfPayRow:
    row = listed(item)
    begun = max(filter(None, (item.from_on, term.from_on)))
    ends = min(filter(None, (item.until_on, term.until_on)), default=None)
    row |= {
        "begndate": day(begun),
        "enddate": day(ends),
        "rid": f"{item.code}-{begun:%Y%m%d}-{EMPLOYEES}"[:40],
        "updt_time": _later(row["updt_time"], term.from_on),
    }
    return t13.SelfPayRow(
        **row,
        hilist_code=item.code,
        selfpay_prop_psn_type=EMPLOYEES,
        selfpay_prop_type=FIRST_SELF_PAY,
        insu_admdvs=scope.admdvs,
        selfpay_prop=proportion(term.bp),
    )


def _later(changed: str | None, on: date | None) -> str | None:
    """The later of the item's change and the first day of its ratio."""
    return max(filter(None, (changed, day(on))), default=None)
