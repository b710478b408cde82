"""The application for a manual claim as a form: what a member copies from the invoice, on one page with sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms

from gongji.base.areas import AREAS
from gongji.base.money import MAX_FEN, parse_yuan
from gongji.portal.claim_lines import NONE_OF_THEM, Choice, Written

__all__ = ["FIRST_ROWS", "MOST_ROWS", "REASONS", "ClaimForm"]

FIRST_ROWS: Final = 3
MOST_ROWS: Final = 40

REASONS: Final = {
    "indirect": "就医的地方不能直接结算",
    "emergency": "急诊、抢救，来不及去定点医院",
    "failure": "本来可以直接结算，系统故障没有结成",
}
KINDS: Final = {
    "hospital": "医院",
    "clinic": "诊所、门诊部",
    "pharmacy": "零售药店",
    "internet": "互联网医院",
}
LEVELS: Final = {"": "不清楚", "3": "三级", "2": "二级", "1": "一级", "0": "未定级"}
VOUCHERS: Final = {"": "没有出示", "01": "医保电子凭证", "03": "社会保障卡"}
EXCLUDED: Final = {
    "none": "都不是",
    "WORK_INJURY": "工伤",
    "THIRD_PARTY": "别人造成的伤害，应由对方负担",
    "PUBLIC_HEALTH": "公共卫生项目",
    "ABROAD": "在境外就医",
}
DESIGNATED: Final = {"": "不清楚", "yes": "是", "no": "不是"}


class Yuan(forms.CharField):
    """An amount in yuan, as fen."""

    def __init__(self, **more: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-unit": "元"}
        super().__init__(max_length=14, widget=forms.TextInput(attrs), **more)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace(",", "").replace("，", "").strip()
        if not text:
            return None
        try:
            fen = parse_yuan(text)
        except ValueError:
            raise forms.ValidationError("请写成 128.50 这样的金额，单位为元") from None
        if not 0 < fen <= MAX_FEN:
            raise forms.ValidationError("金额须大于 0")
        return fen


def _text(
    label: str, most: int = 60, *, required: bool = True, hint: str = "", **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=forms.TextInput(attrs)
    )


class ClaimForm(forms.Form):
    """One visit's costs. ``rows`` fee lines; ``offered`` by row: items among which the member chooses."""

    place = _text(
        "医院或药店的名称", 80, hint="照发票上的收款单位写", list="known-places", autocomplete="off"
    )
    region = forms.ChoiceField(
        label="它在哪里",
        required=False,
        help_text="本地名册里有的机构不用选",
        choices=[("", "请选择"), *((code.ljust(6, "0"), name) for code, name in sorted(AREAS.items()))],
    )
    kind = forms.ChoiceField(label="它是", choices=list(KINDS.items()))
    level = forms.ChoiceField(label="医院等级", required=False, choices=list(LEVELS.items()))
    designated = forms.ChoiceField(
        label="是不是当地的医保定点", required=False, choices=list(DESIGNATED.items())
    )
    why = forms.ChoiceField(
        label="为什么没有直接结算", widget=forms.RadioSelect, choices=list(REASONS.items())
    )
    service_on = forms.DateField(
        label="看病或买药的日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    diagnosis = _text("诊断", 100, hint="照病历或诊断证明写")
    voucher_type = forms.ChoiceField(label="当时出示了什么", required=False, choices=list(VOUCHERS.items()))
    prescription = forms.BooleanField(label="在药店买药，有医生的处方", required=False)
    excluded = forms.ChoiceField(
        label="这次费用是不是下面的情况",
        widget=forms.RadioSelect,
        choices=list(EXCLUDED.items()),
        initial="none",
    )
    invoice_no = _text("发票号码", 40, hint="一张发票写一件申请", inputmode="numeric", autocomplete="off")
    total = Yuan(label="发票合计金额")
    holder = _text("收款人姓名", 40, autocomplete="name")
    bank = _text("开户银行", 60, hint="写到支行，如 某银行太原某支行")
    account_no = _text("银行卡号", 40, inputmode="numeric", autocomplete="off")
    phone = _text("联系电话", 20, required=False, inputmode="tel", autocomplete="tel")

    def __init__(
        self,
        *given: Any,
        rows: int = FIRST_ROWS,
        offered: Mapping[int, tuple[Choice, ...]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.rows = min(max(rows, 1), MOST_ROWS)
        for row in range(1, self.rows + 1):
            self.fields[f"name_{row}"] = _text(
                f"第 {row} 项名称或编码", 80, required=row == 1, autocomplete="off"
            )
            self.fields[f"amount_{row}"] = Yuan(label=f"第 {row} 项金额", required=row == 1)
            self.fields[f"item_{row}"] = self._item(row, (offered or {}).get(row, ()))

    def _item(self, row: int, offered: tuple[Choice, ...]) -> forms.Field:
        if not offered:
            return forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())
        choices = [
            ("", "请选择"),
            *((one.code, one.text) for one in offered),
            (NONE_OF_THEM, "都不是（按目录外，全部自费）"),
        ]
        asked = {"required": "目录里有几个相近的项目，请选与发票一致的一个"}
        return forms.ChoiceField(label=f"第 {row} 项是目录里的哪一个", choices=choices, error_messages=asked)

    @property
    def line_rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """Name, amount and choice of each row, as bound fields."""
        for row in range(1, self.rows + 1):
            yield self[f"name_{row}"], self[f"amount_{row}"], self[f"item_{row}"]

    @property
    def written(self) -> tuple[Written, ...]:
        """The rows that were filled in; call after ``is_valid``."""
        data = self.cleaned_data
        return tuple(
            Written(data[f"name_{row}"].strip(), data[f"amount_{row}"], data[f"item_{row}"])
            for row in range(1, self.rows + 1)
            if data.get(f"name_{row}") and data.get(f"amount_{row}")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in range(1, self.rows + 1):
            name, amount = data.get(f"name_{row}"), data.get(f"amount_{row}")
            if name and not amount and f"amount_{row}" not in self.errors:
                self.add_error(f"amount_{row}", "请填写金额")
            if amount and not name:
                self.add_error(f"name_{row}", "请填写名称")
        total = data.get("total")
        if not self.errors and total is not None and sum(line.amount_fen for line in self.written) != total:
            self.add_error("total", "与各项金额之和不一致，请核对")
        return data
