"""5203-5205 查询: settlements of this institution, their lines, chronic medication."""

from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeLine, Visit
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.lines import split
from gongji.gateway.messages import t52
from gongji.gateway.nodes import read_one
from gongji.gateway.queried import standing_of, who
from gongji.gateway.rendering import Presented, encode, setldetail, setlinfo
from gongji.gateway.values import day, flag, moment, price, quantity
from gongji.gateway.visits import own_visit
from gongji.members.values import Standing
from gongji.settlement import selectors as settlements
from gongji.settlement.facts import SETTLEMENT
from gongji.settlement.selectors import StoredSettlement

CHRONIC_MED_TYPES = ("14",)
PAID_AT_INSTITUTION = "2"
"""pay_loc 医疗机构."""


class Found(msgspec.Struct, frozen=True):
    """A settlement of this institution with its visit and the person on the day."""

    stored: StoredSettlement
    visit: Visit
    standing: Standing | None


async def _found(call: Call, connection: Connection) -> Found | Refusal:
    asked = read_one(t52.SettlementQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    visit = await own_visit(connection, call.caller, asked.psn_no, asked.mdtrt_id)
    if isinstance(visit, Refusal):
        return visit
    laws = call.platform.laws
    stored = await settlements.settlements(
        connection, visit.psn_no, laws, provider=call.caller, visit_id=visit.visit_id
    )
    if asked.setl_id:
        stored = [entry for entry in stored if str(entry.settled.settlement_id) == asked.setl_id]
    else:
        stored = [entry for entry in stored if entry.settled.kind == SETTLEMENT]
    if not stored:
        return Refusal("SETTLEMENT_NOT_FOUND")
    return Found(stored[-1], visit, await standing_of(connection, visit))


async def settlement(call: Call) -> Reply:
    """5203: a settlement of this institution; without setl_id the newest of the visit, for who lost the answer."""
    async with call.platform.pool.acquire() as connection:
        found = await _found(call, connection)
    if isinstance(found, Refusal):
        return found
    settled = found.stored.settled
    await shown(call, settled.psn_no, (*IDENTITY, "setlinfo"))
    amounts = setlinfo(settled, Presented(found.visit.voucher_type, call.platform.vault), found.standing)
    place = call.provider.on(settled.service_on)
    info = {
        **t52.nulls(t52.SETTLEMENT_UNKNOWN),
        **who(found.standing, settled.service_on, call.platform.vault),
        **{
            name: value
            for name, value in amounts.items()
            if name not in ("psn_part_amt", "psn_cash_pay", "exp_content")
        },
        "psn_pay": amounts["psn_part_amt"],
        "cash_payamt": amounts["psn_cash_pay"],
        "psn_part_amt": amounts["psn_part_amt"],
        "psn_cash_pay": amounts["psn_cash_pay"],
        "pay_loc": PAID_AT_INSTITUTION,
        "fixmedins_code": call.caller,
        "fixmedins_name": place.name,
        "hosp_lv": place.hosp_lv or None,
        "fixmedins_poolarea": place.region.ljust(6, "0"),
        "begndate": day(settled.service_on),
        "enddate": day(settled.service_on),
        "refd_setl_flag": flag(found.stored.reversed_by is not None),
        "year": f"{settled.service_on.year:04d}",
        "dise_codg": found.visit.disease_code,
        "dise_name": found.visit.disease_name,
        "invono": settled.invoice_no,
    }
    return Output(encode({"setlinfo": info, "setldetail": setldetail(call.platform.law, settled)}))


async def fee_lines(call: Call) -> Reply:
    """5204: the lines of a settlement with their splits; the output has no node, it is the array."""
    async with call.platform.pool.acquire() as connection:
        found = await _found(call, connection)
        if isinstance(found, Refusal):
            return found
        settled = found.stored.settled
        key = (settled.psn_no, settled.visit_id, settled.batch_no)
        batch = (await encounters.fee_batches(connection, [key])).get(key)
    await shown(call, settled.psn_no, ("feedetail",))
    lines = {line.key: line for line in batch.lines} if batch is not None else {}
    rows = [
        _line(call, found, lines[treated.key], number)
        for number, treated in enumerate(settled.outcome.lines)
        if treated.key in lines
    ]
    return Output(encode(rows))


def _line(call: Call, found: Found, line: FeeLine, number: int) -> dict[str, Any]:
    settled = found.stored.settled
    item = call.platform.catalogue.get(line.item, settled.service_on, call.provider.region)
    cut = msgspec.structs.asdict(split(line, item, settled.outcome, number))
    return {
        **t52.nulls(t52.LINE_UNKNOWN),
        **cut,
        "mdtrt_id": str(settled.visit_id),
        "setl_id": str(settled.settlement_id),
        "rx_drord_no": line.rx_no,
        "med_type": settled.med_type,
        "fee_ocur_time": moment(line.occurred_at),
        "sin_dos_dscr": line.dose,
        "used_frqu_dscr": line.frequency,
        "prd_days": line.days or None,
        "medc_way_dscr": line.way,
        **_catalogued(line, item),
        "bilg_dept_codg": line.dept_code,
        "bilg_dept_name": line.dept_name,
        "bilg_dr_codg": line.doctor_code,
        "bilg_dr_name": line.doctor_name,
        "acord_dept_codg": line.receiving_dept_code,
        "acord_dept_name": line.receiving_dept_name,
        "orders_dr_code": line.receiving_doctor_code,
        "orders_dr_name": line.receiving_doctor_name,
        "hosp_appr_flag": line.approval,
        "tcmdrug_used_way": line.herb_way,
        "etip_flag": line.external_test,
        "etip_hosp_code": line.external_hospital,
        "dscg_tkdrug_flag": line.take_home,
        "matn_fee_flag": line.maternity,
        "memo": cut["memo"] or line.memo or None,
    }


def _catalogued(line: FeeLine, item: Any) -> dict[str, Any]:
    return {
        "hilist_code": line.item,
        "hilist_name": item.name if item is not None else None,
        "list_type": item.list_type if item is not None else None,
        "med_list_codg": line.item,
        "medins_list_codg": line.local_item,
        "medins_list_name": item.name if item is not None else line.local_item,
        "spec": item.spec if item is not None else None,
        "dosform_name": item.dosform if item is not None else None,
    }


async def medication(call: Call) -> Reply:
    """5205: drugs that this institution gave the member for chronic diseases (门诊慢特病) in a time, settlements in force."""
    asked = read_one(t52.MedicationQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    since, until = asked.begntime.date(), (asked.endtime or call.received_at).astimezone(CHINA).date()
    rows: list[dict[str, Any]] = []
    async with call.platform.pool.acquire() as connection:
        stored = await settlements.settlements(
            connection, asked.psn_no, {}, provider=call.caller, since=since, until=until
        )
        for entry in stored:
            settled = entry.settled
            if (
                settled.kind != SETTLEMENT
                or entry.reversed_by is not None
                or settled.med_type not in CHRONIC_MED_TYPES
            ):
                continue
            key = (settled.psn_no, settled.visit_id, settled.batch_no)
            batch = (await encounters.fee_batches(connection, [key])).get(key)
            for line in batch.lines if batch is not None else ():
                item = call.platform.catalogue.get(line.item, settled.service_on, call.provider.region)
                if item is not None and item.kind in ("drug", "herb"):
                    rows.append(_drug(call, line, item, settled.psn_no, settled.med_type))
    if rows:
        await shown(call, asked.psn_no, ("feedetail",))
    return Output(encode({"feedetail": rows}))


def _drug(call: Call, line: FeeLine, item: Any, psn_no: str, med_type: str) -> dict[str, Any]:
    return {
        **t52.nulls(t52.MEDICATION_UNKNOWN),
        **_catalogued(line, item),
        "feedetl_sn": line.key,
        "rx_drord_no": line.rx_no,
        "fixmedins_code": call.caller,
        "fixmedins_name": call.provider.name,
        "psn_no": psn_no,
        "med_type": med_type,
        "fee_ocur_time": moment(line.occurred_at),
        "cnt": quantity(line.quantity_e4),
        "pric": price(line.price_micro),
        "chrgitm_lv": item.chrgitm_lv,
        "med_chrgitm_type": item.charge_type,
        "lmt_used_flag": flag(item.limited),
        "hosp_appr_flag": line.approval,
        "tcmdrug_used_way": line.herb_way,
        "bas_medn_flag": flag(item.base_drug),
        "hi_nego_drug_flag": flag(item.negotiated),
        "chld_medc_flag": flag(item.child_drug),
        "etip_flag": line.external_test,
        "etip_hosp_code": line.external_hospital,
        "dscg_tkdrug_flag": line.take_home,
        "matn_fee_flag": line.maternity,
    }
