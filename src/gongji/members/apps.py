"""Django's name for the members room."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Members (参保人)."""

    name = "gongji.members"
    label = "members"
    verbose_name = "参保人"
    default_auto_field = "django.db.models.BigAutoField"
