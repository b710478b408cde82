"""Django's name for what all pages share; no address may stand outside the matrix."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.apps import AppConfig
from django.core import checks


def _addresses(**_: Any) -> Sequence[checks.CheckMessage]:
    """What stands outside the matrix; imported when asked, because commands without pages need none of it."""
    from gongji.web.addresses import faults

    return [checks.Error(text, id="gongji.E001") for text in faults()]


class WebConfig(AppConfig):
    """What all pages share."""

    name = "gongji.web"
    label = "web"
    verbose_name = "界面"

    def ready(self) -> None:
        checks.register(_addresses, checks.Tags.urls)
        # what a form says of a field that was left empty: what to do, not what a field is
        forms.Field.default_error_messages["required"] = "请填写"
        forms.ChoiceField.default_error_messages["required"] = "请选择"
