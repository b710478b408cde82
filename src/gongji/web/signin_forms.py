"""Forms of signing in and of one's own account."""

from typing import Any

from django import forms

from gongji.access.limits import PASSWORD_LENGTH, PASSWORD_LONGEST

__all__ = ["CodeForm", "FactorForm", "FirstPasswordForm", "PasswordChangeForm", "SignInForm", "VoucherForm"]

CODE_LENGTH = 7
"""Six digits, and a blank in the middle as some authenticators show them."""


def _password(label: str, purpose: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": purpose})
    return forms.CharField(
        label=label, strip=False, max_length=PASSWORD_LONGEST, widget=widget, help_text=help_text,
        error_messages={"required": f"请输入{label}。", "max_length": f"最多 {PASSWORD_LONGEST} 个字符。"},
    )  # fmt: skip


def _new_password() -> forms.CharField:
    return _password(
        "新密码",
        "new-password",
        f"至少 {PASSWORD_LENGTH} 个字符；不要包含登录名或姓名，不要用常见的密码。几个不相干的词连起来又长又好记。",
    )


def _text(label: str, length: int, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.TextInput(attrs=attributes),
        error_messages={"required": f"请输入{label}。", "max_length": f"{label}太长。"},
    )  # fmt: skip


class SignInForm(forms.Form):
    """Name and password."""

    username = _text("登录名", 64, autocomplete="username", autocapitalize="none", spellcheck="false")
    password = _password("密码", "current-password")


class VoucherForm(forms.Form):
    """The token that an e-voucher shows."""

    voucher = _text("电子凭证码", 64, autocomplete="off", autocapitalize="none", spellcheck="false")


class CodeForm(forms.Form):
    """A one-time code."""

    code = forms.CharField(
        label="验证码", max_length=CODE_LENGTH, help_text="认证器现在显示的 6 位数字。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "请输入验证码。", "max_length": "验证码是 6 位数字。"},
    )  # fmt: skip


class FactorForm(CodeForm):
    """A code of the new authenticator, after the present password."""

    current = _password("现在的密码", "current-password")
    field_order = ("current", "code")


class FirstPasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    new = _new_password()
    again = _password("再输入一次新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一样。")
        return given


class PasswordChangeForm(FirstPasswordForm):
    """The same, after the present one."""

    current = _password("现在的密码", "current-password")
    field_order = ("current", "new", "again")
