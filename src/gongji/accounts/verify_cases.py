"""Does every case follow from its steps, the table of steps and the law: order, two persons, sums, state, article. Reads only."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from gongji.accounts.cases import PAYMENT_KINDS, TRANSITIONS, Transition
from gongji.accounts.cases_rules import GROUNDS, split
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.policy import Law

__all__ = ["Problem", "case_problems"]

READ: Final = sql("gongji.accounts", "verify_case_steps")
MOVES: Final = {(kind, move.before, move.action): move for move in TRANSITIONS for kind in move.kinds}
PAYEE: Final = "payee:"

Problem = tuple[str, int, str, str, str]
"""(person, case, field, stored, recomputed)"""


async def case_problems(conn: Connection, laws: Mapping[str, Law]) -> AsyncIterator[Problem]:
    """Whatever does not hold of one case after the other; ``laws`` by digest."""
    for row in await conn.fetch(READ):
        for field, stored, recomputed in _problems(row, laws):
            yield row["psn_no"], row["case_id"], field, stored, recomputed


def _problems(row: Any, laws: Mapping[str, Law]) -> Iterator[tuple[str, str, str]]:
    law = laws.get(row["digest"])
    if law is None:
        yield "policy_digest", row["digest"], "没有这一版本的政策库"
    elif (clause := _clause(law, row)) != row["clause"]:
        yield "case_law", row["clause"], clause
    steps = msgspec.json.decode(row["steps"])
    if [row["opened_by"], row["opened"]] != [steps[0]["actor"], steps[0]["at"]] if steps else True:
        yield "case_opened", row["opened_by"], steps[0]["actor"] if steps else "无"
    shares = msgspec.json.decode(row["shares"], type=list[tuple[int, int]] | None) or [(1, 1)]
    state, before = "", ""
    for number, step in enumerate(steps, start=1):
        move = MOVES.get((row["kind"], state, step["action"]))
        if number != step["step_no"] or move is None or move.after != step["state"] or step["at"] < before:
            yield "case_step", f"{step['step_no']} {step['action']} {step['state']}", f"{number} {state}"
            return
        if any(step["actor"] == other["actor"] for other in _others(steps[: number - 1], move)):
            yield "case_persons", step["actor"], f"{step['action']}: {' '.join(move.not_of)}"
        if step["action"] == "pay" and row["kind"] in PAYMENT_KINDS:
            yield from _payment(step["content"], shares)
        state, before = step["state"], step["at"]


def _others(steps: Sequence[Any], move: Transition) -> list[Any]:
    return [step for step in steps if step["action"] in move.not_of]


def _payment(content: Mapping[str, Any], shares: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str, str]]:
    """What a payment says of each payee against the whole and the shares."""
    paid = content.get("paid_fen", 0)
    said = {key: fen for key, fen in content.items() if key.startswith(PAYEE)}
    wanted = {f"{PAYEE}{number}": fen for number, fen in enumerate(split(paid, shares), start=1) if fen}
    if said != wanted:
        yield "case_shares", str(said), str(wanted)


def _clause(law: Law, row: Any) -> str:
    """The article by which a case of the kind was opened on its day."""
    kind = row["kind"]
    if kind == "reopening":
        return ""
    key = "account.cash_withdrawal" if kind in GROUNDS else row["key"]
    found = law.value(key, row["region"], day_in_china(row["opened_at"]))
    return found.text if isinstance(found, Refusal) else found.clause
