"""Forms of family mutual aid: the questions of an application one by one, and a relative's limits."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from gongji.accounts.values import Limit
from gongji.base.money import MAX_FEN, format_yuan, parse_yuan
from gongji.members.family import PROOFS, RELATIONS
from gongji.members.identity import is_valid_cert_no

__all__ = ["CheckForm", "LimitForm", "PersonForm", "ProofForm", "RelationForm", "limit_texts"]

LIMITS: Final = (("per_settlement_fen", "每次结算"), ("per_month_fen", "每月"), ("per_year_fen", "每年"))
NAME_MOST: Final = 50
CERT_LENGTH: Final = 18


class RelationForm(forms.Form):
    """Who is it that may use the account?"""

    relation = forms.ChoiceField(
        label="您要让谁用您的个人账户？", widget=forms.RadioSelect, error_messages={"required": "请选一个"}
    )

    def __init__(self, allowed: tuple[str, ...], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["relation"].choices = [(key, f"我的{RELATIONS[key]}") for key in allowed]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """The relative's name and identity number."""

    name = forms.CharField(
        label="姓名", max_length=NAME_MOST, error_messages={"required": "请填姓名"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    cert_no = forms.CharField(
        label="身份证号码", max_length=CERT_LENGTH, help_text="18 位，末位是字母的写 X",
        error_messages={"required": "请填身份证号码", "max_length": "身份证号码是 18 位"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_cert_no(self) -> str:
        number = "".join(str(self.cleaned_data["cert_no"]).split()).upper()
        if not is_valid_cert_no(number):
            raise forms.ValidationError("身份证号码不对，请核对每一位")
        return number


class ProofForm(forms.Form):
    """What proves the relation."""

    proof = forms.ChoiceField(
        label="用什么证明亲属关系？", choices=list(PROOFS.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选一种证明"}, help_text="经办机构复核时会核对，请把证件准备好",
    )  # fmt: skip


class CheckForm(forms.Form):
    """The owner's own word that all of it is true."""

    declared = forms.BooleanField(
        label="我声明以上关系属实，同意这位家人使用我的个人账户",
        error_messages={"required": "请先勾选声明"},
    )


class LimitForm(forms.Form):
    """Limits in yuan; an empty field is no limit."""

    per_settlement_fen = forms.CharField(label="每次结算最多", required=False, max_length=14)
    per_month_fen = forms.CharField(label="每月最多", required=False, max_length=14)
    per_year_fen = forms.CharField(label="每年最多", required=False, max_length=14)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for field in self.fields.values():
            field.widget.attrs |= {"data-unit": "元", "inputmode": "decimal", "autocomplete": "off"}

    @staticmethod
    def of(limit: Limit | None) -> dict[str, str]:
        """What the fields say of the limit that holds."""
        if limit is None:
            return {}
        return {name: format_yuan(fen) for name, _ in LIMITS if (fen := getattr(limit, name)) is not None}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, _ in LIMITS:
            text = str(cleaned.get(name) or "").strip()
            try:
                fen = parse_yuan(text) if text else None
            except ValueError:
                self.add_error(name, "请填金额，如 500.00；不限就空着")
                continue
            if fen is not None and not 0 <= fen <= MAX_FEN:
                self.add_error(name, "金额不能是负数，也不能太大")
            cleaned[name] = fen
        return cleaned

    def fens(self) -> tuple[int | None, int | None, int | None]:
        """The three limits of a valid form."""
        one, two, three = (self.cleaned_data[name] for name, _ in LIMITS)
        return one, two, three


def limit_texts(limit: Limit) -> tuple[str, ...]:
    """``每年最多 500.00 元`` for each limit that is set."""
    return tuple(
        f"{words}最多 {format_yuan(fen)} 元"
        for name, words in LIMITS
        if (fen := getattr(limit, name)) is not None
    )
