"""Premiums paid from an account (代缴保费): for the owner or a bound relative, once a person, product and year.

晋政办发〔2021〕103号 二（四）: 城乡居民医保、职工大额医疗费用补助、长期护理保险. Which of them a region has opened is the list
``account.premiums`` (庆阳 第七条: none yet). An account pays a premium whole or not at all, and never wellness or public health.
Clauses SX2021-103.s2.4.d, SX2021-103.s2.4.e, QY.art7.c, QY.art7.d.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from gongji.accounts.movements import Held, Movement, hold, post
from gongji.accounts.values import Office, Premium, PremiumOrder
from gongji.base.money import MAX_FEN, format_yuan
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import premium_entry
from gongji.members.family import bindings_of_user
from gongji.members.selectors import standings
from gongji.policy import Value

__all__ = ["PRODUCTS", "check_order", "forbidden_use", "pay_premium", "refund_premium"]

ADD = sql("gongji.accounts", "add_premium")
FIND = sql("gongji.accounts", "premiums")
REFUND = sql("gongji.accounts", "refund_premium")
LOCK_INSURED = "SELECT pg_advisory_xact_lock(hashtextextended('premium:' || $1, 0))"

PRODUCTS: Final = {
    "resident_insurance": "城乡居民基本医疗保险",
    "large_amount": "职工大额医疗费用补助",
    "long_term_care": "长期护理保险",
}
SELF: Final = "self"
YEARS_AHEAD: Final = 1
"""A premium may be paid in the year before it begins (集中缴费期)."""


def forbidden_use(office: Office, use: str, region: str) -> Refusal | None:
    """Whether ``use`` is one that an account must not serve (公共卫生、体育健身、养生保健), with the article."""
    found = office.value("account.forbidden", region)
    if isinstance(found, Refusal):
        return found
    assert isinstance(found.raw, tuple)
    return Refusal("ACCOUNT_USE_FORBIDDEN", use, found.clause, found.citation) if use in found.raw else None


def check_order(office: Office, order: PremiumOrder, region: str, relation: str | None) -> Value | Refusal:
    """The law by which ``order`` is paid, or why it is not; ``relation`` of the insured to the owner, None: not bound that day.

    FORBIDDEN, AMOUNT_OUT_OF_RANGE, ACCOUNT_USE_FORBIDDEN, UNKNOWN_CODE, PREMIUM_NOT_OPEN, PREMIUM_NOT_FOR_THIS_PERSON, BAD_FIELD.
    """
    if (refusal := _refuse_actor(office, order.owner)) is not None:
        return refusal
    if not 0 < order.amount_fen <= MAX_FEN:
        return Refusal("AMOUNT_OUT_OF_RANGE", f"保费 {format_yuan(order.amount_fen)}")
    if (forbidden := forbidden_use(office, order.product, region)) is not None:
        return forbidden
    if order.product not in PRODUCTS:
        return Refusal("UNKNOWN_CODE", f"险种 {order.product}")
    opened = office.value("account.premiums", region)
    if isinstance(opened, Refusal):
        return opened
    assert isinstance(opened.raw, tuple)
    if order.product not in opened.raw:
        return Refusal("PREMIUM_NOT_OPEN", PRODUCTS[order.product], opened.clause, opened.citation)
    if relation is None:
        return Refusal("PREMIUM_NOT_FOR_THIS_PERSON", order.insured, opened.clause, opened.citation)
    if not office.on.year <= order.year <= office.on.year + YEARS_AHEAD:
        return Refusal("BAD_FIELD", f"缴费年度 {order.year}")
    if not (order.payee and order.caller and order.caller_no):
        return Refusal("MISSING_FIELD", "收款方和业务号")
    return opened


def _refuse_actor(office: Office, owner: str) -> Refusal | None:
    """Before anything is read: an owner's number tells nothing to anybody else."""
    actor = office.actor
    if actor.kind == "agency" or (actor.kind == "member" and actor.id == owner):
        return None
    return Refusal("FORBIDDEN", "个人账户由其所有人使用")


async def pay_premium(conn: Connection, office: Office, order: PremiumOrder) -> Premium | Refusal:
    """Pay a premium, whole or not at all; the same one again is answered (``repeated``), not paid.

    The same caller's number with another content is MESSAGE_REUSED; a premium that somebody else has paid, or for another
    amount, PREMIUM_ALREADY_PAID; BALANCE_INSUFFICIENT and ACCOUNT_NOT_OPEN move nothing.
    """
    if (refusal := _refuse_actor(office, order.owner)) is not None:
        return refusal
    async with conn.transaction():
        await conn.execute(LOCK_INSURED, order.insured)
        account = await hold(conn, order.owner)
        if account is None:
            return Refusal("NO_PERSONAL_ACCOUNT", order.owner)
        known = await _known(conn, order)
        repeated = _repeated(order, known, account.balance_fen)
        if repeated is not None:
            return repeated
        region = await _region(conn, order, office.on)
        if isinstance(region, Refusal):
            return region
        relation = await _relation(conn, order, office.on)
        basis = check_order(office, order, region, relation)
        refusal = basis if isinstance(basis, Refusal) else _refuse_account(account, order.amount_fen)
        if refusal is not None:
            return refusal
        assert isinstance(basis, Value)
        attempt = 1 + sum(one.order.owner == order.owner and _same_cover(one.order, order) for one in known)
        premium_id = office.ids.next()
        await conn.execute(
            ADD, order.owner, premium_id, order.product, order.insured, order.year, attempt, order.payee,
            order.amount_fen, relation, region, basis.clause, office.digest, order.caller, order.caller_no,
            str(office.actor), office.at,
        )  # fmt: skip
        await post(conn, office, [_movement(order, premium_id, premium_id, -order.amount_fen)])
    return Premium(
        premium_id, order, attempt, refunded=False, balance_fen=account.balance_fen - order.amount_fen
    )


