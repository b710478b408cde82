"""2001 人员待遇享受检查: which funds would pay for the member here, from when to when, and why not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from gongji.accounts.selectors import balances
from gongji.base.reasons import Refusal
from gongji.gateway.accesses import shown
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.facts import stated
from gongji.gateway.funds import CHRONIC, FAMILY_ACCOUNT, OWN_ACCOUNT, POOL
from gongji.gateway.messages import t11
from gongji.gateway.nodes import read_one
from gongji.members import eligibility as benefits_of
from gongji.members.eligibility import Answer, Eligibility, facts_of
from gongji.members.family import bindings_of_user
from gongji.members.family_rules import Binding
from gongji.members.lasting import lasting_eligibility
from gongji.members.rules import Spell, covers
from gongji.members.selectors import records
from gongji.members.values import Records, Standing
from gongji.providers.values import Provider
from gongji.settlement.uses import CHRONIC_MED_TYPES

FUND_CHECK = "01"
EMPLOYEE = "310"
DUAL_CHANNEL_MED_TYPE = "18"
"""特药购药."""
STRETCHES = 60
"""Most stretches of time that one answer lists."""
_DAY = timedelta(days=1)

FUND = {
    benefits_of.ORDINARY: POOL[0],
    benefits_of.DUAL_CHANNEL: POOL[0],
    benefits_of.CHRONIC: CHRONIC[0],
    benefits_of.AS_INPATIENT: CHRONIC[0],
    benefits_of.OWN_ACCOUNT: OWN_ACCOUNT[0],
    benefits_of.FAMILY_ACCOUNT: FAMILY_ACCOUNT[0],
}
_encode = msgspec.json.Encoder().encode


class _Question(msgspec.Struct, frozen=True):
    """What is asked of the law on any day: the message, what is recorded of the person, and who lends an account when."""

    call: Call
    asked: t11.BenefitQuery
    extra: Mapping[str, str]
    records: Records
    bindings: tuple[Binding, ...]


async def benefits(call: Call) -> Reply:
    """2001: the fund of the visit, own account and family accounts; for 门诊慢特病 each disease. One row a stretch of time."""
    asked = read_one(t11.BenefitQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    wrong = _wrong(call, asked)
    if wrong is not None:
        return wrong
    extra = stated(asked.med_type, asked.exp_content)
    if isinstance(extra, Refusal):
        return extra
    psn_no = asked.psn_no
    async with call.platform.pool.acquire() as connection:
        found = (await records(connection, [psn_no])).get(psn_no)
        if found is None:
            return Refusal("UNKNOWN_MEMBER")
        bindings = await bindings_of_user(connection, psn_no)
        question = _Question(call, asked, extra, found, bindings)
        owners = question_owners(question, asked.begntime.date())
        held = await balances(connection, [psn_no, *owners])
    await shown(call, psn_no, ("trtinfo",))
    own_fen = held[psn_no][0] if psn_no in held else 0
    family_fen = sum(held[owner][0] for owner in owners if owner in held)
    empty = {
        benefits_of.OWN_ACCOUNT: own_fen <= 0,
        benefits_of.FAMILY_ACCOUNT: bool(owners) and family_fen <= 0,
    }
    rows = tuple(_row(psn_no, answer, empty) for answer in _answers(question))
    return output(t11.BenefitOutput(rows))


def _wrong(call: Call, asked: t11.BenefitQuery) -> Refusal | None:
    if asked.fixmedins_code and asked.fixmedins_code != call.caller:
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    if asked.insutype != EMPLOYEE:
        return Refusal("NOT_EMPLOYEE_SCHEME", f"insutype 须为 {EMPLOYEE}")
    if asked.endtime is not None and asked.endtime < asked.begntime:
        return Refusal("BAD_FIELD", "data.endtime 早于 begntime")
    return None


def question_owners(question: _Question, on: date) -> tuple[str, ...]:
    """Owners of the accounts that the member may use on the day, in order."""
    return tuple(binding.owner for binding in question.bindings if covers(binding, on))


def _answers(question: _Question) -> Iterator[Answer]:
    """What is asked for, stretch by stretch, from the first day asked for to the last; each answer once."""
    asked = question.asked
    on = asked.begntime.date()
    last = asked.endtime.date() if asked.endtime else on
    seen: set[tuple[str, str, date]] = set()
    for _ in range(STRETCHES):
        wanted = _wanted(asked, _lasting(question, on))
        for answer in wanted:
            key = (answer.benefit, answer.key, answer.from_on)
            if key not in seen:
                seen.add(key)
                yield answer
        ends = [answer.until_on for answer in wanted if answer.until_on is not None]
        if not ends or min(ends) >= last:
            return
        on = min(ends) + _DAY


def _lasting(question: _Question, on: date) -> Eligibility:
    call, provider = question.call, question.call.provider
    law = call.platform.law

    def facts_on(standing: Standing, day: date) -> dict[str, str]:
        """A good voucher and, at a pharmacy, a valid prescription are taken for granted."""
        place = provider.on(day)
        return facts_of(
            standing,
            place.attributes,
            place.region,
            voucher=True,
            prescription="valid" if place.kind == "pharmacy" else "not_needed",
            extra=question.extra,
            on=day,
            law=law,
        )

    return lasting_eligibility(
        law,
        question.records,
        on,
        facts_on,
        changes=_changes(provider, question.bindings),
        disease=question.asked.dise_codg if _chronic(question.asked) else "",
        owners_on=lambda day: question_owners(question, day),
        allow_draft=call.platform.allow_draft,
    )


def _changes(provider: Provider, bindings: Sequence[Binding]) -> set[date]:
    """Days on which the institution or the family's accounts change."""
    days: set[date] = set()
    spells: tuple[Spell, ...] = (*provider.states, *bindings)
    for spell in spells:
        days.add(spell.from_on)
        if spell.until_on is not None:
            days.add(spell.until_on + _DAY)
    return days


