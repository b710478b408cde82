"""What an application must have: ground, documents, payees, shares, another city."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.accounts.cases_rules import check_ground, check_payees, check_transfer, missing_documents, split
from gongji.accounts.values import Payee
from gongji.base.reasons import Refusal
from gongji.members.values import Person, Standing
from gongji.policy import Value
from tests.accounts.people import HEIR, ON, QINGYANG, SECOND_HEIR, SHANXI, heirs, office

DIED = date(2024, 8, 1)


def standing(*, insured: bool = False, died_on: date | None = None, region: str = QINGYANG) -> Standing:
    return Standing(
        Person("M", "测试", "01", b"", "1", "01", date(1950, 1, 1), died_on), insured, None, "12", "310", region, "", "retired",
        "none", False, False, False, False, None, None, "none", "", {},
    )  # fmt: skip


def refusal(answer: Value | Refusal | None) -> tuple[str, str | None]:
    assert isinstance(answer, Refusal)
    return answer.code, answer.clause


@pytest.mark.clause("QY.art8.d")
@pytest.mark.parametrize("ground", ["cash", "illness", "transfer_out"])
def test_cash_is_not_paid_out_on_any_other_ground(ground: str):
    answer = check_ground(office(), ground, standing(insured=True), ON)
    assert refusal(answer) == ("WITHDRAWAL_NOT_ALLOWED", "QY.art8.d")
    assert "第八条" in answer.text


@pytest.mark.clause("QY.art9.a")
def test_death_and_leaving_are_the_grounds():
    assert isinstance(check_ground(office(), "death", standing(died_on=DIED), DIED), Value)
    assert isinstance(check_ground(office(), "leaving", standing(), DIED), Value)


def test_a_death_that_is_not_registered_is_no_ground():
    assert refusal(check_ground(office(), "death", standing(), DIED))[0] == "WITHDRAWAL_NOT_ALLOWED"
    assert refusal(check_ground(office(), "death", standing(died_on=ON), DIED))[0] == "WITHDRAWAL_NOT_ALLOWED"


def test_who_is_still_insured_has_not_left():
    assert (
        refusal(check_ground(office(), "leaving", standing(insured=True), DIED))[0]
        == "WITHDRAWAL_NOT_ALLOWED"
    )
    assert refusal(check_ground(office(), "leaving", standing(died_on=DIED), DIED))[0] == "MEMBER_DECEASED"


def test_who_leaves_today_has_left_and_nobody_leaves_tomorrow():
    assert isinstance(check_ground(office(), "leaving", standing(), ON), Value)
    tomorrow = check_ground(office(), "leaving", standing(), ON + timedelta(days=1))
    assert refusal(tomorrow)[0] == "WITHDRAWAL_NOT_ALLOWED"


def test_every_missing_document_is_named_in_one_message_with_the_source():
    answer = missing_documents(
        office(), ["account.withdrawal.death_documents"], SHANXI, ["death_certificate", "bank_account"]
    )
    assert isinstance(answer, Refusal)
    assert answer.code == "DOCUMENTS_MISSING"
    for name in ("继承人身份证件", "亲属关系证明或公证书", "继承份额协议或小额承诺书"):
        assert name in answer.detail
    assert "死亡证明" not in answer.detail
    assert (answer.clause, answer.article) == ("GJ.withdrawal", "计算约定 支取和转移")


@pytest.mark.clause("QY.art9.c")
def test_an_agent_brings_a_power_of_attorney_besides():
    keys = ["account.withdrawal.leaving_documents", "account.withdrawal.agent_documents"]
    given_documents = ["application", "identity", "bank_account"]
    assert missing_documents(office(), keys[:1], QINGYANG, given_documents) is None
    answer = missing_documents(office(), keys, QINGYANG, given_documents)
    assert isinstance(answer, Refusal)
    assert answer.detail == "委托书、受托人身份证件"


@pytest.mark.parametrize(
    "fault",
    [
        {"name": " "},
        {"cert_no": HEIR.cert_no[:-1] + ("1" if HEIR.cert_no[-1] != "1" else "2")},
        {"cert_no": "123"},
        {"relation": ""},
        {"bank": ""},
        {"bank_account": "62220202001122334X"},
        {"bank_account": "1234567"},
    ],
)
def test_an_heir_must_be_sound(fault: dict[str, Any]):
    answer = check_payees([msgspec.structs.replace(HEIR, **fault)])
    assert refusal(answer)[0] == "HEIR_INVALID"


@pytest.mark.parametrize("digits", ["12345678", "1" * 32])
def test_the_shortest_and_the_longest_bank_account_are_good(digits: str):
    assert check_payees([msgspec.structs.replace(HEIR, bank_account=digits)]) is None


def test_shares_that_cannot_be_computed_exactly_are_refused():
    primes = (99_991, 99_989, 99_971)
    parts = [(1, prime) for prime in primes]
    rest = 1 - sum((Fraction(*part) for part in parts), Fraction())
    answer = check_payees(heirs(*parts, (rest.numerator, rest.denominator)))
    assert refusal(answer)[0] == "SHARES_NOT_WHOLE"
    assert "分母" in answer.detail


def test_a_refusal_names_no_heir():
    wrong = msgspec.structs.replace(HEIR, bank_account="x")
    answer = check_payees([wrong])
    assert isinstance(answer, Refusal)
    assert HEIR.name not in answer.text
    assert HEIR.cert_no not in answer.text
    assert "李四" not in repr(HEIR)


def test_nobody_inherits_twice_and_somebody_must():
    half = [msgspec.structs.replace(HEIR, share=(1, 2))] * 2
    assert refusal(check_payees(half))[0] == "HEIR_INVALID"
    assert refusal(check_payees([]))[0] == "HEIR_INVALID"


@pytest.mark.parametrize(
    "shares", [((1, 2), (1, 2)), ((1, 3), (1, 3), (1, 3)), ((5_000, 10_000), (1, 4), (1, 4)), ((1, 1),)]
)
def test_shares_that_are_the_whole_are_accepted(shares: tuple[tuple[int, int], ...]):
    assert check_payees(heirs(*shares)) is None


@pytest.mark.parametrize(
    "shares",
    [((1, 2),), ((1, 3), (1, 3), (3_333, 10_000)), ((1, 1), (0, 1)), ((3, 2), (-1, 2)), ((1, 0), (1, 1))],
)
def test_shares_that_are_not_the_whole_are_refused(shares: tuple[tuple[int, int], ...]):
    assert refusal(check_payees(heirs(*shares)))[0] == "SHARES_NOT_WHOLE"


@pytest.mark.clause("QY.art9.b")
def test_812_34_to_two_heirs_is_406_17_each():
    assert split(81_234, [(1, 2), (1, 2)]) == [40_617, 40_617]


def test_the_odd_fen_goes_to_the_earlier_heir():
    assert split(101, [(1, 2), (1, 2)]) == [51, 50]
    assert split(100, [(1, 3), (1, 3), (1, 3)]) == [34, 33, 33]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1_000), min_size=1, max_size=12))
def test_the_parts_are_the_whole_and_none_is_off_by_a_fen(total: int, weights: list[int]):
    shares = [(weight, sum(weights)) for weight in weights]
    parts = split(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(*share) * total - part) < 1


@pytest.mark.clause("QY.art8.b")
@pytest.mark.parametrize("other", ["621021", "621000", "6210"])
def test_inside_the_city_nothing_is_transferred(other: str):
    answer = check_transfer(office(), QINGYANG, other)
    assert refusal(answer) == ("TRANSFER_WITHIN_CITY", "QY.art8.b")


@pytest.mark.clause("QY.art8.c")
def test_to_another_city_the_balance_goes_along():
    law = check_transfer(office(), QINGYANG, "140800")
    assert isinstance(law, Value)
    assert law.clause == "QY.art8.c"


def test_what_is_no_region_is_refused():
    assert refusal(check_transfer(office(), QINGYANG, "nowhere"))[0] == "REGION_UNKNOWN"


def test_a_payee_shows_no_name_in_a_log():
    assert SECOND_HEIR.name not in f"{SECOND_HEIR} {SECOND_HEIR!r}"
    assert isinstance(SECOND_HEIR, Payee)
