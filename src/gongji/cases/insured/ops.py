"""The operations of the insured side: what a step of each states and what it computes, by name and kind of value."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.cases import form
from gongji.cases.form import DAY, MONEY, MONEYS, NUMBER, SWITCH, TEXT, WORDS

MONTH: Final = "month"
WORD: Final = "word"


class Field(msgspec.Struct, frozen=True):
    """One name of a step: how its value is written, whether it must be there, and which words it may be."""

    kind: str
    required: bool = False
    words: tuple[str, ...] = ()


class Op(msgspec.Struct, frozen=True):
    """One operation. ``lines``: it states a visit (place, facts, fee lines) as ``settle`` does, ``place`` one without lines."""

    title: str
    fields: dict[str, Field]
    expect: dict[str, str]
    visit: str = ""
    dated: bool = True


def _words(*words: str, required: bool = True) -> Field:
    return Field(WORD, required, words)


NEEDED_TEXT: Final = Field(TEXT, required=True)
NEEDED_MONEY: Final = Field(MONEY, required=True)
NEEDED_DAY: Final = Field(DAY, required=True)

REFUSED: Final = {"reason": TEXT, "clause": TEXT}
"""Every operation says why it was refused, and by which clause; ``reason`` empty means that it was accepted."""
HELD: Final = {"own_account": MONEY, "receivable": MONEY, "account_state": TEXT}
"""The person's account afterwards."""
DOCUMENTS: Final = {"documents": Field(WORDS)}
SETTLED: Final = {**form.EXPECTATIONS[form.SETTLE], "clause": TEXT, "benefit": TEXT, "draws": WORDS}

OPS: Final[dict[str, Op]] = {
    "standing": Op(
        "参保状态",
        {"known": Field(DAY)},
        {
            **REFUSED,
            "insured": SWITCH,
            "status": TEXT,
            "category": TEXT,
            "payer": TEXT,
            "employer": TEXT,
            "region": TEXT,
            "has_account": SWITCH,
            "arrears": SWITCH,
            "arrears_paid_on": DAY,
            "waiting": SWITCH,
            "insured_from": DAY,
            "paused_from": DAY,
            "filing": TEXT,
            "age": NUMBER,
        },
    ),
    "voucher": Op("凭证", {"number": Field(NUMBER)}, {**REFUSED, "state": TEXT}),
    "eligibility": Op(
        "待遇资格",
        {
            "area": Field(TEXT),
            "disease": Field(TEXT),
            "benefit": _words(
                "ordinary", "chronic", "as_inpatient", "dual_channel", "own_account", "family_account", required=False
            ),
            "draft": Field(SWITCH),
        },
        {
            **REFUSED,
            "entitled": SWITCH,
            "state": TEXT,
            "offsite": TEXT,
            "from": DAY,
            "until": DAY,
            "own_account": SWITCH,
            "family_account": SWITCH,
            "identities": WORDS,
        },
        visit="place",
    ),
    "settle": Op(
        "结算",
        {"area": Field(TEXT), "disease": Field(TEXT)},
        SETTLED,
        visit="lines",
    ),
    "refund": Op("退费", {}, form.EXPECTATIONS[form.REFUND], dated=False),
    "contribute": Op(
        "登记缴费",
        {
            "month": Field(MONTH, required=True),
            "base": NEEDED_MONEY,
            "employer": Field(MONEY),
            "personal": Field(MONEY),
            "employer_name": Field(TEXT),
            "due": Field(DAY),
            "paid": Field(DAY),
        },
        REFUSED,
    ),
    "credit": Op(
        "月度计入",
        {"month": Field(MONTH, required=True)},
        {
            **REFUSED,
            **HELD,
            "amount": MONEY,
            "rule": TEXT,
            "base": MONEY,
            "pool": MONEY,
            "delta": MONEY,
            "sequence": NUMBER,
        },
        dated=False,
    ),
    "interest": Op("年度计息", {"year": Field(NUMBER, required=True)}, {**REFUSED, **HELD, "amount": MONEY}, dated=False),
    "balance": Op("账户余额", {}, {**REFUSED, **HELD, "movements": NUMBER}),
}
"""Every operation; the rooms' own files add theirs below."""
