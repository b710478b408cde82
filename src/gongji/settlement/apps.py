"""Django's name for the settlement room."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Settlement (结算)."""

    name = "gongji.settlement"
    label = "settlement"
    verbose_name = "结算"
    default_auto_field = "django.db.models.BigAutoField"
