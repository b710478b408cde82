"""`gongji stock`: the purchase-sale-stock balance of an institution, its running stock and movements, where a trace code went."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import Desk, at_desk, done
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.stock.balance import BalanceRow, SalesRow
    from gongji.stock.selectors import Recorded
    from gongji.stock.values import Batch

__all__ = ["stock"]

DAY = click.DateTime(["%Y-%m-%d"])
INSTITUTION = click.argument("institution", metavar="机构编号")
KINDS = {
    "inventory": "盘存",
    "adjust": "库存变更",
    "purchase": "采购",
    "purchase_return": "采购退货",
    "sale": "销售",
    "sale_return": "销售退货",
}


@click.group(cls=ChineseGroup)
def stock() -> None:
    """进销存：进销存平衡、库存和变动、药品追溯码。"""


@stock.command()
@INSTITUTION
@click.option("--from", "from_on", type=DAY, required=True, help="第一天。")
@click.option("--until", "until_on", type=DAY, required=True, help="最后一天。")
@click.option("--item", default="", metavar="编码", help="只看一种药品（医疗目录编码或机构目录编号）。")
@click.option("--known-on", type=DAY, help="按截至这一天（含）已上传的数据。")
@click.option("--all", "everything", is_flag=True, help="也列出没有问题的行。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def balance(
    institution: str,
    from_on: datetime,
    until_on: datetime,
    item: str,
    known_on: datetime | None,
    everything: bool,
    as_json: bool,
) -> None:
    """进销存平衡：期初 + 采购 - 退货 - 销售 + 销售退货 ± 变更 ± 盘存差 = 期末，并与医保结算的数量核对。"""
    if until_on < from_on:
        raise click.BadParameter("最后一天早于第一天", param_hint="--until")

    async def work(desk: Desk) -> None:
        from gongji.stock import balance as books
        from gongji.stock.selectors import day_start

        days = (from_on.date(), until_on.date())
        await _known(desk, institution)
        known_at = None if known_on is None else day_start(known_on.date(), 1)
        rows = await books.balance(desk.conn, institution, *days, item=item, known_at=known_at)
        sales = await books.sales_against_settlements(desk.conn, institution, *days)
        sales = [row for row in sales if item in ("", row.item)]
        if as_json:
            import msgspec

            click.echo(msgspec.json.encode({"balance": rows, "sales": sales}))
            return
        _print_balance(rows, everything=everything)
        _print_sales(sales, everything=everything)

    at_desk(work)


def _print_balance(rows: list[BalanceRow], *, everything: bool) -> None:
    from gongji.stock.traces import amount

    odd = [row for row in rows if row.discrepancies]
    click.echo(f"进销存 {len(rows):,} 个批次，{len(odd):,} 个有问题。")
    for row in rows if everything else odd:
        parts = (
            ("期初", row.opening_e4),
            ("采购", row.purchased_e4),
            ("退货", -row.returned_e4),
            ("销售", -row.sold_e4),
            ("销售退货", row.brought_back_e4),
            ("变更", row.changed_e4),
            ("盘存差", row.difference_e4),
        )
        told = "  ".join(f"{name} {amount(e4)}" for name, e4 in parts if e4 or name == "期初")
        mark = f"  〔{'；'.join(row.discrepancies)}〕" if row.discrepancies else ""
        click.echo(
            f"  {row.item} {row.local_name or row.local_item} 批次 {row.batch}：{told}  期末 {amount(row.closing_e4)}{mark}"
        )


def _print_sales(rows: list[SalesRow], *, everything: bool) -> None:
    from gongji.stock.traces import amount

    odd = [row for row in rows if row.discrepancies]
    click.echo(f"销售与结算 {len(rows):,} 种药品，{len(odd):,} 种不符。")
    for row in rows if everything else odd:
        mark = f"  〔{'；'.join(row.discrepancies)}〕" if row.discrepancies else ""
        click.echo(
            f"  {row.item} {row.name}：结算 {amount(row.settled_e4)}  销售 {amount(row.sold_e4)}"
            f"  其中上报医保结算 {amount(row.sold_settled_e4)}  结算无追溯码 {amount(row.uncoded_e4)}{mark}"
        )


@stock.command()
@INSTITUTION
@click.option("--item", default="", metavar="编码", help="只看一种药品（医疗目录编码或机构目录编号）。")
@click.option("--batch", default="", metavar="批次", help="列出一个批次的全部变动。")
def show(institution: str, item: str, batch: str) -> None:
    """库存：每个批次的现存数量；指定批次时列出它的全部变动。"""

    async def work(desk: Desk) -> None:
        from gongji.stock import selectors

        await _known(desk, institution)
        if batch:
            wanted = selectors.Asked(batch=batch)
            for one in await selectors.movements(desk.conn, institution, wanted):
                if item in ("", one.item, one.local_item):
                    click.echo(_movement_text(one))
            return
        found = await selectors.batches_of(desk.conn, institution, item)
        for held in found:
            click.echo(_batch_text(held, desk.today))
        if not found:
            click.echo("没有进销存数据。")

    at_desk(work)


def _batch_text(one: Batch, today: date) -> str:
    from gongji.stock.traces import amount

    until = f"  有效期至 {one.expires_on}" if one.expires_on else ""
    marks = [
        text
        for text, holds in (
            ("已过有效期", one.expired(today)),
            ("库存小于零", one.quantity_e4 < 0),
            ("按追溯码入库", one.coded),
        )
        if holds
    ]
    mark = f"  〔{'；'.join(marks)}〕" if marks else ""
    return f"{one.item} {one.local_name or one.local_item} 批次 {one.batch}  {amount(one.quantity_e4)}{until}{mark}"


def _movement_text(one: Recorded) -> str:
    from gongji.base.times import CHINA
    from gongji.stock.rules import CHANGES, MARKS
    from gongji.stock.traces import amount

    at = one.occurred_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    kind = CHANGES[one.change_type][0] if one.change_type in CHANGES else KINDS[one.kind]
    counted = "" if one.counted_e4 is None else f"（盘得 {amount(one.counted_e4)}）"
    marks = [MARKS[mark] for mark in one.marks] + ([] if one.valid else ["已删除"])
    mark = f"  〔{'；'.join(marks)}〕" if marks else ""
    return f"{at}  {kind} {amount(one.quantity_e4)}{counted}  单据 {one.document or '—'}  流水号 {one.movement_id}{mark}"


@stock.command()
@click.argument("code", metavar="追溯码")
def trace(code: str) -> None:
    """药品追溯码：哪些机构购进、售出，是否已经结算。"""

    async def work(desk: Desk) -> None:
        from gongji.base.ids import issued_at_ms
        from gongji.base.times import CHINA
        from gongji.stock import selectors
        from gongji.stock.traces import amount, is_virtual

        seen = await selectors.sights(desk.conn, code)
        uses = await selectors.trace_uses(desk.conn, [code])
        if is_virtual(code):
            click.echo("虚拟追溯码。")
        for sight in seen:
            split = "（拆零）" if sight.split else ""
            click.echo(
                f"{sight.institution}  {KINDS[sight.kind]}{split}  {sight.local_item} 批次 {sight.batch}"
            )
        for use in uses:
            day = datetime.fromtimestamp(issued_at_ms(use.settlement_id) / 1000, CHINA).strftime("%Y-%m-%d")
            part = f"拆零 {amount(use.quantity_e4)}" if use.split else "整盒"
            state = "已退费" if use.freed else "有效"
            click.echo(f"{use.institution}  结算 {use.settlement_id}（{day}）  {use.item} {part}  {state}")
        if not seen and not uses:
            click.echo("没有这个追溯码的记录。")

    at_desk(work)


async def _known(desk: Desk, institution: str) -> None:
    """Ends the command when there is no such institution."""
    from gongji.base.reasons import Refusal
    from gongji.providers import selectors as providers

    book = await providers.load(desk.conn, desk.vault)
    done(book.get(institution) or Refusal("UNKNOWN_INSTITUTION", institution))
