"""What the management pages share: who acts, the institution's own items, refusals at the field, books brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from django import forms

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.catalog.mappings import MappingQuery, mapping_page
from gongji.gateway.inside import Refused
from gongji.providers.selectors import refresh
from gongji.stock.selectors import batches_of
from gongji.web.pages import Page

__all__ = [
    "OwnItem",
    "acting",
    "asked",
    "at_field",
    "by_whom",
    "day_field",
    "own_items",
    "refreshed",
    "text_field",
]

MOST: Final = 5_000


class OwnItem(msgspec.Struct, frozen=True):
    """An item under the institution's own code; ``code`` is the national one, "" while it is not mapped."""

    local: str
    code: str
    name: str


def acting(page: Page) -> Actor:
    """The institution, as its register knows who changes it; the person stands in the reason (``by_whom``)."""
    return Actor("institution", page.visitor.institution)


def by_whom(page: Page, text: str = "") -> str:
    """The reason of an act at the desk: who sat there, and what was said."""
    return f"工作站 {page.visitor.name}（{page.visitor.username}）{text}"


async def own_items(page: Page) -> dict[str, OwnItem]:
    """The institution's items by own code: what is mapped today, and what stands on its shelves without a mapping."""
    institution = page.visitor.institution
    async with page.connection() as conn:
        shelf = await batches_of(conn, institution)
        _, mapped = await mapping_page(conn, institution, MappingQuery(on=page.today, valid=True), MOST, 0)
    found = {one.local_item: OwnItem(one.local_item, one.item, one.local_name) for one in shelf}
    for listed in mapped:
        said = listed.mapping
        found[said.local_item] = OwnItem(said.local_item, said.code, said.local_name)
    return found


async def refreshed(page: Page) -> None:
    """The book of this worker, after the register has changed: the next page shows the change. Others follow within a second."""
    async with page.connection() as conn:
        await refresh(conn, page.platform.providers, page.platform.vault)


def asked(page: Page, name: str, longest: int) -> str:
    """What the address, or the form when one was sent, says under ``name``: at most so many printable characters."""
    given = page.request.POST if page.request.method == "POST" else page.request.GET
    return "".join(sign for sign in given.get(name, "")[:longest] if sign.isprintable())


def at_field(form: forms.Form, answer: Refused | Refusal, fields: Mapping[str, str]) -> None:
    """The refusal at the field that it speaks of, or above all. ``fields``: reason code or word of its text → field of the form."""
    words = answer.text
    named = next((field for key, field in fields.items() if key == answer.code or key in words), None)
    form.add_error(named if named in form.fields else None, words)


def text_field(
    label: str, longest: int, *, needed: bool = True, help_text: str = "", **attributes: str
) -> forms.CharField:
    """A line of text with Chinese errors."""
    return forms.CharField(
        label=label, max_length=longest, required=needed, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}最多 {longest} 个字。"},
    )  # fmt: skip


def day_field(label: str, *, needed: bool = True, help_text: str = "") -> forms.DateField:
    """A day, by the browser's own calendar."""
    return forms.DateField(
        label=label, required=needed, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}须写成 2026-11-21 的样子。"},
    )  # fmt: skip
