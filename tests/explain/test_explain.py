"""An explanation tells the same amounts as the settlement, to each reader in his own words."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.base.money import BP_ONE, div_round
from gongji.cases.laws import Laws
from gongji.cases.loader import read
from gongji.cases.runner import run_case
from gongji.explain import Context, Step, agency, explain, machine, member, process_info, reversal_info, steps
from gongji.explain.citing import RULES
from gongji.explain.machine import AMOUNTS
from gongji.explain.process import ACCOUNT, CHRONIC, FAMILY, MAX_CHARACTERS, POOL
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement.book import Settled
from gongji.settlement.rules import LineInput, Outcome, PersonState, VisitInput, decide
from tests.explain.samples import CHRONIC as CHRONIC_LINE
from tests.explain.samples import decided, samples
from tests.settlement.test_rules_properties import LAWS, states, visits
from tests.settlement.visits import AUGUST, demo_law, law, line, visit

GOLDEN = Path(__file__).parent.parent / "golden"
SAMPLES = samples()
CONTEXT = Context(service_on=AUGUST, place="class3", status="active")
EVERY = pytest.mark.parametrize("name", SAMPLES)


def recomputed(operation: str, inputs: list[tuple[int, str]]) -> int:
    """A step's amount from its inputs alone, by the definition of its operation in docs/cases.md."""
    numbers = [value for value, _ in inputs]
    match operation:
        case "sum":
            return sum(numbers)
        case "difference":
            return numbers[0] - sum(numbers[1:])
        case "remaining":
            return max(0, numbers[0] - sum(numbers[1:]))
        case "minimum":
            return min(numbers)
        case "share":
            assert [unit for _, unit in inputs] == ["fen", "bp"] * (len(inputs) // 2)
            return div_round(
                sum(fen * bp for fen, bp in zip(numbers[::2], numbers[1::2], strict=True)), BP_ONE
            )
        case "quotient":
            return div_round(numbers[0] * BP_ONE, numbers[1])
    raise AssertionError(operation)


def agrees(found: tuple[Step, ...]) -> None:
    for step in found:
        assert (
            recomputed(step.operation, [(item.value, item.unit) for item in step.inputs]) == step.amount_fen
        ), step


def by_code(found: tuple[Step, ...]) -> dict[str, int]:
    return {step.code: step.amount_fen for step in found}


WATERFALL = {
    "total": layout.W_TOTAL_FEN,
    "full_selfpay": layout.W_FULL_SELFPAY_FEN,
    "over_limit": layout.W_OVER_LIMIT_FEN,
    "prepay": layout.W_PREPAY_FEN,
    "chronic_fee": layout.W_CHRONIC_FEE_FEN,
    "chronic_pay": layout.W_CHRONIC_PAY_FEN,
    "in_scope": layout.W_IN_SCOPE_FEN,
    "deductible_due": layout.W_DEDUCTIBLE_DUE_FEN,
    "deductible": layout.W_DEDUCTIBLE_FEN,
    "base": layout.W_BASE_FEN,
    "pool_before_cap": layout.W_POOL_BEFORE_CAP_FEN,
    "pool_pay": layout.W_POOL_PAY_FEN,
    "cap_shortfall": layout.W_CAP_SHORTFALL_FEN,
    "personal_total": layout.W_PERSONAL_FEN,
    "account_payable": layout.W_ACCOUNT_PAYABLE_FEN,
    "account_pay": layout.W_ACCOUNT_FEN,
    "mutual_pay": layout.W_MUTUAL_FEN,
    "cash_pay": layout.W_CASH_FEN,
}


def holds(outcome: Outcome, found: tuple[Step, ...]) -> None:
    """Every step that names an amount of the waterfall has it, and no amount other than zero goes
    unexplained."""
    steps_by_code = by_code(found)
    for code, position in WATERFALL.items():
        assert steps_by_code.get(code, 0) == outcome.waterfall[position], code


@EVERY
def test_every_amount_is_recomputed_from_its_inputs(name: str) -> None:
    by, outcome = SAMPLES[name]
    found = steps(by, outcome)
    agrees(found)
    holds(outcome, found)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LAWS), visits(), states)
