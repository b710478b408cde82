"""Chart of accounts (会计科目) of the claims ledger, as data: code, Chinese name, normal side.

Debits are positive amounts, credits negative ones. Codes are our own (decision A40: codes are data, names fixed); a
region that books under other codes maps them when its vouchers are made.
"""

from typing import Final, Literal

import msgspec

__all__ = ["CHART", "Account"]

Side = Literal["debit", "credit"]


class Account(msgspec.Struct, frozen=True):
    """One account of the chart."""

    code: int
    name: str
    side: Side


POOL_OUTPATIENT: Final = 5101
POOL_CHRONIC: Final = 5102
POOL_DUAL_CHANNEL: Final = 5103
POOL_AS_INPATIENT: Final = 5104
ACCOUNT_HOSPITAL: Final = 5201
ACCOUNT_PHARMACY: Final = 5202
MUTUAL_HOSPITAL: Final = 5211
MUTUAL_PHARMACY: Final = 5212
DEPOSIT: Final = 1002
MEMBER_CASH: Final = 1101
RECEIVABLE: Final = 1201
PROVIDER_PAYABLE: Final = 2101
MEMBER_ACCOUNT: Final = 2201
CLAIM_PAYABLE: Final = 2301
ACCOUNT_OPENING: Final = 3101
CREDIT_ACTIVE: Final = 5301
CREDIT_RETIRED: Final = 5302
INTEREST: Final = 5303
PREMIUM: Final = 5221
WITHDRAWAL: Final = 5222
TRANSFER_INCOME: Final = 4101
TRANSFER_EXPENSE: Final = 5401
ACCOUNT_TRANSFER: Final = 5304

CHART: Final[dict[int, Account]] = {
    account.code: account
    for account in (
        Account(DEPOSIT, "支出户存款", "debit"),
        Account(MEMBER_CASH, "参保人现金自付", "debit"),
        Account(RECEIVABLE, "应收多计入个人账户款", "debit"),
        Account(PROVIDER_PAYABLE, "应付定点医药机构医药费", "credit"),
        Account(MEMBER_ACCOUNT, "参保人个人账户", "credit"),
        Account(CLAIM_PAYABLE, "应付参保人零星报销款", "credit"),
        Account(ACCOUNT_OPENING, "个人账户期初余额", "debit"),
        Account(POOL_OUTPATIENT, "统筹基金待遇支出——门诊统筹", "debit"),
        Account(POOL_CHRONIC, "统筹基金待遇支出——门诊慢特病", "debit"),
        Account(POOL_DUAL_CHANNEL, "统筹基金待遇支出——双通道谈判药品", "debit"),
        Account(POOL_AS_INPATIENT, "统筹基金待遇支出——参照住院的门诊治疗", "debit"),
        Account(ACCOUNT_HOSPITAL, "个人账户待遇支出——普通门诊支出", "debit"),
        Account(ACCOUNT_PHARMACY, "个人账户待遇支出——药店医药费支出", "debit"),
        Account(MUTUAL_HOSPITAL, "个人账户待遇支出——普通门诊支出（家庭共济）", "debit"),
        Account(MUTUAL_PHARMACY, "个人账户待遇支出——药店医药费支出（家庭共济）", "debit"),
        Account(CREDIT_ACTIVE, "个人账户划入——在职个人缴费", "debit"),
        Account(CREDIT_RETIRED, "个人账户划入——退休统筹定额", "debit"),
        Account(INTEREST, "个人账户利息", "debit"),
        Account(ACCOUNT_TRANSFER, "个人账户划转——转移接续", "debit"),
        Account(PREMIUM, "个人账户支出——代缴保费", "debit"),
        Account(WITHDRAWAL, "个人账户支出——支取", "debit"),
        Account(TRANSFER_INCOME, "转移收入", "credit"),
        Account(TRANSFER_EXPENSE, "转移支出", "debit"),
    )
}
