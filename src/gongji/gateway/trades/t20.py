"""2001 人员待遇享受检查: which funds would pay for the member here on a day, and why not."""

from datetime import date

import msgspec

from gongji.accounts.selectors import balances
from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.facts import stated
from gongji.gateway.funds import CHRONIC, FAMILY_ACCOUNT, OWN_ACCOUNT, POOL
from gongji.gateway.messages import t11
from gongji.gateway.nodes import read_one
from gongji.members import rules as member_rules
from gongji.members.selectors import family_owners, standings
from gongji.members.values import Standing

FUND_CHECK = "01"
CHRONIC_MED_TYPE = "14"
EMPLOYEE = "310"


class Enjoyed(msgspec.Struct, frozen=True):
    """Whether a fund pays; ``reason`` says why not."""

    fund: str
    reason: str = ""


async def benefits(call: Call) -> Reply:
    """2001: pooled fund, own account, family accounts and, for 门诊慢特病, its entitlement; each with its reason."""
    asked = read_one(t11.BenefitQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    if asked.fixmedins_code and asked.fixmedins_code != call.caller:
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    on = asked.begntime.date()
    async with call.platform.pool.acquire() as connection:
        standing = (await standings(connection, [(asked.psn_no, on)])).get((asked.psn_no, on))
        if standing is None:
            return Refusal("UNKNOWN_MEMBER")
        owners = (await family_owners(connection, [asked.psn_no], on)).get(asked.psn_no, ())
        held = await balances(connection, [asked.psn_no, *owners])
    family_fen = sum(held[owner][0] for owner in owners if owner in held)
    own_fen = held[asked.psn_no][0] if asked.psn_no in held else 0
    checks = [
        Enjoyed(POOL[0], _pool_reason(call, standing, on, asked)),
        Enjoyed(OWN_ACCOUNT[0], "" if own_fen > 0 else "个人账户没有余额"),
        Enjoyed(FAMILY_ACCOUNT[0], "" if family_fen > 0 else "没有可用的家庭共济账户"),
    ]
    if asked.med_type == CHRONIC_MED_TYPE:
        checks.append(Enjoyed(CHRONIC[0], _chronic_reason(standing, asked.dise_codg)))
    until = asked.endtime.date() if asked.endtime else None
    rows = tuple(_row(asked.psn_no, check, on, until) for check in checks)
    return output(t11.BenefitOutput(rows))


def _pool_reason(call: Call, standing: Standing, on: date, asked: t11.BenefitQuery) -> str:
    """Why the pooled fund would not pay, assuming a good voucher and, at a pharmacy, a valid prescription."""
    if not standing.insured or not standing.region:
        return Refusal("NOT_INSURED", str(on)).text
    extra = stated(asked.med_type, asked.exp_content)
    if isinstance(extra, Refusal):
        return extra.text
    place = call.provider.on(on)
    facts = {
        **place.attributes,
        "insured": "yes",
        "status": standing.status or "",
        "has_account": _word(standing.has_account),
        "arrears": _word(standing.arrears),
        "waiting": _word(standing.waiting),
        "voucher": "yes",
        "prescription": "valid" if place.kind == "pharmacy" else "not_needed",
        "offsite": member_rules.offsite(standing, place.region),
        "excluded": "none",
        "emergency": "no",
        "manual": "no",
        **extra,
    }
    law = call.platform.law
    if "age" in law.numbers(standing.region):
        facts["age"] = str(member_rules.age_on(standing.person.born_on, on))
    attributes = law.derive(standing.region, on, facts)
    refusal = law.pool_refusal(standing.region, on, attributes)
    if refusal is None:
        row = law.row(standing.region, on, attributes)
        refusal = row if isinstance(row, Refusal) else None
    return refusal.text if refusal is not None else ""


def _chronic_reason(standing: Standing, disease_code: str) -> str:
    if disease_code in standing.chronic or (not disease_code and standing.chronic):
        return ""
    return Refusal("NOT_QUALIFIED_CHRONIC", disease_code).text


def _row(psn_no: str, check: Enjoyed, on: date, until: date | None) -> t11.BenefitRow:
    return t11.BenefitRow(
        psn_no=psn_no,
        trt_chk_type=FUND_CHECK,
        fund_pay_type=check.fund,
        trt_enjymnt_flag="0" if check.reason else "1",
        begndate=on.isoformat(),
        enddate=until.isoformat() if until else None,
        trt_chk_rslt=check.reason[:500] or None,
        exp_content=None,
    )


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
