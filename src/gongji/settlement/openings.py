"""Taking over a year that another system began: accumulators enter as a fact of their own, with its source.

Without it a member who has used 1,800 of 2,500 before the system goes live in July would have a fresh year.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.kernel import layout
from gongji.settlement import facts
from gongji.settlement.facts import Fact
from gongji.settlement.state import read_years
from gongji.settlement.years import EMPTY

__all__ = ["open_accumulators"]

ADVANCE: Final = (
    "SELECT settle_batch($1::settlement_person_year[], '{}', $2::settlement_fact_sent[], '{}', '{}', '{}', '{}', '{}', '{}', "
    "'{}', '{}', '{}', $3)"
)
KNOWN: Final = (
    "SELECT settlement_id FROM settlement_fact WHERE psn_no = $1 AND year = $2 AND benefit = $3 AND kind = 0"
)


async def open_accumulators(
    conn: Connection,
    *,
    settlement_id: int,
    psn_no: str,
    year: int,
    benefit: str,
    deductible_fen: int,
    in_scope_fen: int,
    fund_fen: int,
    source: str,
    at: datetime,
) -> int | Refusal:
    """Record what ``year`` had used of ``benefit`` before; answers the id of the fact, of the first one when repeated.

    ``source`` names the document or system that the figures come from. Amounts below zero are refused. Raises
    asyncpg.SerializationError when the year is being settled at the same moment: call again.
    """
    if min(deductible_fen, in_scope_fen, fund_fen) < 0:
        return Refusal("AMOUNT_OUT_OF_RANGE", source)
    known = await conn.fetchval(KNOWN, psn_no, year, benefit)
    if known is not None:
        return int(known)
    before = (await read_years(conn, [psn_no])).get(psn_no, {}).get(year, EMPTY)
    after = before.adding(benefit, (deductible_fen, in_scope_fen, fund_fen))
    waterfall = [0] * layout.W_SIZE
    waterfall[layout.W_DEDUCTIBLE_FEN] = deductible_fen
    waterfall[layout.W_IN_SCOPE_FEN] = in_scope_fen
    waterfall[layout.W_POOL_PAY_FEN] = fund_fen
    fact = Fact(
        psn_no=psn_no,
        settlement_id=settlement_id,
        kind=facts.OPENING,
        original_id=None,
        year=year,
        seq=before.seq + 1,
        service_on=date(year, 1, 1),
        received_at=facts.utc(at),
        settled_at=facts.utc(at),
        caller="",
        infno="opening",
        msgid=source,
        provider="",
        place_kind="",
        visit_id=0,
        group_id=0,
        group_year=year,
        group_version=before.version + 1,
        batch_no="",
        med_type="",
        invoice_no="",
        region="",
        benefit=benefit,
        attributes="",
        options=0,
        line_texts=[],
        lines=[],
        splits=[],
        waterfall=waterfall,
        acc_before=[0] * layout.ACC_SIZE,
        acc_after=[0, *after.sums(benefit)[:2], 0, 0, 0, 0, after.sums(benefit)[2]],
        own_fen=0,
        quota_key="",
        quota_fen=layout.NONE,
        quota_ratio_bp=None,
        quota_windows=[],
        family=[],
        family_offered=[],
        family_drawn=[],
        refusal="",
        ratio_bp=None,
        policy_digest=b"",
        kernel_version=layout.KERNEL_VERSION,
        message_digest=b"",
        prev_hash=before.head,
    )
    row = fact.row()
    state = after.with_fact(row[-1])
    years = [(psn_no, year, state.version, state.seq, state.head, state.benefits, state.acc, state.ceilings)]
    await conn.execute(ADVANCE, years, [row], facts.utc(at))
    return settlement_id
