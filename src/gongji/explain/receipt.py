"""The printed 结算单: what was charged, line by line, who pays it, by which articles; with room for the signatures.

One copy is the member's, the other stays with the institution (晋医保办发〔2022〕27号 第十三条); who collected drugs for somebody
else signs the copy that stays. Amounts are texts in yuan, so that a page has nothing left to calculate.

Clauses: SX2022-27.art13.b, SX2022-27.art13.c, SX2022-27.art13.d.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.money import format_percent, format_yuan
from gongji.explain.member import member
from gongji.explain.model import Context, Decided
from gongji.explain.words import value_title
from gongji.kernel import layout
from gongji.policy import Law

__all__ = ["COPIES", "Charge", "Paper", "Receipt", "ReceiptLine", "receipt", "receipt_text"]

COPIES: Final = ("参保人联", "机构留存联")


class Charge(msgspec.Struct, frozen=True):
    """Quantity and unit price of a line as the institution charged it, as texts."""

    quantity: str
    price: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper says besides the settlement. ``proxy``: who collected for the member, already masked; empty for nobody."""

    institution_code: str
    person_name: str
    settled_at: datetime
    invoice_no: str = ""
    rx_no: str = ""
    proxy: str = ""
    signed: bool = False
    void: str = ""


class ReceiptLine(msgspec.Struct, frozen=True):
    """One line: amounts in yuan."""

    number: str
    item: str
    name: str
    quantity: str
    price: str
    amount: str
    full_selfpay: str
    over_limit: str
    prepay: str
    in_scope: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The paper, ready to be laid out."""

    title: str
    institution: str
    institution_code: str
    settlement: str
    person: str
    person_name: str
    status: str
    service_on: date | None
    settled_at: datetime
    invoice_no: str
    rx_no: str
    lines: tuple[ReceiptLine, ...]
    total: ReceiptLine
    payers: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    proxy: str
    signed: bool
    void: str


def receipt(
    law: Law, decided: Decided, context: Context, paper: Paper, charges: Mapping[str, Charge], *, refund: bool
) -> Receipt:
    """The paper of a settlement, or of a refund. ``charges`` by the line's number (feedetl_sn); without one a line shows its
    amount only.
    """
    water = decided.waterfall
    splits = [
        decided.splits[at : at + layout.SPLIT_SIZE] for at in range(0, len(decided.splits), layout.SPLIT_SIZE)
    ]
    lines = tuple(
        _line(str(number), line.item, line.name, charges.get(line.key), split)
        for number, (line, split) in enumerate(zip(decided.lines, splits, strict=True), start=1)
    )
    sums = [sum(split[part] for split in splits) for part in range(layout.SPLIT_SIZE)]
    return Receipt(
        title="医疗保障基金退费单" if refund else "医疗保障基金结算单",
        institution=context.institution,
        institution_code=paper.institution_code,
        settlement=context.settlement,
        person=context.person,
        person_name=paper.person_name,
        status=value_title(law, "status", context.status) if context.status else "",
        service_on=context.service_on,
        settled_at=paper.settled_at,
        invoice_no=paper.invoice_no,
        rx_no=paper.rx_no,
        lines=lines,
        total=_line("", "", "合计", None, sums),
        payers=_payers(water),
        facts=_facts(decided),
        words=() if refund else member(law, decided, context)[1:],
        proxy=paper.proxy,
        signed=paper.signed,
        void=paper.void,
    )


def _line(
    number: str, item: str, name: str, charge: Charge | None, split: tuple[int, ...] | list[int]
) -> ReceiptLine:
    amount_fen = sum(split)
    sign = "-" if amount_fen < 0 else ""
    return ReceiptLine(
        number,
        _on_one_line(item),
        _on_one_line(name),
        f"{sign}{charge.quantity}" if charge else "",
        charge.price if charge else "",
        format_yuan(amount_fen),
        *(format_yuan(fen) for fen in split),
    )


def _on_one_line(text: str) -> str:
    """An institution's own words, in which nothing may look like a line of the paper."""
    return "".join(char if char.isprintable() else " " for char in text)


def _payers(water: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    rows = (
        ("费用总额", layout.W_TOTAL_FEN),
        ("统筹基金支付", layout.W_POOL_PAY_FEN),
        ("门诊慢特病支付", layout.W_CHRONIC_PAY_FEN),
        ("个人账户支付", layout.W_ACCOUNT_FEN),
        ("家庭共济支付", layout.W_MUTUAL_FEN),
        ("现金支付", layout.W_CASH_FEN),
    )
    always = (layout.W_TOTAL_FEN, layout.W_POOL_PAY_FEN, layout.W_CASH_FEN)
    return tuple((name, format_yuan(water[at])) for name, at in rows if water[at] or at in always)


def _facts(decided: Decided) -> tuple[tuple[str, str], ...]:
    """Deductible, rate, and where the year stands: left out when the pool refused."""
    if decided.refusal is not None:
        return ()
    water = decided.waterfall
    ratio = decided.ratio_bp
    return (
        ("本次起付标准", format_yuan(water[layout.W_DEDUCTIBLE_FEN])),
        *((("统筹支付比例", format_percent(ratio)),) if ratio is not None else ()),
        ("本年起付累计", format_yuan(decided.acc_after[layout.ACC_DEDUCTIBLE_YEAR_FEN])),
        ("本年统筹支付累计", format_yuan(decided.acc_after[layout.ACC_FUND_YEAR_FEN])),
    )


def receipt_text(paper: Receipt) -> str:
    """The paper as plain text, for a terminal or a narrow printer."""
    who = f"{paper.person_name}（{paper.person}）" + (f"  {paper.status}" if paper.status else "")
    head = [
        paper.title,
        f"{paper.institution}（{paper.institution_code}）",
        f"结算ID {paper.settlement}  结算时间 {paper.settled_at:%Y-%m-%d %H:%M:%S}",
        f"{who}  就诊购药日期 {paper.service_on}",
    ]
    if paper.rx_no:
        head.append(f"电子处方 {paper.rx_no}")
    if paper.invoice_no:
        head.append(f"发票号 {paper.invoice_no}")
    if paper.void:
        head.append(paper.void)
    body = [
        f"{line.number}. {line.name}  {f'{line.quantity}×{line.price} = ' if line.quantity else ''}{line.amount}"
        f"（全自费 {line.full_selfpay}，超标准 {line.over_limit}，先行自付 {line.prepay}，纳入报销 {line.in_scope}）"
        for line in paper.lines
    ]
    sums = [f"{name} {amount} 元" for name, amount in paper.payers]
    facts = ["，".join(f"{name} {value}" for name, value in paper.facts)] if paper.facts else []
    foot = [f"{signer(paper)}签字：{'（已签字，存底）' if paper.signed else '____________'}"]
    return "\n".join([*head, "", *body, "", *sums, *facts, *paper.words, "", *foot])


def signer(paper: Receipt) -> str:
    """Who signs the copy that stays: the member, or who collected for the member."""
    return f"代购人 {paper.proxy} " if paper.proxy else "参保人"
