"""Django's name for the lawbook room."""

from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """Lawbook (政策版本)."""

    name = "gongji.lawbook"
    label = "lawbook"
    verbose_name = "政策版本"
    default_auto_field = "django.db.models.BigAutoField"
