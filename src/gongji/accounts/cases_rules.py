"""What an application must have before an account's case is opened: ground, documents, payees, the other agency; pure.

Cash is paid out on death or on leaving only (``account.cash_withdrawal``: 庆阳 第八条、第九条); documents asked for are law too,
and all that are missing are named at once. Shares of heirs add up to the whole exactly; an amount is split by largest remainder.
Clauses QY.art8.b, QY.art8.c, QY.art8.d, QY.art9.b.
"""

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final

from gongji.accounts.cases import CASE_KINDS
from gongji.accounts.values import Office, Payee
from gongji.base.money import MAX_FEN, apportion
from gongji.base.reasons import Refusal
from gongji.base.regions import is_within, normalise_region, pooling_area
from gongji.members.identity import is_valid_cert_no
from gongji.members.values import Standing
from gongji.policy import Value
from gongji.policy.model import Leaf

__all__ = ["GROUNDS", "check_ground", "check_payees", "check_transfer", "missing_documents", "split"]

GROUNDS: Final = ("death", "leaving")
MOST_PAYEES: Final = 50
ACCOUNT_DIGITS: Final = (8, 32)


def check_ground(office: Office, ground: str, standing: Standing, event_on: date) -> Value | Refusal:
    """The law by which cash is paid out on this ground, or WITHDRAWAL_NOT_ALLOWED with its article."""
    region = standing.region
    law = office.value("account.cash_withdrawal", region)
    if isinstance(law, Refusal):
        return law
    if ground not in GROUNDS or law.raw != "on_death_or_leaving":
        return Refusal("WITHDRAWAL_NOT_ALLOWED", CASE_KINDS.get(ground, ground), law.clause, law.citation)
    died_on = standing.person.died_on
    if ground == "death" and died_on != event_on:
        known = f"登记的死亡日期 {died_on}" if died_on else "没有登记死亡"
        return Refusal("WITHDRAWAL_NOT_ALLOWED", known, law.clause, law.citation)
    if ground == "leaving" and died_on is not None:
        return Refusal("MEMBER_DECEASED", f"{died_on}，应办理死亡支取")
    if ground == "leaving" and (standing.insured or event_on > office.on):
        return Refusal("WITHDRAWAL_NOT_ALLOWED", "参保关系尚未终止", law.clause, law.citation)
    return law


def missing_documents(
    office: Office, keys: Sequence[str], region: str, given: Collection[str]
) -> Refusal | None:
    """DOCUMENTS_MISSING with the names of every document that the law's lists ``keys`` ask for and that is not ``given``."""
    missing: list[str] = []
    clause = citation = None
    for key in keys:
        asked = office.value(key, region)
        if isinstance(asked, Refusal):
            return asked
        assert isinstance(asked.raw, tuple)
        lacking = tuple(str(one) for one in asked.raw if one not in given)
        if lacking:
            missing.append(office.law.value_text(key, Leaf("list", lacking)))
            clause, citation = clause or asked.clause, citation or asked.citation
    return Refusal("DOCUMENTS_MISSING", "、".join(missing), clause, citation) if missing else None


def check_payees(payees: Sequence[Payee]) -> Refusal | None:
    """HEIR_INVALID for a payee without name, relation, sound identity number or bank account, or named twice;
    SHARES_NOT_WHOLE unless the shares add up to one. Payees are named by their number: no personal data in a refusal.
    """
    if not 1 <= len(payees) <= MOST_PAYEES:
        return Refusal("HEIR_INVALID", f"收款人 1 至 {MOST_PAYEES} 人，现有 {len(payees)} 人")
    seen: set[str] = set()
    for number, payee in enumerate(payees, start=1):
        fault = _fault(payee) or ("与另一收款人证件号码相同" if payee.cert_no.upper() in seen else "")
        if fault:
            return Refusal("HEIR_INVALID", f"第 {number} 位{fault}")
        seen.add(payee.cert_no.upper())
    return _check_shares([payee.share for payee in payees])


def _fault(payee: Payee) -> str:
    digits = payee.bank_account
    shortest, longest = ACCOUNT_DIGITS
    if not payee.name.strip():
        return "缺少姓名"
    if not is_valid_cert_no(payee.cert_no):
        return "身份证号码不正确"
    if not payee.relation.strip():
        return "缺少与参保人的关系"
    if not payee.bank.strip() or not (
        digits.isascii() and digits.isdigit() and shortest <= len(digits) <= longest
    ):
        return "银行账户不正确"
    return ""


def _check_shares(shares: Sequence[tuple[int, int]]) -> Refusal | None:
    if any(numerator <= 0 or denominator <= 0 for numerator, denominator in shares):
        return Refusal("SHARES_NOT_WHOLE", "每份须大于零")
    total = sum((Fraction(*share) for share in shares), Fraction())
    if total != 1:
        return Refusal("SHARES_NOT_WHOLE", f"合计 {total}")
    if lcm(*(denominator for _, denominator in shares)) > MAX_FEN:
        return Refusal("SHARES_NOT_WHOLE", "份额的分母过大")
    return None


def split(total_fen: int, shares: Sequence[tuple[int, int]]) -> list[int]:
    """``total_fen`` by ``shares`` (fractions that add up to one), by largest remainder: nothing is lost (812.34 → 406.17 + 406.17).

    Of equal remainders the earlier payee has the odd fen.
    """
    common = lcm(*(denominator for _, denominator in shares))
    return apportion(total_fen, [numerator * (common // denominator) for numerator, denominator in shares])


def check_transfer(office: Office, home: str, other: str) -> Value | Refusal:
    """The law by which a balance goes from or comes to ``home`` across cities (``account.transfer_across``).

    TRANSFER_WITHIN_CITY when both lie in one city: the relation changes, account and balance stay (庆阳 第八条).
    """
    try:
        place = normalise_region(other)
    except ValueError as error:
        return Refusal("REGION_UNKNOWN", str(error))
    if is_within(place, pooling_area(home)):
        within = office.value("account.transfer_within_city", home)
        if isinstance(within, Refusal):
            return Refusal("TRANSFER_WITHIN_CITY", f"{home} 至 {other}")
        if not within.raw:
            return Refusal("TRANSFER_WITHIN_CITY", f"{home} 至 {other}", within.clause, within.citation)
        return within
    across = office.value("account.transfer_across", home)
    if isinstance(across, Refusal) or across.raw:
        return across
    return Refusal("TRANSFER_NOT_OPEN", f"{home} 至 {other}", across.clause, across.citation)
