"""What must hold besides the state before a step is taken with an agreement: pure checks, each with its words for the guide.

Four eyes are guards, so that no caller can forget them. A decision holds from its own day: not before the day on which it is taken,
unless it says why (decision A36: settlement asks on the service date).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.times import add_months, day_in_china
from gongji.policy import Law
from gongji.policy.calendar import Calendar
from gongji.providers import rules
from gongji.providers.dossier import CHANGES, Content, Decision, Dossier, Panelist

__all__ = ["WORDS", "Asked", "Guard", "panel_of"]

OWN_REQUEST: Final = "own_request"
CLASSES: Final = ("fee_class", "level")


class Asked(msgspec.Struct, frozen=True):
    """A step that somebody wants to take on a day, with what it says."""

    dossier: Dossier
    actor: Actor
    on: date
    law: Law
    calendar: Calendar
    content: Content

    @property
    def decision(self) -> Decision:
        """The decision of the step; a verb that proposes one always has it."""
        assert self.content.decision is not None
        return self.content.decision

    def count(self, key: str, on: date | None = None) -> int | Refusal:
        """A number of the law for this institution."""
        return rules.count(self.law, key, self.dossier.kind, self.dossier.region, on or self.on)


Guard = Callable[[Asked], Refusal | None]


def returned_once(asked: Asked) -> Refusal | None:
    """Everything that is missing is said once, within the working days of the law (一次性告知)."""
    if asked.dossier.steps_of("return"):
        return Refusal("RETURNED_BEFORE")
    last = rules.return_due(asked.law, asked.calendar, asked.dossier)
    if isinstance(last, Refusal):
        return last
    return Refusal("RETURN_TOO_LATE", f"最迟 {last}") if asked.on > last else None


def nothing_missing(asked: Asked) -> Refusal | None:
    lacking = rules.missing(asked.law, asked.dossier)
    if isinstance(lacking, Refusal):
        return lacking
    if not lacking:
        return None
    return Refusal("CONDITIONS_MISSING", rules.titles(lacking), lacking[0].clause, lacking[0].article)


def says_why(asked: Asked) -> Refusal | None:
    said = asked.content.note or (asked.content.decision.note if asked.content.decision else "")
    return None if said.strip() else Refusal("MISSING_FIELD", "须说明理由或经过")


def panel_fit(asked: Asked) -> Refusal | None:
    return rules.panel_refusal(asked.law, asked.dossier, asked.content.panel, asked.on)


def panel_of(dossier: Dossier) -> tuple[Panelist, ...]:
    """The panel that evaluates now: the latest one."""
    convened = dossier.steps_of("convene")
    return convened[-1].content.panel if convened else ()


def scored(asked: Asked) -> Refusal | None:
    """The mark is the one that the scores give."""
    mark = rules.mark_of(asked.law, asked.dossier, panel_of(asked.dossier), asked.content.scores, asked.on)
    if isinstance(mark, Refusal):
        return mark
    return None if mark == asked.content.mark_e2 else Refusal("AMOUNT_MISMATCH", "评估得分")


def _has_passed(asked: Asked) -> bool | Refusal:
    least = asked.count("provider.evaluation_pass_mark")
    if isinstance(least, Refusal):
        return least
    mark = asked.content.mark_e2
    return mark is not None and mark >= 100 * least and not asked.content.unmet


def passed(asked: Asked) -> Refusal | None:
    answer = _has_passed(asked)
    if isinstance(answer, Refusal):
        return answer
    return None if answer else Refusal("EVALUATION_NOT_PASSED")


def not_passed(asked: Asked) -> Refusal | None:
    answer = _has_passed(asked)
    if isinstance(answer, Refusal):
        return answer
    return Refusal("AGREEMENT_STATE", "评估已合格") if answer else None


def first_time(asked: Asked) -> Refusal | None:
    return Refusal("AGREEMENT_STATE", "再次评估不合格") if asked.dossier.steps_of("fail") else None


def second_time(asked: Asked) -> Refusal | None:
    return None if asked.dossier.steps_of("fail") else Refusal("AGREEMENT_STATE", "首次评估不合格")


def rectified(asked: Asked) -> Refusal | None:
    """Evaluated again after the months in which an institution puts right what was found (整改)."""
    months = asked.count("provider.reevaluation_months")
    if isinstance(months, Refusal):
        return months
    earliest = add_months(day_in_china(asked.dossier.last.at), months)
    return Refusal("REEVALUATION_TOO_EARLY", f"最早 {earliest}") if asked.on < earliest else None


def signed_by_both(asked: Asked) -> Refusal | None:
    one = asked.decision
    if not (one.signer.strip() and one.agency_signer.strip() and one.version.strip()):
        return Refusal("MISSING_FIELD", "须写明双方签署人和协议文本版本")
    if one.until_on is None or one.until_on < one.from_on:
        return Refusal("DATES_CONTRADICT", f"{one.from_on} 至 {one.until_on or '—'}")
    return None


def not_backdated(asked: Asked) -> Refusal | None:
    """A decision holds from the day on which it is taken at the earliest, unless it says why it reaches back."""
    one = asked.decision
    if one.from_on >= asked.on or one.retroactive.strip():
        return None
    return Refusal("DECISION_BACKDATED", f"{one.from_on}")


def second_person(asked: Asked) -> Refusal | None:
    """What was proposed is confirmed or rejected by somebody else (four eyes)."""
    same = str(asked.actor) == asked.dossier.last.actor
    return Refusal("SECOND_PERSON_REQUIRED", "复核人不能是提出人") if same else None


def still_ahead(asked: Asked) -> Refusal | None:
    """A decision whose day has passed while it waited is proposed anew, or says why it reaches back."""
    one = asked.dossier.pending
    assert one is not None
    if one.from_on >= asked.on or one.retroactive.strip():
        return None
    return Refusal("DECISION_BACKDATED", f"生效日期 {one.from_on} 已过，须重新提出")


def class_ahead(asked: Asked) -> Refusal | None:
    """Money hangs on class and level: their day has not passed while the change waited, or it says why."""
    one = asked.dossier.pending
    return still_ahead(asked) if one is not None and one.field in CLASSES else None


def _ground(asked: Asked, key: str) -> Refusal | None:
    grounds = rules.listed(asked.law, key, asked.dossier.kind, asked.dossier.region, asked.on)
    if isinstance(grounds, Refusal):
        return grounds
    if asked.decision.ground in {one.code for one in grounds}:
        return None
    known = "、".join(f"{one.code}（{one.title}）" for one in grounds)
    return Refusal("GROUND_UNKNOWN", f"可用 {known}", grounds[0].clause, grounds[0].article)


def _noticed(asked: Asked) -> Refusal | None:
    """At an institution's own request: asked months before; a public one may not ask (令第2号 第四十四条)."""
    one = asked.decision
    if one.ground != OWN_REQUEST:
        return None
    excluded = rules.listed(
        asked.law, "provider.ask_excluded", asked.dossier.kind, asked.dossier.region, asked.on
    )
    if isinstance(excluded, Refusal) and excluded.code not in rules.UNSTATED:
        return excluded
    application = asked.dossier.application
    if not isinstance(excluded, Refusal) and application is not None and application.profile.public:
        return Refusal("PUBLIC_MAY_NOT_ASK", "", excluded[0].clause, excluded[0].article)
    if one.requested_on is None:
        return Refusal("MISSING_FIELD", "机构提出申请的日期")
    months = asked.count("provider.notice_months")
    if isinstance(months, Refusal):
        return months
    earliest = add_months(one.requested_on, months)
    return Refusal("NOTICE_TOO_SHORT", f"最早 {earliest}") if one.from_on < earliest else None


