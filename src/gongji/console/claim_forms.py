"""What a reviewer writes on a manual claim: what is taken out of which line, and why a claim is not paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms

from gongji.base.money import parse_yuan
from gongji.base.reasons import REASONS, Refusal
from gongji.claims import Verdict
from gongji.policy import Law
from gongji.web.claiming import Line

__all__ = ["RefusalForm", "ReviewForm"]

TAKEN_OUT: Final = (
    "OUT_OF_CATALOGUE",
    "RESTRICTED",
    "SERVICE_NOT_IN_HOUSE",
    "NOT_MEDICAL",
    "NOT_PAYABLE_BY_RULES",
)
"""Reasons for which a line, or a part of it, is not paid."""
NOT_PAID: Final = (
    "WORK_INJURY", "THIRD_PARTY", "PUBLIC_HEALTH", "ABROAD", "NOT_DESIGNATED", "INVOICE_FALSE", "NOT_PAYABLE_BY_RULES",
)  # fmt: skip
"""Reasons for which a whole claim is not paid, beside what the law itself answers."""
NOTE_MAX: Final = 200


def _named(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, REASONS[code].text) for code in codes]


class ReviewForm(forms.Form):
    """The first review: an amount, a reason and words for each line of which something is taken out; nothing where all is paid."""

    note = forms.CharField(
        label="意见，或要求补正的内容",
        max_length=NOTE_MAX,
        required=False,
        help_text="申请人看得到",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, lines: Sequence[Line], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines = lines
        for number, line in enumerate(lines):
            self.fields[f"out_{number}"] = forms.CharField(
                label=f"剔除金额：{line.name}", max_length=14, required=False,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-amount": ""}),
            )  # fmt: skip
            self.fields[f"reason_{number}"] = forms.ChoiceField(
                label=f"剔除原因：{line.name}", choices=[("", "不剔除"), *_named(TAKEN_OUT)], required=False
            )

    @property
    def rows(self) -> Iterator[tuple[Line, Any, Any]]:
        """Each line with its two fields."""
        for number, line in enumerate(self.lines):
            yield line, self[f"out_{number}"], self[f"reason_{number}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.verdicts = tuple(
            found for number, line in enumerate(self.lines) if (found := self._verdict(number, line, data))
        )
        return data

    def _verdict(self, number: int, line: Line, data: dict[str, Any]) -> Verdict | None:
        text, reason = (
            (data.get(f"out_{number}") or "").replace(",", "").strip(),
            data.get(f"reason_{number}") or "",
        )
        if not text and not reason:
            return None
        if not reason:
            self.add_error(f"reason_{number}", "请选择剔除原因")
            return None
        try:
            out_fen = parse_yuan(text)
        except ValueError:
            self.add_error(f"out_{number}", "请写成 12.50 这样的金额")
            return None
        if not 0 < out_fen <= line.amount_fen:
            self.add_error(f"out_{number}", "须大于 0，不超过这一项的金额")
            return None
        return Verdict(line.key, out_fen, reason)


class RefusalForm(forms.Form):
    """Why a claim is not paid: the law's own answer, or a reason with the clause that says so."""

    reason = forms.ChoiceField(
        label="不予支付的原因", required=False, choices=[("", "按政策对这次就诊的判断"), *_named(NOT_PAID)]
    )
    clause = forms.CharField(
        label="依据的条款编号",
        max_length=60,
        required=False,
        help_text="如 SX2021-103.s2.5.i，在政策问答里可以查到；原因自带法律依据的不用填",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    words = forms.CharField(
        label="说明", max_length=NOTE_MAX, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, law: Law, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.law = law

    def clean_clause(self) -> str:
        """A clause that the library holds, or none."""
        clause: str = self.cleaned_data["clause"].strip()
        if clause and clause not in self.law.library.provisions:
            raise forms.ValidationError("政策库里没有这个条款编号")
        return clause

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reason = data.get("reason")
        if reason and not REASONS[reason].article and not data.get("clause") and "clause" not in self.errors:
            self.add_error("clause", "这个原因须写明依据的条款")
        return data

    @property
    def refusal(self) -> Refusal | None:
        """The refusal; None: what the law says. Call after ``is_valid``."""
        data = self.cleaned_data
        return (
            Refusal(data["reason"], data["words"].strip(), data["clause"] or None) if data["reason"] else None
        )
