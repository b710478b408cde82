"""Django's name for the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages of officers."""

    name = "gongji.console"
    label = "console"
    verbose_name = "经办管理"
