"""Statements of an account (对账单): a month of movements with running balance, and who of the family used it (共济使用明细).

The opening of a month is the closing of the one before: both are the sum of what happened earlier. Names and numbers are masked
unless somebody who may see them asks otherwise (the caller records that access).
Clauses SX2021-103.s2.4.f, QY.art8.a.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final

from gongji.accounts.selectors import family_room
from gongji.accounts.values import Draw, FamilyStatement, FamilyUser, Line, Statement
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA
from gongji.members.family import bindings_of_owner
from gongji.members.identity import mask_name

__all__ = ["KINDS", "family_statement", "mask_number", "month_statement", "statement_of"]

OPENING = sql("gongji.accounts", "statement_opening")
LINES = sql("gongji.accounts", "statement_lines")
DRAWS = sql("gongji.accounts", "family_draws")
NAMES = sql("gongji.accounts", "names")

KINDS: Final = {
    "opening": "期初余额",
    "pay": "本人支付",
    "refund": "本人退费",
    "mutual": "家庭共济支付",
    "mutual_refund": "家庭共济退费",
    "credit": "划入",
    "credit_correction": "划入更正",
    "recovery": "多计入追回",
    "interest": "利息",
    "premium": "代缴保费",
    "premium_refund": "代缴保费退回",
    "transfer_in": "转入",
    "transfer_out": "转出",
    "withdrawal": "支取",
}
SHOWN_OF_NUMBER: Final = 4
DAY: Final = timedelta(days=1)


def mask_number(psn_no: str) -> str:
    """A person's number with only its last four characters."""
    return "*" * max(0, len(psn_no) - SHOWN_OF_NUMBER) + psn_no[-SHOWN_OF_NUMBER:]


def _instant(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=CHINA)


def _month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


async def month_statement(
    conn: Connection, psn_no: str, month: date, *, masked: bool = True
) -> Statement | Refusal:
    """Every movement of the month (any day of it names it) in China's time; NO_PERSONAL_ACCOUNT for who has none."""
    first = month.replace(day=1)
    return await statement_of(conn, psn_no, first, _month_after(first) - DAY, masked=masked)


async def statement_of(
    conn: Connection, psn_no: str, from_on: date, until_on: date, *, masked: bool = True
) -> Statement | Refusal:
    """Every movement from the one day to the other in China's time; NO_PERSONAL_ACCOUNT for who has none."""
    head = await conn.fetchrow(OPENING, psn_no, _instant(from_on))
    if head is None:
        return Refusal("NO_PERSONAL_ACCOUNT", psn_no)
    show_name = mask_name if masked else str
    balance_fen = head["opening_fen"]
    lines: list[Line] = []
    for row in await conn.fetch(LINES, psn_no, _instant(from_on), _instant(until_on + DAY)):
        balance_fen += row["amount_fen"]
        person = show_name(row["person"]) if row["person"] else ""
        place = row["place"] or _agency(row["kind"], row["counterpart"], row["person"])
        lines.append(
            Line(
                row["occurred_at"],
                row["entry_id"],
                row["kind"],
                row["amount_fen"],
                balance_fen,
                place,
                person,
                row["period"],
                row["settlement_id"],
            )
        )
    number = mask_number(psn_no) if masked else psn_no
    name = show_name(head["name"] or "")
    return Statement(number, name, from_on, head["state"], head["opening_fen"], tuple(lines), balance_fen)


def _agency(kind: str, counterpart: str | None, person: str | None) -> str:
    """Who was paid by a case or sent a transfer: another agency, or a payee by number."""
    if counterpart is None or person is not None:
        return ""
    return counterpart.replace("payee:", "收款人") if kind == "withdrawal" else counterpart


async def family_statement(
    conn: Connection, owner: str, from_on: date, until_on: date, *, masked: bool = True
) -> FamilyStatement | Refusal:
    """Who used the owner's account in the days given, where, when and how much, and what the limits leave on the last day."""
    start, end = _instant(from_on), _instant(until_on + DAY)
    head = await conn.fetchrow(OPENING, owner, start)
    if head is None:
        return Refusal("NO_PERSONAL_ACCOUNT", owner)
    show_name, show_number = (mask_name, mask_number) if masked else (str, str)
    draws: list[Draw] = []
    used: defaultdict[str, int] = defaultdict(int)
    for at, user, name, relation, place, place_kind, fen in await conn.fetch(DRAWS, owner, start, end):
        used[user] += fen
        draws.append(
            Draw(at, show_number(user), show_name(name or ""), relation or "", place, place_kind, fen)
        )
    bindings = [one for one in await bindings_of_owner(conn, owner) if one.meets(from_on, until_on)]
    room = await family_room(conn, [(owner, one.user) for one in bindings], until_on)
    names = dict(await conn.fetch(NAMES, [one.user for one in bindings]))
    users = tuple(
        FamilyUser(
            show_number(one.user),
            show_name(names.get(one.user, "")),
            one.relation,
            one.from_on,
            one.until_on,
            used[one.user],
            room[owner, one.user],
        )
        for one in bindings
    )
    return FamilyStatement(
        show_number(owner),
        show_name(head["name"] or ""),
        from_on,
        until_on,
        users,
        tuple(draws),
        sum(used.values()),
    )
