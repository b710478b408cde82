"""5201, 5202, 5206 查询: what this institution did for a member, and what the member's year has used.

Other institutions' visits and settlements do not exist for the caller.
"""

from datetime import date
from typing import Any

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA, day_in_china
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Visit
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.messages import t52
from gongji.gateway.nodes import read_one
from gongji.gateway.queried import standing_of, who
from gongji.gateway.rendering import encode
from gongji.gateway.values import JsonNumber, flag, moment, yuan
from gongji.gateway.visits import own_visit
from gongji.members.selectors import standing as member_standing
from gongji.members.values import Standing
from gongji.settlement import selectors as settlements
from gongji.settlement.benefits import AS_INPATIENT, DUAL_CHANNEL, ORDINARY
from gongji.settlement.years import YearState, chronic


async def visits(call: Call) -> Reply:
    """5201: the member's visits at this institution in a time."""
    asked = read_one(t52.VisitsQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    until = asked.endtime or call.received_at
    async with call.platform.pool.acquire() as connection:
        found = await encounters.visits_of_person(
            connection, asked.psn_no, call.caller, asked.begntime, until
        )
        rows = []
        for visit in found:
            if asked.med_type in ("", visit.med_type) and asked.mdtrt_id in ("", str(visit.visit_id)):
                standing = await standing_of(connection, visit)
                rows.append(_visit(call, visit, standing))
    if rows:
        await shown(call, asked.psn_no, (*IDENTITY, "mdtrtinfo"))
    return Output(encode({"mdtrtinfo": rows}))


def _visit(call: Call, visit: Visit, standing: Standing | None) -> dict[str, Any]:
    return {
        **t52.nulls(t52.VISIT_UNKNOWN),
        **who(standing, visit.service_on, call.platform.vault),
        "mdtrt_id": str(visit.visit_id),
        "psn_no": visit.psn_no,
        "begntime": moment(visit.begun_at),
        "endtime": moment(visit.seen_at or visit.begun_at),
        "mdtrt_cert_type": visit.voucher_type,
        "med_type": visit.med_type,
        "ipt_otp_no": visit.ipt_otp_no,
        "atddr_no": visit.doctor_code,
        "chfpdr_name": visit.doctor_name,
        "adm_dept_codg": visit.dept_code,
        "adm_dept_name": visit.dept_name,
        "main_cond_dscr": visit.condition,
        "dise_codg": visit.disease_code,
        "dise_name": visit.disease_name,
        "otp_diag_info": None,
        "opt_time": moment(visit.registered_at),
    }


async def diagnoses(call: Call) -> Reply:
    """5202: diagnoses of a visit here that were not voided."""
    asked = read_one(t52.DiagnosesQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    async with call.platform.pool.acquire() as connection:
        visit = await own_visit(connection, call.caller, asked.psn_no, asked.mdtrt_id)
        if isinstance(visit, Refusal):
            return visit
        found = [
            entry
            for entry in await encounters.diagnoses(connection, visit.psn_no, visit.visit_id)
            if entry.valid
        ]
    await shown(call, asked.psn_no, ("diseinfo",))
    main = min((entry.sort_no for entry in found), default=None)
    rows = [
        {
            "diag_info_id": f"{visit.visit_id}-{entry.diag_type}-{entry.sort_no}",
            "mdtrt_id": str(visit.visit_id),
            "psn_no": visit.psn_no,
            "inout_diag_type": "1",
            "diag_type": entry.diag_type,
            "maindiag_flag": flag(entry.sort_no == main),
            "diag_srt_no": entry.sort_no,
            "diag_code": entry.code,
            "diag_name": entry.name,
            "adm_cond": None,
            "diag_dept": entry.dept,
            "dise_dor_no": entry.doctor_code,
            "dise_dor_name": entry.doctor_name,
            "diag_time": moment(entry.diagnosed_at),
            "opter_id": None,
            "opter_name": None,
            "opt_time": None,
        }
        for entry in found
    ]
    return Output(encode({"diseinfo": rows}))


DEDUCTIBLE, IN_SCOPE, FUND, CHRONIC_FUND = "DEDC", "INSCP", "HIFP", "OPSP"
"""cum_type_code of this platform (the national text lists none): 起付, 政策范围内费用, 门诊统筹支付, 门诊慢特病支付."""
SPECIAL = {
    AS_INPATIENT: ("IPT_DEDC", "IPT_INSCP", "IPT_HIFP"),
    DUAL_CHANNEL: ("DUAL_DEDC", "DUAL_INSCP", "DUAL_HIFP"),
}
"""The same three of 参照住院的门诊治疗 and 双通道谈判药品."""


async def sums(call: Call) -> Reply:
    """5206: what the member's year has used; with cum_ym, of that year. Sums only, no institution's figures."""
    asked = read_one(t52.SumsQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    month = asked.cum_ym or f"{call.received_at.astimezone(CHINA):%Y%m}"
    try:
        number = date.fromisoformat(f"{month}01").year
    except ValueError:
        return Refusal("BAD_FIELD", "data.cum_ym 须为 yyyyMM")
    async with call.platform.pool.acquire() as connection:
        standing = await member_standing(connection, asked.psn_no, day_in_china(call.received_at))
        if standing is None:
            return Refusal("UNKNOWN_MEMBER")
        state = await settlements.year(connection, asked.psn_no, number)
    await shown(call, asked.psn_no, ("cuminfo",))
    rows = [
        {
            "insutype": standing.insutype or "310",
            "year": f"{number:04d}",
            "cum_ym": month,
            "cum_type_code": code,
            "cum": cum,
        }
        for code, cum in _sums(state)
    ]
    return Output(encode({"cuminfo": rows}))


def _sums(state: YearState) -> list[tuple[str, JsonNumber]]:
    """Each benefit has its own sums (庆阳 第二十一条: 不相互挤占); those of a special one only once it was used."""
    quotas = [state.sums(benefit)[2] for benefit in state.benefits if benefit.startswith(chronic(""))]
    found = list(zip((DEDUCTIBLE, IN_SCOPE, FUND), map(yuan, state.sums(ORDINARY)), strict=True))
    found.append((CHRONIC_FUND, yuan(sum(quotas))))
    for benefit, codes in SPECIAL.items():
        if benefit in state.benefits:
            found += zip(codes, map(yuan, state.sums(benefit)), strict=True)
    return found
