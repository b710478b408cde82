"""The printed 结算单: every line, every payer, the articles, and who signs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gongji.base.times import CHINA
from gongji.explain.model import Context
from gongji.explain.receipt import Charge, Paper, Receipt, receipt, receipt_text, signer
from tests.explain.samples import samples

SAMPLES = samples()
CONTEXT = Context(
    service_on=date(2024, 8, 15),
    place="class3",
    status="active",
    institution="测试药房",
    person="14083",
    settlement="77",
)
PAPER = Paper(
    institution_code="P14083000001",
    person_name="测试人甲",
    settled_at=datetime(2024, 8, 15, 11, 0, 5, tzinfo=CHINA),
    rx_no="900001",
)


def printed(name: str, **paper: Any) -> Receipt:
    law, outcome = SAMPLES[name]
    charges = {line.key: Charge("2", "5.5") for line in outcome.lines[:1]}
    return receipt(law, outcome, CONTEXT, msgspec.structs.replace(PAPER, **paper), charges, refund=False)


@pytest.mark.clause("SX2022-27.art13.b")
@pytest.mark.parametrize("name", SAMPLES)
def test_lines_add_up_to_the_total_and_payers_to_what_was_charged(name: str) -> None:
    paper = printed(name)
    for column in ("amount", "full_selfpay", "over_limit", "prepay", "in_scope"):
        summed = sum((Decimal(getattr(line, column)) for line in paper.lines), Decimal(0))
        assert summed == Decimal(getattr(paper.total, column))
    total, *payers = (Decimal(amount) for _, amount in paper.payers)
    assert total == sum(payers) == Decimal(paper.total.amount)


def test_the_text_names_place_person_prescription_and_each_amount() -> None:
    text = receipt_text(printed("plain"))
    for words in (
        "测试药房（P14083000001）",
        "结算ID 77",
        "测试人甲（14083）",
        "电子处方 900001",
        "2×5.5",
        "统筹基金支付 45.50 元",
        "本次起付标准 30.00",
    ):
        assert words in text
    assert text.rstrip().endswith("参保人签字：____________")


@pytest.mark.clause("SX2022-27.art13.d")
def test_who_collected_for_the_member_signs_the_copy_that_stays() -> None:
    paper = printed("plain", proxy="钱*芳", signed=True)
    assert signer(paper) == "代购人 钱*芳 "
    assert receipt_text(paper).rstrip().endswith("代购人 钱*芳 签字：（已签字，存底）")


def test_a_refused_visit_shows_no_deductible_and_says_why() -> None:
    paper = printed("refused")
    assert paper.facts == ()
    assert any("不支付" in sentence for sentence in paper.words)
