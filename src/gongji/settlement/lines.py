"""How one fee line is treated before any arithmetic: payable by the pool or full self-pay, and who may pay
it.

Everything here is decided once per line, identically for quote, cases, engine and 2204/2206. Sources:
晋医保办发〔2022〕27号 第九、十四、十七、二十条, 国家医保办发〔2023〕4号 三(一), 晋政办发〔2021〕103号
二(四) (SX2021-103.s2.4.c), decisions A13, A19, A37, A38.

Clauses: SX2022-27.art25.a, SX2022-27.art4.d.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, Value

DRUG = "drug"
CONSUMABLE = "consumable"
SERVICE = "service"
DEVICE = "device"
DELIVERY = "delivery"
HEALTH_FOOD = "health_food"
FITNESS = "fitness"
WELLNESS = "wellness"
PUBLIC_HEALTH = "public_health"

KINDS = frozenset(
    {DRUG, CONSUMABLE, SERVICE, DEVICE, DELIVERY, HEALTH_FOOD, FITNESS, WELLNESS, PUBLIC_HEALTH}
)
"""What a line can be: 药品, 医用耗材, 医疗服务项目, 医疗器械, 配送费, 保健食品, 体育健身, 养生保健,
公共卫生."""

CATEGORIES = frozenset({"A", "B", "C"})
"""甲类, 乙类, 丙类 (自费) of the three catalogues; chrgitm_lv 01, 02, 03."""

_NEVER = {
    DELIVERY: "DELIVERY_FEE",
    HEALTH_FOOD: "NOT_MEDICAL",
    FITNESS: "NOT_MEDICAL",
    WELLNESS: "NOT_MEDICAL",
    PUBLIC_HEALTH: "PUBLIC_HEALTH",
}
_FORBIDDEN_AS = {
    DELIVERY: "delivery",
    HEALTH_FOOD: "wellness",
    FITNESS: "fitness",
    WELLNESS: "wellness",
    PUBLIC_HEALTH: "public_health",
}
_TREAT_OF_B = {
    DRUG: layout.TREAT_B_DRUG,
    CONSUMABLE: layout.TREAT_B_CONSUMABLE,
    DEVICE: layout.TREAT_B_CONSUMABLE,
    SERVICE: layout.TREAT_B_SERVICE,
}


class Treatment(msgspec.Struct, frozen=True):
    """How a line enters the kernel. ``reason`` is the code of ``base.reasons`` when the line is full
    self-pay for a reason other than belonging to 丙类."""

    treat: int
    flags: int
    reason: str | None = None


class AccountScope(msgspec.Struct, frozen=True):
    """What personal accounts may buy: kinds of goods at a pharmacy, and uses that are forbidden
    everywhere."""

    at_pharmacy: frozenset[str] = frozenset({DRUG, DEVICE, CONSUMABLE})
    forbidden: frozenset[str] = frozenset({"public_health", "fitness", "wellness", "delivery"})


NATIONAL_SCOPE = AccountScope()
"""国办发〔2021〕14号 and 国家医保办发〔2023〕4号 三(一): what holds where a region has no words of its
own."""


@lru_cache(maxsize=4096)
def account_scope(law: Law, region: str, on: date) -> AccountScope:
    """The scope that ``region``'s documents state on ``on``; delivery is never payable while the law says
    so."""
    kinds = law.value("account.pharmacy_kinds", region, on)
    forbidden = law.value("account.forbidden", region, on)
    delivery = law.value("delivery.payable", region, on)
    free = not isinstance(delivery, Refusal) and bool(delivery.raw)
    stated = _texts(forbidden) or NATIONAL_SCOPE.forbidden
    return AccountScope(
        at_pharmacy=_texts(kinds) or NATIONAL_SCOPE.at_pharmacy,
        forbidden=stated - {"delivery"} if free else stated | {"delivery"},
    )


def _texts(value: Value | Refusal) -> frozenset[str]:
    if isinstance(value, Refusal) or not isinstance(value.raw, tuple):
        return frozenset()
    return frozenset(item for item in value.raw if isinstance(item, str))


def line_treatment(
    category: str,
    kind: str,
    *,
    in_catalogue: bool = True,
    restriction_met: bool = True,
    in_house: bool = True,
    on_prescription: bool = True,
    at_pharmacy: bool = False,
    account_allowed: bool = True,
    chronic: bool = False,
    scope: AccountScope = NATIONAL_SCOPE,
) -> Treatment:
    """Treatment of a line of ``category`` (A, B, C) and ``kind`` (one of ``KINDS``).

    The first reason that holds makes the line full self-pay: never medical, outside the catalogue or 丙类,
    not a drug at a pharmacy, not on the prescription, service done elsewhere, restriction not met (A37).
    Raises KeyError for a category or kind outside the closed sets: the caller has checked them.
    """
    if category not in CATEGORIES or kind not in KINDS:
        raise KeyError(f"{category} {kind}")
    account = account_allowed and _FORBIDDEN_AS.get(kind) not in scope.forbidden
    if at_pharmacy and kind not in scope.at_pharmacy and kind not in _NEVER:
        account = False
    flags = layout.FLAG_ACCOUNT if account else 0
    never = _NEVER.get(kind)
    if never:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, never)
    if not in_catalogue:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, "OUT_OF_CATALOGUE")
    if category == "C":
        return Treatment(layout.TREAT_FULL_SELFPAY, flags)
    if at_pharmacy and kind != DRUG:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, "PHARMACY_DRUGS_ONLY")
    if at_pharmacy and not on_prescription:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, "NO_PRESCRIPTION")
    if not in_house and kind != DRUG:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, "SERVICE_NOT_IN_HOUSE")
    if not restriction_met:
        return Treatment(layout.TREAT_FULL_SELFPAY, flags, "RESTRICTED")
    if chronic:
        flags |= layout.FLAG_CARVE_OUT
    return Treatment(layout.TREAT_A if category == "A" else _TREAT_OF_B[kind], flags)


def restriction_is_met(restricted: bool, approval: str) -> bool:
    """Whether a line counts as within its 限定 range: 限制使用标志 of the catalogue × 医院审批标志 of the
    line (2204).

    Restricted items need an approval of the institution ("1"); an item refused by it ("2") is self-pay in
    any case; "0" (无须审批) and an absent flag mean no approval was given.
    """
    if restricted:
        return approval == "1"
    return approval != "2"
