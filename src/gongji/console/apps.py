from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "gongji.console"
    label = "console"
    verbose_name = "经办管理"
