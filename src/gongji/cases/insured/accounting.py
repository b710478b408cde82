"""Steps on a personal account: contributions, monthly credit, yearly interest, balance, statement, premiums, the family."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from gongji.accounts.crediting import Credit, MonthLaw, credit_of, month_after
from gongji.accounts.interest import daily_rates, interest_fen, sums_from
from gongji.accounts.limits import check_limit
from gongji.accounts.monthly import CreditRow, Posted, difference
from gongji.accounts.premiums import check_order
from gongji.accounts.values import Limit, PremiumOrder
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.cases.insured.families import room_fen
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.world import CLERK, Wallet, World
from gongji.members.dossier import Change, changed, new, withdrawn
from gongji.members.family_rules import Binding, FamilyRequest, check_request
from gongji.members.rows import FamilyRow
from gongji.members.rules import covers

DAY: Final = timedelta(days=1)


def held(world: World, name: str) -> dict[str, Any]:
    """The account as it is now."""
    wallet = world.wallets.get(name)
    if wallet is None:
        return {"own_account": None, "receivable": None, "account_state": None}
    return {
        "own_account": wallet.balance_fen,
        "receivable": wallet.receivable_fen,
        "account_state": wallet.state,
    }


def credit(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """What a month gives, and what of it is posted now."""
    month: date = step.given["month"]
    on = step.on or month_after(month) - DAY
    facts = world.humans[step.who].month_facts(month)
    due = credit_of(MonthLaw(world.law, month, allow_draft=True), facts)
    posted = None if step.who not in world.wallets else world.wallets[step.who].posted.get(month)
    row = difference(step.who, due, posted, world.ids)
    if row is not None:
        post_credit(world.wallet(step.who, on), month, row, on)
    found = {**held(world, step.who), "delta": 0 if row is None else row.target_fen - row.was_fen}
    posted = world.wallets[step.who].posted.get(month) if step.who in world.wallets else None
    found["sequence"] = posted.sequence if posted is not None else 0
    if isinstance(due, Refusal):
        return {**found, "reason": due.code, "clause": due.clause, "amount": 0, "rule": None}
    return {**found, **_due(due)}


def _due(due: Credit) -> dict[str, Any]:
    return {
        "reason": None,
        "clause": due.clause,
        "amount": due.fen,
        "rule": due.rule,
        "base": due.base_fen,
        "pool": due.pool_fen,
    }


def post_credit(wallet: Wallet, month: date, row: CreditRow, on: date) -> None:
    """Move the account by the difference, as ``credit_write`` does."""
    kind = "credit" if row.sequence == 1 else "recovery" if row.rule == "none" else "credit_correction"
    wallet.correct(on, kind, row.target_fen - row.was_fen)
    wallet.posted[month] = Posted(row.sequence, row.rule, row.target_fen, row.region)


def interest(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """The interest of a year, posted on its last day, once."""
    year = step.given["year"]
    if step.who not in world.wallets:
        return Refusal("NO_PERSONAL_ACCOUNT", step.who)
    if step.on is not None and step.on.year <= year:
        return Refusal("PERIOD_NOT_DUE", str(year))
    found = interest_until(world, step.who, date(year, 12, 31))
    return (
        found
        if isinstance(found, Refusal)
        else {**held(world, step.who), "amount": found[0], "clause": found[1]}
    )


def interest_until(world: World, name: str, through_on: date) -> tuple[int, str] | Refusal:
    """Post what the year's days until ``through_on`` earned, unless they had their interest; the fen and the clause."""
    wallet = world.wallets[name]
    standing = world.humans[name].standing(through_on)
    found = daily_rates(world.law, standing.region, through_on.year, allow_draft=True)
    if isinstance(found, Refusal):
        return found
    rates, clause = found
    if wallet.interest_until is not None and wallet.interest_until >= through_on:
        return 0, clause
    first = date(through_on.year, 1, 1)
    sums = sums_from(rates, through_on)
    total = sum(
        move.fen * sums[max(0, (move.on - first).days)] for move in wallet.movements if move.on <= through_on
    )
    fen = interest_fen(total, through_on.year)
    wallet.move(through_on, "interest", fen)
    wallet.interest_until = through_on
    return fen, clause


