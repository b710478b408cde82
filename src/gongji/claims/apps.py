"""Django's name for the claims room."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Manual claims (零星报销)."""

    name = "gongji.claims"
    label = "claims"
    verbose_name = "零星报销"
    default_auto_field = "django.db.models.BigAutoField"