def _chronic(asked: t11.BenefitQuery) -> bool:
    return asked.med_type in CHRONIC_MED_TYPES


def _wanted(asked: t11.BenefitQuery, found: Eligibility) -> list[Answer]:
    """Of everything the member has: the visit's own benefit and the accounts."""
    kinds = {benefits_of.ORDINARY, benefits_of.OWN_ACCOUNT, benefits_of.FAMILY_ACCOUNT}
    if asked.med_type == DUAL_CHANNEL_MED_TYPE:
        kinds ^= {benefits_of.ORDINARY, benefits_of.DUAL_CHANNEL}
    if _chronic(asked):
        kinds |= {benefits_of.CHRONIC, benefits_of.AS_INPATIENT}
    wanted = [
        answer
        for answer in found.answers
        if answer.benefit in kinds and (not answer.key or asked.dise_codg in ("", answer.key))
    ]
    if _chronic(asked) and not any(FUND[answer.benefit] == CHRONIC[0] for answer in wanted):
        nothing = Refusal("NOT_QUALIFIED_CHRONIC")
        on = found.on
        wanted.append(Answer(benefit=benefits_of.CHRONIC, refusal=nothing, from_on=on, until_on=on))
    return wanted


def _row(psn_no: str, answer: Answer, empty: Mapping[str, bool]) -> t11.BenefitRow:
    refusal = answer.refusal
    if refusal is None and empty.get(answer.benefit):
        refusal = Refusal("BALANCE_INSUFFICIENT", "账户没有余额")
    disease = {"DISE_CODG": answer.key, "DISE_NAME": answer.name} if answer.key else None
    return t11.BenefitRow(
        psn_no=psn_no,
        trt_chk_type=FUND_CHECK,
        fund_pay_type=FUND[answer.benefit],
        trt_enjymnt_flag="1" if refusal is None else "0",
        begndate=answer.from_on.isoformat(),
        enddate=answer.until_on.isoformat() if answer.until_on else None,
        trt_chk_rslt=refusal.text[:500] if refusal is not None else None,
        exp_content=_encode(disease).decode() if disease else None,
    )
