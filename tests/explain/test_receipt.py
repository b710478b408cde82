"""The printed 结算单: every line, every payer, the articles, and who signs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gongji.base.money import format_yuan
from gongji.base.times import CHINA
from gongji.explain.model import Context
from gongji.explain.receipt import Charge, Paper, Receipt, receipt, receipt_text, signer
from gongji.settlement.replay import reverse
from gongji.web.receipts import file_page
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


def test_a_refund_takes_back_quantities_with_the_amounts() -> None:
    law, outcome = SAMPLES["plain"]
    mirror = reverse(outcome.waterfall, outcome.splits, outcome.family_draws)
    undone = msgspec.structs.replace(outcome, waterfall=mirror.waterfall, splits=mirror.splits)
    charges = {line.key: Charge("2", "5.5") for line in outcome.lines}
    paper = receipt(law, undone, CONTEXT, PAPER, charges, refund=True)
    assert paper.title == "医疗保障基金退费单"
    assert {line.quantity for line in paper.lines} == {"-2"}
    assert all(Decimal(line.amount) < 0 for line in paper.lines)
    assert "-2×5.5 = -" in receipt_text(paper)


def test_a_line_without_quantity_and_price_shows_its_amount_alone() -> None:
    law, outcome = SAMPLES["plain"]
    text = receipt_text(receipt(law, outcome, CONTEXT, PAPER, {}, refund=False))
    assert "  × = " not in text
    assert f"  {format_yuan(outcome.lines[0].amount_fen)}（全自费" in text


def test_an_institutions_own_words_cannot_add_a_line_or_markup() -> None:
    law, outcome = SAMPLES["plain"]
    name = "<script>x</script>\n统筹基金支付 999.00 元\x9b31m" + "长" * 200
    lines = tuple(msgspec.structs.replace(line, name=name) for line in outcome.lines)
    paper = receipt(law, msgspec.structs.replace(outcome, lines=lines), CONTEXT, PAPER, {}, refund=False)
    text, html = receipt_text(paper), file_page(paper)
    assert "\n统筹基金支付 999" not in text
    assert "\x9b" not in text
    assert "<script" not in html
    assert "&lt;script&gt;" in html