def suspension_fit(asked: Asked) -> Refusal | None:
    """A ground of the law, an end within the longest time of the law and within the term, notice where it was asked for."""
    one = asked.decision
    if (refusal := _ground(asked, "provider.suspension_grounds") or _noticed(asked)) is not None:
        return refusal
    days = asked.count("provider.suspension_days")
    if isinstance(days, Refusal):
        return days
    if one.until_on is None or one.until_on < one.from_on:
        return Refusal("DATES_CONTRADICT", f"{one.from_on} 至 {one.until_on or '—'}")
    last = one.from_on + timedelta(days=days - 1)
    if one.until_on > last:
        return Refusal("SUSPENSION_TOO_LONG", f"最长 {days} 天，至 {last}")
    return _within_term(asked)


def _within_term(asked: Asked) -> Refusal | None:
    term = asked.dossier.term_until_on
    over = term is not None and asked.decision.from_on > term
    return Refusal("AGREEMENT_EXPIRED", f"协议 {term} 到期") if over else None


def term_left(asked: Asked) -> Refusal | None:
    """A suspended agreement goes on only while its term lasts (令第2号 第四十二条)."""
    return _within_term(asked)


def termination_fit(asked: Asked) -> Refusal | None:
    return _ground(asked, "provider.termination_grounds") or _noticed(asked)


