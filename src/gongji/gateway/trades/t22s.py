"""2206-2208 门诊结算: pre-settlement, settlement, reversal.

Clauses: QY.art26.
"""

from collections.abc import Callable

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.facts import accounts, split_reason, stated
from gongji.gateway.messages import t22
from gongji.gateway.nodes import read_one
from gongji.gateway.promised import Changed, broken
from gongji.gateway.queried import standing_of
from gongji.gateway.rendering import Presented, encode, in_scope_fen, reversal_output, settlement_output
from gongji.gateway.sealed import opened, sealing
from gongji.gateway.traces import trace_codes
from gongji.gateway.visits import hidden, number_of, own_visit
from gongji.gateway.vouchers import present
from gongji.kernel import layout
from gongji.settlement.commands import Done, ReverseCommand, SettleCommand, Settled

EMPLOYEE = "310"
REGISTRATION_FEE = "12"
"""门诊挂号: settles a visit of any category (rule 5 of 2206)."""


async def preview(call: Call) -> Reply:
    """2206: what 2207 would settle now; nothing is written but that the member's data were shown."""
    asked = read_one(t22.Settlement, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    command = await _command(call, asked)
    if isinstance(command, Refusal):
        return command
    settled = await call.platform.engine.preview(command)
    if isinstance(settled, Refusal):
        return hidden(settled)
    try:
        answer = command.render(settled)
    except Changed as changed:
        return changed.refusal
    await shown(call, command.psn_no, IDENTITY)
    return Output(answer)


async def settle(call: Call) -> Reply:
    """2207: settled durably, once; the same message again gets the same answer."""
    asked = read_one(t22.Settlement, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    command = await _command(call, asked)
    if isinstance(command, Refusal):
        return command
    vault = call.platform.vault
    try:
        answer = await call.platform.engine.settle(sealing(vault, command))
    except Changed as changed:
        return changed.refusal
    return Output(opened(vault, command, answer)) if isinstance(answer, Done) else hidden(answer)


async def _command(call: Call, asked: t22.Settlement) -> SettleCommand | Refusal:
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    visit_id = number_of(asked.mdtrt_id)
    if visit_id is None:
        return Refusal("UNKNOWN_VISIT")
    extra = stated(asked.med_type, asked.exp_content)
    if isinstance(extra, Refusal):
        return extra
    shown = await present(call, asked)
    if isinstance(shown, Refusal):
        return shown
    traces = trace_codes(call.nodes, [({}, asked.drug_trac_info)])
    if isinstance(traces, Refusal):
        return traces
    offered = accounts(asked.acct_used_flag, asked.exp_content)
    return SettleCommand(
        caller=call.caller,
        infno=call.message.infno.rstrip("A"),
        msgid=call.message.msgid,
        request_hash=call.message.request_hash,
        psn_no=asked.psn_no,
        received_at=call.received_at,
        render=_renderer(call, asked),
        visit_id=visit_id,
        batch_no=asked.chrg_bchno,
        med_type=REGISTRATION_FEE if asked.med_type == REGISTRATION_FEE else "",
        own_allowed=offered.own,
        family_allowed=offered.family,
        stated_total_fen=asked.medfee_sumamt,
        invoice_no=asked.invono,
        extra={**extra, **shown},
        traces=traces,
        split_reason=split_reason(asked.exp_content),
    )


def _renderer(call: Call, asked: t22.Settlement) -> Callable[[Settled], bytes]:
    presented = Presented(asked.mdtrt_cert_type, call.platform.vault)
    law = call.platform.law

    def render(settled: Settled) -> bytes:
        refusal = _differs(asked, settled) or broken(asked.exp_content, settled)
        if refusal is not None:
            raise Changed(refusal)
        return encode(settlement_output(law, settled, presented))

    return render


def _differs(asked: t22.Settlement, settled: Settled) -> Refusal | None:
    """Whether the visit's category or an amount echoed from 2206 is another one now; then the cashier must pre-settle again."""
    if settled.med_type != asked.med_type:
        detail = f"data.med_type {asked.med_type} 与就诊登记的医疗类别 {settled.med_type} 不一致，请先用【2203】变更"
        return Refusal("BAD_FIELD", detail)
    water = settled.outcome.waterfall
    echoed = (
        ("fulamt_ownpay_amt", asked.fulamt_ownpay_amt, water[layout.W_FULL_SELFPAY_FEN]),
        ("overlmt_selfpay", asked.overlmt_selfpay, water[layout.W_OVER_LIMIT_FEN]),
        ("preselfpay_amt", asked.preselfpay_amt, water[layout.W_PREPAY_FEN]),
        ("inscp_scp_amt", asked.inscp_scp_amt, in_scope_fen(water)),
    )
    different = [
        f"{name} 报文 {format_yuan(stated_fen)}、现为 {format_yuan(now_fen)}"
        for name, stated_fen, now_fen in echoed
        if stated_fen is not None and stated_fen != now_fen
    ]
    if not different or _all_zero(asked):
        return None
    return Refusal("PRESETTLE_CHANGED", "；".join(different) + "；请重新【2206】预结算")


def _all_zero(asked: t22.Settlement) -> bool:
    """Clients that never took the echoes from 2206 send four zeros; a settlement of something has at least one amount."""
    echoes = (asked.fulamt_ownpay_amt, asked.overlmt_selfpay, asked.preselfpay_amt, asked.inscp_scp_amt)
    return not any(echoes)


async def reverse(call: Call) -> Reply:
    """2208 and 2103: the whole settlement is reversed; each source gets its own money back (decision A14)."""
    asked = read_one(t22.Reversal, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    settlement_id, law = number_of(asked.setl_id), call.platform.law
    if settlement_id is None:
        return Refusal("SETTLEMENT_NOT_FOUND")
    async with call.platform.pool.acquire() as connection:
        visit = await own_visit(connection, call.caller, asked.psn_no, asked.mdtrt_id)
        if isinstance(visit, Refusal):
            return visit
        standing = await standing_of(connection, visit)
    presented = Presented(visit.voucher_type, call.platform.vault)
    command = ReverseCommand(
        caller=call.caller,
        infno=call.message.infno,
        msgid=call.message.msgid,
        request_hash=call.message.request_hash,
        psn_no=asked.psn_no,
        received_at=call.received_at,
        render=lambda settled: encode(reversal_output(law, settled, presented, standing)),
        settlement_id=settlement_id,
        visit_id=visit.visit_id,
    )
    vault = call.platform.vault
    answer = await call.platform.engine.reverse(sealing(vault, command))
    return Output(opened(vault, command, answer)) if isinstance(answer, Done) else hidden(answer)


__all__ = ["preview", "reverse", "settle"]
