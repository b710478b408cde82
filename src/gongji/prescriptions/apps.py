"""Django's name for the prescriptions room."""

from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    """Prescriptions (处方)."""

    name = "gongji.prescriptions"
    label = "prescriptions"
    verbose_name = "处方"
    default_auto_field = "django.db.models.BigAutoField"
