"""1101 人员信息获取, 1201 医药机构信息获取."""

from collections.abc import Iterator
from datetime import date

from gongji.accounts.selectors import balances
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.times import day_in_china
from gongji.gateway.accesses import IDENTITY, shown
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.messages import t11
from gongji.gateway.nodes import read_one
from gongji.gateway.persons import at_counter
from gongji.gateway.values import age, day, flag, yuan
from gongji.members.eligibility import Eligibility, eligibility, facts_of
from gongji.members.personal import cert_no
from gongji.members.rules import relation_on, standing_on
from gongji.members.selectors import records
from gongji.members.values import Person, Records, Standing
from gongji.providers.values import Provider

IDENTITY_CARD = "02"
INSURANCE_STATE = {"none": "0", "normal": "1", "paused": "2", "ended": "4"}
"""psn_insu_stas."""
NAMES_SHOWN = 100
"""Institutions one search answers at most."""


async def person(call: Call) -> Reply:
    """1101: who shows this voucher, how he is insured on the day, and what his account holds now."""
    asked = read_one(t11.PersonQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    by_certificate = not asked.mdtrt_cert_type and not asked.mdtrt_cert_no
    if not (asked.certno if by_certificate else asked.mdtrt_cert_type and asked.mdtrt_cert_no):
        return Refusal(
            "MISSING_FIELD", f"data.{'mdtrt_cert_no' if asked.mdtrt_cert_type else 'mdtrt_cert_type'}"
        )
    today = day_in_china(call.received_at)
    on = asked.begntime.date() if asked.begntime else today
    async with call.platform.pool.acquire() as connection:
        identity = await at_counter(
            connection,
            call.platform.vault,
            today,
            IDENTITY_CARD if by_certificate else asked.mdtrt_cert_type,
            asked.certno if by_certificate else asked.mdtrt_cert_no,
            asked.card_sn,
            certno=asked.certno,
            psn_name=asked.psn_name,
        )
        if isinstance(identity, Refusal):
            return identity
        psn_no = identity.person.psn_no
        found = (await records(connection, [psn_no]))[psn_no]
        held = await balances(connection, [psn_no])
    await shown(call, psn_no, (*IDENTITY, "insuinfo"))
    balance_fen = held[psn_no][0] if psn_no in held else 0
    standing = standing_on(found, on)
    entitled = _entitled(call, standing, on)
    insured = (_insured(standing, entitled, balance_fen),) if standing.insutype else ()
    return output(
        t11.PersonOutput(
            _base(identity.person, today, call.platform.vault),
            insured,
            tuple(_identities(found, entitled)),
        )
    )


def _entitled(call: Call, standing: Standing, on: date) -> Eligibility:
    """What holds for the member here on the day, as 2001 says it too."""
    place, platform = call.provider.on(on), call.platform
    facts = facts_of(
        standing,
        place.attributes,
        place.region,
        voucher=True,
        prescription="not_needed",
        extra={},
        on=on,
        law=platform.law,
    )
    return eligibility(platform.law, standing, on, facts, allow_draft=platform.allow_draft)


def _base(who: Person, today: date, vault: Vault) -> t11.BaseInfo:
    return t11.BaseInfo(
        psn_no=who.psn_no,
        psn_cert_type=who.cert_type,
        certno=cert_no(vault, who),
        psn_name=who.name,
        gend=who.gender,
        naty=who.ethnicity,
        brdy=day(who.born_on),
        age=age(who.born_on, today),
        exp_content=None,
    )


def _insured(standing: Standing, entitled: Eligibility, balance_fen: int) -> t11.InsuInfo:
    return t11.InsuInfo(
        balc=yuan(balance_fen),
        insutype=standing.insutype,
        psn_type=standing.psn_type,
        psn_insu_stas=INSURANCE_STATE[entitled.state],
        psn_insu_date=day(standing.insured_from),
        paus_insu_date=day(standing.paused_from),
        cvlserv_flag=flag(standing.civil_servant),
        insuplc_admdvs=standing.region.ljust(6, "0"),
        emp_name=standing.employer,
    )


def _identities(found: Records, entitled: Eligibility) -> Iterator[t11.IdetInfo]:
    """Special identities, which last as long as the relation that they come with."""
    spell = relation_on(found.relations, entitled.on)
    for identity in entitled.identities if spell is not None else ():
        yield t11.IdetInfo(
            psn_idet_type=identity.code,
            psn_type_lv=None,
            memo=identity.memo or None,
            begntime=f"{spell.from_on} 00:00:00" if spell else None,
            endtime=f"{spell.until_on} 23:59:59" if spell and spell.until_on else None,
        )


async def institution(call: Call) -> Reply:
    """1201: an institution by code, or those whose name contains the words; one of the two must be given."""
    asked = read_one(t11.InstitutionQuery, call.nodes, "medinsinfo")
    if isinstance(asked, Refusal):
        return asked
    if not asked.fixmedins_code and not asked.fixmedins_name:
        return Refusal("MISSING_FIELD", "medinsinfo.fixmedins_code、medinsinfo.fixmedins_name 至少填写一项")
    if asked.fixmedins_code:
        found = call.platform.provider(asked.fixmedins_code)
        providers = [found] if found is not None and found.fixmedins_type == asked.fixmedins_type else []
    else:
        providers = call.platform.providers.search(asked.fixmedins_name, asked.fixmedins_type)
    return output(
        t11.InstitutionOutput(tuple(_institution(provider) for provider in providers[:NAMES_SHOWN]))
    )


def _institution(provider: Provider) -> t11.InstitutionInfo:
    return t11.InstitutionInfo(
        fixmedins_code=provider.code,
        fixmedins_name=provider.name,
        uscc=provider.uscc or None,
        fixmedins_type=provider.fixmedins_type,
        hosp_lv=provider.hosp_lv or None,
        exp_content=None,
    )
