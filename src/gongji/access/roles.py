"""Roles (角色): the closed set, what each is bound to, and which may not meet in one account.

三员分立 after GB/T 22239 (三级): the system, security and audit officers are three persons, and none of them does business.
"""

from typing import Final, Literal

import msgspec

__all__ = [
    "MEMBER",
    "ROLES",
    "SEPARATE",
    "STAFF_OF_AGENCY",
    "STAFF_OF_INSTITUTION",
    "Binding",
    "Role",
    "may_combine",
]

Binding = Literal["person", "institution", "area", "platform"]
"""What a role is held for: a member's own affairs, one institution, one insured region and below, or the platform as such."""


class Role(msgspec.Struct, frozen=True):
    """``second_factor``: whoever holds it signs in with a one-time code as well."""

    code: str
    name: str
    binding: Binding
    second_factor: bool = False


_ALL: Final = (
    Role("member", "参保人", "person"),
    Role("doctor", "医生", "institution"),
    Role("cashier", "收费员", "institution"),
    Role("pharmacist", "药师", "institution"),
    Role("manager", "机构管理员", "institution"),
    Role("clerk", "经办受理", "area", True),
    Role("first_review", "经办初审", "area", True),
    Role("second_review", "经办复审", "area", True),
    Role("finance", "财务", "area", True),
    Role("inspector", "稽核", "area", True),
    Role("designation", "定点管理", "area", True),
    Role("policy", "政策管理", "area", True),
    Role("system_officer", "系统管理员", "platform", True),
    Role("security_officer", "安全管理员", "platform", True),
    Role("audit_officer", "审计员", "platform", True),
)

ROLES: Final = {role.code: role for role in _ALL}
MEMBER: Final = "member"
STAFF_OF_INSTITUTION: Final = frozenset(role.code for role in _ALL if role.binding == "institution")
STAFF_OF_AGENCY: Final = frozenset(role.code for role in _ALL if role.binding == "area")
SEPARATE: Final = frozenset(role.code for role in _ALL if role.binding == "platform")
"""Each of these stands alone in its account."""


def may_combine(codes: frozenset[str]) -> bool:
    """Whether one account may hold these roles: all of one binding, an officer of the three alone, and nobody reviews twice.

    Those who receive and those who review, and those who review and those who pay, are different persons (QY 第二十八条 in kind).
    """
    bindings = {ROLES[code].binding for code in codes}
    if len(bindings) > 1 or (codes & SEPARATE and len(codes) > 1) or (MEMBER in codes and len(codes) > 1):
        return False
    return len(codes & {"clerk", "first_review", "second_review", "finance"}) <= 1
