"""5301, 5302, 5304 查询: the member's chronic diseases and chosen institutions today, and this institution's referrals."""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.regions import normalise_region
from gongji.base.sealing import Vault
from gongji.base.times import day_in_china
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.filing import actor_of
from gongji.gateway.funds import six_digits
from gongji.gateway.messages import t53
from gongji.gateway.nodes import read_one
from gongji.gateway.values import day, flag, moment
from gongji.members.chosen import chosen_institutions
from gongji.members.declarations import private_of
from gongji.members.personal import cert_no
from gongji.members.rules import is_local, standing_on
from gongji.members.selectors import records
from gongji.members.transfers import Transfer, transfers_of
from gongji.members.values import Standing


def _today(call: Call) -> date:
    return day_in_china(call.received_at)


async def chronic(call: Call) -> Reply:
    """5301: the chronic diseases that the member is entitled for today."""
    asked = read_one(t53.ChronicQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    async with call.platform.pool.acquire() as connection:
        found = (await records(connection, [asked.psn_no])).get(asked.psn_no)
    if found is None:
        return Refusal("UNKNOWN_MEMBER")
    await shown(call, asked.psn_no, ("feedetail",))
    standing = standing_on(found, _today(call))
    rows = tuple(
        t53.ChronicRow(one.disease_code, one.disease_name, one.from_on.isoformat(), day(one.until_on))
        for one in standing.chronic.values()
    )
    return output(t53.ChronicOutput(rows))


async def fixed(call: Call) -> Reply:
    """5302: the institutions that the member has chosen for a kind of business."""
    asked = read_one(t53.FixedQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    today, psn_no = _today(call), asked.psn_no
    async with call.platform.pool.acquire() as connection:
        found = (await records(connection, [psn_no])).get(psn_no)
        if found is None:
            return Refusal("UNKNOWN_MEMBER")
        chosen = await chosen_institutions(connection, psn_no, asked.biz_appy_type.zfill(2), today)
    await shown(call, psn_no, ("psnfixmedin",))
    insutype = standing_on(found, today).insutype
    rows = tuple(
        t53.FixedRow(
            psn_no,
            insutype,
            str(one.sort_no),
            one.institution,
            one.institution_name,
            one.from_on.isoformat(),
            day(one.until_on),
            None,
        )
        for one in chosen
    )
    return output(t53.FixedOutput(rows))


async def referrals(call: Call) -> Reply:
    """5304: referrals in force that this institution filed for the member, by day of transfer."""
    asked = read_one(t53.ReferralQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    until = asked.endtime.date() if asked.endtime else date.max
    async with call.platform.pool.acquire() as connection:
        found = (await records(connection, [asked.psn_no])).get(asked.psn_no)
        if found is None:
            return Refusal("UNKNOWN_MEMBER")
        filed = await transfers_of(
            connection, asked.psn_no, str(actor_of(call)), asked.begntime.date(), until
        )
    if filed:
        await shown(call, asked.psn_no, (*IDENTITY, "tel", "addr", "refmedin"))
    vault = call.platform.vault
    rows = tuple(_row(one, standing_on(found, one.application.transferred_on), vault) for one in filed)
    return output(t53.ReferralOutput(rows))


def _row(one: Transfer, standing: Standing, vault: Vault) -> t53.ReferralRow:
    person, said, private = standing.person, one.application, private_of(vault, one.listed)
    away = not standing.region or not is_local(
        normalise_region(said.region), normalise_region(standing.region)
    )
    return t53.ReferralRow(
        insutype=said.insutype,
        dcla_souc=None,
        psn_no=person.psn_no,
        psn_cert_type=person.cert_type,
        certno=cert_no(vault, person),
        psn_name=person.name,
        gend=person.gender,
        brdy=day(person.born_on),
        tel=private.phone or None,
        addr=private.address or None,
        insu_optins=six_digits(standing.region) if standing.region else None,
        emp_name=standing.employer or None,
        diag_code=said.diagnosis_code,
        diag_name=said.diagnosis_name,
        dise_cond_dscr=private.condition or None,
        reflin_medins_no=said.institution,
        reflin_medins_name=said.institution_name,
        out_flag=flag(away),
        refl_date=said.transferred_on.isoformat(),
        refl_rea=said.reason,
        begndate=said.from_on.isoformat(),
        enddate=day(said.until_on),
        hosp_agre_refl_flag=said.agreed,
        opter_id=None,
        opter_name=None,
        opt_time=moment(one.listed.submitted_at),
    )