def test_every_amount_of_any_visit_is_recomputed_from_its_inputs(
    by: Law, asked: VisitInput, state: PersonState
) -> None:
    outcome = decide(by, asked, state)
    assert isinstance(outcome, Outcome)
    found = steps(by, outcome)
    agrees(found)
    holds(outcome, found)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LAWS), visits(), states)
def test_a_member_never_reads_more_than_eight_lines(by: Law, asked: VisitInput, state: PersonState) -> None:
    outcome = decide(by, asked, state)
    assert isinstance(outcome, Outcome)
    lines = member(by, outcome, CONTEXT)
    assert 2 <= len(lines) <= 8
    assert not any("\n" in line for line in lines)


@EVERY
def test_every_cell_of_the_law_that_was_used_is_cited(name: str) -> None:
    by, outcome = SAMPLES[name]
    cited = {citation.clause for step in steps(by, outcome) for citation in step.citations}
    if outcome.refusal is None:
        assert outcome.row.sources[layout.ROW_BAND_BP] in cited
        assert outcome.row.sources[layout.ROW_DEDUCTIBLE_FEN] in cited
    else:
        assert outcome.refusal.clause in cited


def test_every_rule_without_a_number_cites_a_clause_that_exists() -> None:
    clauses = {clause for rules in RULES.values() for found in rules.values() for clause in found}
    assert clauses <= set(law().library.provisions)


@EVERY
def test_the_machine_form_is_json_without_floats_and_says_every_amount(name: str) -> None:
    by, outcome = SAMPLES[name]

    def no_float(text: str) -> Any:
        raise AssertionError(text)

    told = json.loads(explain(by, outcome, CONTEXT, "machine"), parse_float=no_float)
    assert told["schema"] == "gongji.explanation/1"
    assert told["law_digest"] == by.digest
    for amount, position in AMOUNTS.items():
        expected = outcome.waterfall[position]
        assert told["amounts"][amount] == (None if amount == "cap_room_fen" and expected == -1 else expected)
    cited = {clause for step in told["steps"] for clause in step["clauses"]}
    assert cited <= set(told["citations"])


def test_the_machine_form_names_what_is_unconfirmed_with_its_article() -> None:
    by, outcome = SAMPLES["unconfirmed"]
    told = machine(by, outcome, CONTEXT)
    assert told["unconfirmed"] == ["deductible.per_visit"]
    assert told["citations"]["SX2022-12.deductible.class12"]["confirmed"] is False


@EVERY
def test_the_agency_reads_every_line_every_step_and_every_article(name: str) -> None:
    by, outcome = SAMPLES[name]
    text = explain(by, outcome, CONTEXT, "agency")
    for step in steps(by, outcome):
        assert f"{step.name}：{step.formula}" in text
        for citation in step.citations:
            assert f"[{citation.clause}]" in text
            assert citation.text in text
    assert "年度起付累计" in text