def renewal_fit(asked: Asked) -> Refusal | None:
    """Follows the term without a gap; an institution that asks does so months before (or the agency organises it)."""
    one, term = asked.decision, asked.dossier.term_until_on
    if term is None:
        return Refusal("AGREEMENT_STATE", "协议没有到期日，不须续签")
    if one.from_on != term + timedelta(days=1):
        return Refusal("DATES_CONTRADICT", f"续签须自 {term + timedelta(days=1)} 起")
    if one.requested_on is None:
        return None
    months = asked.count("provider.renewal_months")
    if isinstance(months, Refusal):
        return months
    latest = add_months(term, -months)
    return Refusal("NOTICE_TOO_SHORT", f"最迟 {latest} 提出") if one.requested_on > latest else None


def term_over(asked: Asked) -> Refusal | None:
    term = asked.dossier.term_until_on
    if term is None or asked.on <= term:
        return Refusal("AGREEMENT_STATE", f"协议期限至 {term or '长期'}")
    return None


def reported_in_full(asked: Asked) -> Refusal | None:
    """A change names what changed, since when and on which paper; class and level are values that the law knows (A30)."""
    one = asked.decision
    if one.field not in CHANGES:
        return Refusal("UNKNOWN_CODE", f"{one.field}，可用 {'、'.join(CHANGES)}")
    if not one.document.strip():
        return Refusal("MISSING_FIELD", "批准或证明文件")
    if one.field in CLASSES:
        known = asked.law.library.vocabulary.attributes[one.field].values
        if one.value not in dict(known):
            return Refusal("UNKNOWN_CODE", f"{CHANGES[one.field]} {one.value}，可用 {'、'.join(dict(known))}")
        return not_backdated(asked)
    if one.from_on > asked.on:
        return Refusal("SERVICE_IN_FUTURE", f"变更日期 {one.from_on}")
    return None


WORDS: Final[dict[Guard, str]] = {
    returned_once: "只退回一次，在一次性告知期限内",
    nothing_missing: "条件和材料齐全",
    says_why: "说明理由或经过",
    panel_fit: "人数、单数、专业符合，成员无利害关系",
    scored: "每位成员逐项评分",
    passed: "达到合格分且条件全部符合",
    not_passed: "未达到合格分或有条件不符合",
    first_time: "首次",
    second_time: "再次",
    rectified: "满整改期限",
    signed_by_both: "双方签署，写明文本版本和起止日期",
    not_backdated: "不早于当日，追溯须说明理由",
    second_person: "提出人以外的人",
    still_ahead: "生效日期未过，追溯须说明理由",
    class_ahead: "类别和级别的生效日期未过，追溯须说明理由",
    suspension_fit: "法定情形，不超过最长期限，机构申请的须提前",
    term_left: "协议尚未到期",
    termination_fit: "法定情形，机构申请的须提前",
    renewal_fit: "紧接原期限，机构申请的须提前",
    term_over: "协议已过最后一天",
    reported_in_full: "写明事项、日期和文件；类别和级别不早于当日，追溯须说明理由",
}
