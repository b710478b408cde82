"""Filters and components of every template: amounts, days, states, pictures, navigation. How each looks: /styleguide."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.template import Context, Library
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongji.access import OPERATIONS
from gongji.web import amounts, charts, navigation
from gongji.web.icons import ICONS, STATE_ICONS

register = Library()

register.filter("yuan", amounts.yuan)
register.filter("yuan_unit", amounts.yuan_unit)
register.filter("percent", amounts.percent_text)


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """A day, marked up as one."""
    text = amounts.day(value)
    return format_html("<time>{}</time>", text) if value else SafeString(text)


@register.filter
def minute(value: datetime | None) -> SafeString:
    """An instant with minutes in China, marked up as one."""
    text = amounts.minute(value)
    return format_html("<time>{}</time>", text) if value else SafeString(text)


@register.filter
def unit_of(field: Any) -> str:
    """The unit written behind a form's field (widget attribute ``data-unit``)."""
    return str(field.field.widget.attrs.get("data-unit", ""))


@register.filter
def kind_of(field: Any) -> str:
    """What kind of input a form's field is: ``checkbox``, ``group`` (radio buttons, several boxes) or ``plain``."""
    if field.use_fieldset:
        return "group"
    return "checkbox" if getattr(field.field.widget, "input_type", "") == "checkbox" else "plain"


@register.simple_tag
def limit_bar(used_fen: int | None, total_fen: int | None, label: str) -> SafeString:
    return charts.limit_bar(used_fen, total_fen, label)


@register.simple_tag
def split_bar(parts: Sequence[tuple[str, int, str]]) -> SafeString:
    return charts.split_bar(parts)


@register.simple_tag
def year_bars(months: Sequence[tuple[str, int]]) -> SafeString:
    return charts.year_bars(months)


@register.simple_tag
def line_chart(points: Sequence[tuple[str, int]]) -> SafeString:
    return charts.line_chart(points)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawn mark beside a word; alone it needs a word for screen readers next to it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def state(text: str, kind: str = "info") -> SafeString:
    """A state as word, colour and shape. ``kind``: wait, ok, bad, info."""
    return format_html('<span class="badge badge--{}">{}{}</span>', kind, icon(STATE_ICONS[kind]), text)


@register.simple_tag
def why(clause: str | None, words: str = "依据") -> SafeString:
    """The quiet mark behind what the law decided; nothing where no clause is known."""
    if not clause:
        return SafeString("")
    return format_html(
        '<a class="why" href="{}" title="看这一条怎么规定的">{}<span class="hidden-words">：条文 {}</span></a>',
        reverse("law.clause", args=(clause,)),
        words,
        clause,
    )


@register.simple_tag
def address(code: str, *args: object) -> str:
    """The address of an operation, or "" while this program has none: a link that may be missing is left out."""
    try:
        return reverse(code, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def wrong(said: Any, title: str = "没有办成", field: str = "") -> SafeString:
    """The summary of what did not work, which takes the focus; nothing when nothing is said. ``said``: a sentence, several, or a
    refusal (``text`` and ``code``); ``field``: the id of the field that is to be mended.
    """
    if not said:
        return SafeString("")
    told = said if isinstance(said, list | tuple) else (said,)
    items = format_html_join("", "<li>{}</li>", ((_told(one, field),) for one in told))
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" autofocus data-error-summary><h2>{}</h2><ul>{}</ul></div>',
        title,
        items,
    )


def _told(one: Any, field: str) -> SafeString:
    """One thing that is wrong: its words, leading into the field, and the code for whoever asks about it."""
    text, code = getattr(one, "text", one), getattr(one, "code", "")
    words = format_html('<a href="#{}">{}</a>', field, text) if field else format_html("{}", text)
    return format_html('{} <span class="code">{}</span>', words, code) if code else words


@register.simple_tag
def crumbs(*parts: object) -> SafeString:
    """Where a page stands: words, each followed by the operation or the address that it leads to; the last may be the page
    itself, which leads nowhere. Escape goes one step up.
    """
    steps: list[tuple[str, str]] = []
    for part in parts:
        text = str(part)
        if steps and not steps[-1][1] and (text.startswith("/") or text in OPERATIONS):
            steps[-1] = (steps[-1][0], text if text.startswith("/") else reverse(text))
        else:
            steps.append((text, ""))
    up = max((at for at, (_, link) in enumerate(steps) if link), default=-1)
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (
                format_html(
                    '<a href="{}"{}>{}</a>', link, SafeString(' data-key="Escape"' if at == up else ""), words
                )
                if link
                else format_html('<span aria-current="page">{}</span>', words),
            )
            for at, (words, link) in enumerate(steps)
        ),
    )
    return format_html('<nav class="no-print" aria-label="页面位置"><ol class="crumbs">{}</ol></nav>', items)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> navigation.Menu:
    """The navigation of the part in which this page stands, for this visitor."""
    operation, visitor = context.get("operation"), context.get("visitor")
    return navigation.menu(visitor, operation.code if operation else "")


@register.simple_tag(takes_context=True)
def belongs_to(context: Context) -> str:
    """For whom the visitor acts, in words: the institution's name, the insured region's, nothing for a member."""
    visitor, page = context.get("visitor"), context.get("page")
    return navigation.belongs_to(visitor, page.platform) if visitor and page else ""
