"""Staff (医务人员): the institution's own register of doctors and pharmacists, their rights and suspensions.

Identity numbers are shown masked, also to the manager; what is stated anew is sealed by the register's own verbs.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse

from gongji.base.sealing import Vault
from gongji.desk.manager.lists import Column, Facet, Shown, exported, listing
from gongji.members.rows import unsealed_bytes
from gongji.providers.register import RIGHTS
from gongji.providers.rows import StaffRow, SuspensionRow
from gongji.providers.sealing import open_staff_cert
from gongji.providers.staff_rules import KINDS
from gongji.providers.writing import Entry, history, read
from gongji.web.pages import Page, page, url

__all__ = ["latest", "person", "register", "spells_of"]

STATES: Final = (("here", "在职"), ("suspended", "暂停服务"), ("later", "尚未到岗"), ("left", "已离职"))
COLOURS: Final = {"here": "ok", "suspended": "bad", "later": "wait", "left": "info"}
SUSPENSIONS: Final = {
    "proposed": "拟暂停，待复核",
    "in_force": "已生效",
    "end_proposed": "拟提前结束，待复核",
    "refused": "未批准",
}
SHOWN_HEAD, SHOWN_TAIL = 6, 4


@page("desk.staff")
async def register(page: Page) -> HttpResponse:
    """Everybody who works here or did; one row a person."""
    code = page.visitor.institution
    async with page.connection() as conn:
        entries = (await read(conn, code, "staff")).of(StaffRow)
    people = latest(entries, page.today)
    may_change = "manager" in page.visitor.roles
    made = listing(
        page.request,
        "医务人员",
        (
            Column("name", "姓名"),
            Column("kind", "类别"),
            Column("title", "职称"),
            Column("department", "科室"),
            Column("rights", "权限"),
            Column("from_on", "起始日", "day"),
            Column("until_on", "离职日", "day"),
            Column("state", "状态", "state"),
        ),
        [_row(page, one, may_change) for one in people],
        facets=(
            Facet("state", "状态", STATES, lambda row, wanted: row["state_code"] == wanted),
            Facet("kind", "类别", tuple(KINDS.items()), lambda row, wanted: row["kind_code"] == wanted),
        ),
        searched=("name", "department"),
        order="name",
    )
    return exported(page.request, made) or await page.show(
        "desk/manager/staff.html", {"list": made, "may_change": may_change}
    )


def latest(entries: list[Entry[StaffRow]], today: date) -> list[StaffRow]:
    """Of each person the entry that holds today, else the last one."""
    by_code: dict[str, StaffRow] = {}
    for row in sorted((entry.row for entry in entries), key=lambda row: row.from_on):
        before = by_code.get(row.staff_code)
        if (
            before is None
            or row.from_on <= today
            or (before.until_on is not None and before.until_on < today)
        ):
            by_code[row.staff_code] = row
    return list(by_code.values())


def _state(page: Page, row: StaffRow) -> str:
    if row.until_on is not None and row.until_on < page.today:
        return "left"
    if row.from_on > page.today:
        return "later"
    roster = page.platform.providers.roster
    return "suspended" if roster.suspended(page.visitor.institution, row.staff_code, page.today) else "here"


def _rights(row: StaffRow) -> str:
    return "、".join(name for right, name in RIGHTS.items() if right in row.rights) or "—"


def _row(page: Page, row: StaffRow, may_change: bool) -> dict[str, Any]:
    state = _state(page, row)
    link = url("desk.staff.one", row.staff_code) if may_change else ""
    return {
        "name": Shown(row.name, code=row.staff_code, link=link),
        "kind": KINDS.get(row.kind, row.kind),
        "kind_code": row.kind,
        "title": row.title,
        "department": row.department,
        "rights": _rights(row),
        "from_on": row.from_on,
        "until_on": row.until_on,
        "state": Shown(dict(STATES)[state], COLOURS[state]),
        "state_code": state,
    }


async def spells_of(page: Page, staff_code: str) -> list[StaffRow]:
    """The person's entries at the visitor's institution, by day; none for anybody else's people."""
    async with page.connection() as conn:
        entries = (await read(conn, page.visitor.institution, "staff")).of(StaffRow)
    return sorted(
        (one.row for one in entries if one.row.staff_code == staff_code), key=lambda row: row.from_on
    )


@page("desk.staff.one")
async def person(page: Page, staff_code: str) -> HttpResponse:
    """One person: what holds, what held, suspensions, and who changed what."""
    code = page.visitor.institution
    async with page.connection() as conn:
        entries = await read(conn, code, "staff", "suspension")
        lines = await history(conn, code, "staff")
    rows = sorted(
        (e.row for e in entries.of(StaffRow) if e.row.staff_code == staff_code), key=lambda row: row.from_on
    )
    if not rows:
        return await page.no(404, "没有这个人", "本机构没有登记过这个编码的医务人员。")
    now = latest([e for e in entries.of(StaffRow) if e.row.staff_code == staff_code], page.today)[0]
    changes = [
        {"at": line.recorded_at, "reason": line.reason, "row": line.row}
        for line in reversed(lines)
        if isinstance(line.row, StaffRow) and line.row.staff_code == staff_code
    ]
    state = _state(page, now)
    context = {
        "row": now,
        "kind": KINDS.get(now.kind, now.kind),
        "rights": _rights(now),
        "cert": _masked(page.platform.vault, code, now),
        "phone": bool(now.phone_sealed),
        "state": dict(STATES)[state],
        "colour": COLOURS[state],
        "rows": rows,
        "suspensions": [
            {"row": e.row, "state": SUSPENSIONS.get(e.row.state, e.row.state)}
            for e in entries.of(SuspensionRow)
            if e.row.staff_code == staff_code
        ],
        "changes": changes,
    }
    return await page.show("desk/manager/staff_one.html", context)


def _masked(vault: Vault, code: str, row: StaffRow) -> str:
    """The identity number without its middle; "" where none is registered."""
    if not row.cert_sealed:
        return ""
    number = open_staff_cert(vault, code, row.staff_code, unsealed_bytes(row.cert_sealed))
    hidden = max(0, len(number) - SHOWN_HEAD - SHOWN_TAIL)
    return f"{number[:SHOWN_HEAD]}{'*' * hidden}{number[SHOWN_HEAD + hidden :]}"
