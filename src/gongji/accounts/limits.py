"""Limits that an owner sets on the family's use of the account (共济限额): per settlement, month and year.

Facts; of those that have begun the one recorded last counts. A limit on all users is on what they take together, one on a
user on what that user takes; both hold. An open point of 晋政办发〔2021〕103号 三（二）: the owner authorises the use.
"""

from datetime import date

from gongji.accounts.selectors import family_room
from gongji.accounts.values import ALL_USERS, Limit, Office
from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.members.family import bindings_of_owner

__all__ = ["check_limit", "family_room", "set_limit"]

ADD = sql("gongji.accounts", "add_limit")


def check_limit(office: Office, limit: Limit, *, bound: bool, has_account: bool) -> Refusal | None:
    """Why a limit is not recorded: not the owner's own, backdated, negative, for somebody who is not bound, or no account."""
    if office.actor.kind == "member" and office.actor.id != limit.owner:
        return Refusal("FORBIDDEN", "限额由账户所有人设定")
    if office.actor.kind not in ("member", "agency"):
        return Refusal("FORBIDDEN")
    if not has_account:
        return Refusal("NO_PERSONAL_ACCOUNT")
    if limit.from_on < office.on:
        return Refusal("FAMILY_BACKDATED", f"{limit.from_on} 早于 {office.on}")
    limits = (limit.per_settlement_fen, limit.per_month_fen, limit.per_year_fen)
    if any(fen is not None and not 0 <= fen <= MAX_FEN for fen in limits):
        return Refusal("AMOUNT_OUT_OF_RANGE", "限额不能为负或过大")
    if limit.user != ALL_USERS and not bound:
        return Refusal("FAMILY_NOT_BOUND", limit.user)
    return None


async def set_limit(conn: Connection, office: Office, limit: Limit) -> int | Refusal:
    """Record a limit and answer its id; three times None lifts what was set before for the same user."""
    bindings = await bindings_of_owner(conn, limit.owner)
    bound = any(
        binding.user == limit.user and (binding.until_on or date.max) >= limit.from_on for binding in bindings
    )
    has_account = await conn.fetchval("SELECT true FROM accounts_balance WHERE psn_no = $1", limit.owner)
    refusal = check_limit(office, limit, bound=bound, has_account=bool(has_account))
    if refusal is not None:
        return refusal
    limit_id = office.ids.next()
    await conn.execute(
        ADD, limit.owner, limit_id, limit.user, limit.per_settlement_fen, limit.per_month_fen,
        limit.per_year_fen, limit.from_on, office.at, str(office.actor),
    )  # fmt: skip
    return limit_id
