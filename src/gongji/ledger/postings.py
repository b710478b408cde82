"""Which legs an event has; every entry adds up to zero, to the fen.

A leg is (account, party, amount): debit positive, credit negative. The party is the person or institution whose money
or claim it is: the owner for a family payment (decision A40: expense of the **owner's** account), the institution for
what is owed to it.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from gongji.ledger import chart

__all__ = [
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

PHARMACY: Final = "pharmacy"
POOL_OF_BENEFIT: Final = {
    "dual_channel": chart.POOL_DUAL_CHANNEL,
    "as_inpatient": chart.POOL_AS_INPATIENT,
}
"""Benefits whose pooled part is accounted for apart (QY 第十九、二十条); any other is 门诊统筹."""


class Leg(msgspec.Struct, frozen=True):
    """One side of an entry."""

    account: int
    party: str
    amount_fen: int


class Entry(msgspec.Struct, frozen=True):
    """Legs of one event, Σ = 0. An entry without legs (a settlement of nothing) is balanced too."""

    legs: tuple[Leg, ...]

    @property
    def accounts(self) -> list[int]:
        return [leg.account for leg in self.legs]

    @property
    def parties(self) -> list[str]:
        return [leg.party for leg in self.legs]

    @property
    def amounts(self) -> list[int]:
        return [leg.amount_fen for leg in self.legs]


def settlement_entry(
    *,
    psn_no: str,
    provider: str,
    place_kind: str,
    pool_fen: int,
    chronic_fen: int,
    account_fen: int,
    family_draws: Sequence[tuple[str, int]],
    cash_fen: int,
    benefit: str = "ordinary",
) -> Entry:
    """Who bears a settlement of ``benefit``, against the institution that is owed the whole of it.

    ``place_kind`` ``pharmacy`` books account money as 药店医药费支出, any other as 普通门诊支出. A reversal passes the
    negated amounts and gets the mirrored entry.
    """
    pharmacy = place_kind == PHARMACY
    own = chart.ACCOUNT_PHARMACY if pharmacy else chart.ACCOUNT_HOSPITAL
    mutual = chart.MUTUAL_PHARMACY if pharmacy else chart.MUTUAL_HOSPITAL
    debits = [
        Leg(POOL_OF_BENEFIT.get(benefit, chart.POOL_OUTPATIENT), "", pool_fen),
        Leg(chart.POOL_CHRONIC, "", chronic_fen),
        Leg(own, psn_no, account_fen),
        *(Leg(mutual, owner, amount) for owner, amount in family_draws),
        Leg(chart.MEMBER_CASH, psn_no, cash_fen),
    ]
    total = sum(leg.amount_fen for leg in debits)
    legs = (*debits, Leg(chart.PROVIDER_PAYABLE, provider, -total))
    return Entry(tuple(leg for leg in legs if leg.amount_fen))


def claim_entry(psn_no: str, benefit: str, pool_fen: int, chronic_fen: int) -> Entry:
    """What the funds owe a member for a manual claim (零星报销): the institution was paid by the member already.

    A reversal passes the negated amounts. Paying the claim out debits CLAIM_PAYABLE.
    """
    legs = (
        Leg(POOL_OF_BENEFIT.get(benefit, chart.POOL_OUTPATIENT), "", pool_fen),
        Leg(chart.POOL_CHRONIC, "", chronic_fen),
        Leg(chart.CLAIM_PAYABLE, psn_no, -pool_fen - chronic_fen),
    )
    return Entry(tuple(leg for leg in legs if leg.amount_fen))


def claim_payment_entry(psn_no: str, amount_fen: int) -> Entry:
    """A manual claim paid out to the member; what the bank returns or the member pays back is the negated amount."""
    return Entry((Leg(chart.CLAIM_PAYABLE, psn_no, amount_fen), Leg(chart.DEPOSIT, psn_no, -amount_fen)))


def opening_credit(psn_no: str, amount_fen: int) -> Entry:
    """Balance that a personal account brings along when the system goes live."""
    return Entry(
        (Leg(chart.ACCOUNT_OPENING, psn_no, amount_fen), Leg(chart.MEMBER_ACCOUNT, psn_no, -amount_fen))
    )


def premium_entry(psn_no: str, payee: str, amount_fen: int) -> Entry:
    """A premium paid from the account of ``psn_no`` to ``payee``; its refund passes the negated amount."""
    return Entry((Leg(chart.PREMIUM, psn_no, amount_fen), Leg(chart.DEPOSIT, payee, -amount_fen)))


def withdrawal_entry(psn_no: str, amount_fen: int) -> Entry:
    """Balance paid out to an heir or to the member; a bank transfer that came back passes the negated amount."""
    return Entry((Leg(chart.WITHDRAWAL, psn_no, amount_fen), Leg(chart.DEPOSIT, psn_no, -amount_fen)))


def debt_payment_entry(psn_no: str, amount_fen: int) -> Entry:
    """An over-credit that the member owed, paid to the agency's bank account."""
    return Entry((Leg(chart.DEPOSIT, psn_no, amount_fen), Leg(chart.RECEIVABLE, psn_no, -amount_fen)))


def debt_set_off_entry(psn_no: str, amount_fen: int) -> Entry:
    """An over-credit that the member owed, taken from the balance."""
    return Entry((Leg(chart.MEMBER_ACCOUNT, psn_no, amount_fen), Leg(chart.RECEIVABLE, psn_no, -amount_fen)))


def transfer_in_entry(psn_no: str, agency: str, amount_fen: int) -> Entry:
    """Balance that comes with a member from another agency (转入).

    The fund has the income and passes it on to the member's account: so an account is what was put into it (2201) less
    what was spent from it (52xx), wherever it was kept before.
    """
    return Entry(
        (
            Leg(chart.DEPOSIT, agency, amount_fen),
            Leg(chart.TRANSFER_INCOME, psn_no, -amount_fen),
            Leg(chart.ACCOUNT_TRANSFER, psn_no, amount_fen),
            Leg(chart.MEMBER_ACCOUNT, psn_no, -amount_fen),
        )
    )


def transfer_out_entry(psn_no: str, agency: str, amount_fen: int) -> Entry:
    """Balance that goes with a member to another agency (转出); what came back passes the negated amount."""
    return Entry(
        (
            Leg(chart.TRANSFER_EXPENSE, psn_no, amount_fen),
            Leg(chart.DEPOSIT, agency, -amount_fen),
            Leg(chart.MEMBER_ACCOUNT, psn_no, amount_fen),
            Leg(chart.ACCOUNT_TRANSFER, psn_no, -amount_fen),
        )
    )
