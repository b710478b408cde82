"""Does every movement of personal accounts follow from the facts, the law and the books? Reads only.

Running balances, credits month by month, interest, receivables, entries against journal, and what the law of its digest says about
each rate and amount. ``gongji verify`` adds this to what it knows of settlements.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import msgspec

from gongji.accounts.crediting import NOTHING_DUE, MonthLaw
from gongji.accounts.interest import daily_rates, sums_from
from gongji.accounts.verify_cases import case_problems
from gongji.base.money import BP_ONE
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.policy import Law

__all__ = ["Finding", "TrialLine", "findings", "trial"]

_ROOM: Final = "gongji.accounts"
MOVEMENTS = sql(_ROOM, "verify_movements")
CREDITS = sql(_ROOM, "verify_credits")
RUNS = sql(_ROOM, "verify_runs")
CREDIT_LAW = sql(_ROOM, "verify_credit_law")
CREDIT_BASE = sql(_ROOM, "verify_credit_base")
INTEREST = sql(_ROOM, "verify_interest")
CASES = sql(_ROOM, "verify_cases")
INTEREST_LAW = sql(_ROOM, "verify_interest_law")
INTEREST_SUM = sql(_ROOM, "verify_interest_sum")
TRIAL = sql(_ROOM, "verify_trial")


class Finding(msgspec.Struct, frozen=True):
    """Something stored that does not follow from the rest; ``fact_id`` is the entry concerned, None for a balance."""

    psn_no: str
    fact_id: int | None
    field: str
    stored: str
    recomputed: str


class TrialLine(msgspec.Struct, frozen=True):
    """One source of money, three ways."""

    name: str
    facts_fen: int
    journal_fen: int
    derived_fen: int


async def trial(conn: Connection) -> list[TrialLine]:
    """Credits, interest and receivables: facts, journal, entries and balances."""
    return [TrialLine(*row.values()) for row in await conn.fetch(TRIAL)]


async def findings(conn: Connection, laws: Mapping[str, Law]) -> AsyncIterator[Finding]:
    """Whatever differs; ``laws`` by digest, one that is not known is a finding."""
    for statement, arguments in (
        (MOVEMENTS, ()),
        (CREDITS, ()),
        (CASES, ()),
        (RUNS, ()),
        (INTEREST, (BP_ONE,)),
    ):
        for row in await conn.fetch(statement, *arguments):
            yield Finding(*row.values())
    async for problem in case_problems(conn, laws):
        yield Finding(*problem)
    async for finding in _credit_law(conn, laws):
        yield finding
    async for finding in _interest_law(conn, laws):
        yield finding


async def _credit_law(conn: Connection, laws: Mapping[str, Law]) -> AsyncIterator[Finding]:
    """Rates and fixed amounts against the law that they were taken from; drafts were allowed to whoever used them."""
    for row in await conn.fetch(CREDIT_LAW):
        law = laws.get(row["digest"])
        if law is None:
            yield Finding(row["psn_no"], None, "policy_digest", row["digest"], "没有这一版本的政策库")
            continue
        if row["rule"] == "none":
            if row["reason"] not in NOTHING_DUE:
                yield Finding(
                    row["psn_no"], None, "credit_law", f"{row['month']} {row['reason']}", "不是不计入的原因"
                )
            continue
        month = MonthLaw(law, row["month"], allow_draft=True)
        key = "account.retired_monthly" if row["rule"] == "retired" else "account.credit_rate"
        said = month.number(key, row["region"])
        stored = (row["fixed_fen"] if row["rule"] == "retired" else row["rate_bp"], row["clause"])
        if said != stored:
            text = said.text if isinstance(said, Refusal) else str(said)
            yield Finding(row["psn_no"], None, "credit_law", f"{row['month']} {stored}", text)
        employers = month.number("account.employer_credit_rate", row["region"])
        if row["rule"] != "retired" and not isinstance(employers, Refusal) and employers[0] == 0:
            digest = bytes.fromhex(row["digest"])
            for found in await conn.fetch(CREDIT_BASE, row["month"], row["region"], digest):
                yield _numbers(found, "credit_base")


async def _interest_law(conn: Connection, laws: Mapping[str, Law]) -> AsyncIterator[Finding]:
    for row in await conn.fetch(INTEREST_LAW):
        law = laws.get(row["digest"])
        if law is None:
            yield Finding(row["psn_no"], None, "policy_digest", row["digest"], "没有这一版本的政策库")
            continue
        through_on = row["through_on"]
        rates = daily_rates(law, row["region"], through_on.year, allow_draft=True)
        if isinstance(rates, Refusal):
            yield Finding(row["psn_no"], None, "interest_law", str(through_on), rates.text)
            continue
        if row["clauses"] != [rates[1]]:
            yield Finding(row["psn_no"], None, "interest_law", " ".join(row["clauses"]), rates[1])
        sums = sums_from(rates[0], through_on)
        for found in await conn.fetch(
            INTEREST_SUM, through_on, row["region"], bytes.fromhex(row["digest"]), sums
        ):
            yield _numbers(found, "interest_sum")


def _numbers(row: Any, field: str) -> Finding:
    return Finding(row["psn_no"], row["fact_id"], field, str(row["stored"]), str(row["recomputed"]))