def balance(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """The account on the day of the step, as far as it has moved."""
    wallet = world.wallets.get(step.who)
    if wallet is None:
        return Refusal("NO_PERSONAL_ACCOUNT", step.who)
    return {**held(world, step.who), "movements": len(wallet.movements)}


INCOME: Final = frozenset({"credit", "credit_correction", "recovery", "transfer_in"})
SPENT: Final = ("pay", "refund")
MUTUAL: Final = ("mutual", "mutual_refund")


def statement(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Opening, movements by kind and closing of the days ``from`` to ``until``; opening and all movements are the closing."""
    wallet = world.wallets.get(step.who)
    if wallet is None:
        return Refusal("NO_PERSONAL_ACCOUNT", step.who)
    first, last = step.given["from"], step.given["until"]
    before = [move for move in wallet.movements if move.on < first or move.kind == "opening"]
    within = [move for move in wallet.movements if first <= move.on <= last and move.kind != "opening"]
    opening = _sum(before)
    return {
        "opening": opening,
        "credited": _sum(move for move in within if move.kind in INCOME),
        "interest": _sum(move for move in within if move.kind == "interest"),
        "spent": -_sum(move for move in within if move.kind in SPENT),
        "mutual": -_sum(move for move in within if move.kind in MUTUAL),
        "premiums": -_sum(move for move in within if move.kind == "premium"),
        "withdrawn": -_sum(move for move in within if move.kind in ("withdrawal", "transfer_out")),
        "closing": opening + _sum(within),
        "movements": len(within),
        "users": tuple(dict.fromkeys(move.other for move in within if move.kind in MUTUAL)),
    }


def _sum(moves: Any) -> int:
    return sum(move.fen for move in moves)


def bindings(world: World) -> list[Binding]:
    """Every binding among the people of the case."""
    return [
        Binding(
            human.name, entry.spell_no, entry.row.from_on, entry.row.until_on, entry.row.owner,
            entry.row.relation, None, entry.revision,
        )
        for human in world.humans.values()
        for entry in human.dossier.family
    ]  # fmt: skip


def bind(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """An owner's application to let a relative use the account."""
    assert step.on is not None
    given, user = step.given, world.humans.get(step.given["user"])
    from_on = given.get("from") or step.on
    request = FamilyRequest(
        owner=step.who,
        user=given["user"],
        relation=given["relation"],
        proof=given.get("proof", "household_register"),
        declared=given.get("declared", True),
        from_on=from_on,
        until_on=given.get("until"),
    )
    refusal = check_request(
        world.law,
        request,
        owner=world.humans[step.who].standing(max(step.on, from_on)),
        user=user.standing(max(step.on, from_on)) if user else None,
        account_state=world.state_of(step.who),
        bindings=bindings(world),
        on=step.on,
    )
    if refusal is not None or user is None:
        return refusal or Refusal("UNKNOWN_MEMBER", given["user"])
    row = FamilyRow(from_on=from_on, until_on=request.until_on, owner=step.who, relation=request.relation)
    user.apply([new(user.dossier, row)], step.on)
    return {"owners": tuple(world.owners(request.user, from_on))}


def unbind(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """The owner ends the use of the account from a day on."""
    assert step.on is not None
    from_on = step.given.get("from") or step.on
    if from_on < step.on:
        return Refusal("FAMILY_BACKDATED", f"{from_on} 早于 {step.on}")
    user = world.humans[step.given["user"]]
    ending = [
        entry
        for entry in user.dossier.family
        if entry.row.owner == step.who and (entry.row.until_on is None or entry.row.until_on >= from_on)
    ]
    if not ending:
        return Refusal("FAMILY_NOT_BOUND", user.name)
    changes: list[Change] = [
        withdrawn(entry) if entry.row.from_on >= from_on else changed(entry, until_on=from_on - DAY)
        for entry in ending
    ]
    user.apply(changes, step.on)
    return {"owners": tuple(world.owners(user.name, from_on))}


def limit(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """An owner limits what the family may take, and sees what is left on that day."""
    assert step.on is not None
    given = step.given
    stated = Limit(
        step.who, given.get("user", "*"), given.get("per_settlement"), given.get("per_month"),
        given.get("per_year"), given.get("from") or step.on,
    )  # fmt: skip
    bound = any(
        one.owner == step.who and one.user == stated.user and one.meets(stated.from_on, None)
        for one in bindings(world)
    )
    refusal = check_limit(
        world.office(step.on, Actor("member", step.who)),
        stated,
        bound=bound,
        has_account=step.who in world.wallets,
    )
    if refusal is not None:
        return refusal
    world.humans[step.who].limits.append(stated)
    return {"room": None if stated.user == "*" else room_fen(world, step.who, stated.user, stated.from_on)}


def premium(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A premium paid from the account for the owner or a bound relative, whole or not at all."""
    assert step.on is not None
    given, wallet = step.given, world.wallets.get(step.who)
    if wallet is None:
        return Refusal("NO_PERSONAL_ACCOUNT", step.who)
    insured = given.get("user", step.who)
    order = PremiumOrder(
        step.who, insured, given["product"], given.get("year", step.on.year), "征收机构", given["amount"],
        str(CLERK), f"{step.index}",
    )  # fmt: skip
    bound = [entry.row for entry in world.humans[insured].dossier.family if covers(entry.row, step.on)]
    relation = (
        "self" if insured == step.who else next((r.relation for r in bound if r.owner == step.who), None)
    )
    region = world.humans[step.who].standing(step.on).region
    basis = check_order(world.office(step.on), order, region, relation)
    if isinstance(basis, Refusal):
        return basis
    if wallet.state != "open":
        return Refusal("ACCOUNT_NOT_OPEN", step.who)
    if wallet.balance_fen < order.amount_fen:
        return Refusal("BALANCE_INSUFFICIENT")
    wallet.move(step.on, "premium", -order.amount_fen, insured)
    return {**held(world, step.who), "clause": basis.clause}
