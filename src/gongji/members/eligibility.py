"""Whether a member is entitled on a day, benefit by benefit, or why not: the one answer that 1101, 2001 and manual claims share.

Pure. ``facts_of`` gives person and place as the law's attributes, to settlements too; ``eligibility`` asks the law with them, in
the order in which a settlement does, so that it refuses exactly what a settlement would. Where the law only says 未参保, the
reason says what became of the insurance. Source: 晋医保办发〔2022〕27号 第二条、第二十四至二十六条; 庆阳市实施细则
第四条、第十二条、第二十条、第二十三条; decisions A22, A23, A26, A27, A35. How long an answer holds: ``members.lasting``.

Clauses: SX2021-103.s2.1.c, SX2021-103.s2.2.h, SX2022-27.art2.b.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.members.abroad import arrears_forgiven, offsite_on, place_as_seen
from gongji.members.rules import age_on
from gongji.members.special_benefits import (
    AS_INPATIENT,
    DUAL_CHANNEL,
    chronic_refusal,
    dual_channel_refusal,
    inpatient_refusal,
    is_inpatient_like,
    unusable,
)
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.providers.rules import said_exactly

__all__ = [
    "AS_INPATIENT",
    "CHRONIC",
    "DUAL_CHANNEL",
    "FAMILY_ACCOUNT",
    "ORDINARY",
    "OWN_ACCOUNT",
    "Answer",
    "Eligibility",
    "SpecialIdentity",
    "eligibility",
    "facts_of",
    "said_of_person",
]

ORDINARY: Final = "ordinary"
CHRONIC: Final = "chronic"
OWN_ACCOUNT: Final = "own_account"
FAMILY_ACCOUNT: Final = "family_account"

EMPLOYEE: Final = "310"
"""insutype of 职工基本医疗保险."""
UNDECIDABLE: Final = frozenset(
    {"ATTRIBUTE_MISSING", "ATTRIBUTE_UNKNOWN", "REGION_UNKNOWN", "BENEFIT_UNKNOWN"}
)
"""Answers of the refusal rules that refuse nothing: the question cannot be answered with these facts."""

CACHED_GROUNDS: Final = 8192

IDENTITY_BY_TYPE: Final = {"33": "2104", "34": "6003", "1302": "2103"}
"""psn_idet_type of the kinds of person (psn_type) that the national list of identities knows too."""
OTHER_IDENTITY: Final = "60"
IDENTITY_BY_CATEGORY: Final = {
    "bankrupt_retiree": "关闭破产企业退休人员",
    "hardship_retiree": "困难企业退休人员",
}
"""Identities that the list leaves to the area (60 地方扩展其他特殊待遇人员), told apart by their remark."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit: ``refusal`` None means entitled. ``key`` is the disease or treatment that it is for (empty otherwise).

    The answer holds from ``from_on`` to ``until_on`` (last day, None: no end in sight); both are the day asked for until
    ``members.lasting`` has looked further.
    """

    benefit: str
    key: str = ""
    name: str = ""
    refusal: Refusal | None
    from_on: date
    until_on: date | None


class SpecialIdentity(msgspec.Struct, frozen=True):
    """A national code of psn_idet_type and what it is called here."""

    code: str
    memo: str


class Eligibility(msgspec.Struct, frozen=True):
    """What a member is entitled to on the day ``on``, in the order ordinary, chronic diseases, treatments, dual channel, accounts.

    ``state`` of the insurance: ``none`` never insured, ``normal``, ``paused``, ``ended``.
    """

    on: date
    state: str
    identities: tuple[SpecialIdentity, ...]
    answers: tuple[Answer, ...]

    def answer(self, benefit: str, key: str = "") -> Answer | None:
        """The answer for one benefit; with ``key`` for that disease or treatment."""
        return next((a for a in self.answers if a.benefit == benefit and key in ("", a.key)), None)


class _Ground(msgspec.Struct, frozen=True):
    """What the law says of a day's facts. ``refusal``: why the pool pays nothing. ``unsettled``: why nothing at all is settled,
    not even from accounts (A35). ``dual_channel``: why 谈判药品 pay nothing of their own."""

    attributes: Mapping[str, str]
    refusal: Refusal | None
    unsettled: Refusal | None
    dual_channel: Refusal | None


def facts_of(
    standing: Standing,
    place_attributes: Mapping[str, str],
    place_region: str,
    *,
    voucher: bool,
    prescription: str,
    extra: Mapping[str, str],
    on: date,
    law: Law,
) -> dict[str, str]:
    """Person and place as attributes of the law; ``extra``, what the message itself states, comes last.

    Only the employee scheme counts as insured. The age (周岁 on the day) is a fact only where the region's law asks for it.
    Distance, late payment and an unknown level are as the insured region's law sees them (``members.abroad``).
    """
    known = bool(standing.region)
    manual = extra.get("manual") == "yes"
    emergency = manual and extra.get("emergency") == "yes"
    facts = {
        **(
            place_as_seen(law, standing, place_attributes, place_region, on, emergency=emergency)
            if known
            else place_attributes
        ),
        "insured": _word(standing.insured and standing.insutype == EMPLOYEE),
        "has_account": _word(standing.has_account),
        "arrears": _word(standing.arrears and not (manual and arrears_forgiven(law, standing, on))),
        "waiting": _word(standing.waiting),
        "voucher": _word(voucher),
        "prescription": prescription,
        "offsite": offsite_on(law, standing, place_region, on) if known else "none",
        "excluded": "none",
        "emergency": "no",
        "manual": "no",
        **extra,
    }
    if not manual and facts.get("designated") == "no":
        facts["emergency"] = "no"  # paid by a manual claim only (A26): here nobody has seen the evidence
    if standing.status is not None:
        facts["status"] = standing.status
    if known and "age" in law.numbers(standing.region):
        facts.setdefault("age", str(age_on(standing.person.born_on, on)))
    return facts


def eligibility(
    law: Law,
    standing: Standing,
    on: date,
    facts: Mapping[str, str],
    *,
    disease: str = "",
    owners: Sequence[str] = (),
    allow_draft: bool = False,
) -> Eligibility:
    """What the member is entitled to on ``on`` with ``facts`` (``facts_of``).

    ``disease`` is asked for whether the member has an entitlement for it or not; ``owners`` are those whose accounts the member
    may use that day. ``allow_draft``: 征求意见稿 may be applied.
    """
    ground = _of_facts(law, standing.region, on, allow_draft, tuple(facts.items()))
    pool = said_of_person(standing, on, ground.refusal) if ground.refusal is not None else None

    def answer(benefit: str, refusal: Refusal | None, key: str = "", name: str = "") -> Answer:
        return Answer(benefit=benefit, key=key, name=name, refusal=refusal, from_on=on, until_on=on)

    answers = [answer(ORDINARY, pool)]
    if disease and disease not in standing.chronic:
        answers.append(answer(CHRONIC, Refusal("NOT_QUALIFIED_CHRONIC", disease), disease))
    region, attributes = standing.region, ground.attributes
    for code, entitlement in standing.chronic.items():
        if region and is_inpatient_like(law, region, on, attributes, entitlement):
            refusal = pool or inpatient_refusal(law, region, on, attributes, allow_draft=allow_draft)
            answers.append(answer(AS_INPATIENT, refusal, code, entitlement.disease_name))
        else:
            refusal = pool or chronic_refusal(law, region, on, attributes, entitlement)
            answers.append(answer(CHRONIC, refusal, code, entitlement.disease_name))
    answers.append(answer(DUAL_CHANNEL, pool or ground.dual_channel))
    own = _accounts(standing, on, ground.unsettled)
    answers.append(answer(OWN_ACCOUNT, own))
    answers.append(answer(FAMILY_ACCOUNT, own or (None if owners else Refusal("FAMILY_NOT_BOUND"))))
    return Eligibility(on, _state(standing, on), _identities(standing), tuple(answers))


@lru_cache(maxsize=CACHED_GROUNDS)
def _of_facts(
    law: Law, region: str, on: date, allow_draft: bool, facts: tuple[tuple[str, str], ...]
) -> _Ground:
    """What the law says before the person is looked at, in the order of a settlement (``settlement.basis``).

    Remembered: thousands of members of a day share a few dozen kinds of facts.
    """
    if not region:
        nobody = Refusal("NOT_INSURED")
        return _Ground(dict(facts), nobody, nobody, nobody)
    attributes = law.derive(region, on, dict(facts))
    refused = said_exactly(law.pool_refusal(region, on, attributes), attributes)
    if refused is not None and refused.code in UNDECIDABLE:
        return _Ground(attributes, refused, refused, refused)
    row = law.row(region, on, attributes) if refused is None else law.refused_row(region, on)
    unsettled = unusable(row, region, allow_draft=allow_draft, drafted=_from_draft(law, refused))
    if unsettled is not None:
        return _Ground(attributes, unsettled, unsettled, unsettled)
    if refused is None:
        dual = dual_channel_refusal(law, region, on, attributes, allow_draft=allow_draft)
        return _Ground(attributes, None, None, dual)
    switch = law.value("account.when_pool_refuses", region, on, attributes)
    forbidden = not isinstance(switch, Refusal) and not switch.raw
    closed = Refusal("ACCOUNT_USE_FORBIDDEN", "", refused.clause, refused.article) if forbidden else None
    return _Ground(attributes, refused, closed, refused)


def _from_draft(law: Law, refused: Refusal | None) -> bool:
    clause = refused.clause if refused is not None else None
    return clause is not None and law.provision(clause).status == "draft"


def said_of_person(standing: Standing, on: date, refused: Refusal) -> Refusal:
    """未参保 said more exactly, with the article of the law."""
    if refused.code != "NOT_INSURED":
        return refused
    died_on = standing.person.died_on
    if died_on is not None and on > died_on:
        code, detail = "MEMBER_DECEASED", ""
    elif standing.insured:
        code, detail = "NOT_EMPLOYEE_SCHEME", standing.insutype
    elif standing.paused_from is not None:
        code, detail = "INSURANCE_PAUSED", f"自 {standing.paused_from} 起"
    else:
        return refused
    return Refusal(code, detail, refused.clause, refused.article)


def _accounts(standing: Standing, on: date, unsettled: Refusal | None) -> Refusal | None:
    """Why no account may pay, whatever it holds: the member is dead, or nothing is settled (A35)."""
    died_on = standing.person.died_on
    if died_on is not None and on > died_on:
        return Refusal("MEMBER_DECEASED")
    return unsettled


def _state(standing: Standing, on: date) -> str:
    if standing.insured:
        return "normal"
    if standing.person.died_on is not None and on > standing.person.died_on:
        return "ended"
    if standing.ended:
        return "ended"
    return "paused" if standing.paused_from is not None else "none"


def _identities(standing: Standing) -> tuple[SpecialIdentity, ...]:
    """What the platform knows of special identities (身份类别); of 医疗救助、优抚 and the like it keeps nothing."""
    if not standing.insured:
        return ()
    found = []
    if standing.psn_type in IDENTITY_BY_TYPE:
        found.append(SpecialIdentity(IDENTITY_BY_TYPE[standing.psn_type], ""))
    if standing.category in IDENTITY_BY_CATEGORY:
        found.append(SpecialIdentity(OTHER_IDENTITY, IDENTITY_BY_CATEGORY[standing.category]))
    return tuple(found)


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
