"""What a settlement's message states about the visit: attributes for the law, and which accounts may pay."""

from collections.abc import Mapping

import msgspec

from gongji.base.reasons import Refusal
from gongji.settlement.uses import EMERGENCY_MED_TYPES

NO, YES = "0", "1"
SPLIT_REASON_LENGTH = 200


class Accounts(msgspec.Struct, frozen=True):
    """Which balances may be offered."""

    own: bool
    family: bool


def stated(med_type: str, exp: Mapping[str, str]) -> dict[str, str] | Refusal:
    """Attributes from med_type and the keys of exp_content (TRUM_FLAG, REL_TTP_FLAG, OTP_ER_REFL_FLAG).

    An injury must say whether a third party is liable (规范 V1.1.21); with one, the fund does not pay (社会保险法 第三十条).
    """
    attributes: dict[str, str] = {}
    if exp.get("TRUM_FLAG") == YES and exp.get("REL_TTP_FLAG", "") not in (NO, YES):
        return Refusal("MISSING_FIELD", "exp_content.REL_TTP_FLAG（TRUM_FLAG 为 1 时必填）")
    if exp.get("REL_TTP_FLAG") == YES:
        attributes["excluded"] = "THIRD_PARTY"
    if med_type in EMERGENCY_MED_TYPES or exp.get("OTP_ER_REFL_FLAG") in ("1", "3"):
        attributes["emergency"] = "yes"
    return attributes


def accounts(acct_used_flag: str, exp: Mapping[str, str]) -> Accounts:
    """0 no account, 1 own then family (decision A18), 2 family only; ACCT_MULAID_FLAG 0 keeps the family out."""
    family = acct_used_flag in ("1", "2") and exp.get("ACCT_MULAID_FLAG", YES) != NO
    return Accounts(own=acct_used_flag == "1", family=family)


def split_reason(exp: Mapping[str, str]) -> str:
    """Why not everything of the prescription is bought here: key RX_SPLIT_REA of exp_content (SX2022-27.art14.b)."""
    return exp.get("RX_SPLIT_REA", "").strip()[:SPLIT_REASON_LENGTH]
