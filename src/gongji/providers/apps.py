"""Django's name for the providers room."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Providers (定点医药机构)."""

    name = "gongji.providers"
    label = "providers"
    verbose_name = "定点医药机构"
    default_auto_field = "django.db.models.BigAutoField"
