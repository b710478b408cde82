"""Django's name for the encounters room."""

from django.apps import AppConfig


class EncountersConfig(AppConfig):
    """Encounters (就诊)."""

    name = "gongji.encounters"
    label = "encounters"
    verbose_name = "就诊"
    default_auto_field = "django.db.models.BigAutoField"
