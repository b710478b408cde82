"""2503-2506 慢特病备案, 人员定点备案: applications that wait for the agency, taken back until it has decided.

Another institution's application does not exist here.
"""

from gongji.base.codes import is_known
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import day_in_china
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.filing import EMPLOYEE, act_of, actor_of, insured, plain, seen
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t25
from gongji.gateway.nodes import read_one
from gongji.gateway.visits import number_of
from gongji.members.applications import Application, ChronicApplication, FixedApplication, Private
from gongji.members.declarations import Declared, cancel, declarations_of, declare, find_declaration


async def apply_chronic(call: Call) -> Reply:
    """2503: the agency is asked to entitle the member for a chronic disease."""
    asked = read_one(t25.ChronicFiling, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    if call.platform.provider(asked.ide_fixmedins_no) is None:
        return Refusal("UNKNOWN_INSTITUTION", "ide_fixmedins_no 鉴定定点医药机构")
    if asked.hosp_ide_date > day_in_china(call.received_at):
        return Refusal("DATE_IN_FUTURE", f"hosp_ide_date {asked.hosp_ide_date}")
    application = ChronicApplication(
        disease_code=asked.opsp_dise_code,
        disease_name=plain(asked.opsp_dise_name),
        from_on=asked.begndate,
        until_on=asked.enddate,
        institution=asked.ide_fixmedins_no,
        institution_name=plain(asked.ide_fixmedins_name),
        examined_on=asked.hosp_ide_date,
        doctor=asked.diag_dr_codg,
        doctor_name=plain(asked.diag_dr_name),
        operated_on=plain(t25.as_text(asked.exp_content)),
        memo=plain(asked.memo),
        insutype=asked.insutype,
    )
    private = Private(phone=asked.tel, address=plain(asked.addr))
    return await _apply(call, asked.psn_no, asked.insu_optins, application, private)


async def apply_fixed(call: Call) -> Reply:
    """2505: the member chooses this institution for a kind of business."""
    asked = read_one(t25.FixedFiling, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if not is_known("biz_appy_type", asked.biz_appy_type.zfill(2)):
        return Refusal("UNKNOWN_CODE", "data.biz_appy_type")
    if asked.agnter_rlts and not is_known("agnter_rlts", asked.agnter_rlts):
        return Refusal("UNKNOWN_CODE", "data.agnter_rlts")
    if asked.fixmedins_code != call.caller:
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    application = FixedApplication(
        biz_type=asked.biz_appy_type.zfill(2),
        sort_no=asked.fix_srt_no,
        institution=asked.fixmedins_code,
        institution_name=plain(asked.fixmedins_name),
        from_on=asked.begndate,
        until_on=asked.enddate,
        operated_on=plain(t25.as_text(asked.exp_content)),
        memo=plain(asked.memo),
    )
    private = Private(
        phone=asked.tel,
        address=plain(asked.addr),
        agent_name=plain(asked.agnter_name),
        agent_cert_type=asked.agnter_cert_type,
        agent_cert_no=asked.agnter_certno,
        agent_phone=asked.agnter_tel,
        agent_address=plain(asked.agnter_addr),
        agent_relation=asked.agnter_rlts,
    )
    return await _apply(call, asked.psn_no, "", application, private)


async def _apply(
    call: Call,
    psn_no: str,
    insu_optins: str,
    application: ChronicApplication | FixedApplication,
    private: Private,
) -> Reply:
    async def effect(connection: Connection) -> Reply:
        today = day_in_china(call.received_at)
        refused = await insured(connection, psn_no, today, insu_optins)
        if refused is not None:
            return refused
        platform = call.platform
        act = act_of(call, application.memo)
        declared = await declare(connection, act, platform.law, platform.vault, psn_no, application, private)
        if isinstance(declared, Refusal):
            return declared
        if await _pending(connection, declared, application):
            return Refusal("DECLARATION_PENDING")
        return output(t25.AppliedOutput(t25.Applied(str(declared.declaration_id))))

    return await once(call, effect)


async def _pending(connection: Connection, declared: Declared, application: Application) -> bool:
    """Whether another application for the same thing waits; the person is locked since ours was made."""
    for listed in await declarations_of(connection, declared.psn_no):
        if (listed.kind, listed.state) == (application.kind, "submitted") and (
            listed.declaration_id != declared.declaration_id
        ):
            other = await find_declaration(connection, declared.psn_no, listed.declaration_id)
            if other is not None and _subject(other.application) == _subject(application):
                return True
    return False


def _subject(application: Application) -> tuple[str, ...]:
    """What an application is about."""
    if isinstance(application, ChronicApplication):
        return ("chronic", application.disease_code)
    if isinstance(application, FixedApplication):
        return ("fixed", application.biz_type, application.institution)
    return (application.kind, application.region)


async def withdraw_chronic(call: Call) -> Reply:
    """2504: an application for a chronic disease is taken back before the agency has decided."""
    return await _withdraw(call, ChronicApplication)


async def withdraw_fixed(call: Call) -> Reply:
    """2506: the same for a chosen institution."""
    return await _withdraw(call, FixedApplication)


async def _withdraw(call: Call, kind: type[Application]) -> Reply:
    asked = read_one(t25.Withdrawal, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    number = number_of(asked.trt_dcla_detl_sn)
    if number is None:
        return Refusal("DECLARATION_NOT_FOUND")

    async def effect(connection: Connection) -> Reply:
        found = await find_declaration(connection, asked.psn_no, number)
        if found is None or not isinstance(found.application, kind):
            return Refusal("DECLARATION_NOT_FOUND")
        if found.listed.submitted_by != str(actor_of(call)):
            return Refusal("DECLARATION_NOT_FOUND")
        done = await cancel(connection, act_of(call, asked.memo), asked.psn_no, number)
        return seen(done) if isinstance(done, Refusal) else Output()

    return await once(call, effect)
