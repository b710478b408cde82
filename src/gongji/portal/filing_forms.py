"""What is asked for an off-site filing: first the kind, then who, where and since when. The choices follow from the kind."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms

from gongji.base.areas import AREAS, area_name, areas_of
from gongji.base.regions import PROVINCE_DIGITS, normalise_region
from gongji.members.applications import OffsiteApplication, Private
from gongji.members.terms import FILING_SUBTYPE, LONG_TERM, SUBTYPES

__all__ = ["KINDS", "FilingForm"]

KINDS: Final = {
    "LONG_TERM_IN_PROVINCE": ("长期住在省内其他市", "退休后随子女居住、长期在外工作等，回到参保地仍可就医。"),
    "LONG_TERM_OUT_OF_PROVINCE": ("长期住在外省", "备案到居住的省、市，在那里的定点医院、药店直接结算。"),
    "TEMPORARY": ("临时外出就医", "转诊、急诊抢救，或出差、旅游途中看病。"),
}
_IN_PROVINCE: Final = "LONG_TERM_IN_PROVINCE"


class FilingForm(forms.Form):
    """The filing of one ``kind`` for somebody insured in ``home``."""

    kind = forms.CharField(widget=forms.HiddenInput())
    subtype = forms.ChoiceField(label="您属于", widget=forms.RadioSelect)
    region = forms.ChoiceField(label="去哪里")
    from_on = forms.DateField(label="从哪天开始", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(
        label="到哪天结束",
        required=False,
        help_text="长期居住不用填；临时外出不填的，按规定的有效期结束",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    address = forms.CharField(
        label="在那里的住址",
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    memo = forms.CharField(label="说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, kind: str, home: str, today: date, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.filing_kind = kind
        self._field("subtype").choices = [(code, FILING_SUBTYPE[code]) for code in SUBTYPES[kind]]
        self._field("region").choices = [("", "请选择"), *_places(kind, home)]
        self.fields["from_on"].initial = today
        self.fields["kind"].initial = kind
        if kind in LONG_TERM:
            del self.fields["until_on"]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        from_on, until_on = data.get("from_on"), data.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "不能早于开始的日期")
        return data

    @property
    def application(self) -> OffsiteApplication:
        """What is applied for; call after ``is_valid``."""
        data = self.cleaned_data
        return OffsiteApplication(
            filing_kind=self.filing_kind,
            subtype=data["subtype"],
            region=data["region"],
            from_on=data["from_on"],
            until_on=data.get("until_on"),
            memo=" ".join(data["memo"].split()),
        )

    @property
    def private(self) -> Private:
        """What is kept sealed of it."""
        return Private(phone=self.cleaned_data["phone"], address=self.cleaned_data["address"])


def _places(kind: str, home: str) -> list[tuple[str, str]]:
    """Areas that a filing of the kind may be for: other cities of the province, or other provinces and their known cities."""
    city = normalise_region(home)[:4]
    province = city[:PROVINCE_DIGITS]
    if kind == _IN_PROVINCE:
        return [(code, name) for code, name in areas_of(province) if not code.startswith(city)]
    known = sorted(code for code in AREAS if len(code) <= 4)
    elsewhere = [code for code in known if kind == "TEMPORARY" or not code.startswith(province)]
    return [(code.ljust(6, "0"), area_name(code)) for code in elsewhere if code not in (city, province)]
