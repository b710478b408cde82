"""How fee lines are answered: result of 2204, detlcutinfo of 2101 and 2102, split exactly as the settlement splits them."""

from collections.abc import Sequence
from datetime import date

from gongji.base.reasons import REASONS, Refusal
from gongji.base.sqlfiles import Connection
from gongji.catalog.values import Item
from gongji.encounters.values import FeeLine, Registration, Visit
from gongji.gateway.calls import Call
from gongji.gateway.messages.t22 import LineResult
from gongji.gateway.recording import prescribed_only
from gongji.gateway.values import JsonNumber, flag, price, proportion, quantity, yuan
from gongji.kernel import layout
from gongji.settlement.commands import Purchase, SettleCommand, Settled
from gongji.settlement.rules import Outcome, PersonState, decide
from gongji.settlement.situation import Situation

NO_STANDARD = price(999_999_000_000)
"""pric_uplmt_amt where the catalogue has no payment standard; the figure of the live platforms."""
FULL_SELFPAY = "03"
OTHER_CHARGES = "14"


async def line_results(
    call: Call, connection: Connection, visit: Visit, lines: Sequence[tuple[str, FeeLine]]
) -> tuple[LineResult, ...]:
    """The lines just uploaded to ``visit`` as (batch number, line), with their splits, in their order.

    Each batch is decided as a settlement of it would be now, so that 2204 shows what 2206 will say. Where nothing can be decided
    yet, the line says why in ``memo`` and has no amounts.
    """
    platform = call.platform
    batches: dict[str, list[FeeLine]] = {}
    for batch_no, line in lines:
        if not prescribed_only(call, line):
            batches.setdefault(batch_no, []).append(line)
    commands = [_command(call, visit, batch) for batch in batches.values()]
    situations = await platform.inputs.situations(connection, platform.law, commands)
    decided: dict[str, Outcome | Refusal] = {}
    for batch_no, situation in zip(batches, situations, strict=True):
        decided[batch_no] = (
            decide(platform.law, situation.visit, PersonState())
            if isinstance(situation, Situation)
            else situation
        )
    return tuple(_result(call, line, decided.get(batch_no), visit.service_on) for batch_no, line in lines)


def _command(call: Call, visit: Visit, lines: Sequence[FeeLine]) -> SettleCommand:
    """The settlement of just these lines, stated with everything known of the visit so that it is not read again."""
    return SettleCommand(
        caller=call.caller,
        infno=call.message.infno,
        msgid=call.message.msgid,
        request_hash=b"",
        psn_no=visit.psn_no,
        received_at=call.received_at,
        render=_nothing,
        own_allowed=False,
        family_allowed=False,
        purchase=Purchase(
            registration=Registration(
                psn_no=visit.psn_no,
                caller=visit.caller,
                ipt_otp_no=visit.ipt_otp_no,
                insutype=visit.insutype,
                voucher_type=visit.voucher_type,
                med_type=visit.med_type,
                begun_at=visit.begun_at,
                service_on=visit.service_on,
            ),
            lines=tuple(lines),
            disease_code=lines[0].disease_code or visit.disease_code,
        ),
    )


def _nothing(_: Settled) -> bytes:
    return b""


def _result(call: Call, line: FeeLine, decided: Outcome | Refusal | None, on: date) -> LineResult:
    item = call.platform.catalogue.get(line.item, on, call.provider.region)
    if decided is None or prescribed_only(call, line):
        return unsplit(line, item, "外购处方，未在本机构收费")
    if isinstance(decided, Refusal):
        return unsplit(line, item, decided.text)
    number = next(index for index, treated in enumerate(decided.lines) if treated.key == line.key)
    return split(line, item, decided, number)


def split(line: FeeLine, item: Item | None, outcome: Outcome, number: int) -> LineResult:
    """Line ``number`` of ``outcome`` with its four parts."""
    treated = outcome.lines[number]
    at = number * layout.SPLIT_SIZE
    whole, over, prepay, in_scope = outcome.splits[at : at + layout.SPLIT_SIZE]
    memo = REASONS[treated.reason].text if treated.reason in REASONS else None
    share = layout_share(outcome, treated.treat)
    return _row(line, item, (yuan(whole), yuan(over), yuan(prepay), yuan(in_scope)), share, memo)


def layout_share(outcome: Outcome, treat: int) -> JsonNumber:
    """selfpay_prop of a treatment: 1 for full self-pay, else the row's prepay."""
    if treat == layout.TREAT_FULL_SELFPAY:
        return proportion(10_000)
    return proportion(max(0, outcome.row.cells[layout.ROW_PREPAY_BP + treat]))


def unsplit(line: FeeLine, item: Item | None, memo: str) -> LineResult:
    """A line that cannot be split yet, with the reason."""
    return _row(line, item, (None, None, None, None), None, memo[:500])


Parts = tuple[JsonNumber | None, JsonNumber | None, JsonNumber | None, JsonNumber | None]


def _row(
    line: FeeLine, item: Item | None, parts: Parts, share: JsonNumber | None, memo: str | None
) -> LineResult:
    standard = item.standard_micro if item is not None else None
    return LineResult(
        feedetl_sn=line.key,
        det_item_fee_sumamt=yuan(line.amount_fen),
        cnt=quantity(line.quantity_e4),
        pric=price(line.price_micro),
        pric_uplmt_amt=NO_STANDARD if standard is None else price(standard),
        selfpay_prop=share,
        fulamt_ownpay_amt=parts[0],
        overlmt_amt=parts[1],
        preselfpay_amt=parts[2],
        inscp_scp_amt=parts[3],
        chrgitm_lv=item.chrgitm_lv if item is not None else FULL_SELFPAY,
        med_chrgitm_type=item.charge_type if item is not None else OTHER_CHARGES,
        bas_medn_flag=flag(item is not None and item.base_drug),
        hi_nego_drug_flag=flag(item is not None and item.negotiated),
        chld_medc_flag=flag(item.child_drug) if item is not None else None,
        list_sp_item_flag=None,
        lmt_used_flag=flag(item is not None and item.limited),
        drt_reim_flag="0",
        memo=memo,
    )
