"""Whether a member is entitled on a day, benefit by benefit, and that a settlement decides the same."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.members.eligibility import (
    AS_INPATIENT,
    CHRONIC,
    DUAL_CHANNEL,
    FAMILY_ACCOUNT,
    ORDINARY,
    OWN_ACCOUNT,
    Eligibility,
    eligibility,
    facts_of,
)
from gongji.members.quota import quota_of
from gongji.members.rules import standing_on
from gongji.members.values import (
    ChronicEntitlement,
    FilingSpell,
    LateMonth,
    NonbenefitSpell,
    Person,
    Records,
    RelationSpell,
    Standing,
)
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from gongji.settlement.benefits import dual_channel_apart
from gongji.settlement.rules import VisitInput, basis

DAY = date(2024, 8, 15)
PERSON = Person("P1", "张三", "01", b"sealed", "1", "01", date(1980, 2, 29))
SHANXI, QINGYANG = "140830", "621002"
HOSPITAL = {
    "kind": "hospital",
    "fee_class": "3",
    "level": "2",
    "designated": "yes",
    "pooled_agreement": "yes",
    "direct_settlement": "yes",
}
PHARMACY = {**HOSPITAL, "kind": "pharmacy"}
REFINED = {"MEMBER_DECEASED", "INSURANCE_PAUSED", "NOT_EMPLOYEE_SCHEME"}
"""How 未参保 is said more exactly."""


@pytest.fixture(scope="session")
def law() -> Law:
    return compile_law(load_library(overlay=DEMO_OVERLAY))


@pytest.fixture(scope="session")
def plain() -> Law:
    """The law without made-up values."""
    return compile_law(load_library())


def relation(until_on: date | None = None, **fields: Any) -> RelationSpell:
    given: dict[str, Any] = {
        "from_on": date(2020, 1, 1),
        "until_on": until_on,
        "insutype": "310",
        "status": "active",
        "category": "employee",
        "psn_type": "11",
        "region": SHANXI,
        "employer": "甲公司",
        "payer": "employer",
        "civil_servant": False,
        "has_account": True,
    }
    return RelationSpell(**{**given, **fields})


def standing(*relations: RelationSpell, on: date = DAY, person: Person = PERSON, **parts: Any) -> Standing:
    spells = {
        name: tuple(parts.get(name, ())) for name in ("nonbenefits", "filings", "chronic", "late_months")
    }
    return standing_on(Records(person, relations or (relation(),), **spells), on)


def asked(
    law: Law,
    who: Standing,
    place: Mapping[str, str] = HOSPITAL,
    *,
    at: str = SHANXI,
    on: date = DAY,
    voucher: bool = True,
    prescription: str = "not_needed",
    extra: Mapping[str, str] = {},
    **options: Any,
) -> Eligibility:
    facts = facts_of(who, place, at, voucher=voucher, prescription=prescription, extra=extra, on=on, law=law)
    return eligibility(law, who, on, facts, **{"allow_draft": True, **options})


def code(answered: Eligibility, benefit: str = ORDINARY, key: str = "") -> str:
    answer = answered.answer(benefit, key)
    assert answer is not None
    return answer.refusal.code if answer.refusal is not None else ""


# ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("SX2022-27.art2.a", "SX2021-103.s2.1.c")
@pytest.mark.parametrize("status", ["active", "retired"])
def test_an_insured_member_with_an_account_is_entitled_whether_working_or_retired(
    law: Law, status: str
) -> None:
    answered = asked(law, standing(relation(status=status)))
    assert (answered.state, code(answered)) == ("normal", "")


@pytest.mark.clause("SX2022-27.art2.a")
def test_a_flexible_worker_without_account_is_refused_in_shanxi_with_the_article(law: Law) -> None:
    who = standing(relation(category="flexible", has_account=False))
    refusal = asked(law, who).answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("NO_PERSONAL_ACCOUNT", "SX2022-27.art2.a")
    assert "第二条" in refusal.text


@pytest.mark.clause("QY.art4")
def test_a_member_without_account_is_entitled_in_qingyang(law: Law) -> None:
    who = standing(relation(category="flexible", has_account=False, region=QINGYANG))
    assert code(asked(law, who, at=QINGYANG)) == ""


@pytest.mark.clause("SX2022-27.art2.a")
def test_another_scheme_is_not_the_employees(law: Law) -> None:
    refusal = asked(law, standing(relation(insutype="390"))).answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.detail, refusal.clause) == (
        "NOT_EMPLOYEE_SCHEME",
        "390",
        "SX2022-27.art2.a",
    )


def test_an_ended_relation_says_since_when_it_is_paused(law: Law) -> None:
    answered = asked(law, standing(relation(date(2024, 6, 30))))
    refusal = answered.answers[0].refusal
    assert refusal is not None
    assert answered.state == "paused"
    assert (refusal.code, refusal.detail) == ("INSURANCE_PAUSED", "自 2024-07-01 起")


def test_the_day_of_death_is_the_last_one_of_any_benefit(law: Law) -> None:
    person = msgspec.structs.replace(PERSON, died_on=DAY)
    who = standing(person=person)
    assert code(asked(law, who)) == ""
    after = date(2024, 8, 16)
    answered = asked(law, standing(person=person, on=after), on=after)
    assert answered.state == "ended"
    assert [code(answered, benefit) for benefit in (ORDINARY, OWN_ACCOUNT, FAMILY_ACCOUNT)] == [
        "MEMBER_DECEASED"
    ] * 3


def test_somebody_who_was_never_insured_is_not_insured_for_anything(law: Law) -> None:
    who = standing_on(Records(PERSON, (), (), (), ()), DAY)
    answered = asked(law, who)
    assert answered.state == "none"
    assert [a.refusal.code for a in answered.answers if a.refusal] == ["NOT_INSURED"] * len(answered.answers)


@pytest.mark.clause("SX2022-27.art26.5a")
def test_arrears_refuse_the_pool_and_leave_the_account(law: Law) -> None:
    month = LateMonth(date(2024, 8, 1), date(2024, 8, 10), None)
    answered = asked(law, standing(late_months=[month]))
    refusal = answered.answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("ARREARS", "SX2022-27.art26.5a")
    assert code(answered, OWN_ACCOUNT) == ""


@pytest.mark.clause("SX2022-27.art26.5b")
def test_a_waiting_period_refuses_until_its_last_day(law: Law) -> None:
    spell = NonbenefitSpell("waiting", date(2024, 4, 1), date(2024, 9, 30))
    for on, expected in ((date(2024, 9, 30), "WAITING_PERIOD"), (date(2024, 10, 1), "")):
        answered = asked(law, standing(nonbenefits=[spell], on=on), on=on)
        assert code(answered) == expected
        assert code(answered, OWN_ACCOUNT) == ""


# ── where ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("SX2022-27.art26.0", "SX2022-27.art26.1a", "SX2022-27.art26.1b", "SX2022-27.art26.2")
@pytest.mark.parametrize(
    ("place", "fields", "reason", "clause"),
    [
        ({**HOSPITAL, "designated": "no"}, {}, "NOT_DESIGNATED", "SX2022-27.art26.1a"),
        ({**HOSPITAL, "pooled_agreement": "no"}, {}, "NOT_POOLED_PROVIDER", "SX2022-27.art26.1a"),
        (HOSPITAL, {"voucher": False}, "NO_VALID_VOUCHER", "SX2022-27.art26.1b"),
        (PHARMACY, {"prescription": "none"}, "NO_PRESCRIPTION", "SX2022-27.art26.2"),
        (PHARMACY, {"prescription": "expired"}, "RX_EXPIRED", "SX2022-27.art11"),
    ],
)
def test_each_refusal_of_the_place_has_its_own_reason_and_leaves_the_account(
    law: Law, place: Mapping[str, str], fields: dict[str, Any], reason: str, clause: str
) -> None:
    answered = asked(law, standing(), place, **fields)
    refusal = answered.answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.clause) == (reason, clause)
    assert code(answered, OWN_ACCOUNT) == ""


def filing(kind: str, region: str) -> dict[str, Any]:
    return {"filings": [FilingSpell(kind, region, date(2024, 1, 1), None)]}


@pytest.mark.clause("SX2022-27.art24.a", "SX2022-27.art24.b")
def test_a_long_term_filing_in_the_province_opens_every_place_with_an_agreement_there(law: Law) -> None:
    who = standing(**filing("LONG_TERM_IN_PROVINCE", "1401"))
    assert code(asked(law, who, at="140105")) == ""
    closed = asked(law, who, {**HOSPITAL, "pooled_agreement": "no"}, at="140105")
    assert code(closed) == "OFFSITE_NOT_OPEN"
    assert code(asked(law, who, at="140200")) == "OFFSITE_TEMPORARY"


@pytest.mark.clause("SX2022-27.art24.c")
def test_a_long_term_filing_outside_the_province_opens_every_designated_place_there(law: Law) -> None:
    who = standing(**filing("LONG_TERM_OUT_OF_PROVINCE", "1101"))
    assert code(asked(law, who, {**HOSPITAL, "pooled_agreement": "no"}, at="110101")) == ""


@pytest.mark.clause("SX2022-27.art26.3")
def test_a_filed_member_at_a_place_that_is_not_designated_is_refused(law: Law) -> None:
    who = standing(**filing("LONG_TERM_OUT_OF_PROVINCE", "1101"))
    refusal = asked(law, who, {**HOSPITAL, "designated": "no"}, at="110101").answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("NOT_DESIGNATED", "SX2022-27.art26.3")


@pytest.mark.clause("SX2022-27.art26.4")
@pytest.mark.parametrize("parts", [{}, filing("TEMPORARY", "1101")], ids=["unfiled", "referred"])
def test_a_temporary_stay_elsewhere_is_refused_in_shanxi(law: Law, parts: dict[str, Any]) -> None:
    refusal = asked(law, standing(**parts), at="110101").answers[0].refusal
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("OFFSITE_TEMPORARY", "SX2022-27.art26.4")


@pytest.mark.clause("QY.art17")
def test_outside_the_city_qingyangs_members_are_entitled_as_at_home(law: Law) -> None:
    who = standing(relation(region=QINGYANG))
    assert [code(asked(law, who, at=region)) for region in (QINGYANG, "620102", "110101")] == ["", "", ""]


@pytest.mark.clause("QY.art12.a")
def test_a_clinic_is_excluded_in_qingyang(law: Law) -> None:
    who = standing(relation(region=QINGYANG))
    answered = asked(law, who, {**HOSPITAL, "kind": "clinic"}, at=QINGYANG)
    assert code(answered) == "CLINIC_EXCLUDED"
    assert code(answered, OWN_ACCOUNT) == ""


@pytest.mark.clause("SX2022-27.art5.a", "SX2021-103.s2.2.h", "QY.art12.d")
@pytest.mark.parametrize("region", [SHANXI, QINGYANG])
def test_internet_visits_are_refused_until_the_area_opens_them(law: Law, region: str) -> None:
    who = standing(relation(region=region))
    answered = asked(law, who, at=region, extra={"internet": "yes"})
    assert code(answered) == "INTERNET_NOT_OPEN"
    assert code(asked(law, who, at=region)) == ""


@pytest.mark.parametrize(
    ("region", "reason", "clause"),
    [
        pytest.param(QINGYANG, "WORK_INJURY", "QY.art23.2", marks=pytest.mark.clause("QY.art23.2")),
        pytest.param(QINGYANG, "THIRD_PARTY", "QY.art23.3", marks=pytest.mark.clause("QY.art23.3")),
        pytest.param(QINGYANG, "PUBLIC_HEALTH", "QY.art23.4", marks=pytest.mark.clause("QY.art23.4")),
        pytest.param(QINGYANG, "ABROAD", "QY.art23.5", marks=pytest.mark.clause("QY.art23.5")),
        (SHANXI, "WORK_INJURY", None),
        (SHANXI, "THIRD_PARTY", None),
        (SHANXI, "PUBLIC_HEALTH", None),
        (SHANXI, "ABROAD", None),
    ],
)
def test_what_somebody_else_owes_has_its_own_reason_and_article(
    law: Law, region: str, reason: str, clause: str | None
) -> None:
    answered = asked(law, standing(relation(region=region)), at=region, extra={"excluded": reason})
    refusal = answered.answers[0].refusal
    assert refusal is not None
    assert refusal.code == reason
    assert refusal.clause is not None
    assert clause in (None, refusal.clause)
    assert code(answered, OWN_ACCOUNT) == ""


@pytest.mark.clause("QY.art23.6")
def test_an_emergency_elsewhere_is_no_refusal_in_qingyang_and_one_in_shanxi(law: Law) -> None:
    place = {**HOSPITAL, "designated": "no", "pooled_agreement": "no"}
    emergency = {"emergency": "yes", "manual": "yes", "direct_settlement": "no"}
    found = {
        region: code(asked(law, standing(relation(region=region)), place, at=region, extra=emergency))
        for region in (SHANXI, QINGYANG)
    }
    assert found == {SHANXI: "NOT_DESIGNATED", QINGYANG: ""}


# ── what ────────────────────────────────────────────────────────────────────────────────────────────────────


def chronic(disease: str = "M03900", **fields: Any) -> ChronicEntitlement:
    return ChronicEntitlement(
        disease, "高血压", date(2024, 1, 1), None, fields.pop("ratio_bp", None), None, **fields
    )


def test_each_chronic_disease_has_its_own_answer(law: Law) -> None:
    who = standing(chronic=[chronic()])
    answered = asked(law, who, disease="M01600")
    assert code(answered, CHRONIC, "M03900") == ""
    assert code(answered, CHRONIC, "M01600") == "NOT_QUALIFIED_CHRONIC"
    assert code(answered, ORDINARY) == ""


def test_a_chronic_disease_without_rate_or_quota_is_unspecified(plain: Law) -> None:
    assert code(asked(plain, standing(chronic=[chronic()])), CHRONIC) == "PARAMETER_UNSPECIFIED"
    own = chronic(ratio_bp=8000)
    assert code(asked(plain, standing(chronic=[own])), CHRONIC) == "PARAMETER_UNSPECIFIED"
    own = chronic(ratio_bp=8000, quota_month_fen=100_00)
    assert code(asked(plain, standing(chronic=[own])), CHRONIC) == ""


def test_arrears_refuse_a_chronic_disease_too(law: Law) -> None:
    spell = NonbenefitSpell("arrears", date(2024, 1, 1), None)
    assert code(asked(law, standing(chronic=[chronic()], nonbenefits=[spell])), CHRONIC) == "ARREARS"


@pytest.mark.clause("QY.art20.a")
@pytest.mark.parametrize("treatment", ["chemo_radiotherapy", "dialysis", "anti_rejection", "leukaemia_chemo"])
def test_the_four_treatments_are_entitled_like_inpatient_care(law: Law, treatment: str) -> None:
    who = standing(relation(region=QINGYANG), chronic=[chronic("M07800", treatment=treatment)])
    assert code(asked(law, who, at=QINGYANG), AS_INPATIENT, "M07800") == ""


def test_a_treatment_is_a_chronic_disease_like_others_where_the_area_does_not_list_it(law: Law) -> None:
    who = standing(chronic=[chronic("M07800", treatment="dialysis", quota_month_fen=500_00)])
    answered = asked(law, who)
    assert answered.answer(AS_INPATIENT) is None
    assert code(answered, CHRONIC, "M07800") == ""


def test_a_treatment_is_not_given_at_a_pharmacy(law: Law) -> None:
    who = standing(
        relation(region=QINGYANG),
        chronic=[chronic("M07800", treatment="dialysis", quota_month_fen=500_00)],
    )
    answered = asked(law, who, PHARMACY, at=QINGYANG, prescription="valid")
    assert answered.answer(AS_INPATIENT) is None
    assert code(answered, CHRONIC, "M07800") == ""


@pytest.mark.parametrize("month", [None, 100_00])
@pytest.mark.parametrize("quarter", [None, 200_00])
@pytest.mark.parametrize("year", [None, 300_00])
@pytest.mark.parametrize("disease", ["M03900", "M09999"])
def test_a_quota_that_a_settlement_refuses_is_no_entitlement(
    law: Law, plain: Law, month: int | None, quarter: int | None, year: int | None, disease: str
) -> None:
    entitled = ChronicEntitlement(disease, "病", date(2024, 1, 1), None, 8000, year, month, quarter)
    who = standing(chronic=[entitled])
    for one in (law, plain):
        facts = facts_of(
            who, HOSPITAL, SHANXI, voucher=True, prescription="not_needed", extra={}, on=DAY, law=one
        )
        settled = quota_of(one, SHANXI, DAY, entitled, facts)
        refusal = settled.code if isinstance(settled, Refusal) else ""
        assert code(asked(one, who), CHRONIC, disease) == refusal


@pytest.mark.clause("QY.art19")
def test_negotiated_drugs_have_an_answer_of_their_own_only_where_they_are_kept_apart(
    law: Law, plain: Law
) -> None:
    for one in (law, plain):
        assert code(asked(one, standing()), DUAL_CHANNEL) == ""
        assert dual_channel_apart(one, QINGYANG, DAY)
        who = standing(relation(region=QINGYANG))
        row = one.row(
            QINGYANG, DAY, one.derive(QINGYANG, DAY, {**HOSPITAL, "status": "active"}), DUAL_CHANNEL
        )
        expected = row.code if isinstance(row, Refusal) else ""
        assert code(asked(one, who, at=QINGYANG), DUAL_CHANNEL) == expected


def test_every_answer_says_which_benefit_it_is_for(law: Law) -> None:
    answered = asked(law, standing(chronic=[chronic()]), owners=("P2",))
    assert [(answer.benefit, answer.key) for answer in answered.answers] == [
        (ORDINARY, ""),
        (CHRONIC, "M03900"),
        (DUAL_CHANNEL, ""),
        (OWN_ACCOUNT, ""),
        (FAMILY_ACCOUNT, ""),
    ]


def test_a_family_account_needs_somebody_who_lent_it(law: Law) -> None:
    assert code(asked(law, standing()), FAMILY_ACCOUNT) == "FAMILY_NOT_BOUND"
    assert code(asked(law, standing(), owners=("P2",)), FAMILY_ACCOUNT) == ""


def test_a_draft_settles_nothing_unless_it_may_be_tried(law: Law) -> None:
    who = standing(relation(region=QINGYANG))
    answered = asked(law, who, at=QINGYANG, allow_draft=False)
    assert {code(answered, benefit) for benefit in (ORDINARY, OWN_ACCOUNT)} == {"LAW_DRAFT"}


def test_after_the_law_expired_nothing_is_settled(law: Law) -> None:
    on = date(2029, 7, 1)
    assert code(asked(law, standing(on=on), on=on)) == "NO_ACTIVE_PARAMETER_VERSION"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"psn_type": "11"}, []),
        ({"psn_type": "34", "status": "retired"}, [("6003", "")]),
        (
            {"category": "bankrupt_retiree", "status": "retired", "psn_type": "12"},
            [("60", "关闭破产企业退休人员")],
        ),
        (
            {"category": "hardship_retiree", "status": "retired", "psn_type": "12"},
            [("60", "困难企业退休人员")],
        ),
    ],
)
def test_special_identities_are_named_by_the_national_list(
    law: Law, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answered = asked(law, standing(relation(**fields)))
    assert [(identity.code, identity.memo) for identity in answered.identities] == expected


# ── as a settlement decides ─────────────────────────────────────────────────────────────────────────────────


def cases(who: Standing) -> Iterator[dict[str, str]]:
    """Facts of every kind of visit of ``who``."""
    yes_no = ("yes", "no")
    places: list[dict[str, str]] = [
        {"kind": "hospital", "fee_class": "1", "level": "3"},
        {"kind": "hospital", "fee_class": "3", "level": "1"},
        {"kind": "hospital"},
        {"kind": "internet", "fee_class": "2", "level": "2"},
        {"kind": "clinic"},
        {"kind": "pharmacy"},
    ]
    stays = ("none", "LONG_TERM_IN_PROVINCE", "LONG_TERM_OUT_OF_PROVINCE", "TEMPORARY", "OUT_OF_CITY")
    excluded = ("none", "WORK_INJURY")
    ways: tuple[dict[str, str], ...] = (
        {},
        {"emergency": "yes"},
        {"internet": "yes"},
        {"manual": "yes"},
        {"manual": "yes", "direct_settlement": "no"},
        {"manual": "yes", "emergency": "yes"},
    )
    for place, designated, pooled, stay, out, prescription, voucher, way in product(
        places,
        yes_no,
        yes_no,
        stays,
        excluded,
        ("none", "valid", "expired", "not_needed"),
        (True, False),
        ways,
    ):
        agreed = {"designated": designated, "pooled_agreement": pooled, "direct_settlement": "yes"}
        yield {
            **place,
            **agreed,
            "voucher": "yes" if voucher else "no",
            "prescription": prescription,
            "offsite": stay,
            "excluded": out,
            **way,
        }


KINDS: dict[str, tuple[RelationSpell, str]] = {
    "working": (relation(), ""),
    "retired": (relation(status="retired"), ""),
    "in arrears": (relation(), "arrears"),
    "waiting": (relation(), "waiting"),
    "without an account": (relation(has_account=False), ""),
    "without an account, in arrears": (relation(has_account=False), "arrears"),
    "paused": (relation(date(2024, 6, 30)), ""),
    "resident": (relation(insutype="390"), ""),
}


@pytest.mark.clause("SX2022-27.art26.0", "QY.art23.0")
@pytest.mark.parametrize("region", [SHANXI, QINGYANG])
@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_entitled_a_settlement_pays_and_whoever_is_not_it_refuses_for_the_same_reason(
    law: Law, region: str, kind: str
) -> None:
    spell, nonbenefit = KINDS[kind]
    spells = [NonbenefitSpell(nonbenefit, date(2024, 1, 1), None)] if nonbenefit else []
    who = standing(msgspec.structs.replace(spell, region=region), nonbenefits=spells)
    base = facts_of(who, {}, region, voucher=True, prescription="none", extra={}, on=DAY, law=law)
    for given in cases(who):
        facts = {**base, **given}
        answer = eligibility(law, who, DAY, facts, allow_draft=True).answers[0]
        ground = basis(VisitInput(region, DAY, "ordinary", facts, (), allow_draft=True), law)
        refusal = ground if isinstance(ground, Refusal) else ground.refusal
        if refusal is None:
            assert answer.refusal is None, facts
        else:
            assert answer.refusal is not None, facts
            assert answer.refusal.clause == refusal.clause
            assert answer.refusal.code == refusal.code or (
                refusal.code == "NOT_INSURED" and answer.refusal.code in REFINED
            )


@pytest.mark.parametrize("allow_draft", [True, False])
@pytest.mark.parametrize("region", [SHANXI, QINGYANG, "990000"])
@pytest.mark.parametrize("on", [date(2022, 6, 1), date(2023, 1, 10), DAY, date(2029, 7, 1)])
def test_a_settlement_that_cannot_be_made_at_all_is_no_entitlement_to_an_account_either(
    law: Law, region: str, on: date, allow_draft: bool
) -> None:
    who = standing(relation(region=region), on=on)
    facts = facts_of(who, HOSPITAL, region, voucher=True, prescription="not_needed", extra={}, on=on, law=law)
    answered = eligibility(law, who, on, facts, allow_draft=allow_draft)
    ground = basis(VisitInput(region, on, "ordinary", facts, (), allow_draft=allow_draft), law)
    assert code(answered, OWN_ACCOUNT) == (ground.code if isinstance(ground, Refusal) else "")
