"""The auditor reads: what happened about accounts, and who looked at whose personal data. Reading is itself an event.

A list and its file are made from the same rows: an export holds exactly what was seen.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote

import msgspec
from django import forms
from django.http import HttpResponse
from django.utils.http import urlencode

from gongji.access.events import KINDS, record
from gongji.access.selectors import EventFilter, by_name, events
from gongji.base.times import CHINA
from gongji.console.wording import ACCESS_HEADS, EVENT_HEADS, access_row, event_row, name_of
from gongji.members.access import AccessFilter, read
from gongji.sheets import Table, as_csv
from gongji.web.pages import Page, page, url
from gongji.web.visits import address_of

__all__ = ["AccessesForm", "EventsForm", "accesses", "accesses_csv", "events_csv", "events_page"]

SIZES: Final = (("50", "50 行"), ("200", "200 行"), ("1000", "1000 行"))
DAYS: Final = 7
MOST_DAYS: Final = 366
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""The calendar's first and last days have no instant in every zone."""
NUMBER: Final = 2**63 - 1
WORDS: Final = frozenset({"username", "address", "psn_no", "actor", "purpose"})
"""Fields into which anything can be typed."""
DIGITS: Final = 16


class _DaysForm(forms.Form):
    """From a day to a day, so many rows before a place in the list."""

    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    rows = forms.ChoiceField(label="每页", required=False, choices=SIZES)
    before = forms.IntegerField(required=False, min_value=1, max_value=NUMBER, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        for name in ("since", "until"):
            day = given.get(name)
            if day is not None and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"日期须在 {EARLIEST} 和 {LATEST} 之间。")
        if since and until and not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
            self.add_error("until", f"「到」不能早于「从」，一次最多查 {MOST_DAYS} 天。")
        return given


class EventsForm(_DaysForm):
    """Which events."""

    kind = forms.ChoiceField(label="事件", required=False, choices=[("", "全部"), *KINDS.items()])
    username = forms.CharField(label="登录名", required=False, max_length=64)
    address = forms.CharField(label="来源地址", required=False, max_length=64)
    field_order = ("since", "until", "kind", "username", "address", "rows")


class AccessesForm(_DaysForm):
    """Which looks at personal data."""

    psn_no = forms.CharField(label="人员编号", required=False, max_length=30)
    actor = forms.CharField(label="查看人", required=False, max_length=60)
    purpose = forms.CharField(label="事由（交易编号或页面代码）", required=False, max_length=60)
    field_order = ("since", "until", "psn_no", "actor", "purpose", "rows")


class Seen(msgspec.Struct, frozen=True):
    """What the auditor sees: cells by row, and where the list goes on (0: nowhere)."""

    rows: list[tuple[str, ...]]
    following: int


@page("console.events")
async def events_page(page: Page) -> HttpResponse:
    """Sign-ins, failures, roles, passwords."""
    form = EventsForm(page.request.GET or None)
    seen = await _events(page, form)
    return await _list(page, form, seen, EVENT_HEADS, "console.events_csv")


@page("console.events_csv")
async def events_csv(page: Page) -> HttpResponse:
    """The same rows as a file."""
    seen = await _events(page, EventsForm(page.request.GET or None))
    return _file(EVENT_HEADS, seen, f"安全事件-{page.today}")


@page("console.accesses")
async def accesses(page: Page) -> HttpResponse:
    """Who was shown whose personal data, when and why."""
    form = AccessesForm(page.request.GET or None)
    seen = await _accesses(page, form)
    return await _list(page, form, seen, ACCESS_HEADS, "console.accesses_csv")


@page("console.accesses_csv")
async def accesses_csv(page: Page) -> HttpResponse:
    """The same rows as a file."""
    seen = await _accesses(page, AccessesForm(page.request.GET or None))
    return _file(ACCESS_HEADS, seen, f"个人信息查看记录-{page.today}")


async def _events(page: Page, form: EventsForm) -> Seen:
    if form.is_bound and not form.is_valid():
        return Seen([], 0)
    given = form.cleaned_data if form.is_bound else {}
    since, until = _span(page, given)
    size = int(given.get("rows") or SIZES[1][0])
    kinds = (given["kind"],) if given.get("kind") else ()
    async with page.connection() as conn:
        number = None
        if given.get("username"):
            account = await by_name(conn, given["username"])
            number = account.number if account is not None else 0
        before, address = given.get("before") or NUMBER, given.get("address", "")
        found = await events(conn, EventFilter(since, until, number, kinds, address, before, size + 1))
        await _told(page, conn, "console.events", given, bool(found))
    return Seen(
        [event_row(event, name_of(page)) for event in found[:size]],
        found[size - 1].number if len(found) > size else 0,
    )


async def _accesses(page: Page, form: AccessesForm) -> Seen:
    if form.is_bound and not form.is_valid():
        return Seen([], 0)
    given = form.cleaned_data if form.is_bound else {}
    since, until = _span(page, given)
    size = int(given.get("rows") or SIZES[1][0])
    asked = AccessFilter(
        since, until, given.get("psn_no", ""), given.get("actor", ""), given.get("purpose", ""),
        given.get("before") or NUMBER, size + 1,
    )  # fmt: skip
    async with page.connection() as conn:
        found = await read(conn, asked)
        await _told(page, conn, "console.accesses", given, bool(found))
    following = found[size - 1].access_id if len(found) > size else 0
    return Seen([access_row(access, name_of(page)) for access in found[:size]], following)


def _span(page: Page, given: dict[str, Any]) -> tuple[datetime, datetime]:
    """The asked days as instants; the last week when nothing is asked."""
    until = given.get("until") or page.today
    since = given.get("since") or until - timedelta(days=DAYS - 1)
    return _midnight(since), _midnight(until) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


async def _told(page: Page, conn: Any, code: str, given: dict[str, Any], found: bool) -> None:
    """Who reads the log stands in the log, with what was asked for, before anything is shown.

    Words that found something are the log's own already. Words that found nothing may be anything, an identity number in the
    wrong field too: of them a keyed digest is kept, by which the same words are known again and nothing is told.
    """
    asked = " ".join(
        f"{name}={value if found or name not in WORDS else _digest(page, str(value))}"
        for name, value in given.items()
        if value
    )
    await record(
        conn, "log_read", page.at,
        account=page.visitor.account, actor=str(page.visitor.actor), address=address_of(page.request),
        detail=code, reason=asked,
    )  # fmt: skip


def _digest(page: Page, words: str) -> str:
    return f"（没有查到，摘要 {page.platform.vault.index('log_search', words.strip()).hex()[:DIGITS]}）"


async def _list(page: Page, form: _DaysForm, seen: Seen, heads: tuple[str, ...], export: str) -> HttpResponse:
    asked = {name: str(value) for name, value in page.request.GET.items() if value and name != "before"}
    shown = {
        "form": form,
        "heads": heads,
        "rows": seen.rows,
        "export": f"{url(export)}?{page.request.GET.urlencode()}",
        "following": f"?{urlencode({**asked, 'before': str(seen.following)})}" if seen.following else "",
        "days": DAYS,
    }
    return await page.show("console/audit.html", shown, 422 if form.errors else 200)


def _file(heads: tuple[str, ...], seen: Seen, title: str) -> HttpResponse:
    """A CSV that a spreadsheet opens as text, Chinese included."""
    answer = HttpResponse(
        as_csv(Table(title, (), heads, tuple(seen.rows))), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.csv"
    return answer
