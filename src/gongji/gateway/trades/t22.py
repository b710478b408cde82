"""2201-2205 门诊就诊: registration, diagnoses, fee lines, and taking them back."""

from datetime import date

from gongji.base.codes import label
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import day_in_china
from gongji.encounters import services
from gongji.encounters.values import Diagnosis, FeeLine, Registration, VisitInfo
from gongji.gateway import recording
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.feechecks import after_visit, suspended_doctor
from gongji.gateway.idempotency import once
from gongji.gateway.lines import line_results
from gongji.gateway.messages import t22
from gongji.gateway.nodes import many, read_one, read_rows
from gongji.gateway.persons import at_counter
from gongji.gateway.visits import hidden, number_of, own_visit
from gongji.prescriptions.uploaded import revoke_uploads

EMPLOYEE = "310"
"""职工基本医疗保险, the only scheme settled here."""
EXTERNAL = "1"


async def register(call: Call) -> Reply:
    """2201: a visit of the member who shows the voucher; pharmacies sell, they treat nobody (SX2022-27.art4.d)."""
    if call.provider.kind == "pharmacy":
        return Refusal("FORBIDDEN", f"【{call.message.infno}】只受理定点医疗机构的业务")
    asked = read_one(t22.Registration, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    wrong = _scheme(asked.insutype) or not_in_future(call, asked.begntime.date())
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        identity = await at_counter(
            connection,
            call.platform.vault,
            asked.begntime.date(),
            asked.mdtrt_cert_type,
            asked.mdtrt_cert_no,
            asked.card_sn,
            psn_no=asked.psn_no,
            certno=asked.certno,
            psn_name=asked.psn_name,
        )
        if isinstance(identity, Refusal):
            return identity
        registered = await services.register(
            connection,
            _registration(call, asked),
            visit_id=call.platform.ids.next(),
            at=call.received_at,
        )
        if isinstance(registered, Refusal):
            return registered
        return output(t22.RegisteredOutput(t22.Registered(str(registered), asked.psn_no, asked.ipt_otp_no)))

    return await once(call, effect)


def _registration(call: Call, asked: t22.Registration) -> Registration:
    return Registration(
        psn_no=asked.psn_no,
        caller=call.caller,
        ipt_otp_no=asked.ipt_otp_no,
        insutype=asked.insutype,
        voucher_type=asked.mdtrt_cert_type,
        dept_code=asked.dept_code,
        dept_name=asked.dept_name,
        caty=asked.caty,
        doctor_code=asked.atddr_no,
        doctor_name=asked.dr_name,
        begun_at=asked.begntime,
        service_on=asked.begntime.date(),
    )


async def cancel(call: Call) -> Reply:
    """2202: a registration without settlement is taken back."""
    asked = read_one(t22.Cancellation, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked

    async def effect(connection: Connection) -> Reply:
        visit = await own_visit(connection, call.caller, asked.psn_no, asked.mdtrt_id)
        if isinstance(visit, Refusal):
            return visit
        if visit.ipt_otp_no != asked.ipt_otp_no:
            return Refusal("UNKNOWN_VISIT", "ipt_otp_no 与登记的不一致")
        refusal = await services.cancel(
            connection, psn_no=asked.psn_no, visit_id=visit.visit_id, caller=call.caller, at=call.received_at
        )
        if refusal is not None:
            return hidden(refusal)
        await revoke_uploads(connection, psn_no=asked.psn_no, visit_id=visit.visit_id, at=call.received_at)
        return Output()

    return await once(call, effect)


async def inform(call: Call) -> Reply:
    """2203 and 2203A: category, condition and diagnoses; the pharmacy variant is told apart by what it contains."""
    asked = read_one(t22.VisitInfo, call.nodes, "mdtrtinfo")
    if isinstance(asked, Refusal):
        return asked
    rows = many(call.nodes, "diseinfo")
    if isinstance(rows, Refusal):
        return rows
    diagnoses = read_rows(t22.DiagnosisRow, rows, "diseinfo")
    if isinstance(diagnoses, Refusal):
        return diagnoses
    wrong = _category(asked.med_type) or not_in_future(call, asked.begntime.date())
    if wrong is not None:
        return wrong
    visit_id = number_of(asked.mdtrt_id)
    if visit_id is None:
        return Refusal("UNKNOWN_VISIT")

    async def effect(connection: Connection) -> Reply:
        refusal = await services.put_visit_info(
            connection,
            psn_no=asked.psn_no,
            visit_id=visit_id,
            caller=call.caller,
            info=VisitInfo(
                med_type=asked.med_type,
                seen_at=asked.begntime,
                condition=asked.main_cond_dscr,
                disease_code=asked.dise_codg,
                disease_name=asked.dise_name,
                diagnoses=tuple(_diagnosis(asked, row) for row in diagnoses),
            ),
            at=call.received_at,
        )
        return Output() if refusal is None else hidden(refusal)

    return await once(call, effect)


def _diagnosis(asked: t22.VisitInfo, row: t22.DiagnosisRow) -> Diagnosis:
    return Diagnosis(
        diag_type=row.diag_type,
        sort_no=row.diag_srt_no,
        code=row.diag_code,
        name=row.diag_name,
        dept=row.diag_dept,
        doctor_code=row.dise_dor_no,
        doctor_name=row.dise_dor_name,
        diagnosed_at=row.diag_time or asked.begntime,
        valid=row.vali_flag == "1",
    )


async def upload(call: Call) -> Reply:
    """2204: fee lines of one visit, in one or several batches, all or none; answered with how each line is treated."""
    rows = many(call.nodes, "feedetail")
    if isinstance(rows, Refusal):
        return rows
    asked = read_rows(t22.FeeRow, rows, "feedetail")
    if isinstance(asked, Refusal):
        return asked
    if not asked:
        return Refusal("MISSING_NODE", "input.feedetail")
    if len({(row.psn_no, row.mdtrt_id) for row in asked}) > 1:
        return Refusal("BAD_FIELD", "feedetail 一次只能上传一人一次就诊的明细（psn_no、mdtrt_id 须一致）")
    first = asked[0]

    async def effect(connection: Connection) -> Reply:
        visit = await own_visit(connection, call.caller, first.psn_no, first.mdtrt_id)
        if isinstance(visit, Refusal):
            return visit
        lines = [(row.chrg_bchno, fee_line(row)) for row in asked]
        fees = [line for _, line in lines]
        wrong = suspended_doctor(call, fees) or after_visit(call, visit.service_on, fees)
        if wrong is not None:
            return wrong
        refusal = await recording.prescriptions(call, connection, visit, [line for _, line in lines])
        if refusal is not None:
            return refusal
        charged = [(batch_no, line) for batch_no, line in lines if not recording.prescribed_only(call, line)]
        if charged:
            refusal = await services.upload_fees(
                connection,
                psn_no=visit.psn_no,
                visit_id=visit.visit_id,
                caller=call.caller,
                batches=_batches(charged),
                part_id=call.platform.ids.next(),
                at=call.received_at,
            )
            if refusal is not None:
                return hidden(refusal)
        return output(t22.FeesOutput(await line_results(call, connection, visit, lines)))

    return await once(call, effect)


def _batches(lines: list[tuple[str, FeeLine]]) -> list[tuple[str, list[FeeLine]]]:
    batches: dict[str, list[FeeLine]] = {}
    for batch_no, line in lines:
        batches.setdefault(batch_no, []).append(line)
    return list(batches.items())


def fee_line(row: t22.FeeRow) -> FeeLine:
    """A line of 2204 as the encounters room keeps it."""
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
        disease_code=row.dise_codg,
        approval=row.hosp_appr_flag,
        herb_way=row.tcmdrug_used_way,
        dose=row.sin_dos_dscr,
        frequency=row.used_frqu_dscr,
        days=_decimal(row.prd_days),
        way=row.medc_way_dscr,
        dept_code=row.bilg_dept_codg,
        dept_name=row.bilg_dept_name,
        doctor_code=row.bilg_dr_codg,
        doctor_name=row.bilg_dr_name,
        receiving_dept_code=row.acord_dept_codg,
        receiving_dept_name=row.acord_dept_name,
        receiving_doctor_code=row.orders_dr_code,
        receiving_doctor_name=row.orders_dr_name,
        external_test=row.etip_flag,
        external_hospital=row.etip_hosp_code,
        take_home=row.dscg_tkdrug_flag,
        maternity=row.matn_fee_flag,
        memo=row.memo,
    )


def _decimal(hundredths: int | None) -> str:
    if hundredths is None:
        return ""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


async def withdraw(call: Call) -> Reply:
    """2205: lines of a batch, or with 0000 every unsettled line of the visit, are taken back."""
    asked = read_one(t22.FeeCancellation, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    visit_id = number_of(asked.mdtrt_id)
    if visit_id is None:
        return Refusal("UNKNOWN_VISIT")

    async def effect(connection: Connection) -> Reply:
        refusal = await services.cancel_fees(
            connection,
            psn_no=asked.psn_no,
            visit_id=visit_id,
            caller=call.caller,
            batch_no=asked.chrg_bchno,
            at=call.received_at,
        )
        return Output() if refusal is None else hidden(refusal)

    return await once(call, effect)


def not_in_future(call: Call, on: date) -> Refusal | None:
    """A service that has not happened yet is not recorded."""
    today = day_in_china(call.received_at)
    return Refusal("SERVICE_IN_FUTURE", f"{on} 晚于今天 {today}") if on > today else None


def _scheme(insutype: str) -> Refusal | None:
    return None if insutype == EMPLOYEE else Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")


def _category(med_type: str) -> Refusal | None:
    return None if label("med_type", med_type) else Refusal("UNKNOWN_CODE", f"med_type {med_type}")
