"""2501, 2502 转院备案: a referral to another area, in force at once, taken back until something was settled under it."""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.regions import is_within
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.filing import EMPLOYEE, act_of, insured, is_region, plain, same_area, seen
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t25
from gongji.gateway.nodes import read_one
from gongji.gateway.visits import number_of, own_visit
from gongji.members.applications import Private, TransferApplication
from gongji.members.rows import FilingRow
from gongji.members.transfers import take_back, transfer
from gongji.settlement import selectors as settlements
from gongji.settlement.facts import SETTLEMENT

AGREED = "1"


async def refer(call: Call) -> Reply:
    """2501: the member is referred to a known institution in another area, from the day of transfer."""
    asked = read_one(t25.Referral, call.nodes, "refmedin")
    if isinstance(asked, Refusal):
        return asked
    wrong = _wrong_referral(call, asked)
    if wrong is not None:
        return wrong
    private = Private(phone=asked.tel, address=plain(asked.addr), condition=plain(asked.dise_cond_dscr))

    async def effect(connection: Connection) -> Reply:
        if asked.refl_old_mdtrt_id:
            visit = await own_visit(connection, call.caller, asked.psn_no, asked.refl_old_mdtrt_id)
            if isinstance(visit, Refusal):
                return visit
        from_on = asked.begndate or asked.refl_date
        refused = await insured(connection, asked.psn_no, from_on, asked.insu_optins)
        if refused is not None:
            return refused
        declared = await transfer(
            connection,
            act_of(call, asked.refl_rea),
            call.platform.law,
            call.platform.vault,
            asked.psn_no,
            _referral(asked, from_on),
            private,
        )
        if isinstance(declared, Refusal):
            return declared
        return output(t25.FiledOutput(t25.Filed(str(declared.declaration_id))))

    return await once(call, effect)


def _wrong_referral(call: Call, asked: t25.Referral) -> Refusal | None:
    if call.provider.kind == "pharmacy":
        return Refusal("FORBIDDEN", f"【{call.message.infno}】只受理定点医疗机构的业务")
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    if asked.hosp_agre_refl_flag != AGREED:
        return Refusal("BAD_FIELD", "refmedin.hosp_agre_refl_flag 医院未同意转院，不予备案")
    if not is_region(asked.mdtrtarea_admdvs):
        return Refusal("BAD_FIELD", "refmedin.mdtrtarea_admdvs 不是医保区划")
    place = call.platform.provider(asked.reflin_medins_no)
    if place is None:
        return Refusal("UNKNOWN_INSTITUTION", "reflin_medins_no 转往的定点医药机构，请先用【1201】查询")
    if place.kind == "pharmacy":
        return Refusal("BAD_FIELD", "refmedin.reflin_medins_no 不是医疗机构")
    if not same_area(place.region, asked.mdtrtarea_admdvs):
        return Refusal("BAD_FIELD", "refmedin.mdtrtarea_admdvs 不是转往机构所在的区划")
    return None


def _referral(asked: t25.Referral, from_on: date) -> TransferApplication:
    return TransferApplication(
        region=asked.mdtrtarea_admdvs,
        institution=asked.reflin_medins_no,
        institution_name=plain(asked.reflin_medins_name),
        transferred_on=asked.refl_date,
        from_on=from_on,
        until_on=asked.enddate,
        diagnosis_code=asked.diag_code,
        diagnosis_name=plain(asked.diag_name),
        type=asked.refl_type,
        reason=plain(asked.refl_rea),
        opinion=plain(asked.refl_opnn),
        agreed=asked.hosp_agre_refl_flag,
        visit=asked.refl_old_mdtrt_id,
        insutype=asked.insutype,
    )


async def withdraw_referral(call: Call) -> Reply:
    """2502: a referral of this institution is taken back, as long as nothing was settled under it."""
    asked = read_one(t25.ReferralWithdrawal, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    number = number_of(asked.trt_dcla_detl_sn)
    if number is None:
        return Refusal("DECLARATION_NOT_FOUND")

    async def effect(connection: Connection) -> Reply:
        async def used(filing: FilingRow) -> bool:
            return await _settled_under(call, connection, asked.psn_no, filing)

        done = await take_back(connection, act_of(call, asked.memo), asked.psn_no, number, used)
        return seen(done) if isinstance(done, Refusal) else Output()

    return await once(call, effect)


async def _settled_under(call: Call, connection: Connection, psn_no: str, filing: FilingRow) -> bool:
    """Whether the member has a settlement in force at an institution of the area, in the time of the filing."""
    stored = await settlements.settlements(
        connection, psn_no, {}, since=filing.from_on, until=filing.until_on
    )
    for entry in stored:
        place = call.platform.provider(entry.settled.provider)
        in_force = entry.settled.kind == SETTLEMENT and entry.reversed_by is None
        if in_force and (place is None or is_within(place.region, filing.region)):
            return True
    return False
