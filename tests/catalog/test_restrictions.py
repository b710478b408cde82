"""Limits of payment against what is known about a use (decision A37)."""

import pytest

from gongji.catalog.restrictions import Facts, Restriction, fault, unmet

INDICATION = Restriction("indication", ("E11", "I10"))
WORDS_ONLY = Restriction("indication", text="限重症患者")
LEVEL = Restriction("level", ("2", "3"))
WOMEN = Restriction("sex", ("2",))
ADULTS = Restriction("age", low=18)
CHILDREN = Restriction("age", high=14)
EMERGENCY = Restriction("care", ("emergency", "inpatient"))
MONTH = Restriction("days", high=30)


@pytest.mark.clause("SX2022-27.art17.b", "SX2022-27.art17.c")
@pytest.mark.parametrize(
    ("limit", "facts", "met"),
    [
        (INDICATION, Facts(diagnoses=("E11.900",)), True),
        (INDICATION, Facts(diagnoses=("j00", "i10.x00")), True),
        (INDICATION, Facts(diagnoses=("E10.900",)), False),
        (INDICATION, Facts(), False),
        (INDICATION, Facts(confirmed=True), True),
        (WORDS_ONLY, Facts(diagnoses=("E11.9",)), False),
        (WORDS_ONLY, Facts(confirmed=True), True),
        (LEVEL, Facts(level="2"), True),
        (LEVEL, Facts(level="1"), False),
        (LEVEL, Facts(level=""), False),
        (LEVEL, Facts(level="1", confirmed=True), False),
        (WOMEN, Facts(sex="2"), True),
        (WOMEN, Facts(sex="1", confirmed=True), False),
        (WOMEN, Facts(sex="9"), True),
        (WOMEN, Facts(), True),
        (ADULTS, Facts(age=18), True),
        (ADULTS, Facts(age=17), False),
        (ADULTS, Facts(), True),
        (CHILDREN, Facts(age=14), True),
        (CHILDREN, Facts(age=15, confirmed=True), False),
        (EMERGENCY, Facts(care="emergency"), True),
        (EMERGENCY, Facts(care="outpatient"), False),
        (EMERGENCY, Facts(), True),
        (MONTH, Facts(days=30), True),
        (MONTH, Facts(days=31), False),
        (MONTH, Facts(), True),
    ],
)
def test_a_limit_is_met_or_not(limit: Restriction, facts: Facts, met: bool):
    assert unmet((limit,), facts) == (() if met else (limit,))


def test_every_limit_must_be_met_and_those_that_are_not_are_named_in_order():
    facts = Facts(level="1", age=70, diagnoses=("E11.9",))
    assert unmet((LEVEL, INDICATION, ADULTS, CHILDREN), facts) == (LEVEL, CHILDREN)


def test_an_item_without_limits_is_within_the_range_of_payment():
    assert unmet((), Facts()) == ()


@pytest.mark.parametrize(
    "limit",
    [
        Restriction("indication"),
        Restriction("indication", ("糖尿病",)),
        Restriction("level"),
        Restriction("level", ("4",)),
        Restriction("sex", ("男",)),
        Restriction("care", ("门诊",)),
        Restriction("age"),
        Restriction("age", low=30, high=20),
        Restriction("days", high=400),
    ],
)
def test_a_limit_that_says_nothing_or_nonsense_is_none(limit: Restriction):
    assert fault(limit)


@pytest.mark.parametrize("limit", [INDICATION, WORDS_ONLY, LEVEL, WOMEN, ADULTS, CHILDREN, EMERGENCY, MONTH])
def test_a_good_limit_has_no_fault(limit: Restriction):
    assert fault(limit) is None
