"""Who pays a bill, as a pre-settlement or settlement answers it: the split in fen, line by line, and the reasons in words."""

from __future__ import annotations

from typing import Any

import msgspec

from gongji.desk.cashier.read import fen
from gongji.gateway.promised import promise
from gongji.web.charts import Part, who_pays

__all__ = ["LineSplit", "Split", "Why", "promised", "split_of"]


class Why(msgspec.Struct, frozen=True):
    """One fund's amount with the words that explain it."""

    name: str
    amount_fen: int
    text: str


class LineSplit(msgspec.Struct, frozen=True):
    """How one line was treated."""

    key: str
    amount_fen: int
    selfpay_fen: int
    prepay_fen: int
    over_fen: int
    in_scope_fen: int
    note: str


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """A bill cut by who pays. ``own_fen`` is the member's own account, ``mutual_fen`` that of relatives."""

    total_fen: int
    fund_fen: int
    own_fen: int
    mutual_fen: int
    cash_fen: int
    deductible_fen: int
    selfpay_fen: int
    prepay_fen: int
    over_fen: int
    in_scope_fen: int
    balance_fen: int
    settlement_no: str = ""
    visit_no: str = ""
    why: tuple[Why, ...] = ()
    lines: tuple[LineSplit, ...] = ()

    @property
    def member_fen(self) -> int:
        """What no fund pays: from accounts or in cash."""
        return self.total_fen - self.fund_fen

    @property
    def parts(self) -> list[Part]:
        """For the stacked bar."""
        return who_pays(self.fund_fen, self.own_fen, self.mutual_fen, self.cash_fen)

    @property
    def account_fen(self) -> int:
        """From all accounts."""
        return self.own_fen + self.mutual_fen

    def line(self, key: str) -> LineSplit | None:
        return next((line for line in self.lines if line.key == key), None)


def split_of(output: dict[str, Any]) -> Split:
    """The split that 2101, 2102, 2206 or 2207 answers."""
    info = output["setlinfo"]
    mutual = fen(info["acct_mulaid_pay"])
    return Split(
        total_fen=fen(info["medfee_sumamt"]),
        fund_fen=fen(info["fund_pay_sumamt"]),
        own_fen=fen(info["acct_pay"]) - mutual,
        mutual_fen=mutual,
        cash_fen=fen(info["psn_cash_pay"]),
        deductible_fen=fen(info["act_pay_dedc"]),
        selfpay_fen=fen(info["fulamt_ownpay_amt"]),
        prepay_fen=fen(info["preselfpay_amt"]),
        over_fen=fen(info["overlmt_selfpay"]),
        in_scope_fen=fen(info["inscp_scp_amt"]),
        balance_fen=fen(info["balc"]),
        settlement_no=info["setl_id"] or "",
        visit_no=info["mdtrt_id"],
        why=tuple(
            Why(row["fund_pay_type_name"], fen(row["fund_payamt"]), row["setl_proc_info"])
            for row in output["setldetail"]
        ),
        lines=tuple(_line(row) for row in output.get("detlcutinfo") or output.get("result") or ()),
    )


def _line(row: dict[str, Any]) -> LineSplit:
    return LineSplit(
        key=row["feedetl_sn"],
        amount_fen=fen(row["det_item_fee_sumamt"]),
        selfpay_fen=fen(row["fulamt_ownpay_amt"]),
        prepay_fen=fen(row["preselfpay_amt"]),
        over_fen=fen(row["overlmt_amt"]),
        in_scope_fen=fen(row["inscp_scp_amt"]),
        note=row["memo"] or "",
    )


def promised(split: Split) -> dict[str, str]:
    """exp_content of the settlement that pays just this: F8 does what the screen has shown, or nothing."""
    return promise(split.in_scope_fen, split.fund_fen, split.own_fen + split.mutual_fen, split.cash_fen)
