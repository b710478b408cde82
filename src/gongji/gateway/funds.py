"""Which fund, clearing type and region code a settlement has in the national code lists."""

from gongji.base.regions import normalise_region

POOL = ("310102", "职工门诊统筹基金")
CHRONIC = ("310100", "城镇职工基本医疗保险统筹基金")
"""门诊慢特病 is paid by the pooled fund proper, not by the outpatient line of it."""
POOL_OF_BENEFIT = {"as_inpatient": CHRONIC}
"""报销金额计入住院费用内 (庆阳第二十条): a treatment settled like inpatient care is no charge on the outpatient line."""
OWN_ACCOUNT = ("310200", "城镇职工基本医疗保险个人账户基金")
FAMILY_ACCOUNT = ("310201", "个人账户家庭共济支付")
"""Local extension seen on live platforms beside 310200."""

CLEARING_BY_MED_TYPE = {"11": "11", "12": "12", "13": "13", "14": "14", "41": "41"}
OUTPATIENT, PHARMACY = "11", "41"
BY_ITEM = "1"
"""clr_way 按项目."""


def clearing_type(med_type: str, place_kind: str) -> str:
    """清算类别 of a medical category: pharmacies clear as 41, other outpatient categories as themselves or 11."""
    if place_kind == "pharmacy" and med_type != "14":
        return PHARMACY
    return CLEARING_BY_MED_TYPE.get(med_type, OUTPATIENT)


def six_digits(region: str) -> str:
    """Region code as the interface writes it: 1408 → 140800."""
    return normalise_region(region).ljust(6, "0")
