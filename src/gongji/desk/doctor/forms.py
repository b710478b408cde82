"""What a doctor types: fields with Chinese labels and errors, and what they say as orders and terms."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import msgspec
from django import forms
from django.core.validators import MaxLengthValidator

from gongji.base.codes import values
from gongji.base.money import PRICE_UNIT, QUANTITY_UNIT, div_round, format_scaled
from gongji.catalog.values import Item
from gongji.desk.doctor.allergies import LONGEST
from gongji.desk.doctor.orders import AWAY, HERB, HERE, Order, Terms, frequency_word, kind_of_item

__all__ = [
    "MED_TYPES",
    "OrderForm",
    "ReasonForm",
    "SeenForm",
    "TermsForm",
    "diagnosis_of",
    "initial_of",
    "order_form",
]

MED_TYPES: Final = (("11", "普通门诊"), ("13", "急诊"), ("14", "门诊慢特病"))
"""Categories of care that a doctor's station registers (med_type)."""
PLACES: Final = ((AWAY, "外配：流转到药店"), (HERE, "在本院取药"))
APPROVALS: Final[tuple[tuple[str, str], ...]] = (
    ("0", "未确认"),
    ("1", "确认符合限定支付范围"),
    ("2", "按自费开具"),
)
UNLIMITED: Final[tuple[tuple[str, str], ...]] = (("0", "按医保支付"), ("2", "按自费开具"))
"""The same of a drug whose payment is not limited."""
DIAGNOSIS: Final = re.compile(r"\s*([A-Za-z][0-9][0-9A-Za-z.+*]{1,27})[\s,，:：]+(\S.{0,98})\s*")
WAYS: Final = [("", "—"), *((one.value, one.label) for one in values("drug_medc_way_code"))]
FREQUENCIES: Final = [("", "—"), *((one.value, frequency_word(one.value)) for one in values("used_frqu"))]
MOST: Final = Decimal(99_999)


def diagnosis_of(text: str) -> tuple[str, str] | None:
    """Code and name of a diagnosis typed as ``I10.x00x002 高血压``; None when it is not one."""
    found = DIAGNOSIS.fullmatch(text)
    return (found[1], found[2].strip()) if found else None


class SeenForm(forms.Form):
    """病情: the kind of visit ("" leaves it as it is), what brings the patient, what drugs the patient cannot stand."""

    kind = forms.CharField(required=False, max_length=60)
    condition = forms.CharField(required=False, max_length=500)
    allergies = forms.CharField(required=False, max_length=LONGEST)


def _number(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_value=MOST, max_digits=9, decimal_places=4, **more)


class OrderForm(forms.Form):
    """One order of an item that is known; which fields are asked for depends on what the item is (``order_form``)."""

    item = forms.CharField(max_length=50, widget=forms.HiddenInput)
    place = forms.ChoiceField(label="取药方式", choices=PLACES)
    quantity = _number("总量", min_value=Decimal("0.0001"))
    price = forms.DecimalField(
        label="单价",
        min_value=0,
        max_value=Decimal(9_999_999),
        max_digits=11,
        decimal_places=4,
        required=False,
    )
    dose = _number("每次用量", min_value=Decimal("0.0001"))
    dose_unit = forms.CharField(label="用量单位", max_length=20)
    frequency = forms.ChoiceField(label="频次", choices=FREQUENCIES)
    way = forms.ChoiceField(label="途径", choices=WAYS)
    days = forms.IntegerField(label="天数", min_value=1, max_value=366)
    approval = forms.ChoiceField(label="限定支付", choices=APPROVALS, required=False)
    confirmation = forms.CharField(label="医师确认说明", max_length=200, required=False)
    note = forms.CharField(label="脚注", max_length=100, required=False)

    found: Item

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("place") == HERE and given.get("price") is None and "price" not in self.errors:
            self.add_error("price", "在本院收费的要写单价")
        if given.get("approval") == "1" and not given.get("confirmation"):
            self.add_error("confirmation", "确认限定支付范围须写明依据（保留在处方中）")
        return given

    def order(self) -> Order:
        """The order that a valid form says."""
        given, item = self.cleaned_data, self.found
        kind = kind_of_item(item.code, item.kind)
        price = given.get("price")
        return Order(
            no=0,
            item=item.code,
            name=item.name,
            item_type=kind,
            spec=item.spec,
            dosform=item.dosform,
            unit=item.pack_unit or item.unit,
            place=AWAY if given.get("place") == AWAY else HERE,
            quantity_e4=int(given["quantity"] * QUANTITY_UNIT),
            price_micro=0 if price is None else int(price * PRICE_UNIT),
            days=given.get("days") or 0,
            dose_e4=int((given.get("dose") or 0) * QUANTITY_UNIT),
            dose_unit=given.get("dose_unit", ""),
            frequency=given.get("frequency", ""),
            way=given.get("way", ""),
            approval=given.get("approval") or "0",
            confirmation=given.get("confirmation", ""),
            note=given.get("note", ""),
        )


