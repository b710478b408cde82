"""What is decided about a manual claim before anybody works on it: is it whole, does the pool pay its visits, which
documents are missing, what the first review takes out. Pure; the law answers, nothing here knows a figure of it.

Source: 庆阳 第二十二条、第二十三条, 晋医保办发〔2022〕27号 第二十三、二十四、二十六条, decisions A22, A26, A33.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.codes import is_known
from gongji.base.money import format_yuan
from gongji.base.reasons import REASONS, Refusal
from gongji.base.regions import normalise_region
from gongji.claims.case import Case
from gongji.claims.values import Application, ClaimVisit, Verdict, encoded, normal_text
from gongji.encounters.rules import refuse_lines
from gongji.encounters.values import FeeLine
from gongji.members.eligibility import ORDINARY, eligibility, facts_of
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.policy.calendar import Calendar
from gongji.providers.values import ProviderDay

__all__ = [
    "UNANSWERED",
    "accepted_lines",
    "deadline",
    "document_titles",
    "documents",
    "missing_documents",
    "payable_visits",
    "refuse_application",
    "refuse_by_law",
    "refuse_verdicts",
    "required_documents",
    "stated_facts",
]

"""What an agent brings (民法典 第一百六十五条: 授权委托书)."""
CHECKLISTS: Final = (
    "claim.documents",
    "claim.emergency_documents",
    "claim.failure_documents",
    "claim.agent_documents",
)
"""Parameters of the law that list documents."""
EXCLUDED: Final = ("none", "WORK_INJURY", "THIRD_PARTY", "PUBLIC_HEALTH", "ABROAD")
KINDS: Final = ("hospital", "clinic", "pharmacy", "internet")
LEVELS: Final = ("", "0", "1", "2", "3")
VOUCHERS: Final = frozenset({"01", "03"})
"""mdtrt_cert_type of 医保电子凭证 and 社会保障卡 (晋医保办发〔2022〕27号 第二十六条)."""
UNANSWERED: Final = frozenset({"ATTRIBUTE_MISSING", "ATTRIBUTE_UNKNOWN", "REGION_UNKNOWN"})
"""The law cannot say whether it pays: something is missing from the application, not from the law."""
OF_THE_LAW: Final = "法规参数"
"""Group of reasons that lie with the library of law."""
TAKEN_OUT: Final = "审核剔除"


def refuse_application(application: Application, today: date) -> Refusal | None:
    """Why this application cannot be taken in at all: fields that contradict each other or cannot be true."""
    if not application.visits:
        return Refusal("NO_FEE_LINES")
    if application.received_on > today:
        return Refusal("BAD_FIELD", f"受理日期 {application.received_on} 晚于今天")
    if isinstance(text := encoded(application), Refusal):
        return text
    refusal = _refuse_place(application)
    if refusal is not None:
        return refusal
    for visit in application.visits:
        if (refusal := _refuse_visit(visit, application.received_on)) is not None:
            return refusal
    refusal = refuse_lines([(str(visit.visit_no), visit.lines) for visit in application.visits])
    if refusal is not None:
        return refusal
    if len({visit.visit_no for visit in application.visits}) < len(application.visits):
        return Refusal("BAD_FIELD", "就诊序号重复")
    summed = sum(visit.total_fen for visit in application.visits)
    if summed != application.total_fen:
        stated = format_yuan(application.total_fen)
        return Refusal("TOTAL_MISMATCH", f"申请 {stated}，明细 {format_yuan(summed)}")
    return None


def _refuse_place(application: Application) -> Refusal | None:
    place = application.place
    if not place.key:
        return Refusal("MISSING_FIELD", "就诊机构的编号或名称")
    if place.code and place.code != place.key:
        return Refusal("BAD_FIELD", f"就诊机构的编号应写作 {place.key}")
    if place.kind not in KINDS or place.level not in LEVELS:
        return Refusal("BAD_FIELD", "就诊机构的类型或等级")
    if not place.region and (place.code or all(visit.excluded == "ABROAD" for visit in application.visits)):
        return None
    try:
        normalise_region(place.region)
    except ValueError as error:
        return Refusal("BAD_FIELD", f"就诊机构的医保区划：{error}")
    return None


def _refuse_visit(visit: ClaimVisit, received_on: date) -> Refusal | None:
    if not normal_text(visit.invoice_no):
        return Refusal("MISSING_FIELD", f"第 {visit.visit_no} 次就诊的收费票据号码")
    if visit.service_on > received_on:
        return Refusal("SERVICE_IN_FUTURE", f"第 {visit.visit_no} 次就诊 {visit.service_on}")
    if not visit.lines:
        return Refusal("NO_FEE_LINES", f"第 {visit.visit_no} 次就诊")
    if not is_known("med_type", visit.med_type):
        return Refusal("UNKNOWN_CODE", f"第 {visit.visit_no} 次就诊的医疗类别 {visit.med_type}")
    if visit.voucher_type and not is_known("mdtrt_cert_type", visit.voucher_type):
        return Refusal("UNKNOWN_CODE", f"第 {visit.visit_no} 次就诊的凭证类型 {visit.voucher_type}")
    if visit.excluded not in EXCLUDED:
        return Refusal("BAD_FIELD", f"第 {visit.visit_no} 次就诊的不予支付情形 {visit.excluded}")
    return None


def stated_facts(visit: ClaimVisit, place: ProviderDay, *, system_failure: bool) -> dict[str, str]:
    """What the documents of the claim show, as attributes of the law. Direct settlement that failed was not to be had."""
    facts = {"manual": "yes", "emergency": "yes" if visit.emergency else "no", "excluded": visit.excluded}
    if place.kind == "pharmacy":
        facts["prescription"] = "valid" if visit.prescription else "none"
    if system_failure:
        facts["direct_settlement"] = "no"
    return facts


def refuse_by_law(
    law: Law, standing: Standing, place: ProviderDay, visit: ClaimVisit, stated: Mapping[str, str]
) -> Refusal | None:
    """Why the pool does not pay the visit, with the article of the day of service; None when it may.

    The members' own decision (``members.eligibility``), so that a claim is refused exactly when a settlement would be. What only
    the calculation needs (a rate that no document fixes, a draft) is no reason to refuse a member; the settlement says it.
    """
    on = visit.service_on
    facts = facts_of(
        standing,
        place.attributes,
        place.region,
        voucher=visit.voucher_type in VOUCHERS,
        prescription="not_needed",
        extra=stated,
        on=on,
        law=law,
    )
    answer = eligibility(law, standing, on, facts, allow_draft=True).answer(ORDINARY)
    assert answer is not None
    refusal = answer.refusal
    if refusal is None or refusal.code in UNANSWERED or refusal.reason.group != OF_THE_LAW:
        return refusal
    return None


def deadline(law: Law, calendar: Calendar, region: str, received_on: date) -> date | Refusal:
    """The last day of the term by the law of the day of receipt and the working days of the calendar (decision A24)."""
    value = law.value("claim.working_days", region, received_on)
    if isinstance(value, Refusal):
        return value
    assert isinstance(value.raw, int)
    return calendar.add_working_days(received_on, value.raw)


def required_documents(
    law: Law, region: str, application: Application, designated: Mapping[int, bool]
) -> tuple[str, ...] | Refusal:
    """What the law asks for on the day of receipt. ``designated``: was the place 医保定点 at each visit, by its number."""
    keys = ["claim.documents"]
    if any(visit.emergency and not designated[visit.visit_no] for visit in application.visits):
        keys.append("claim.emergency_documents")
    if application.system_failure:
        keys.append("claim.failure_documents")
    if application.by_agent:
        keys.append("claim.agent_documents")
    wanted: list[str] = []
    for key in keys:
        value = law.value(key, region, application.received_on)
        if isinstance(value, Refusal):
            return value
        assert isinstance(value.raw, tuple)
        wanted += [str(code) for code in value.raw]
    return tuple(wanted)


def missing_documents(required: Iterable[str], handed_in: Iterable[str]) -> tuple[str, ...]:
    """Those of ``required`` that were not handed in, in their order, once each."""
    known = frozenset(handed_in)
    return tuple(dict.fromkeys(code for code in required if code not in known))


def documents(law: Law) -> dict[str, str]:
    """Every document that a checklist may ask for, code → Chinese name."""
    parameters = law.library.vocabulary.parameters
    return {code: name for key in CHECKLISTS for code, name in dict(parameters[key].choices).items()}


def document_titles(law: Law, codes: Iterable[str]) -> tuple[str, ...]:
    """Documents by their Chinese names."""
    names = documents(law)
    return tuple(names.get(code, code) for code in codes)


def refuse_verdicts(application: Application, verdicts: Sequence[Verdict]) -> Refusal | None:
    """Why these verdicts cannot stand: a line that is not there or judged twice, an amount beyond it, a reason without code."""
    amounts = {line.key: line.amount_fen for visit in application.visits for line in visit.lines}
    twice = [key for key, count in Counter(verdict.key for verdict in verdicts).items() if count > 1]
    if twice:
        return Refusal("FEE_DUPLICATE", f"费用明细 {twice[0]} 有两个审核结论")
    for verdict in verdicts:
        if verdict.key not in amounts:
            return Refusal("BAD_FIELD", f"没有费用明细 {verdict.key}")
        if not 0 < verdict.out_fen <= amounts[verdict.key]:
            limit = format_yuan(amounts[verdict.key])
            return Refusal(
                "AMOUNT_OUT_OF_RANGE",
                f"费用明细 {verdict.key} 剔除 {format_yuan(verdict.out_fen)}，金额 {limit}",
            )
        if verdict.reason not in REASONS:
            return Refusal("UNKNOWN_CODE", f"剔除原因 {verdict.reason}")
    return None


def accepted_lines(visit: ClaimVisit, verdicts: Iterable[Verdict]) -> tuple[FeeLine, ...]:
    """The lines that are settled.

    What a review takes out of a line (QY.art23.7, 其他有关规定不予支付的项目费用) follows it as a line of its own, outside the
    catalogue and so borne by the member: the sum of the invoice stays whole, and the statement says why.
    """
    by_key = {verdict.key: verdict for verdict in verdicts}
    lines: list[FeeLine] = []
    for line in visit.lines:
        verdict = by_key.get(line.key)
        if verdict is None:
            lines.append(line)
            continue
        kept_fen = line.amount_fen - verdict.out_fen
        if kept_fen:
            lines.append(msgspec.structs.replace(line, amount_fen=kept_fen))
        lines.append(_taken_out(line, verdict))
    return tuple(lines)


def _taken_out(line: FeeLine, verdict: Verdict) -> FeeLine:
    why = verdict.note or REASONS[verdict.reason].text
    return FeeLine(
        key=f"{line.key}-out",
        item="",
        local_item=f"{line.local_item or line.item}（{TAKEN_OUT}：{why}）",
        amount_fen=verdict.out_fen,
        price_micro=verdict.out_fen * 10_000,
        quantity_e4=10_000,
        occurred_at=line.occurred_at,
    )


def payable_visits(case: Case) -> tuple[ClaimVisit, ...]:
    """The visits that go to the engine, in the order of their days: all that no review has refused."""
    refused = case.refused_visits
    visits = sorted(case.application.visits, key=lambda visit: (visit.service_on, visit.visit_no))
    return tuple(visit for visit in visits if visit.visit_no not in refused)
