"""What somebody writes who complains or reports: one form for both, cut to the kind."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms

from gongji.base.areas import AREAS, OWN, area_name
from gongji.base.reasons import Refusal
from gongji.policy import Law
from gongji.supervision import TOPICS, Complaint, Personal

__all__ = ["ComplaintForm", "LookupForm"]

TEXT_MAX: Final = 2_000


class ComplaintForm(forms.Form):
    """A complaint or report about an institution or somebody else. ``named``: whoever writes is known."""

    topic = forms.ChoiceField(label="是什么事", widget=forms.RadioSelect)
    place = forms.CharField(
        label="哪家医院、药店或单位",
        max_length=80,
        required=False,
        help_text="不清楚全名的写大概名称和地点",
        widget=forms.TextInput({"list": "known-places", "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label="在哪个地方")
    happened_on = forms.DateField(
        label="哪一天发生的", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label="请把经过写清楚",
        max_length=TEXT_MAX,
        help_text="时间、地点、什么人、做了什么、涉及多少钱，有什么凭据",
        widget=forms.Textarea({"rows": 8, "maxlength": TEXT_MAX}),
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        help_text="只给办理的人看，方便核实情况",
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, kind: str, today: date, law: Law, *given: Any, named: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.kind, self.today = kind, today
        for name, choices in (
            ("topic", list(TOPICS[kind].items())),
            ("region", [("", "请选择"), *regions_of(law)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not named:
            del self.fields["phone"]

    def clean_happened_on(self) -> date | None:
        """Nobody complains of tomorrow."""
        on: date | None = self.cleaned_data["happened_on"]
        if on is not None and on > self.today:
            raise forms.ValidationError("不能晚于今天")
        return on

    def complaint(self, psn_no: str, institution: str) -> Complaint:
        """What is complained of; call after ``is_valid``."""
        data = self.cleaned_data
        return Complaint(
            kind=self.kind,
            topic=data["topic"],
            region=data["region"],
            psn_no=psn_no,
            institution=institution,
            happened_on=data["happened_on"],
        )

    @property
    def personal(self) -> Personal:
        """What is kept sealed of it."""
        data = self.cleaned_data
        return Personal(data["text"].strip(), data["place"].strip(), data.get("phone", "").strip())


def regions_of(law: Law) -> list[tuple[str, str]]:
    """Provinces and cities whose agency works on this platform: elsewhere nobody would read it."""
    return [
        (code.ljust(6, "0"), area_name(code))
        for code in sorted(AREAS)
        if not code.endswith(OWN) and not isinstance(law.home(code), Refusal)
    ]


class LookupForm(forms.Form):
    """Number and code of an unnamed report."""

    number = forms.CharField(
        label="举报编号",
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    code = forms.CharField(label="查询码", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