ONLY_DRUGS: Final = ("dose", "dose_unit", "frequency", "way", "days", "approval", "confirmation", "note")
NOT_HERBS: Final = ("frequency", "way", "dose_unit")


ORDER_OF_FIELDS: Final = (
    "dose", "dose_unit", "frequency", "way", "days", "quantity", "price", "place", "approval", "confirmation", "note",
)  # fmt: skip
"""As a doctor thinks: one dose, how often, how long, then how much."""


def order_form(item: Item, data: Any = None, initial: dict[str, Any] | None = None) -> OrderForm:
    """The form for an item: a service has quantity and price; a herb the grams of one dose and how many doses."""
    form = OrderForm(data, initial=initial, auto_id="o_%s")
    form.found = item
    kind = kind_of_item(item.code, item.kind)
    if not kind:
        for name in (*ONLY_DRUGS, "place"):
            del form.fields[name]
        form.fields["price"].required = True
        form.fields["quantity"].label = "数量"
    elif kind == HERB:
        for name in NOT_HERBS:
            del form.fields[name]
        form.fields["dose"].label, form.fields["days"].label = "每剂克数", "剂数"
        form.fields["quantity"].label = "总克数"
    else:
        del form.fields["note"]
    first = next(name for name in ORDER_OF_FIELDS if name in form.fields)
    form.fields[first].widget.attrs["autofocus"] = True
    form.order_fields(ORDER_OF_FIELDS)
    if kind and not item.limited:
        del form.fields["confirmation"]
        form.fields["approval"].label = "支付"
        form.fields["approval"].choices = list(UNLIMITED)  # type: ignore[attr-defined]
    return form


def initial_of(item: Item, order: Order | None, usual_days: int) -> dict[str, Any]:
    """What the form begins with: the order that is changed, or what is usual for the item."""
    if order is None:
        price = item.standard_micro
        return {
            "item": item.code, "place": AWAY, "quantity": 1, "dose": 1, "dose_unit": item.min_unit or "片",
            "frequency": "11", "way": "1", "days": usual_days, "approval": "0",
            "price": None if price is None else _plain(price, PRICE_UNIT),
        }  # fmt: skip
    return {
        "item": order.item, "place": order.place, "quantity": _plain(order.quantity_e4, QUANTITY_UNIT),
        "price": _plain(order.price_micro, PRICE_UNIT) if order.price_micro else None,
        "dose": _plain(order.dose_e4, QUANTITY_UNIT), "dose_unit": order.dose_unit, "frequency": order.frequency,
        "way": order.way, "days": order.days, "approval": order.approval, "confirmation": order.confirmation,
        "note": order.note,
    }  # fmt: skip


def _plain(value: int, unit: int) -> str:
    scale = len(str(unit)) - 1
    return format_scaled(value, scale) if scale <= 4 else format_scaled(div_round(value, 100), 4)


class TermsForm(forms.Form):
    """处方条款: what holds for the whole sheet."""

    long = forms.BooleanField(label="长期处方", required=False)
    reason = forms.CharField(label="理由（长期处方或超过一般用量时必填）", required=False, max_length=200)
    assessed = forms.BooleanField(label="已评估病情，患者已确认", required=False)
    fills = forms.IntegerField(label="分几次取", required=False, min_value=1, max_value=99)
    interval = forms.IntegerField(label="每次间隔天数", required=False, min_value=0, max_value=366)
    herb_way = forms.CharField(label="中药煎服法", required=False, max_length=40)
    herb_frequency = forms.CharField(label="中药用法", required=False, max_length=40)

    def terms(self) -> Terms:
        given = self.cleaned_data
        plain = Terms()
        return Terms(
            long=given["long"],
            reason=given["reason"],
            assessed=given["assessed"],
            fills=(given["fills"] or 1) if given["long"] else 1,
            interval=(given["interval"] or 0) if given["long"] else 0,
            herb_way=given["herb_way"] or plain.herb_way,
            herb_frequency=given["herb_frequency"] or plain.herb_frequency,
        )


class ReasonForm(forms.Form):
    """Why something is taken back or sent back."""

    reason = forms.CharField(label="理由", max_length=200, validators=[MaxLengthValidator(200)])


def terms_initial(terms: Terms) -> dict[str, Any]:
    """The fields of ``TermsForm`` for terms that stand."""
    return msgspec.structs.asdict(terms)
