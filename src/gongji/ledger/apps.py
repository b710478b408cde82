"""Django's name for the ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Ledger (账)."""

    name = "gongji.ledger"
    label = "ledger"
    verbose_name = "账"
    default_auto_field = "django.db.models.BigAutoField"
