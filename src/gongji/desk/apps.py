"""Django's name for the workstations."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages of institutions (工作站)."""

    name = "gongji.desk"
    label = "desk"
    verbose_name = "工作站"
