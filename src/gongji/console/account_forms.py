"""Forms of the officers who manage accounts."""

from typing import Any

from django import forms

from gongji.access import ROLES, may_combine
from gongji.access.records import AccountRecord
from gongji.access.roles import MEMBER

__all__ = ["FilterForm", "NewAccountForm", "ReasonForm", "RoleForm", "grantable"]

STATES = (("", "全部"), ("active", "可用"), ("locked", "已锁定"), ("without", "没有角色"))
STAFF_ROLES = [(code, role.name) for code, role in ROLES.items() if code != MEMBER]
REASON_LENGTH = 200


def _text(label: str, length: int, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, help_text=help_text, required=required,
        error_messages={"required": f"请填写{label}。", "max_length": f"{label}不超过 {length} 个字。"},
    )  # fmt: skip


class FilterForm(forms.Form):
    """Which accounts are listed."""

    words = _text("登录名、姓名或机构编号", 50, required=False)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *STAFF_ROLES])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class ReasonForm(forms.Form):
    """Why an officer does this: kept with the event for the auditor."""

    reason = _text("事由", REASON_LENGTH, "例如工单编号、申请人、批准文件。审计员会看到。")


class NewAccountForm(ReasonForm):
    """Somebody who is to sign in."""

    username = _text("登录名", 40, "小写字母开头，可用数字、点和横线；以后不能更改。")
    name = _text("姓名", 50)
    institution = _text("机构编号", 12, "医药机构的工作人员填写，例如 H14010090011。", required=False)
    staff_code = _text("人员编码", 30, "医生、药师填写国家编码，须在该机构的人员名册中。", required=False)
    area = _text(
        "统筹区", 6, "经办机构的工作人员填写区划代码：14 全省，1401 一个市，140105 一个县。", required=False
    )
    field_order = ("username", "name", "institution", "staff_code", "area", "reason")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class RoleForm(ReasonForm):
    """A role to give."""

    role = forms.ChoiceField(
        label="角色",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一个角色。", "invalid_choice": "这个账号不能担任这个角色。"},
    )
    field_order = ("role", "reason")

    def __init__(self, account: AccountRecord, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = grantable(account)


def grantable(account: AccountRecord) -> list[tuple[str, str]]:
    """Roles that fit what the account is bound to and the roles that it holds, with their names."""
    binding = "institution" if account.institution else "area" if account.area else "platform"
    return [
        (code, role.name)
        for code, role in ROLES.items()
        if role.binding == binding
        and code not in account.roles
        and may_combine(frozenset(account.roles) | {code})
    ]