def test_the_agency_is_warned_of_unconfirmed_values() -> None:
    text = "\n".join(agency(*SAMPLES["unconfirmed"], CONTEXT))
    assert "按次就诊起付标准（deductible.per_visit）尚未经经办机构确认" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plain", "先扣起付 30.00 元，起付以上是 70.00 元。"),
        ("below the deductible", "费用没有超过起付标准 30.00 元，这 25.00 元 由个人负担。"),
        ("near both limits", "今年起付累计只差 15.00 元 满 300.00 元，这次只扣 15.00 元。"),
        ("near both limits", "今年最高支付限额 2500.00 元 只剩 20.00 元，所以支付 20.00 元。"),
        ("both limits reached", "今年起付累计已满 300.00 元，这次不扣起付。"),
        ("both limits reached", "只剩 0.00 元，所以支付 0.00 元。"),
        ("second of the visit", "先扣起付 10.00 元（标准 30.00 元，已付过 20.00 元）"),
        ("deductible paid", "本次就诊的起付标准 30.00 元 之前已经付过，这次不再扣。"),
        ("mixed", "全自费（丙类、配送费用不纳入医保支付范围、超出限定支付范围） 148.00 元"),
        ("mixed", "本人账户 20.00 元，家庭共济账户 39.00 元，现金"),
        (
            "refused",
            "统筹基金不支付，因为：处于医保欠费期间，统筹基金不予支付（依据 晋医保办发〔2022〕27号 第二十六条（五））。",
        ),
        ("monthly", "本月最高支付限额 20.00 元 只剩 20.00 元，所以支付 20.00 元。"),
        ("draft", "注意：该地区的规定是征求意见稿，结果只供测算。"),
        ("unconfirmed", "注意：按次就诊起付标准尚未经经办机构确认。"),
        ("chronic", "慢特病限额先支付：费用 50.00 元 中支付 40.00 元，其余 100.00 元 按普通门诊结算。"),
        ("bands over visit", "统筹基金支付 500.00 × 50% + 1500.00 × 70% + 970.00 × 80% = 2076.00 元。"),
        (
            "clinic",
            "统筹基金不支付，因为：诊所不纳入门诊共济保障范围（依据 庆阳市实施细则（征求意见稿） 第十二条）。",
        ),
    ],
)
def test_the_member_is_told_why(name: str, words: str) -> None:
    assert words in explain(*SAMPLES[name], CONTEXT, "member")


def test_the_member_is_told_when_where_and_who_paid() -> None:
    first = member(*SAMPLES["plain"], Context(service_on=date(2024, 8, 5), place="pharmacy"))[0]
    assert first == "2024年8月5日，定点零售药店：费用 100.00 元，医保基金支付 45.50 元，个人负担 54.50 元。"


def test_a_visit_within_its_chronic_quota_cites_the_quota_and_nothing_of_the_pool() -> None:
    by = demo_law()
    state = PersonState(quota_fen=50_000, charged=(0, 0, 0))
    lines = member(by, decided(by, visit(line(5_000, flags=CHRONIC_LINE)), state), CONTEXT)
    assert "慢特病限额先支付：费用 50.00 元 中支付 40.00 元。" in lines
    assert not any("按普通门诊结算" in line for line in lines)
    basis = next(line for line in lines if line.startswith("依据"))
    assert "第二十五条" in basis
    assert "晋医保发〔2024〕11号" not in basis


def test_the_member_reads_no_codes() -> None:
    for by, outcome in SAMPLES.values():
        text = explain(by, outcome, CONTEXT, "member")
        assert "〔NO" not in text
        assert "class" not in text


def test_an_unknown_reader_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown reader"):
        explain(*SAMPLES["plain"], CONTEXT, "auditor")


def test_the_process_text_of_the_pool_shows_the_calculation_the_ceiling_and_the_articles() -> None:
    assert process_info(*SAMPLES["near both limits"], POOL) == (
        "政策范围内费用 100.00 元；起付标准 30.00 元，年度起付累计达到 300.00 元，本次负担 15.00 元；余额 85.00 元按 65% 支付；"
        "年度最高支付限额内尚可支付 20.00 元，超出 35.25 元由个人负担；统筹基金支付 20.00 元。"
        "依据 晋医保发〔2022〕12号 （文本未收录）；晋医保发〔2024〕11号 一"
    )


def test_the_process_text_shows_each_band_with_its_rate() -> None:
    text = process_info(*SAMPLES["bands over visit"], POOL)
    parts = re.search(r"余额 ([\d.]+) 元分段支付：(.+)，计 ([\d.]+) 元", text)
    assert parts is not None
    pieces = re.findall(r"([\d.]+) 元按 (\d+)%", parts[2])
    assert [rate for _, rate in pieces] == ["50", "70", "80"]
    assert sum(Decimal(fee) for fee, _ in pieces) == Decimal(parts[1])
    assert sum(Decimal(fee) * int(rate) for fee, rate in pieces) / 100 == Decimal(parts[3])


