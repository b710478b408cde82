"""A stored settlement in words: 结算单说明 for 参保人, 经办 or machine, read back from its fact."""

from __future__ import annotations

from collections.abc import Mapping

from gongji.base.sqlfiles import Connection
from gongji.explain import Context, explain, reversal_for_agency, reversal_for_member
from gongji.policy import Law
from gongji.providers import selectors as providers
from gongji.settlement.commands import Settled
from gongji.settlement.replay import Mirror
from gongji.settlement.selectors import replay_proposals, settlement
from gongji.web.receipts import UnknownLaw

__all__ = ["UnknownLaw", "statement"]

REVERSAL = -1


async def statement(
    conn: Connection, laws: Mapping[str, Law], psn_no: str, settlement_id: int, reader: str
) -> str | None:
    """The explanation of the person's settlement or refund for ``reader`` (``explain.READERS``); None when there is none.

    ``laws`` by digest. Raises UnknownLaw.
    """
    stored = await settlement(conn, psn_no, settlement_id, laws)
    if stored is None:
        return None
    settled = stored.settled
    law = laws.get(settled.policy_digest)
    if law is None:
        raise UnknownLaw(settled.policy_digest)
    if settled.kind == REVERSAL and reader != "machine":
        return await _refund(conn, law, settled, reader)
    place = await providers.find(conn, settled.provider)
    context = Context(
        service_on=settled.service_on,
        place=settled.attributes.get("place", ""),
        status=settled.attributes.get("status", ""),
        institution=place.name if place is not None else settled.provider,
        person=settled.psn_no,
        settlement=str(settled.settlement_id),
        claim=settled.claim,
    )
    text = explain(law, settled.outcome, context, reader)
    undone = stored.reversed_by
    return text if undone is None or reader == "machine" else f"{text}\n这笔结算已撤销（撤销结算 {undone}）。"


async def _refund(conn: Connection, law: Law, settled: Settled, reader: str) -> str:
    """What a refund gives back; for the agency also what later settlements would come to now (decision A15)."""
    mirror = Mirror(
        waterfall=settled.outcome.waterfall,
        splits=settled.outcome.splits,
        family_draws=settled.outcome.family_draws,
    )
    if reader == "member":
        return "\n".join(reversal_for_member(mirror))
    found = await replay_proposals(conn, law, settled.psn_no, settled.service_on.year)
    proposals = next((each.proposals for each in found if each.reversal_id == settled.settlement_id), ())
    return "\n".join(reversal_for_agency(mirror, proposals))
