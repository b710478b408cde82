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
NOTED: Final = {**REFUSED, "notes": WORDS}
DOCUMENTS: Final = {"documents": Field(WORDS)}
PERIOD: Final = {"from": Field(DAY), "until": Field(DAY)}
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
                "ordinary",
                "chronic",
                "as_inpatient",
                "dual_channel",
                "own_account",
                "family_account",
                required=False,
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
    "interest": Op(
        "年度计息", {"year": Field(NUMBER, required=True)}, {**REFUSED, **HELD, "amount": MONEY}, dated=False
    ),
    "balance": Op("账户余额", {}, {**REFUSED, **HELD, "movements": NUMBER}),
    "statement": Op(
        "收支明细",
        {"from": NEEDED_DAY, "until": NEEDED_DAY},
        {
            **REFUSED,
            "opening": MONEY,
            "credited": MONEY,
            "interest": MONEY,
            "spent": MONEY,
            "mutual": MONEY,
            "premiums": MONEY,
            "withdrawn": MONEY,
            "closing": MONEY,
            "movements": NUMBER,
            "users": WORDS,
        },
        dated=False,
    ),
    "bind": Op(
        "家庭共济绑定",
        {
            "user": NEEDED_TEXT,
            "relation": NEEDED_TEXT,
            "proof": Field(TEXT),
            "declared": Field(SWITCH),
            **PERIOD,
        },
        {**REFUSED, "owners": WORDS},
    ),
    "unbind": Op("解除家庭共济", {"user": NEEDED_TEXT, "from": Field(DAY)}, {**REFUSED, "owners": WORDS}),
    "limit": Op(
        "共济限额",
        {
            "user": Field(TEXT),
            "per_settlement": Field(MONEY),
            "per_month": Field(MONEY),
            "per_year": Field(MONEY),
            "from": Field(DAY),
        },
        {**REFUSED, "room": MONEY},
    ),
    "premium": Op(
        "代缴保费",
        {"product": NEEDED_TEXT, "amount": NEEDED_MONEY, "user": Field(TEXT), "year": Field(NUMBER)},
        {**REFUSED, **HELD},
    ),
    "withdraw": Op(
        "申请支取",
        {
            "ground": _words("death", "leaving", "cash"),
            "event": Field(DAY),
            "payees": Field(WORDS),
            "shares": Field(WORDS),
            "certs": Field(WORDS),
            "agent": Field(SWITCH),
            "by": Field(TEXT),
            **DOCUMENTS,
        },
        {**REFUSED, **HELD, "state": TEXT, "due": DAY, "detail": TEXT},
    ),
    "transfer_out": Op(
        "申请转出",
        {"region": NEEDED_TEXT, "event": Field(DAY), "by": Field(TEXT), **DOCUMENTS},
        {**REFUSED, **HELD, "state": TEXT, "due": DAY, "detail": TEXT},
    ),
    "transfer_in": Op(
        "转入",
        {"region": NEEDED_TEXT, "amount": NEEDED_MONEY, "by": Field(TEXT)},
        {**REFUSED, **HELD, "state": TEXT},
    ),
    "case": Op(
        "办理账户业务",
        {
            "action": _words("approve", "reject", "cancel", "pay", "return", "repay"),
            "by": NEEDED_TEXT,
            "payee": Field(NUMBER),
        },
        {
            **REFUSED,
            **HELD,
            "state": TEXT,
            "paid": MONEY,
            "payments": MONEYS,
            "recovered": MONEY,
            "owed": MONEY,
            "interest": MONEY,
        },
    ),
    "claim": Op(
        "零星报销",
        {
            "received": NEEDED_DAY,
            "today": Field(DAY),
            "settled": Field(DAY),
            "area": Field(TEXT),
            "abroad": Field(SWITCH),
            "disease": Field(TEXT),
            "kind": _words("hospital", "clinic", "pharmacy", "internet", required=False),
            "level": Field(TEXT),
            "fee_class": Field(TEXT),
            "designated": Field(SWITCH),
            "pooled_agreement": Field(SWITCH),
            "direct_settlement": Field(SWITCH),
            "emergency": Field(SWITCH),
            "voucher": Field(SWITCH),
            "excluded": Field(TEXT),
            "prescription": Field(SWITCH),
            "system_failure": Field(SWITCH),
            "agent": Field(SWITCH),
            "invoice": Field(TEXT),
            "total": Field(MONEY),
            "lacking": Field(WORDS),
            "taken_out": Field(MONEY),
            "taken_out_reason": Field(TEXT),
            "line": Field(NUMBER),
            **DOCUMENTS,
        },
        {
            **{name: kind for name, kind in SETTLED.items() if name != "error"},
            "missing": WORDS,
            "due": DAY,
            "paid": MONEY,
        },
        visit="bill",
    ),
    "begin": Op(
        "开始参保",
        {
            "from": NEEDED_DAY,
            "until": Field(DAY),
            "category": Field(TEXT),
            "region": Field(TEXT),
            "employer": Field(TEXT),
            "has_account": Field(SWITCH),
        },
        NOTED,
    ),
    "retire": Op(
        "登记退休",
        {"approved": Field(DAY), "from": Field(DAY), "category": Field(TEXT)},
        {**NOTED, "from": DAY},
    ),
    "move": Op(
        "变更参保关系",
        {
            "from": Field(DAY),
            "region": Field(TEXT),
            "employer": Field(TEXT),
            "category": Field(TEXT),
            "has_account": Field(SWITCH),
        },
        NOTED,
    ),
    "end": Op("终止参保关系", {"last": NEEDED_DAY, "cause": NEEDED_TEXT, "by": Field(TEXT)}, NOTED),
    "resume": Op("恢复参保", {"from": Field(DAY)}, NOTED),
    "death": Op("登记死亡", {"died": NEEDED_DAY, "by": Field(TEXT)}, NOTED),
    "death_revoked": Op("撤销死亡登记", {}, NOTED),
    "benefit_stop": Op(
        "登记欠费或等待期",
        {"action": _words("set", "lift"), "kind": _words("arrears", "waiting"), **PERIOD},
        NOTED,
    ),
    "voucher_change": Op(
        "凭证挂失、冻结、补换",
        {"action": _words("lose", "release", "block", "unblock", "replace"), "number": Field(NUMBER)},
        NOTED,
    ),
    "filing": Op(
        "异地就医备案",
        {
            "action": _words("file", "change", "cancel"),
            "kind": Field(TEXT),
            "subtype": Field(TEXT),
            "region": Field(TEXT),
            "number": Field(NUMBER),
            **PERIOD,
        },
        {**NOTED, "from": DAY, "until": DAY},
    ),
    "register": Op(
        "核对身份信息",
        {
            "cert": NEEDED_TEXT,
            "cert_type": Field(TEXT),
            "born": NEEDED_DAY,
            "gender": Field(TEXT),
            "name": Field(TEXT),
        },
        REFUSED,
    ),
    "deadline": Op(
        "办理期限",
        {"term": _words("claim", "transfer", "stop_report")},
        {**REFUSED, "due": DAY, "days": NUMBER, "working_day": SWITCH},
    ),
}
"""Every operation of the insured side."""