async def refund_premium(
    conn: Connection, office: Office, owner: str, premium_id: int, reason: str
) -> Premium | Refusal:
    """Give a premium back to the account that paid it, once; by an officer. A closed account takes nothing back."""
    if office.actor.kind != "agency":
        return Refusal("FORBIDDEN", "退费由经办机构办理")
    async with conn.transaction():
        account = await hold(conn, owner)
        found = await conn.fetch(FIND, None, None, None, owner, None, None, premium_id)
        if account is None or not found:
            return Refusal("PREMIUM_NOT_FOUND", str(premium_id))
        paid = _premium(found[0].values(), account.balance_fen)
        if paid.refunded:
            return Refusal("PREMIUM_REFUNDED", str(premium_id))
        if account.state == "closed":
            return Refusal("ACCOUNT_NOT_OPEN", owner)
        entry_id, fen = office.ids.next(), paid.order.amount_fen
        if (
            await conn.fetchval(
                REFUND, owner, premium_id, entry_id, fen, reason, str(office.actor), office.at
            )
            is None
        ):
            return Refusal("PREMIUM_REFUNDED", str(premium_id))
        await post(conn, office, [_movement(paid.order, entry_id, premium_id, fen)])
    return msgspec.structs.replace(paid, refunded=True, balance_fen=account.balance_fen + fen)


def _movement(order: PremiumOrder, entry_id: int, premium_id: int, amount_fen: int) -> Movement:
    return Movement(
        order.owner,
        entry_id,
        "premium" if amount_fen < 0 else "premium_refund",
        amount_fen,
        premium_entry(order.owner, order.payee, -amount_fen),
        premium_id,
        counterpart=order.insured if order.insured != order.owner else None,
        period=date(order.year, 1, 1),
    )


def _same_cover(one: PremiumOrder, other: PremiumOrder) -> bool:
    return (one.insured, one.product, one.year) == (other.insured, other.product, other.year)


def _repeated(order: PremiumOrder, known: Iterable[Premium], balance_fen: int) -> Premium | Refusal | None:
    """What was done under this number or for this cover before; None when the order is new."""
    for one in known:
        if (one.order.owner, one.order.caller, one.order.caller_no) == (
            order.owner,
            order.caller,
            order.caller_no,
        ):
            if one.order != order:
                return Refusal("MESSAGE_REUSED", order.caller_no)
            return msgspec.structs.replace(one, repeated=True, balance_fen=balance_fen)
    for one in known:
        if _same_cover(one.order, order) and not one.refunded:
            same = (one.order.owner, one.order.amount_fen) == (order.owner, order.amount_fen)
            if same and one.order.payee == order.payee:
                return msgspec.structs.replace(one, repeated=True, balance_fen=balance_fen)
            return Refusal(
                "PREMIUM_ALREADY_PAID", f"{order.year} 年 {PRODUCTS.get(order.product, order.product)}"
            )
    return None


async def _known(conn: Connection, order: PremiumOrder) -> list[Premium]:
    rows = await conn.fetch(
        FIND, order.insured, order.product, order.year, order.owner, order.caller, order.caller_no, None
    )
    return [_premium(row.values(), 0) for row in rows]


def _premium(values: Iterable[object], balance_fen: int) -> Premium:
    premium_id, owner, insured, product, year, payee, fen, caller, caller_no, attempt, refunded = values
    order = msgspec.convert(
        (owner, insured, product, year, payee, fen, caller, caller_no),
        tuple[str, str, str, int, str, int, str, str],
    )
    assert isinstance(premium_id, int)
    assert isinstance(attempt, int)
    return Premium(premium_id, PremiumOrder(*order), attempt, bool(refunded), balance_fen)


async def _region(conn: Connection, order: PremiumOrder, on: date) -> str | Refusal:
    """Where the owner is insured; owner and insured must be known and alive."""
    found = await standings(conn, [(order.owner, on), (order.insured, on)])
    for psn_no in (order.owner, order.insured):
        standing = found.get((psn_no, on))
        if standing is None:
            return Refusal("UNKNOWN_MEMBER", psn_no)
        if standing.person.died_on is not None and standing.person.died_on <= on:
            return Refusal("MEMBER_DECEASED", psn_no)
    return found[order.owner, on].region


async def _relation(conn: Connection, order: PremiumOrder, on: date) -> str | None:
    if order.insured == order.owner:
        return SELF
    bound = [one for one in await bindings_of_user(conn, order.insured) if one.owner == order.owner]
    return next((one.relation for one in bound if one.meets(on, on)), None)


def _refuse_account(account: Held, amount_fen: int) -> Refusal | None:
    if account.state != "open":
        return Refusal("ACCOUNT_NOT_OPEN", account.psn_no)
    if account.balance_fen < amount_fen:
        short = f"余额 {format_yuan(account.balance_fen)}，保费 {format_yuan(amount_fen)}"
        return Refusal("BALANCE_INSUFFICIENT", short)
    return None
