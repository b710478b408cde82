"""Accounts of the demonstration: one for each role, at institutions where there is something to do; and managers of two that
apply for an agreement."""

from typing import Final

from gongji.access.demonstration import DemoAccount
from gongji.demo_data.register import doctors, pharmacists
from gongji.demo_data.world import World

__all__ = ["AREA", "accounts"]

AREA: Final = "14"
"""The agency's people serve the whole province."""

# prefix of the user names, institution, roles
_PLACES: Final = (
    ("sq", "演示街道社区卫生服务中心", ("doctor", "cashier", "pharmacist", "manager")),
    ("sy", "演示省人民医院", ("doctor", "cashier", "pharmacist", "manager")),
    ("yd", "演示大药房总店", ("pharmacist", "cashier", "manager")),
    ("km", "演示康民药房", ("pharmacist", "cashier", "manager")),
    ("hm", "演示惠民药房（未开通门诊统筹）", ("manager",)),
    ("kq", "演示口腔诊所", ("manager",)),
)
_NAMES: Final = {
    ("sq", "cashier"): "周敏",
    ("sq", "manager"): "吴建国",
    ("sy", "cashier"): "徐丽",
    ("sy", "manager"): "孙志强",
    ("yd", "cashier"): "马艳",
    ("yd", "manager"): "朱海涛",
    ("km", "cashier"): "胡静",
    ("km", "manager"): "郭伟",
    ("hm", "manager"): "罗丹",
    ("kq", "manager"): "梁军",
}
"""People who are in no register: nobody asks a cashier for a licence."""

_AGENCY: Final = (
    ("shouli", "何晓梅", "clerk"),
    ("chushen", "高红", "first_review"),
    ("fushen", "林国平", "second_review"),
    ("caiwu", "郑芳", "finance"),
    ("jihe", "王磊", "inspector"),
    ("dingdian", "李春燕", "designation"),
    ("zhengce", "张明", "policy"),
)
_OFFICERS: Final = (
    ("sysadmin", "刘洋", "system_officer"),
    ("secadmin", "陈静", "security_officer"),
    ("auditor", "杨勇", "audit_officer"),
)


def accounts(world: World) -> tuple[DemoAccount, ...]:
    """All accounts, those of institutions first. Doctors and pharmacists carry the names of the register."""
    names = {str(row["staff_code"]): str(row["name"]) for row in world.tables["providers_staff"]}
    made: list[DemoAccount] = []
    for prefix, name, roles in _PLACES:
        place = world.institution(name)
        registered = {"doctor": doctors(place)[:1], "pharmacist": pharmacists(place)[:1]}
        for role in roles:
            code = "".join(registered.get(role, ()))
            person = names[code] if code else _NAMES[prefix, role]
            made.append(DemoAccount(f"{prefix}-{role}", person, role, place.code, code))
    made += [DemoAccount(username, name, role, area=AREA) for username, name, role in _AGENCY]
    made += [DemoAccount(username, name, role) for username, name, role in _OFFICERS]
    return tuple(made)
