"""An application as the counter writes it down (YAML or JSON), read into values: every mistake is named with its line.

Amounts are yuan, dates 2024-07-22, switches yes or no; documents by their code or their Chinese name. ``docs/claims.md`` shows a
whole file.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from gongji.base.money import (
    MAX_FEN,
    MICRO_PER_FEN,
    PRICE_DIGITS,
    QUANTITY_DIGITS,
    QUANTITY_UNIT,
    line_fen,
    parse_decimal,
    parse_yuan,
)
from gongji.base.times import CHINA
from gongji.claims.rules import EXCLUDED, documents
from gongji.claims.values import Agent, Application, ClaimVisit, Payee, Personal, Place
from gongji.encounters.values import FeeLine
from gongji.policy import Law, LibraryError, Problem
from gongji.policy.fields import Scope
from gongji.policy.yamltree import Node, parse_text

__all__ = ["read_application"]

EXCLUDED_NAMES: Final = {
    "无": "none",
    "工伤": "WORK_INJURY",
    "第三人负担": "THIRD_PARTY",
    "公共卫生": "PUBLIC_HEALTH",
    "境外就医": "ABROAD",
}


def read_application(text: str, name: str, law: Law, today: date) -> tuple[Application, Personal]:
    """The application in ``text``; ``name`` stands for the file in problems. Without a day of receipt it is today's.

    Raises LibraryError with every problem found.
    """
    problems: list[Problem] = []
    tree = parse_text(text, name, problems)
    read = _Reader(Scope(name, problems), law, today).application(tree) if tree is not None else None
    if problems or read is None:
        raise LibraryError(tuple(problems))
    return read


class _Reader:
    def __init__(self, scope: Scope, law: Law, today: date) -> None:
        self.scope = scope
        self.today = today
        names = documents(law)
        self.documents = {name: code for code, name in names.items()} | {code: code for code in names}

    def application(self, tree: Node) -> tuple[Application, Personal]:
        scope = self.scope
        fields = scope.fields(
            tree,
            "零星报销申请",
            "received_on documents system_failure phone agent",
            "psn_no place visits total payee",
        )
        agent = self.agent(fields["agent"]) if "agent" in fields else None
        visits = scope.children(fields.get("visits"), "visits")
        application = Application(
            psn_no=scope.text(fields.get("psn_no"), "psn_no"),
            received_on=scope.day(fields.get("received_on"), "received_on") or self.today,
            place=self.place(fields.get("place")),
            visits=tuple(self.visit(number, node) for number, node in enumerate(visits, start=1)),
            total_fen=self.yuan(fields.get("total"), "total"),
            documents=self.listed(fields.get("documents")),
            system_failure=self.switch(fields.get("system_failure"), "system_failure"),
            by_agent=agent is not None,
        )
        payee = self.payee(fields.get("payee"))
        return application, Personal(payee, scope.text(fields.get("phone"), "phone"), agent)

    def place(self, node: Node | None) -> Place:
        scope = self.scope
        words = "code name region kind level fee_class"
        switches = "designated pooled_agreement direct_settlement"
        fields = scope.fields(node, "就诊机构 place", f"{words} {switches}")
        code, name, region, kind, level, fee_class = (scope.text(fields.get(w), w) for w in words.split())
        designated, pooled, direct = (self.switch(fields.get(word), word) for word in switches.split())
        return Place(
            code=code,
            name=name,
            region=region,
            kind=kind or "hospital",
            level=level,
            fee_class=fee_class,
            designated=designated,
            pooled_agreement=pooled,
            direct_settlement=direct,
        )

    def visit(self, number: int, node: Node) -> ClaimVisit:
        scope = self.scope
        what = f"第 {number} 次就诊"
        words = "diagnosis disease_code med_type voucher_type excluded emergency prescription"
        fields = scope.fields(node, what, words, "service_on invoice_no lines")
        service_on = scope.day(fields.get("service_on"), "service_on") or self.today
        excluded = scope.text(fields.get("excluded"), "excluded", "none")
        excluded = EXCLUDED_NAMES.get(excluded, excluded)
        if excluded not in EXCLUDED:
            scope.problem(f"{what}的 excluded 须为 {'、'.join(EXCLUDED_NAMES)} 之一: {excluded}", node)
        lines = scope.children(fields.get("lines"), f"{what}的费用明细")
        return ClaimVisit(
            visit_no=number,
            service_on=service_on,
            invoice_no=scope.text(fields.get("invoice_no"), "invoice_no"),
            lines=tuple(
                self.line(f"{number}-{position}", service_on, line)
                for position, line in enumerate(lines, start=1)
            ),
            diagnosis=scope.text(fields.get("diagnosis"), "diagnosis"),
            disease_code=scope.text(fields.get("disease_code"), "disease_code"),
            med_type=scope.text(fields.get("med_type"), "med_type", "11"),
            voucher_type=scope.text(fields.get("voucher_type"), "voucher_type"),
            emergency=self.switch(fields.get("emergency"), "emergency"),
            excluded=excluded,
            prescription=self.switch(fields.get("prescription"), "prescription"),
        )

    def line(self, key: str, service_on: date, node: Node) -> FeeLine:
        """A line has a catalogue code, a name of its own, or both; without a price its amount is the price of one."""
        scope = self.scope
        fields = scope.fields(node, f"费用明细 {key}", "item name price quantity amount")
        item, name = scope.text(fields.get("item"), "item"), scope.text(fields.get("name"), "name")
        if not item and not name:
            scope.problem(f"费用明细 {key} 须写目录编码 item 或名称 name", node)
        quantity_e4 = self.decimal(fields.get("quantity"), "quantity", QUANTITY_DIGITS, QUANTITY_UNIT)
        if "price" in fields:
            price_micro = self.decimal(fields["price"], "price", PRICE_DIGITS)
            computed_fen = line_fen(price_micro, quantity_e4)
            amount_fen = self.yuan(fields["amount"], "amount") if "amount" in fields else computed_fen
        else:
            amount_fen = self.yuan(fields.get("amount"), f"费用明细 {key} 的 amount")
            price_micro, quantity_e4 = amount_fen * MICRO_PER_FEN, QUANTITY_UNIT
        return FeeLine(
            key=key,
            item=item,
            local_item=name,
            amount_fen=amount_fen,
            price_micro=price_micro,
            quantity_e4=quantity_e4,
            occurred_at=datetime.combine(service_on, time(), CHINA),
        )

    def payee(self, node: Node | None) -> Payee:
        fields = self.scope.fields(node, "收款账户 payee", "", "holder bank account_no")
        holder, bank, account_no = (
            self.scope.text(fields.get(word), word) for word in ("holder", "bank", "account_no")
        )
        account_no = "".join(account_no.split())
        if not (holder and bank and account_no):
            self.scope.problem("收款账户须写户名 holder、开户行 bank 和账号 account_no", node)
        return Payee(holder, bank, account_no)

    def agent(self, node: Node) -> Agent:
        fields = self.scope.fields(node, "受托人 agent", "", "name cert_no phone")
        name, cert_no, phone = (
            self.scope.text(fields.get(word), word) for word in ("name", "cert_no", "phone")
        )
        return Agent(name, cert_no, phone)

    def listed(self, node: Node | None) -> tuple[str, ...]:
        given = self.scope.texts(node, "documents")
        strange = [text for text in given if text not in self.documents]
        if strange:
            names = [text for text in self.documents if not text.isascii()]
            self.scope.problem(f"不认识的材料 {'、'.join(strange)}，可写: {'、'.join(names)}", node)
        return tuple(dict.fromkeys(self.documents.get(text, text) for text in given))

    def switch(self, node: Node | None, what: str) -> bool:
        text = self.scope.text(node, what, "no")
        if text not in ("yes", "no", "true", "false", "是", "否"):
            self.scope.problem(f"{what} 必须写 yes 或 no: {text}", node)
        return text in ("yes", "true", "是")

    def yuan(self, node: Node | None, what: str) -> int:
        text = self.scope.text(node, what)
        try:
            fen = parse_yuan(text)
        except ValueError as error:
            self.scope.problem(f"{what}: {error}", node)
            return 0
        if not 0 <= fen <= MAX_FEN:
            self.scope.problem(f"{what} 的金额超出范围: {text}", node)
        return fen

    def decimal(self, node: Node | None, what: str, digits: int, default: int = 0) -> int:
        text = self.scope.text(node, what)
        if not text:
            return default
        try:
            return parse_decimal(text, digits)
        except ValueError as error:
            self.scope.problem(f"{what}: {error}", node)
            return 0
