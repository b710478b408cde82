"""Pictures of amounts as SVG made here: they need no script, print sharply, and say their numbers to a screen reader.

Widths are attributes in per cent, so that text keeps its size at every width of the page; colours come from the style sheet.
Whatever is told by colour is told by a word or an order as well.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongji.web.amounts import yuan_unit
from gongji.web.geometry import FULL, percent, place, shares, short_yuan, span

__all__ = ["limit_bar", "line_chart", "split_bar", "who_pays", "year_bars"]

Part = tuple[str, int, str]
Point = tuple[str, int]
PLAIN: Final = frozenset({"fund", "account", "mutual", "cash"})
ROOM_FOR_NAME: Final = 240
"""Thousandths that a segment needs so that its name fits on a phone."""
BARS_TOP, BARS_BASE, BARS_HIGH = 22, 132, 160
LINE_TOP, LINE_HIGH, LINE_ALL = 20, 130, 178


def limit_bar(used_fen: int | None, total_fen: int | None, label: str) -> SafeString:
    """How much of a limit is used, with both amounts written; without a limit (None or not positive) only what is used."""
    used = used_fen or 0
    if total_fen is None or total_fen <= 0:
        return format_html(
            '<div class="limit"><div class="limit__head"><span>{}</span><span class="money">已用 {}</span></div>'
            '<p class="hint">没有限额。</p></div>',
            label,
            yuan_unit(used),
        )
    width, over = place(used, 0, total_fen), used > total_fen
    left = f"超出 {yuan_unit(used - total_fen)}" if over else f"还剩 {yuan_unit(total_fen - used)}"
    if used == total_fen:
        left = "已满"
    words = f"已用 {yuan_unit(used)}，限额 {yuan_unit(total_fen)}，{left}"
    return format_html(
        '<div class="limit"><div class="limit__head"><span>{label}</span><span class="money">{left}</span></div>'
        '<svg class="bar" role="img" aria-label="{label}：{words}" height="22" width="100%"><title>{label}：{words}</title>'
        '<rect class="track" width="100%" height="22" rx="6"/>'
        '<rect class="fill{over}" width="{width}" height="22" rx="{round}"/></svg>'
        '<p class="hint">已用 {used}，共 {total}</p></div>',
        label=label,
        words=words,
        left=left,
        over=" fill--over" if over else "",
        width=percent(width),
        round=min(6, width // 10),
        used=yuan_unit(used),
        total=yuan_unit(total_fen),
    )


def who_pays(fund_fen: int, own_fen: int, mutual_fen: int, cash_fen: int) -> list[Part]:
    """A bill by who pays it, for ``split_bar``: the fund, the member's own account, relatives' accounts, cash."""
    return [
        ("统筹基金", fund_fen, "fund"),
        ("个人账户", own_fen, "account"),
        ("家庭共济", mutual_fen, "mutual"),
        ("现金", cash_fen, "cash"),
    ]


def split_bar(parts: Sequence[Part]) -> SafeString:
    """A bill as one bar cut by who pays: (name, fen, class of ``PLAIN``). Parts of 0 have no segment but stand in the legend."""
    widths = shares([fen for _, fen, _ in parts])
    words = "，".join(f"{name} {yuan_unit(fen)}" for name, fen, _ in parts) or "没有金额"
    at, segments = 0, []
    for (name, _, kind), width in zip(parts, widths, strict=True):
        if width:
            segments.append(_segment(name, kind, at, width))
            at += width
    legend = format_html_join(
        "",
        '<li><svg aria-hidden="true" viewBox="0 0 14 14"><rect class="{}" width="14" height="14" rx="3"/></svg>'
        '{} <b class="money">{}</b></li>',
        ((_kind(kind), name, yuan_unit(fen)) for name, fen, kind in parts),
    )
    return format_html(
        '<div class="figure"><svg class="bar" role="img" aria-label="{words}" height="34" width="100%">'
        '<title>{words}</title><rect class="track" width="100%" height="34" rx="6"/>{segments}</svg>'
        '<ul class="legend">{legend}</ul></div>',
        words=words,
        segments=SafeString("".join(segments)),
        legend=legend,
    )


def _segment(name: str, kind: str, at: int, width: int) -> SafeString:
    """One part; its name on it where there is room."""
    text = SafeString("")
    if width >= ROOM_FOR_NAME:
        text = format_html(
            '<text class="on{}" x="{}" y="22" text-anchor="middle" aria-hidden="true">{}</text>',
            " on--cash" if _kind(kind) == "cash" else "",
            percent(at + width // 2),
            name[:6],
        )
    return format_html(
        '<rect class="{}" x="{}" width="{}" height="34"/>{}{}',
        _kind(kind),
        percent(at),
        percent(width),
        _gap(at),
        text,
    )


def _gap(at: int) -> SafeString:
    """A line between two segments, so that the cut shows without colour."""
    if not at:
        return SafeString("")
    return format_html('<rect class="cut" x="{}" width="2" height="34"/>', percent(at))


def _kind(kind: str) -> str:
    return kind if kind in PLAIN else "cash"


def year_bars(months: Sequence[Point]) -> SafeString:
    """A year as bars, one a month: (month, fen), amounts over the bars; below the line what is negative."""
    low, high = span([fen for _, fen in months])
    zero = BARS_TOP + (BARS_BASE - BARS_TOP) * (FULL - place(0, low, high)) // FULL
    count = max(1, len(months))
    bars = [_month_bar(index, count, month, low, high, zero) for index, month in enumerate(months)]
    words = "，".join(f"{name} {yuan_unit(fen)}" for name, fen in months if fen) or "没有金额"
    return format_html(
        '<div class="figure"><svg class="bar" role="img" aria-label="{words}" height="{high}" width="100%">'
        '<title>{words}</title>{bars}<line class="axis" x1="0" x2="100%" y1="{zero}" y2="{zero}"/></svg></div>',
        words=words,
        high=BARS_HIGH,
        bars=SafeString("".join(bars)),
        zero=zero,
    )


def _month_bar(index: int, count: int, month: Point, low: int, high: int, zero: int) -> SafeString:
    name, fen = month
    end = BARS_TOP + (BARS_BASE - BARS_TOP) * (FULL - place(fen, low, high)) // FULL
    top, tall = min(end, zero), max(abs(end - zero), 1 if fen else 0)
    left, width = FULL * index // count, FULL // count
    middle = percent(left + width // 2)
    amount = format_html(
        '<text class="soft" x="{}" y="{}" text-anchor="middle">{}</text>', middle, top - 6, short_yuan(fen)
    )
    return format_html(
        '<rect class="fill{}" x="{}" width="{}" y="{}" height="{}" rx="2"><title>{} {}</title></rect>{}'
        '<text class="soft" x="{}" y="{}" text-anchor="middle">{}</text>',
        " minus" if fen < 0 else "",
        percent(left + width // 6),
        percent(width - width // 3),
        top,
        tall,
        name,
        yuan_unit(fen),
        amount if fen else "",
        middle,
        BARS_HIGH - 6,
        _label(name),
    )


def _label(name: str) -> SafeString:
    """A month under its bar: on a narrow screen its number alone."""
    number = name.removesuffix("月").strip()
    if number == name:
        return format_html("{}", name)
    return format_html('{}<tspan class="unit">月</tspan>', number)


def line_chart(points: Sequence[Point]) -> SafeString:
    """A balance over time: (when, fen) in order, equally spaced; first, last, lowest and highest in words."""
    if not points:
        return format_html('<p class="empty">{}</p>', "还没有可画的数据。")
    low, high = span([fen for _, fen in points])
    last = max(1, len(points) - 1)
    marks = [(FULL * index // last, FULL - place(fen, low, high)) for index, (_, fen) in enumerate(points)]
    if len(marks) == 1:
        marks.append((FULL, marks[0][1]))
    line = " ".join(f"{x},{y}" for x, y in marks)
    amounts = [fen for _, fen in points]
    words = (
        f"{points[0][0]} {yuan_unit(amounts[0])}，{points[-1][0]} {yuan_unit(amounts[-1])}，"
        f"最低 {yuan_unit(min(amounts))}，最高 {yuan_unit(max(amounts))}"
    )
    zero = FULL - place(0, low, high)
    return format_html(
        '<div class="figure"><svg class="bar" role="img" aria-label="{words}" height="{all}" width="100%"><title>{words}</title>'
        '<svg y="{top}" height="{tall}" width="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
        '<polygon class="area" points="0,{zero} {line} 1000,{zero}"/>'
        '<line class="axis" x1="0" x2="1000" y1="{zero}" y2="{zero}" vector-effect="non-scaling-stroke"/>'
        '<polyline class="line" points="{line}" vector-effect="non-scaling-stroke"/></svg>'
        '<text class="soft" x="0" y="13">{most}</text>{ends}</svg></div>',
        words=words,
        all=LINE_ALL,
        top=LINE_TOP,
        tall=LINE_HIGH,
        zero=zero,
        line=line,
        most=f"最高 {yuan_unit(max(amounts))}",
        ends=_ends(points),
    )


def _ends(points: Sequence[Point]) -> SafeString:
    """First and last moment under the line; one alone stands at the left."""
    first = format_html('<text class="soft" x="0" y="{}">{}</text>', LINE_ALL - 8, points[0][0])
    if len(points) == 1:
        return first
    last = format_html(
        '<text class="soft" x="100%" y="{}" text-anchor="end">{}</text>', LINE_ALL - 8, points[-1][0]
    )
    return first + last