def test_the_process_text_names_values_that_nobody_has_confirmed() -> None:
    assert "尚未经经办机构确认" in process_info(*SAMPLES["unconfirmed"], POOL)
    assert "确认" not in process_info(*SAMPLES["plain"], POOL)


def test_the_process_text_of_a_refused_visit_is_its_reason() -> None:
    assert process_info(*SAMPLES["refused"], POOL).startswith("统筹基金不予支付：〔ARREARS〕")


def test_the_process_text_of_a_law_that_is_gone_names_no_standard() -> None:
    by, outcome = SAMPLES["plain"]
    row = replace(
        outcome.row,
        cells=(layout.UNSET,) * layout.ROW_SIZE,
        sources=(None,) * layout.ROW_SIZE,
        unconfirmed=(),
    )
    assert process_info(by, replace(outcome, row=row), POOL) == (
        "政策范围内费用 100.00 元；起付标准本次负担 30.00 元；余额 70.00 元，按比例计 45.50 元；统筹基金支付 45.50 元"
    )


def test_the_process_text_of_the_own_account_says_what_is_left() -> None:
    assert process_info(*SAMPLES["mixed"], ACCOUNT).endswith(
        "本人账户余额 20.00 元，支付 20.00 元，支付后 0.00 元"
    )


def test_the_process_text_of_the_family_numbers_the_owners_and_names_none() -> None:
    text = process_info(*SAMPLES["mixed"], FAMILY)
    assert text == "家庭共济账户支付 39.00 元：第 1 位授权人账户 30.00 元，第 2 位授权人账户 9.00 元"


def test_the_process_text_of_the_chronic_fund_shows_fee_and_payment() -> None:
    text = process_info(*SAMPLES["chronic"], CHRONIC)
    assert text == "门诊慢特病费用 50.00 元按 80% 在限额内支付 40.00 元。依据 演示用，非政策规定 慢特病"


def test_the_process_text_of_a_reversal_names_its_original() -> None:
    assert reversal_info(17) == "撤销结算 17，原路退回"


@EVERY
@pytest.mark.parametrize("fund", [POOL, CHRONIC, ACCOUNT, FAMILY])
def test_a_process_line_fits_the_national_field(name: str, fund: str) -> None:
    text = process_info(*SAMPLES[name], fund)
    assert 0 < len(text) <= MAX_CHARACTERS


def test_a_region_s_own_prepay_category_is_called_by_its_name() -> None:
    special = (GOLDEN / "schemes.yaml").read_text(encoding="utf-8")
    file = read(special, str(GOLDEN / "schemes.yaml"))
    case = next(case for case in file.cases if case.id == "D007")
    result = run_case(case, Laws(file))
    settled = result.steps[0].booked
    assert isinstance(settled, Settled)
    text = explain(result.law, settled.outcome, Context(), "agency")
    assert "第 1 条：special_drug先行自付：100.00 × 30% = 30.00" in text


def test_names_in_the_explanation_are_kept_as_they_are() -> None:
    by = law()
    odd = LineInput("1", "X1", "<b>药\n二</b>", 10_000)
    outcome = decide(by, VisitInput("14", AUGUST, "ordinary", {**_plain()}, (odd, line(500))), PersonState())
    assert isinstance(outcome, Outcome)
    told = json.loads(explain(by, outcome, CONTEXT, "machine"))
    assert told["steps"][0]["name"] == "第 1 条 <b>药\n二</b>：政策范围内"


def _plain() -> dict[str, str]:
    from gongji.cases.facts import usual_facts

    return {**usual_facts("class3"), "status": "active"}
