"""Ledger (账): the chart of accounts, and journal entries that always balance.

An entry states who bears a settlement and to whom the money is owed, on the day of the settlement: it is the *claims*
ledger. The fund's own books are on a cash basis (收付实现制, decision A40): their vouchers are posted when the
clearing pays, and name the expense sub-accounts of the seed's article 28.
"""

from gongji.ledger.chart import CHART, Account
from gongji.ledger.postings import (
    Entry,
    Leg,
    claim_entry,
    claim_payment_entry,
    debt_payment_entry,
    debt_set_off_entry,
    opening_credit,
    premium_entry,
    settlement_entry,
    transfer_in_entry,
    transfer_out_entry,
    withdrawal_entry,
)

__all__ = [
    "CHART",
    "Account",
    "Entry",
    "Leg",
    "claim_entry",
    "claim_payment_entry",
    "debt_payment_entry",
    "debt_set_off_entry",
    "opening_credit",
    "premium_entry",
    "settlement_entry",
    "transfer_in_entry",
    "transfer_out_entry",
    "withdrawal_entry",
]
