"""2101-2103 药店购药: a sale on a prescription, previewed or settled in one message; 2103 reads as 2208."""

from collections.abc import Callable

from gongji.base.reasons import Refusal
from gongji.encounters.rules import refuse_lines
from gongji.encounters.values import FeeLine, Registration
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.facts import accounts, split_reason, stated
from gongji.gateway.feechecks import suspended_doctor
from gongji.gateway.lines import split
from gongji.gateway.messages import t21
from gongji.gateway.messages.t22 import LineResult
from gongji.gateway.nodes import Node, many, read_one, read_rows
from gongji.gateway.promised import Changed, broken
from gongji.gateway.rendering import Presented, encode, settlement_output
from gongji.gateway.sealed import opened, sealing
from gongji.gateway.traces import Traces, trace_codes
from gongji.gateway.trades.t22 import not_in_future
from gongji.gateway.visits import hidden
from gongji.gateway.vouchers import present
from gongji.settlement.commands import Done, Purchase, SettleCommand, Settled

EMPLOYEE = "310"
BATCH = "1"
EXTERNAL = "1"


async def preview(call: Call) -> Reply:
    """2101: what 2102 would settle now; nothing is written but that the member's data were shown."""
    command = await _command(call)
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
    """2102: sale, fee lines and settlement in one transaction."""
    command = await _command(call)
    if isinstance(command, Refusal):
        return command
    vault = call.platform.vault
    try:
        answer = await call.platform.engine.settle(sealing(vault, command))
    except Changed as changed:
        return changed.refusal
    return Output(opened(vault, command, answer)) if isinstance(answer, Done) else hidden(answer)


async def _command(call: Call) -> SettleCommand | Refusal:
    asked = read_one(t21.DrugInfo, call.nodes, "druginfo")
    if isinstance(asked, Refusal):
        return asked
    lines, rx_no = _lines(call)
    if isinstance(lines, Refusal):
        return lines
    wrong = _wrong(call, asked) or refuse_lines([(BATCH, lines)]) or suspended_doctor(call, lines)
    if wrong is not None:
        return wrong
    extra = stated(asked.med_type, asked.exp_content)
    if isinstance(extra, Refusal):
        return extra
    shown = await present(call, asked)
    if isinstance(shown, Refusal):
        return shown
    offered = accounts(asked.acct_used_flag, asked.exp_content)
    return SettleCommand(
        caller=call.caller,
        infno=call.message.infno,
        msgid=call.message.msgid,
        request_hash=call.message.request_hash,
        psn_no=asked.psn_no,
        received_at=call.received_at,
        render=_renderer(call, asked, lines),
        med_type=asked.med_type,
        own_allowed=offered.own,
        family_allowed=offered.family,
        stated_total_fen=asked.medfee_sumamt,
        invoice_no=asked.invono,
        extra={**extra, **shown},
        split_reason=split_reason(asked.exp_content),
        purchase=Purchase(
            registration=_registration(call, asked),
            lines=tuple(lines),
            rx_no=rx_no,
            disease_code=asked.dise_codg,
        ),
    )


def _wrong(call: Call, asked: t21.DrugInfo) -> Refusal | None:
    if call.provider.kind != "pharmacy":
        return Refusal("FORBIDDEN", f"【{call.message.infno}】只受理定点零售药店的业务")
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    return not_in_future(call, asked.begntime.date())


def _registration(call: Call, asked: t21.DrugInfo) -> Registration:
    """A sale is its own visit; the message number is the pharmacy's number of it."""
    return Registration(
        psn_no=asked.psn_no,
        caller=call.caller,
        ipt_otp_no=call.message.msgid,
        insutype=asked.insutype,
        voucher_type=asked.mdtrt_cert_type,
        med_type=asked.med_type,
        begun_at=asked.begntime,
        service_on=asked.begntime.date(),
    )


def _lines(call: Call) -> tuple[list[FeeLine] | Refusal, str]:
    """The lines of the sale and the one prescription that they fill ("" without)."""
    rows = many(call.nodes, "drugdetail")
    if isinstance(rows, Refusal):
        return rows, ""
    if not rows:
        return Refusal("MISSING_NODE", "input.drugdetail"), ""
    asked = read_rows(t21.DrugRow, rows, "drugdetail")
    if isinstance(asked, Refusal):
        return asked, ""
    numbers = sorted({row.rxno for row in asked if row.rxno})
    if len(numbers) > 1:
        return Refusal("BAD_FIELD", "drugdetail.rxno 一次购药只能使用一张处方，请分别结算"), ""
    traces = _traces(call.nodes, asked)
    if isinstance(traces, Refusal):
        return traces, ""
    return [_line(row, traces.get(row.feedetl_sn, ())) for row in asked], numbers[0] if numbers else ""


def _traces(nodes: Node, rows: list[t21.DrugRow]) -> Traces | Refusal:
    traces = trace_codes(nodes, [({"feedetl_sn": row.feedetl_sn}, row.drug_trac_info) for row in rows])
    if isinstance(traces, Refusal):
        return traces
    strange = set(traces) - {row.feedetl_sn for row in rows}
    if strange:
        return Refusal("BAD_FIELD", f"drug_trac_info.feedetl_sn {min(strange)} 不在购药明细中")
    return traces


def _line(row: t21.DrugRow, traces: tuple[tuple[str, str], ...]) -> FeeLine:
    return FeeLine(
        key=row.feedetl_sn,
        item=row.med_list_codg,
        amount_fen=row.det_item_fee_sumamt,
        price_micro=row.pric,
        quantity_e4=row.cnt,
        occurred_at=row.fee_ocur_time,
        rx_no=row.rxno,
        external=row.rx_circ_flag == EXTERNAL,
        local_item=row.medins_list_codg,
        herb_way=row.tcmdrug_used_way,
        dose=row.sin_dos_dscr,
        frequency=row.used_frqu_dscr,
        way=row.medc_way_dscr,
        doctor_code=row.bilg_dr_codg,
        doctor_name=row.bilg_dr_name,
        traces=traces,
    )


def _renderer(call: Call, asked: t21.DrugInfo, lines: list[FeeLine]) -> Callable[[Settled], bytes]:
    presented = Presented(asked.mdtrt_cert_type, call.platform.vault)
    platform, region = call.platform, call.provider.region
    on = asked.begntime.date()

    def cut(settled: Settled) -> tuple[LineResult, ...]:
        return tuple(
            split(line, platform.catalogue.get(line.item, on, region), settled.outcome, number)
            for number, line in enumerate(lines)
        )

    def render(settled: Settled) -> bytes:
        refusal = broken(asked.exp_content, settled)
        if refusal is not None:
            raise Changed(refusal)
        return encode({**settlement_output(platform.law, settled, presented), "detlcutinfo": cut(settled)})

    return render
